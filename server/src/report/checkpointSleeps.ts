/** Calls on the way of checkpoint and restore that may sleep, and how they are said without sleeping. */
import type { CallSite, Site } from '../analysis/model';
import type { SleepingCall } from './checkpointModel';
import type { Parts } from './checkpointParts';
import { type SplitLeaf, useOf } from './checkpointSplit';
import { siteLocation } from './context';

export interface Sleep extends SleepingCall {
  site: Site;
}

/** Above this many the list says nothing more. */
const MAXIMUM_SLEEPS = 60;

/** The sleeping calls of all statements that checkpoint and restore take over, their callees included, each place once. */
export function sleepsOf(parts: Parts, leaves: readonly SplitLeaf[]): Sleep[] {
  const { driver } = parts;
  const found = new Map<string, Sleep>();
  const take = (sleep: PlacelessSleep): void => {
    const key = `${sleep.site.function} ${sleep.site.at}`;
    if (!found.has(key) && found.size < MAXIMUM_SLEEPS) found.set(key, { ...sleep, location: siteLocation(driver, sleep.site) });
  };
  const sleepsIn = (id: number): readonly PlacelessSleep[] => {
    const summary = driver.analysis.summaries[id];
    return driver.memory.of('sleeps', summary, () => summary.kernelCalls.flatMap((call) => sleepOf(parts, call) ?? []));
  };
  const done = new Set<number>();
  for (const leaf of leaves) {
    const use = useOf(leaf, parts);
    if (use === 'omitted' || use === 'mixed') continue;
    const { function: id, at, length } = leaf.site;
    for (const sleep of sleepsIn(id)) if (sleep.site.at >= at && sleep.site.at < at + length) take(sleep);
    if (use === 'context' && leaf.callees.length === 0) continue;
    for (const inner of leaf.callees.flatMap((callee) => parts.reachable(callee))) {
      if (done.has(inner)) continue;
      done.add(inner);
      sleepsIn(inner).forEach(take);
    }
  }
  return [...found.values()];
}

/** Lines move with every edit. */
type PlacelessSleep = Omit<Sleep, 'location'>;

function sleepOf(parts: Parts, call: CallSite): PlacelessSleep | null {
  const { driver } = parts;
  const { power, functions } = driver.knowledge;
  const node = driver.analysis.nodes[call.site.function];
  const { argumentTexts } = node.ir.calls[call.call];
  const text = `${call.name}(${argumentTexts.join(', ')})`;
  const base = { site: call.site, function: node.name, text };
  const conversion = power.conversions.get(call.name);
  if (conversion) {
    const amount = driver.scopeOf(node.file).evaluate(argumentTexts[conversion.argument] ?? '');
    const nanoseconds = amount === null ? null : amount * conversion.nanoseconds;
    if (nanoseconds !== null && nanoseconds > power.maximumBusyWait) {
      const reason = `waits ${nanoseconds / 1e6} ms: too long for a busy wait`;
      return { ...base, replacement: null, unit: conversion.unit, reason };
    }
    const isLong = conversion.longFrom !== undefined && (amount === null || amount >= conversion.longFrom);
    const template = isLong && conversion.long !== undefined ? conversion.long : conversion.to;
    const replacement = template.replace(/\$(\d+)/g, (_, n: string) => argumentTexts[Number(n)] ?? '0');
    return { ...base, replacement, unit: conversion.unit, reason: `sleeps for ${argumentTexts[conversion.argument]} ${conversion.unit}` };
  }
  const known = functions.get(call.name);
  const flag = argumentTexts.flatMap((t) => t.match(/\w+/g) ?? []).find((word) => power.allocationFlags.has(word));
  if (flag !== undefined) {
    const replacement = text.replace(new RegExp(`\\b${flag}\\b`), power.allocationFlags.get(flag)!);
    return { ...base, replacement, unit: null, reason: `allocates with ${flag}` };
  }
  if (!known || argumentTexts.some((t) => (t.match(/\w+/g) ?? []).some((word) => driver.knowledge.allocationFlags.get(word) === false)))
    return null;
  const isMutex =
    known.lock !== undefined &&
    known.effects.includes('lock') &&
    (known.lock.kind === 'mutex' || known.lock.kind === 'semaphore' || known.lock.kind === 'rtnl');
  if (isMutex) return { ...base, replacement: null, unit: null, reason: 'waits for a lock that sleeps' };
  if (known.sleeps !== true || known.effects.includes('unlock')) return null;
  return { ...base, replacement: null, unit: null, reason: `${call.name} may sleep` };
}
