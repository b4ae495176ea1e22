/** The field set of an entry point: its summary's effects, grouped by member. */
import { ADDRESS, type Effect, READ, type Summary, WRITE } from '../analysis/model';
import { pathText, rootText } from '../analysis/paths';
import type { CType, Scope } from '../symbols/types';
import { type DriverContext, type EntryContext, parameterNames } from './context';
import { hasPlaceType, isSharedMember } from './resync/place';
import { inPlaceOf, isBehindPlace, isRcuPointer, memberTypeOf } from './inPlace';
import type { Access, Direction, Field } from './model';

export function accessName(bits: number): Access {
  if ((bits & READ) !== 0 && (bits & WRITE) !== 0) return 'RW';
  if (bits & READ) return 'R';
  return bits & WRITE ? 'W' : 'A';
}

/** An address that is taken says nothing beside a read or a write. */
export function strongest(bits: number): Access {
  return accessName(bits & (READ | WRITE) ? bits & ~ADDRESS : bits);
}

/** The effects behind one reported field. */
interface FieldGroup {
  path: number;
  record: string;
  field: string;
  effects: Effect[];
}

/** The field that stands for a record that is copied or filled as a whole (`*f = defaults`, `memset(f, 0, sizeof(*f))`). */
const WHOLE_RECORD = '*';

function groupFields(driver: DriverContext, scope: Scope, summary: Summary): FieldGroup[] {
  const { paths } = driver.analysis;
  const groups = new Map<number, FieldGroup>();
  const add = (path: number, record: string, field: string, effect: Effect): void => {
    const group = groups.get(path);
    if (group) group.effects.push(effect);
    else groups.set(path, { path, record, field, effects: [effect] });
  };
  for (const effect of summary.effects.values()) {
    const path = paths.fieldPath(effect.path);
    const step = path < 0 ? null : paths.step(path);
    if (step?.kind === 'field') {
      if (step.record) add(path, step.record, step.field, effect);
    } else if (effect.access & (READ | WRITE) && isBehindPointer(driver, effect.path)) {
      const record = scope.recordOf(effect.type);
      if (record) add(effect.path, record.name, WHOLE_RECORD, effect);
    }
  }
  return [...groups.values()].filter((g) => !isOfOtherKernel(scope, g));
}

/** What is known of a kernel function may come from a kernel whose records had other members. */
function isOfOtherKernel(scope: Scope, { record, field, effects }: FieldGroup): boolean {
  if (field === WHOLE_RECORD || !effects.every((e) => e.kernel !== null)) return false;
  const declared = scope.record('struct', record) ?? scope.record('union', record);
  return declared !== undefined && scope.isKernelRecord(declared) && !scope.member(declared, field);
}

/** True for an object that a pointer leads to. A variable that is used as a whole is a global or stands on the stack: it is no record of somebody else's. */
function isBehindPointer(driver: DriverContext, path: number): boolean {
  return driver.analysis.paths.stepsOf(path).some((s) => s.kind !== 'field' && s.kind !== 'index');
}

function fieldBytes(driver: DriverContext, scope: Scope, group: FieldGroup): number | null {
  const whole = group.effects.find((e) => e.path === group.path);
  // The member's own type first: a touch through a decayed array has the element's, one inside the kernel has none.
  if (whole?.bits) return Math.ceil(whole.bits / 8);
  if (whole) return memberType(scope, group) ? memberBytes(scope, group) : scope.sizeof(whole.type);
  // Elements of an array: each known element once; an unknown index may be any of them.
  if (!group.effects.every((e) => isKnownElement(driver, e.path, group.path))) return memberBytes(scope, group);
  return group.effects.reduce<number | null>((sum, e) => add(sum, scope.sizeof(e.type)), 0);
}

/** True when nothing but constant indexes leads from the member to the path. */
function isKnownElement(driver: DriverContext, path: number, member: number): boolean {
  const { paths } = driver.analysis;
  for (let p = path; p !== member; p = paths.parent(p)) {
    const step = p < 0 ? null : paths.step(p);
    if (step?.kind !== 'index' || step.at === null) return false;
  }
  return true;
}

function add(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

function memberType(scope: Scope, group: Pick<FieldGroup, 'record' | 'field'>): CType | null {
  return memberTypeOf(scope, group.record, group.field);
}

function memberBytes(scope: Scope, group: FieldGroup): number | null {
  const type = memberType(scope, group);
  const size = type && scope.sizeof(type);
  // A flexible array has no bytes as a type, and an unknown number of them in memory.
  return size === 0 && scope.resolve(type!).kind === 'array' ? null : size;
}

function isPlace(driver: DriverContext, scope: Scope, group: FieldGroup, type: CType | null): boolean {
  if (driver.knowledge.placeRecords.has(group.record)) return true;
  if (inPlaceOf(driver).members.has(`${group.record}.${group.field}`) || isRcuPointer(scope, type)) return true;
  if (isSharedMember(scope, group.record, group.field)) return true;
  if (isBehindPlace(driver, scope, group.path)) return true;
  const types = [type, ...group.effects.map((e) => e.type)];
  return types.some((t) => t !== null && hasPlaceType(scope, t, driver.knowledge.placeRecords));
}

/** True for memory that the call itself allocates: there is no original to copy from or to. */
function isFresh(driver: DriverContext, group: FieldGroup): boolean {
  const root = driver.analysis.paths.rootOf(group.path);
  return root.kind === 'result' && driver.knowledge.functions.get(root.name)?.returns?.kind === 'fresh';
}

function directionOf(driver: DriverContext, scope: Scope, group: FieldGroup, access: Access): Direction {
  // Variables on the stack get ranges of their own; nothing is copied.
  if (driver.analysis.paths.isStackObject(group.path) || isFresh(driver, group) || isPlace(driver, scope, group, memberType(scope, group)))
    return 'place';
  if (access === 'R') return 'in';
  // An address that only travels needs no copy: what takes it works on the original.
  if (access === 'A') return group.effects.some((e) => e.escapes) ? 'inout' : 'place';
  const exact = group.effects.length === 1 && group.effects[0].path === group.path ? group.effects[0] : null;
  return exact && exact.alwaysWritten && !exact.readFirst ? 'out' : 'inout';
}

/** A field before anybody asked where it is touched: the effects behind it tell, and what they tell changes with every edit. */
export type FoundField = Omit<Field, 'locations' | 'macro' | 'via'> & { effects: readonly Effect[] };

/** All fields of an entry point, in the order of records and names. */
export function fieldsOf(driver: DriverContext, entry: EntryContext): FoundField[] {
  const scope = driver.scopeOf(entry.node.file);
  const { paths } = driver.analysis;
  const names = parameterNames(entry.node);
  const fields = groupFields(driver, scope, entry.summary).map((group): FoundField => {
    const own = group.effects.filter((e) => e.kernel === null);
    const shown = own.length > 0 ? own : group.effects;
    const access = strongest(shown.reduce((all, e) => all | (own.length > 0 ? e.textAccess : e.access), 0));
    const whole = strongest(shown.reduce((all, e) => all | e.access, 0));
    return {
      record: group.record,
      field: group.field,
      path: pathText(paths, group.path, names),
      root: rootText(paths.rootOf(group.path), names),
      access,
      direction: directionOf(driver, scope, group, whole),
      bytes: fieldBytes(driver, scope, group),
      effects: shown,
    };
  });
  return fields.sort((a, b) => compare(a.record, b.record) || compare(a.field, b.field) || compare(a.path, b.path));
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
