/** Attributes: the words that the mask blanked, found again by where they stood, under the kernel's spelling. */
import type { Mark } from '../syntax/marks';
import { scan, TokenKind } from '../syntax/tokens';
import type { AttributeUse } from './types';

/** Index of the first mark that starts at or after `offset`; marks are sorted by start. */
export function firstMarkFrom(marks: readonly Mark[], offset: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks[middle].start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Calls `visit` for each attribute mark that starts in [start, end). Offsets are those of the marks. */
export function forEachAttributeMark(
  marks: readonly Mark[],
  start: number,
  end: number,
  visit: (mark: Extract<Mark, { kind: 'attribute' }>) => void,
): void {
  for (let i = firstMarkFrom(marks, start); i < marks.length && marks[i].start < end; i++) {
    const mark = marks[i];
    if (mark.kind === 'attribute') visit(mark);
  }
}

/** The declaring macro (`DECLARE_BITMAP`) whose rewritten text holds `offset`; undefined when there is none. */
export function declaringMarkAt(marks: readonly Mark[], offset: number): Extract<Mark, { kind: 'declaration' }> | undefined {
  // A mark that holds the offset starts at or before it; marks before it may be others that nest inside, so look back a little.
  let i = firstMarkFrom(marks, offset + 1) - 1;
  for (let steps = 0; i >= 0 && steps < 8; i--, steps++) {
    const mark = marks[i];
    if (mark.kind === 'declaration' && mark.end > offset) return mark;
  }
  return undefined;
}

/** Splits text at its top-level commas, outside brackets and strings; parts are trimmed. Empty text gives no parts. */
export function splitArguments(text: string): string[] {
  const tokens = scan(text);
  if (tokens.count === 0) return [];
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.kind[i] !== TokenKind.Punctuator) continue;
    const c = text[tokens.start[i]];
    if (c === '(' || c === '[' || c === '{') depth++;
    else if (c === ')' || c === ']' || c === '}') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(from, tokens.start[i]).trim());
      from = tokens.end[i];
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}

function unwrapped(text: string): string {
  const t = text.trim();
  return t.startsWith('(') && t.endsWith(')') ? t.slice(1, -1) : t;
}

function kernelSpelling(name: string): string {
  const bare = name.startsWith('__') && name.endsWith('__') && name.length > 4 ? name.slice(2, -2) : name;
  return bare.startsWith('__') ? bare : `__${bare}`;
}

/**
 * An attribute as one or more uses. `__attribute__((packed, aligned(4)))` becomes `__packed` and `__aligned` with `4`,
 * so that there is one spelling for each; `declspec` style and kernel words stay as they are.
 */
export function attributeUses(name: string, argumentText: string | null): AttributeUse[] {
  if (name !== '__attribute__' && name !== '__attribute') {
    return [{ name, arguments: argumentText === null ? null : argumentText.trim() }];
  }
  const uses: AttributeUse[] = [];
  for (const part of splitArguments(unwrapped(argumentText ?? ''))) {
    const open = part.indexOf('(');
    if (part === '') continue;
    if (open < 0) uses.push({ name: kernelSpelling(part), arguments: null });
    else uses.push({ name: kernelSpelling(part.slice(0, open).trim()), arguments: part.slice(open + 1, part.lastIndexOf(')')).trim() });
  }
  return uses;
}

/** Uses of all attribute marks that start in [start, end). */
export function attributesBetween(marks: readonly Mark[], start: number, end: number): AttributeUse[] {
  const uses: AttributeUse[] = [];
  forEachAttributeMark(marks, start, end, (mark) => {
    uses.push(...attributeUses(mark.name, mark.arguments));
  });
  return uses;
}
