/** Ways to write a driver differently that change nothing of what it does. They know just enough C for the fixtures' style. */

/** A stretch of a file: a function definition that begins and ends at the line's first column, or what lies between two. */
export interface Chunk {
  kind: 'function' | 'other';
  name: string;
  text: string;
}

const HEAD = /^(?:static |inline |__\w+(?:\([^\n]*\))? |const |unsigned |struct )*\w+[ *]+(\w+)\([^;{}]*\)\s*$/;

/** Cuts a file into its functions and the rest. */
export function chunksOf(text: string): Chunk[] {
  const lines = text.split('\n');
  const chunks: Chunk[] = [];
  let rest: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const end = functionEnd(lines, i);
    if (end === null) {
      rest.push(lines[i]);
      continue;
    }
    if (rest.length > 0) chunks.push({ kind: 'other', name: '', text: rest.join('\n') });
    rest = [];
    chunks.push({ kind: 'function', name: headOf(lines, i)!, text: lines.slice(i, end + 1).join('\n') });
    i = end;
  }
  if (rest.length > 0) chunks.push({ kind: 'other', name: '', text: rest.join('\n') });
  return chunks;
}

/** The name of the function whose head begins on the line; heads may go on to the next lines. */
function headOf(lines: readonly string[], at: number): string | null {
  if (!/^[a-z_]/i.test(lines[at]) || lines[at].startsWith('struct ' + (/^struct (\w+) \{/.exec(lines[at])?.[1] ?? '\0'))) return null;
  let head = '';
  for (let i = at; i < Math.min(at + 4, lines.length); i++) {
    if (lines[i] === '{') return HEAD.exec(head.trim())?.[1] ?? null;
    head += lines[i].replace(/\/\/.*$/, '').trimEnd() + ' ';
  }
  return null;
}

function functionEnd(lines: readonly string[], at: number): number | null {
  if (headOf(lines, at) === null) return null;
  const end = lines.indexOf('}', at);
  return end < 0 ? null : end;
}

export function joinChunks(chunks: readonly Chunk[]): string {
  return chunks.map((c) => c.text).join('\n');
}

/** Puts the functions in the opposite order, each in the place of another. */
export function reordered(text: string): string {
  const chunks = chunksOf(text);
  const functions = chunks.filter((c) => c.kind === 'function').reverse();
  return joinChunks(chunks.map((c) => (c.kind === 'function' ? functions.shift()! : c)));
}

const LOCAL =
  /^\t+(?!return|goto|else)(?:const |static |unsigned |volatile )*(?:struct \w+|enum \w+|\w+)\s+\**(\w+)(?:\[\w*\])?(?: = [^;]*)?(?:, \**\w+)*;/gm;
const PARAMETER = /[(,]\s*(?:const |unsigned )*(?:struct \w+|\w+)\s+\**(\w+)(?=[,)])/g;

/** Gives every local variable and parameter another name, wherever that name stands for a variable. */
export function renamed(text: string): string {
  const names = new Set<string>();
  for (const chunk of chunksOf(text)) {
    if (chunk.kind !== 'function') continue;
    for (const match of chunk.text.matchAll(LOCAL)) names.add(match[1]);
    for (const match of chunk.text.slice(0, chunk.text.indexOf('\n{')).matchAll(PARAMETER)) names.add(match[1]);
  }
  const rename = (part: string): string =>
    // Members after a dot, records, labels and what a macro pastes or quotes keep their names.
    part.replace(/(->|\.|\b(?:struct|enum|union|goto) |#)?(\b[A-Za-z_]\w*\b)(?!##)/g, (whole, before: string | undefined, name: string) =>
      before === undefined && names.has(name) ? `other_${name}` : whole,
    );
  return joinChunks(
    chunksOf(text).map((c) => ({
      ...c,
      text: c.kind === 'function' ? rename(c.text) : c.text.replace(/^#define.*(?:(?<=\\)\n.*)*/gm, rename),
    })),
  );
}

/** Puts every function's body into `do { … } while (0)`. */
export function wrapped(text: string): string {
  return joinChunks(
    chunksOf(text).map((c) =>
      c.kind === 'function' ? { ...c, text: c.text.replace(/\n\{\n/, '\n{\n\tdo {\n').replace(/\n\}$/, '\n\t} while (0);\n}') } : c,
    ),
  );
}

/** Adds statements that never run or do nothing, and a function that nobody calls. */
export function padded(text: string): string {
  const chunks = chunksOf(text).map((c) =>
    c.kind === 'function' ? { ...c, text: c.text.replace(/\n\{\n/, '\n{\n\tif (0) {\n\t\tint never = 1;\n\t\tnever++;\n\t}\n\t;\n') } : c,
  );
  return `${joinChunks(chunks)}\nstatic int nobody_calls(struct net_device *nobody)\n{\n\treturn nobody->mtu + nobody->flags;\n}\n`;
}

/**
 * Splits a file in two: functions that only other functions name go to the second one, what stands before the first function
 * goes to a header. Null when there is nothing to move, or something that cannot be shared stands in the way.
 */
export function splitInTwo(text: string): { header: string; first: string; second: string } | null {
  const chunks = chunksOf(text);
  const [prefix, ...rest] = chunks;
  if (
    prefix.kind !== 'other' ||
    /=|^static|^[a-z]\w* \w+;/m.test(prefix.text.replace(/\/\/.*$/gm, '').replace(/^#define[^\n]*(?:\\\n[^\n]*)*/gm, ''))
  )
    return null;
  if (rest.some((c) => c.kind === 'other' && /^#(?:define|undef|if|e)/m.test(c.text))) return null;
  const others = rest
    .filter((c) => c.kind === 'other')
    .map((c) => c.text)
    .join('\n');
  const isHelper = (c: Chunk): boolean =>
    c.kind === 'function' &&
    !new RegExp(`\\b${c.name}\\b`).test(others) &&
    !rest.some((o) => o.kind === 'function' && new RegExp(`[(,=] *${c.name}\\b(?! *\\()`).test(o.text));
  const helpers = rest.filter(isHelper);
  if (helpers.length === 0) return null;
  const second = helpers.map((c) => c.text.replace(/^((?:__\w+ )*)static (?:inline )?/, '$1'));
  return { header: prefix.text, first: joinChunks(rest.filter((c) => !helpers.includes(c))), second: second.join('\n') };
}
