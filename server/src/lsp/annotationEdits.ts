/** The text edits behind "Mark as suspect" and "Unmark". Pure: text in, offsets out. */
import { type AnnotationUse, type FunctionOutline, outlineOf, type TextOutline } from './functionOutline';

export interface OffsetEdit {
  start: number;
  end: number;
  text: string;
  /** What the edit is, for the preview: the annotation itself or the include it needs. */
  part: 'annotation' | 'include';
}

const annotationHeader = 'fgft.h';

/** The definition of the function `name` in a text; undefined when the text holds none (a prototype is none). */
export function definitionOf(outline: TextOutline, name: string): FunctionOutline | undefined {
  return outline.functions.find((f) => f.names.includes(name));
}

/** The suspect annotations (`__fgft_suspect`, `__fgft_suspect_if(…)`, the 2013 attribute) in a definition's head. */
export function suspectAnnotations(outline: TextOutline, definition: FunctionOutline): AnnotationUse[] {
  return outline.annotations.filter(
    (use) =>
      use.start >= definition.start && use.end <= definition.body && (use.name.startsWith('__fgft_suspect') || use.name === 'isolate'),
  );
}

/** Edits that mark the definition of `name`; undefined when it is not defined here or marked already. */
export function markEdits(text: string, name: string): OffsetEdit[] | undefined {
  const edits = markManyEdits(text, [{ name, predicate: null }]);
  return edits.length > 0 ? edits : undefined;
}

/** Edits that mark several definitions, some under a condition alone; none for what is not defined here or marked already. */
export function markManyEdits(text: string, marks: readonly { name: string; predicate: string | null }[]): OffsetEdit[] {
  const outline = outlineOf(text);
  const edits = marks.flatMap(({ name, predicate }): OffsetEdit[] => {
    const definition = definitionOf(outline, name);
    if (!definition || suspectAnnotations(outline, definition).length > 0) return [];
    const annotation = predicate === null ? '__fgft_suspect ' : `__fgft_suspect_if(${predicate}) `;
    return [{ start: definition.start, end: definition.start, text: annotation, part: 'annotation' }];
  });
  if (edits.length > 0 && !outline.includes.some((include) => include.header === annotationHeader))
    edits.unshift(includeEdit(text, outline));
  return edits;
}

/** Edits that take back the mark of `name`, and the include with the file's last annotation; undefined when it bears none. */
export function unmarkEdits(text: string, name: string): OffsetEdit[] | undefined {
  const outline = outlineOf(text);
  const definition = definitionOf(outline, name);
  if (!definition) return undefined;
  const uses = suspectAnnotations(outline, definition);
  if (uses.length === 0) return undefined;
  const edits = uses.map((use): OffsetEdit => ({ ...withSpace(text, use), text: '', part: 'annotation' }));
  // The historical attribute needs no header.
  if (uses.some((use) => use.name !== 'isolate') && outline.annotations.every((use) => uses.includes(use) || use.name === 'isolate')) {
    for (const include of outline.includes.filter((i) => i.header === annotationHeader && i.end <= definition.start)) {
      edits.push({ ...wholeLine(text, include.start, include.end), text: '', part: 'include' });
    }
  }
  return edits.sort((a, b) => a.start - b.start);
}

/** Applies edits that do not overlap; insertions at one place come out in their order, as the protocol has it. */
export function applyEdits(text: string, edits: OffsetEdit[]): string {
  let result = text;
  for (const edit of [...edits].reverse().sort((a, b) => b.start - a.start)) {
    result = result.slice(0, edit.start) + edit.text + result.slice(edit.end);
  }
  return result;
}

/** The include of the annotations' header, where the text lacks it. */
export function includeEditFor(text: string): OffsetEdit | undefined {
  const outline = outlineOf(text);
  return outline.includes.some((include) => include.header === annotationHeader) ? undefined : includeEdit(text, outline);
}

/**
 * The include goes after the last include that stands before any function and in no `#if`: every function can then see it in
 * every configuration. Without one, before the first token, so that a licence line at the top stays first.
 */
function includeEdit(text: string, outline: TextOutline): OffsetEdit {
  const newline = /\r\n/.test(text) ? '\r\n' : '\n';
  const firstFunction = outline.functions[0]?.start ?? text.length;
  const anchor = outline.includes.filter((include) => !include.conditional && include.end <= firstFunction).at(-1);
  if (anchor) return { start: anchor.end, end: anchor.end, text: `${newline}#include <${annotationHeader}>`, part: 'include' };
  const at = lineStartIfBlank(text, outline.firstToken);
  return { start: at, end: at, text: `#include <${annotationHeader}>${newline}`, part: 'include' };
}

/** The start of the line when only blanks stand between it and the offset, else the offset. */
function lineStartIfBlank(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  return start === 0 || text[start - 1] === '\n' ? start : offset;
}

/** A line with the newline that ends it. */
function wholeLine(text: string, start: number, end: number): { start: number; end: number } {
  const newline = /^[ \t]*\r?\n/.exec(text.slice(end, end + 200));
  return { start: lineStartIfBlank(text, start), end: newline ? end + newline[0].length : end };
}

/** An annotation with the blank after it; with its whole line when it stands alone there. */
function withSpace(text: string, use: AnnotationUse): { start: number; end: number } {
  const rest = /^[ \t]*\r?\n/.exec(text.slice(use.end, use.end + 200));
  if (rest) {
    const lineStart = lineStartIfBlank(text, use.start);
    if (lineStart === 0 || text[lineStart - 1] === '\n') return { start: lineStart, end: use.end + rest[0].length };
    // At the end of a line that holds something else: the blanks before it go instead.
    let start = use.start;
    while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
    return { start, end: use.end };
  }
  const blank = text[use.end] === ' ' || text[use.end] === '\t' ? 1 : 0;
  return { start: use.start, end: use.end + blank };
}
