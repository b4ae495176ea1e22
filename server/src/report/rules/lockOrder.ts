/** Locks that two entry points take in opposite orders, once a release is deferred. */
import { isAtomic, type LockOrder, type LockUseStep } from '../../analysis/lockModel';
import { type DriverContext, type EntryContext, locksOfModule, siteRange } from '../context';
import type { Finding, TraceStep } from '../model';
import { isDirect, traceOf } from './lockTrace';

/** Somebody who takes a lock while he really holds another. */
interface Nesting {
  entries: readonly EntryContext[];
  /** Null where the entry point's caller holds the first. */
  held: LockOrder | null;
  taken: LockUseStep | LockOrder;
}

/** One finding per pair of locks, at the function that shows it best, for all entry points that would hold the first too long. */
export function lockOrderFindings(
  driver: DriverContext,
  isolated: readonly EntryContext[],
  reaching: ReadonlyMap<number, readonly EntryContext[]>,
): Finding[] {
  const locks = locksOfModule(driver);
  const pairs = new Map<string, Deferred[]>();
  locks.forEach(({ orders }, id) => {
    const callers = reaching.get(id);
    if (!callers) return;
    for (const order of orders) {
      if (!order.release || !isShared(order) || isSleepHazard(order)) continue;
      const key = `${order.first.name} ${order.then.name}`;
      const list = pairs.get(key);
      if (list) list.push({ id, order, callers });
      else pairs.set(key, [{ id, order, callers }]);
    }
  });
  if (pairs.size === 0) return [];
  const nestings = nestingsOf(driver, isolated, reaching);
  const findings: Finding[] = [];
  for (const places of pairs.values()) {
    const { first, then } = places[0].order;
    const other = nestings.get(`${then.name} ${first.name}`);
    if (other) findings.push(findingFor(driver, places, other));
  }
  return findings;
}

/** A function in which a lock is given back and another one taken. */
interface Deferred {
  id: number;
  order: LockOrder;
  callers: readonly EntryContext[];
}

/** How far away the two ends are, for choosing the place that shows it best. */
function distance({ order }: Deferred): number {
  return (order.release!.via ? 1 : 0) + (order.step.via ? 1 : 0) + (isDirect(order.release!) && isDirect(order.step) ? 0 : 4);
}

/** Locks that two contexts can agree on: not those on a stack, not interrupts of this processor, not sections that never block. */
function isShared({ first, then }: LockOrder): boolean {
  return [first, then].every((l) => l.kind !== 'irq' && l.kind !== 'rcu' && l.disables !== 'preemption' && isCommonName(l.name));
}

/** Taking a lock that sleeps under one that must not be slept under is said already, as a sleep. */
function isSleepHazard({ first, then }: LockOrder): boolean {
  return isAtomic(first) && !isAtomic(then);
}

/** `record.member` and the kernel's own names; a variable's name means another object elsewhere. */
function isCommonName(name: string): boolean {
  return /^\w+\.\w+$/.test(name) || /^[a-z]\w*_(mutex|sem|lock)$/.test(name);
}

/** By `held taken`: the first entry point that takes one lock while it really holds another. */
function nestingsOf(
  driver: DriverContext,
  isolated: readonly EntryContext[],
  reaching: ReadonlyMap<number, readonly EntryContext[]>,
): Map<string, Nesting> {
  const found = new Map<string, Nesting>();
  const locks = locksOfModule(driver);
  locks.forEach(({ orders }, id) => {
    const entries = reaching.get(id);
    if (!entries) return;
    for (const order of orders) {
      const key = `${order.first.name} ${order.then.name}`;
      if (!order.release && !found.has(key)) found.set(key, { entries, held: order, taken: order });
    }
  });
  for (const entry of isolated)
    for (const registration of entry.entry.registrations)
      for (const name of registration.locks) {
        const caller = driver.knowledge.callerLocks.get(name);
        if (!caller) continue;
        for (const use of locks[entry.node.id].summary.acquires) {
          const key = `${caller.name} ${use.lock.name}`;
          if (caller.name !== use.lock.name && !found.has(key)) found.set(key, { entries: [entry], held: null, taken: use });
        }
      }
  return found;
}

function findingFor(driver: DriverContext, places: readonly Deferred[], { entries, held, taken }: Nesting): Finding {
  const { id, order } = places.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  const callers = [...new Set(places.flatMap((p) => p.callers))];
  const { name } = driver.analysis.nodes[id];
  // Two contexts are needed; one entry point alone may be one that never runs twice at a time.
  const another = entries.find((e) => callers.length > 1 || e !== callers[0]);
  const entry = another ?? entries[0];
  const first = order.first.name;
  const then = order.then.name;
  const holder = held ? `${entry.node.name} holds ${then}` : `${entry.node.name} is called with ${then} held`;
  const trace: TraceStep[] = [
    ...traceOf(driver, order.release!, (by) => `gives ${first} back with ${by}; isolated, it stays held`),
    ...traceOf(driver, order.step, (by) => `takes ${then} with ${by}`),
    ...traceOf(driver, taken.step, (by) => `takes ${first} with ${by} while ${then} is held`),
  ];
  return {
    rule: 'lock/wait-under-deferred-lock',
    severity: 'warning',
    confidence: another && isDirect(order.step) && isDirect(order.release!) && isDirect(taken.step) ? 'likely' : 'possible',
    message: `${name} gives ${first} back and then takes ${then}; ${holder} while it takes ${first}. With ${first} held to the end of an isolated call, the two can wait for each other for ever. Early release of ${first} would do.`,
    location: siteRange(driver, order.step.site).location,
    entryPoints: callers.map((e) => e.node.name),
    trace,
  };
}
