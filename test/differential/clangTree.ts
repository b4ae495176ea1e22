/**
 * The text that `clang -ast-dump` prints, as trees: one per declaration at file scope that stands in the driver's own files.
 * The dump names a file only where it differs from the place printed before, so places are read in order from the first line on.
 */

/** A place that the dump prints: where the token was written, which for an argument of a macro is the argument's place. */
export interface Written {
  file: string;
  line: number;
  column: number;
}

export interface ClangNode {
  kind: string;
  /** `0x…`; other nodes refer to declarations by it. */
  id: string;
  begin: Written | null;
  end: Written | null;
  /** What follows the range: types, names, flags. */
  rest: string;
  children: ClangNode[];
  parent: ClangNode | null;
}

const PLACE = /(line|<[a-z -]+>|[^\s<>:,']+):(\d+):(\d+)|\bcol:(\d+)/g;
const HEAD = /^([A-Za-z]+)(?: (0x[0-9a-f]+))?(?: (?:parent|prev) 0x[0-9a-f]+)*/;

/** Reads the places of one line after another. */
class Places {
  private file = '';
  private line = 0;

  /** The places in `text`, in the order in which they are printed. */
  read(text: string): Written[] {
    const found: Written[] = [];
    for (const match of text.matchAll(PLACE)) {
      if (match[4] === undefined) {
        if (match[1] !== 'line') this.file = match[1];
        this.line = Number(match[2]);
        found.push({ file: this.file, line: this.line, column: Number(match[3]) });
      } else found.push({ file: this.file, line: this.line, column: Number(match[4]) });
    }
    return found;
  }
}

/** Cuts `<range>` from behind the node's head. A range may itself hold `<scratch space>`. */
function cutRange(text: string): { range: string; rest: string } {
  if (!text.startsWith(' <')) return { range: '', rest: text };
  let depth = 0;
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '<') depth++;
    else if (text[i] === '>' && --depth === 0) return { range: text.slice(2, i), rest: text.slice(i + 1) };
  }
  return { range: text.slice(2), rest: '' };
}

/** Declarations at file scope whose own place satisfies `isOwn`, with everything in them. */
export function declarationsInDump(dump: string, isOwn: (file: string) => boolean): ClangNode[] {
  const found: ClangNode[] = [];
  const places = new Places();
  /** The node at each depth above the current line; empty while a foreign declaration is passed over. */
  let stack: ClangNode[] = [];
  for (let at = 0, next = 0; at < dump.length; at = next + 1) {
    next = dump.indexOf('\n', at);
    if (next < 0) next = dump.length;
    let start = at;
    while (start < next && '|`- '.includes(dump[start])) start++;
    const depth = (start - at) >> 1;
    const line = dump.slice(start, next);
    const head = HEAD.exec(line);
    if (!head || depth === 0) continue;
    const { range, rest } = cutRange(line.slice(head[0].length));
    const inRange = places.read(range);
    const isDeclaration = head[1].endsWith('Decl');
    // A declaration's name has a place of its own behind the range.
    const own = isDeclaration ? places.read(/^ \S+/.exec(rest)?.[0] ?? '')[0] : undefined;
    if (depth === 1) {
      stack = [];
      const place = own ?? inRange[0];
      if (!place || !isOwn(place.file)) continue;
    } else if (stack.length < depth - 1) continue;
    const parent = depth === 1 ? null : stack[depth - 2];
    const node: ClangNode = {
      kind: head[1],
      id: head[2] ?? '',
      begin: inRange[0] ?? null,
      end: inRange[inRange.length - 1] ?? null,
      rest: own ? rest.replace(/^ \S+/, '') : rest,
      children: [],
      parent,
    };
    stack.length = depth - 1;
    stack.push(node);
    if (parent) parent.children.push(node);
    else found.push(node);
  }
  return found;
}
