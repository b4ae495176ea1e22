/** Arguments that are types: `container_of(p, struct foo, m)`, `min_t(unsigned int, a, b)`, `typecheck(void (*)(int), f)`. */
import { Code, isName, isWord, retire, textAt, type Source } from './source';
import { Word } from './words';

const TAGS_FROM = Code.Identifier + Word.Struct;
const TAGS_TO = Code.Identifier + Word.Enum;
const PRIMITIVE = Code.Identifier + Word.Primitive;
const QUALIFIER = Code.Identifier + Word.Qualifier;
const TYPEOF = Code.Identifier + Word.Typeof;

/** What was found at the head of an argument. Token indices; `end` is the first token behind the type's words and stars. */
interface TypeHead {
  /** The one token that stays visible when the whole argument is a type; -1: none. */
  keep: number;
  end: number;
  stars: number;
  /** A single identifier that may as well be an expression. */
  doubtful: boolean;
}

function typeHead(source: Source, first: number, end: number): TypeHead | null {
  const { code, match } = source;
  let x = first;
  if (code[x] === QUALIFIER) x++;
  const c = code[x];
  let keep = x;
  let doubtful = false;
  if (x >= end) {
    return null;
  } else if (c >= TAGS_FROM && c <= TAGS_TO) {
    if (!isWord(code[x + 1])) return null;
    keep = x + 1;
    x += 2;
  } else if (c === PRIMITIVE) {
    while (x < end && (code[x] === PRIMITIVE || code[x] === QUALIFIER)) x++;
    // `unsigned __int128`, `unsigned u32`: a name ends the words only when something else follows it.
    if (x === end - 1 && isName(code[x]) && x === keep + 1 && textAt(source, x).startsWith('__int')) x++;
  } else if (c === TYPEOF && code[x + 1] === Code.OpenParenthesis && match[x + 1] > 0) {
    keep = -1;
    x = match[x + 1] + 1;
  } else if (isName(c)) {
    doubtful = x === first;
    x++;
  } else {
    return null;
  }
  const beforeStars = x;
  while (x < end && (code[x] === Code.Star || code[x] === QUALIFIER)) x++;
  return { keep, end: x, stars: x - beforeStars, doubtful };
}

/** True when tokens `x` to `end - 1` are what may follow a type's name in an abstract declarator: `[3]`, `(*)(int)`. */
function isAbstractTail(source: Source, x: number, end: number, doubtful: boolean): boolean {
  const { code, match } = source;
  if (code[x] === Code.OpenBracket) return !doubtful && match[x] === end - 1;
  if (code[x] !== Code.OpenParenthesis || code[x + 1] !== Code.Star) return false;
  return code[x + 2] === Code.CloseParenthesis && code[x + 3] === Code.OpenParenthesis && match[x + 3] === end - 1;
}

function markArgument(source: Source, first: number, end: number): void {
  const from = source.start[first];
  const to = source.stop[end - 1];
  source.output.marks.push({ kind: 'argument', start: from, end: to, text: source.text.slice(from, to) });
}

/** Leaves only token `keep` visible, with a capital where it is a keyword of a basic type. */
function keepOnly(source: Source, first: number, end: number, keep: number): void {
  const { output, start, stop, code } = source;
  markArgument(source, first, end);
  if (keep < 0) {
    // typeof(x) is renamed when the walk comes to it: only what stands around it goes.
    const word = code[first] === QUALIFIER ? first + 1 : first;
    output.clear(start[first], start[word]);
    const close = source.match[word + 1];
    output.clear(stop[close], stop[end - 1]);
    retire(source, close + 1, end);
    return;
  }
  output.clear(start[first], start[keep]);
  output.clear(stop[keep], stop[end - 1]);
  if (code[keep] === PRIMITIVE) {
    const word = textAt(source, keep);
    output.replace(start[keep], stop[keep], word[0].toUpperCase() + word.slice(1));
  }
  retire(source, first, end);
}

/**
 * Masks the argument that is tokens `first` to `end - 1` if it is a type or a declaration (`struct foo *name`, of which the name stays).
 * False when it is an expression as far as can be told.
 */
export function maskTypeArgument(source: Source, first: number, end: number): boolean {
  const { code, start, output } = source;
  const head = typeHead(source, first, end);
  if (!head) return false;
  const x = head.end;
  if (x >= end) {
    if (head.doubtful && head.stars === 0) return false;
    if (head.keep < 0 && head.stars === 0) return false;
    keepOnly(source, first, end, head.keep);
    return true;
  }
  if (isAbstractTail(source, x, end, head.doubtful)) {
    keepOnly(source, first, end, head.keep);
    return true;
  }
  if (!isName(code[x])) return false;
  // A name after the type. After a lone identifier with stars it is a product: `a * b`.
  if (head.doubtful && (head.stars > 0 || x !== end - 1)) return false;
  if (x !== end - 1 && code[x + 1] !== Code.OpenBracket && code[x + 1] !== Code.Equals) return false;
  markArgument(source, first, end);
  output.clear(start[first], start[x]);
  retire(source, first, x);
  return true;
}
