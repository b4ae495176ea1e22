/** Strings put together with macros: the grammar takes names between strings, but no calls and only one name before the first string. */
import { blankTokens, Code, isName, type Source } from './source';

/** Blanks names before the string at token `x` but for the first: `KERN_ERR PREFIX "text"`. */
export function maskNamesBeforeString(source: Source, x: number): void {
  const { code } = source;
  if (code[x - 1] !== Code.Identifier || code[x - 2] !== Code.Identifier) return;
  let first = x - 2;
  while (code[first - 1] === Code.Identifier) first--;
  // `name "text"` after another name may be a declaration with a missing semicolon; without one it is a string.
  blankTokens(source, first + 1, x - 1);
}

/** True when the call at tokens `x` to `close` stands next to a string literal, or to a name that does. */
export function isInString(source: Source, x: number, close: number): boolean {
  const { code } = source;
  const after = code[close + 1];
  return (
    code[x - 1] === Code.String ||
    after === Code.String ||
    (after === Code.Identifier && code[close + 2] === Code.String && isName(code[x]))
  );
}
