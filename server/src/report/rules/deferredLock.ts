import type { LockHazard, LockStep } from '../../analysis/lockModel';
import { isAtomic } from '../../analysis/lockModel';
import type { DriverContext, EntryContext } from '../context';
import { locksOfModule, mayBeIsolated, siteRange } from '../context';
import type { Confidence, Finding, Severity, TraceStep } from '../model';
import { earlyRelease } from './lockEarlyRelease';
import { lockOrderFindings } from './lockOrder';
import { OtherSide } from './lockOtherSide';
import { innermost, isDirect, traceOf } from './lockTrace';
import type { Rule } from './rule';

export const deferredLock: Rule = {
  id: 'lock/wait-under-deferred-lock',
  title: 'isolation would defer an unlock past a wait, a sleep or a second acquisition of the same lock',
  reason: `A transaction holds every lock that it takes until the call returns, so that a rollback can still take back what was written
under it. Where the driver gives a lock back in the middle and then

- sleeps, and the lock is one under which nobody may sleep (a spin lock, disabled interrupts, a read-side section),
- waits for another context that needs the lock,
- takes a lock that somebody else holds while he wants this one,
- takes the same lock again,

the isolated call would sleep in atomic context, or never return. A second acquisition by the driver itself is harmless where the runtime
knows that the call still holds the lock, but the two sections become one, and nobody else gets in between.

The finding says whether *early release* would do: the lock is really given back where the driver gives it back, the fields written under
it are copied out at that point, and an abort writes their old values back under the lock.`,
  severity: 'warning',
  fires: {
    code: 'struct foo { spinlock_t lock; int running; };\nstatic int foo_stop(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tspin_lock_irq(&f->lock);\n\tf->running = 0;\n\tspin_unlock_irq(&f->lock);\n\tmsleep(20);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_stop = foo_stop };\n',
  },
  silent: {
    code: 'struct foo { spinlock_t lock; int running; };\nstatic int foo_stop(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tmsleep(20);\n\tspin_lock_irq(&f->lock);\n\tf->running = 0;\n\tspin_unlock_irq(&f->lock);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_stop = foo_stop };\n',
  },
  check: (driver, entries) => {
    const isolated = entries.filter((e) => mayBeIsolated(e.entry));
    const reaching = entriesByFunction(isolated);
    const others = new OtherSide(driver, entries);
    const candidates: Candidate[] = [];
    locksOfModule(driver).forEach(({ hazards: all }, id) => {
      const callers = reaching.get(id);
      if (all.length === 0 || !callers) return;
      const hazards = all.map((hazard) => ({ ...hazard, isCallers: hazard.isCallers && kernelHolds(driver, hazard, id, callers) }));
      for (const group of grouped(hazards, others, new Set(callers.map((e) => e.node.id)))) candidates.push({ id, group, callers });
    });
    const findings = worthSaying(candidates).map(({ id, group, callers }) => findingFor(driver, id, group, callers));
    return [...findings, ...lockOrderFindings(driver, isolated, reaching)];
  },
};

/** True when it is the kernel that took the lock before it called the entry point, rather than a driver function above this one. */
function kernelHolds(driver: DriverContext, { lock }: LockHazard, id: number, callers: readonly EntryContext[]): boolean {
  return callers.some(
    ({ node, entry }) =>
      node.id === id || entry.registrations.some((r) => r.locks.some((name) => driver.knowledge.callerLocks.get(name)?.name === lock.name)),
  );
}

/** Entry points that reach each function. */
export function entriesByFunction(entries: readonly EntryContext[]): Map<number, EntryContext[]> {
  const found = new Map<number, EntryContext[]>();
  for (const entry of entries)
    for (const id of entry.functions) {
      const list = found.get(id);
      if (list) list.push(entry);
      else found.set(id, [entry]);
    }
  return found;
}

interface Group {
  /** The first that happens, in the order of the text. */
  first: LockHazard;
  others: LockHazard[];
  /** Where else the lock may have been given back before the first. */
  releases: LockStep[];
  /** The function that must run before the wait ends, and where it takes the lock. */
  taker: ReturnType<OtherSide['taker']>;
}

/** One finding per lock, place where it is given back, and kind of trouble: what follows the first comes into its trace. */
function grouped(hazards: readonly LockHazard[], others: OtherSide, waiting: ReadonlySet<number>): Group[] {
  const groups = new Map<string, Group>();
  for (const hazard of [...hazards].sort((a, b) => isAround(a) - isAround(b) || a.step.site.at - b.step.site.at)) {
    const taker = hazard.kind === 'wait' ? others.taker(hazard.wait!, hazard.lock.name, waiting) : null;
    if (hazard.kind === 'wait' && !taker) continue;
    const key = `${hazard.lock.name} ${hazard.release.site.at} ${hazard.kind === 'again' ? 'again' : 'sleep'} ${suretyOf(hazard)}`;
    const known = groups.get(key);
    if (!known) groups.set(key, { first: hazard, others: [], releases: [], taker });
    else {
      if (hazard.step.site.at !== known.first.step.site.at && !known.others.some((o) => o.step.site.at === hazard.step.site.at))
        known.others.push(hazard);
      // A deadlock says more than a sleep.
      if (taker && !known.taker) Object.assign(known, { taker, first: hazard, others: [known.first, ...known.others] });
    }
  }
  return withAllReleases([...withoutUnsure(groups).values()]);
}

/** A sleep that only flags decide, or what lies behind a pointer that may lead elsewhere, must not hide what is sure. */
function suretyOf(hazard: LockHazard): 'sure' | 'unsure' {
  return hazard.certainty === 'certain' && isDirect(hazard.release) && isDirect(hazard.step) ? 'sure' : 'unsure';
}

/** Groups by keys that end with their surety, without those of which something sure says the same. */
function withoutUnsure(groups: Map<string, Group>): Map<string, Group> {
  return new Map([...groups].filter(([key]) => !key.endsWith(' unsure') || !groups.has(key.replace(/unsure$/, 'sure'))));
}

/** 1 when a loop leads from the release to what stands before it or at the same call: that is later than all that stands behind it. */
function isAround(hazard: LockHazard): number {
  const { release, step } = hazard;
  return step.site.at < release.site.at || (step.site.at === release.site.at && !sameSite(hazard)) ? 1 : 0;
}

/** Several places that give a lock back before the same trouble are one finding, at the place that comes last before it. */
function withAllReleases(groups: readonly Group[]): Group[] {
  const found = new Map<string, Group>();
  const isFar = (h: LockHazard): number => 2 * isAround(h) + (h.release.via ? 1 : 0);
  const isCloser = (a: LockHazard, b: LockHazard): boolean => (isFar(a) - isFar(b) || b.release.site.at - a.release.site.at) < 0;
  for (const group of groups) {
    const { first } = group;
    const key = `${first.lock.name} ${first.kind} ${first.step.site.at} ${suretyOf(first)}`;
    const known = found.get(key);
    if (!known) {
      found.set(key, group);
      continue;
    }
    const [near, far] = isCloser(first, known.first) ? [group, known] : [known, group];
    const seen = new Set(near.others.map((o) => o.step.site.at));
    found.set(key, {
      ...near,
      others: [...near.others, ...far.others.filter((o) => !seen.has(o.step.site.at))],
      releases: [...near.releases, far.first.release, ...far.releases],
      taker: near.taker ?? far.taker,
    });
  }
  return [...withoutUnsure(found).values()];
}

/** A group with the function in which both ends meet. */
interface Candidate {
  id: number;
  group: Group;
  callers: readonly EntryContext[];
}

/** 0: the function itself gives the lock back and does the rest; 1: one of them; 2: both happen in functions that it calls. */
function distance({ group: { first } }: Candidate): number {
  return (first.release.via ? 1 : 0) + (first.step.via ? 1 : 0);
}

/**
 * A helper that takes and gives back a lock makes every function above it a place where two ends meet. What a function does in its own text
 * is always said; what only meets in it is said once per lock and entry point, at the function that most entry points share.
 */
function worthSaying(candidates: readonly Candidate[]): Candidate[] {
  const isSure = ({ group }: Candidate): number => (isDirect(group.first.release) && isDirect(group.first.step) ? 0 : 1);
  const order = [...candidates].sort(
    (a, b) => isSure(a) - isSure(b) || distance(a) - distance(b) || b.callers.length - a.callers.length || a.id - b.id,
  );
  const covered = new Map<string, Set<number>>();
  const chosen = order.filter((candidate) => {
    const { first, taker } = candidate.group;
    const kind = taker ? 'deadlock' : first.kind === 'again' ? 'again' : 'sleep';
    const key = `${first.lock.name} ${kind}`;
    let seen = covered.get(key);
    if (!seen) covered.set(key, (seen = new Set()));
    const own = distance(candidate) < 2 && isSure(candidate) === 0;
    const isNew = candidate.callers.some((e) => !seen.has(e.node.id));
    for (const e of candidate.callers) seen.add(e.node.id);
    return own || isNew;
  });
  return chosen.sort((a, b) => a.id - b.id);
}

/** Sites besides the first that a trace shows. */
const SHOWN_OTHERS = 8;

function findingFor(driver: DriverContext, id: number, group: Group, callers: readonly EntryContext[]): Finding {
  const { first, taker } = group;
  const trace: TraceStep[] = [
    ...traceOf(driver, first.release, (name) => `gives ${first.lock.name} back with ${name}; isolated, it stays held`),
    ...traceOf(driver, first.step, (name) => verb(first, name)),
  ];
  for (const release of group.releases.slice(0, SHOWN_OTHERS))
    trace.push(
      ...traceOf(driver, release, (name) => `gives it back with ${name}`)
        .slice(0, 1)
        .map((s) => ({ ...s, message: `on another path ${s.message}` })),
    );
  if (taker)
    trace.push(...traceOf(driver, taker.use.step, (name) => `takes ${first.lock.name} with ${name}, which the isolated call still holds`));
  for (const other of group.others.filter((o) => o.step.site.at !== first.step.site.at).slice(0, SHOWN_OTHERS)) {
    const [last] = traceOf(driver, other.step, (name) => verb(other, name)).slice(-1);
    const step = { ...last, message: `later ${last.message}` };
    // Several calls may lead to one place.
    if (!trace.some((t) => t.message === step.message && t.location.line === step.location.line)) trace.push(step);
  }
  return {
    rule: 'lock/wait-under-deferred-lock',
    severity: severityOf(first, taker !== null),
    confidence: confidenceOf(first, taker !== null),
    message: `${sentence(driver, id, group)} ${earlyRelease(driver, first)}`,
    location: siteRange(driver, first.step.site).location,
    entryPoints: callers.map((e) => e.node.name),
    trace,
  };
}

function verb(hazard: LockHazard, name: string): string {
  if (hazard.kind === 'again') return `takes ${hazard.lock.name} again with ${name}`;
  return hazard.kind === 'wait' ? `waits in ${name}` : `may sleep in ${name}`;
}

function sentence(driver: DriverContext, id: number, { first, taker }: Group): string {
  const { name } = driver.analysis.nodes[id];
  const what = innermost(first.step).name;
  const lock = first.lock.name;
  const through = first.step.via ? ` (through ${first.step.name})` : '';
  if (taker) {
    const other = driver.analysis.nodes[taker.function].name;
    return `${name} gives ${lock} back and then waits in ${what}${through} for ${other}, which takes ${lock}: held to the end of an isolated call, the lock keeps ${other} out and the wait never ends.`;
  }
  if (first.kind === 'again' && first.isCallers)
    return `${name} gives ${lock} back, which its caller took, and takes it again in ${what}${through}: held to the end of an isolated call, it is never free to be taken.`;
  if (first.kind === 'again')
    return `${name} gives ${lock} back and takes it again in ${what}${through}: held to the end of an isolated call, both sections become one, and nobody else gets in between.`;
  const during = first.release === first.step || sameSite(first);
  const how = during
    ? `${what}${through} gives ${lock} back while it sleeps`
    : `${name} gives ${lock} back and then may sleep in ${what}${through}`;
  return `${how}: held to the end of an isolated call, the lock is one under which nobody may sleep${first.certainty === 'flags' ? ', unless the allocation flags forbid it' : ''}.`;
}

function sameSite({ release, step }: LockHazard): boolean {
  const a = innermost(release).site;
  const b = innermost(step).site;
  return a.function === b.function && a.at === b.at;
}

function severityOf(hazard: LockHazard, isDeadlock: boolean): Severity {
  if (isDeadlock) return 'warning';
  // A read-side section guards no writes: the runtime can end it where the driver does.
  // What the caller took, the runtime does not know to be held: taking it again is a deadlock.
  return (hazard.kind === 'again' && !hazard.isCallers) || hazard.lock.kind === 'rcu' ? 'information' : 'warning';
}

function confidenceOf(hazard: LockHazard, isDeadlock: boolean): Confidence {
  if (hazard.certainty === 'flags' || !isDirect(hazard.release) || !isDirect(hazard.step)) return 'possible';
  if (isDeadlock && !isAtomic(hazard.lock)) return 'likely';
  // Where both ends lie in callees, the path between them may be one that never runs.
  const isClose = hazard.release.via === null || hazard.step.via === null;
  return isClose && hazard.lock.path >= 0 ? 'certain' : 'likely';
}
