import { Conditionals } from './conditionals';
import type { TokenSource } from './macrosExpand';
import type { Macro } from './macrosTable';
import { Gap, MacroToken, needsBlank } from './macrosTokens';
import { firstName, readDefine, readDirective, readInclude, type Directive } from './preprocessDirectives';
import type { IncludeDirective, Range } from './preprocessed';
import type { PreprocessRun } from './preprocessRun';
import { scan, TokenKind, type Tokens } from './tokens';

/** Texts put into texts. Tables of X-macros need one level. */
const MAXIMUM_INLINE_DEPTH = 8;

const IDENTIFIER: number = TokenKind.Identifier;
const PUNCTUATOR: number = TokenKind.Punctuator;
const DIRECTIVE: number = TokenKind.Directive;
const SLASH = 47;
const BYTE_ORDER_MARK = 0xfeff;

/** A text that is put in place of an `#include`: all of it stands for that line. */
interface Inlined {
  origin: number;
  /** The include's path as written, which stands where segments name a macro. */
  name: string;
  depth: number;
}

/** One pass over one text: copies it, acts on its directives, expands its macro uses. */
export class PreprocessWalk implements TokenSource {
  private readonly tokens: Tokens;
  private readonly conditionals: Conditionals;
  /** Directives that were acted on while a macro call was read across them, and the token in force after each. */
  private readonly resolved = new Map<number, number>();
  /** The next token; a macro call that is read moves it. */
  private index = 0;
  /** All text before it has been written. */
  private cursor = 0;
  /** Open braces and parentheses. */
  private depth = 0;
  /** The last token's first character: with `depth`, whether a line stands between items. */
  private lastCode = 0;

  constructor(
    private readonly run: PreprocessRun,
    private readonly file: string,
    private readonly text: string,
    private readonly inlined: Inlined | null,
  ) {
    this.tokens = scan(text);
    this.conditionals = new Conditionals(text, this.tokens, run.decider, inlined === null);
  }

  walk(): { inactive: Range[] } {
    const { text, run } = this;
    const { count, start, end, kind } = this.tokens;
    if (this.inlined) this.mapToCursor();
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) this.blankTo(1);
    let previousEnd = this.cursor;
    while (this.index < count) {
      const i = this.index;
      const from = start[i];
      if (from - previousEnd > 1) this.blankComments(previousEnd, from);
      const k = kind[i];
      if (k === IDENTIFIER) {
        const macro = run.exhausted ? undefined : run.table.findAt(text, from, end[i]);
        if (macro && this.expand(i, macro)) {
          previousEnd = this.cursor;
          continue;
        }
        this.lastCode = 97;
      } else if (k === DIRECTIVE) {
        this.copyTo(from);
        const next = this.directive(i);
        this.blankTo(next < count ? start[next] : text.length);
        previousEnd = this.cursor;
        this.index = next;
        continue;
      } else {
        const code = text.charCodeAt(from);
        this.lastCode = code;
        if (k === PUNCTUATOR) this.track(code);
      }
      previousEnd = end[i];
      this.index = i + 1;
    }
    if (text.length - previousEnd > 1) this.blankComments(previousEnd, text.length);
    this.copyTo(text.length);
    this.conditionals.finish();
    for (const { offset, message } of this.conditionals.problems) run.problem(this.inlined?.origin ?? offset, message);
    return { inactive: this.conditionals.inactive };
  }

  // TokenSource: what follows a macro's name in the text.

  peek(): MacroToken | null {
    return this.index < this.tokens.count && this.tokens.kind[this.index] !== DIRECTIVE ? this.tokenAt(this.index) : null;
  }

  take(): MacroToken | null {
    while (this.index < this.tokens.count && this.tokens.kind[this.index] === DIRECTIVE) {
      const i = this.index;
      this.index = this.directive(i, true);
      this.resolved.set(i, this.index);
    }
    return this.index < this.tokens.count ? this.tokenAt(this.index++) : null;
  }

  mark(): number {
    return this.index;
  }

  reset(mark: number): void {
    this.index = mark;
  }

  private tokenAt(i: number): MacroToken {
    const { start, end, kind } = this.tokens;
    const gap = i > 0 && end[i - 1] === start[i] ? Gap.Glued : Gap.Blank;
    const origin = this.inlined?.origin ?? start[i];
    return new MacroToken(this.text.slice(start[i], end[i]), kind[i], gap, origin, this.inlined === null, null);
  }

  /** Expands the macro that token `i` names; false when it stays as it is. */
  private expand(i: number, macro: Macro): boolean {
    const { run, tokens, text } = this;
    const { output, table } = run;
    const called = i + 1 < tokens.count && text.charCodeAt(tokens.start[i + 1]) === 40;
    if (!called && (macro.definition.parameters !== null || table.keepsName(macro))) return false;
    this.index = i + 1;
    const first = this.tokenAt(i);
    const expansion = run.expander.expandUse(first, this);
    if (expansion?.length === 1 && expansion[0] === first) return false;
    const length = expansion?.reduce((sum, token) => sum + token.text.length + 1, 0) ?? Infinity;
    if (!expansion || output.length + length > run.maximumLength) {
      run.exhausted = true;
      run.problem(first.origin, `the expansion of ${macro.definition.name} is too large; from here on macros stay as written`);
      return false;
    }
    this.copyTo(tokens.start[i]);
    const name = this.inlined?.name ?? macro.definition.name;
    for (let k = 0; k < expansion.length; k++) {
      const token = expansion[k];
      output.token(token, name, k === 0);
      this.lastCode = token.text.charCodeAt(0);
      if (token.kind === TokenKind.Punctuator) this.track(this.lastCode);
    }
    this.cursor = tokens.end[this.index - 1];
    if (this.cursor < text.length && needsBlank(output.lastCode, text.charCodeAt(this.cursor))) output.seam();
    this.mapToCursor();
    return true;
  }

  /** Acts on the directive at token `i` and returns the next token in force. */
  private directive(i: number, inCall = false): number {
    const known = this.resolved.get(i);
    if (known !== undefined) return known;
    const { run, tokens } = this;
    const line = this.text.slice(tokens.start[i], tokens.end[i]);
    const directive = readDirective(line);
    run.table.position = this.inlined?.origin ?? tokens.start[i];
    switch (directive.word) {
      case 'define': {
        const definition = readDefine(directive.rest, line, this.file, tokens.start[i]);
        if (!definition) break;
        run.table.define(definition);
        run.macros.push(definition);
        break;
      }
      case 'undef':
        run.table.undefine(firstName(directive.rest));
        break;
      case 'include':
      case 'include_next':
        this.include(i, directive, inCall);
        break;
      case 'pragma': {
        const alignment = run.packingState.pragma(directive.rest);
        if (alignment !== undefined) run.packing.push({ start: run.output.length, alignment });
        break;
      }
      case 'if':
      case 'ifdef':
      case 'ifndef':
      case 'elif':
      case 'elifdef':
      case 'elifndef':
      case 'else':
      case 'endif':
        return this.conditionals.next(i, directive.word, directive.rest);
    }
    return i + 1;
  }

  private include(i: number, { rest }: Directive, inCall: boolean): void {
    const { run } = this;
    const offset = this.inlined?.origin ?? this.tokens.start[i];
    const include = readInclude(rest, offset) ?? readInclude(run.decider.includeText(rest), offset);
    if (!include) return run.problem(offset, `#include ${rest} names no file`);
    const inItem = this.depth > 0 || ![0, 59, 125, 41].includes(this.lastCode) || this.isTable(i);
    if (inItem && (this.inlined?.depth ?? 0) >= MAXIMUM_INLINE_DEPTH)
      return run.problem(offset, `${include.path}: includes are nested too deeply`);
    if (inItem && !inCall && this.inline(i, include)) {
      if (!this.inlined) run.includes.push({ ...include, inlined: true });
      return;
    }
    if (!this.inlined) run.includes.push(include);
    for (const definition of run.environment.headerMacros(include, run.table.inForce) ?? []) run.table.define(definition);
  }

  /** Between `#define X(…)` and `#undef X` an include is a table of X, whatever stands around it. */
  private isTable(i: number): boolean {
    const { count, kind, start, end } = this.tokens;
    if (i === 0 || i + 1 >= count || kind[i - 1] !== DIRECTIVE || kind[i + 1] !== DIRECTIVE) return false;
    const before = readDirective(this.text.slice(start[i - 1], end[i - 1]));
    const after = readDirective(this.text.slice(start[i + 1], end[i + 1]));
    if (before.word !== 'define' || after.word !== 'undef') return false;
    const name = firstName(before.rest);
    return before.rest[name.length] === '(' && firstName(after.rest) === name;
  }

  private inline(i: number, include: IncludeDirective): boolean {
    const { run } = this;
    const depth = (this.inlined?.depth ?? 0) + 1;
    if (run.exhausted) return false;
    const inlined = run.environment.inlineText(include);
    if (!inlined) return false;
    if (run.output.length + inlined.text.length > run.maximumLength) {
      run.problem(include.offset, `${include.path} is too large to be read in this place`);
      return false;
    }
    this.blankTo(this.tokens.end[i]);
    const walk = new PreprocessWalk(run, inlined.file, inlined.text, { origin: include.offset, name: include.path, depth });
    walk.depth = this.depth;
    walk.lastCode = this.lastCode;
    walk.walk();
    this.depth = walk.depth;
    this.lastCode = walk.lastCode;
    run.output.seam();
    this.mapToCursor();
    return true;
  }

  private track(code: number): void {
    if (code === 40 || code === 123) this.depth++;
    else if ((code === 41 || code === 125) && this.depth > 0) this.depth--;
  }

  /** Blanks the comments between two tokens. */
  private blankComments(from: number, to: number): void {
    const { text } = this;
    for (let i = from; i < to; i++) {
      if (text.charCodeAt(i) !== SLASH) continue;
      this.copyTo(i);
      this.blankTo(to);
      return;
    }
  }

  private copyTo(offset: number): void {
    this.run.output.copy(this.text, this.cursor, offset);
    if (offset > this.cursor) this.cursor = offset;
  }

  private blankTo(offset: number): void {
    this.run.output.blank(this.text, this.cursor, offset);
    if (offset > this.cursor) this.cursor = offset;
  }

  private mapToCursor(): void {
    if (this.inlined) this.run.output.mapTo(this.inlined.origin, this.inlined.name, false);
    else this.run.output.mapTo(this.cursor, null, true);
  }
}
