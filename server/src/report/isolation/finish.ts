/** What is done to the objects of an entry point once all are known. */
import type { DriverContext, EntryContext } from '../context';
import type { CType, Scope } from '../../symbols/types';
import { isWhole, memberText, withoutOverlap } from './fields';
import type { MemberStep, PlannedField, PlannedIo, PlannedObject, Pointer } from './model';
import { joinAlternatives } from './unions';
import { holderOf } from './modes';

/** The objects on the way from a parameter to one, nearest first. */
function holders(objects: readonly PlannedObject[], object: PlannedObject): PlannedObject[] {
  const found: PlannedObject[] = [];
  for (let at: number | null = object.inside ?? holderOf(object.pointer); at !== null && found.length < objects.length;) {
    found.push(objects[at]);
    at = objects[at].inside ?? holderOf(objects[at].pointer);
  }
  return found;
}

/**
 * Linked structures fold back: what is touched in the second element is found with the first. So an object has the fields of the
 * objects of its type on the way to it, and its pointers lead where theirs do.
 */
export function unfold(objects: readonly PlannedObject[]): void {
  for (const object of objects) addHolding(objects, object);
  for (const object of objects) {
    if (!object.list) continue;
    addLink(objects, object);
    // What a parameter points to may stand in the list too.
    for (const other of objects) {
      if (other === object || other.type !== object.type || other.list) continue;
      other.fields.push(...object.fields.map((f) => ({ ...f })));
      other.like ??= object.number;
    }
  }
  for (const object of objects) {
    for (const holder of holders(objects, object)) {
      if (holder.type !== object.type || !object.isRecord) continue;
      object.fields.push(...holder.fields.map((f) => ({ ...f })));
      object.like ??= holder.number;
    }
  }
}

/** Where a pointer is found: behind container and accessor steps. */
function foundIn(pointer: Pointer): Pointer {
  return pointer.kind === 'container' || pointer.kind === 'accessor' ? foundIn(pointer.of) : pointer;
}

/** A pointer that leads to an object is read, even where only the kernel's macros do it. */
function addHolding(objects: readonly PlannedObject[], object: PlannedObject): void {
  const pointer = foundIn(object.pointer);
  if (pointer.kind !== 'held' || object.inside !== null) return;
  const holder = objects[pointer.object];
  const open = pointer.members.findIndex((m) => 'index' in m || m.member === '&');
  const members = open < 0 ? pointer.members : pointer.members.slice(0, open);
  const text = memberText(members);
  if (members.length === 0 || holder.fields.some((f) => f.text === text || f.text.startsWith(`${text}[`))) return;
  if (open < 0) holder.fields.push(linkField(members, text));
}

/** Loop macros read the links without saying so: the head's and those between the nodes. */
function addLink(objects: readonly PlannedObject[], node: PlannedObject): void {
  if (!node.list) return;
  const head = objects[node.list.headObject];
  const ends: [PlannedObject, MemberStep[]][] = [
    [head, node.list.head],
    [node, node.list.member.split('.').map((m): MemberStep => ({ member: m }))],
  ];
  for (const side of ['next', 'prev']) {
    const written = ends.some(([object, at]) => object.fields.some((f) => f.written && f.text === memberText([...at, { member: side }])));
    for (const [object, at] of ends) {
      const members = [...at, { member: side }];
      const text = memberText(members);
      if (!object.fields.some((f) => f.text === text)) object.fields.push({ ...linkField(members, text), written });
    }
  }
}

function linkField(members: MemberStep[], text: string): PlannedField {
  return {
    members,
    text,
    read: true,
    written: false,
    place: false,
    pointer: true,
    function: false,
    flexible: false,
    isBits: false,
    bits: null,
    limit: null,
    neverNull: false,
    bytes: 8,
    byKernelOnly: false,
    addressOnly: false,
    handedOn: false,
  };
}

/** Bytes from the start of a record; null where unknown. Only for putting fields in order. */
function offsetOf(scope: Scope, type: CType, members: readonly MemberStep[]): number | null {
  let offset = 0;
  let current = type;
  for (const step of members) {
    if ('index' in step) {
      const resolved = scope.resolve(current);
      if (resolved.kind !== 'array') return null;
      offset += (step.index ?? 0) * (scope.sizeof(resolved.of) ?? 0);
      current = resolved.of;
      continue;
    }
    const record = scope.recordOf(current);
    const found = record && scope.layout(record).members.get(step.member);
    const member = record && scope.member(record, step.member);
    if (!found || found.offset === null || !member) return null;
    offset += found.offset;
    current = member.member.type;
  }
  return offset;
}

/** One field per byte, in the order of memory. */
export function orderFields(objects: readonly PlannedObject[], scope: Scope): void {
  for (const object of objects) {
    const type = scope.parseType(object.type);
    // Some records are empty on some machines (u64_stats_sync where words are wide enough).
    const present = object.fields.filter((f) => f.bytes !== 0 || f.flexible);
    const { whole, rest } = apart(object, present);
    const placed = withoutOverlap(rest).map((field) => ({
      field,
      offset: offsetOf(scope, type, field.members) ?? Infinity,
    }));
    object.fields = [...whole, ...joinAlternatives(object, placed, scope).map((p) => p.field)];
  }
}

/**
 * Code that reaches into a record at a computed offset touches all of it, and what is known of its members (which of them lead where)
 * stays true. In place, both can be said; of a copy, what is only read may come in late.
 */
function apart(object: PlannedObject, fields: PlannedField[]): { whole: PlannedField[]; rest: PlannedField[] } {
  const whole = fields.filter(isWhole);
  const rest = fields.filter((f) => !isWhole(f));
  if (!object.isRecord || object.extent.kind !== 'one' || whole.length === 0 || rest.length === 0) return { whole: [], rest: fields };
  if (whole.some((f) => f.written)) return object.mode === 'place' ? { whole: withoutOverlap(whole), rest } : { whole: [], rest: fields };
  object.lenient = true;
  return { whole: [], rest };
}

/** An accessor that only reads gets no right to write: what the functions that are reached do to devices, taken together. */
export function deviceRights(driver: DriverContext, context: EntryContext, io: readonly PlannedIo[]): void {
  let read = false;
  let written = false;
  for (const id of context.functions) {
    for (const { callee } of driver.analysis.nodes[id].ir.calls) {
      const known = callee.kind === 'name' ? driver.knowledge.functions.get(callee.name) : undefined;
      // A function that is reached through a pointer may do either.
      if (!known && callee.kind !== 'name') read = written = true;
      if (!known) continue;
      read ||= known.effects.includes('device-read');
      written ||= known.effects.includes('device-write');
    }
  }
  for (const one of io) Object.assign(one, read || written ? { read, written } : { read: true, written: true });
}

/** Names of the kernel's records that its inline functions and macros get from the driver: what those load is not wholly known. */
export function givenToInlines(driver: DriverContext, context: EntryContext, scope: Scope): Set<string> {
  const given = new Set<string>();
  for (const id of context.functions) {
    for (const call of driver.analysis.nodes[id].ir.calls) {
      if (call.callee.kind !== 'name') continue;
      const declared = scope.function(call.callee.name);
      if (declared && !declared.inline) continue;
      for (const type of call.argumentTypes) {
        const resolved = scope.resolve(type);
        const record = resolved.kind === 'pointer' ? scope.recordOf(resolved.to) : undefined;
        if (record && scope.isKernelRecord(record)) given.add(record.name);
      }
    }
  }
  return given;
}

/** Those records, and what only the kernel's own code reads behind them (a table of operations): nobody has described all of either. */
export function markLenient(objects: readonly PlannedObject[], given: ReadonlySet<string>): void {
  for (const object of objects) if (given.has(object.type.replace(/^(struct|union) /, ''))) object.lenient = true;
  for (const object of objects) {
    const holder = holderOf(object.pointer);
    if (holder === null || !objects[holder].lenient || !object.isRecord || object.fields.length === 0) continue;
    if (object.fields.every((f) => f.byKernelOnly)) object.lenient = true;
  }
}
