/** Layouts of kernel records as the distribution's own kernel has them (from its BTF), and a scope over the matching headers. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeFileSystem } from '../../server/src/engine/nodeFileSystem';
import { declarationsOf } from '../../server/src/symbols/declarations';
import { indexHeaders } from '../../server/src/symbols/headerIndex';
import { createHeaderReader } from '../../server/src/symbols/headerReader';
import { createScope, type DriverFile, type KernelSymbols, type ModuleScope } from '../../server/src/symbols/scope';
import type { RecordDeclaration } from '../../server/src/symbols/types';
import { mask } from '../../server/src/syntax/mask';
import type { Dialect } from '../../server/src/syntax/marks';
import type { Parser } from '../../server/src/syntax/parser';
import { preprocess } from '../../server/src/syntax/preprocess';
import type { MacroDefinition } from '../../server/src/syntax/preprocessed';
import { parseConfiguration, type Configuration } from '../../server/src/text/configuration';
import { findKernelTree } from '../../server/src/text/kernelTree';
import { repositoryRoot } from '../support/repository';
import { newParser, shippedDialect } from '../unit/syntax/support';

/** [name, byte offset, bits, type, first bit if a bit-field]; members of anonymous members stand with the outer record. */
export type OracleMember = [string, number, number, string, number?];

export interface OracleRecord {
  kind?: 'union';
  typedef?: boolean;
  size: number;
  files: number;
  headers: string[];
  definitions?: number;
  members: OracleMember[];
}

export interface LayoutOracle {
  about: { release: string; architecture: string };
  records: Record<string, OracleRecord>;
  /** Records that drivers define, by the driver's path in the source tree. */
  drivers: Record<string, Record<string, OracleRecord>>;
}

/** The oracle file: in `FGFT_ORACLE`, else beside the checkout; undefined when there is none. */
export function oracleFile(): string | undefined {
  const folder = process.env.FGFT_ORACLE ?? join(repositoryRoot, '..', 'shared', 'oracle');
  const path = join(folder, 'layouts-6.1-amd64.json');
  return existsSync(path) ? path : undefined;
}

/** The installed headers of the 6.1 amd64 kernel; undefined when they are not installed. */
export function headersFolder(version = '6.1'): string | undefined {
  if (!existsSync('/usr/src')) return undefined;
  const name = readdirSync('/usr/src')
    .sort()
    .reverse()
    .find((n) => n.startsWith(`linux-headers-${version}.`) && n.endsWith('-amd64'));
  return name && join('/usr/src', name);
}

/** All headers below the include folders, in search order. A folder inside another is read once. */
export function headerFiles(folders: readonly string[]): { path: string; text: string }[] {
  const seen = new Set<string>();
  const files: { path: string; text: string }[] = [];
  const walk = (folder: string): void => {
    if (seen.has(folder)) return;
    seen.add(folder);
    for (const name of nodeFileSystem.list(folder) ?? []) {
      const path = join(folder, name);
      const kind = nodeFileSystem.stat(path)?.kind;
      if (kind === 'directory') walk(path);
      else if (kind === 'file' && name.endsWith('.h')) files.push({ path, text: nodeFileSystem.read(path) ?? '' });
    }
  };
  folders.forEach(walk);
  return files;
}

/** The kernel's source that the oracle's drivers are taken from, as `npm run demo` unpacks it; undefined when it is not there. */
export function sourceFolder(): string | undefined {
  const path = join(homedir(), '.cache', 'fgft', 'kernel', 'linux-source-6.1');
  return existsSync(path) ? path : undefined;
}

export interface KernelForTests {
  kernel: KernelSymbols;
  scope: ModuleScope;
  configuration: Configuration;
  dialect: Dialect;
  parser: Parser;
}

export async function kernelScope(root: string): Promise<KernelForTests> {
  const { tree } = findKernelTree(nodeFileSystem, root, { given: root });
  if (!tree) throw new Error(`${root} is no kernel tree`);
  const index = indexHeaders(headerFiles(tree.includeFolders));
  const configuration = parseConfiguration(readFileSync(tree.configurationFile as string, 'utf8'));
  const dialect = shippedDialect();
  const parser = await newParser();
  const kernel = createHeaderReader({ fileSystem: nodeFileSystem, index, architecture: tree.architecture, configuration, dialect, parser });
  return { kernel, scope: createScope({ driver: [], kernel, architecture: tree.architecture }), configuration, dialect, parser };
}

/** The scope of one driver file and the headers beside it that it includes. */
export function driverScope(path: string, given: KernelForTests): ModuleScope {
  const { kernel, configuration, dialect, parser } = given;
  const files: DriverFile[] = [];
  const seen = new Set<string>();
  const load = (file: string): readonly MacroDefinition[] => {
    if (seen.has(file)) return [];
    seen.add(file);
    const preprocessed = preprocess(file, nodeFileSystem.read(file) ?? '', {
      configuration,
      predefined: (name) => kernel.macro(name)?.body,
      isKernelMacro: (name) => kernel.macro(name) !== undefined,
      headerMacros: (include) => {
        const header = join(dirname(file), include.path);
        return include.angled || !existsSync(header) ? undefined : load(header);
      },
      inlineText: () => undefined,
    });
    const masked = mask(preprocessed.text, dialect);
    const tree = parser.parse(masked.text);
    const items = parser.flatten(tree);
    tree.delete();
    const declarations = items.map((item) => declarationsOf(item, masked.text, preprocessed.text, masked.marks, file, 'driver'));
    files.push({ path: file, declarations, macros: preprocessed.macros });
    return preprocessed.exported;
  };
  load(path);
  return createScope({ driver: files, kernel, architecture: 'x86' });
}

/** What differs between our layout of a record and the oracle's; [] when nothing does. Order: the most telling first. */
export function differences(scope: ModuleScope, name: string, expected: OracleRecord): string[] {
  const record = findRecord(scope, name, expected);
  if (!record) return ['not found'];
  const layout = scope.layout(record);
  const problems: string[] = [];
  for (const [member, offset, bits, type, bit] of expected.members) {
    const found = layout.members.get(member);
    if (!found) problems.push(`${member}: missing`);
    else if (found.offset === null) problems.push(`${member}: offset unknown, ${type}`);
    else if (found.offset !== offset || (bit !== undefined && found.bit !== bit))
      problems.push(`${member}: offset ${found.offset}, not ${offset}, ${type}`);
    else if (bit === undefined && found.size === null) problems.push(`${member}: size unknown, ${type}`);
    else if (bit === undefined && found.size !== bits / 8 && found.bits !== bits)
      problems.push(`${member}: size ${found.size}, not ${bits / 8}, ${type}`);
    else if (bit !== undefined && found.bits !== bits) problems.push(`${member}: ${found.bits} bits, not ${bits}`);
  }
  if (layout.size !== expected.size) problems.push(`size ${layout.size}, not ${expected.size}`);
  return problems;
}

function findRecord(scope: ModuleScope, name: string, expected: OracleRecord): RecordDeclaration | undefined {
  if (expected.typedef) return scope.recordOf({ kind: 'named', name });
  return scope.record(expected.kind ?? 'struct', name);
}
