/** The locks of one function along its control flow: what is held, what was given back, and what happens then. */
import type { Instruction, Operand } from '../ir/model';
import { type Block, blocksOf } from './flow';
import { acquire, blur, copyState, decide, entryState, forget, joinState, type LockState, release } from './lockState';
import type { LockHazard, LockOrder, LockStep, LockSummary, LockUseStep, NetEffect, ReturnState, SleepStep, WaitStep } from './lockModel';
import { isAtomic, type Lock } from './lockModel';

/** A lock event with locks as bits. What a called driver function does is one event. */
export interface MaskedEvent {
  instruction: number;
  step: LockStep;
  acquires: {
    mask: number;
    step: LockStep;
    isOld: boolean;
    /** Written with a variable that has more than one value. */
    varies: boolean;
  }[];
  releases: { mask: number; step: LockStep }[];
  net: { mask: number; effect: NetEffect; taken: 'zero' | 'nonzero' | null }[];
  /** Locks that are other ones from here on, or may be where not their text alone tells them apart. */
  forgets: number;
  sleeps: SleepStep | null;
  waits: WaitStep[];
  /** Number of the call whose result tells whether a lock was taken. */
  call: number;
}

export interface LockFlowInput {
  instructions: readonly Instruction[];
  locks: readonly Lock[];
  /** Bits of locks that stand for one object: no element of an array or a list. */
  single: number;
  /** Bits of locks that only their text tells apart: hazards are said of them, nothing about what returns leave. */
  written: number;
  events: readonly MaskedEvent[];
}

export interface LockFlowResult {
  hazards: LockHazard[];
  orders: LockOrder[];
  returns: ReturnState[];
  net: LockSummary['net'];
  releases: LockUseStep[];
  /** There were more hazards between callees than are kept. */
  isCut: boolean;
}

/**
 * Hazards kept of one function of which both ends happen in callees. They are as many as locks times releases times waits times calls: in
 * recursive components of a thousand functions, hundreds of thousands per function. The most of one in i915 are 8,387.
 */
const MAXIMUM_FAR = 10_000;

class LockFlow {
  private readonly blocks: Block[];
  private readonly perBlock: number[][];
  private readonly attempts = new Map<number, { mask: number; taken: 'zero' | 'nonzero' }>();
  private readonly entry: (LockState | undefined)[];
  readonly result: LockFlowResult = { hazards: [], orders: [], returns: [], net: [], releases: [], isCut: false };
  private far = 0;
  private readonly seen = new Set<string>();

  constructor(private readonly input: LockFlowInput) {
    this.blocks = blocksOf(input.instructions);
    let at = 0;
    this.perBlock = this.blocks.map((block) => {
      const found: number[] = [];
      for (; at < input.events.length && input.events[at].instruction < block.last; at++) found.push(at);
      return found;
    });
    for (const event of input.events)
      for (const { mask, taken } of event.net)
        if (taken) this.attempts.set(event.call, { mask: mask | (this.attempts.get(event.call)?.mask ?? 0), taken });
    this.entry = new Array<LockState | undefined>(this.blocks.length);
  }

  solve(): void {
    if (this.blocks.length === 0) return;
    this.entry[0] = entryState(this.input.locks.length);
    const work = [0];
    while (work.length > 0) {
      const b = work.pop()!;
      const state = copyState(this.entry[b]!);
      for (const event of this.perBlock[b]) this.apply(state, event);
      this.blocks[b].successors.forEach((s, edge) => {
        const out = this.onEdge(b, edge, state);
        const known = this.entry[s];
        if (known ? joinState(known, out) : (this.entry[s] = copyState(out))) work.push(s);
      });
    }
    this.blocks.forEach((block, b) => {
      const state = this.entry[b] && copyState(this.entry[b]);
      if (!state) return;
      for (const event of this.perBlock[b]) {
        this.inspect(state, this.input.events[event]);
        this.apply(state, event);
      }
      if (block.isReturn) this.returned(block, state);
    });
    this.conclude();
  }

  /** The state with what the branch at the block's end says about attempts. */
  private onEdge(b: number, edge: number, state: LockState): LockState {
    const last = this.input.instructions[this.blocks[b].last - 1];
    if (last.op !== 'branch' || !last.facts || last.to.length !== 2 || this.blocks[b].successors.length !== 2) return state;
    const facts = last.facts[edge].filter((f) => this.attempts.has(f.call));
    if (facts.length === 0) return state;
    const out = copyState(state);
    for (const { call, nonzero } of facts) {
      const { mask, taken } = this.attempts.get(call)!;
      decide(out, mask, (taken === 'nonzero') === nonzero);
    }
    return out;
  }

  private apply(state: LockState, number: number): void {
    const event = this.input.events[number];
    if (event.forgets !== 0) forget(state, event.forgets & this.input.written, event.forgets & ~this.input.written);
    for (const { mask, step } of event.releases) {
      state.deferred |= mask;
      // A release behind a pointer that may lead elsewhere does not make the earlier ones undone.
      for (let i = 0; i < state.by.length; i++)
        if (mask & (1 << i)) state.by[i] = isIndirect(step) ? [...new Set([...state.by[i], number])].sort((x, y) => x - y) : [number];
    }
    for (const { mask, effect, taken } of event.net) {
      if (effect === 'mixed') blur(state, mask);
      else if (effect === 'held') acquire(state, mask, taken === null);
      else release(state, mask, number);
    }
  }

  private inspect(state: LockState, event: MaskedEvent): void {
    const { locks } = this.input;
    const { deferred } = state;
    // What a call does within is told by steps that lead there.
    const isWithin = ((event.sleeps ?? event.waits[0])?.step.via ?? null) !== null;
    for (let i = 0; i < locks.length; i++) {
      const bit = 1 << i;
      if (!(deferred & bit)) continue;
      for (const release of this.releasesOf(state, i)) {
        if (isWithin && release.via !== null && this.far >= MAXIMUM_FAR) {
          this.result.isCut = true;
          continue;
        }
        if (event.sleeps && isAtomic(locks[i])) this.hazard('sleep', state, i, release, event.sleeps.step, event.sleeps.certainty);
        for (const wait of event.waits) this.hazard('wait', state, i, release, wait.step, 'certain', wait);
      }
    }
    for (const { mask, step, isOld, varies } of event.acquires) {
      const stale = varies ? state.stale : 0;
      // Several objects, or none of the locks that are followed.
      if (isOld || mask === 0 || (mask & (mask - 1)) !== 0) continue;
      const then = 31 - Math.clz32(mask);
      for (let i = 0; i < locks.length; i++) {
        const bit = 1 << i;
        if (i === then) {
          if (deferred & bit & this.input.single & ~stale && !nests(locks[i]))
            for (const release of this.releasesOf(state, i)) this.hazard('again', state, i, release, step, 'certain');
        } else if (deferred & bit & this.input.single && mask & this.input.single)
          this.order(locks[i], locks[then], this.releasesOf(state, i)[0], step);
        else if (state.held & ~state.free & bit) this.order(locks[i], locks[then], null, step);
      }
    }
  }

  private releasesOf(state: LockState, lock: number): LockStep[] {
    return state.by[lock].map((number) => {
      const event = this.input.events[number];
      return event.releases.find((r) => r.mask & (1 << lock))?.step ?? event.step;
    });
  }

  private hazard(
    kind: LockHazard['kind'],
    state: LockState,
    lock: number,
    release: LockStep,
    step: LockStep,
    certainty: LockHazard['certainty'],
    wait?: WaitStep,
  ): void {
    const key = `${kind} ${lock} ${release.site.at} ${step.site.at} ${wait?.objects.join() ?? ''}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (release.via !== null && step.via !== null) this.far++;
    const isCallers = (state.given & ~state.free & ~state.held & (1 << lock)) !== 0;
    this.result.hazards.push({ kind, lock: this.input.locks[lock], release, step, certainty, isCallers, ...(wait && { wait }) });
  }

  private order(first: Lock, then: Lock, release: LockStep | null, step: LockStep): void {
    if (first.name === then.name) return;
    const key = `order ${first.name} ${then.name} ${release === null}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.result.orders.push({ first, then, release, step });
  }

  private readonly atReturn: { state: LockState; value: Operand | null }[] = [];

  private returned(block: Block, state: LockState): void {
    const last = this.input.instructions[block.last - 1];
    this.atReturn.push({ state, value: last.op === 'return' ? last.value : null });
    const { held, given, free } = state;
    const at = last.op === 'return' ? last.at : -1;
    this.result.returns.push({ at, held: this.named(held & ~given & ~free), given: this.named(given & ~held & ~free) });
  }

  private named(mask: number): LockUseStep[] {
    return this.input.locks.flatMap((lock, i) => (mask & ~this.input.written & (1 << i) ? [{ lock, step: this.stepFor(i) }] : []));
  }

  /** The first event that changes a lock. */
  private stepFor(lock: number): LockStep {
    const event = this.input.events.find((e) => e.net.some((n) => n.mask & (1 << lock)) || e.releases.some((r) => r.mask & (1 << lock)));
    return event?.step ?? this.input.events[0].step;
  }

  /** What all returns together say to callers. */
  private conclude(): void {
    this.input.locks.forEach((lock, i) => {
      const bit = 1 << i;
      if (bit & this.input.written) return;
      const all = { free: 0, held: 0, given: 0, deferred: 0 };
      for (const { state } of this.atReturn) {
        all.free |= state.free & bit;
        all.held |= state.held & bit;
        all.given |= state.given & bit;
        all.deferred |= state.deferred & bit;
      }
      const by = this.atReturn.find(({ state }) => state.deferred & bit)?.state;
      if (by && all.deferred) this.result.releases.push({ lock, step: this.releasesOf(by, i)[0] });
      if (!all.held && !all.given) return;
      const step = this.stepFor(i);
      const taken = all.given ? null : this.takenWhen(bit);
      if (all.held && !all.given && (!all.free || taken))
        this.result.net.push({ lock, effect: 'held', taken: all.free ? taken : null, step });
      else if (all.given && !all.held && !all.free) this.result.net.push({ lock, effect: 'given', taken: null, step });
      else this.result.net.push({ lock, effect: 'mixed', taken: null, step });
    });
  }

  /** The kind of result that tells that the lock is held; null when there is none. */
  private takenWhen(bit: number): 'zero' | 'nonzero' | null {
    const kinds = { zero: 0, nonzero: 0 };
    for (const { state, value } of this.atReturn) {
      const attempt = value?.kind === 'result' ? this.attempts.get(value.call) : undefined;
      if (attempt && attempt.mask & bit) {
        kinds[attempt.taken] |= 1;
        kinds[attempt.taken === 'zero' ? 'nonzero' : 'zero'] |= 2;
        continue;
      }
      if (value?.kind !== 'constant' || value.value === null) return null;
      const held = state.held & bit ? (state.free & bit ? 3 : 1) : 2;
      kinds[value.value === 0 ? 'zero' : 'nonzero'] |= held;
    }
    if (kinds.zero === 1 && kinds.nonzero === 2) return 'zero';
    return kinds.nonzero === 1 && kinds.zero === 2 ? 'nonzero' : null;
  }
}

/** True for sections that one context may enter while it is in one already. */
function nests(lock: Lock): boolean {
  return lock.kind === 'rcu' || lock.kind === 'irq' || lock.disables === 'preemption';
}

/** Follows the locks of one function. */
export function solveLockFlow(input: LockFlowInput): LockFlowResult {
  const flow = new LockFlow(input);
  flow.solve();
  return flow.result;
}

/** True when a call on the way to the step goes through a pointer that may lead elsewhere. */
function isIndirect(step: LockStep): boolean {
  for (let s: LockStep | null = step; s; s = s.via) if (s.indirect) return true;
  return false;
}
