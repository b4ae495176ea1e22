/** The state of the locks of one function at one point, as bit masks: a lock's number is its bit. */

/** Locks followed per function: the bits of a mask. What a function takes beyond them is not followed. */
export const MAXIMUM_LOCKS = 31;

const NONE: readonly number[] = [];

/** Releases remembered per lock: more of them say the same thing. */
const MAXIMUM_RELEASES = 8;

/** For each lock, which of the three it may be, and whether it was given back before. */
export interface LockState {
  /** May be as the caller left it. */
  free: number;
  /** May be taken by this call. */
  held: number;
  /** May have been given back without this call having taken it: the caller's. */
  given: number;
  /** May have been given back and not been taken again: isolation still holds it. */
  deferred: number;
  /** Of these, what may be another object by now: a variable that the lock was written with has got another value. */
  stale: number;
  /** Per lock: numbers of the events that may have given it back last. */
  by: (readonly number[])[];
}

export function entryState(locks: number): LockState {
  return { free: (1 << locks) - 1, held: 0, given: 0, deferred: 0, stale: 0, by: new Array<readonly number[]>(locks).fill(NONE) };
}

export function copyState(state: LockState): LockState {
  return { ...state, by: state.by.slice() };
}

/** Takes what may hold at another way in into `into`. True when that says more. */
export function joinState(into: LockState, from: LockState): boolean {
  const free = into.free | from.free;
  const held = into.held | from.held;
  const given = into.given | from.given;
  const deferred = into.deferred | from.deferred;
  const stale = into.stale | from.stale;
  let changed = free !== into.free || held !== into.held || given !== into.given || deferred !== into.deferred || stale !== into.stale;
  Object.assign(into, { free, held, given, deferred, stale });
  for (let i = 0; i < into.by.length; i++) {
    const all = joinReleases(into.by[i], from.by[i]);
    if (all === into.by[i]) continue;
    into.by[i] = all;
    changed = true;
  }
  return changed;
}

/** The first list itself where the second adds nothing. */
function joinReleases(into: readonly number[], from: readonly number[]): readonly number[] {
  if (into === from || from.length === 0) return into;
  if (into.length === 0) return from;
  const added = from.filter((event) => !into.includes(event)).slice(0, MAXIMUM_RELEASES - into.length);
  return added.length === 0 ? into : [...into, ...added];
}

/** One lock of `mask` is taken; with several bits it is not known which. */
export function acquire(state: LockState, mask: number, isSure: boolean): void {
  const isOne = (mask & (mask - 1)) === 0;
  if (!isSure || !isOne) {
    state.held |= mask & ~(state.given & ~state.free & ~state.held);
    return;
  }
  const back = state.given & mask;
  const taken = (state.free | state.held) & mask;
  state.free = (state.free & ~mask) | back;
  state.held = (state.held & ~mask) | taken;
  state.given &= ~mask;
  state.deferred &= ~mask;
}

/** One lock of `mask` is given back by event number `event`. */
export function release(state: LockState, mask: number, event: number): void {
  state.deferred |= mask;
  state.stale &= ~mask;
  for (let i = 0; i < state.by.length; i++) if (mask & (1 << i)) state.by[i] = [event];
  if ((mask & (mask - 1)) !== 0) {
    state.free |= state.held & mask;
    return;
  }
  const back = state.held & mask;
  const given = (state.free | state.given) & mask;
  state.held &= ~mask;
  state.free = (state.free & ~mask) | back;
  state.given = (state.given & ~mask) | given;
}

/** It is known now whether an attempt to take `mask` succeeded. */
export function decide(state: LockState, mask: number, wasTaken: boolean): void {
  const tried = state.held & mask;
  if (tried === 0) return;
  if (wasTaken) {
    state.free &= ~tried;
    state.deferred &= ~tried;
  } else {
    // What cannot be held is as it was before.
    state.held &= ~tried;
    state.free |= tried & ~state.given;
  }
}

/** Nothing is known any more. */
export function blur(state: LockState, mask: number): void {
  state.free |= mask;
  state.held |= mask;
  state.given |= mask;
}

/** A variable has got another value: `written` stand for other objects from here on, of which nothing is known; `reached` may do so. */
export function forget(state: LockState, written: number, reached: number): void {
  blur(state, written);
  state.deferred &= ~written;
  state.stale |= reached & state.deferred;
}
