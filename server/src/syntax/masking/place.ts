/** The state of the walk: the token sequence, the context, and what the rules remember between tokens. */
import { maskArguments } from './arguments';
import type { Context } from './context';
import { ContextStack } from './context';
import type { DeclarationShape } from '../marks';
import { blankTokens, Code, LEAD, textAt, textBetween, type Source } from './source';
import { isInString } from './strings';
import { Word } from './words';

const STORAGE = Code.Identifier + Word.Storage;
const QUALIFIER = Code.Identifier + Word.Qualifier;
const DECLARATION = Code.Identifier + Word.Declaration;

export class Place {
  readonly contexts = new ContextStack();
  /** Token at which a statement, member or item starts although the token before it does not say so. */
  boundary = LEAD;
  /** Up to this token everything is an expression: arguments, array bounds. */
  expressionEnd = 0;
  /** An initializer outside braces, to the next semicolon. */
  assigning = false;

  constructor(readonly source: Source) {}

  get context(): Context {
    return this.contexts.current;
  }

  get inParentheses(): boolean {
    return this.contexts.parentheses > 0;
  }

  /** First of the storage words and qualifiers right before token `x`; `x` itself when there are none. */
  storageBefore(x: number): number {
    const { code } = this.source;
    let first = x;
    while (code[first - 1] === STORAGE || code[first - 1] === QUALIFIER) first--;
    return first;
  }

  /** Shape of the declaring macro at token `x`, if the dialect knows it as one. */
  knownShape(x: number): DeclarationShape | undefined {
    return this.source.code[x] === DECLARATION ? this.source.dialect.declarations.get(textAt(this.source, x)) : undefined;
  }

  /**
   * Masks the arguments of the call at tokens `x` to `close`, which is an expression. Like all rules for calls it returns the last token
   * that needs no further look: here the name, so that the walk goes on inside.
   */
  expression(x: number, close: number): number {
    const { code } = this.source;
    if (isInString(this.source, x, close)) {
      blankTokens(this.source, x, close);
      return close;
    }
    // `KERN_DEBUG pr_fmt("…")`: a string put together from a name and a call.
    const first = code[x - 2] === Code.OpenParenthesis || code[x - 2] === Code.Comma;
    if (code[x - 1] === Code.Identifier && first && this.inParentheses) blankTokens(this.source, x - 1, x - 1);
    this.expressionEnd = Math.max(this.expressionEnd, close);
    maskArguments(this.source, x + 1, close);
    return x;
  }

  /** `NAME(arguments) declarator`: the macro is a type. With one argument the grammar takes it, else it is renamed. */
  typeMacro(x: number, close: number): number {
    const { output, start, stop } = this.source;
    if (close === x + 3 || close === x + 4) return close;
    const text = textBetween(this.source, x, close);
    output.clear(start[x + 1], stop[close]);
    output.marks.push({ kind: 'renamed', start: start[x], end: stop[close], text });
    return close;
  }
}
