/** Kernel calls, locks and device accesses of an entry point: the sums of what its functions do. */
import type { CallSite } from '../analysis/model';
import { pathText } from '../analysis/paths';
import { type DriverContext, type EntryContext, parameterNames } from './context';
import { compare } from './fields';
import { functionFacts } from './functionFacts';
import type { DeviceUse, KernelCall, LockUse } from './model';

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
  const { paths, nodes } = driver.analysis;
  const node = nodes[site.site.function];
  const names = new Set<string>();
  for (const path of site.arguments[argument] ?? []) {
    // What a member points to goes by the member's name: nothing else names it.
    const member = paths.step(path)?.kind === 'deref' ? paths.fieldPath(paths.parent(path)) : paths.fieldPath(path);
    const step = member >= 0 ? paths.step(member) : null;
    if (step?.kind === 'field') names.add(`${step.record}.${step.field}`);
    else {
      const root = paths.rootOf(path);
      if (root.kind === 'global') names.add(root.name);
      else if (root.kind === 'local') names.add(node.ir.locals[root.index].name);
      else names.add(pathText(paths, path, parameterNames(node)));
    }
  }
  return [...names];
}

export function locksOf(driver: DriverContext, entry: EntryContext): LockUse[] {
  const found = new Map<string, LockUse>();
  for (const id of entry.functions) for (const lock of functionFacts(driver, id).locks) found.set(`${lock.name} ${lock.primitive}`, lock);
  return [...found.values()].sort((a, b) => compare(a.name, b.name) || compare(a.primitive, b.primitive));
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
  }
  return { reads, writes, registers: [...registers].sort(compare) };
}
