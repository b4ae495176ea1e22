/** Calls: arguments, what a known kernel function returns, kernel macros seen through their bodies. Internal to `ir`. */
import type { KernelFunction } from '../knowledge/model';
import { markAt } from '../syntax/marks';
import { type CType, UNKNOWN } from '../symbols/types';
import { parseTypeName } from '../symbols/typeNames';
import type { ArgumentUse } from '../symbols/macroArguments';
import { type Builder, MACRO_DEPTH, type MacroBody, type PlaceValue, targetOf, type Value } from './builder';
import { consume, lowerPlace, lowerUsed, lowerValue, pointee } from './expressions';
import type { Call, Operand } from './model';
import { childByField, Field, Kind, namedChildrenOf, withoutParentheses } from './nodeReading';
import { chosenExpression, indicesIn, usesOfArguments } from './unevaluated';

interface LoweredArgument {
  node: number;
  value: Value;
  /** The lvalue, where the argument was lowered as one. */
  place: PlaceValue | null;
  typeText: string | null;
  /** Of a condition that is evaluated again and again: its instructions, from the first to one past the last. */
  evaluated?: [number, number];
}

export function lowerCall(b: Builder, node: number): Value {
  const { nodes } = b.source;
  const renamed = renamedKeyword(b, node);
  if (renamed) return { operand: { kind: 'constant', value: b.scope.evaluate(renamed) }, type: { kind: 'basic', name: 'unsigned long' } };
  const written = childByField(nodes, node, Field.function);
  const plain = withoutParentheses(nodes, written);
  const curried = curriedCall(b, plain);
  const functionNode = curried ? curried.name : plain;
  const cast = written === plain || curried ? null : castType(b, functionNode);
  if (cast) return lowerCastCall(b, cast, childByField(nodes, node, Field.arguments));
  const callee = calleeOf(b, functionNode);
  const name = callee.kind === 'name' ? callee.name : null;
  const known = name ? b.environment.knowledge.functions.get(name) : undefined;
  if (name === '__builtin_choose_expr') {
    const chosen = chosenExpression(b, childByField(nodes, node, Field.arguments));
    if (chosen !== 0) return lowerValue(b, chosen);
  }
  const declared = name ? b.scope.function(name) : undefined;
  // What a row written by hand says of a macro's arguments goes first.
  const uses = name && !declared && (!known || known.provenance === 'generated') ? usesOfArguments(b, name) : undefined;
  const list = [...(curried?.arguments ?? []), ...argumentNodes(b, childByField(nodes, node, Field.arguments))];
  const args = lowerArguments(b, list, known, uses);
  const call: Call = {
    callee: callee.kind === 'name' ? callee : { kind: 'pointer', value: callee.value.operand },
    arguments: args.map((a) => a.value.operand),
    argumentTypes: args.map((a) => (known?.touches ? recordPointer(b, a.value.type) : a.value.type)),
    typeArguments: args.map((a) => a.typeText),
    argumentTexts: args.map((a) => b.text(a.node)),
    result: callee.kind === 'name' ? (declared?.returns ?? UNKNOWN) : returnTypeOf(b, callee.value.type),
    at: b.at(functionNode),
    length: b.length(functionNode),
    loop: b.loop,
    kernel: b.source.macro?.name ?? null,
  };
  b.calls.push(call);
  const index = b.calls.length - 1;
  for (const a of args) consume(b, a.value, a.node);
  const evaluated = args.find((a) => a.evaluated)?.evaluated;
  if (evaluated) call.condition = { first: b.instructions.length - evaluated[0], last: b.instructions.length - evaluated[1] };
  if (!b.source.macro) b.callOf.set(node, index);
  b.emit({ op: 'call', call: index });
  if (curried && known?.effects.includes('lock')) b.guard(index);
  const result = resultOf(b, call, index, args, known, declared !== undefined);
  call.result = result.type;
  return result;
}

/** A call as an lvalue: a kernel macro whose body is one (`per_cpu(x, cpu)`), or one that stands for its argument. */
export function lowerCallPlace(b: Builder, node: number): PlaceValue | null {
  const { nodes } = b.source;
  const functionNode = withoutParentheses(nodes, childByField(nodes, node, Field.function));
  if (nodes.kind[functionNode] !== Kind.identifier) return null;
  const name = b.text(functionNode);
  if (b.findLocal(name) >= 0) return null;
  const list = childByField(nodes, node, Field.arguments);
  const returns = b.environment.knowledge.functions.get(name)?.returns;
  if (returns?.kind === 'argument' && b.environment.knowledge.functions.get(name)?.macro) {
    const argument = namedChildrenOf(nodes, list)[returns.argument];
    lowerCall(b, node);
    return argument ? lowerPlace(b, argument) : null;
  }
  const body = macroBody(b, name);
  if (!body) return null;
  const args = lowerArguments(b, argumentNodes(b, list), undefined);
  return inMacro(b, name, body, args, functionNode, () => lowerPlace(b, body.expression));
}

/** The mask writes `offsetof(T, m)` as a call to a name of its own; its text then, as it stood; null for a real call. */
function renamedKeyword(b: Builder, node: number): string | null {
  const { nodes, start, marks } = b.source;
  const at = start + nodes.start[node];
  const mark = markAt(marks, at, 'renamed');
  if (mark?.start !== at) return null;
  const list = childByField(nodes, node, Field.arguments);
  const args = namedChildrenOf(nodes, list).map((a) => markedText(b, a) ?? b.text(a));
  return `${mark.text}(${args.join(', ')})`;
}

/** `(u16)(x)` reads like a call until one knows that `u16` is a type. */
function castType(b: Builder, node: number): CType | null {
  if (b.source.nodes.kind[node] !== Kind.identifier) return null;
  const name = b.text(node);
  if (b.findLocal(name) >= 0 || !b.scope.typedef(name)) return null;
  return { kind: 'named', name };
}

function lowerCastCall(b: Builder, type: CType, list: number): Value {
  let value: Value = { operand: { kind: 'unknown' }, type: UNKNOWN };
  for (const node of namedChildrenOf(b.source.nodes, list)) value = lowerValue(b, node);
  return { operand: value.operand, type };
}

type Callee = { kind: 'name'; name: string } | { kind: 'value'; value: Value };

function calleeOf(b: Builder, node: number): Callee {
  const { nodes } = b.source;
  if (nodes.kind[node] === Kind.identifier) {
    const name = b.text(node);
    const bound = b.source.macro?.parameters.get(name);
    if (bound)
      return bound.value.operand.kind === 'function'
        ? { kind: 'name', name: bound.value.operand.name }
        : { kind: 'value', value: bound.value };
    const isVariable =
      (b.findLocal(name) >= 0 && !b.source.macro) ||
      (b.scope.function(name) === undefined && !b.scope.macro(name) && b.scope.variable(name) !== undefined);
    if (!isVariable) return { kind: 'name', name };
  }
  const value = lowerValue(b, node);
  return value.operand.kind === 'function' ? { kind: 'name', name: value.operand.name } : { kind: 'value', value };
}

function returnTypeOf(b: Builder, type: CType): CType {
  const resolved = b.scope.resolve(type);
  if (resolved.kind === 'function') return resolved.returns;
  const target = b.scope.resolve(pointee(b, resolved));
  return target.kind === 'function' ? target.returns : UNKNOWN;
}

/** `guard(mutex)` of `guard(mutex)(&lock)`: a macro that takes its arguments in two pairs of parentheses. */
function curriedCall(b: Builder, node: number): { name: number; arguments: number[] } | null {
  const { nodes } = b.source;
  if (nodes.kind[node] !== Kind.call_expression) return null;
  const name = withoutParentheses(nodes, childByField(nodes, node, Field.function));
  if (nodes.kind[name] !== Kind.identifier || !b.environment.knowledge.functions.get(b.text(name))?.curried) return null;
  return { name, arguments: argumentNodes(b, childByField(nodes, node, Field.arguments)) };
}

function argumentNodes(b: Builder, list: number): number[] {
  return list ? namedChildrenOf(b.source.nodes, list) : [];
}

function lowerArguments(
  b: Builder,
  list: readonly number[],
  known: KernelFunction | undefined,
  uses?: readonly ArgumentUse[],
): LoweredArgument[] {
  const { nodes } = b.source;
  return list.map((node, i) => {
    const typeText = argumentTypeText(b, node, i, known) ?? (known?.names?.includes(i) ? b.text(node) : null);
    if (typeText !== null) return { node, value: { operand: { kind: 'unknown' }, type: typeNamed(b, typeText) }, place: null, typeText };
    if (uses && (uses[i] ?? 'value') !== 'value') {
      if (uses[i] === 'designator') for (const index of indicesIn(b, node)) lowerUsed(b, index);
      const { type } = b.unevaluated(() => lowerValue(b, node));
      return { node, value: { operand: { kind: 'unknown' }, type }, place: null, typeText: null };
    }
    const access = known?.lvalues?.includes(i) ? known.arguments[i] : undefined;
    // A macro that writes its argument takes an lvalue; reading it first would be wrong.
    const place = access ? lowerPlace(b, node) : null;
    if (access && place) {
      b.touch(place, access, nodes.kind[node] === Kind.field_expression ? childByField(nodes, node, Field.field) : node);
      return { node, value: { operand: { kind: 'load', place: place.place }, type: place.type }, place, typeText: null };
    }
    const first = b.instructions.length;
    const value = lowerValue(b, node);
    return { node, value, place: null, typeText: null, ...(i === known?.condition && { evaluated: [first, b.instructions.length] }) };
  });
}

function typeNamed(b: Builder, text: string): CType {
  const bound = b.source.macro?.parameters.get(text.trim());
  return bound ? bound.value.type : parseTypeName(text);
}

/** The text of an argument that names a type or a member rather than a value; null for a value. */
function argumentTypeText(b: Builder, node: number, index: number, known: KernelFunction | undefined): string | null {
  const returns = known?.returns;
  if (returns?.kind === 'container' && (index === returns.type || index === returns.member)) return markedText(b, node) ?? b.text(node);
  if (returns?.kind === 'typed' && index === returns.type) return markedText(b, node) ?? b.text(node);
  return markedText(b, node);
}

function markedText(b: Builder, node: number): string | null {
  const { nodes, start, marks } = b.source;
  const from = start + nodes.start[node];
  const to = start + nodes.end[node];
  const mark = markAt(marks, from, 'argument');
  return mark && mark.end >= to ? mark.text : null;
}

function resultOf(
  b: Builder,
  call: Call,
  index: number,
  args: LoweredArgument[],
  known: KernelFunction | undefined,
  isFunction: boolean,
): Value {
  const result: Operand = { kind: 'result', call: index };
  const returns = known?.returns;
  if (returns) {
    switch (returns.kind) {
      case 'container':
        return (
          containerValue(b, args[returns.pointer]?.value, args[returns.type], args[returns.member]) ?? {
            operand: result,
            type: call.result,
          }
        );
      case 'argument': {
        const argument = args[returns.argument]?.value;
        if (!argument) break;
        const typed = call.result.kind === 'unknown' || isVoidPointer(b, call.result) ? argument.type : call.result;
        return { operand: argument.operand, type: typed };
      }
      case 'typed': {
        const type = args[returns.type]?.value.type;
        if (type) return { operand: result, type: { kind: 'pointer', to: type } };
        break;
      }
      case 'enclosing': {
        const argument = args[returns.argument]?.value;
        if (!argument) break;
        return {
          operand: { kind: 'container', of: argument.operand, record: returns.record, member: returns.member.split('.') },
          type: { kind: 'pointer', to: { kind: 'record', tag: 'struct', name: returns.record } },
        };
      }
      case 'member': {
        const member = named(memberAddress(b, args[returns.argument]?.value, returns.path), call);
        if (!member) break;
        // `IEEE80211_SKB_CB(skb)` gives the bytes of `skb->cb` under another type.
        return call.result.kind === 'pointer' && !isVoidPointer(b, call.result) ? { ...member, type: call.result } : member;
      }
      case 'held': {
        const address = memberAddress(b, args[returns.argument]?.value, returns.path);
        if (address?.operand.kind !== 'address') break;
        // What the member holds, under the type that the function gives it.
        return {
          operand: { kind: 'load', place: address.operand.place },
          type: call.result.kind === 'unknown' ? pointee(b, address.type) : call.result,
        };
      }
      case 'private-area':
      case 'fresh':
        return { operand: result, type: call.result.kind === 'unknown' ? { kind: 'pointer', to: { kind: 'void' } } : call.result };
    }
  }
  if (!isFunction && call.callee.kind === 'name') {
    const body = macroBody(b, call.callee.name);
    if (body) {
      const value = inMacro(b, call.callee.name, body, args, -1, () => lowerValue(b, body.expression), call);
      return value.operand.kind === 'unknown' ? { operand: result, type: value.type } : value;
    }
    // A macro without a body of its own kind: the type of its first typed argument is the best that can be told for `max(a, b)` and kin.
    if (known?.macro) return { operand: result, type: args.find((a) => a.value.type.kind !== 'unknown')?.value.type ?? UNKNOWN };
  }
  return { operand: result, type: call.result };
}

/** An address that a kernel function makes is none that the driver's text takes. */
function named(value: Value | null, call: Call): Value | null {
  return value && call.callee.kind === 'name' ? { ...value, kernel: call.callee.name } : value;
}

/** The address of a member of the object that an argument points to. */
function memberAddress(b: Builder, argument: Value | undefined, path: string): Value | null {
  if (!argument) return null;
  const { base } = targetOf(argument.operand);
  let { steps } = targetOf(argument.operand);
  let type = pointee(b, argument.type);
  for (const name of path.split('.')) {
    const record = b.scope.recordOf(type);
    const found = record && b.scope.member(record, name);
    if (!found) return null;
    steps = [...steps, { kind: 'field', record: found.record.name, field: name }];
    type = found.member.type;
  }
  return { operand: { kind: 'address', place: { base, steps } }, type: { kind: 'pointer', to: type } };
}

/** A pointer to a typedef of a record as a pointer to the record: touches of its members are told by the record's name. */
function recordPointer(b: Builder, type: CType): CType {
  const resolved = b.scope.resolve(type);
  if (resolved.kind !== 'pointer' || resolved.to.kind !== 'named') return type;
  const target = b.scope.resolve(resolved.to);
  return target.kind === 'record' ? { ...resolved, to: target } : type;
}

function isVoidPointer(b: Builder, type: CType): boolean {
  const resolved = b.scope.resolve(type);
  return resolved.kind === 'pointer' && b.scope.resolve(resolved.to).kind === 'void';
}

/** `from_timer(foo, t, timer)` names a variable in place of a type: the record that it points to. */
function variableTarget(b: Builder, name: string | null | undefined): CType | null {
  const named = name?.trim();
  const variable = b.declaring?.name === named ? b.declaring : b.locals.findLast((l) => l.name === named);
  const type = variable && b.scope.resolve(variable.type);
  return type?.kind === 'pointer' && b.scope.recordOf(type.to) ? type.to : null;
}

function containerValue(
  b: Builder,
  pointer: Value | undefined,
  type: LoweredArgument | undefined,
  member: LoweredArgument | undefined,
): Value | null {
  if (!pointer || !type || !member) return null;
  const named = type.value.type.kind === 'unknown' ? parseTypeName(type.typeText ?? '') : type.value.type;
  const target = b.scope.recordOf(named) ? named : (variableTarget(b, type.typeText) ?? parseTypeName(`struct ${type.typeText ?? ''}`));
  const record = b.scope.recordOf(target);
  const bound = b.source.macro?.parameters.get((member.typeText ?? '').trim());
  const names = (bound ? bound.text : (member.typeText ?? ''))
    .replace(/\[[^\]]*\]/g, '')
    .split('.')
    .map((s) => s.trim())
    .filter(Boolean);
  const operand: Operand =
    record && names.length > 0 ? { kind: 'container', of: pointer.operand, record: record.name, member: names } : { kind: 'unknown' };
  return { operand, type: { kind: 'pointer', to: target } };
}

function macroBody(b: Builder, name: string): MacroBody | undefined {
  const depth = b.source.macro?.depth ?? 0;
  return depth < MACRO_DEPTH ? b.environment.kernelMacro(name) : undefined;
}

/** Lowers a kernel macro's body with its parameters bound to the arguments, which are not evaluated again. */
function inMacro<T>(b: Builder, name: string, body: MacroBody, args: LoweredArgument[], node: number, action: () => T, call?: Call): T {
  const outer = b.source.macro;
  const parameters = new Map(
    body.parameters.map((parameter, i) => {
      const a = args[i];
      const value: Value = a?.value ?? { operand: { kind: 'unknown' }, type: UNKNOWN };
      const place = a?.place ?? (value.operand.kind === 'load' ? { place: value.operand.place, type: value.type, bits: null } : null);
      return [parameter, { value, place, text: a ? (a.typeText ?? b.text(a.node)) : '' }] as const;
    }),
  );
  const at = call ? call.at : b.at(node);
  const length = call ? call.length : b.length(node);
  return b.inSource(
    { ...body.source, macro: { name: outer?.name ?? name, at, length, parameters, depth: (outer?.depth ?? 0) + 1 } },
    action,
  );
}
