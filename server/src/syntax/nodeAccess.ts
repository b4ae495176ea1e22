/** How the layers above read ItemNodes: constant numbers for kinds and fields, and walks over children. Node 0 is the item; as an answer 0 means "none". */
import { NODE_FIELDS, NODE_KINDS, type ItemNodes, type NodeFieldName, type NodeKindName } from './nodes';

type Numbered<T extends readonly string[]> = {
  readonly [I in keyof T & `${number}` as T[I] & string]: I extends `${infer N extends number}` ? N : never;
};

// JSON.parse makes an object with fast properties; one built by a loop of keyed stores becomes a hash table, and these are read in inner loops.
function numbered<T extends readonly string[]>(names: T): Numbered<T> {
  return JSON.parse(`{${names.map((name, i) => `${JSON.stringify(name)}:${i}`).join(',')}}`) as Numbered<T>;
}

/** Number of each node kind: `Kind.call_expression`. For `switch (nodes.kind[n])`. */
export const Kind: Numbered<typeof NODE_KINDS> = numbered(NODE_KINDS);

/** Number of each field: `Field.declarator`. "No field" is 0 (`NO_FIELD`). */
export const Field: Numbered<typeof NODE_FIELDS> = numbered(NODE_FIELDS);

export const NO_FIELD = 0;

/** Name of a node's kind, for messages and tests. */
export function kindName(nodes: ItemNodes, node: number): NodeKindName {
  return NODE_KINDS[nodes.kind[node]];
}

/** Name of the field that a node fills in its parent; '' when none. */
export function fieldName(nodes: ItemNodes, node: number): NodeFieldName {
  return NODE_FIELDS[nodes.field[node]];
}

/** Text of a node; `itemText` is the masked text of the item, from its start. */
export function textOf(nodes: ItemNodes, node: number, itemText: string): string {
  return itemText.slice(nodes.start[node], nodes.end[node]);
}

/** First child that fills `field`; 0 when there is none. */
export function childByField(nodes: ItemNodes, node: number, field: number): number {
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) if (nodes.field[c] === field) return c;
  return 0;
}

/** All children that fill `field`, in order (the declarators of a declaration, the designators of an initializer pair). */
export function childrenByField(nodes: ItemNodes, node: number, field: number): number[] {
  const found: number[] = [];
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) if (nodes.field[c] === field) found.push(c);
  return found;
}

/** First child of a kind; 0 when there is none. */
export function childOfKind(nodes: ItemNodes, node: number, kind: number): number {
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) if (nodes.kind[c] === kind) return c;
  return 0;
}

/** All children in order. In inner loops walk `firstChild`/`nextSibling` instead. */
export function childrenOf(nodes: ItemNodes, node: number): number[] {
  const found: number[] = [];
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) found.push(c);
  return found;
}

/** The children that are not operators: operands, statements, arguments. */
export function namedChildrenOf(nodes: ItemNodes, node: number): number[] {
  const found: number[] = [];
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) if (nodes.kind[c] !== Kind.operator) found.push(c);
  return found;
}

/** The n-th child (0-based) that is not an operator; 0 when there are fewer. */
export function namedChild(nodes: ItemNodes, node: number, index: number): number {
  let left = index;
  for (let c = nodes.firstChild[node]; c !== 0; c = nodes.nextSibling[c]) {
    if (nodes.kind[c] === Kind.operator) continue;
    if (left-- === 0) return c;
  }
  return 0;
}

/** Text of the node's `operator` field (`+`, `->`, `+=`); '' when it has none. */
export function operatorOf(nodes: ItemNodes, node: number, itemText: string): string {
  const operator = childByField(nodes, node, Field.operator);
  return operator === 0 ? '' : textOf(nodes, operator, itemText);
}

/** The expression inside any number of parentheses. */
export function withoutParentheses(nodes: ItemNodes, node: number): number {
  let n = node;
  while (nodes.kind[n] === Kind.parenthesized_expression) {
    const inner = namedChild(nodes, n, 0);
    if (inner === 0) return n;
    n = inner;
  }
  return n;
}

/** Parent of every node (0 for the item). O(nodes); make it once per item where upward steps are needed. */
export function parentsOf(nodes: ItemNodes): Int32Array {
  const parents = new Int32Array(nodes.count);
  for (let n = 0; n < nodes.count; n++) for (let c = nodes.firstChild[n]; c !== 0; c = nodes.nextSibling[c]) parents[c] = n;
  return parents;
}

/** The innermost node that contains an offset (relative to the item's start). */
export function nodeAt(nodes: ItemNodes, offset: number): number {
  let n = 0;
  for (;;) {
    let c = nodes.firstChild[n];
    while (c !== 0 && !(nodes.start[c] <= offset && offset < nodes.end[c])) c = nodes.nextSibling[c];
    if (c === 0) return n;
    n = c;
  }
}

/** S-expression of a node, for tests and debugging. */
export function describe(nodes: ItemNodes, node: number, itemText: string): string {
  const field = fieldName(nodes, node);
  const head = (field ? field + ': ' : '') + '(' + kindName(nodes, node);
  const children = childrenOf(nodes, node);
  if (children.length === 0) return `${head} ${JSON.stringify(textOf(nodes, node, itemText))})`;
  return `${head} ${children.map((c) => describe(nodes, c, itemText)).join(' ')})`;
}
