/** Inline assembly: the grammar wants string literals where kernel code has macros that make them. */
import { blankTokens, Code, isName, isWord, retire, textBetween, type Source } from './source';

/** Sections of an asm statement between colons: template, outputs, inputs, clobbers, labels. Names are meant in the last only. */
const LABELS = 4;

/** Makes the template at tokens `first` to `end - 1`, which holds no string, a string of the same length. */
function maskTemplate(source: Source, first: number, end: number): void {
  const { output, start, stop } = source;
  const width = stop[first] - start[first];
  if (width < 2) return;
  output.replace(start[first], stop[end - 1], `"${' '.repeat(width - 2)}"`);
  output.marks.push({ kind: 'renamed', start: start[first], end: stop[end - 1], text: textBetween(source, first, end - 1) });
}

/** `register u32 r0 asm("r0") = v;`: the register's name is an attribute of the variable. */
function maskRegister(source: Source, x: number, close: number): void {
  const { output, start, stop } = source;
  output.clear(start[x], stop[close]);
  output.marks.push({
    kind: 'attribute',
    start: start[x],
    end: stop[close],
    name: textBetween(source, x, x),
    arguments: textBetween(source, x + 2, close - 1),
  });
  retire(source, x, close + 1);
}

/** Masks the asm statement whose keyword is token `x`: templates and operands that are macros. */
export function maskAssembly(source: Source, x: number): void {
  const { code, match } = source;
  let open = x + 1;
  while (isWord(code[open])) open++;
  const close = code[open] === Code.OpenParenthesis ? match[open] : -1;
  if (close < 0) return;
  if (isName(code[x - 1]) && open === x + 1) return maskRegister(source, x, close);
  let section = 0;
  let first = open + 1;
  let strings = 0;
  for (let y = first; y <= close; y++) {
    const c = code[y];
    if (c === Code.String) strings++;
    const ends = y === close || c === Code.Colon || (c === Code.Comma && section > 0);
    if (ends && y > first && strings === 0 && isName(code[first]) && section < LABELS) {
      if (section === 0) maskTemplate(source, first, y);
      // The operand's comma goes with it, the one behind it or else the one before.
      else blankTokens(source, c !== Code.Comma && code[first - 1] === Code.Comma ? first - 1 : first, c === Code.Comma ? y : y - 1);
    }
    if (ends) {
      if (c === Code.Colon) section++;
      first = y + 1;
      strings = 0;
    } else if (match[y] > y) {
      y = match[y];
    }
  }
}
