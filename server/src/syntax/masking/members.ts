/** Members that the grammar does not know: unnamed bit-fields and empty members. */
import { blankTokens, Code, textBetween, type Source } from './source';
import { Word } from './words';

const PRIMITIVE = Code.Identifier + Word.Primitive;

/** Masks `: width` of a bit-field without a name: `u32 :3;` → `u32   ;`, `int a:3, :2;` → `int a:3    ;`. The colon is token `x`. */
export function maskUnnamedBitField(source: Source, x: number): void {
  const { code, output, start, stop, end } = source;
  const before = code[x - 1];
  const list = before === Code.Comma;
  if (!list && before !== PRIMITIVE && !(before === Code.Identifier && startsMember(source, x - 1))) return;
  let last = x;
  while (last + 1 < end && code[last + 1] !== Code.Semicolon && code[last + 1] !== Code.Comma && code[last + 1] !== Code.CloseBrace) last++;
  if (last === x) return;
  const first = list ? x - 1 : x;
  output.clear(start[first], stop[last]);
  output.marks.push({ kind: 'bit-field', start: start[first], end: stop[last], text: textBetween(source, x + 1, last) });
}

/** True when the word at token `x` is a member's type rather than its name: only `;`, `{` or qualifiers stand before it. */
function startsMember(source: Source, x: number): boolean {
  const { code } = source;
  let y = x - 1;
  while (code[y] === Code.Identifier + Word.Qualifier) y--;
  return code[y] === Code.Semicolon || code[y] === Code.OpenBrace;
}

/** Blanks a semicolon behind another one or at the start of a record. */
export function maskEmptyMember(source: Source, x: number): void {
  const before = source.code[x - 1];
  if (before === Code.Semicolon || before === Code.OpenBrace) blankTokens(source, x, x);
}
