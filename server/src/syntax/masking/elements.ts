/** Macro uses as enumerators, members and elements of initializers. */
import { blankDeclaration, maskDeclaration, NAME_FIRST } from './declarations';
import type { Place } from './place';
import { Code, insertAfter, isName, isWord, newlineAfter } from './source';
import { isInString } from './strings';

/** The rule for a call among enumerators: `NAME(a)` stands for `a`, with the comma that the macro holds. */
export function callAmongEnumerators(place: Place, x: number, close: number): number {
  const { code, stop, start, output } = place.source;
  const before = code[x - 1];
  const after = code[close + 1];
  const starts = before === Code.OpenBrace || before === Code.Comma || x === place.boundary;
  if (!starts || place.inParentheses) return place.expression(x, close);
  place.boundary = close + 1;
  if (!isName(code[x + 2])) {
    blankDeclaration(place.source, x, after === Code.Comma ? close + 1 : close);
    return close;
  }
  blankDeclaration(place.source, x, close);
  output.restore(start[x + 2], stop[x + 2]);
  if (isWord(after)) output.insert(stop[x + 2], start[close + 1], ',');
  return close;
}

/** The rule for a call among the members of a record. */
export function callAmongMembers(place: Place, x: number, close: number): number {
  const { source } = place;
  const { code, start, output } = source;
  const before = code[x - 1];
  const after = code[close + 1];
  if (x < place.expressionEnd || before === Code.Colon || place.inParentheses) return place.expression(x, close);
  if (before !== Code.Semicolon && before !== Code.OpenBrace && x !== place.boundary) return x;
  const shape = place.knownShape(x);
  if (!shape && isWord(after) && !newlineAfter(source, close)) return place.typeMacro(x, close);
  const result = maskDeclaration(source, x, close, shape ?? NAME_FIRST);
  if (!result) {
    const last = after === Code.Semicolon ? close + 1 : close;
    blankDeclaration(source, x, last);
    place.boundary = last + 1;
    return close;
  }
  place.boundary = result.last + 1;
  const open = !result.members && result.last === close && (isWord(after) || after === Code.CloseBrace);
  if (open) output.insert(result.tail, start[close + 1], ';');
  return result.last;
}

/** The rule for a call in an initializer: an element without a comma behind it gets one. */
export function callInInitializer(place: Place, x: number, close: number): number {
  const { source } = place;
  const { code } = source;
  const after = code[close + 1];
  const element =
    isWord(after) || after === Code.OpenBracket || after === Code.OpenBrace || (after === Code.Dot && code[close + 2] !== Code.Dot);
  if (element && !place.inParentheses && !isInString(source, x, close)) insertAfter(source, close, ',');
  return place.expression(x, close);
}
