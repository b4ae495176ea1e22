/** Macro uses at file scope: `static DEFINE_MUTEX(m);`, `MODULE_LICENSE("GPL");`, `SOME_EXPORT(x) int f(void);`. */
import { Context } from './context';
import { blankDeclaration, blankStorage, maskDeclaration, maskFunctionMacro, NAME_FIRST } from './declarations';
import type { Place } from './place';
import { Code, insertAfter, isWord, newlineAfter, textAt } from './source';

/** The rule for a call at tokens `x` to `close` at file scope. */
export function callAtFileScope(place: Place, x: number, close: number): number {
  const { code } = place.source;
  if (x < place.expressionEnd || place.assigning) return place.expression(x, close);
  if (place.inParentheses) return x;
  const first = place.storageBefore(x);
  if (startsItem(place, first)) return item(place, first, x, close);
  // A macro behind the parameters of a function is an attribute.
  if (code[x - 1] === Code.CloseParenthesis) return attribute(place, x, close);
  return x;
}

function startsItem(place: Place, x: number): boolean {
  const before = place.source.code[x - 1];
  if (x === place.boundary || before === Code.Nothing || before === Code.Semicolon || before === Code.OpenBrace) return true;
  const { closed } = place.contexts;
  return before === Code.CloseBrace && closed !== Context.Members && closed !== Context.Enumerators;
}

function attribute(place: Place, x: number, close: number): number {
  const { output, start, stop, text } = place.source;
  output.clear(start[x], stop[close]);
  output.marks.push({
    kind: 'attribute',
    start: start[x],
    end: stop[close],
    name: textAt(place.source, x),
    arguments: text.slice(stop[x + 1], start[close]),
  });
  return close;
}

/** A macro use that is, or begins, a whole item. Tokens `first` to `x - 1` are storage words. */
function item(place: Place, first: number, x: number, close: number): number {
  const { source } = place;
  const after = source.code[close + 1];
  const shape = place.knownShape(x) ?? (after === Code.Equals ? NAME_FIRST : undefined);
  const result = shape ? maskDeclaration(source, x, close, shape) : null;
  if (result) {
    if (!result.members && (isWord(after) || after === Code.Nothing)) {
      const next = close + 1 < source.end ? source.start[close + 1] : source.text.length;
      source.output.insert(result.tail, next, ';');
    }
    place.boundary = (result.members ? result.last : close) + 1;
    return result.members ? result.last : close;
  }
  if (after === Code.OpenBrace) {
    maskFunctionMacro(source, x, close);
    return close;
  }
  if (after === Code.Semicolon) blankStorage(source, first, x);
  else if (isWord(after) || after === Code.Nothing) return itemWithoutSemicolon(place, first, x, close);
  return place.expression(x, close);
}

function itemWithoutSemicolon(place: Place, first: number, x: number, close: number): number {
  const { source } = place;
  const { code } = source;
  place.boundary = close + 1;
  const declares = isWord(code[close + 1]) && !newlineAfter(source, close) && code[close + 2] !== Code.OpenParenthesis;
  if (declares) return attribute(place, x, close);
  blankStorage(source, first, x);
  if (insertAfter(source, close, ';')) return place.expression(x, close);
  blankDeclaration(source, x, close);
  return close;
}
