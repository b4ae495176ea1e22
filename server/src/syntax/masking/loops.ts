/** Loop heads and scoped blocks: `list_for_each_entry(pos, head, member) {` → `while (pos, head, member) {`. */
import { maskArguments } from './arguments';
import { Code, isWord, textAt, type Source } from './source';
import { Word } from './words';

const LOOP = Code.Identifier + Word.Loop;
const ELSE = Code.Identifier + Word.Else;

/** A name that says that it is a loop. `get_vdo_for_target(x)` does not: `for` must begin the name or be followed by `each`. */
const LOOP_NAME = /for_?each|^_*for_/i;

/**
 * True when the macro call at tokens `x` to `close`, at a statement's start, heads a statement: always before `{`, before another
 * statement only when its name says so.
 */
export function isLoopHead(source: Source, x: number, close: number): boolean {
  const after = source.code[close + 1];
  if (after === Code.OpenBrace) return true;
  // Nobody calls what a loop macro gives: what follows in parentheses is its body.
  if (after === Code.OpenParenthesis && source.code[x] === LOOP) return LOOP_NAME.test(textAt(source, x));
  if (startsStatement(source, close + 1)) return source.code[x] === LOOP || LOOP_NAME.test(textAt(source, x));
  // `list_for_each(p, head);` is a loop without a body; an unknown `x_for_each(…);` may as well be a function.
  return after === Code.Semicolon && source.code[x] === LOOP && LOOP_NAME.test(textAt(source, x));
}

/** True when token `x`, behind a closing parenthesis, can only be the start of a statement or a dereference. */
function startsStatement(source: Source, x: number): boolean {
  const c = source.code[x];
  if (isWord(c)) return c !== ELSE;
  if (c === Code.Star || (c === Code.OpenParenthesis && source.code[x + 1] === Code.OpenBrace)) return true;
  return (c === Code.Plus || c === Code.Minus) && source.code[x + 1] === c && source.stop[x] === source.start[x + 1];
}

function countSemicolons(source: Source, open: number, close: number): number {
  let count = 0;
  for (let y = open + 1; y < close; y++) {
    if (source.match[y] > y) y = source.match[y];
    else if (source.code[y] === Code.Semicolon) count++;
  }
  return count;
}

/** Rewrites the loop head at tokens `x` to `close`. False when its name is too short to be rewritten. */
export function maskLoop(source: Source, x: number, close: number): boolean {
  const { output, start, stop } = source;
  const open = x + 1;
  const name = textAt(source, x);
  const keyword = countSemicolons(source, open, close) === 2 ? 'for' : name.length >= 5 ? 'while' : 'if';
  if (name.length < keyword.length) return false;
  if (close === open + 1) {
    const end = stop[close];
    if (end - start[x] < keyword.length + 3 || source.text.slice(start[x], end).includes('\n')) return false;
    output.replace(start[x], end, `${keyword}(0)`);
    output.marks.push({ kind: 'loop', start: start[x], end, name });
    return true;
  }
  output.replace(start[x], stop[x], keyword);
  output.marks.push({ kind: 'loop', start: start[x], end: stop[x], name });
  if (keyword !== 'for') maskArguments(source, open, close);
  return true;
}
