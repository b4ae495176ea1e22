/** Kernel calls, locks and device accesses of an entry point: the sums of what its functions do. */
import type { CallSite } from '../analysis/model';
import { pathText } from '../analysis/paths';
import { type DriverContext, type EntryContext, parameterNames } from './context';
import { compare } from './fields';
import { functionFacts } from './functionFacts';
import type { DeviceUse, KernelCall, LockUse } from './model';
import { boundPaths, registersPassedOn } from './throughParameters';

export function kernelCallsOf(driver: DriverContext, entry: EntryContext): KernelCall[] {
  const counts = new Map<string, number>();
  for (const id of entry.functions)
    for (const [name, count] of functionFacts(driver, id).calls) counts.set(name, (counts.get(name) ?? 0) + count);
  const scope = driver.scopeOf(entry.node.file);
  const { functions, loops, registrations } = driver.knowledge;
  return [...counts]
    .filter(([name]) => driver.isCrossing(name))
    .map(([name, count]): KernelCall => {
      const modelled = functions.has(name) || loops.has(name) || registrations.has(name);
      return { name, count, knowledge: modelled ? 'modelled' : scope.function(name) || scope.macro(name) ? 'prototype' : 'unknown' };
    })
    .sort((a, b) => compare(a.name, b.name));
}

/** How a lock, completion or other object is named for people and for comparing: `record.field`, or the global's name. */
export function objectNames(driver: DriverContext, site: CallSite, argument: number): string[] {
  return [...new Set([...(site.arguments[argument] ?? [])].map((path) => objectName(driver, site.site.function, path)))];
}

function objectName(driver: DriverContext, id: number, path: number): string {
  const { paths, nodes } = driver.analysis;
  // What a member points to goes by the member's name: nothing else names it.
  const member = paths.step(path)?.kind === 'deref' ? paths.fieldPath(paths.parent(path)) : paths.fieldPath(path);
  const step = member >= 0 ? paths.step(member) : null;
  if (step?.kind === 'field') return `${step.record}.${step.field}`;
  const root = paths.rootOf(path);
  if (root.kind === 'global') return root.name;
  return root.kind === 'local' ? nodes[id].ir.locals[root.index].name : pathText(paths, path, parameterNames(nodes[id]));
}

export function locksOf(driver: DriverContext, entry: EntryContext): LockUse[] {
  const found = new Map<string, LockUse>();
  const functions = new Set(entry.functions);
  for (const id of entry.functions) {
    for (const { name, primitive, paths } of functionFacts(driver, id).locks) {
      const names = name === null ? [...paths].flatMap((path) => lockNames(driver, entry, functions, id, path)) : [name];
      for (const n of names.length > 0 ? names : ['unknown']) found.set(`${n} ${primitive}`, { name: n, primitive });
    }
  }
  return [...found.values()].sort((a, b) => compare(a.name, b.name) || compare(a.primitive, b.primitive));
}

/** The locks that one function takes, in its own terms. */
export function locksOfFunction(driver: DriverContext, id: number): LockUse[] {
  return functionFacts(driver, id).locks.flatMap(({ name, primitive, paths }) =>
    (name === null ? [...paths].map((path) => objectName(driver, id, path)) : [name]).map((n) => ({ name: n, primitive })),
  );
}

/** A lock that a helper takes through a parameter is the one that the entry point's functions give it. */
function lockNames(driver: DriverContext, entry: EntryContext, functions: ReadonlySet<number>, id: number, path: number): string[] {
  return boundPaths(driver, entry.node.id, functions, id, path).map((bound) => objectName(driver, bound.function, bound.path));
}

export function deviceUseOf(driver: DriverContext, entry: EntryContext): DeviceUse {
  let reads = 0;
  let writes = 0;
  const registers = new Set<string>();
  for (const id of entry.functions) {
    const facts = functionFacts(driver, id);
    reads += facts.deviceReads;
    writes += facts.deviceWrites;
    for (const name of facts.registers) registers.add(name);
    for (const name of registersPassedOn(driver, id)) registers.add(name);
  }
  return { reads, writes, registers: [...registers].sort(compare) };
}
