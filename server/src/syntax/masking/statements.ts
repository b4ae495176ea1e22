/** Macro uses among statements: loop heads, declarations, macros without a semicolon. */
import { blankStorage, maskDeclaration } from './declarations';
import { maskLastLabel } from './keywords';
import { isLoopHead, maskLoop } from './loops';
import type { Place } from './place';
import { Code, insertAfter, isName, isWord, newlineAfter } from './source';
import { isInString } from './strings';
import { Word } from './words';

const ELSE = Code.Identifier + Word.Else;
const DO = Code.Identifier + Word.Do;
/** Words from here on can only start a statement. */
const FIRST_STATEMENT = Code.Identifier + Word.If;

/** True when token `x` starts a statement or declaration. */
function startsStatement(place: Place, x: number): boolean {
  if (x === place.boundary) return true;
  switch (place.source.code[x - 1]) {
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

/** The rule for a name without parentheses: a label before `}`, or a macro that is a statement but has no semicolon. */
export function nameAmongStatements(place: Place, x: number): void {
  const { source } = place;
  const { code } = source;
  const next = code[x + 1];
  if (next === Code.Colon) {
    if (code[x + 2] === Code.CloseBrace && startsStatement(place, x)) maskLastLabel(source, x + 1);
  } else if (isWord(next) && !place.inParentheses && newlineAfter(source, x) && startsStatement(place, x)) {
    const statement = next >= FIRST_STATEMENT || (isName(next) && code[x + 2] === Code.OpenParenthesis);
    if (statement && insertAfter(source, x, ';')) place.boundary = x + 1;
  }
}

/** The rule for a call at tokens `x` to `close` among statements. */
export function callAmongStatements(place: Place, x: number, close: number): number {
  const { source } = place;
  const first = place.storageBefore(x);
  if (place.inParentheses || !startsStatement(place, first)) return place.expression(x, close);
  const after = source.code[close + 1];
  const shape = place.knownShape(x);
  if (shape && maskDeclaration(source, x, close, shape)) return close;
  if (first < x && after === Code.Semicolon) {
    blankStorage(source, first, x);
  } else if (isLoopHead(source, x, close) && maskLoop(source, x, close)) {
    place.boundary = close + 1;
    return x;
  } else if ((isWord(after) || after === Code.CloseBrace || after === Code.Nothing) && !isInString(source, x, close)) {
    if (isName(after) && !newlineAfter(source, close) && isDeclarator(place, close + 1)) return place.typeMacro(x, close);
    insertAfter(source, close, ';');
    place.boundary = close + 1;
  }
  return place.expression(x, close);
}

/** True when the name at token `x` is followed as a declared name is. */
function isDeclarator(place: Place, x: number): boolean {
  const after = place.source.code[x + 1];
  return after === Code.Semicolon || after === Code.Comma || after === Code.Equals || after === Code.OpenBracket;
}
