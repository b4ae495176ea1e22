/** `case LOW ... HIGH:`, a GNU extension: the upper bound is blanked. */
import { Code, retire, textBetween, type Source } from './source';

/** Tokens that a bound may have: beyond that the text is no case label. */
const LONGEST_BOUND = 64;

/** Masks the range of the case label whose `case` is token `x`, if it has one. */
export function maskCaseRange(source: Source, x: number): void {
  const { code, match, output, start, stop } = source;
  let dots = 0;
  for (let y = x + 1; y < source.end && y < x + LONGEST_BOUND; y++) {
    const c = code[y];
    if (match[y] > y) y = match[y];
    else if (c === Code.Colon || c === Code.Semicolon || c === Code.OpenBrace) {
      if (dots > 0 && c === Code.Colon && y > dots + 3) {
        output.clear(start[dots], stop[y - 1]);
        output.marks.push({ kind: 'case-range', start: start[dots], end: stop[y - 1], text: textBetween(source, dots + 3, y - 1) });
        retire(source, dots, y);
      }
      return;
    } else if (dots === 0 && c === Code.Dot && code[y + 1] === Code.Dot && code[y + 2] === Code.Dot) {
      dots = y;
      y += 2;
    }
  }
}
