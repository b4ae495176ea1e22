/** Classes of words that the mask tells apart. Order matters: see the ranges below. */
import type { Dialect } from '../marks';

export const enum Word {
  None = 0,
  Attribute,
  AttributeWithArguments,
  /** An attribute with or without arguments. */
  AttributeEither,
  Loop,
  Declaration,
  Offsetof,
  /** From here on words of the language. */
  FirstKeyword,
  Struct = FirstKeyword,
  Union,
  Enum,
  Primitive,
  Qualifier,
  Storage,
  Typedef,
  Typeof,
  Sizeof,
  Alignof,
  Generic,
  Assembly,
  If,
  Else,
  While,
  For,
  Do,
  Switch,
  Case,
  Default,
  /** Jumps: Return to Continue. */
  Return,
  Goto,
  Break,
  Continue,
}

const LANGUAGE: readonly [Word, string][] = [
  [Word.Struct, 'struct'],
  [Word.Union, 'union'],
  [Word.Enum, 'enum'],
  [
    Word.Primitive,
    'int char long short unsigned signed __signed__ float double void bool _Bool size_t ssize_t intptr_t uintptr_t ptrdiff_t charptr_t ' +
      'int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t char8_t char16_t char32_t char64_t nullptr_t max_align_t',
  ],
  [Word.Qualifier, 'const volatile restrict'],
  [Word.Storage, 'static extern inline register auto __inline __inline__ __thread thread_local _Thread_local'],
  [Word.Typedef, 'typedef'],
  [Word.Typeof, 'typeof __typeof__ __typeof typeof_unqual __typeof_unqual__ typeof_member'],
  [Word.Sizeof, 'sizeof _Alignas alignas'],
  [Word.Alignof, 'alignof _Alignof __alignof__ __alignof'],
  [Word.Generic, '_Generic'],
  [Word.Assembly, 'asm __asm__ __asm'],
  [Word.If, 'if'],
  [Word.Else, 'else'],
  [Word.While, 'while'],
  [Word.For, 'for'],
  [Word.Do, 'do'],
  [Word.Switch, 'switch'],
  [Word.Case, 'case'],
  [Word.Default, 'default'],
  [Word.Return, 'return'],
  [Word.Goto, 'goto'],
  [Word.Break, 'break'],
  [Word.Continue, 'continue'],
  [Word.Offsetof, 'offsetof'],
  // GNU C spells attributes so, whatever the dialect.
  [Word.AttributeWithArguments, '__attribute__ __attribute _Pragma __pragma'],
  [Word.Attribute, '__extension__ __const__ __const __volatile__ __volatile __restrict'],
];

function hash(text: string, start: number, length: number): number {
  const quarter = length >> 2;
  return (
    Math.imul(text.charCodeAt(start + (length >> 1)), 0x2f1) ^
    Math.imul(text.charCodeAt(start + length - 1), 0x1d) ^
    Math.imul(text.charCodeAt(start + length - 1 - quarter), 0x4cf) ^
    Math.imul(text.charCodeAt(start), 0x35) ^
    (length << 4)
  );
}

/** Finds the class of a word without cutting it out of the text: an open hash table over a few hundred names. */
export class WordTable {
  private readonly names: string[] = [];
  private readonly classes: number[] = [];
  /** Index into `names` plus one; 0 is empty. */
  private readonly slots: Uint16Array;

  constructor(dialect: Dialect) {
    const words = new Map<string, Word>();
    for (const name of dialect.loops) words.set(name, Word.Loop);
    for (const name of dialect.declarations.keys()) words.set(name, Word.Declaration);
    for (const name of dialect.attributes) words.set(name, Word.Attribute);
    for (const name of dialect.attributesWithArguments)
      words.set(name, dialect.attributes.has(name) ? Word.AttributeEither : Word.AttributeWithArguments);
    for (const [word, list] of LANGUAGE) for (const name of list.split(' ')) words.set(name, word);
    let size = 1024;
    while (size < words.size * 8) size *= 2;
    this.slots = new Uint16Array(size);
    for (const [name, word] of words) this.add(name, word);
  }

  private add(name: string, word: Word): void {
    this.names.push(name);
    this.classes.push(word);
    let slot = hash(name, 0, name.length) & (this.slots.length - 1);
    while (this.slots[slot] !== 0) slot = (slot + 1) & (this.slots.length - 1);
    this.slots[slot] = this.names.length;
  }

  /** Class of the identifier that stands in `text` from `start` to `end`. */
  lookup(text: string, start: number, end: number): Word {
    const length = end - start;
    const wrap = this.slots.length - 1;
    for (let slot = hash(text, start, length) & wrap; ; slot = (slot + 1) & wrap) {
      const entry = this.slots[slot];
      if (entry === 0) return Word.None;
      const name = this.names[entry - 1];
      if (name.length === length && text.startsWith(name, start)) return this.classes[entry - 1];
    }
  }
}

const tables = new WeakMap<Dialect, WordTable>();

/** The word table of a dialect, made once per dialect object: a dialect is never changed after it was made. */
export function wordTable(dialect: Dialect): WordTable {
  let table = tables.get(dialect);
  if (!table) tables.set(dialect, (table = new WordTable(dialect)));
  return table;
}
