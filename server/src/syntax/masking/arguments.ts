/** Arguments of macros that no expression grammar takes: types, operators, statements, initializers, nothing at all. */
import { blankTokens, Code, insertAfter, isWord, retire, textBetween, type Source } from './source';
import { maskTypeArgument } from './typeArguments';
import { Word } from './words';

const FIRST_JUMP = Code.Identifier + Word.Return;
const LAST_JUMP = Code.Identifier + Word.Continue;
const FIRST_STATEMENT = Code.Identifier + Word.If;
const LAST_STATEMENT = Code.Identifier + Word.Default;
const STORAGE = Code.Identifier + Word.Storage;
const FIRST_TYPE_WORD = Code.Identifier + Word.FirstKeyword;

function markArgument(source: Source, first: number, end: number): void {
  source.output.marks.push({
    kind: 'argument',
    start: source.start[first],
    end: source.stop[end - 1],
    text: textBetween(source, first, end - 1),
  });
}

/** Replaces a whole argument by `0`. */
function zeroArgument(source: Source, first: number, end: number): void {
  markArgument(source, first, end);
  source.output.replace(source.start[first], source.stop[end - 1], '0');
  retire(source, first, end);
}

function onlyPunctuators(source: Source, first: number, end: number): boolean {
  const { code } = source;
  for (let x = first; x < end; x++) {
    const c = code[x];
    if (c >= Code.String || c === Code.OpenParenthesis || c === Code.OpenBracket || c === Code.OpenBrace || c === Code.Semicolon)
      return false;
  }
  return true;
}

/** True when a `;` stands directly between two brackets, that is: statements, not an initializer. */
export function holdsStatements(source: Source, open: number): boolean {
  const { code, match } = source;
  const close = match[open];
  for (let x = open + 1; x < close; x++) {
    if (code[x] === Code.Semicolon) return true;
    if (match[x] > x) x = match[x];
  }
  return false;
}

/** `[index] =` → `(index) =`, `[low ... high] =` → `(low) =`. */
function maskIndex(source: Source, open: number): void {
  const { code, match, output, start, stop } = source;
  const close = match[open];
  output.replace(start[open], stop[open], '(');
  output.replace(start[close], stop[close], ')');
  for (let x = open + 1; x < close - 1; x++)
    if (code[x] === Code.Dot && code[x + 1] === Code.Dot) return output.clear(start[x], start[close]);
}

/**
 * An initializer between braces as an argument becomes a parenthesised comma expression, so that what it names stays visible:
 * `{ .get = f, { 1, 2 } }` → `(  get = f, ( 1, 2 ) )`. Compound literals inside it are left as they are.
 */
function maskBraces(source: Source, open: number): void {
  const { code, match, output, start, stop } = source;
  const close = match[open];
  for (let x = open; x < close; x++) {
    const c = code[x];
    const before = code[x - 1];
    const atElement = before === Code.Comma || before === Code.OpenBrace;
    if (c === Code.OpenBrace && match[x] > x) {
      if (before === Code.CloseParenthesis) x = match[x];
      else maskBracePair(source, x);
    } else if (c === Code.Dot && atElement) {
      output.clear(start[x], stop[x]);
    } else if (c === Code.OpenBracket && atElement && match[x] > x) {
      maskIndex(source, x);
    } else if (c === Code.OpenParenthesis && match[x] > x) {
      x = match[x];
    }
  }
}

function maskBracePair(source: Source, open: number): void {
  const { code, match, output, start, stop } = source;
  const close = match[open];
  if (close === open + 1) {
    output.replace(start[open], stop[close], '0');
    return;
  }
  output.replace(start[open], stop[open], '(');
  output.replace(start[close], stop[close], ')');
  if (code[close - 1] === Code.Comma) output.clear(start[close - 1], stop[close - 1]);
}

/** `.name = value` and `[index] = value` as an argument: an assignment without its dot or brackets. */
function maskDesignator(source: Source, first: number, end: number): boolean {
  const { code, match, output, start, stop } = source;
  if (code[first] === Code.Dot && isWord(code[first + 1])) {
    markArgument(source, first, end);
    output.clear(start[first], stop[first]);
  } else if (code[first] === Code.OpenBracket && code[match[first] + 1] === Code.Equals && match[first] < end) {
    markArgument(source, first, end);
    maskIndex(source, first);
  } else {
    return false;
  }
  for (let x = first + 1; x < end; x++) {
    if (code[x] === Code.OpenBrace && code[x - 1] === Code.Equals && source.match[x] > x) maskBraces(source, x);
    if (source.match[x] > x) x = source.match[x];
  }
  return true;
}

/** Statements as an argument: a block where there is room for its braces, else `0`. */
function maskStatements(source: Source, first: number, end: number): void {
  const { output, stop, start } = source;
  markArgument(source, first, end);
  const complete = source.code[end - 1] === Code.Semicolon || source.code[end - 1] === Code.CloseBrace;
  if (complete && output.hasRoom(stop[first - 1], start[first]) && output.hasRoom(stop[end - 1], start[end])) {
    insertAfter(source, first - 1, '{');
    insertAfter(source, end - 1, '}');
  } else {
    output.replace(start[first], stop[end - 1], '0');
    retire(source, first, end);
  }
}

/** `static inline` as an argument, alone or before a type. */
function maskStorageArgument(source: Source, first: number, end: number): void {
  const { code, start, output } = source;
  let type = first;
  while (type < end && code[type] === STORAGE) type++;
  if (type === end) return zeroArgument(source, first, end);
  markArgument(source, first, end);
  output.clear(start[first], start[type]);
  retire(source, first, type);
  maskTypeArgument(source, type, end);
}

function maskArgument(source: Source, first: number, end: number, semicolon: boolean): void {
  const { code, start, stop, output, match } = source;
  const c = code[first];
  if (c === Code.OpenBrace) {
    if (match[first] !== end - 1 || holdsStatements(source, first)) return;
    markArgument(source, first, end);
    maskBraces(source, first);
  } else if (c >= FIRST_STATEMENT && c <= LAST_STATEMENT) {
    if (semicolon) maskStatements(source, first, end);
    else zeroArgument(source, first, end);
  } else if (semicolon) {
    maskStatements(source, first, end);
  } else if (c >= FIRST_JUMP && c <= LAST_JUMP) {
    if (end === first + 1) {
      zeroArgument(source, first, end);
    } else {
      markArgument(source, first, end);
      output.clear(start[first], stop[first]);
    }
  } else if (c === STORAGE) {
    maskStorageArgument(source, first, end);
  } else if (isWord(c)) {
    maskTypeArgument(source, first, end);
  } else if (c < Code.String && c !== Code.OpenParenthesis && !maskDesignator(source, first, end) && onlyPunctuators(source, first, end)) {
    zeroArgument(source, first, end);
  }
}

/** An empty argument gets a `0` where there is room; one at the end loses the comma before it. */
function maskEmptyArgument(source: Source, x: number, open: number, close: number): void {
  if (x === close && x - 1 > open) blankTokens(source, x - 1, x - 1);
  else if (x < close && !insertAfter(source, x - 1, '0')) {
    const comma = x - 1 > open ? x - 1 : x;
    blankTokens(source, comma, comma);
  }
}

/** Masks the arguments of a macro call whose parentheses are tokens `open` and `close`. Nested calls are left to their own turn. */
export function maskArguments(source: Source, open: number, close: number): void {
  const { code, match } = source;
  if (close === open + 1) return;
  let first = open + 1;
  let semicolon = false;
  for (let x = first; x <= close; x++) {
    const c = code[x];
    if (x === close || c === Code.Comma) {
      if (x === first) maskEmptyArgument(source, x, open, close);
      // A single name or number, by far the most frequent argument, needs no look.
      else if (x > first + 1 || code[first] < Code.String || code[first] >= FIRST_TYPE_WORD) maskArgument(source, first, x, semicolon);
      first = x + 1;
      semicolon = false;
    } else if (c === Code.Semicolon) {
      semicolon = true;
    } else if (match[x] > x) {
      x = match[x];
    }
  }
}
