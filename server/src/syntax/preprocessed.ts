/** A half-open range of UTF-16 offsets. */
export interface Range {
  start: number;
  end: number;
}

/** One `#define`, as written. */
export interface MacroDefinition {
  name: string;
  /** null for an object-like macro. A variadic last parameter is named (`args`) or `__VA_ARGS__`. */
  parameters: string[] | null;
  variadic: boolean;
  /** Replacement text, comments blanked, continuation backslashes removed, trimmed. */
  body: string;
  file: string;
  /** Offset of the name in `file`. */
  offset: number;
}

/** An `#include` line that is in force. */
export interface IncludeDirective {
  path: string;
  angled: boolean;
  offset: number;
  /** The file's text was put in place of the line, because the line stands in the middle of an item. */
  inlined?: boolean;
}

/**
 * A stretch of the expanded text and where it comes from. Segments are sorted by `start`, do not overlap and cover the text.
 * `macro` null: copied, offset `origin + (x - start)`. Otherwise every character stands for the use of `macro` at `origin`
 * in the file, except argument text, which is copied and keeps its own offsets but still names the macro (`exact` true).
 */
export interface Segment {
  start: number;
  origin: number;
  macro: string | null;
  exact: boolean;
}

/** A file after conditionals and the driver's own macros: what the mask and tree-sitter see. */
export interface Preprocessed {
  /** Directives, switched-off text and comments are blanks; newlines stay; uses of the driver's macros are replaced by their expansion. */
  text: string;
  segments: Segment[];
  /** Macros that this file itself defines in force, in order. */
  macros: MacroDefinition[];
  includes: IncludeDirective[];
  /** Switched-off ranges in the file's own offsets, directives not included. */
  inactive: Range[];
  /** What could not be understood: unbalanced conditionals, a macro that would not expand, an expansion cut at its limit. */
  problems: { offset: number; message: string }[];
}

/** From `start` (an offset of the expanded text) on, records are packed to `alignment` bytes; null: as the compiler likes. `#pragma pack`. */
export interface Packing {
  start: number;
  alignment: number | null;
}

/** What `preprocess` returns. */
export interface PreprocessedFile extends Preprocessed {
  /** All driver macros in force at the file's end, its headers' included: what a file that includes this one sees. */
  exported: MacroDefinition[];
  packing: Packing[];
}

/** True when a segment that begins at `start` only goes on with the one before it. */
export function continues(last: Segment | undefined, { start, origin, macro, exact }: Segment): boolean {
  if (last?.macro !== macro || last.exact !== exact) return false;
  return (exact ? last.origin + (start - last.start) : last.origin) === origin;
}

/** Maps an offset of the expanded text to the file's own offset and the macro it came through. */
export function originOf(segments: readonly Segment[], offset: number): { offset: number; macro: string | null } {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle].start <= offset) low = middle;
    else high = middle - 1;
  }
  const s = segments[low];
  if (!s) return { offset, macro: null };
  return { offset: s.exact ? s.origin + (offset - s.start) : s.origin, macro: s.macro };
}
