/** The rows of an `annotations` file: what a workspace says of declarations that it cannot annotate in place. */
import { isRow, type KnowledgeFile, type KnowledgeProblem, type RawRow, textOf } from './files';

/** One annotation, as `symbols` takes it. */
export type AnnotationRow = { name: string; arguments: string | null } & (
  { record: string; member: string } | { function: string; parameter: string | null }
);

const NAME = /^[A-Za-z_]\w*$/;
/** Annotations with an expression in parentheses. */
const WITH_ARGUMENTS = new Set(['__fgft_count', '__fgft_live_if']);
const ANNOTATIONS = new Set(['__fgft_count', '__fgft_string', '__fgft_opaque', '__fgft_shared', '__fgft_live_if']);
const KEYS = new Set(['record', 'member', 'function', 'parameter', 'annotation', 'arguments', 'source']);

/** All annotations of the files, in their order. */
export function annotationsOf(files: readonly KnowledgeFile[]): AnnotationRow[] {
  return files.flatMap((file) => (file.annotations ?? []).map(rowOf));
}

function rowOf(row: RawRow): AnnotationRow {
  const what = { name: textOf(row.annotation), arguments: optional(row.arguments) };
  if (row.record !== undefined) return { ...what, record: textOf(row.record), member: textOf(row.member) };
  return { ...what, function: textOf(row.function), parameter: optional(row.parameter) };
}

function optional(value: unknown): string | null {
  return value === undefined ? null : textOf(value);
}

/** The rows of a file that are as they should be, and what is wrong with the others. */
export function readAnnotationRows(file: string, content: unknown): { rows: RawRow[]; problems: KnowledgeProblem[] } {
  if (!Array.isArray(content)) return { rows: [], problems: [{ file, row: '', message: 'has no list of annotations' }] };
  const rows: RawRow[] = [];
  const problems: KnowledgeProblem[] = [];
  content.forEach((row: unknown, i) => {
    const wrong = isRow(row) ? mistakeIn(row) : 'is no mapping';
    if (wrong === null) rows.push(row as RawRow);
    else problems.push({ file, row: `annotations[${i}]`, message: wrong });
  });
  return { rows, problems };
}

function mistakeIn(row: RawRow): string | null {
  const unknown = Object.keys(row).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return `${unknown} is not known`;
  const isName = (value: unknown): boolean => typeof value === 'string' && NAME.test(value);
  const ofRecord = row.record !== undefined;
  if (ofRecord === (row.function !== undefined)) return 'must name a record and its member, or a function and its parameter';
  if (ofRecord && !(isName(row.record) && isName(row.member))) return 'record and member must be names';
  if (!ofRecord && !(isName(row.function) && isName(row.parameter))) return 'function and parameter must be names';
  const { annotation } = row;
  if (typeof annotation !== 'string' || !ANNOTATIONS.has(annotation)) return `annotation must be one of ${[...ANNOTATIONS].join(', ')}`;
  if ((annotation === '__fgft_shared' || annotation === '__fgft_live_if') && !ofRecord) return `${annotation} is for members`;
  if (WITH_ARGUMENTS.has(annotation) !== (row.arguments !== undefined))
    return WITH_ARGUMENTS.has(annotation) ? `${annotation} needs arguments` : `${annotation} takes no arguments`;
  if (row.arguments !== undefined && typeof row.arguments !== 'string') return 'arguments must be a text';
  return null;
}
