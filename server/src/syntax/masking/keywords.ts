/** Words and numbers that tree-sitter's grammar does not take as they are: typeof, offsetof, computed goto, labels, `1SHOT`. */
import { blankTokens, Code, insertAfter, isName, isWord, retire, textAt, textBetween, type Source } from './source';

/**
 * `typeof(x) *p` → `typeof____ *p`: an identifier that stands for the type. When the expression spans lines the name fills the first.
 * Returns the last token of the rewritten text.
 */
export function maskTypeof(source: Source, x: number): number {
  const close = source.code[x + 1] === Code.OpenParenthesis ? source.match[x + 1] : -1;
  if (close < 0) return x;
  const { output, start, stop } = source;
  const text = textBetween(source, x, close);
  const newline = text.search(/[\r\n]/);
  const width = newline < 0 ? text.length : newline;
  output.replace(start[x], stop[close], textAt(source, x).padEnd(width, '_'));
  output.marks.push({ kind: 'renamed', start: start[x], end: stop[close], text });
  return close;
}

/** `offsetof(type, a.b[3])` → `Offsetof(type, a.b[3])`: the grammar knows offsetof with a plain member only, a call takes any. */
export function maskOffsetof(source: Source, x: number): void {
  const { output, start, stop } = source;
  output.replace(start[x], stop[x], 'Offsetof');
  output.marks.push({ kind: 'renamed', start: start[x], end: stop[x], text: 'offsetof' });
}

/** `__alignof__(*p)`: the grammar knows alignof of types only. Of an expression it becomes a call: `Alignof(*p)`. */
export function maskAlignof(source: Source, x: number): void {
  const { code, output, start, stop } = source;
  if (code[x + 1] !== Code.OpenParenthesis) return;
  const first = code[x + 2];
  const after = code[x + 3];
  const member = after === Code.Dot || after === Code.Minus || after === Code.OpenBracket || after === Code.OpenParenthesis;
  if (isWord(first) && !(isName(first) && member)) return;
  const text = textAt(source, x);
  output.replace(start[x], stop[x], 'Alignof'.slice(0, text.length));
  output.marks.push({ kind: 'renamed', start: start[x], end: stop[x], text });
}

/** `if time_after(a, b)`, where the macro brings the parentheses: the name goes, the arguments become the condition. */
export function maskBareCondition(source: Source, x: number): void {
  const { code, match } = source;
  if (!isName(code[x + 1]) || code[x + 2] !== Code.OpenParenthesis || match[x + 2] < 0) return;
  blankTokens(source, x + 1, x + 1);
  retire(source, x + 1, x + 2);
}

/** `goto *targets[i];`: only the first name behind the star stays, and reads as a label. */
export function maskComputedGoto(source: Source, x: number): void {
  const { code, end } = source;
  if (code[x + 1] !== Code.Star) return;
  let name = x + 1;
  while (name < end && !isName(code[name]) && code[name] !== Code.Semicolon) name++;
  let last = name;
  while (last < end && code[last] !== Code.Semicolon && code[last] !== Code.CloseBrace) last++;
  if (!isName(code[name])) return;
  blankTokens(source, x + 1, name - 1);
  if (last > name + 1) blankTokens(source, name + 1, last - 1);
}

/** A label right before `}` needs an empty statement. */
export function maskLastLabel(source: Source, colon: number): void {
  insertAfter(source, colon, ';');
}

const NUMBER = /^(0[xX][0-9a-fA-F]*|0[bB][01]*|[0-9][0-9.]*([eEpP][-+]?[0-9a-fA-F]*)?|\.[0-9]+)[uUlLwWfFbBdDiIjJ]*$/;

/** `1SHOT`, part of a name that a macro pastes: `_SHOT`. */
export function maskPastedNumber(source: Source, x: number): void {
  const { output, start, stop } = source;
  const text = textAt(source, x);
  if (NUMBER.test(text) || !/^[0-9][0-9]*[A-Za-z_]/.test(text)) return;
  output.replace(start[x], stop[x], '_' + text.slice(1));
  output.marks.push({ kind: 'renamed', start: start[x], end: stop[x], text });
}
