/** Which macros are defined in the kernel's headers, and which conditional branches are in force, under one configuration. */
import { evaluateConstant, type ConstantContext } from './constants';
import { HeaderNameKind, type HeaderIndex, type HeaderPlace } from './headerIndex';
import { branchAt, parseDefine, type HeaderText } from './headerReaderConditionals';
import { includesOf, isForeign, PREDEFINED, rankOf } from './headerReaderPlaces';
import type { MacroSummary } from './types';

export interface HeaderMacrosOptions {
  index: HeaderIndex;
  /** A header's text and directives, kept; undefined when it cannot be read. */
  header(path: string): HeaderText | undefined;
  architecture: string;
  /** `CONFIG_X`: `y`, `m`, other text; undefined when off. */
  configuration(name: string): string | undefined;
}

/** Words that a body calls. */
const CALLED = /\b[A-Za-z_]\w*(?=\s*\()/g;

const enum State {
  Unknown,
  Evaluating,
  False,
  True,
}

/**
 * Decides conditionals one by one, when asked: a header includes others, but what they define is looked up by name in the index instead,
 * as nearly every kernel macro is defined in one place. A name that only the header at hand defines counts from its definition on.
 */
export class HeaderMacros {
  /** Per header and branch: the condition itself (whatever is around it). */
  private readonly states = new Map<HeaderText, Uint8Array>();
  private readonly macros = new Map<string, MacroSummary | null>();
  private readonly looking = new Set<string>();
  private readonly pasting = new Map<string, boolean>();
  private readonly includedFiles = new Map<string, boolean>();
  private readonly predefined: ReadonlyMap<string, string>;

  constructor(private readonly options: HeaderMacrosOptions) {
    this.predefined = PREDEFINED(options.architecture);
  }

  /** Forgets which branches of headers are in force: their texts are dropped. */
  release(): void {
    this.states.clear();
  }

  /** True when what stands at `offset` is compiled. */
  isActive(header: HeaderText, offset: number): boolean {
    return this.isBranchActive(header, branchAt(header, offset));
  }

  isBranchActive(header: HeaderText, branch: number): boolean {
    for (let b = branch; b >= 0; b = header.branches[b].parent) if (!this.isTaken(header, b)) return false;
    return true;
  }

  /** The macro that a name stands for wherever the kernel's headers are included; undefined for none. */
  macro(name: string): MacroSummary | undefined {
    const known = this.macros.get(name);
    if (known !== undefined) return known ?? undefined;
    if (this.looking.has(name)) return undefined;
    this.looking.add(name);
    const found = this.find(name, undefined);
    this.looking.delete(name);
    // What was found while other questions are open may rest on a cycle that was cut: ask again later.
    if (found || this.looking.size === 0) this.macros.set(name, found ?? null);
    return found;
  }

  /** The macro of that name at a place in a header: what the header itself has defined or undefined before wins. */
  macroAt(name: string, header: HeaderText, offset: number): MacroSummary | undefined {
    const own = header.byName.get(name);
    for (let i = (own?.length ?? 0) - 1; own && i >= 0; i--) {
      const directive = own[i];
      if (directive.offset >= offset) continue;
      if (!this.isActive(header, directive.offset)) continue;
      return directive.kind === 'define' ? parseDefine(header.path, header.text, directive.offset, directive.end) : undefined;
    }
    const elsewhere = this.macro(name);
    if (!elsewhere || elsewhere.place.file !== header.path) return elsewhere;
    // Defined further down in this header only: not yet here, unless another header has it too.
    return this.find(name, header.path);
  }

  /** Whether a macro pastes words together, itself or through one that it calls. */
  pastes(name: string): boolean {
    let answer = this.pasting.get(name);
    if (answer !== undefined) return answer;
    // A macro that calls itself does not paste by that.
    this.pasting.set(name, false);
    const body = this.macro(name)?.body ?? '';
    answer = body.includes('##') || (body.match(CALLED) ?? []).some((called) => this.pastes(called));
    this.pasting.set(name, answer);
    return answer;
  }

  /** Bytes of the `#pragma pack` in force at a place; undefined for none. */
  packAt(header: HeaderText, offset: number): number | undefined {
    const stack: (number | undefined)[] = [];
    let current: number | undefined;
    for (const directive of header.packs) {
      if (directive.offset > offset) break;
      if (!this.isActive(header, directive.offset)) continue;
      const words = directive.name
        .replace(/[()]/g, '')
        .split(',')
        .map((w) => w.trim());
      if (words[0] === 'push') stack.push(current);
      if (words[0] === 'pop') current = stack.pop();
      const value = words.map(Number).find((n) => n > 0);
      if (value !== undefined) current = value;
      else if (words[0] === '') current = undefined;
    }
    return current;
  }

  /** Places of a name that are compiled, the likeliest first. */
  activePlaces(name: string, ...kinds: HeaderNameKind[]): HeaderPlace[] {
    const places = this.options.index
      .places(name, ...kinds)
      .filter((place) => !isForeign(place.file, this.options.architecture, this.options.configuration));
    return this.included(sortedByRank(places)).filter((place) => {
      const header = this.options.header(place.file);
      return header !== undefined && this.isActive(header, place.offset);
    });
  }

  /** Of several places those in headers that this configuration includes; all when it includes none. */
  private included(places: HeaderPlace[]): HeaderPlace[] {
    if (places.length < 2) return places;
    const included = places.filter((place) => this.isIncluded(place.file));
    return included.length > 0 ? included : places;
  }

  /** False when other headers include this one, but only in branches that are switched off (`spinlock_types_up.h` with CONFIG_SMP). */
  private isIncluded(path: string): boolean {
    const known = this.includedFiles.get(path);
    if (known !== undefined) return known;
    // Until it is known: a header that decides about itself is included.
    this.includedFiles.set(path, true);
    const includes = includesOf(path, this.options.index);
    const result =
      includes.length === 0 ||
      includes.some((place) => {
        const header = this.options.header(place.file);
        return header !== undefined && this.isActive(header, place.offset);
      });
    this.includedFiles.set(path, result);
    return result;
  }

  private find(name: string, exceptFile: string | undefined): MacroSummary | undefined {
    const predefined = this.predefined.get(name);
    if (predefined !== undefined) return { name, parameters: null, body: predefined, place: { file: '', offset: 0 } };
    if (name.startsWith('CONFIG_')) return this.configured(name);
    const all = this.options.index
      .places(name, HeaderNameKind.Macro)
      .filter((place) => place.file !== exceptFile && !isForeign(place.file, this.options.architecture, this.options.configuration));
    const places = sortedByRank(all).filter((place) => this.isIncluded(place.file));
    let found: MacroSummary | undefined;
    for (const place of places) {
      if (found && found.place.file !== place.file) break;
      const header = this.options.header(place.file);
      if (!header || !this.isActive(header, place.offset)) continue;
      const directive = header.byName.get(name)?.find((d) => d.offset === place.offset);
      if (directive) found = parseDefine(place.file, header.text, place.offset, directive.end) ?? found;
    }
    return found;
  }

  private configured(name: string): MacroSummary | undefined {
    const value = this.options.configuration(name);
    const place = { file: '', offset: 0 };
    if (value === undefined || value === 'm') {
      const isModule = name.endsWith('_MODULE') && this.options.configuration(name.slice(0, -'_MODULE'.length)) === 'm';
      return isModule ? { name, parameters: null, body: '1', place } : undefined;
    }
    const body = value === 'y' ? '1' : /^-?(0[xX])?[\da-fA-F]+$/.test(value) ? value : JSON.stringify(value);
    return { name, parameters: null, body, place };
  }

  /** The branch's own condition holds and no branch of the group before it was taken. */
  private isTaken(header: HeaderText, b: number): boolean {
    const branch = header.branches[b];
    for (let p = branch.previous; p >= 0; p = header.branches[p].previous) if (this.holds(header, p)) return false;
    return this.holds(header, b);
  }

  private holds(header: HeaderText, b: number): boolean {
    const branch = header.branches[b];
    if (branch.kind === 'else' || branch.isGuard) return true;
    let states = this.states.get(header);
    if (!states) this.states.set(header, (states = new Uint8Array(header.branches.length)));
    if (states[b] === State.True) return true;
    if (states[b] !== State.Unknown) return false;
    states[b] = State.Evaluating;
    const value = this.decide(header, b);
    states[b] = value ? State.True : State.False;
    return value;
  }

  private decide(header: HeaderText, b: number): boolean {
    const { kind, condition, offset } = header.branches[b];
    if (kind !== 'if') {
      const name = /^[\w$]+/.exec(condition)?.[0] ?? '';
      return (this.macroAt(name, header, offset) !== undefined) === (kind === 'ifdef');
    }
    const text = condition
      .replace(/\bdefined\s*(?:\(\s*([\w$]+)\s*\)|([\w$]+))/g, (_, a: string | undefined, c: string | undefined) =>
        this.macroAt(a ?? c ?? '', header, offset) ? '1' : '0',
      )
      .replace(/\b__has_(attribute|builtin)\s*\([^)]*\)/g, '1')
      .replace(/\b__has_\w+\s*\([^)]*\)/g, '0');
    return (evaluateConstant(text, this.context(header, offset)) ?? 0n) !== 0n;
  }

  private context(header: HeaderText, offset: number): ConstantContext {
    return {
      macro: (name) => this.macroAt(name, header, offset),
      // In a condition every name that is no macro counts as 0.
      enumConstant: () => 0n,
      sizeof: () => null,
      alignof: () => null,
      offsetof: () => null,
      integerType: () => undefined,
      configuration: (name) => this.options.configuration(name),
    };
  }
}

function sortedByRank(places: HeaderPlace[]): HeaderPlace[] {
  if (places.length < 2) return places;
  return places
    .map((place, i) => ({ place, i, rank: rankOf(place.file) }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map((entry) => entry.place);
}
