import type { Effect } from '../../analysis/model';
import type { DriverContext, EntryContext } from '../context';
import { type MarshalFinding, MarshalFindings } from './marshalFindings';
import { isLengthName, isUntyped, memberOf, type Notes, notesAlong } from './marshalPaths';
import type { Rule } from './rule';

export const opaquePointer: Rule = {
  id: 'marshal/opaque-pointer',
  title: 'a void pointer or an integer holds a pointer whose target type cannot be told',
  reason: `What a pointer leads to is copied by its type. A \`void *\` or an integer that is taken for one record here and for another there
has no type to copy by: which of them it is, only the run knows. One that is always taken for the same record is no problem: the
analysis follows it.

Give the member its type, split it into two, or mark it with \`__fgft_opaque\` if the entry point needs only the address.`,
  severity: 'warning',
  fires: {
    code: 'struct first { int x; };\nstruct second { int y; };\nstruct foo { void *state; int kind; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tif (f->kind)\n\t\treturn ((struct first *)f->state)->x;\n\treturn ((struct second *)f->state)->y;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct first { int x; };\nstruct foo { void *state; int kind; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tstruct first *first = f->state;\n\treturn first->x;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const found = new MarshalFindings(driver);
    const notes = notesAlong(driver.analysis.paths, (path) => pointerAt(driver, path));
    for (const entry of entries) found.addFrom(entry, opaquePointer.id, () => checkEntry(driver, entry, notes));
    return found.all;
  },
};

interface Pointer {
  record: string;
  field: string;
  kind: 'void' | 'integer';
  /** The path of what it points to. */
  target: number;
  isKernels: boolean;
}

/** A step through an untyped member. */
function pointerAt(driver: DriverContext, path: number): Pointer | null {
  const { paths } = driver.analysis;
  if (paths.step(path)?.kind !== 'deref') return null;
  const step = paths.step(paths.parent(path));
  if (step?.kind !== 'field') return null;
  const scope = driver.scopeOf(driver.analysis.nodes[0].file);
  const declared = memberOf(scope, step.record, step.field);
  const kind = declared && isUntyped(scope, declared.member.type);
  if (!kind || declared.member.attributes.some((a) => a.name === '__fgft_opaque')) return null;
  // Bytes with a length beside them are an array of bytes.
  if (declared.record.members.some((m) => isLengthName(m.name, step.field))) return null;
  return { record: step.record, field: step.field, kind, target: path, isKernels: scope.isKernelRecord(declared.record) };
}

function checkEntry(driver: DriverContext, entry: EntryContext, notes: Notes<Pointer>): MarshalFinding[] {
  /** Per pointer: the records that it is taken for, with an access to each. */
  const taken = new Map<number, { pointer: Pointer; records: Map<string, Effect> }>();
  for (const effect of entry.summary.effects.ownAccesses(notes.on)) {
    for (const pointer of notes.of(effect.path)) {
      const record = recordBehind(driver, effect, pointer.target);
      if (record === null) continue;
      let known = taken.get(pointer.target);
      if (!known) taken.set(pointer.target, (known = { pointer, records: new Map() }));
      if (!known.records.has(record)) known.records.set(record, effect);
    }
  }
  return [...taken.values()].flatMap(({ pointer, records }) => findingFor(driver, entry, pointer, records) ?? []);
}

/** The record whose member lies right behind the pointer on the effect's path; null when there is none. */
function recordBehind(driver: DriverContext, effect: Effect, target: number): string | null {
  const { paths } = driver.analysis;
  let path = effect.path;
  while (path >= 0 && paths.parent(path) !== target) path = paths.parent(path);
  const step = path < 0 ? null : paths.step(path);
  return step?.kind === 'field' && step.record !== '' ? step.record : null;
}

function findingFor(
  driver: DriverContext,
  entry: EntryContext,
  pointer: Pointer,
  records: ReadonlyMap<string, Effect>,
): MarshalFinding | null {
  const names = [...records.keys()].filter(
    (name) => ![...records.keys()].some((other) => other !== name && beginsWith(driver, other, name)),
  );
  if (names.length < 2) return null;
  const text = `${pointer.record}.${pointer.field}`;
  const advice = pointer.isKernels
    ? "The record is the kernel's: no annotation in the driver can state it."
    : 'Give it a type, or mark it with __fgft_opaque if only the address is needed.';
  return {
    key: text,
    rule: 'marshal/opaque-pointer',
    severity: pointer.isKernels ? 'information' : 'warning',
    confidence: 'likely',
    message: `${text} is ${pointer.kind === 'void' ? 'a void pointer' : 'an integer'} that ${entry.node.name} takes for a pointer to ${names.join(' and to ')}; which of them must be copied cannot be told. ${advice}`,
    effects: names.map((name) => records.get(name)!),
    ...(!pointer.isKernels && {
      fix: { kind: 'annotate-member', annotation: '__fgft_opaque', record: pointer.record, member: pointer.field },
    }),
  };
}

/** True when a record's first member is the other record: then a pointer to one is a pointer to the other. */
function beginsWith(driver: DriverContext, outer: string, inner: string): boolean {
  const scope = driver.scopeOf(driver.analysis.nodes[0].file);
  let record = scope.record('struct', outer);
  for (let depth = 0; record && depth < 4; depth++) {
    const first = record.members[0];
    record = first && scope.recordOf(first.type);
    if (record?.name === inner) return true;
  }
  return false;
}
