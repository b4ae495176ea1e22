/** Reads the knowledge base from its texts: YAML as people write it, or the one JSON text that the build makes of it. No I/O. */
import { buildKnowledge } from './build';
import { checkRows } from './check';
import { type KnowledgeFile, type KnowledgeProblem, parseKnowledgeFile } from './files';
import type { Knowledge } from './model';

export interface LoadedKnowledge {
  knowledge: Knowledge;
  /** Rows that were left out, and why. */
  problems: KnowledgeProblem[];
  files: { file: string; rows: number }[];
}

/** Parses and checks YAML files in order; rows with a problem are left out. */
export function readKnowledgeFiles(texts: readonly { name: string; text: string }[]): {
  files: KnowledgeFile[];
  problems: KnowledgeProblem[];
} {
  const files: KnowledgeFile[] = [];
  const problems: KnowledgeProblem[] = [];
  for (const { name, text } of texts) {
    const parsed = parseKnowledgeFile(name, text);
    problems.push(...parsed.problems);
    if (!parsed.file) continue;
    const bad = checkRows(parsed.file);
    problems.push(...bad);
    const badRows = new Set(bad.map((p) => p.row));
    const rows =
      badRows.size === 0 ? parsed.file.rows : Object.fromEntries(Object.entries(parsed.file.rows).filter(([key]) => !badRows.has(key)));
    files.push({ ...parsed.file, rows });
  }
  return { files, problems };
}

/**
 * Loads YAML files in order: later files replace or (`remove: true`) take away rows of earlier ones, so that a workspace's own
 * files come last. Never throws.
 */
export function loadKnowledge(texts: readonly { name: string; text: string }[]): LoadedKnowledge {
  const { files, problems } = readKnowledgeFiles(texts);
  return { ...buildKnowledge(files), problems };
}

/** One JSON text of checked files, for the bundle: it loads without a YAML parser and without checks. */
export function knowledgeToJson(files: readonly KnowledgeFile[]): string {
  return JSON.stringify(files);
}

/** Loads what `knowledgeToJson` wrote, with `overlay` files of a workspace on top. A text that is no such JSON is a problem, not an exception. */
export function knowledgeFromJson(text: string, overlay: readonly { name: string; text: string }[] = []): LoadedKnowledge {
  const { base, problems } = parseJson(text);
  const extra = readKnowledgeFiles(overlay);
  return { ...buildKnowledge([...base, ...extra.files]), problems: [...problems, ...extra.problems] };
}

function parseJson(text: string): { base: KnowledgeFile[]; problems: KnowledgeProblem[] } {
  try {
    const base: unknown = JSON.parse(text);
    if (Array.isArray(base)) return { base: base as KnowledgeFile[], problems: [] };
  } catch {
    // Told below.
  }
  return { base: [], problems: [{ file: 'knowledge.json', row: '', message: 'is no knowledge base; build it again' }] };
}

/** Loads a mix of texts by their names: `.json` files are joined knowledge bases, all others are YAML on top of them. */
export function knowledgeOf(texts: readonly { name: string; text: string }[]): LoadedKnowledge {
  const joined = texts.find((t) => t.name.endsWith('.json'));
  const yaml = texts.filter((t) => !t.name.endsWith('.json'));
  return joined ? knowledgeFromJson(joined.text, yaml) : loadKnowledge(yaml);
}
