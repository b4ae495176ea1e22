/** The tokens that the mask's rules look at: attributes and directives taken out, words classified, brackets matched. */
import type { Dialect } from '../marks';
import { scan, TokenKind } from '../tokens';
import { attributeEnd, maskAttribute } from './attributes';
import { MaskOutput } from './output';
import { wordTable, Word } from './words';

/** Codes of tokens: punctuators are their character code, the rest stands above. */
export const enum Code {
  /** Before the first and after the last token. */
  Nothing = 0,
  OpenParenthesis = 40,
  CloseParenthesis = 41,
  Star = 42,
  Plus = 43,
  Comma = 44,
  Minus = 45,
  Dot = 46,
  Colon = 58,
  Semicolon = 59,
  Equals = 61,
  OpenBracket = 91,
  CloseBracket = 93,
  OpenBrace = 123,
  CloseBrace = 125,
  /** Above the punctuators. */
  String = 128,
  Number = 129,
  Character = 130,
  /** A token whose text was rewritten. */
  Retired = 131,
  /** Identifiers: `Identifier + Word`. */
  Identifier = 256,
}

const NEWLINE = 10;

/** Zero codes before the first token, so that rules may look back without asking. */
export const LEAD = 4;

/** Tokens `LEAD` to `end - 1`, in text order; codes around them are `Nothing`. */
export interface Source {
  text: string;
  dialect: Dialect;
  output: MaskOutput;
  end: number;
  code: Int16Array;
  start: Int32Array;
  stop: Int32Array;
  /** Index of the matching bracket, -1 for what is no bracket or has none. */
  match: Int32Array;
}

/** True for an identifier that is no keyword. */
export function isName(code: number): boolean {
  return code >= Code.Identifier && code < Code.Identifier + Word.FirstKeyword;
}

/** True for any identifier, keywords included. */
export function isWord(code: number): boolean {
  return code >= Code.Identifier;
}

/** Text of token `x`. */
export function textAt(source: Source, x: number): string {
  return source.text.slice(source.start[x], source.stop[x]);
}

/** Original text from token `first` to token `last`, both included. */
export function textBetween(source: Source, first: number, last: number): string {
  return source.text.slice(source.start[first], source.stop[last]);
}

/** Takes tokens `first` to `end - 1` out of the walk: their text was rewritten, no other rule may touch it. */
export function retire(source: Source, first: number, end: number): void {
  source.code.fill(Code.Retired, first, end);
}

/** Blanks tokens `first` to `last` with a mark. */
export function blankTokens(source: Source, first: number, last: number): void {
  source.output.blank(source.start[first], source.stop[last]);
}

/** True when a newline stands between token `x` and the next. */
export function newlineAfter(source: Source, x: number): boolean {
  const until = x + 1 < source.end ? source.start[x + 1] : source.text.length;
  for (let i = source.stop[x]; i < until; i++) if (source.text.charCodeAt(i) === NEWLINE) return true;
  return false;
}

/** Puts a character into the white space after token `x`; false when there is no room. */
export function insertAfter(source: Source, x: number, character: string): boolean {
  const until = x + 1 < source.end ? source.start[x + 1] : source.text.length;
  return source.output.insert(source.stop[x], until, character);
}

function matchBrackets(source: Source): void {
  const { code, match, end } = source;
  const open: number[] = [];
  for (let x = LEAD; x < end; x++) {
    const c = code[x];
    if (c === Code.OpenParenthesis || c === Code.OpenBracket || c === Code.OpenBrace) {
      open.push(x);
    } else if (c === Code.CloseParenthesis || c === Code.CloseBracket || c === Code.CloseBrace) {
      const wanted = c === Code.CloseParenthesis ? Code.OpenParenthesis : c - 2;
      // A bracket left open must not swallow the rest of the file: a closing one may skip a few of the wrong kind.
      let k = open.length - 1;
      while (k >= 0 && k > open.length - 5 && code[open[k]] !== wanted) k--;
      if (k < 0 || code[open[k]] !== wanted) continue;
      match[open[k]] = x;
      match[x] = open[k];
      open.length = k;
    }
  }
}

/** Scans a text and takes attributes and directives out of it, into the output's marks. */
export function readSource(text: string, dialect: Dialect): Source {
  const tokens = scan(text);
  const words = wordTable(dialect);
  const output = new MaskOutput(text);
  const size = tokens.count + 3 * LEAD;
  const code = new Int16Array(size);
  const start = new Int32Array(size);
  const stop = new Int32Array(size);
  let end = LEAD;
  for (let i = 0; i < tokens.count; i++) {
    const from = tokens.start[i];
    const to = tokens.end[i];
    const kind = tokens.kind[i];
    if (kind === TokenKind.Identifier) {
      const word = words.lookup(text, from, to);
      if (word >= Word.Attribute && word <= Word.AttributeEither) {
        const last = attributeEnd(text, tokens, i, word, end > LEAD ? code[end - 1] : Code.Semicolon);
        if (last >= 0) {
          maskAttribute(output, tokens, i, last);
          i = last;
          continue;
        }
        code[end] = Code.Identifier;
      } else {
        code[end] = Code.Identifier + word;
      }
    } else if (kind === TokenKind.Directive) {
      output.blank(from, to);
      continue;
    } else {
      code[end] =
        kind === TokenKind.Punctuator
          ? text.charCodeAt(from)
          : kind === TokenKind.String
            ? Code.String
            : kind === TokenKind.Number
              ? Code.Number
              : Code.Character;
    }
    start[end] = from;
    stop[end++] = to;
  }
  const source: Source = { text, dialect, output, end, code, start, stop, match: new Int32Array(size).fill(-1) };
  matchBrackets(source);
  return source;
}
