/** Attributes: the words that the mask blanked, found again by where they stood, under the kernel's spelling. */
import { type Mark, marksIn } from '../syntax/marks';
import { scan, TokenKind } from '../syntax/tokens';
import type { AttributeUse } from './types';

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

/** Words of storage stand among the marks where the mask blanked them before a macro; they are no attributes. */
const STORAGE: ReadonlySet<string> = new Set(['static', 'extern', 'const', 'inline', 'volatile', 'register']);

/** Uses of all attribute marks that start in [start, end). */
export function attributesBetween(marks: readonly Mark[], start: number, end: number): AttributeUse[] {
  const uses: AttributeUse[] = [];
  if (start >= end) return uses;
  for (const mark of marksIn(marks, start, end)) {
    if (mark.kind === 'attribute' && !STORAGE.has(mark.name)) uses.push(...attributeUses(mark.name, mark.arguments));
  }
  return uses;
}
