/**
 * Members of a union lie over each other. Every byte of a copy must belong to one field: two of them would compare and write back the same
 * bytes each in its own way, one with pointers translated and one without. So the widest alternative stands for all. Which of them holds
 * what is there, a condition over the members beside the union says (`__fgft_live_if`); without one a pointer that other alternatives share
 * their bytes with is followed only where that needs no type.
 */
import type { RecordDeclaration, Scope } from '../../symbols/types';
import { memberType, membersOf } from './memberTypes';
import type { Alternative, MemberStep, PlannedField, PlannedObject } from './model';

const LIVE_IF = '__fgft_live_if';

interface Placed {
  field: PlannedField;
  /** Bytes from the object's start; infinite where unknown. */
  offset: number;
}

/** Unknown places are all infinite, and equal. */
function order(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

function end({ field, offset }: Placed): number {
  return offset + (field.bytes ?? 0);
}

function alternativeOf(scope: Scope, type: string, { members, pointer, text }: PlannedField): Alternative {
  return { members, text, pointer, when: liveCondition(scope, type, members) };
}

/** Joins fields that lie in one another; `placed` stands in the order of memory, wider ones first. */
export function joinAlternatives(object: PlannedObject, placed: readonly Placed[], scope: Scope): Placed[] {
  const kept: Placed[] = [];
  for (const one of [...placed].sort((a, b) => order(a.offset, b.offset) || order(end(b), end(a)))) {
    const around = Number.isFinite(one.offset) && canJoin(one.field) ? kept.find((k) => holds(k, one)) : undefined;
    if (!around) {
      kept.push(one);
      continue;
    }
    join(object, around, one, scope);
  }
  return kept;
}

/** Bit-fields have storage of their own, and what is used in place is not copied. */
function canJoin({ isBits, place, flexible, bytes }: PlannedField): boolean {
  return !isBits && !place && !flexible && bytes !== null && bytes > 0;
}

function holds(outer: Placed, inner: Placed): boolean {
  return canJoin(outer.field) && Number.isFinite(outer.offset) && outer.offset <= inner.offset && end(inner) <= end(outer);
}

function join(object: PlannedObject, around: Placed, { field }: Placed, scope: Scope): void {
  const { field: outer } = around;
  outer.alternatives ??= [alternativeOf(scope, object.type, outer)];
  outer.alternatives.push(alternativeOf(scope, object.type, field));
  outer.read ||= field.read;
  outer.written ||= field.written;
  outer.byKernelOnly &&= field.byKernelOnly;
  outer.addressOnly &&= field.addressOnly;
  if (outer.bytes === field.bytes && !outer.pointer && (field.pointer || field.function)) {
    // Translating leaves what is no address of a copy as it is.
    outer.pointer = field.pointer;
    outer.function = field.function;
    outer.members = field.members;
    outer.text = field.text;
  }
}

/** The condition under which a member of a union is live, with the paths of the members that it names; null when nobody states one. */
export function liveCondition(scope: Scope, objectType: string, members: readonly MemberStep[]): Alternative['when'] {
  for (let n = members.length; n > 0; n--) {
    const found = memberType(scope, objectType, members.slice(0, n));
    const text = found?.declared?.attributes.find((a) => a.name === LIVE_IF)?.arguments;
    if (!text) continue;
    const names = new Map<string, MemberStep[]>();
    for (const [, name] of text.matchAll(/(?<![\w.]|->)([A-Za-z_]\w*)/g)) {
      const path = besideUnion(scope, objectType, members.slice(0, n), name);
      if (path) names.set(name, path);
    }
    return { text, names: [...names].map(([name, path]) => ({ name, members: path })) };
  }
  return null;
}

/** A name is a member of the innermost record around the union that has one of that name. */
function besideUnion(scope: Scope, objectType: string, members: readonly MemberStep[], name: string): MemberStep[] | null {
  for (let n = members.length - 1; n >= 0; n--) {
    const outer = members.slice(0, n);
    const type = memberType(scope, objectType, outer)?.type;
    const record: RecordDeclaration | undefined = type && scope.recordOf(type);
    if (record && membersOf(record).some((m) => m.name === name)) return [...outer, { member: name }];
  }
  return null;
}
