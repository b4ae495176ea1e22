/** One walk over the tokens: keeps the context and asks the rule that belongs to each place. */
import { maskArguments } from './arguments';
import { maskAssembly } from './assembly';
import { maskCaseRange } from './caseRanges';
import { Context, contextOfBrace } from './context';
import { callAmongEnumerators, callAmongMembers, callInInitializer } from './elements';
import { callAtFileScope } from './fileItems';
import { maskAlignof, maskBareCondition, maskComputedGoto, maskOffsetof, maskPastedNumber, maskTypeof } from './keywords';
import { maskEmptyMember, maskUnnamedBitField } from './members';
import { Place } from './place';
import { Code, isName, LEAD, type Source } from './source';
import { callAmongStatements, nameAmongStatements } from './statements';
import { maskNamesBeforeString } from './strings';
import { Word } from './words';

function visitPunctuator(place: Place, c: number, x: number): void {
  const { contexts, source } = place;
  switch (c) {
    case Code.OpenBrace:
      contexts.enter(contextOfBrace(source, x, contexts.current, contexts.parentheses));
      place.assigning = false;
      break;
    case Code.CloseBrace:
      contexts.leave();
      place.assigning = false;
      break;
    case Code.OpenParenthesis:
      contexts.parentheses++;
      break;
    case Code.CloseParenthesis:
      if (contexts.parentheses > 0) contexts.parentheses--;
      break;
    case Code.OpenBracket:
      place.expressionEnd = Math.max(place.expressionEnd, source.match[x]);
      break;
    case Code.Equals:
      place.assigning = true;
      break;
    case Code.Semicolon:
      place.assigning = false;
      if (contexts.current === Context.Members) maskEmptyMember(source, x);
      break;
    case Code.Colon:
      if (contexts.current === Context.Members) maskUnnamedBitField(source, x);
      break;
  }
}

function visitCall(place: Place, x: number, close: number): number {
  const { code } = place.source;
  const after = code[close + 1];
  // `type (*name)(…)` and `type (*)[3]` are declarators.
  if (code[x + 2] === Code.Star && (after === Code.OpenParenthesis || after === Code.OpenBracket)) return x;
  switch (place.context) {
    case Context.Enumerators:
      return callAmongEnumerators(place, x, close);
    case Context.Members:
      return callAmongMembers(place, x, close);
    case Context.Initializer:
      return callInInitializer(place, x, close);
    case Context.Statements:
      return callAmongStatements(place, x, close);
    default:
      return callAtFileScope(place, x, close);
  }
}

/** Returns the last token that needs no further look. */
function visitWord(place: Place, c: number, x: number): number {
  const { source } = place;
  const { code, match } = source;
  switch (c - Code.Identifier) {
    case Word.Case:
      maskCaseRange(source, x);
      return x;
    case Word.Typeof:
      return maskTypeof(source, x);
    case Word.Goto:
      maskComputedGoto(source, x);
      return x;
    case Word.Assembly:
      maskAssembly(source, x);
      return x;
    case Word.Alignof:
      maskAlignof(source, x);
      return x;
    case Word.If:
    case Word.While:
      maskBareCondition(source, x);
      return x;
    case Word.Offsetof:
      maskOffsetof(source, x);
      if (match[x + 1] > x) maskArguments(source, x + 1, match[x + 1]);
      return x;
  }
  if (!isName(c)) return x;
  if (code[x + 1] === Code.OpenParenthesis) return match[x + 1] > x ? visitCall(place, x, match[x + 1]) : x;
  if (place.context === Context.Statements) nameAmongStatements(place, x);
  return x;
}

/** Applies every rule to the tokens of a source; the result is in its output. */
export function walk(source: Source): void {
  const { code, end } = source;
  const place = new Place(source);
  for (let x = LEAD; x < end; x++) {
    const c = code[x];
    if (c < Code.String) visitPunctuator(place, c, x);
    else if (c >= Code.Identifier) x = visitWord(place, c, x);
    else if (c === Code.String) maskNamesBeforeString(source, x);
    else if (c === Code.Number) maskPastedNumber(source, x);
  }
}
