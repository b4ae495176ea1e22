/** What is assumed of a kernel tree that was never configured. */
import type { ArchitectureSymbols, ConfigurationAssumptions } from '../text/configuration';
import { isRow, type KnowledgeFile } from './files';

/** Joins the sections of all configuration files; later rows of the same name win. What has the wrong shape is left out. */
export function configurationOf(files: readonly KnowledgeFile[]): ConfigurationAssumptions {
  const off: RegExp[] = [];
  const values = new Map<string, string>();
  const architectures = new Map<string, ArchitectureSymbols>();
  for (const { configuration } of files) {
    if (!configuration) continue;
    for (const row of listOf(configuration.off)) {
      const pattern = isRow(row) ? patternOf(row.pattern) : null;
      if (pattern) off.push(pattern);
    }
    for (const [name, value] of entriesOf(configuration.values)) if (typeof value === 'string') values.set(name, value);
    for (const [name, row] of entriesOf(configuration.architectures)) {
      const symbols = isRow(row) ? patternOf(row.symbols) : null;
      if (isRow(row) && symbols) architectures.set(name, { symbols, on: patternOf(row.on), off: patternOf(row.off) });
    }
  }
  return { off, values, architectures };
}

/** How many rows a configuration file gives. */
export function configurationRows({ configuration }: KnowledgeFile): number {
  return listOf(configuration?.off).length + entriesOf(configuration?.values).length + entriesOf(configuration?.architectures).length;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function entriesOf(value: unknown): [string, unknown][] {
  return isRow(value) ? Object.entries(value) : [];
}

function patternOf(text: unknown): RegExp | null {
  if (typeof text !== 'string' || text === '') return null;
  try {
    return new RegExp(text);
  } catch {
    return null;
  }
}
