/** Kinds of C tokens as the masks and the preprocessor need them. Comments and white space are not tokens. */
export const enum TokenKind {
  Identifier = 1,
  Number = 2,
  String = 3,
  Character = 4,
  /** One character each: `->` is two tokens. */
  Punctuator = 5,
  /** A whole preprocessor line with its continuations, from `#` to before the newline. */
  Directive = 6,
}

/** Tokens in text order, as parallel arrays; only the first `count` entries count. */
export interface Tokens {
  count: number;
  start: Int32Array;
  end: Int32Array;
  kind: Uint8Array;
}

const enum C {
  Newline = 10,
  Return = 13,
  Space = 32,
  DoubleQuote = 34,
  Hash = 35,
  Dollar = 36,
  Quote = 39,
  Star = 42,
  Plus = 43,
  Minus = 45,
  Dot = 46,
  Slash = 47,
  Zero = 48,
  Nine = 57,
  Backslash = 92,
  Underscore = 95,
  ByteOrderMark = 0xfeff,
}

/** True for what may continue an identifier (`$` as gcc allows). */
export function isIdentifierCode(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || c === C.Underscore || (c >= C.Zero && c <= C.Nine) || c === C.Dollar || c > 127;
}

function endOfString(text: string, start: number, quote: number): number {
  const n = text.length;
  for (let i = start + 1; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c === C.Backslash) i++;
    else if (c === quote) return i + 1;
    else if (c === C.Newline) return i;
  }
  return n;
}

function endOfDirective(text: string, start: number): number {
  const n = text.length;
  for (let i = start + 1; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c === C.Newline) {
      let k = i - 1;
      if (text.charCodeAt(k) === C.Return) k--;
      if (text.charCodeAt(k) !== C.Backslash) return i;
    } else if (c === C.Slash && text.charCodeAt(i + 1) === C.Star) {
      const close = text.indexOf('*/', i + 2);
      if (close < 0) return n;
      i = close + 1;
    } else if (c === C.Slash && text.charCodeAt(i + 1) === C.Slash) {
      const newline = text.indexOf('\n', i);
      if (newline < 0) return n;
      i = newline - 1;
    } else if (c === C.DoubleQuote) {
      i = endOfString(text, i, c) - 1;
    }
  }
  return n;
}

function endOfNumber(text: string, start: number): number {
  const n = text.length;
  const hexadecimal = (text.charCodeAt(start + 1) | 32) === 120;
  let i = start + 1;
  for (; i < n; i++) {
    const c = text.charCodeAt(i);
    if (isIdentifierCode(c)) continue;
    // `0...5` is a case range, not a number with dots.
    if (c === C.Dot && text.charCodeAt(i + 1) !== C.Dot && text.charCodeAt(i - 1) !== C.Dot) continue;
    if ((c === C.Plus || c === C.Minus) && !hexadecimal && (text.charCodeAt(i - 1) | 32) === 101) continue;
    break;
  }
  return i;
}

/**
 * Splits C text into tokens. Total: any text gives tokens, unterminated strings end at the line's end,
 * unterminated comments at the text's end.
 */
export function scan(text: string): Tokens {
  const n = text.length;
  let capacity = Math.max(16, n >> 2);
  let start = new Int32Array(capacity);
  let end = new Int32Array(capacity);
  let kind = new Uint8Array(capacity);
  let count = 0;
  let atLineStart = true;
  const push = (s: number, e: number, k: TokenKind): void => {
    if (count === capacity) {
      capacity *= 2;
      const grow = <T extends Int32Array | Uint8Array>(old: T, fresh: T): T => (fresh.set(old), fresh);
      start = grow(start, new Int32Array(capacity));
      end = grow(end, new Int32Array(capacity));
      kind = grow(kind, new Uint8Array(capacity));
    }
    start[count] = s;
    end[count] = e;
    kind[count++] = k;
  };
  let i = 0;
  while (i < n) {
    const c = text.charCodeAt(i);
    if (c === C.Newline) {
      atLineStart = true;
      i++;
    } else if (c <= C.Space || c === C.Backslash || c === C.ByteOrderMark) {
      i++;
    } else if (c === C.Slash && text.charCodeAt(i + 1) === C.Slash) {
      const newline = text.indexOf('\n', i);
      i = newline < 0 ? n : newline;
    } else if (c === C.Slash && text.charCodeAt(i + 1) === C.Star) {
      const close = text.indexOf('*/', i + 2);
      i = close < 0 ? n : close + 2;
    } else if (c === C.Hash && atLineStart) {
      const e = endOfDirective(text, i);
      push(i, e, TokenKind.Directive);
      i = e;
    } else {
      atLineStart = false;
      let e = i + 1;
      let k = TokenKind.Punctuator;
      if (c === C.DoubleQuote || c === C.Quote) {
        e = endOfString(text, i, c);
        k = c === C.Quote ? TokenKind.Character : TokenKind.String;
      } else if (c >= C.Zero && c <= C.Nine) {
        e = endOfNumber(text, i);
        k = TokenKind.Number;
      } else if (isIdentifierCode(c)) {
        while (e < n && isIdentifierCode(text.charCodeAt(e))) e++;
        k = TokenKind.Identifier;
      }
      push(i, e, k);
      i = e;
    }
  }
  return { count, start, end, kind };
}

/**
 * The directives that `scan` finds, and nothing else: start and end of each, one after the other. For texts of which little else is ever
 * looked at, at a small part of the time.
 */
export function directiveSpans(text: string): number[] {
  /** Where a comment, a string or a directive may begin. */
  const turns = /\/[/*]|["'#]/g;
  const spans: number[] = [];
  let commentEnd = -1;
  let isCommentFirst = false;
  /** Whether nothing but blanks and comments stands before a place in its line. */
  const isFirst = (at: number): boolean => {
    let i = at - 1;
    for (; i >= 0; i--) {
      if (i + 1 === commentEnd) return isCommentFirst;
      const c = text.charCodeAt(i);
      if (c === C.Newline) return true;
      if (c > C.Space && c !== C.Backslash && c !== C.ByteOrderMark) return false;
    }
    return true;
  };
  for (let match = turns.exec(text); match; match = turns.exec(text)) {
    const at = match.index;
    const c = text.charCodeAt(at);
    let end = at + 1;
    if (c === C.Hash) {
      if (isFirst(at)) {
        end = endOfDirective(text, at);
        spans.push(at, end);
      }
    } else if (c !== C.Slash) end = endOfString(text, at, c);
    else if (text.charCodeAt(at + 1) === C.Slash) {
      const newline = text.indexOf('\n', at);
      end = newline < 0 ? text.length : newline;
    } else {
      const close = text.indexOf('*/', at + 2);
      end = close < 0 ? text.length : close + 2;
      isCommentFirst = isFirst(at);
      commentEnd = end;
    }
    turns.lastIndex = end;
  }
  return spans;
}
