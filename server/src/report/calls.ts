/** Kernel calls, locks and device accesses of an entry point. */
import type { CallSite } from '../analysis/model';
import { pathText } from '../analysis/paths';
import type { KernelFunction } from '../knowledge/model';
import { type DriverContext, type EntryContext, parameterNames } from './context';
import { compare } from './fields';
import type { DeviceUse, KernelCall, LockUse } from './model';

/** Every kernel call that the entry point can reach, per call site. */
export function kernelCallSites(driver: DriverContext, entry: EntryContext): CallSite[] {
  return entry.functions.flatMap((id) => driver.analysis.summaries[id].kernelCalls);
}

export function kernelCallsOf(driver: DriverContext, entry: EntryContext): KernelCall[] {
  const counts = new Map<string, number>();
  for (const site of kernelCallSites(driver, entry)) counts.set(site.name, (counts.get(site.name) ?? 0) + 1);
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
    const member = paths.fieldPath(path);
    const step = member >= 0 ? paths.step(member) : null;
    if (step?.kind === 'field') names.add(`${step.record}.${step.field}`);
    else {
      const root = paths.rootOf(path);
      names.add(root.kind === 'global' ? root.name : pathText(paths, path, parameterNames(node)));
    }
  }
  return [...names];
}

export function locksOf(driver: DriverContext, entry: EntryContext): LockUse[] {
  const found = new Map<string, LockUse>();
  for (const site of kernelCallSites(driver, entry)) {
    const known = driver.knowledge.functions.get(site.name);
    if (!known?.lock || !known.effects.includes('lock')) continue;
    const names = known.lock.name ? [known.lock.name] : objectNames(driver, site, known.lock.argument);
    for (const name of names.length > 0 ? names : ['unknown']) found.set(`${name} ${site.name}`, { name, primitive: site.name });
  }
  return [...found.values()].sort((a, b) => compare(a.name, b.name) || compare(a.primitive, b.primitive));
}

const READS = new Set(['device-read', 'io-read', 'configuration-read']);
const WRITES = new Set(['device-write', 'io-write', 'configuration-write']);
const IDENTIFIER = /[A-Za-z_]\w*/g;

function touchesDevice(known: KernelFunction | undefined, kinds: ReadonlySet<string>): boolean {
  return known?.effects.some((e) => kinds.has(e)) ?? false;
}

/** Register names among a call's arguments: constants that the driver's own text names. */
function registersOf(driver: DriverContext, site: CallSite): string[] {
  const node = driver.analysis.nodes[site.site.function];
  const scope = driver.scopeOf(node.file);
  const names: string[] = [];
  for (const text of node.ir.calls[site.call].argumentTexts.slice(0, 3)) {
    for (const name of text.match(IDENTIFIER) ?? []) {
      if (scope.enumConstant(name) !== undefined || scope.macro(name)?.origin === 'driver') names.push(name);
    }
  }
  return names;
}

export function deviceUseOf(driver: DriverContext, entry: EntryContext): DeviceUse {
  let reads = 0;
  let writes = 0;
  const registers = new Set<string>();
  for (const site of kernelCallSites(driver, entry)) {
    const known = driver.knowledge.functions.get(site.name);
    const isRead = touchesDevice(known, READS);
    const isWrite = touchesDevice(known, WRITES);
    if (isRead) reads++;
    if (isWrite) writes++;
    if (isRead || isWrite) for (const name of registersOf(driver, site)) registers.add(name);
  }
  return { reads, writes, registers: [...registers].sort(compare) };
}
