/** Readers of declarations, type names and parameters for the layer that lowers function bodies. */
import { childByField, Field, Kind } from '../syntax/nodeAccess';
import { definedFunction } from './declarationsFunctions';
import { collecting, type Declarator, type ItemSource } from './declaratorsSource';
import { declaratorAttributes, declaratorsOf, parametersOf, readDeclarator, readSpecifiers } from './declaratorsTypes';
import { type AttributeUse, type CType, type FunctionDeclaration, type ParameterDeclaration, UNKNOWN } from './types';

export { type ItemSource, itemSource } from './declaratorsSource';

/** One declared name of a declaration inside a function body. */
export interface LocalDeclaration extends Declarator {
  attributes: AttributeUse[];
  storage: 'static' | 'extern' | 'none';
  /** The node of the initialiser; 0 when there is none. */
  initializerNode: number;
}

/** What a `declaration` node inside a function body declares, in order. An untagged record's type carries its members `inline`. */
export function readDeclaration(item: ItemSource, node: number): LocalDeclaration[] {
  const source = collecting(item);
  const { nodes } = source;
  const specifiers = readSpecifiers(source, node, nodes.start[node]);
  return declaratorsOf(source, node).map(({ declarator, end }) => ({
    ...readDeclarator(source, declarator, specifiers),
    attributes: [...specifiers.attributes, ...declaratorAttributes(source, declarator, end)],
    storage: specifiers.storage,
    initializerNode: nodes.kind[declarator] === Kind.init_declarator ? childByField(nodes, declarator, Field.value) : 0,
  }));
}

/** The type that a `type_descriptor` node names (casts, sizeof, compound literals); UNKNOWN for any other node. */
export function readTypeDescriptor(item: ItemSource, node: number): CType {
  if (item.nodes.kind[node] !== Kind.type_descriptor) return UNKNOWN;
  const source = collecting(item);
  const specifiers = readSpecifiers(source, node, item.nodes.start[node]);
  return readDeclarator(source, childByField(item.nodes, node, Field.declarator), specifiers).type;
}

/** The parameters of a `parameter_list` node; `(void)` gives none. */
export function readParameters(item: ItemSource, node: number): { parameters: ParameterDeclaration[]; variadic: boolean } {
  return parametersOf(collecting(item), node);
}

/** The head of a function definition item; null when the item's node is no function definition with a name. */
export function readFunction(item: ItemSource): FunctionDeclaration | null {
  if (item.nodes.kind[0] !== Kind.function_definition) return null;
  return definedFunction(collecting(item), 0, item.leading ?? 0);
}
