/** The node accessors that lowering uses, in one place. Internal to `ir`. */
import type { ItemNodes } from '../syntax/nodes';
import { childByField, childOfKind, Field, Kind, namedChild, namedChildrenOf, operatorOf, withoutParentheses } from '../syntax/nodeAccess';

export { childByField, childOfKind, Field, Kind, namedChild, namedChildrenOf, operatorOf, withoutParentheses };

/** The expression of an initialiser element: the value of a pair, else the element itself. */
export function firstExpression(nodes: ItemNodes, node: number): number {
  return nodes.kind[node] === Kind.initializer_pair ? childByField(nodes, node, Field.value) : node;
}
