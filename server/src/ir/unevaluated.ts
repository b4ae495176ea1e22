/** Arguments that are never evaluated, and choices that the compiler makes between expressions. Internal to `ir`. */
import { type ArgumentUse, argumentUses } from '../symbols/macroArguments';
import { typeOfExpression } from '../symbols/scopeExpressions';
import { isTypeofWord, parseTypeName } from '../symbols/typeNames';
import { type CType, UNKNOWN } from '../symbols/types';
import { markAt } from '../syntax/marks';
import type { Builder } from './builder';
import { childByField, Field, Kind, namedChildrenOf, operatorOf } from './nodeReading';

/** How the kernel macro of that name uses its arguments; undefined when no macro has it. */
export function usesOfArguments(b: Builder, name: string): readonly ArgumentUse[] | undefined {
  const known = (b.environment.argumentUses ??= new Map());
  return argumentUses((other) => b.scope.macro(other)?.definition, known, name);
}

/** The indices in a member's path (`offsetof(struct foo, list[i].count)`): they alone are evaluated. */
export function indicesIn(b: Builder, node: number): number[] {
  const { nodes } = b.source;
  if (nodes.kind[node] === Kind.field_expression) return indicesIn(b, childByField(nodes, node, Field.argument));
  if (nodes.kind[node] !== Kind.subscript_expression) return [];
  return [...indicesIn(b, childByField(nodes, node, Field.argument)), childByField(nodes, node, Field.index)];
}

/**
 * Of `__builtin_choose_expr(condition, a, b)` the expression that the compiler takes, where the condition compares types; 0 where it
 * cannot be told.
 */
export function chosenExpression(b: Builder, list: number): number {
  const [condition, yes, no] = namedChildrenOf(b.source.nodes, list);
  const decided = condition && yes && no ? holds(b, condition) : null;
  return decided === null ? 0 : decided ? yes : no;
}

/** Whether a condition of comparisons between types holds; null when it is made of something else too. */
function holds(b: Builder, node: number): boolean | null {
  const { nodes } = b.source;
  if (nodes.kind[node] === Kind.parenthesized_expression) return holds(b, namedChildrenOf(nodes, node)[0] ?? 0);
  if (nodes.kind[node] === Kind.binary_expression) {
    const left = holds(b, childByField(nodes, node, Field.left));
    const right = holds(b, childByField(nodes, node, Field.right));
    const operator = operatorOf(nodes, node, b.source.text);
    if (left === null || right === null) return null;
    return operator === '||' ? left || right : operator === '&&' ? left && right : null;
  }
  if (nodes.kind[node] !== Kind.call_expression) return null;
  if (b.text(childByField(nodes, node, Field.function)) !== '__builtin_types_compatible_p') return null;
  const [first, second] = namedChildrenOf(nodes, childByField(nodes, node, Field.arguments));
  return first && second ? sameType(b, typeAt(b, first), typeAt(b, second)) : null;
}

/** The type that an argument names, or that the expression in its `typeof` has: variables of the function included. */
function typeAt(b: Builder, node: number): CType {
  const { nodes, marks, start } = b.source;
  const at = start + nodes.start[node];
  const text = (markAt(marks, at, 'renamed') ?? markAt(marks, at, 'argument'))?.text ?? b.text(node);
  const match = /^\s*(\w+)\s*\(/.exec(text);
  if (!match || !isTypeofWord(match[1])) return parseTypeName(text);
  return typeOfExpression(text.slice(match[0].length, text.lastIndexOf(')')), {
    typeOfName: (name) => {
      const local = b.findLocal(name);
      return local >= 0 ? b.locals[local].type : (b.scope.variable(name)?.type ?? UNKNOWN);
    },
    typeNamed: (name) => {
      const type = parseTypeName(name);
      return type.kind === 'named' && !b.scope.typedef(type.name) ? UNKNOWN : type;
    },
    resolve: (type) => b.scope.resolve(type),
    recordOf: (type) => b.scope.recordOf(type),
    memberType: (record, name) => b.scope.member(record, name)?.member.type ?? UNKNOWN,
  });
}

/** Whether two types are the same; null when one of them is not known. */
function sameType(b: Builder, first: CType, second: CType): boolean | null {
  const x = b.scope.resolve(first);
  const y = b.scope.resolve(second);
  if (x.kind === 'unknown' || y.kind === 'unknown' || x.kind === 'function' || y.kind === 'function') return null;
  if (x.kind === 'pointer' && y.kind === 'pointer')
    return (x.constant ?? false) === (y.constant ?? false) ? sameType(b, x.to, y.to) : false;
  if (x.kind === 'array' && y.kind === 'array') return x.length === y.length ? sameType(b, x.of, y.of) : false;
  if (x.kind === 'record' && y.kind === 'record') return x.name !== '' && x.tag === y.tag && x.name === y.name;
  if ((x.kind === 'basic' && y.kind === 'basic') || (x.kind === 'enum' && y.kind === 'enum')) return x.name === y.name;
  return x.kind === y.kind;
}
