/** What the readers of declarations read from: one item's nodes, its text before and after the mask, and the marks around it. */
import { type Mark, marksIn } from '../syntax/marks';
import type { Item, ItemNodes } from '../syntax/nodes';
import { ownText } from '../text/ownText';
import { attributesBetween } from './declarationsAttributes';
import { integerLiteral } from './typeNames';
import type { AttributeUse, CType, EnumDeclaration, RecordDeclaration } from './types';

/** The text that one item's nodes stand for. */
export interface ItemSource {
  nodes: ItemNodes;
  /** Masked text from the item's start; it may go on past the item's end. */
  text: string;
  /** Marks of the whole masked text. */
  marks: readonly Mark[];
  /** Offset of the item in the text that `marks` count in. */
  start: number;
  /** At most 0: where, seen from the item's start, the white space before it begins, in which prefix attributes stood. Default 0. */
  leading?: number;
  /** The item's text before the mask; without it the marks tell what stood there. */
  original?: string;
  /** Value of a constant expression; null when it cannot be told. Without it only literals have values. */
  evaluate?: (text: string) => number | null;
}

/** A source whose records and enums are collected. */
export interface DeclarationSource extends ItemSource {
  file: string;
  origin: 'driver' | 'kernel';
  /** Records and enums with a body, inner ones first; readers append. */
  records: RecordDeclaration[];
  enums: EnumDeclaration[];
}

/** What stands before the declarators of a declaration, a member, a parameter or a type name. */
export interface Specifiers {
  type: CType;
  constant: boolean;
  storage: 'static' | 'extern' | 'none';
  inline: boolean;
  attributes: AttributeUse[];
  /** Where the search for an address space of the first pointer starts. */
  from: number;
}

export interface Declarator {
  name: string;
  /** 0 when it has no name. */
  nameNode: number;
  type: CType;
  /** The declared object itself is constant. */
  constant: boolean;
}

/**
 * The source for one item of a masked text: white space around it counts, since the mask blanked attributes there
 * (`__init static int f(void)`, `struct foo { … } __packed;`).
 */
export function itemSource(
  item: Item,
  maskedText: string,
  marks: readonly Mark[],
  originalText?: string,
): ItemSource & { leading: number } {
  let before = item.start;
  while (before > 0 && maskedText.charCodeAt(before - 1) <= 32) before--;
  const after = skipBlank(maskedText, item.end);
  return {
    nodes: item.nodes,
    text: ownText(maskedText.slice(item.start, after)),
    marks,
    start: item.start,
    leading: before - item.start,
    ...(originalText !== undefined && { original: ownText(originalText.slice(item.start, after)) }),
  };
}

/** A source for reading inside one item when nobody asks for its records. */
export function collecting(source: ItemSource, file = '', origin: 'driver' | 'kernel' = 'driver'): DeclarationSource {
  const { nodes, text, marks, start, leading, original, evaluate } = source;
  return { nodes, text, marks, start, leading, original, evaluate, file, origin, records: [], enums: [] };
}

/** What stood in [start, end) of the item before the mask, as far as it can be told; all of `typeof(x)` for the name that took its place. */
export function originalSlice(source: ItemSource, start: number, end: number): string {
  const at = source.start + start;
  for (const mark of marksIn(source.marks, at, at + 1)) {
    if (mark.end < source.start + end) continue;
    if (mark.kind === 'renamed') return mark.text;
    if (source.original === undefined && (mark.kind === 'argument' || mark.kind === 'blanked')) return mark.text;
  }
  return (source.original ?? source.text).slice(start, end);
}

/** Attributes whose marks start in [start, end) of the item. */
export function attributesIn(source: ItemSource, start: number, end: number): AttributeUse[] {
  return attributesBetween(source.marks, source.start + start, source.start + end);
}

/** Offset of the first character at or after `from` that is not white space. */
export function skipBlank(text: string, from: number): number {
  let i = from;
  while (i < text.length && text.charCodeAt(i) <= 32) i++;
  return i;
}

/** Value of a constant that is a plain literal, with sign and parentheses; null for all else. */
export function literalValue(text: string): number | null {
  let t = text.trim();
  while (t.startsWith('(') && t.endsWith(')')) t = t.slice(1, -1).trim();
  if (!t.startsWith('-')) return integerLiteral(t);
  const value = integerLiteral(t.slice(1).trim());
  return value === null ? null : -value;
}

/** Value of a constant expression by literal or by the caller's evaluator. */
export function constantValue(source: ItemSource, text: string): number | null {
  return literalValue(text) ?? source.evaluate?.(text) ?? null;
}
