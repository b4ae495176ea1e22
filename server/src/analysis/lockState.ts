/** The state of the locks of one function at one point, as bit masks: a lock's number is its bit. */

/** Locks followed per function: the bits of a mask. What a function takes beyond them is not followed. */
export const MAXIMUM_LOCKS = 31;

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
  /** Per lock: number of the event that gave it back, or -1. */
  by: Int16Array;
}

export function entryState(locks: number): LockState {
  return { free: (1 << locks) - 1, held: 0, given: 0, deferred: 0, by: new Int16Array(locks).fill(-1) };
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
  const changed = free !== into.free || held !== into.held || given !== into.given || deferred !== into.deferred;
  Object.assign(into, { free, held, given, deferred });
  for (let i = 0; i < into.by.length; i++) if (into.by[i] < 0) into.by[i] = from.by[i];
  return changed;
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
  for (let i = 0; i < state.by.length; i++) if (mask & (1 << i)) state.by[i] = event;
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
