import type { Effect } from '../../analysis/model';
import { pathText } from '../../analysis/paths';
import type { AttributeUse } from '../../symbols/types';
import { type DriverContext, type EntryContext, parameterNames, siteRange } from '../context';
import { accessName } from '../fields';
import { startOf } from '../locator';
import type { Finding } from '../model';
import { inferLength, type LengthFacts, lengthFacts } from './lengthInference';
import { isLengthName } from './marshalPaths';
import type { Rule } from './rule';

export const unknownSize: Rule = {
  id: 'marshal/unknown-size',
  title: 'a pointer to an array of unknown length is dereferenced or passed to the kernel',
  reason: `A transaction copies what the entry point touches. Behind a plain pointer lies an array whose length the type does not tell,
so the copy has no end. State the length: \`__fgft_count(expression)\` on the member or parameter, \`__fgft_string\` for text that ends with a zero byte, or
the kernel's own \`__counted_by\`.

Where the driver's text tells the length (an allocation that is stored in the member, a length beside it, a string function that is given
it), the finding names it, and the quick fix writes it down.`,
  severity: 'information',
  fires: {
    code: 'struct foo { u8 *table; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tint i, sum = 0;\n\tfor (i = 0; i < 4; i++)\n\t\tsum += f->table[i];\n\treturn sum;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct foo { u8 table[4]; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\treturn f->table[2];\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const found = new Map<string, Finding>();
    const facts = once(() => lengthFacts(driver));
    const pointers = arrayPointers(driver);
    for (const entry of entries) {
      const { arrays, excused } = driver.memory.of(unknownSize.id, entry.summary, () => arraysOf(driver, entry, pointers));
      for (const array of arrays) report(driver, entry, array, found, facts);
      // What another entry point cannot tell concerns this one as well.
      for (const key of excused) addEntry(found.get(key), entry);
    }
    return [...found.values()];
  },
};

/** The pointer of the last element on the path that lies behind one (`card->items[i].key`): it leads to an array. */
function arrayPointer(driver: DriverContext, path: number): number | null {
  const { paths } = driver.analysis;
  for (let p = path; paths.parent(p) >= 0; p = paths.parent(p)) {
    const target = paths.parent(p);
    if (paths.step(p)?.kind === 'index' && paths.step(target)?.kind === 'deref') return paths.parent(target);
    // Whatever lies before another pointer is that pointer's business.
    if (paths.step(p)?.kind === 'deref') return null;
  }
  return null;
}

/** `arrayPointer`, once per path; -1 for none. */
function arrayPointers(driver: DriverContext): (path: number) => number {
  const known: (number | undefined)[] = [];
  return (path) => (known[path] ??= arrayPointer(driver, path) ?? -1);
}

/** Annotations, the kernel's and ours, that say how far a pointer's array reaches. */
const STATES_LENGTH = /^(__fgft_count|__fgft_string|__counted_by(_le|_be|_ptr)?|__sized_by|__element_count)$/;

/** The declaration of the member or parameter that is a pointer, as far as it has one. */
function declarationOf(
  driver: DriverContext,
  entry: EntryContext,
  pointer: number,
): { attributes: readonly AttributeUse[]; isKernels: boolean } | undefined {
  const { paths } = driver.analysis;
  const scope = driver.scopeOf(entry.node.file);
  const step = paths.step(pointer);
  if (step?.kind === 'field') {
    const record = scope.record('struct', step.record) ?? scope.record('union', step.record);
    const found = record && scope.member(record, step.field);
    return found && { attributes: found.member.attributes, isKernels: scope.isKernelRecord(found.record) };
  }
  const root = paths.rootOf(pointer);
  const parameter = root.kind === 'parameter' ? scope.function(entry.node.name)?.parameters[root.index] : undefined;
  return parameter && { attributes: parameter.attributes, isKernels: false };
}

/** Paths of the objects whose members the entry point's summary names. */
function recordsOf(driver: DriverContext, entry: EntryContext): Set<number> {
  const { paths } = driver.analysis;
  const holders = new Set<number>();
  for (const { path } of entry.summary.effects.values()) if (paths.step(path)?.kind === 'field') holders.add(paths.parent(path));
  return holders;
}

/** True for a record of which a member is reached by its offset (`(char *)card + attribute->offset`): that is no array. */
function isRecordByOffset(
  driver: DriverContext,
  entry: EntryContext,
  effect: Effect,
  pointer: number,
  holders: () => ReadonlySet<number>,
): boolean {
  const { paths } = driver.analysis;
  const last = paths.step(effect.path);
  if (last?.kind !== 'index') return false;
  const target = paths.parent(effect.path);
  if (paths.parent(target) !== pointer) return false;
  if (holders().has(target)) return true;
  const root = paths.rootOf(pointer);
  const type = paths.step(pointer) === null && root.kind === 'parameter' ? entry.node.ir.locals[root.index]?.type : undefined;
  const scope = driver.scopeOf(entry.node.file);
  const pointee = type && scope.resolve(type);
  return pointee?.kind === 'pointer' && scope.recordOf(pointee.to) !== undefined && scope.recordOf(effect.type) === undefined;
}

/** Computed when it is first asked for: most drivers state every length. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** A parameter beside the pointer that reads like its length. */
function companionParameter(entry: EntryContext, index: number): string | null {
  const parameters = entry.node.ir.locals.filter((l) => l.parameter);
  const name = parameters[index]?.name ?? '';
  const next = parameters[index + 1];
  const found = parameters.find((p, i) => i !== index && p.type.kind !== 'pointer' && isLengthName(p.name, name)) ?? next;
  return found &&
    found.type.kind !== 'pointer' &&
    (isLengthName(found.name, name) || /^(n|len|length|size|count|nbytes|num)$/.test(found.name))
    ? found.name
    : null;
}

/** An access to an array whose length nobody states. */
interface UnknownArray {
  key: string;
  text: string;
  effect: Effect;
  /** The path of the pointer to it. */
  pointer: number;
  isKernels: boolean;
}

/** Those that an entry point's summary shows, and keys of arrays that it uses in a way that needs no length. */
function arraysOf(
  driver: DriverContext,
  entry: EntryContext,
  pointers: (path: number) => number,
): { arrays: UnknownArray[]; excused: ReadonlySet<string> } {
  const arrays = new Map<string, UnknownArray>();
  const excused = new Set<string>();
  const holders = once(() => recordsOf(driver, entry));
  for (const effect of entry.summary.effects.ownAccesses((path) => pointers(path) >= 0)) {
    const found = arrayAt(driver, entry, effect, pointers(effect.path), holders);
    if (typeof found === 'string') excused.add(found);
    else if (found && !arrays.has(found.key)) arrays.set(found.key, found);
  }
  for (const key of arrays.keys()) excused.delete(key);
  return { arrays: [...arrays.values()], excused };
}

/** The array that an effect accesses; its key alone where this access needs no length; null when it accesses none. */
function arrayAt(
  driver: DriverContext,
  entry: EntryContext,
  effect: Effect,
  pointer: number,
  holders: () => ReadonlySet<number>,
): UnknownArray | string | null {
  const { paths } = driver.analysis;
  const step = paths.step(pointer);
  const root = paths.rootOf(pointer);
  // A pointer variable that a kernel call filled (`simple_strtoul(text, &rest, 16)`) leads into what the call was given: there is nothing to annotate.
  if (
    root.kind === 'result' ||
    ((root.kind === 'local' || root.kind === 'variable') && step === null) ||
    (step?.kind !== 'field' && step !== null)
  )
    return null;
  const text = step?.kind === 'field' ? `${step.record}.${step.field}` : pathText(paths, pointer, parameterNames(entry.node));
  // A parameter's name means another pointer in each entry point.
  const key = root.kind === 'parameter' && step === null ? `${entry.node.id} ${text}` : text;
  const declaration = declarationOf(driver, entry, pointer);
  if (declaration?.attributes.some((a) => STATES_LENGTH.test(a.name))) return key;
  if ((step?.kind === 'field' && step.record === '') || isRecordByOffset(driver, entry, effect, pointer, holders)) return key;
  return { key, text, effect, pointer, isKernels: declaration?.isKernels ?? false };
}

function addEntry(known: Finding | undefined, entry: EntryContext): void {
  if (known && !known.entryPoints.includes(entry.node.name)) known.entryPoints.push(entry.node.name);
}

function report(
  driver: DriverContext,
  entry: EntryContext,
  array: UnknownArray,
  found: Map<string, Finding>,
  facts: () => LengthFacts,
): void {
  const { key, text, effect, pointer, isKernels } = array;
  const known = found.get(key);
  if (known) {
    addEntry(known, entry);
    return;
  }
  const { paths } = driver.analysis;
  const step = paths.step(pointer);
  const root = paths.rootOf(pointer);
  const sites = driver.origins.sitesOf(effect).slice(0, 3);
  if (sites.length === 0) return;
  const { location } = siteRange(driver, sites[0]);
  const inferred = step?.kind === 'field' ? inferLength(facts(), driver.scopeOf(entry.node.file), step.record, step.field) : null;
  const companion = step === null && root.kind === 'parameter' ? companionParameter(entry, root.index) : null;
  const advice = inferred
    ? `It seems to be ${inferred.annotation}: ${inferred.because}.`
    : companion
      ? `Its length seems to be the parameter ${companion}: state it with __fgft_count(${companion}).`
      : 'State it with __fgft_count.';
  found.set(key, {
    rule: 'marshal/unknown-size',
    severity: 'information',
    confidence: 'likely',
    message: `${text} points to an array whose length nobody states; isolating ${entry.node.name} cannot tell how much to copy. ${isKernels ? "The record is the kernel's: no annotation in the driver can state it." : advice}`,
    location,
    entryPoints: [entry.node.name],
    trace: sites.map((site) => ({
      location: startOf(siteRange(driver, site).location),
      message: `${accessName(effect.access) === 'R' ? 'read' : 'written'} here`,
    })),
    ...(inferred &&
      !isKernels &&
      step?.kind === 'field' && {
        fix: { kind: 'annotate-member', annotation: inferred.annotation, record: step.record, member: step.field },
      }),
    ...(companion &&
      root.kind === 'parameter' && {
        fix: {
          kind: 'annotate-parameter',
          annotation: `__fgft_count(${companion})`,
          function: entry.node.name,
          parameter: entry.node.ir.locals[root.index].name,
        },
      }),
  });
}
