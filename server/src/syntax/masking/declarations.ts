/** Declaring macros rewritten as declarations, in any place where a declaration may stand. */
import type { DeclarationShape } from '../marks';
import { maskArguments } from './arguments';
import { Code, isName, textAt, textBetween, type Source } from './source';

/** Tokens `first` to `end - 1`. */
interface Span {
  first: number;
  end: number;
}

/** The arguments between the parentheses at tokens `open` and `close`. */
export function argumentSpans(source: Source, open: number, close: number): Span[] {
  const { code, match } = source;
  const spans: Span[] = [];
  if (close === open + 1) return spans;
  let first = open + 1;
  for (let x = first; x <= close; x++) {
    if (x === close || code[x] === Code.Comma) {
      spans.push({ first, end: x });
      first = x + 1;
    } else if (match[x] > x) {
      x = match[x];
    }
  }
  return spans;
}

function markDeclaration(source: Source, x: number, last: number): void {
  const text = textBetween(source, x, last);
  source.output.marks.push({ kind: 'declaration', start: source.start[x], end: source.stop[last], name: textAt(source, x), text });
}

/** Blanks a whole use of a macro, with its semicolon when that is token `last`. */
export function blankDeclaration(source: Source, x: number, last: number): void {
  source.output.clear(source.start[x], source.stop[last]);
  markDeclaration(source, x, last);
}

/** Shape for macros that the dialect does not know: the first argument is the name. */
export const NAME_FIRST: DeclarationShape = { name: 0 };

/** `struct_group(name, members…);`: all but the members is blanked. Returns the token before the first member. */
function maskGroup(source: Source, x: number, close: number, members: Span): number {
  const { output, start, stop, code } = source;
  // Members bring their own semicolons; the one behind the macro would be an empty member.
  const last = code[close - 1] === Code.Semicolon && code[close + 1] === Code.Semicolon ? close + 1 : close;
  markDeclaration(source, x, last);
  output.clear(start[x], start[members.first]);
  output.clear(start[close], stop[last]);
  return members.first - 1;
}

/** What `maskDeclaration` did: the last token that needs no further look, and whether the walk goes on inside the parentheses. */
export interface DeclarationResult {
  last: number;
  /** The masked text behind the declared name: where a missing semicolon may be put. */
  tail: number;
  members: boolean;
}

/** Rewrites the macro use at tokens `x` to `close` as its shape says; null when it does not have that shape. */
export function maskDeclaration(source: Source, x: number, close: number, shape: DeclarationShape): DeclarationResult | null {
  const { output, start, stop, code } = source;
  const spans = argumentSpans(source, x + 1, close);
  if (shape.members !== undefined) {
    const members = spans[shape.members];
    return members ? { last: maskGroup(source, x, close, members), tail: start[close], members: true } : null;
  }
  if (shape.name === undefined) {
    const last = code[close + 1] === Code.Semicolon ? close + 1 : close;
    blankDeclaration(source, x, last);
    return { last, tail: start[x], members: false };
  }
  const name = spans[shape.name];
  if (!name || !(isName(code[name.first]) || (code[name.first] === Code.Star && shape !== NAME_FIRST))) return null;
  const type = shape.type === shape.name - 1 ? spans[shape.type] : undefined;
  if (type && type.end > type.first) {
    markDeclaration(source, x, close);
    output.clear(start[x], start[type.first]);
    output.replace(start[type.end], start[name.first], shape.pointer ? '*' : ' ');
    // `u64[4], name` cannot be written as a declaration of the same length: the array shows in the mark only.
    const bracket = code[type.end - 1] === Code.CloseBracket ? source.match[type.end - 1] : -1;
    if (bracket > type.first) output.clear(start[bracket], stop[type.end - 1]);
    output.clear(stop[name.end - 1], stop[close]);
    return { last: close, tail: stop[name.end - 1], members: false };
  }
  const length = shape.length === shape.name + 1 ? spans[shape.length] : undefined;
  const keyword = length ? 'long' : 'int';
  if (stop[x] - start[x] < keyword.length) return null;
  markDeclaration(source, x, close);
  output.replace(start[x], start[name.first], keyword);
  if (!length) {
    output.clear(stop[name.end - 1], stop[close]);
    return { last: close, tail: stop[name.end - 1], members: false };
  }
  output.replace(start[length.first - 1], stop[length.first - 1], '[');
  output.clear(stop[length.end - 1], start[close]);
  output.replace(start[close], stop[close], ']');
  maskArguments(source, length.first - 1, length.end);
  return { last: close, tail: stop[close], members: false };
}

/**
 * `NAME(first, rest) {` at file scope defines a function `first`, with parameters as far as anybody knows: `int first( rest) {`.
 * With a single argument the grammar takes it as it is.
 */
export function maskFunctionMacro(source: Source, x: number, close: number): void {
  const { output, start, stop, code } = source;
  if (code[x + 3] !== Code.Comma || !isName(code[x + 2]) || stop[x] - start[x] < 3) return;
  markDeclaration(source, x, close);
  output.replace(start[x], start[x + 2], 'int');
  output.replace(start[x + 3], stop[x + 3], '(');
}

/** `static` and kin before a macro that declares by itself: blanked, one attribute mark each. */
export function blankStorage(source: Source, first: number, end: number): void {
  for (let x = first; x < end; x++) {
    source.output.clear(source.start[x], source.stop[x]);
    source.output.marks.push({ kind: 'attribute', start: source.start[x], end: source.stop[x], name: textAt(source, x), arguments: null });
  }
}
