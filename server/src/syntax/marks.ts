/**
 * What the mask replaced and what it meant. Offsets are those of the masked text (same length as the text before the mask).
 * Every character that the mask changed lies inside a mark. Marks are sorted by `start`, an outer one before those inside it.
 */
export type Mark =
  /**
   * `list_for_each_entry(a, b, c) {` became `while (a, b, c) {`: the range is the name's (with its parentheses when they are empty).
   * Also scoped_guard and kin; `if` when the name is too short for `while`, `for` when the head has semicolons.
   */
  | { kind: 'loop'; start: number; end: number; name: string }
  /**
   * An argument that is a type, an operator, a statement or an initializer; the range is the argument's, `text` its original text.
   * In the tree stands, inside the range, one identifier (a tag, a typedef name, `Unsigned`), `0`, or what the text held that is an expression.
   */
  | { kind: 'argument'; start: number; end: number; text: string }
  /**
   * `__iomem`, `__free(kfree)`, `__attribute__((packed))`: `name` without arguments, `arguments` the text between the parentheses or null.
   * Also the storage words (`static`) before a macro that declares: `static DEFINE_MUTEX(m);` is `DEFINE_MUTEX(m);` in the tree.
   */
  | { kind: 'attribute'; start: number; end: number; name: string; arguments: string | null }
  /** `case 1 ... 5:`; `text` is the upper bound; `start` is where `...` stood. */
  | { kind: 'case-range'; start: number; end: number; text: string }
  /** A bit-field without a name, `int : 3;` or `, : 3`, which reads `int    ;` or nothing; `text` is its width. */
  | { kind: 'bit-field'; start: number; end: number; text: string }
  /** A declaring macro rewritten as a declaration: `DECLARE_BITMAP(n, b)` → `long n[b]`, `DEFINE_PER_CPU(T, n)` → `T n`. `text` is the whole original. */
  | { kind: 'declaration'; start: number; end: number; name: string; text: string }
  /** A name that stands for text which is a keyword or no token of C: `typeof____` for `typeof(x)`, `Offsetof` for `offsetof`, `_SHOT` for `1SHOT`. */
  | { kind: 'renamed'; start: number; end: number; text: string }
  /** A `;`, `,` or `0` put into white space, so that a macro used as a statement, element or empty argument parses. */
  | { kind: 'inserted'; start: number; end: number; text: string }
  /** Text blanked because no C parser could take it (a string-pasting macro, a comma before nothing). `text` is what stood there. */
  | { kind: 'blanked'; start: number; end: number; text: string };

export type MarkKind = Mark['kind'];

export interface Masked {
  /** Same length and same newlines as the input. */
  text: string;
  marks: Mark[];
}

/** How a declaring macro becomes a declaration. Numbers are 0-based arguments. */
export interface DeclarationShape {
  /** The declared name; absent for a macro that declares nothing (`__cacheline_group_begin(x)`), which is blanked. */
  name?: number;
  /** Its type; only a type right before the name can stay visible, else the declaration reads `int`. */
  type?: number;
  /** The name is a pointer to the type (`DEFINE_FLEX(T, p, …)` → `T *p`). */
  pointer?: boolean;
  /** Its array length, right after the name: the declaration reads `long name[length]`. */
  length?: number;
  /** For struct_group(name, members…): the first argument that is members, which stay where they are. `name` is not used then. */
  members?: number;
}

/** The names the mask must know. Data: `server/knowledge/dialect.yaml`. */
export interface Dialect {
  /** Attribute words without arguments (`__iomem`, `__init`). */
  attributes: ReadonlySet<string>;
  /** Attribute words that take arguments (`__aligned(8)`, `__free(kfree)`). */
  attributesWithArguments: ReadonlySet<string>;
  /** Macros that are loop heads or scoped blocks although their name does not look like one. */
  loops: ReadonlySet<string>;
  /** Macros that declare a variable or a member. */
  declarations: ReadonlyMap<string, DeclarationShape>;
}

/** Index of the first mark whose `start` is at or after `offset`. */
function firstFrom(marks: readonly Mark[], offset: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks[middle].start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The marks that start in the half-open range, in order. */
export function marksIn(marks: readonly Mark[], start: number, end: number): Mark[] {
  const first = firstFrom(marks, start);
  let last = first;
  while (last < marks.length && marks[last].start < end) last++;
  return marks.slice(first, last);
}

/** How far back `markAt` looks for a mark that encloses the offset: marks that hold more marks than this inside them are not found. */
const LONGEST_NESTING = 256;

/** The innermost mark of a kind whose range contains the offset; undefined when there is none. */
export function markAt<K extends MarkKind>(marks: readonly Mark[], offset: number, kind: K): Extract<Mark, { kind: K }> | undefined {
  const after = firstFrom(marks, offset + 1);
  for (let i = after - 1; i >= 0 && after - i <= LONGEST_NESTING; i--) {
    const mark = marks[i];
    if (mark.kind === kind && offset < mark.end) return mark as Extract<Mark, { kind: K }>;
  }
  return undefined;
}
