/** What the lock analysis says about one function. Plain data; locks are named in the function's own terms. */
import type { Disables, LockKind } from '../knowledge/model';
import type { Site } from './model';

/** A lock as a function reaches it. */
export interface Lock {
  /** The lock's place, or -1 when only its name is known (`rtnl_mutex`). */
  path: number;
  /** `record.member`, the global's name, or the kernel's name for it: what two contexts that reach it differently agree on. */
  name: string;
  kind: LockKind;
  disables?: Disables;
}

/** True when whoever holds the lock must not sleep. */
export function isAtomic(lock: Lock): boolean {
  return (
    lock.kind === 'spin' || lock.kind === 'rw' || lock.kind === 'bit' || lock.kind === 'irq' || lock.kind === 'rcu' || isDisabling(lock)
  );
}

function isDisabling(lock: Lock): boolean {
  return lock.disables !== undefined;
}

/** Something that happens at a place, or in what is called there. */
export interface LockStep {
  site: Site;
  /** The kernel function that does it, or the driver function that is called and leads to it. */
  name: string;
  /** What happens in the function that is called. */
  via: LockStep | null;
  /** The function is one of several that a pointer may lead to. */
  indirect: boolean;
}

/** How sure it is that a call sleeps: always allowed to, or when the allocation flags that it is given say so. */
export type SleepCertainty = 'certain' | 'flags';

export interface SleepStep {
  step: LockStep;
  certainty: SleepCertainty;
}

/** What a wait for another context is about. */
export interface WaitStep {
  step: LockStep;
  /** `wait-completion`, `wait-event`, `synchronize`. */
  effect: string;
  /** Objects waited for, by their usual names. */
  objects: string[];
}

export interface LockUseStep {
  lock: Lock;
  step: LockStep;
}

/** What a call leaves of a lock: taken, given back without having been taken, or one of several. */
export type NetEffect = 'held' | 'given' | 'mixed';

/** What callers of a function must know. */
export interface LockSummary {
  /** Locks that the function or its callees take, whatever becomes of them. */
  acquires: LockUseStep[];
  /** Locks that have been given back when the function returns: isolation would still hold them. */
  releases: LockUseStep[];
  /** Locks whose state at the return differs from that at the call. `taken`: only with that kind of result. */
  net: { lock: Lock; effect: NetEffect; taken: 'zero' | 'nonzero' | null; step: LockStep }[];
  sleeps: SleepStep | null;
  waits: WaitStep[];
}

/** A lock that was given back, and then something happens that a holder must not do or wait for. */
export interface LockHazard {
  kind: 'sleep' | 'wait' | 'again';
  lock: Lock;
  /** Where the lock is given back; the very call that sleeps where that one gives it back for the time (`wait_event_lock_irq`). */
  release: LockStep;
  step: LockStep;
  certainty: SleepCertainty;
  /** Of a wait. */
  wait?: WaitStep;
  /** True when the function surely did not take the lock itself. */
  isCallers: boolean;
}

/** One lock is taken while another is held, or would be if its release were deferred. */
export interface LockOrder {
  first: Lock;
  then: Lock;
  /** Where `first` was given back before; null where it is really held. */
  release: LockStep | null;
  step: LockStep;
}

/** What a function's returns leave of the locks. */
export interface ReturnState {
  at: number;
  /** Locks that are surely taken here, and locks that surely have been given back without having been taken. */
  held: LockUseStep[];
  given: LockUseStep[];
}

export interface FunctionLocks {
  summary: LockSummary;
  hazards: LockHazard[];
  orders: LockOrder[];
  returns: ReturnState[];
  /** Hazards whose both ends happen in callees were left out: the module has too many. */
  isCut?: boolean;
}
