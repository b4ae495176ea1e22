/** Initialisers of file-scope variables as small trees. */
import { childByField, Field, Kind, namedChild, operatorOf, textOf } from '../syntax/nodeAccess';
import { splitArguments } from './declarationsAttributes';
import { type ItemSource, literalValue, originalSlice } from './declaratorsSource';
import type { CType, Designator, Initializer } from './types';

/**
 * Reads an initialiser expression or list; offsets are relative to the item's start, texts are those before the mask.
 * A compound literal, also behind `&`, counts as the list it holds.
 */
export function readInitializer(source: ItemSource, node: number): Initializer {
  const { nodes } = source;
  const start = nodes.start[node];
  const end = nodes.end[node];
  const inner = valueNode(source, node);
  switch (nodes.kind[inner]) {
    case Kind.initializer_list:
      return { kind: 'list', entries: entriesOf(source, inner), start, end };
    case Kind.call_expression:
      return callOf(source, inner) ?? expressionOf(source, node);
    default:
      return expressionOf(source, node);
  }
}

/** The list of a compound literal, the call inside parentheses or casts; else the node itself. */
function valueNode(source: ItemSource, node: number): number {
  const { nodes } = source;
  let n = node;
  for (;;) {
    if (nodes.kind[n] === Kind.parenthesized_expression) n = namedChild(nodes, n, 0) || node;
    else if (nodes.kind[n] === Kind.cast_expression) n = childByField(nodes, n, Field.value) || node;
    else if (nodes.kind[n] === Kind.compound_literal_expression) return childByField(nodes, n, Field.value) || node;
    else if (nodes.kind[n] === Kind.pointer_expression) {
      const argument = childByField(nodes, n, Field.argument);
      return nodes.kind[argument] === Kind.compound_literal_expression ? childByField(nodes, argument, Field.value) : n;
    } else return n;
    if (n === node) return node;
  }
}

/** The plain name that an expression is, through parentheses, casts and `&`; null when it is more than a name. */
function plainName(source: ItemSource, node: number): string | null {
  const { nodes, text } = source;
  let n = node;
  while (n !== 0) {
    switch (nodes.kind[n]) {
      case Kind.identifier:
        return textOf(nodes, n, text);
      case Kind.parenthesized_expression:
        n = namedChild(nodes, n, 0);
        break;
      case Kind.cast_expression:
        n = childByField(nodes, n, Field.value);
        break;
      case Kind.pointer_expression:
        if (operatorOf(nodes, n, text) === '*' || text.charCodeAt(nodes.start[n]) === 42) return null;
        n = childByField(nodes, n, Field.argument);
        break;
      default:
        return null;
    }
  }
  return null;
}

function expressionOf(source: ItemSource, node: number): Initializer {
  const start = source.nodes.start[node];
  const end = source.nodes.end[node];
  return { kind: 'expression', text: originalSlice(source, start, end), name: plainName(source, node), start, end };
}

/** A call as an initialiser; null when what is called is no plain name. */
function callOf(source: ItemSource, node: number): Initializer | null {
  const { nodes } = source;
  const callee = childByField(nodes, node, Field.function);
  const list = childByField(nodes, node, Field.arguments);
  if (callee === 0 || list === 0 || nodes.kind[callee] !== Kind.identifier) return null;
  return {
    kind: 'call',
    name: textOf(nodes, callee, source.text),
    arguments: splitArguments(originalSlice(source, nodes.start[list] + 1, nodes.end[list] - 1)),
    start: nodes.start[node],
    end: nodes.end[node],
  };
}

function designatorOf(source: ItemSource, node: number): Designator | null {
  const { nodes, text } = source;
  switch (nodes.kind[node]) {
    case Kind.field_designator:
    case Kind.field_identifier: {
      const name = textOf(nodes, node, text);
      return { kind: 'field', name: name.startsWith('.') ? name.slice(1).trim() : name };
    }
    case Kind.subscript_designator:
    case Kind.subscript_range_designator:
      return { kind: 'index', text: originalSlice(source, nodes.start[node] + 1, nodes.end[node] - 1).trim() };
    default:
      return null;
  }
}

function entriesOf(source: ItemSource, list: number): { designators: Designator[]; value: Initializer }[] {
  const { nodes } = source;
  const entries: { designators: Designator[]; value: Initializer }[] = [];
  for (let c = nodes.firstChild[list]; c !== 0; c = nodes.nextSibling[c]) {
    if (nodes.kind[c] === Kind.preproc || nodes.kind[c] === Kind.ERROR || nodes.kind[c] === Kind.operator) continue;
    if (nodes.kind[c] !== Kind.initializer_pair) {
      entries.push({ designators: [], value: readInitializer(source, c) });
      continue;
    }
    const designators: Designator[] = [];
    let value = 0;
    for (let p = nodes.firstChild[c]; p !== 0; p = nodes.nextSibling[p]) {
      const designator = value === 0 && nodes.field[p] !== Field.value ? designatorOf(source, p) : null;
      if (designator) designators.push(designator);
      else if (nodes.field[p] === Field.value) value = p;
    }
    if (value !== 0) entries.push({ designators, value: readInitializer(source, value) });
  }
  return entries;
}

/** Elements of an initialiser whose array has no bound; null when that cannot be told (an index that is no literal, a macro that may hold commas). */
function elementCount(initializer: Initializer): number | null {
  if (initializer.kind === 'expression') {
    const literal = /^"((?:[^"\\]|\\[^x0-7])*)"$/.exec(initializer.text);
    return literal ? literal[1].replace(/\\./g, '?').length + 1 : null;
  }
  if (initializer.kind === 'call') return null;
  let next = 0;
  let count = 0;
  for (const { designators } of initializer.entries) {
    const [first] = designators;
    if (first?.kind === 'field') return null;
    if (first) {
      const last = first.text.split('...').pop() ?? '';
      const index = literalValue(last);
      if (index === null) return null;
      next = index;
    }
    next++;
    count = Math.max(count, next);
  }
  return count;
}

/** `int a[] = { 1, 2 }` has two elements: the type with the length that its initialiser gives, where it can be told. */
export function withInitializedLength(type: CType, initializer: Initializer | null): CType {
  if (!initializer || type.kind !== 'array' || type.length !== null || !type.flexible) return type;
  const length = elementCount(initializer);
  return length === null ? type : { ...type, length, flexible: false };
}
