import type { Effect } from '../../analysis/model';
import type { PathTable } from '../../analysis/paths';
import type { DriverContext, EntryContext } from '../context';
import type { RecordDeclaration, Scope } from '../../symbols/types';
import { type MarshalFinding, MarshalFindings } from './marshalFindings';
import { holdsPointer, type Notes, notesAlong } from './marshalPaths';
import type { Rule } from './rule';

export const union: Rule = {
  id: 'marshal/union',
  title: 'a union whose live member cannot be told is marshaled',
  reason: `The bytes of a union are copied whatever is in them. A pointer among them must be followed and translated when its member is the
live one, and must not when another one is. Where an entry point uses only one member of a union, that one is live; where it uses several and a
pointer is among them, only the run knows. A member beside the union that tells them apart (a type, a kind, a flag) is named when the entry point reads
one; \`__fgft_live_if(expression)\` before each pointer states it. Until then what the pointer leads to is used in place.`,
  severity: 'information',
  fires: {
    code: 'struct item { int x; };\nstruct foo { union { struct item *item; unsigned long cookie; } u; int direct; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tif (f->direct)\n\t\treturn f->u.item->x;\n\treturn f->u.cookie;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct foo { union { unsigned int word; unsigned char byte[4]; } u; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tf->u.word = 1;\n\treturn f->u.byte[0];\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const found = new MarshalFindings(driver);
    const known = new Map<string, boolean>();
    const notes = notesAlong(driver.analysis.paths, (path) => memberAt(driver, path, known));
    for (const entry of entries) found.addFrom(entry, union.id, () => checkEntry(driver, entry, notes));
    return found.all;
  },
};

interface UnionMember {
  /** The object that holds the union. */
  holder: number;
  declared: RecordDeclaration;
  /** The union's own name, or that of the record around it. */
  name: string;
  /** Which of the union's alternatives. */
  alternative: number;
  member: string;
}

/** A step into a union. `known`: for members of named records, whether they belong to one; most do not, and are met on many paths. */
function memberAt(driver: DriverContext, path: number, known: Map<string, boolean>): UnionMember | null {
  const { paths } = driver.analysis;
  const step = paths.step(path);
  if (step?.kind !== 'field' || step.record === '') return null;
  const name = `${step.record}.${step.field}`;
  if (known.get(name) === false) return null;
  const found = unionMemberAt(driver, path, step);
  // Without a name of its own, a record is another one on every path.
  if (!known.has(name) && isNamed(driver, step.record)) known.set(name, found !== null);
  return found;
}

function isNamed(driver: DriverContext, record: string): boolean {
  const scope = driver.scopeOf(driver.analysis.nodes[0].file);
  return (scope.record('struct', record) ?? scope.record('union', record)) !== undefined;
}

function unionMemberAt(driver: DriverContext, path: number, step: { field: string }): UnionMember | null {
  const { paths } = driver.analysis;
  const scope = driver.scopeOf(driver.analysis.nodes[0].file);
  const record = recordAt(scope, paths, path, 0);
  if (!record || driver.knowledge.placeRecords.has(record.name)) return null;
  const place = alternativeOf(scope, record, step.field, 0);
  return (
    place && { holder: paths.parent(path), declared: place.union, name: record.name, alternative: place.alternative, member: step.field }
  );
}

/** The record whose member a path's last step is. One without a tag is found through the member that declares it. */
function recordAt(scope: Scope, paths: PathTable, path: number, depth: number): RecordDeclaration | undefined {
  const step = paths.step(path);
  if (step?.kind !== 'field') return undefined;
  const known = scope.record('struct', step.record) ?? scope.record('union', step.record);
  if (known || depth > 4) return known;
  let holder = paths.parent(path);
  while (holder >= 0 && paths.step(holder) !== null && paths.step(holder)?.kind !== 'field') holder = paths.parent(holder);
  const outer = holder < 0 ? undefined : recordAt(scope, paths, holder, depth + 1);
  const member =
    outer && paths.step(holder)?.kind === 'field' ? scope.member(outer, (paths.step(holder) as { field: string }).field) : undefined;
  const type = member && scope.resolve(member.member.type);
  return type && scope.recordOf(type.kind === 'array' ? type.of : type.kind === 'pointer' ? type.to : type);
}

/** The union that a member belongs to, looking through anonymous records, and which of its alternatives it is part of. */
function alternativeOf(
  scope: Scope,
  record: RecordDeclaration,
  field: string,
  depth: number,
): { union: RecordDeclaration; alternative: number } | null {
  if (depth > 4) return null;
  for (const [i, member] of record.members.entries()) {
    if (member.name === field) return record.tag === 'union' ? { union: record, alternative: i } : null;
    if (member.name !== '') continue;
    const inner = scope.recordOf(member.type);
    if (!inner || !scope.member(inner, field)) continue;
    return record.tag === 'union' ? { union: record, alternative: i } : alternativeOf(scope, inner, field, depth + 1);
  }
  return null;
}

function checkEntry(driver: DriverContext, entry: EntryContext, notes: Notes<UnionMember>): MarshalFinding[] {
  const used = new Map<string, { use: UnionMember; alternatives: Map<number, { member: string; effect: Effect }> }>();
  for (const effect of entry.summary.effects.ownAccesses(notes.on)) {
    for (const use of notes.of(effect.path)) {
      const key = `${use.holder} ${use.name} ${use.declared.place.offset}`;
      let known = used.get(key);
      if (!known) used.set(key, (known = { use, alternatives: new Map() }));
      if (!known.alternatives.has(use.alternative)) known.alternatives.set(use.alternative, { member: use.member, effect });
    }
  }
  return [...used.values()].flatMap(({ use, alternatives }) =>
    alternatives.size > 1 ? (findingFor(driver, entry, use, alternatives) ?? []) : [],
  );
}

function findingFor(
  driver: DriverContext,
  entry: EntryContext,
  use: UnionMember,
  alternatives: ReadonlyMap<number, { member: string; effect: Effect }>,
): MarshalFinding | null {
  const scope = driver.scopeOf(entry.node.file);
  const withPointer = [...alternatives].filter(([i]) => holdsPointer(scope, use.declared.members[i].type));
  const isStated = (i: number, member: string): boolean =>
    use.declared.members[i].attributes.some((a) => a.name === LIVE_IF) ||
    scope.member(use.declared, member)?.member.attributes.some((a) => a.name === LIVE_IF) === true;
  if (withPointer.every(([i, a]) => isStated(i, a.member))) return null;
  const members = [...alternatives.values()].map((a) => a.member).sort();
  const tag = tagOf(driver, entry, use);
  return {
    key: `${use.name} ${members[0]}`,
    rule: 'marshal/union',
    severity: 'information',
    confidence: tag ? 'possible' : 'likely',
    message: `${entry.node.name} uses ${members.join(' and ')} of one union in ${use.name}, and ${withPointer.map(([, a]) => a.member).join(', ')} ${withPointer.length === 1 ? 'holds a pointer' : 'hold pointers'}: which of them is live cannot be told, so what it leads to is used in place. ${tag ? `${tag} beside it may tell them apart: state it with __fgft_live_if.` : 'No member beside it tells them apart.'}`,
    effects: [...alternatives.values()].map((a) => a.effect),
  };
}

/** Says when a member is the live one. */
const LIVE_IF = '__fgft_live_if';

/** Names of members that tell alternatives apart. */
const TAG_NAME = /(^|_)(type|kind|tag|mode|variant|format|class|state|flags?|is|has|use|id|direct)(_|$)/;

/** A scalar beside the union, named like a tag, which the entry point reads; null when there is none. */
function tagOf(driver: DriverContext, entry: EntryContext, use: UnionMember): string | null {
  const { paths } = driver.analysis;
  const scope = driver.scopeOf(entry.node.file);
  // A named union is a member itself: what tells its members apart stands one step further out.
  const holder = paths.step(use.holder)?.kind === 'field' && use.declared.name === use.name ? paths.parent(use.holder) : use.holder;
  for (const effect of entry.summary.effects.ownAccesses((path) => paths.parent(path) === holder)) {
    const step = paths.step(effect.path);
    if (step?.kind !== 'field' || !TAG_NAME.test(step.field)) continue;
    const kind = scope.resolve(effect.type).kind;
    if (kind === 'basic' || kind === 'enum') return `${step.record}.${step.field}`;
  }
  return null;
}
