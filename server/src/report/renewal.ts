/** Which functions say something else than before to the entry points that reach them: only those entry points are summed up again. */
import type { ModuleAnalysis } from '../analysis/module';
import type { DriverContext } from './context';
import { type FunctionFacts, functionFacts, type LockTaken } from './functionFacts';

/** The analysis that a report was made from, as far as the next one is compared with it. */
export type Reported = Pick<ModuleAnalysis, 'nodes' | 'summaries' | 'graph'>;

/**
 * Functions whose calls, locks, device accesses, loops or named globals are others than in `before`; null when everything may be. Places
 * in the text do not count.
 */
export function differentFunctions(driver: DriverContext, before: Reported | null): ReadonlySet<number> | null {
  const { renewed } = driver.analysis;
  if (!renewed || !before) return null;
  return new Set([...renewed].filter((id) => !isSame(driver, before, id)));
}

function isSame(driver: DriverContext, before: Reported, id: number): boolean {
  const old = driver.facts.get(before.summaries[id]);
  return old !== undefined && sameCalls(driver.analysis, before, id) && sameFacts(old, functionFacts(driver, id));
}

function sameCalls(now: Reported, before: Reported, id: number): boolean {
  const { calls, locals } = now.nodes[id].ir;
  const { calls: oldCalls, locals: oldLocals } = before.nodes[id].ir;
  const [bound, oldBound] = [now.summaries[id].driverCalls, before.summaries[id].driverCalls];
  return (
    sameLists(locals, oldLocals, (a, b) => a.name === b.name) &&
    sameLists(calls, oldCalls, (a, b) => a.callee.kind === b.callee.kind && sameItems(a.argumentTexts, b.argumentTexts)) &&
    sameLists(now.graph.callees[id], before.graph.callees[id], sameItems) &&
    sameLists(
      bound,
      oldBound,
      (a, b) => a.call === b.call && sameItems(a.callees, b.callees) && sameLists(a.arguments, b.arguments, sameSets),
    )
  );
}

function sameFacts(a: FunctionFacts, b: FunctionFacts): boolean {
  return (
    a.checks === b.checks &&
    a.loops === b.loops &&
    a.deviceReads === b.deviceReads &&
    a.deviceWrites === b.deviceWrites &&
    sameItems(a.registers, b.registers) &&
    sameItems(a.registerParameters, b.registerParameters) &&
    sameSets(a.globals, b.globals) &&
    sameLists(a.locks, b.locks, sameLock) &&
    a.calls.size === b.calls.size &&
    [...a.calls].every(([name, count]) => b.calls.get(name) === count)
  );
}

function sameLock(a: LockTaken, b: LockTaken): boolean {
  return a.primitive === b.primitive && a.name === b.name && sameSets(a.paths, b.paths);
}

function sameLists<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((x, i) => same(x, b[i]));
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return sameLists(a, b, (x, y) => x === y);
}

function sameSets<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  if (a.size !== b.size) return false;
  for (const x of a) if (!b.has(x)) return false;
  return true;
}
