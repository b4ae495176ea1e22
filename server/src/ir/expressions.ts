/** Expressions to values and places. Internal to `ir`. */
import { childByField, childOfKind, Field, firstExpression, Kind, namedChild, namedChildrenOf, operatorOf } from './nodeReading';
import { type CType, UNKNOWN } from '../symbols/types';
import { parseTypeName } from '../symbols/typeNames';
import { readTypeDescriptor } from '../symbols/declarators';
import { factsOf, noteValue } from './branchFacts';
import { type Builder, elementOf, type PlaceValue, targetOf, type Value } from './builder';
import { lowerCall, lowerCallPlace } from './calls';
import { lowerInitializer } from './initializers';
import { lowerCompound } from './statements';
import { foldBinary, foldUnary, literalValue } from './folding';
import type { Operand } from './model';

export const INTEGER: CType = { kind: 'basic', name: 'int' };
export const UNKNOWN_VALUE: Value = { operand: { kind: 'unknown' }, type: UNKNOWN };

export function constant(value: number | null, type: CType = INTEGER): Value {
  return { operand: { kind: 'constant', value }, type };
}

/** The type a pointer or array leads to. */
export function pointee(b: Builder, type: CType): CType {
  const resolved = b.scope.resolve(type);
  if (resolved.kind === 'pointer') return resolved.to;
  if (resolved.kind === 'array') return resolved.of;
  return UNKNOWN;
}

/** Counts an address that is used as a value as "only its address is taken". Calls do it for their own arguments. */
export function consume(b: Builder, value: Value, node: number): Operand {
  if (value.operand.kind === 'address')
    b.touch({ place: value.operand.place, type: pointee(b, value.type), bits: null, kernel: value.kernel }, 'A', node);
  return value.operand;
}

/** Lowers an expression whose value is used. */
export function lowerUsed(b: Builder, node: number): Operand {
  return consume(b, lowerValue(b, node), node);
}

/** Reads a place: arrays and functions become addresses, everything else is a load and a touch. */
export function readPlace(b: Builder, target: PlaceValue, node: number): Value {
  const type = b.scope.resolve(target.type);
  if (type.kind === 'array') return { operand: { kind: 'address', place: target.place }, type: { kind: 'pointer', to: type.of } };
  if (type.kind === 'function') return { operand: { kind: 'load', place: target.place }, type: target.type };
  b.touch(target, 'R', node);
  return { operand: { kind: 'load', place: target.place }, type: target.type };
}

/** The node whose text names what is touched: the member of a field expression, else the whole node. */
function nameNode(b: Builder, node: number): number {
  const { nodes } = b.source;
  return nodes.kind[node] === Kind.field_expression ? childByField(nodes, node, Field.field) || node : node;
}

export function lowerValue(b: Builder, node: number): Value {
  const { nodes } = b.source;
  if (node === 0) return UNKNOWN_VALUE;
  switch (nodes.kind[node]) {
    case Kind.identifier:
      return lowerIdentifier(b, node);
    case Kind.number_literal:
    case Kind.char_literal:
    case Kind.true:
    case Kind.false:
    case Kind.null:
      return constant(literalValue(b.text(node)), nodes.kind[node] === Kind.null ? { kind: 'pointer', to: { kind: 'void' } } : INTEGER);
    case Kind.string_literal:
    case Kind.concatenated_string:
      return { operand: { kind: 'string' }, type: { kind: 'pointer', to: { kind: 'basic', name: 'char' } } };
    case Kind.parenthesized_expression:
    case Kind.extension_expression: {
      const block = childOfKind(nodes, node, Kind.compound_statement);
      return block ? lowerCompound(b, block) : lowerValue(b, namedChild(nodes, node, 0));
    }
    case Kind.comma_expression:
      lowerUsed(b, childByField(nodes, node, Field.left));
      return lowerValue(b, childByField(nodes, node, Field.right));
    case Kind.field_expression:
    case Kind.subscript_expression: {
      const target = lowerPlace(b, node);
      return target ? readPlace(b, target, nameNode(b, node)) : UNKNOWN_VALUE;
    }
    case Kind.pointer_expression:
      return operatorOf(nodes, node, b.source.text) === '&' ? lowerAddress(b, node) : lowerDereference(b, node);
    case Kind.call_expression:
      return lowerCall(b, node);
    case Kind.assignment_expression:
      return lowerAssignment(b, node);
    case Kind.update_expression:
      return lowerUpdate(b, node);
    case Kind.unary_expression: {
      const inner = lowerUsed(b, childByField(nodes, node, Field.argument));
      return constant(foldUnary(operatorOf(nodes, node, b.source.text), inner.kind === 'constant' ? inner.value : null));
    }
    case Kind.binary_expression:
      return lowerBinary(b, node);
    case Kind.conditional_expression:
      return lowerConditional(b, node);
    case Kind.cast_expression:
      return lowerCast(b, node);
    case Kind.compound_literal_expression: {
      const type = readTypeDescriptor(b.source, childByField(nodes, node, Field.type));
      const local = b.addLocal('', type, false);
      lowerInitializer(
        b,
        { place: { base: { kind: 'local', local }, steps: [] }, type, bits: null },
        childByField(nodes, node, Field.value),
      );
      return readPlace(b, { place: { base: { kind: 'local', local }, steps: [] }, type, bits: null }, node);
    }
    case Kind.sizeof_expression:
    case Kind.alignof_expression:
    case Kind.offsetof_expression:
      return constant(b.scope.evaluate(b.text(node)), { kind: 'basic', name: 'unsigned long' });
    case Kind.generic_expression:
      return lowerGeneric(b, node);
    case Kind.gnu_asm_expression:
      lowerAssembly(b, node);
      return UNKNOWN_VALUE;
    case Kind.initializer_list:
      for (const child of namedChildrenOf(nodes, node)) lowerUsed(b, firstExpression(nodes, child));
      return UNKNOWN_VALUE;
    default:
      b.gap(node, 'expression could not be parsed');
      return UNKNOWN_VALUE;
  }
}

function lowerIdentifier(b: Builder, node: number): Value {
  const name = b.text(node);
  const bound = b.source.macro?.parameters.get(name);
  if (bound) return bound.value;
  const target = identifierPlace(b, name);
  if (target) {
    const type = b.scope.resolve(target.type);
    if (type.kind === 'function') return { operand: { kind: 'function', name }, type: target.type };
    return readPlace(b, target, node);
  }
  const fn = isConstantName(b, name) ? undefined : b.scope.function(name);
  if (fn)
    return {
      operand: { kind: 'function', name },
      type: { kind: 'function', returns: fn.returns, parameters: fn.parameters, variadic: fn.variadic },
    };
  return lowerNamedConstant(b, name, node);
}

/** `_Generic(x, T *: a, const T *: b)`: any of the values; their types differ in qualifiers alone where drivers use it. `x` is not evaluated. */
function lowerGeneric(b: Builder, node: number): Value {
  const { nodes } = b.source;
  const [, ...children] = namedChildrenOf(nodes, node);
  const values = children.filter((child) => nodes.kind[child] !== Kind.type_descriptor).map((child) => lowerValue(b, child));
  const known = values.find((value) => value.type.kind !== 'unknown');
  return known ? { operand: { kind: 'choice', of: values.map((value) => value.operand) }, type: known.type } : UNKNOWN_VALUE;
}

/** An enum constant or object-like macro: a number when it has one, else the body of the kernel macro (`current`), else unknown. */
function lowerNamedConstant(b: Builder, name: string, node: number): Value {
  const value = b.scope.enumConstant(name) ?? b.scope.evaluate(name);
  if (value !== null && value !== undefined) return constant(value);
  const body = b.environment.kernelMacro(name);
  const depth = b.source.macro?.depth ?? 0;
  if (!body || body.parameters.length > 0 || depth >= 2) return constant(null);
  const frame = { name, at: b.at(node), length: b.length(node), parameters: new Map(), depth: depth + 1 };
  return b.inSource({ ...body.source, macro: frame }, () => lowerValue(b, body.expression));
}

export function identifierPlace(b: Builder, name: string): PlaceValue | null {
  const local = b.findLocal(name);
  if (local >= 0 && !b.source.macro)
    return { place: { base: { kind: 'local', local }, steps: [] }, type: b.locals[local].type, bits: null };
  // Constants are asked for first: they are many, and a name that is nothing else is looked for in every header.
  if (isConstantName(b, name)) return null;
  const variable = b.scope.variable(name);
  if (variable) return { place: { base: { kind: 'global', name }, steps: [] }, type: variable.type, bits: null };
  return null;
}

function isConstantName(b: Builder, name: string): boolean {
  return b.scope.enumConstant(name) !== undefined || b.scope.macro(name)?.origin === 'driver';
}

/** Lowers an lvalue without touching it; null when the expression is none. Pointers on the way are read. */
export function lowerPlace(b: Builder, node: number): PlaceValue | null {
  const { nodes, text } = b.source;
  switch (nodes.kind[node]) {
    case Kind.identifier: {
      const name = b.text(node);
      const bound = b.source.macro?.parameters.get(name);
      return bound ? bound.place : identifierPlace(b, name);
    }
    case Kind.parenthesized_expression:
    case Kind.extension_expression:
      return childOfKind(nodes, node, Kind.compound_statement) ? null : lowerPlace(b, namedChild(nodes, node, 0));
    case Kind.field_expression: {
      const argument = childByField(nodes, node, Field.argument);
      const base =
        operatorOf(nodes, node, text) === '->' ? pointedPlace(b, argument) : (lowerPlace(b, argument) ?? temporaryPlace(b, argument));
      return memberPlace(b, base, memberName(b, childByField(nodes, node, Field.field)), node);
    }
    case Kind.subscript_expression: {
      const argument = childByField(nodes, node, Field.argument);
      const index = lowerUsed(b, childByField(nodes, node, Field.index));
      const at = index.kind === 'constant' ? index.value : null;
      const array = lowerPlace(b, argument);
      if (array && b.scope.resolve(array.type).kind === 'array')
        return { place: elementOf(array.place, at, true), type: pointee(b, array.type), bits: null };
      const pointer = array ? readPlace(b, array, nameNode(b, argument)) : lowerValue(b, argument);
      return { place: elementOf(targetOf(pointer.operand), at, false), type: pointee(b, pointer.type), bits: null };
    }
    case Kind.pointer_expression:
      return operatorOf(nodes, node, text) === '*' ? pointedPlace(b, childByField(nodes, node, Field.argument)) : null;
    case Kind.comma_expression:
      lowerUsed(b, childByField(nodes, node, Field.left));
      return lowerPlace(b, childByField(nodes, node, Field.right));
    case Kind.compound_literal_expression:
      return temporaryPlace(b, node);
    case Kind.call_expression:
      return lowerCallPlace(b, node);
    default:
      return null;
  }
}

/** The place that a pointer expression points to. */
export function pointedPlace(b: Builder, node: number): PlaceValue {
  const pointer = lowerValue(b, node);
  return { place: targetOf(pointer.operand), type: pointee(b, pointer.type), bits: null };
}

/** A place for a record that an expression returned by value. */
function temporaryPlace(b: Builder, node: number): PlaceValue {
  const value = lowerValue(b, node);
  if (value.operand.kind === 'load') return { place: value.operand.place, type: value.type, bits: null };
  return { place: { base: { kind: 'local', local: b.addLocal('', value.type, false) }, steps: [] }, type: value.type, bits: null };
}

/** In a kernel macro's body the member may be a parameter. */
function memberName(b: Builder, node: number): string {
  const name = b.text(node);
  return b.source.macro?.parameters.get(name)?.text.trim() ?? name;
}

function memberPlace(b: Builder, base: PlaceValue, name: string, node: number): PlaceValue {
  const record = b.scope.recordOf(base.type);
  const found = record && b.scope.member(record, name);
  if (!found) {
    const alias = record && memberAlias(b, name);
    if (alias) return alias.reduce<PlaceValue>((place, member) => memberPlace(b, place, member, node), base);
    if (!b.isPrivate(base.place))
      b.gap(node, record ? `record ${record.name} has no known member ${name}` : `the record that holds ${name} is not known`);
    return {
      place: { base: base.place.base, steps: [...base.place.steps, { kind: 'field', record: '', field: name }] },
      type: UNKNOWN,
      bits: null,
    };
  }
  const step = { kind: 'field' as const, record: found.record.name, field: name };
  return { place: { base: base.place.base, steps: [...base.place.steps, step] }, type: found.member.type, bits: found.member.bits };
}

/** Headers rename members by macros: `#define ifr_data ifr_ifru.ifru_data`. */
function memberAlias(b: Builder, name: string): string[] | null {
  const macro = b.scope.macro(name)?.definition;
  if (!macro || macro.parameters !== null || !/^\w+(\s*\.\s*\w+)*(\s*\[[^\]]*\])?$/.test(macro.body) || macro.body === name) return null;
  return macro.body
    .replace(/\[.*/, '')
    .split('.')
    .map((s) => s.trim());
}

function lowerAddress(b: Builder, node: number): Value {
  const argument = childByField(b.source.nodes, node, Field.argument);
  const target = lowerPlace(b, argument);
  if (!target) {
    const value = lowerValue(b, argument);
    return value.operand.kind === 'function' ? value : { operand: value.operand, type: { kind: 'pointer', to: value.type } };
  }
  return { operand: { kind: 'address', place: target.place }, type: { kind: 'pointer', to: target.type } };
}

function lowerDereference(b: Builder, node: number): Value {
  const argument = childByField(b.source.nodes, node, Field.argument);
  const pointer = lowerValue(b, argument);
  const type = pointee(b, pointer.type);
  // `(*f)(x)` calls what f points to.
  if (b.scope.resolve(type).kind === 'function' || pointer.operand.kind === 'function') return pointer;
  return readPlace(b, { place: targetOf(pointer.operand), type, bits: null }, node);
}

/** True when a value of the type may carry an address. */
export function mayHoldPointer(b: Builder, type: CType): boolean {
  const t = b.scope.resolve(type);
  return t.kind !== 'enum' && t.kind !== 'void' && (t.kind !== 'basic' || t.name === 'unsigned long' || t.name === 'long');
}

export function assign(b: Builder, target: PlaceValue, value: Operand, node: number): void {
  if (mayHoldPointer(b, target.type)) b.emit({ op: 'assign', place: target.place, value, at: b.at(node) });
}

function lowerAssignment(b: Builder, node: number): Value {
  const { nodes, text } = b.source;
  const left = childByField(nodes, node, Field.left);
  const right = childByField(nodes, node, Field.right);
  const compound = operatorOf(nodes, node, text) !== '=';
  const before = b.instructions.length;
  const value = lowerValue(b, right);
  const operand = consume(b, value, right);
  const target = lowerPlace(b, left);
  if (!target) {
    lowerUsed(b, left);
    return value;
  }
  // A local's own place takes no instructions, so all since `before` compute the value.
  b.touch(target, compound ? 'RW' : 'W', nameNode(b, left), compound ? 0 : b.instructions.length - before);
  if (!compound) assign(b, target, operand, node);
  if (target.place.base.kind === 'local' && target.place.steps.length === 0) noteValue(b, target.place.base.local, compound ? 0 : right);
  return { operand: compound ? { kind: 'load', place: target.place } : operand, type: target.type };
}

function lowerUpdate(b: Builder, node: number): Value {
  const argument = childByField(b.source.nodes, node, Field.argument);
  const target = lowerPlace(b, argument);
  if (!target) return lowerValue(b, argument);
  b.touch(target, 'RW', nameNode(b, argument));
  return { operand: { kind: 'load', place: target.place }, type: target.type };
}

const LOGICAL = new Set(['&&', '||']);

function lowerBinary(b: Builder, node: number): Value {
  const { nodes, text } = b.source;
  const operator = operatorOf(nodes, node, text);
  const leftNode = childByField(nodes, node, Field.left);
  const rightNode = childByField(nodes, node, Field.right);
  const before = b.instructions.length;
  const left = lowerValue(b, leftNode);
  if (LOGICAL.has(operator)) return lowerLogical(b, operator, left, before, leftNode, rightNode, node);
  const right = lowerValue(b, rightNode);
  if (operator === '+' || operator === '-') {
    const step = right.operand.kind === 'constant' ? right.operand.value : null;
    if (isAddressLike(b, left.type) && !isAddressLike(b, right.type)) return offsetValue(b, left, step);
    if (operator === '+' && isAddressLike(b, right.type)) return offsetValue(b, right, null);
  }
  const l = consume(b, left, leftNode);
  const r = consume(b, right, rightNode);
  if (l.kind === 'constant' && r.kind === 'constant') return constant(foldBinary(operator, l.value, r.value));
  // Addresses that travel through integers (alignment, tag bits) keep their target.
  if ('+-&|'.includes(operator) && mayHoldPointer(b, left.type) && l.kind !== 'constant') return { operand: l, type: left.type };
  return constant(null, '<>==!='.includes(operator) ? INTEGER : left.type);
}

function isAddressLike(b: Builder, type: CType): boolean {
  const kind = b.scope.resolve(type).kind;
  return kind === 'pointer' || kind === 'array';
}

/** Pointer arithmetic: `p + n` is `&p[n]`. */
function offsetValue(b: Builder, pointer: Value, step: number | null): Value {
  if (pointer.operand.kind === 'constant' || pointer.operand.kind === 'string') return pointer;
  return { operand: { kind: 'address', place: elementOf(targetOf(pointer.operand), step, false) }, type: pointer.type };
}

/** `before`: how many instructions there were before the left side. */
function lowerLogical(b: Builder, operator: string, left: Value, before: number, leftNode: number, rightNode: number, node: number): Value {
  const l = consume(b, left, leftNode);
  const span = b.instructions.length - before;
  const decided = l.kind === 'constant' && l.value !== null ? l.value !== 0 : null;
  if (decided === (operator === '||')) return constant(decided ? 1 : 0);
  const more = b.newLabel();
  const done = b.newLabel();
  const facts = factsOf(b, leftNode);
  b.emit({
    op: 'branch',
    to: operator === '&&' ? [more, done] : [done, more],
    condition: l,
    at: b.at(node),
    span,
    ...(facts && { facts }),
  });
  b.emit({ op: 'label', label: more });
  const r = lowerUsed(b, rightNode);
  b.emit({ op: 'label', label: done });
  // `x && 0` is false whatever x is.
  if (r.kind === 'constant' && r.value !== null && (r.value !== 0) === (operator === '||')) return constant(r.value !== 0 ? 1 : 0);
  return constant(decided !== null && r.kind === 'constant' && r.value !== null ? Number(r.value !== 0) : null);
}

function lowerConditional(b: Builder, node: number): Value {
  const { nodes } = b.source;
  const conditionNode = childByField(nodes, node, Field.condition);
  const thenNode = childByField(nodes, node, Field.consequence);
  const elseNode = childByField(nodes, node, Field.alternative);
  const before = b.instructions.length;
  const first = lowerValue(b, conditionNode);
  const condition = consume(b, first, conditionNode);
  const span = b.instructions.length - before;
  if (condition.kind === 'constant' && condition.value !== null) {
    return condition.value !== 0 ? (thenNode ? lowerValue(b, thenNode) : first) : lowerValue(b, elseNode);
  }
  const [yes, no, done] = [b.newLabel(), b.newLabel(), b.newLabel()];
  b.emit({ op: 'branch', to: [yes, no], condition, at: b.at(node), span });
  b.emit({ op: 'label', label: yes });
  const a = thenNode ? lowerValue(b, thenNode) : first;
  if (thenNode) consume(b, a, thenNode);
  b.emit({ op: 'jump', to: done });
  b.emit({ op: 'label', label: no });
  const c = lowerValue(b, elseNode);
  consume(b, c, elseNode);
  b.emit({ op: 'label', label: done });
  const type = isNothing(a) || a.type.kind === 'unknown' ? c.type : a.type;
  if (!mayHoldPointer(b, type)) return constant(null, type);
  return { operand: { kind: 'choice', of: [a.operand, c.operand] }, type };
}

function isNothing(value: Value): boolean {
  return (
    value.operand.kind === 'constant' &&
    value.type.kind !== 'unknown' &&
    (value.type.kind === 'basic' || (value.type.kind === 'pointer' && value.type.to.kind === 'void'))
  );
}

function lowerCast(b: Builder, node: number): Value {
  const { nodes } = b.source;
  const descriptor = childByField(nodes, node, Field.type);
  const value = lowerValue(b, childByField(nodes, node, Field.value));
  const type = b.source.macro ? macroCastType(b, descriptor) : readTypeDescriptor(b.source, descriptor);
  return { operand: value.operand, type: type.kind === 'void' ? type : type.kind === 'unknown' ? value.type : type };
}

/** In a macro's body a cast may name a parameter that was given a type. */
function macroCastType(b: Builder, descriptor: number): CType {
  const text = b
    .text(descriptor)
    .replace(/\*+\s*$/, '')
    .trim();
  const bound = b.source.macro?.parameters.get(text);
  if (bound && bound.value.type.kind !== 'unknown')
    return b.text(descriptor).includes('*') ? { kind: 'pointer', to: bound.value.type } : bound.value.type;
  const read = readTypeDescriptor(b.source, descriptor);
  return read.kind === 'unknown' ? parseTypeName(b.text(descriptor)) : read;
}

function lowerAssembly(b: Builder, node: number): void {
  const { nodes } = b.source;
  const operands = (list: number, output: boolean): void => {
    if (!list) return;
    for (const operand of namedChildrenOf(nodes, list)) {
      const value = childByField(nodes, operand, Field.value);
      if (!value) continue;
      const target = output ? lowerPlace(b, value) : null;
      if (target) b.touch(target, b.text(childOfKind(nodes, operand, Kind.string_literal)).includes('+') ? 'RW' : 'W', nameNode(b, value));
      else lowerUsed(b, value);
    }
  };
  operands(childOfKind(nodes, node, Kind.gnu_asm_output_operand_list), true);
  operands(childOfKind(nodes, node, Kind.gnu_asm_input_operand_list), false);
}
