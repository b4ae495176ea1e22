/** Knowledge files as they are written: rows under keys that name one or more functions, macros or records. */
import { parseDocument } from 'yaml';
import { readAnnotationRows } from './annotationRows';

export const KINDS = [
  'tables',
  'registrations',
  'macros',
  'functions',
  'loops',
  'place',
  'cost',
  'locks',
  'dialect',
  'power',
  'isolation',
  'configuration',
  'annotations',
] as const;
export type KnowledgeKind = (typeof KINDS)[number];

/** A row's value before it is checked. */
export type RawRow = Record<string, unknown>;

/** One file, parsed. Plain JSON, so that a build can join all files into one text. */
export interface KnowledgeFile {
  name: string;
  kind: KnowledgeKind;
  /** What rows without their own `provenance` and `source` have. */
  provenance: 'manual' | 'generated';
  source?: string;
  /** Keys are names between spaces. For `cost`, the figures; empty for `dialect`. */
  rows: Record<string, RawRow>;
  callerLocks?: Record<string, RawRow>;
  /** The four lists of a dialect file. */
  dialect?: Record<string, unknown>;
  /** The sections of a power file. */
  power?: Record<string, unknown>;
  /** The sections of an isolation file. */
  isolation?: Record<string, unknown>;
  /** The sections of a configuration file. */
  configuration?: Record<string, unknown>;
  /** The list of an annotations file. */
  annotations?: RawRow[];
}

export interface KnowledgeProblem {
  file: string;
  /** The row's key; '' when the whole file is meant. */
  row: string;
  message: string;
}

/** The names that a row's key lists. */
export function namesOf(key: string): string[] {
  return key.split(/\s+/).filter((name) => name !== '');
}

/** Of a file whose sections stand at the top: what is no section. */
const HEAD_KEYS = new Set(['kind', 'provenance', 'source']);

const DIALECT_KEYS = ['attributes', 'attributesWithArguments', 'loops', 'declarations'];

/** Parses one YAML file. What is not understood becomes a problem; the file is then left out, or taken without its bad parts. */
export function parseKnowledgeFile(name: string, text: string): { file: KnowledgeFile | null; problems: KnowledgeProblem[] } {
  const problem = (message: string): KnowledgeProblem => ({ file: name, row: '', message });
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) return { file: null, problems: document.errors.map((e) => problem(e.message.split('\n')[0])) };
  const content: unknown = document.toJS();
  if (!isRow(content)) return { file: null, problems: [problem('is no mapping')] };
  if (!KINDS.includes(content.kind as KnowledgeKind)) return { file: null, problems: [problem(`kind must be one of ${KINDS.join(', ')}`)] };
  const file: KnowledgeFile = {
    name,
    kind: content.kind as KnowledgeKind,
    provenance: content.provenance === 'generated' ? 'generated' : 'manual',
    rows: {},
  };
  const problems: KnowledgeProblem[] = [];
  if (typeof content.source === 'string') file.source = content.source;
  if (isRow(content.callerLocks)) file.callerLocks = content.callerLocks as Record<string, RawRow>;
  if (file.kind === 'dialect')
    file.dialect = Object.fromEntries(DIALECT_KEYS.filter((key) => Array.isArray(content[key])).map((key) => [key, content[key]]));
  else if (file.kind === 'power' || file.kind === 'isolation' || file.kind === 'configuration')
    file[file.kind] = Object.fromEntries(Object.entries(content).filter(([key]) => !HEAD_KEYS.has(key)));
  else if (file.kind === 'annotations') {
    const read = readAnnotationRows(name, content.annotations);
    file.annotations = read.rows;
    problems.push(...read.problems);
  } else if (!isRow(content.rows)) problems.push(problem('has no rows'));
  else file.rows = content.rows as Record<string, RawRow>;
  return { file, problems };
}

export function isRow(value: unknown): value is RawRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is a text, else ''. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
