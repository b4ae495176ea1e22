/** Names that one file-level statement of a header declares: typedefs, functions, variables. */
import { TokenKind, type Tokens } from '../syntax/tokens';
import { HeaderNameKind } from './headerIndexKinds';

export interface FoundName {
  name: string;
  kind: HeaderNameKind;
  offset: number;
}

/** Attributes that take arguments and may stand before a declarator: their name is not a function's. */
const CALL_LIKE_ATTRIBUTES = new Set([
  '__attribute__',
  '__attribute',
  '__aligned',
  '__section',
  '__printf',
  '__scanf',
  '__alloc_size',
  '__alloc_size__',
  '__assume_aligned',
  '__cold_attribute',
  '__format_arg',
  '__must_hold',
  '__acquires',
  '__releases',
  '__cond_acquires',
  '__counted_by',
  '__counted_by_le',
  '__counted_by_be',
  '__nonstring_array',
  '__diagnose_as',
  '__realloc_size',
  '__no_sanitize',
  '__guarded_by',
  '__declspec',
  '__copy',
  '__malloc_like',
  '__alignas',
  '_Alignas',
  '__bpf_kfunc_attribute',
  'noinline_for_tracing',
]);
const ATTRIBUTE_WORDS = new Set([
  '__packed',
  '____cacheline_aligned',
  '____cacheline_aligned_in_smp',
  '__cacheline_aligned',
  '__cacheline_aligned_in_smp',
  '__read_mostly',
  '__ro_after_init',
  '__initdata',
  '__initconst',
  '__init',
  '__exit',
  '__weak',
  '__visible',
  '__used',
  '__maybe_unused',
  '__must_check',
  '__percpu',
  '__refdata',
  '__refconst',
  '__lockfunc',
  '__meminitdata',
  '__meminit',
  '__cold',
  '__hidden',
  '__latent_entropy',
  '__force',
  '__pure',
  '__attribute_const__',
  '__randomize_layout',
  '__no_randomize_layout',
  '__designated_init',
  '__mode',
  '__cpuidle',
  '__sched',
  '__kprobes',
  '__user',
  '__iomem',
  '__rcu',
  '__private',
]);
const NO_TYPE = new Set([
  'extern',
  'static',
  'inline',
  '__inline',
  '__inline__',
  '__always_inline',
  'noinline',
  'asmlinkage',
  '__visible',
  '__init',
  '__exit',
  '__must_check',
  '__weak',
  '__cold',
  '__maybe_unused',
  '__malloc',
  '__pure',
  'notrace',
  'noinstr',
  '__deprecated',
  '__net_init',
  '__net_exit',
  '__sched',
  '__no_kasan_or_inline',
  '__attribute_const__',
  '__extension__',
  '_Noreturn',
  '__noreturn',
  '__must_hold',
]);

/** A macro's name. */
const CAPITALS = /^[A-Z_\d]+$/;

const isPunctuator = (tokens: Tokens, t: number): boolean => tokens.kind[t] === TokenKind.Punctuator;

/**
 * `statement` holds token numbers without those in braces; `closed` says where a record's or enum's body was (-1: none);
 * `hasBody`: a function body followed.
 */
export function statementNames(text: string, tokens: Tokens, statement: number[], closed: number, hasBody: boolean): FoundName[] {
  const reader = new StatementReader(text, tokens, statement, closed);
  return [...reader.leading, ...reader.names(hasBody)];
}

class StatementReader {
  /** Macro calls without `;` before the declaration proper. */
  readonly leading: FoundName[] = [];
  private readonly list: number[] = [];
  /** Where in `list` the tokens after a record's body begin; 0 when there is none. */
  private afterBody = 0;

  constructor(
    private readonly text: string,
    private readonly tokens: Tokens,
    statement: number[],
    closed: number,
  ) {
    const from = this.afterLeadingMacroCalls(closed < 0 ? statement : statement.slice(0, closed));
    for (let k = from; k < statement.length; k++) {
      if (k === closed) this.afterBody = this.list.length;
      const t = statement[k];
      if (tokens.kind[t] === TokenKind.Identifier) {
        const word = this.word(t);
        if (CALL_LIKE_ATTRIBUTES.has(word) && this.is(statement[k + 1], '(')) {
          k = this.closing(statement, k + 1);
          continue;
        }
        if (ATTRIBUTE_WORDS.has(word)) continue;
      }
      this.list.push(t);
    }
    if (closed >= statement.length) this.afterBody = this.list.length;
    this.hasRecordBody = closed >= 0;
  }

  private readonly hasRecordBody: boolean;

  names(hasBody: boolean): FoundName[] {
    const { list } = this;
    if (list.length === 0) return [];
    const offset = this.tokens.start[list[0]];
    const first = this.word(list[0]);
    if (first === 'typedef') return this.declarators(Math.max(1, this.afterBody), HeaderNameKind.Typedef, offset);
    if (this.is(list[1], '(') && !hasBody && /^DECLARE_PER_CPU/.test(first)) return this.perCpu(offset);
    if (
      !hasBody &&
      this.is(list[1], '(') &&
      this.tokens.kind[list[0]] === TokenKind.Identifier &&
      this.closing(list, 1) === list.length - 1
    )
      return [{ name: first, kind: HeaderNameKind.MacroCall, offset }];
    const record = first === 'struct' ? HeaderNameKind.Struct : first === 'union' ? HeaderNameKind.Union : null;
    // `struct hash_alg_common HASH_ALG_COMMON;`: the macro is the body.
    if (record !== null && list.length === 3 && !this.hasRecordBody && !hasBody && CAPITALS.test(this.word(list[2])))
      return [{ name: this.word(list[1]), kind: record, offset }];
    const equals = this.topLevel('=', 0, list.length);
    const end = equals < 0 ? list.length : equals;
    const func = this.hasRecordBody ? -1 : this.functionName(end);
    if (func >= 0 && equals < 0) {
      const name = this.word(list[func]);
      // `struct kfifo __STRUCT_KFIFO_PTR(…);`: the macro is the body.
      if (func === 2 && !hasBody && record !== null && CAPITALS.test(name)) return [{ name: this.word(list[1]), kind: record, offset }];
      return [{ name, kind: HeaderNameKind.Function, offset }];
    }
    const returning = this.hasRecordBody || equals >= 0 ? undefined : this.functionReturningPointer(end);
    if (returning !== undefined) return [{ name: returning, kind: HeaderNameKind.Function, offset }];
    if (hasBody) return [];
    if (!this.hasRecordBody && !this.looksLikeVariable(end)) return [];
    return this.declarators(this.hasRecordBody ? this.afterBody : 1, HeaderNameKind.Variable, offset);
  }

  /** `MACRO(…)` lines without `;` before the declaration proper. */
  private afterLeadingMacroCalls(statement: number[]): number {
    let k = 0;
    while (k + 1 < statement.length && this.tokens.kind[statement[k]] === TokenKind.Identifier && this.is(statement[k + 1], '(')) {
      const close = this.closing(statement, k + 1);
      const next = statement[close + 1];
      if (next === undefined || this.tokens.kind[next] !== TokenKind.Identifier) break;
      const start = this.tokens.start[next];
      if (start > 0 && this.text.charCodeAt(start - 1) !== 10) break;
      this.leading.push({ name: this.word(statement[k]), kind: HeaderNameKind.MacroCall, offset: this.tokens.start[statement[k]] });
      k = close + 1;
    }
    return k;
  }

  /** The first `name (` at top level that has a type before it; -1 for none. */
  private functionName(end: number): number {
    let hasType = false;
    for (let k = 0; k < end; k++) {
      const t = this.list[k];
      if (isPunctuator(this.tokens, t)) {
        if (this.is(t, '(')) k = this.closing(this.list, k);
        continue;
      }
      if (this.tokens.kind[t] !== TokenKind.Identifier) continue;
      const word = this.word(t);
      if (k + 1 < end && this.is(this.list[k + 1], '(')) {
        if (word === 'typeof' || word === '__typeof__') {
          hasType = true;
          k = this.closing(this.list, k + 1);
          continue;
        }
        // `int (*name)(…)`: the word before the parenthesis is a type.
        if (hasType && !this.is(this.list[k + 2], '*')) return k;
        if (hasType && this.is(this.list[k + 2], '*') && !this.isPointerDeclarator(k + 1)) return k;
        k = this.closing(this.list, k + 1);
        continue;
      }
      if (!NO_TYPE.has(word)) hasType = true;
    }
    return -1;
  }

  /** The name in `void (*name(int))(int)`. */
  private functionReturningPointer(end: number): string | undefined {
    const open = this.list.findIndex((t) => this.is(t, '('));
    if (open < 1 || open >= end || !this.is(this.list[open + 1], '*')) return undefined;
    const name = this.list[open + 2];
    return name !== undefined && this.tokens.kind[name] === TokenKind.Identifier && this.is(this.list[open + 3], '(')
      ? this.word(name)
      : undefined;
  }

  /** `( * name )` followed by `(` or `[`. */
  private isPointerDeclarator(open: number): boolean {
    const after = this.list[this.closing(this.list, open) + 1];
    return after !== undefined && (this.is(after, '(') || this.is(after, '['));
  }

  private looksLikeVariable(end: number): boolean {
    let words = 0;
    for (let k = 0; k < end; k++) if (this.tokens.kind[this.list[k]] === TokenKind.Identifier) words++;
    const first = this.word(this.list[0]);
    const isForward = first === 'struct' || first === 'union' || first === 'enum';
    return words >= (isForward ? 3 : 2);
  }

  private declarators(from: number, kind: HeaderNameKind, offset: number): FoundName[] {
    const found: FoundName[] = [];
    const { list } = this;
    let start = from;
    while (start < list.length) {
      const comma = this.topLevel(',', start, list.length);
      const end = comma < 0 ? list.length : comma;
      const name = this.declaratorName(start, end);
      if (name !== undefined) found.push({ name, kind, offset });
      start = end + 1;
    }
    return found;
  }

  private declaratorName(start: number, end: number): string | undefined {
    let last = -1;
    for (let k = start; k < end; k++) {
      const t = this.list[k];
      if (this.tokens.kind[t] === TokenKind.Identifier) {
        const word = this.word(t);
        if ((word === 'typeof' || word === '__typeof__') && this.is(this.list[k + 1], '(')) k = this.closing(this.list, k + 1);
        else last = k;
      } else if (this.is(t, '(')) {
        const close = this.closing(this.list, k);
        const inner = this.pointerName(k, close);
        return inner ?? (last >= 0 ? this.word(this.list[last]) : undefined);
      } else if (this.is(t, '[') || this.is(t, '=') || this.is(t, ':')) break;
    }
    return last >= 0 ? this.word(this.list[last]) : undefined;
  }

  /** The name in `( * name )`, also `( * name [3] )` and `( * const name )`. */
  private pointerName(open: number, close: number): string | undefined {
    let k = open + 1;
    while (k < close && this.tokens.kind[this.list[k]] === TokenKind.Identifier && !this.is(this.list[k + 1], ')')) k++;
    if (!this.is(this.list[k], '*')) return undefined;
    let name: string | undefined;
    for (; k < close; k++) {
      if (this.tokens.kind[this.list[k]] === TokenKind.Identifier) name = this.word(this.list[k]);
      else if (!this.is(this.list[k], '*')) break;
    }
    return name;
  }

  private perCpu(offset: number): FoundName[] {
    const { list } = this;
    const close = this.closing(list, 1);
    const name = list[close - 1];
    if (name === undefined || this.tokens.kind[name] !== TokenKind.Identifier) return [];
    return [{ name: this.word(name), kind: HeaderNameKind.Variable, offset }];
  }

  private topLevel(character: string, start: number, end: number): number {
    let depth = 0;
    for (let k = start; k < end; k++) {
      const t = this.list[k];
      if (!isPunctuator(this.tokens, t)) continue;
      if (this.is(t, '(') || this.is(t, '[')) depth++;
      else if (this.is(t, ')') || this.is(t, ']')) depth--;
      else if (depth === 0 && this.is(t, character)) return k;
    }
    return -1;
  }

  /** Position of the parenthesis that closes the one at `open`; the list's last position when none does. */
  private closing(list: number[], open: number): number {
    let depth = 0;
    for (let k = open; k < list.length; k++) {
      if (this.is(list[k], '(')) depth++;
      else if (this.is(list[k], ')') && --depth === 0) return k;
    }
    return list.length - 1;
  }

  private is(token: number | undefined, character: string): boolean {
    return (
      token !== undefined && isPunctuator(this.tokens, token) && this.text.charCodeAt(this.tokens.start[token]) === character.charCodeAt(0)
    );
  }

  private word(t: number): string {
    return this.text.slice(this.tokens.start[t], this.tokens.end[t]);
  }
}
