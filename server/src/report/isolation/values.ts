/**
 * What a call may leave in the members that it writes: `bool` and enumerations hold what their types allow, a count is no more than the
 * array has elements, and some pointers of the kernel's are never NULL. A value outside is a fault before it reaches the kernel.
 */
import type { CType, EnumDeclaration, RecordDeclaration, Scope } from '../../symbols/types';
import { memberType, membersOf } from './memberTypes';
import type { MemberStep, PlannedField, PlannedObject, ValueLimit } from './model';

/** Lengths of what the runtime compares as one number. */
const SCALARS: readonly (number | null)[] = [1, 2, 4, 8];

const COUNTS = /^(__fgft_count|__counted_by)$/;
const NAME = /^\s*([A-Za-z_]\w*)\s*$/;
/** Constants that are written so are parts of a set. */
const WRITTEN_AS_BITS = /<<|\bBIT(_ULL)?\s*\(|\|/;

/** Every bit up to the highest of a number. */
function allBits(most: number): number {
  let bits = 1;
  while (bits - 1 < most) bits *= 2;
  return bits - 1;
}

/**
 * The values of an enumeration. Only one that counts without gaps says exactly which; any other may hold sets of its constants, and
 * gets every bit that they use. Null: a constant's value is not known.
 */
export function enumLimit(declaration: EnumDeclaration, values: readonly (number | null)[]): ValueLimit | null {
  if (values.length === 0 || values.some((v) => v === null)) return null;
  const known = new Set(values as number[]);
  // What nobody has set yet is 0.
  const least = Math.min(0, ...known);
  const most = Math.max(0, ...known);
  const counts = [...Array(Math.min(most, 4096)).keys()].every((n) => n === 0 || known.has(n));
  const isSet = declaration.constants.some((c) => WRITTEN_AS_BITS.test(c.text ?? ''));
  // 1 and 2 may be two bits as well as two numbers.
  if (counts && !isSet && most !== 2) return { least, most };
  return { least, most: allBits(most) };
}

function limitOf(scope: Scope, type: CType): ValueLimit | null {
  const resolved = scope.resolve(type);
  if (resolved.kind === 'basic' && resolved.name === '_Bool') return { least: 0, most: 1 };
  if (resolved.kind !== 'enum') return null;
  const declaration = resolved.inline ?? scope.enumeration(resolved.name);
  const values = declaration?.constants.map((c) => scope.enumConstant(c.name) ?? null);
  return declaration ? enumLimit(declaration, values ?? []) : null;
}

/** The arrays and pointers beside a member that have as many elements as it says. */
function countedBy(record: RecordDeclaration, name: string): { name: string; type: CType }[] {
  return membersOf(record).filter((m) => m.attributes.some((a) => COUNTS.test(a.name) && NAME.exec(a.arguments ?? '')?.[1] === name));
}

/** A member that gets a value, in a statement or an initialiser. */
const STORE = /(?:->|\.)\s*([A-Za-z_]\w*)\s*=(?!=)\s*([^=;,{}]+?)\s*[;,}]/g;

/** By member: what the driver's text stores there, as written. */
export function storedTexts(texts: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const stored = new Map<string, Set<string>>();
  for (const text of texts)
    for (const [, member, value] of text.matchAll(STORE)) {
      const known = stored.get(member);
      if (known) known.add(value);
      else stored.set(member, new Set([value]));
    }
  return stored;
}

export interface ValueFacts {
  scope: Scope;
  /** By member: what the driver stores there, as written. */
  stored: ReadonlyMap<string, ReadonlySet<string>>;
  /** `record.member`, as the knowledge has them. */
  neverNull: ReadonlySet<string>;
}

/** Says of all written fields what they may be left with. The fields must have their final shape. */
export function limitValues(objects: readonly PlannedObject[], facts: ValueFacts): void {
  for (const object of objects) {
    if (!object.isRecord) continue;
    for (const field of [...object.fields]) limitField(object, field, facts);
  }
}

function limitField(object: PlannedObject, field: PlannedField, { scope, stored, neverNull }: ValueFacts): void {
  const found = field.written && !field.isBits ? memberType(scope, object.type, field.members) : null;
  const last = field.members.at(-1);
  if (!found || !last || !('member' in last) || !SCALARS.includes(field.bytes)) return;
  const { record } = found;
  field.neverNull = record !== undefined && (field.pointer || field.function) && neverNull.has(`${record.name}.${last.member}`);
  const limits = [limitOf(scope, found.type)];
  for (const array of record ? countedBy(record, last.member) : []) {
    const type = scope.resolve(array.type);
    const beside: MemberStep[] = [...field.members.slice(0, -1), { member: array.name }];
    if (type.kind === 'array' && !type.flexible) {
      const whole = scope.sizeof(array.type);
      const one = scope.sizeof(type.of);
      if (whole !== null && one) limits.push({ least: 0, most: whole / one });
    } else if (type.kind === 'pointer') object.counts.push({ count: field.members, pointer: beside });
  }
  const all = limits.filter((l) => l !== null);
  if (all.length === 0) return;
  const limit = { least: Math.max(...all.map((l) => l.least)), most: Math.min(...all.map((l) => l.most)) };
  // A limit that the driver itself goes beyond is none.
  const constants = [...(stored.get(last.member) ?? [])].map((text) => scope.evaluate(text));
  const isBroken = constants.some((c) => c !== null && (c < limit.least || c > limit.most));
  field.limit = isBroken ? null : limit;
}
