/** Loop heads that are kernel macros (`list_for_each_entry`) and scoped blocks (`scoped_guard`). Internal to `ir`. */
import type { CType } from '../symbols/types';
import { type Builder, targetOf, type Value } from './builder';
import { assign, lowerPlace, lowerValue, pointee } from './expressions';
import type { Operand, Place } from './model';
import { childByField, Field, Kind, namedChild, withoutParentheses } from './nodeReading';
import type { LoopMacro } from '../knowledge/model';

/** The arguments of a masked loop head: the operands of its comma expression. */
function headArguments(b: Builder, condition: number): number[] {
  const { nodes } = b.source;
  const found: number[] = [];
  const visit = (node: number): void => {
    if (nodes.kind[node] === Kind.comma_expression) {
      visit(childByField(nodes, node, Field.left));
      visit(childByField(nodes, node, Field.right));
    } else if (node !== 0) found.push(node);
  };
  const inner = nodes.kind[condition] === Kind.parenthesized_expression ? namedChild(nodes, condition, 0) : condition;
  visit(inner);
  return found;
}

/** Lowers the head; returns the number of the call that stands for it. */
export function lowerLoopMacro(b: Builder, name: string, condition: number): number {
  const nodes = headArguments(b, condition);
  const known = b.environment.knowledge.loops.get(name);
  const values: (Value | null)[] = nodes.map((node, i) => {
    if (i === known?.member || i === known?.lock?.class) return null;
    if (i === known?.cursor || known?.written?.includes(i)) return null;
    return lowerValue(b, node);
  });
  const call = {
    callee: { kind: 'name' as const, name },
    arguments: values.map((v): Operand => v?.operand ?? { kind: 'unknown' }),
    argumentTypes: values.map((v): CType => v?.type ?? { kind: 'unknown' }),
    typeArguments: nodes.map(() => null),
    argumentTexts: nodes.map((n) => b.text(n)),
    result: { kind: 'void' as const },
    at: b.at(condition),
    length: name.length,
    loop: b.loop,
    kernel: b.source.macro?.name ?? null,
  };
  values.forEach((value, i) => {
    const read = known?.reads?.includes(i) ?? false;
    if (value?.operand.kind === 'address')
      b.touch({ place: value.operand.place, type: pointee(b, value.type), bits: null }, read ? 'R' : 'A', nodes[i]);
    else if (value && read) b.touch({ place: targetOf(value.operand), type: pointee(b, value.type), bits: null }, 'R', nodes[i]);
  });
  b.calls.push(call);
  const index = b.calls.length - 1;
  b.emit({ op: 'call', call: index });
  if (!known) return index;
  for (const i of known.written ?? []) {
    const target = nodes[i] === undefined ? null : lowerPlace(b, nodes[i]);
    if (target) b.touch(target, 'W', nodes[i]);
  }
  if (known.cursor !== undefined && nodes[known.cursor] !== undefined) assignCursor(b, nodes, known.cursor, known, values);
  return index;
}

/** The list that is walked: the argument at `head`, or the member `list` of the object at `of`. */
function listOf(b: Builder, known: LoopMacro, values: (Value | null)[]): Place | null {
  const head = known.head === undefined ? null : values[known.head];
  if (head) return targetOf(head.operand);
  const object = known.of === undefined ? null : values[known.of];
  if (!object || !known.list) return null;
  let type = pointee(b, object.type);
  const { base } = targetOf(object.operand);
  let { steps } = targetOf(object.operand);
  for (const [, name, arrow] of known.list.matchAll(/(\w+)\s*(->)?/g)) {
    const record = b.scope.recordOf(type);
    const found = record && b.scope.member(record, name);
    if (!found) return null;
    steps = [...steps, { kind: 'field', record: found.record.name, field: name }];
    type = found.member.type;
    if (!arrow) continue;
    steps = [...steps, { kind: 'deref' }];
    type = pointee(b, type);
  }
  return { base, steps };
}

/** Each turn the cursor points to an object on the list. */
function assignCursor(b: Builder, nodes: number[], cursor: number, known: LoopMacro, values: (Value | null)[]): void {
  const node = withoutParentheses(b.source.nodes, nodes[cursor]);
  const target = lowerPlace(b, node);
  if (!target) return;
  b.touch(target, 'W', node);
  const list = listOf(b, known, values);
  if (!list) return;
  const first: Operand = {
    kind: 'load',
    place: { base: list.base, steps: [...list.steps, { kind: 'field', record: 'list_head', field: 'next' }] },
  };
  const record = b.scope.recordOf(pointee(b, target.type));
  const member = known.element ?? (known.member === undefined ? '' : b.text(nodes[known.member]));
  const names = member
    .split('.')
    .map((s) => s.trim())
    .filter(Boolean);
  assign(b, target, record && names.length > 0 ? { kind: 'container', of: first, record: record.name, member: names } : first, node);
}
