/** Heads of functions: definitions and prototypes. */
import { childByField, Field } from '../syntax/nodeAccess';
import { type DeclarationSource, type Declarator, type Specifiers } from './declaratorsSource';
import { declaratorAttributes, readDeclarator, readSpecifiers } from './declaratorsTypes';
import { type AttributeUse, type FunctionDeclaration, UNKNOWN } from './types';

/** A function out of its declarator, whose type must be a function. */
export function functionOf(
  source: DeclarationSource,
  declared: Declarator,
  specifiers: Specifiers,
  attributes: AttributeUse[],
  defined: boolean,
): FunctionDeclaration | null {
  if (declared.type.kind !== 'function' || declared.name === '') return null;
  const { returns, parameters, variadic } = declared.type;
  return {
    name: declared.name,
    returns,
    parameters,
    variadic,
    attributes: [...specifiers.attributes, ...attributes],
    storage: specifiers.storage,
    inline: specifiers.inline,
    defined,
    place: { file: source.file, offset: source.nodes.start[declared.nameNode] },
  };
}

/** The head of a `function_definition` node; null when it has no name or no parameters. `from`: where its attributes may begin. */
export function definedFunction(source: DeclarationSource, node: number, from: number): FunctionDeclaration | null {
  const { nodes } = source;
  const declarator = childByField(nodes, node, Field.declarator);
  if (declarator === 0) return null;
  const body = childByField(nodes, node, Field.body);
  const specifiers = readSpecifiers(source, node, from);
  const declared = readDeclarator(source, declarator, specifiers);
  // `NAME(function) { … }`: the macro knows the parameters.
  if (declared.type.kind !== 'function') {
    declared.type = { kind: 'function', returns: UNKNOWN, parameters: [], variadic: true };
  }
  const end = body === 0 ? nodes.end[node] : nodes.start[body];
  return functionOf(source, declared, specifiers, declaratorAttributes(source, declarator, end), true);
}
