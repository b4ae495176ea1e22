/** A file's text as the parser reads it: preprocessed and masked, after an edit inside one function only that function anew. */
import { differenceOf, type TextDifference } from '../syntax/difference';
import type { MacroTable } from '../syntax/macrosTable';
import { type Dialect, type Mark, type Masked, marksIn } from '../syntax/marks';
import { mask } from '../syntax/mask';
import type { Item } from '../syntax/nodes';
import { preprocessKeeping } from '../syntax/preprocess';
import type { PreprocessedFile, Range } from '../syntax/preprocessed';
import type { PreprocessEnvironment } from '../syntax/preprocessEnvironment';
import { preprocessPart } from '../syntax/preprocessPart';
import { ownText } from '../text/ownText';

export interface Reading {
  preprocessed: PreprocessedFile;
  masked: Masked;
  /** The macros at the file's end; whoever reads a part of the file again takes them over. */
  table: MacroTable;
}

/** What was read before, with the items that were found in it. */
export interface EarlierFile {
  text: string;
  preprocessed: PreprocessedFile;
  masked: Masked;
  items: readonly Item[];
  table: MacroTable | null;
}

/** Reads a text. `earlier`, which is used up, is a reading of the same file in the same environment. */
export function readText(path: string, text: string, environment: PreprocessEnvironment, dialect: Dialect, earlier?: EarlierFile): Reading {
  const part = earlier && readPartOf(path, text, environment, dialect, earlier);
  if (part) return part;
  const { preprocessed, table } = preprocessKeeping(path, text, environment);
  return { preprocessed, masked: mask(preprocessed.text, dialect), table };
}

function readPartOf(
  path: string,
  text: string,
  environment: PreprocessEnvironment,
  dialect: Dialect,
  { text: oldText, preprocessed, masked, items, table }: EarlierFile,
): Reading | null {
  if (!table) return null;
  const functions = items.filter((item) => item.kind === 'function_definition' && !item.hasError);
  const edit = differenceOf(oldText, text);
  const read = preprocessPart(path, text, environment, { text: oldText, preprocessed, table }, edit, functions);
  const again = read && maskPart(masked, preprocessed.text, read.preprocessed.text, read.replaced, dialect);
  return again ? { preprocessed: read.preprocessed, masked: again, table } : null;
}

/** The mask of the new text, from that of the old one; null where the function on its own is not masked as it is in the file. */
function maskPart(
  masked: Masked,
  oldText: string,
  text: string,
  { start, oldEnd, newEnd }: TextDifference,
  dialect: Dialect,
): Masked | null {
  const old = mask(oldText.slice(start, oldEnd), dialect);
  const inside = marksIn(masked.marks, start, oldEnd);
  if (old.text !== masked.text.slice(start, oldEnd) || !sameMarks(moved(old.marks, start), inside)) return null;
  const now = mask(ownText(text.slice(start, newEnd)), dialect);
  const first = masked.marks.findIndex((m) => m.start >= start);
  const before = first < 0 ? masked.marks : masked.marks.slice(0, first);
  const after = first < 0 ? [] : masked.marks.slice(first + inside.length);
  return {
    text: masked.text.slice(0, start) + now.text + masked.text.slice(oldEnd),
    marks: [...before, ...moved(now.marks, start), ...moved(after, newEnd - oldEnd)],
  };
}

function moved<T extends Range>(marks: readonly T[], distance: number): T[] {
  return marks.map((m) => ({ ...m, start: m.start + distance, end: m.end + distance }));
}

function sameMarks(a: readonly Mark[], b: readonly Mark[]): boolean {
  return a.length === b.length && a.every((m, i) => m.kind === b[i].kind && m.start === b[i].start && m.end === b[i].end);
}
