/** Reads one function of a file again after an edit inside it, and moves what is known of the rest. */
import type { MacroTable } from './macrosTable';
import { newRun } from './preprocess';
import { readDirective } from './preprocessDirectives';
import { continues, type MacroDefinition, originOf, type PreprocessedFile, type Range, type Segment } from './preprocessed';
import type { PreprocessEnvironment } from './preprocessEnvironment';
import { PreprocessWalk } from './preprocessWalk';
import type { TextDifference } from './difference';
import { scan, TokenKind } from './tokens';
import { ownText } from '../text/ownText';

/** An earlier reading of the file. `table` follows the edit: it belongs to the new reading afterwards. */
export interface EarlierReading {
  text: string;
  preprocessed: PreprocessedFile;
  table: MacroTable;
}

/** The new reading, and what of the expanded text was replaced. */
export interface PartReading {
  preprocessed: PreprocessedFile;
  replaced: TextDifference;
}

/** Directives that change nothing for the text behind the function. */
const CONDITIONAL: ReadonlySet<string> = new Set([
  'if',
  'ifdef',
  'ifndef',
  'elif',
  'elifdef',
  'elifndef',
  'else',
  'endif',
  'error',
  'warning',
]);

/**
 * What `preprocess` would give for `text`, from an earlier reading and one edit that lies inside one of `functions` (ranges of the earlier
 * expanded text). The environment must be the earlier one. Null when the edit may matter elsewhere, too: then the whole has to be read.
 */
export function preprocessPart(
  file: string,
  text: string,
  environment: PreprocessEnvironment,
  earlier: EarlierReading,
  edit: TextDifference,
  functions: readonly Range[],
): PartReading | null {
  const { preprocessed, table } = earlier;
  const found = rangeAround(preprocessed.segments, functions, edit);
  if (!found) return null;
  const { output, source } = found;
  const distance = edit.newEnd - edit.oldEnd;
  const old = earlier.text.slice(source.start, source.end);
  const part = ownText(text.slice(source.start, source.end + distance));
  if (!isPlain(old) || !isPlain(part) || !isBalanced(preprocessed.text.slice(output.start, output.end))) return null;
  if (preprocessed.problems.length > 0) return null;
  const before = readPart(file, old, environment, table, source.start);
  if (before?.text !== preprocessed.text.slice(output.start, output.end)) return null;
  const now = readPart(file, part, environment, table, source.start);
  if (!now || !isBalanced(now.text)) return null;
  const moved = moveBehind(preprocessed, source.end, distance, output.end, now.text.length - before.text.length);
  table.move(source.end, distance, (definition) => moved.definitions.get(definition) ?? definition);
  const shifted = (ranges: readonly Range[], by: number): Range[] => ranges.map((r) => ({ start: r.start + by, end: r.end + by }));
  return {
    preprocessed: {
      text: preprocessed.text.slice(0, output.start) + now.text + preprocessed.text.slice(output.end),
      segments: joined(
        preprocessed.segments,
        now.segments.map((s) => ({ ...s, start: s.start + output.start, origin: s.origin + source.start })),
        output,
        source,
        now.text.length,
        distance,
      ),
      macros: moved.macros,
      includes: moved.includes,
      inactive: [
        ...preprocessed.inactive.filter((r) => r.start < source.start),
        ...shifted(now.inactive, source.start),
        ...shifted(
          preprocessed.inactive.filter((r) => r.start >= source.end),
          distance,
        ),
      ],
      problems: [],
      exported: preprocessed.exported.map((m) => moved.definitions.get(m) ?? m),
      packing: moved.packing,
    },
    replaced: { start: output.start, oldEnd: output.end, newEnd: output.start + now.text.length },
  };
}

/** One function on its own, with the macros that are in force there; null when that does not give what reading the whole file does. */
function readPart(
  file: string,
  part: string,
  environment: PreprocessEnvironment,
  table: MacroTable,
  start: number,
): { text: string; segments: readonly Segment[]; inactive: readonly Range[] } | null {
  const run = newRun(part, environment, table);
  const walked = table.readPart(start, () => new PreprocessWalk(run, file, part, null).walk());
  const { segments } = run.output;
  // The first and the last character are the file's own.
  if (!walked || run.exhausted || run.problems.length > 0 || segments[0].macro !== null || segments[0].origin !== 0) return null;
  return { text: run.output.text(), segments, inactive: walked.inactive };
}

/** The function that holds the whole edit with at least a character on each side, in the expanded text and in the file. */
function rangeAround(
  segments: readonly Segment[],
  functions: readonly Range[],
  edit: TextDifference,
): { output: Range; source: Range } | null {
  for (const output of functions) {
    const first = originOf(segments, output.start);
    if (first.macro !== null || first.offset >= edit.start) continue;
    const last = originOf(segments, output.end - 1);
    if (last.macro === null && last.offset >= edit.oldEnd) return { output, source: { start: first.offset, end: last.offset + 1 } };
  }
  return null;
}

/** True when a text has no directives but conditionals, and none that a comment or a string could reach over its end. */
function isPlain(text: string): boolean {
  const { count, start, end, kind } = scan(text);
  for (let i = 0; i < count; i++)
    if (kind[i] === TokenKind.Directive && !CONDITIONAL.has(readDirective(text.slice(start[i], end[i])).word)) return false;
  return count > 0 && end[count - 1] === text.length && text.endsWith('}') && kind[count - 1] === TokenKind.Punctuator;
}

/** True when every bracket is closed in its order and the last one, which closes the body, ends the text. */
function isBalanced(text: string): boolean {
  const { count, start, kind } = scan(text);
  const open: number[] = [];
  for (let i = 0; i < count; i++) {
    if (kind[i] !== TokenKind.Punctuator) continue;
    const c = text.charCodeAt(start[i]);
    if (c === OPEN_PARENTHESIS || c === OPEN_BRACKET || c === OPEN_BRACE) open.push(c);
    else if (c === CLOSE_PARENTHESIS || c === CLOSE_BRACKET || c === CLOSE_BRACE) {
      if (open.pop() !== (c === CLOSE_PARENTHESIS ? OPEN_PARENTHESIS : c - 2)) return false;
      if (c === CLOSE_BRACE && open.length === 0) return i === count - 1;
    }
  }
  return false;
}

const OPEN_PARENTHESIS = 40;
const CLOSE_PARENTHESIS = 41;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** What stands behind the function, moved. `sourceEnd` is where it ended in the file, `outputEnd` in the expanded text. */
function moveBehind(
  { macros, includes, packing }: PreprocessedFile,
  sourceEnd: number,
  distance: number,
  outputEnd: number,
  outputDistance: number,
): Pick<PreprocessedFile, 'macros' | 'includes' | 'packing'> & { definitions: ReadonlyMap<MacroDefinition, MacroDefinition> } {
  const definitions = new Map<MacroDefinition, MacroDefinition>();
  for (const m of macros) if (m.offset >= sourceEnd) definitions.set(m, { ...m, offset: m.offset + distance });
  return {
    definitions,
    macros: macros.map((m) => definitions.get(m) ?? m),
    includes: includes.map((i) => (i.offset >= sourceEnd ? { ...i, offset: i.offset + distance } : i)),
    packing: packing.map((p) => (p.start >= outputEnd ? { ...p, start: p.start + outputDistance } : p)),
  };
}

/** The segments before the function, those of it, and those behind it moved; neighbours that continue each other are one. */
function joined(
  before: readonly Segment[],
  inside: readonly Segment[],
  output: Range,
  source: Range,
  length: number,
  distance: number,
): Segment[] {
  const all: Segment[] = [];
  const add = (segment: Segment): void => {
    if (!continues(all.at(-1), segment)) all.push(segment);
  };
  let next = 0;
  while (next < before.length && before[next].start < output.start) all.push(before[next++]);
  inside.forEach(add);
  while (next < before.length && before[next].start < output.end) next++;
  const end = output.start + length;
  // The text right behind the function is the file's own, as its last brace is.
  if (before[next]?.start !== output.end) add({ start: end, origin: source.end + distance, macro: null, exact: true });
  for (; next < before.length; next++) {
    const s = before[next];
    add({ ...s, start: s.start - output.end + end, origin: s.origin >= source.end ? s.origin + distance : s.origin });
  }
  return all;
}
