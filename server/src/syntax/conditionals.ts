import type { ConditionDecider } from './conditionalsDecide';
import { firstName, readDirective } from './preprocessDirectives';
import type { Range } from './preprocessed';
import { isIdentifierCode, TokenKind, type Tokens } from './tokens';

interface Frame {
  /** A branch has been chosen: all later ones are off. */
  taken: boolean;
  /** Offset of the `#if`. */
  offset: number;
}

const OPENING: ReadonlySet<string> = new Set(['if', 'ifdef', 'ifndef']);
const DIRECTIVE: number = TokenKind.Directive;

/** The conditionals of one text: which branch is read, and where the others lie. */
export class Conditionals {
  readonly inactive: Range[] = [];
  readonly problems: { offset: number; message: string }[] = [];
  private readonly frames: Frame[] = [];
  private readonly guard: number;

  /** With `guarded`, the text's include guard counts as open, whatever is defined: the text is wanted. */
  constructor(
    private readonly text: string,
    private readonly tokens: Tokens,
    private readonly decider: ConditionDecider,
    guarded: boolean,
  ) {
    this.guard = guarded ? this.guardToken() : -1;
  }

  /** Acts on the directive at token `i`, which is in force; returns the next token that is in force. `word` and `rest` are the directive's. */
  next(i: number, word: string, rest: string): number {
    const offset = this.tokens.start[i];
    if (OPENING.has(word)) {
      const frame = { taken: i === this.guard || this.decide(word, rest, offset), offset };
      this.frames.push(frame);
      return frame.taken ? i + 1 : this.skip(i, frame);
    }
    const frame = this.frames.at(-1);
    if (!frame) {
      this.problems.push({ offset, message: `#${word} without #if` });
      return i + 1;
    }
    if (word === 'endif') {
      this.frames.pop();
      return i + 1;
    }
    return this.skip(i, frame);
  }

  /** To be called at the text's end. */
  finish(): void {
    for (const frame of this.frames) this.problems.push({ offset: frame.offset, message: '#if without #endif' });
    this.frames.length = 0;
  }

  private decide(word: string, rest: string, offset: number): boolean {
    if (word === 'ifdef' || word === 'elifdef') return this.decider.isDefined(firstName(rest));
    if (word === 'ifndef' || word === 'elifndef') return !this.decider.isDefined(firstName(rest));
    const { value, problem } = this.decider.decide(rest);
    if (problem) this.problems.push({ offset, message: problem });
    return value;
  }

  /** Skips from the directive at token `i` to the branch that is read, or past the `#endif`. */
  private skip(i: number, frame: Frame): number {
    const { count, kind, start, end } = this.tokens;
    let from = end[i];
    let nesting = 0;
    for (let j = i + 1; j < count; j++) {
      if (kind[j] !== DIRECTIVE) continue;
      const word = wordAt(this.text, start[j]);
      if (OPENING.has(word)) nesting++;
      else if (nesting > 0) {
        if (word === 'endif') nesting--;
      } else if (word === 'endif') {
        this.record(from, start[j]);
        this.frames.pop();
        return j + 1;
      } else if (word === 'else' || word.startsWith('elif')) {
        this.record(from, start[j]);
        from = end[j];
        if (frame.taken) continue;
        const directive = readDirective(this.text.slice(start[j], end[j]));
        frame.taken = word === 'else' || this.decide(word, directive.rest, start[j]);
        if (frame.taken) return j + 1;
      }
    }
    this.record(from, this.text.length);
    return count;
  }

  /** Whole lines between two directives. */
  private record(from: number, to: number): void {
    const newline = this.text.indexOf('\n', from);
    const start = newline < 0 ? to : newline + 1;
    const end = to === this.text.length ? to : this.text.lastIndexOf('\n', to) + 1;
    if (end > start) this.inactive.push({ start, end });
  }

  /** The token of an include guard's `#ifndef`, or -1. */
  private guardToken(): number {
    for (let i = 0; i + 1 < this.tokens.count && this.tokens.kind[i] === DIRECTIVE; i++) {
      const { word, rest } = this.directive(i);
      if (word === 'pragma') continue;
      const name = word === 'ifndef' ? firstName(rest) : word === 'if' ? (/^!\s*defined\s*\(?\s*(\w+)\s*\)?$/.exec(rest)?.[1] ?? '') : '';
      if (!name || this.tokens.kind[i + 1] !== DIRECTIVE) return -1;
      const next = this.directive(i + 1);
      return next.word === 'define' && firstName(next.rest) === name ? i : -1;
    }
    return -1;
  }

  private directive(i: number): { word: string; rest: string } {
    return readDirective(this.text.slice(this.tokens.start[i], this.tokens.end[i]));
  }
}

/** The word of the directive that starts at `start`. A comment before it, which nobody writes, hides it. */
function wordAt(text: string, start: number): string {
  let i = start + 1;
  while (text.charCodeAt(i) === 32 || text.charCodeAt(i) === 9) i++;
  const from = i;
  while (i < text.length && isIdentifierCode(text.charCodeAt(i))) i++;
  return text.slice(from, i);
}
