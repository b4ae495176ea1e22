/** Where the statements of a function stand and how they nest: for views of a function's text, computed on demand. */
import type { Item } from '../syntax/nodes';
import { childByField, Field, Kind, namedChild, namedChildrenOf } from './nodeReading';

/** Statements nested deeper are left out: such functions are generated, and a stack is finite. */
const MAXIMUM_DEPTH = 200;

export interface StatementSpan {
  /** `simple`: an expression or declaration; `head`: the condition of an `if`, loop or `switch`, whose statements name it as `parent`. */
  kind: 'simple' | 'return' | 'jump' | 'head';
  /** Of a head: the statement that it stands for. */
  word: 'if' | 'while' | 'for' | 'do' | 'switch' | null;
  /** Offset in the function's item; of a head, where its keyword stands. */
  at: number;
  length: number;
  /** Index of the head around it, or -1. */
  parent: number;
  /** In the `else` part of its parent. */
  otherwise: boolean;
}

/** Statements of a function definition in the order of the text; empty when the item is none. */
export function statementSpans(item: Item): StatementSpan[] {
  const { nodes } = item;
  const spans: StatementSpan[] = [];
  const add = (node: number, kind: StatementSpan['kind'], parent: number, otherwise: boolean): number =>
    spans.push({ kind, word: null, at: nodes.start[node], length: nodes.end[node] - nodes.start[node], parent, otherwise }) - 1;
  const head = (node: number, word: StatementSpan['word'], end: number, parent: number, otherwise: boolean): number =>
    spans.push({ kind: 'head', word, at: nodes.start[node], length: Math.max(0, end - nodes.start[node]), parent, otherwise }) - 1;
  const visit = (node: number, parent: number, otherwise: boolean, depth = 0): void => {
    if (depth > MAXIMUM_DEPTH) return;
    switch (nodes.kind[node]) {
      case Kind.compound_statement:
      case Kind.case_statement:
      case Kind.labeled_statement:
      case Kind.attributed_statement:
      case Kind.ERROR: {
        for (const child of namedChildrenOf(nodes, node)) {
          const isLabel = nodes.field[child] === Field.label || nodes.field[child] === Field.value;
          if (!isLabel) visit(child, parent, otherwise, depth + 1);
        }
        return;
      }
      case Kind.if_statement: {
        const own = head(node, 'if', nodes.end[childByField(nodes, node, Field.condition)], parent, otherwise);
        visit(childByField(nodes, node, Field.consequence), own, false, depth + 1);
        const alternative = childByField(nodes, node, Field.alternative);
        const rest = alternative && nodes.kind[alternative] === Kind.else_clause ? namedChild(nodes, alternative, 0) : alternative;
        if (rest) visit(rest, own, true, depth + 1);
        return;
      }
      case Kind.while_statement:
      case Kind.switch_statement: {
        const word = nodes.kind[node] === Kind.while_statement ? 'while' : 'switch';
        const own = head(node, word, nodes.end[childByField(nodes, node, Field.condition)], parent, otherwise);
        visit(childByField(nodes, node, Field.body), own, false, depth + 1);
        return;
      }
      case Kind.for_statement: {
        const body = childByField(nodes, node, Field.body);
        const own = head(node, 'for', nodes.start[body], parent, otherwise);
        visit(body, own, false, depth + 1);
        return;
      }
      case Kind.do_statement: {
        const condition = childByField(nodes, node, Field.condition);
        const own = spans.push({
          kind: 'head',
          word: 'do',
          at: nodes.start[condition],
          length: nodes.end[condition] - nodes.start[condition],
          parent,
          otherwise,
        });
        visit(childByField(nodes, node, Field.body), own - 1, false, depth + 1);
        return;
      }
      case Kind.return_statement:
        add(node, 'return', parent, otherwise);
        return;
      case Kind.break_statement:
      case Kind.continue_statement:
      case Kind.goto_statement:
        add(node, 'jump', parent, otherwise);
        return;
      case Kind.expression_statement:
        if (namedChild(nodes, node, 0)) add(node, 'simple', parent, otherwise);
        return;
      case Kind.declaration:
        add(node, 'simple', parent, otherwise);
        return;
      default:
        return;
    }
  };
  const body = item.kind === 'function_definition' ? childByField(nodes, 0, Field.body) : 0;
  if (body) visit(body, -1, false);
  return spans;
}
