/** Members of planned objects: which of them travel, and how. */
import { type Effect, READ, WRITE } from '../../analysis/model';
import type { Knowledge } from '../../knowledge/model';
import type { CType, RecordDeclaration, Scope } from '../../symbols/types';
import { hasPlaceType } from '../resync/place';
import type { MemberStep, PlannedField } from './model';
import { recordByName } from './types';

export function memberText(members: readonly MemberStep[]): string {
  return members
    .map((m) => ('member' in m ? `.${m.member}` : `[${m.index ?? ''}]`))
    .join('')
    .replace(/^\./, '');
}

/** What an element is, arrays looked through. */
function elementOf(scope: Scope, type: CType): CType {
  let current = scope.resolve(type);
  while (current.kind === 'array') current = scope.resolve(current.of);
  return current;
}

/** What the kernel's inline functions touch says nothing about bits: the declaration does. */
function isBitField(scope: Scope, record: string | null, name: string): boolean {
  const declared = record === null ? undefined : recordByName(scope, record);
  const member = declared && scope.member(declared, name)?.member;
  return member !== undefined && (member.bits !== null || member.width !== undefined);
}

/** An array of a length that the type does not say. */
export function isFlexible(scope: Scope, type: CType): boolean {
  const resolved = scope.resolve(type);
  return resolved.kind === 'array' && (resolved.flexible || resolved.length === 0);
}

/** The record whose own member has that name: the given one, or an anonymous one inside. */
function anonymousHolder(record: RecordDeclaration | undefined, name: string, depth = 0): RecordDeclaration | undefined {
  if (!record || depth > 6 || record.members.some((m) => m.name === name)) return record;
  for (const m of record.members) {
    const inner = m.name === '' && m.type.kind === 'record' ? anonymousHolder(m.type.inline, name, depth + 1) : undefined;
    if (inner?.members.some((x) => x.name === name)) return inner;
  }
  return undefined;
}

/** The members of the record around a bit-field that have an address: what lies between them is its storage. */
function storageBounds(record: RecordDeclaration | undefined, name: string): PlannedField['bits'] {
  const members = anonymousHolder(record, name)?.members ?? [];
  const at = members.findIndex((m) => m.name === name);
  if (at < 0) return null;
  const plain = (m: (typeof members)[number]): boolean => m.bits === null && m.width === undefined && m.name !== '';
  const before = members.slice(0, Math.max(0, at)).reverse().find(plain);
  const after = members.slice(at + 1).find(plain);
  return { before: before?.name ?? null, after: after?.name ?? null };
}

/** Code that reaches into a record at a computed offset may touch all of it. */
export function isWhole({ members: [first] }: PlannedField): boolean {
  return first === undefined || ('index' in first && first.index === null);
}

export interface FieldInput {
  scope: Scope;
  knowledge: Knowledge;
  members: MemberStep[];
  type: CType;
  effects: readonly Effect[];
  /** The record of the last member. */
  record: string | null;
}

/** One planned field for all that touches a place. */
export function plannedField({ scope, knowledge, members, type, effects, record }: FieldInput): PlannedField {
  const access = effects.reduce((all, e) => all | e.access, 0);
  const escapes = effects.some((e) => e.escapes);
  const place = hasPlaceType(scope, type, knowledge.placeRecords) || (record !== null && knowledge.placeRecords.has(record));
  const element = elementOf(scope, type);
  const last = members.at(-1);
  const isBits = last !== undefined && 'member' in last && (effects.some((e) => e.bits !== null) || isBitField(scope, record, last.member));
  const field = (how: { read: boolean; written: boolean }): PlannedField => ({
    members,
    text: memberText(members),
    ...how,
    place,
    pointer: element.kind === 'pointer' && scope.resolve(element.to).kind !== 'function',
    function: element.kind === 'pointer' && scope.resolve(element.to).kind === 'function',
    flexible: isFlexible(scope, type),
    isBits,
    bits: isBits && record !== null ? storageBounds(recordByName(scope, record), last.member) : null,
    limit: null,
    neverNull: false,
    bytes: scope.sizeof(type),
    byKernelOnly: effects.every((e) => e.kernel !== null),
    addressOnly: (access & (READ | WRITE)) === 0,
    handedOn: false,
  });
  // The address of what is never copied says enough: stubs find the original by it.
  if ((access & (READ | WRITE)) === 0 && place) return field({ read: false, written: false });
  // What an address was taken of is read by somebody, and by a function of which nothing is known perhaps written.
  const unknownUse = (access & (READ | WRITE)) === 0;
  return field({
    // Storing into a bit-field reads the bits around it.
    read: (access & READ) !== 0 || unknownUse || (isBits && (access & WRITE) !== 0),
    written: (access & WRITE) !== 0 || (unknownUse && escapes),
  });
}

function covers(outer: PlannedField, inner: PlannedField): boolean {
  if (outer === inner || outer.members.length > inner.members.length) return false;
  return outer.members.every((step, i) => {
    const other = inner.members[i];
    if ('member' in step) return 'member' in other && other.member === step.member;
    return 'index' in other && (step.index === null || step.index === other.index);
  });
}

/** Bit-fields that share their bytes are one field. */
function sameStorage(a: PlannedField, b: PlannedField): boolean {
  const outer = (f: PlannedField): string => memberText(f.members.slice(0, -1));
  return a.bits !== null && b.bits !== null && a.bits.before === b.bits.before && a.bits.after === b.bits.after && outer(a) === outer(b);
}

function unite(into: PlannedField, other: PlannedField): void {
  into.read ||= other.read;
  into.written ||= other.written;
  into.addressOnly &&= other.addressOnly;
  into.byKernelOnly &&= other.byKernelOnly;
  into.handedOn ||= other.handedOn;
}

/** Fields that lie in others become part of those: every byte of an object belongs to one field. */
export function withoutOverlap(fields: readonly PlannedField[]): PlannedField[] {
  // An element at an unknown index may be any: the whole array.
  const widened = fields.map((f) => {
    const open = f.members.findIndex((m) => 'index' in m && m.index === null);
    return open < 0
      ? f
      : { ...f, members: f.members.slice(0, open), text: memberText(f.members.slice(0, open)), bits: null, limit: null, bytes: null };
  });
  const kept: PlannedField[] = [];
  // Where an address is taken of what has touched members, those say what happens.
  const said = widened.filter(
    (f) => !f.addressOnly || f.place || !widened.some((x) => x !== f && x.text !== f.text && !x.addressOnly && covers(f, x)),
  );
  for (const field of [...said].sort((a, b) => a.members.length - b.members.length)) {
    const same = kept.find((k) => k.text === field.text || covers(k, field) || sameStorage(k, field));
    if (same) {
      unite(same, field);
      if (same.text === field.text) same.pointer ||= field.pointer;
    } else kept.push({ ...field });
  }
  return kept;
}
