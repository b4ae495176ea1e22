/** Names of types as text: canonical basic names and a small parser for type names that stand in marks, macro arguments and knowledge rows. */
import { scan, TokenKind } from '../syntax/tokens';
import { type AddressSpace, type CType, UNKNOWN, VOID } from './types';

const BASIC_WORDS: ReadonlySet<string> = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  '__signed__',
  '__signed',
  '_Bool',
  'bool',
  '__int128',
  '_Complex',
]);
const QUALIFIERS: ReadonlySet<string> = new Set([
  'volatile',
  'restrict',
  '__restrict',
  '__restrict__',
  '__volatile__',
  'register',
  '_Atomic',
  '__extension__',
]);
const CONSTANT_WORDS: ReadonlySet<string> = new Set(['const', '__const', '__const__']);
const ADDRESS_SPACES: ReadonlyMap<string, AddressSpace> = new Map([
  ['__iomem', 'iomem'],
  ['__user', 'user'],
  ['__percpu', 'percpu'],
  ['__rcu', 'rcu'],
]);

/** The address space that an attribute word means; undefined when it means none. */
export function addressSpaceOf(word: string): AddressSpace | undefined {
  return ADDRESS_SPACES.get(word);
}

/** True for `typeof`, `__typeof__`, `typeof_unqual`, `typeof_member` and their underscored spellings. */
export function isTypeofWord(word: string): boolean {
  return word.startsWith('typeof') || word.startsWith('__typeof');
}

export function isConstantWord(word: string): boolean {
  return CONSTANT_WORDS.has(word);
}

export function isBasicWord(word: string): boolean {
  return BASIC_WORDS.has(word);
}

/**
 * The basic type that specifier words in any order mean (`long unsigned int` is `unsigned long`).
 * `bool` counts as `_Bool`: the kernel's typedef is nothing else. UNKNOWN when a word is none of a basic type.
 */
export function basicType(words: readonly string[]): CType {
  let longs = 0;
  let unsigned = false;
  let signed = false;
  let base = '';
  for (const word of words) {
    if (word === 'long') longs++;
    else if (word === 'unsigned') unsigned = true;
    else if (word === 'signed' || word === '__signed__' || word === '__signed') signed = true;
    else if (word === 'bool') base = '_Bool';
    else if (word === 'int' || word === '_Complex') base = base === '' ? 'int' : base;
    else if (BASIC_WORDS.has(word)) base = word;
    else if (!CONSTANT_WORDS.has(word) && !QUALIFIERS.has(word)) return UNKNOWN;
  }
  if (base === 'void') return VOID;
  if (base === '_Bool' || base === 'float') return { kind: 'basic', name: base };
  if (base === 'double') return { kind: 'basic', name: longs > 0 ? 'long double' : 'double' };
  if (base === '' && longs === 0 && !unsigned && !signed) return UNKNOWN;
  const sign = unsigned ? 'unsigned ' : '';
  if (base === 'char') return { kind: 'basic', name: unsigned ? 'unsigned char' : signed ? 'signed char' : 'char' };
  if (base === 'short' || base === '__int128') return { kind: 'basic', name: sign + base };
  if (longs > 0) return { kind: 'basic', name: sign + (longs > 1 ? 'long long' : 'long') };
  return { kind: 'basic', name: sign + 'int' };
}

/**
 * Reads a type name without declarator name: `struct foo *`, `const u8`, `u32 __iomem *`, `typeof(x)`, `char [16]`, `void (*)(int)`.
 * Words of other attributes are passed over. UNKNOWN when the text is no type name. A plain identifier is taken for a typedef's name.
 */
export function parseTypeName(text: string): CType {
  const tokens = scan(text);
  const word = (i: number): string => (i < tokens.count ? text.slice(tokens.start[i], tokens.end[i]) : '');
  const afterBalanced = (i: number): number => {
    let depth = 0;
    for (let k = i; k < tokens.count; k++) {
      const t = word(k);
      if (t === '(' || t === '[') depth++;
      else if ((t === ')' || t === ']') && --depth === 0) return k + 1;
    }
    return tokens.count;
  };
  let at = 0;
  let type: CType | null = null;
  let constant = false;
  let space: AddressSpace | undefined;
  const words: string[] = [];
  for (; at < tokens.count && tokens.kind[at] === TokenKind.Identifier; at++) {
    const w = word(at);
    const newSpace = ADDRESS_SPACES.get(w);
    if (newSpace) space = newSpace;
    else if (CONSTANT_WORDS.has(w)) constant = true;
    else if (QUALIFIERS.has(w)) continue;
    else if (BASIC_WORDS.has(w)) words.push(w);
    else if (w === 'struct' || w === 'union' || w === 'enum') {
      const name = word(++at);
      if (tokens.kind[at] !== TokenKind.Identifier || type) return UNKNOWN;
      type = w === 'enum' ? { kind: 'enum', name } : { kind: 'record', tag: w, name };
    } else if (isTypeofWord(w) && word(at + 1) === '(') {
      const end = afterBalanced(at + 1);
      type = { kind: 'typeof', text: text.slice(tokens.start[at], tokens.end[end - 1]) };
      at = end - 1;
    } else if (!type && words.length === 0) {
      type = { kind: 'named', name: w };
    } else if (!w.startsWith('__')) {
      return UNKNOWN;
    } else if (word(at + 1) === '(') {
      at = afterBalanced(at + 1) - 1;
    }
  }
  if (words.length > 0) type = basicType(words);
  if (!type) return UNKNOWN;
  let result = type;
  for (; at < tokens.count; at++) {
    const t = word(at);
    const newSpace = ADDRESS_SPACES.get(t);
    if (t === '*') {
      result = { kind: 'pointer', to: result, ...(space && { space }), ...(constant && { constant }) };
      space = undefined;
      constant = false;
    } else if (newSpace) {
      space = newSpace;
    } else if (CONSTANT_WORDS.has(t)) {
      constant = true;
    } else if (t === '[') {
      const end = afterBalanced(at);
      const inner = text.slice(tokens.end[at], tokens.start[end - 1] ?? text.length).trim();
      const length = integerLiteral(inner);
      result = { kind: 'array', of: result, length, flexible: inner === '', ...(length === null && inner !== '' && { bound: inner }) };
      at = end - 1;
    } else if (t === '(') {
      // `T (*)(…)`: a pointer to a function whose parameters nobody asks for here.
      const pointer = word(at + 1) === '*';
      const end = afterBalanced(at);
      if (!pointer || word(end) !== '(') return UNKNOWN;
      result = { kind: 'pointer', to: { kind: 'function', returns: result, parameters: [], variadic: true } };
      at = afterBalanced(end) - 1;
    } else if (!QUALIFIERS.has(t) && !t.startsWith('__')) {
      return UNKNOWN;
    }
  }
  if (space && result.kind === 'pointer' && !result.space) return { ...result, space };
  if (space && result.kind === 'named') return { ...result, space };
  return result;
}

/** Value of one C integer literal (decimal, octal, hexadecimal, binary, suffixed) or plain character literal; null for all else. */
export function integerLiteral(text: string): number | null {
  const first = text.charCodeAt(0);
  if (first === 39) return text.length === 3 && text.endsWith("'") ? text.charCodeAt(1) : null;
  if (!(first >= 48 && first <= 57)) return null;
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)[uUlL]*$/.exec(text);
  if (!match) return null;
  const digits = match[1];
  if (/^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : null;
}
