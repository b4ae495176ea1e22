/**
 * Stretches of a function that run only if one of its parameters has a certain value: the cases of `switch (parameter)` and what
 * stands under `if (parameter == constant)`. Computed on demand. What is not sure is left out.
 */
import { parentsOf } from '../syntax/nodeAccess';
import type { Item, ItemNodes } from '../syntax/nodes';
import { childByField, Field, Kind, namedChild, namedChildrenOf, operatorOf, withoutParentheses } from './nodeReading';

export interface ParameterGuard {
  /** Over the function's parameters, as C writes it. */
  condition: string;
  /** Offsets in the function's item. */
  start: number;
  end: number;
}

/** A constant as drivers write cases: a number, or the name of a macro or an enumerator. */
const CONSTANT = /^(-?\d[\w]*|[A-Z_][A-Z0-9_]*|_IO[WR]*\s*\([^;{}]*\))$/;
const NAME = /^[A-Za-z_]\w*$/;

/** The guards of a function definition, in the order of the text. `itemText` is the masked text of the item. */
export function parameterGuards(item: Item, itemText: string, parameters: readonly string[]): ParameterGuard[] {
  const { nodes } = item;
  const body = item.kind === 'function_definition' && !item.hasError ? childByField(nodes, 0, Field.body) : 0;
  if (!body) return [];
  const finder = new GuardFinder(nodes, itemText, body);
  const constant = new Set(parameters.filter((name) => NAME.test(name) && finder.isUnchanged(name)));
  return constant.size === 0 ? [] : finder.guards(constant);
}

class GuardFinder {
  private readonly inside: number[] = [];
  private readonly parents: Int32Array;

  constructor(
    private readonly nodes: ItemNodes,
    private readonly text: string,
    body: number,
  ) {
    this.parents = parentsOf(nodes);
    for (let n = 0; n < nodes.count; n++) if (nodes.start[n] >= nodes.start[body] && nodes.end[n] <= nodes.end[body]) this.inside.push(n);
  }

  private textOf(node: number): string {
    return this.text.slice(this.nodes.start[node], this.nodes.end[node]);
  }

  /** Nothing in the body may change the variable or hide it: every use of the name is a plain one. */
  isUnchanged(name: string): boolean {
    const { nodes } = this;
    return this.inside.every((n) => {
      if (nodes.kind[n] !== Kind.identifier || this.textOf(n) !== name) return true;
      let child = n;
      let parent = this.parents[n];
      while (nodes.kind[parent] === Kind.parenthesized_expression) [child, parent] = [parent, this.parents[parent]];
      switch (nodes.kind[parent]) {
        case Kind.assignment_expression:
          return nodes.field[child] !== Field.left;
        case Kind.update_expression:
        case Kind.init_declarator:
        case Kind.declaration:
        case Kind.pointer_declarator:
        case Kind.array_declarator:
        case Kind.function_declarator:
          // An initialiser is a use; a declared name hides the parameter.
          return nodes.field[child] !== Field.declarator && nodes.kind[parent] !== Kind.update_expression;
        case Kind.pointer_expression:
          return !this.textOf(parent).startsWith('&');
        default:
          return true;
      }
    });
  }

  guards(parameters: ReadonlySet<string>): ParameterGuard[] {
    const found: ParameterGuard[] = [];
    for (const n of this.inside) {
      if (this.nodes.kind[n] === Kind.switch_statement) found.push(...this.casesOf(n, parameters));
      else if (this.nodes.kind[n] === Kind.if_statement) found.push(...this.equalityOf(n, parameters));
    }
    return found.filter((g) => !this.canBeJumpedInto(g)).sort((a, b) => a.start - b.start || b.end - a.end);
  }

  /** A label makes a way into a stretch that does not pass its condition. So does a case of a switch around it. */
  private canBeJumpedInto({ start, end }: ParameterGuard): boolean {
    const { nodes } = this;
    return this.inside.some((n) => nodes.kind[n] === Kind.labeled_statement && nodes.start[n] >= start && nodes.start[n] < end);
  }

  private casesOf(node: number, parameters: ReadonlySet<string>): ParameterGuard[] {
    const { nodes } = this;
    const condition = withoutParentheses(nodes, childByField(nodes, node, Field.condition));
    const name = this.textOf(condition);
    const body = childByField(nodes, node, Field.body);
    if (!body || !parameters.has(name)) return [];
    const found: ParameterGuard[] = [];
    let values: (string | null)[] = [];
    let mayFallIn = false;
    for (const child of namedChildrenOf(nodes, body)) {
      if (nodes.kind[child] !== Kind.case_statement) {
        // A statement between the cases: whatever reaches it, it may fall into the next one.
        mayFallIn = true;
        continue;
      }
      const value = childByField(nodes, child, Field.value);
      const statements = namedChildrenOf(nodes, child).filter((c) => c !== value);
      values.push(value ? this.constantOf(value) : null);
      if (statements.length === 0) continue;
      if (!mayFallIn && values.every((v) => v !== null)) {
        const text = values.map((v) => `${name} == ${v}`).join(' || ');
        found.push({ condition: text, start: nodes.start[child], end: nodes.end[child] });
      }
      mayFallIn = !this.leaves(statements[statements.length - 1]);
      values = [];
    }
    return found;
  }

  private constantOf(node: number): string | null {
    const text = this.textOf(node).replace(/\s+/g, ' ').trim();
    return CONSTANT.test(text) ? text : null;
  }

  /** Control never goes on behind such a statement. */
  private leaves(node: number): boolean {
    const { nodes } = this;
    switch (nodes.kind[node]) {
      case Kind.break_statement:
      case Kind.return_statement:
      case Kind.continue_statement:
      case Kind.goto_statement:
        return true;
      case Kind.compound_statement: {
        const last = namedChildrenOf(nodes, node).at(-1);
        return last !== undefined && this.leaves(last);
      }
      default:
        return false;
    }
  }

  private equalityOf(node: number, parameters: ReadonlySet<string>): ParameterGuard[] {
    const { nodes, text } = this;
    const condition = withoutParentheses(nodes, childByField(nodes, node, Field.condition));
    if (nodes.kind[condition] !== Kind.binary_expression || operatorOf(nodes, condition, text) !== '==') return [];
    const left = withoutParentheses(nodes, childByField(nodes, condition, Field.left) || namedChild(nodes, condition, 0));
    const right = withoutParentheses(nodes, childByField(nodes, condition, Field.right) || namedChild(nodes, condition, 1));
    const consequence = childByField(nodes, node, Field.consequence);
    for (const [variable, other] of [
      [left, right],
      [right, left],
    ]) {
      const value = this.constantOf(other);
      if (!parameters.has(this.textOf(variable)) || value === null) continue;
      // A case of a switch around it would be a way in.
      if (this.holdsOuterCase(consequence)) continue;
      return [{ condition: `${this.textOf(variable)} == ${value}`, start: nodes.start[consequence], end: nodes.end[consequence] }];
    }
    return [];
  }

  /** A case label inside that belongs to a switch outside (as in Duff's device). */
  private holdsOuterCase(node: number): boolean {
    const { nodes } = this;
    return this.inside.some((n) => {
      if (nodes.kind[n] !== Kind.case_statement || nodes.start[n] < nodes.start[node] || nodes.end[n] > nodes.end[node]) return false;
      for (let p = this.parents[n]; p !== 0 && p !== node; p = this.parents[p]) if (nodes.kind[p] === Kind.switch_statement) return false;
      return true;
    });
  }
}
