/** Attributes: `__iomem`, `__free(kfree)`, `__attribute__((packed))`, wherever they stand. */
import type { Tokens } from '../tokens';
import type { MaskOutput } from './output';
import { Word } from './words';

const enum C {
  OpenParenthesis = 40,
  CloseParenthesis = 41,
  Semicolon = 59,
  OpenBrace = 123,
}

/** Tokens: longer arguments are an attribute cut off. Without a limit a text full of them would take quadratic time. */
const LONGEST_ATTRIBUTE = 512;

/**
 * Index of the last token of the attribute that begins at token `i`, or -1 when the word is no attribute here.
 * `before` is the code of the token before it: `__free(p);` as a whole statement is a call.
 */
export function attributeEnd(text: string, tokens: Tokens, i: number, word: Word, before: number): number {
  const bare = word === Word.AttributeWithArguments ? -1 : i;
  if (word === Word.Attribute) return bare;
  if (i + 1 >= tokens.count || text.charCodeAt(tokens.start[i + 1]) !== C.OpenParenthesis) return bare;
  let depth = 0;
  const limit = Math.min(tokens.count, i + LONGEST_ATTRIBUTE);
  for (let k = i + 1; k < limit; k++) {
    const c = tokens.end[k] - tokens.start[k] === 1 ? text.charCodeAt(tokens.start[k]) : 0;
    if (c === C.OpenParenthesis) depth++;
    else if (c === C.CloseParenthesis && --depth === 0) {
      const after = k + 1 < tokens.count ? text.charCodeAt(tokens.start[k + 1]) : 0;
      const wholeStatement = after === C.Semicolon && (before === C.Semicolon || before === C.OpenBrace);
      const language = text.startsWith('__attribute', tokens.start[i]) || text.startsWith('_Pragma', tokens.start[i]);
      return wholeStatement && !language ? -1 : k;
    } else if (c === C.OpenBrace || c === C.Semicolon) return bare;
  }
  return bare;
}

/** Blanks the attribute from token `first` to token `last` and leaves its mark. */
export function maskAttribute(output: MaskOutput, tokens: Tokens, first: number, last: number): void {
  const start = tokens.start[first];
  const end = tokens.end[last];
  output.clear(start, end);
  const name = output.text.slice(start, tokens.end[first]);
  const text = last > first ? output.text.slice(tokens.end[first + 1], tokens.start[last]) : null;
  output.marks.push({ kind: 'attribute', start, end, name, arguments: text });
}
