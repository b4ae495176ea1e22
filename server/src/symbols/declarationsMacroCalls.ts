/** Macro calls at file scope, in the shapes that a C parser gives them. */
import { childByField, Field, Kind, textOf } from '../syntax/nodeAccess';
import { scan } from '../syntax/tokens';
import { splitArguments } from './declarationsAttributes';
import { type DeclarationSource, originalSlice } from './declaratorsSource';
import { isTypeofWord } from './typeNames';
import type { FileMacroCall } from './types';

function callAt(source: DeclarationSource, nameNode: number, end: number): FileMacroCall {
  const { nodes } = source;
  const stood = originalSlice(source, nodes.start[nameNode], end);
  return {
    name: textOf(nodes, nameNode, source.text),
    arguments: splitArguments(insideParentheses(stood)),
    place: { file: source.file, offset: nodes.start[nameNode] },
  };
}

/** What stands between the first `(` and the `)` that closes it. */
function insideParentheses(text: string): string {
  const open = text.indexOf('(');
  if (open < 0) return '';
  const rest = text.slice(open);
  const tokens = scan(rest);
  let depth = 0;
  for (let i = 0; i < tokens.count; i++) {
    const c = tokens.end[i] - tokens.start[i] === 1 ? rest[tokens.start[i]] : '';
    if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return rest.slice(1, tokens.start[i]);
  }
  return rest.slice(1);
}

/** `module_init(x);` as a call expression; null when what is called is no name. */
export function macroCallOfExpression(source: DeclarationSource, node: number): FileMacroCall | null {
  const { nodes } = source;
  const callee = childByField(nodes, node, Field.function);
  if (callee === 0 || nodes.kind[callee] !== Kind.identifier) return null;
  return callAt(source, callee, nodes.end[node]);
}

/**
 * The macro call that a `declaration` node really is, and the name of the variable when an initialiser follows
 * (`static DEFINE_TABLE(x) = { … }`). Shapes: `static M(x);` is a type name with a declarator in parentheses;
 * `M(a) N(b);` and `static M(a, 1);` are a macro type. null for real declarations.
 */
export function macroCallOfDeclaration(
  source: DeclarationSource,
  node: number,
): { calls: FileMacroCall[]; initialized: { nameNode: number; value: number } | null } | null {
  const { nodes, text } = source;
  const typeNode = childByField(nodes, node, Field.type);
  const declarator = childByField(nodes, node, Field.declarator);
  if (typeNode === 0) return null;
  if (nodes.kind[typeNode] === Kind.macro_type_specifier) {
    const nameNode = childByField(nodes, typeNode, Field.name);
    if (nameNode === 0 || isTypeofWord(textOf(nodes, nameNode, text))) return null;
    const calls = [callAt(source, nameNode, nodes.end[node])];
    // `late_initcall(f)` without `;` swallows the call behind it as a declarator.
    if (nodes.kind[declarator] === Kind.function_declarator) {
      const second = childByField(nodes, declarator, Field.declarator);
      if (second !== 0 && nodes.kind[second] === Kind.identifier) calls.push(callAt(source, second, nodes.end[declarator]));
    }
    return { calls, initialized: null };
  }
  if (nodes.kind[typeNode] !== Kind.type_identifier || declarator === 0) return null;
  const own = nodes.kind[declarator] === Kind.init_declarator ? childByField(nodes, declarator, Field.declarator) : declarator;
  if (nodes.kind[own] !== Kind.parenthesized_declarator) return null;
  const inner = nodes.firstChild[own];
  if (inner === 0 || nodes.kind[inner] !== Kind.identifier) return null;
  const value = own === declarator ? 0 : childByField(nodes, declarator, Field.value);
  return { calls: [callAt(source, typeNode, nodes.end[own])], initialized: value === 0 ? null : { nameNode: inner, value } };
}
