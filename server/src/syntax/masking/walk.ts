/** One walk over the tokens: keeps the context and asks the rule that belongs to each place. */
import { maskArguments } from './arguments';
import { maskCaseRange } from './caseRanges';
import { Context, ContextStack, contextOfBrace } from './context';
import { blankDeclaration, blankStorage, maskDeclaration, maskFunctionMacro, NAME_FIRST } from './declarations';
import { maskComputedGoto, maskLastLabel, maskOffsetof, maskPastedNumber, maskTypeof } from './keywords';
import { isLoopHead, maskLoop } from './loops';
import { blankTokens, Code, insertAfter, isName, isWord, LEAD, newlineAfter, textAt, textBetween, type Source } from './source';
import { isInString, maskNamesBeforeString } from './strings';
import { Word } from './words';

const ELSE = Code.Identifier + Word.Else;
const DO = Code.Identifier + Word.Do;
const CASE = Code.Identifier + Word.Case;
const GOTO = Code.Identifier + Word.Goto;
const TYPEOF = Code.Identifier + Word.Typeof;
const OFFSETOF = Code.Identifier + Word.Offsetof;
const STORAGE = Code.Identifier + Word.Storage;
const QUALIFIER = Code.Identifier + Word.Qualifier;
const DECLARATION = Code.Identifier + Word.Declaration;

class Walker {
  private readonly contexts = new ContextStack();
  /** Token at which a statement, member or item starts although the token before it does not say so. */
  private boundary = LEAD;
  /** Up to this token everything is an expression: arguments, array bounds. */
  private expressionEnd = 0;
  /** An initializer outside braces, to the next semicolon. */
  private assigning = false;

  constructor(private readonly source: Source) {}

  run(): void {
    const { code, end } = this.source;
    for (let x = LEAD; x < end; x++) {
      const c = code[x];
      if (c < Code.String) this.punctuator(c, x);
      else if (c >= Code.Identifier) x = this.word(c, x);
      else if (c === Code.String) maskNamesBeforeString(this.source, x);
      else if (c === Code.Number) maskPastedNumber(this.source, x);
    }
  }

  private punctuator(c: number, x: number): void {
    const contexts = this.contexts;
    switch (c) {
      case Code.OpenBrace:
        contexts.enter(contextOfBrace(this.source, x, contexts.current, contexts.parentheses));
        this.assigning = false;
        break;
      case Code.CloseBrace:
        contexts.leave();
        this.assigning = false;
        break;
      case Code.OpenParenthesis:
        contexts.parentheses++;
        break;
      case Code.CloseParenthesis:
        if (contexts.parentheses > 0) contexts.parentheses--;
        break;
      case Code.OpenBracket:
        this.expressionEnd = Math.max(this.expressionEnd, this.source.match[x]);
        break;
      case Code.Equals:
        this.assigning = true;
        break;
      case Code.Semicolon:
        this.assigning = false;
        break;
    }
  }

  private word(c: number, x: number): number {
    const { code, match } = this.source;
    switch (c) {
      case CASE:
        maskCaseRange(this.source, x);
        return x;
      case TYPEOF:
        return maskTypeof(this.source, x);
      case GOTO:
        maskComputedGoto(this.source, x);
        return x;
      case OFFSETOF:
        maskOffsetof(this.source, x);
        if (match[x + 1] > x) maskArguments(this.source, x + 1, match[x + 1]);
        return x;
    }
    const next = code[x + 1];
    if (!isName(c)) return x;
    if (next === Code.OpenParenthesis) return match[x + 1] > x ? this.call(x, match[x + 1]) : x;
    if (next === Code.Colon && code[x + 2] === Code.CloseBrace && this.contexts.current === Context.Statements && this.atStatement(x)) maskLastLabel(this.source, x + 1);
    return x;
  }

  private call(x: number, close: number): number {
    switch (this.contexts.current) {
      case Context.Enumerators:
        return this.callAmongEnumerators(x, close);
      case Context.Members:
        return this.callAmongMembers(x, close);
      case Context.Initializer:
        return this.callInInitializer(x, close);
      case Context.Statements:
        return this.callAmongStatements(x, close);
      default:
        return this.callAtFileScope(x, close);
    }
  }

  /** Masks the arguments of a call that is an expression; the walk goes on inside it. */
  private expression(x: number, close: number): number {
    if (isInString(this.source, x, close)) {
      blankTokens(this.source, x, close);
      return close;
    }
    this.expressionEnd = Math.max(this.expressionEnd, close);
    maskArguments(this.source, x + 1, close);
    return x;
  }

  /** `NAME(a)` as an enumerator: `a`, with the comma that the macro holds. */
  private callAmongEnumerators(x: number, close: number): number {
    const { code, stop, start, output } = this.source;
    const before = code[x - 1];
    const after = code[close + 1];
    if ((before !== Code.OpenBrace && before !== Code.Comma && x !== this.boundary) || this.contexts.parentheses > 0) return this.expression(x, close);
    this.boundary = close + 1;
    if (!isName(code[x + 2])) {
      blankDeclaration(this.source, x, after === Code.Comma ? close + 1 : close);
      return close;
    }
    blankDeclaration(this.source, x, close);
    output.restore(start[x + 2], stop[x + 2]);
    if (isWord(after)) output.insert(stop[x + 2], start[close + 1], ',');
    return close;
  }

  private callAmongMembers(x: number, close: number): number {
    const source = this.source;
    const { code, start, output } = source;
    const before = code[x - 1];
    const after = code[close + 1];
    if (x < this.expressionEnd || before === Code.Colon || this.contexts.parentheses > 0) return this.expression(x, close);
    if (before !== Code.Semicolon && before !== Code.OpenBrace && x !== this.boundary) return x;
    const shape = code[x] === DECLARATION ? source.dialect.declarations?.get(textAt(source, x)) : undefined;
    if (!shape && isWord(after) && !newlineAfter(source, close)) return this.typeMacro(x, close);
    const result = maskDeclaration(source, x, close, shape ?? NAME_FIRST);
    if (!result) {
      const last = after === Code.Semicolon ? close + 1 : close;
      blankDeclaration(source, x, last);
      this.boundary = last + 1;
      return close;
    }
    this.boundary = result.last + 1;
    if (!result.members && result.last === close && (isWord(after) || after === Code.CloseBrace)) output.insert(result.tail, start[close + 1], ';');
    return result.last;
  }

  private callInInitializer(x: number, close: number): number {
    const source = this.source;
    const { code } = source;
    const after = code[close + 1];
    const missing = isWord(after) || after === Code.OpenBracket || after === Code.OpenBrace || (after === Code.Dot && code[close + 2] !== Code.Dot);
    if (missing && this.contexts.parentheses === 0 && !isInString(source, x, close)) insertAfter(source, close, ',');
    return this.expression(x, close);
  }

  /** True when token `x` starts a statement or declaration. */
  private atStatement(x: number): boolean {
    if (x === this.boundary) return true;
    switch (this.source.code[x - 1]) {
      case Code.Semicolon:
      case Code.OpenBrace:
      case Code.CloseBrace:
      case Code.CloseParenthesis:
      case Code.Colon:
      case ELSE:
      case DO:
        return true;
    }
    return false;
  }

  /** First of the storage words right before token `x`; `x` itself when there are none. */
  private storageBefore(x: number): number {
    const { code } = this.source;
    let first = x;
    while (code[first - 1] === STORAGE || code[first - 1] === QUALIFIER) first--;
    return first;
  }

  private callAmongStatements(x: number, close: number): number {
    const source = this.source;
    const { code } = source;
    if (this.contexts.parentheses > 0) return this.expression(x, close);
    const first = this.storageBefore(x);
    if (!this.atStatement(first)) return this.expression(x, close);
    const after = code[close + 1];
    const shape = code[x] === DECLARATION ? source.dialect.declarations?.get(textAt(source, x)) : undefined;
    if (shape && maskDeclaration(source, x, close, shape)) return close;
    if (first < x && after === Code.Semicolon) blankStorage(source, first, x);
    else if (isLoopHead(source, x, close) && maskLoop(source, x, close)) {
      this.boundary = close + 1;
      return x;
    } else if (isInString(source, x, close)) {
      return this.expression(x, close);
    } else if (isWord(after) || after === Code.CloseBrace || after === Code.Nothing) {
      if (isName(after) && !newlineAfter(source, close) && this.isDeclarator(close + 1)) return this.typeMacro(x, close);
      insertAfter(source, close, ';');
      this.boundary = close + 1;
    }
    return this.expression(x, close);
  }

  /** True when the name at token `x` is followed as a declared name is. */
  private isDeclarator(x: number): boolean {
    const after = this.source.code[x + 1];
    return after === Code.Semicolon || after === Code.Comma || after === Code.Equals || after === Code.OpenBracket;
  }

  /** `NAME(arguments) declarator`: the macro is a type. With one argument the grammar takes it, else it is renamed. */
  private typeMacro(x: number, close: number): number {
    const { output, start, stop } = this.source;
    if (close === x + 3 || close === x + 4) return close;
    const text = textBetween(this.source, x, close);
    output.clear(start[x + 1], stop[close]);
    output.marks.push({ kind: 'renamed', start: start[x], end: stop[close], text });
    return close;
  }

  private callAtFileScope(x: number, close: number): number {
    const source = this.source;
    const { code } = source;
    const before = code[x - 1];
    if (x < this.expressionEnd || this.assigning) return this.expression(x, close);
    if (this.contexts.parentheses > 0) return x;
    const first = this.storageBefore(x);
    const previous = code[first - 1];
    const starts =
      first === this.boundary ||
      previous === Code.Nothing ||
      previous === Code.Semicolon ||
      previous === Code.OpenBrace ||
      (previous === Code.CloseBrace && this.contexts.closed !== Context.Members && this.contexts.closed !== Context.Enumerators);
    if (starts) return this.item(first, x, close);
    // A macro behind the parameters of a function is an attribute.
    if (before === Code.CloseParenthesis) return this.attribute(x, close);
    return x;
  }

  private attribute(x: number, close: number): number {
    const { output, start, stop, text } = this.source;
    output.clear(start[x], stop[close]);
    output.marks.push({ kind: 'attribute', start: start[x], end: stop[close], name: textAt(this.source, x), arguments: text.slice(stop[x + 1], start[close]) });
    return close;
  }

  /** A macro use that is, or begins, a whole item of the file. Tokens `first` to `x - 1` are storage words. */
  private item(first: number, x: number, close: number): number {
    const source = this.source;
    const { code, start, output } = source;
    const after = code[close + 1];
    const shape = code[x] === DECLARATION ? source.dialect.declarations?.get(textAt(source, x)) : after === Code.Equals ? NAME_FIRST : undefined;
    const result = shape ? maskDeclaration(source, x, close, shape) : null;
    if (result) {
      if (isWord(after) || after === Code.Nothing) output.insert(result.tail, close + 1 < source.end ? start[close + 1] : source.text.length, ';');
      this.boundary = close + 1;
      return close;
    }
    if (after === Code.OpenBrace) {
      maskFunctionMacro(source, x, close);
      return close;
    }
    if (isWord(after) || after === Code.Nothing) {
      if (isWord(after) && !newlineAfter(source, close) && code[close + 2] !== Code.OpenParenthesis) {
        this.boundary = close + 1;
        return this.attribute(x, close);
      }
      this.boundary = close + 1;
      blankStorage(source, first, x);
      if (!insertAfter(source, close, ';')) {
        blankDeclaration(source, x, close);
        return close;
      }
    } else if (after === Code.Semicolon) {
      blankStorage(source, first, x);
    }
    return this.expression(x, close);
  }
}

/** Applies every rule to the tokens of a source; the result is in its output. */
export function walk(source: Source): void {
  new Walker(source).run();
}
