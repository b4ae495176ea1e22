/** The entrance of the lock analysis: bottom-up over the call graph, one summary per function. */
import { type EventAt, flagsIn, isEmpty, type LockEvent, lockEvents, type LockWorld, objectName } from './lockEvents';
import { type LockFlowResult, type MaskedEvent, solveLockFlow } from './lockFlow';
import type { Summary } from './model';
import type { FunctionLocks, Lock, LockStep, LockSummary, LockUseStep, SleepStep, WaitStep } from './lockModel';
import type { LockOperand } from './lockOperands';
import { MAXIMUM_LOCKS } from './lockState';
import type { CallGraph } from './summarize';
import { substitute } from './substitution';

/** What a summary keeps: more of each would be repetition for callers. */
const MAXIMUM_ACQUIRES = 48;
const MAXIMUM_WAITS = 12;
/**
 * Hazards kept of a module. Beyond, those are left out of which both ends happen in callees: functions above repeat them for every lock and
 * every wait below, i915 has 670,000 of them and amdgpu many millions. A hazard takes about 200 bytes until it is reported.
 */
const MAXIMUM_HAZARDS = 750_000;
/** Rounds over a recursive component. */
const MAXIMUM_ROUNDS = 3;

const NOTHING: LockSummary = { acquires: [], releases: [], net: [], sleeps: null, waits: [] };
const NO_FLOW: LockFlowResult = { hazards: [], orders: [], returns: [], net: [], releases: [], isCut: false };

/** What was found for functions that call each other, or for a single one, while their own summaries and their callees' lock summaries were these. */
export interface RememberedLocks {
  summaries: readonly Summary[];
  /** Of callees outside. */
  callees: readonly LockSummary[];
  found: readonly FunctionLocks[];
  /** Hazards that the module had before these. */
  before: number;
}

export type LockMemory = WeakMap<Summary, RememberedLocks>;

/** What every function does to locks, by function number. What `memory` holds of functions that did not change is taken over. */
export function solveLocks(world: LockWorld, graph: CallGraph, memory: LockMemory): FunctionLocks[] {
  const found: FunctionLocks[] = world.nodes.map(() => ({ summary: NOTHING, hazards: [], orders: [], returns: [] }));
  const matters = (id: number): boolean => !isEmpty(found[id].summary);
  let kept = 0;
  for (const component of graph.components) {
    const members = new Set(component);
    const summaries = component.map((id) => world.summaries[id]);
    const callees = component.flatMap((id) =>
      graph.callees[id].flatMap((of) => of.flatMap((c) => (members.has(c) ? [] : found[c].summary))),
    );
    const known = memory.get(summaries[0]);
    if (known && sameItems(known.summaries, summaries) && sameItems(known.callees, callees) && hasSameRoom(known, kept)) {
      component.forEach((id, i) => (found[id] = known.found[i]));
      kept += countHazards(known.found);
      continue;
    }
    const before = kept;
    const recursive = component.length > 1 || graph.callees[component[0]].some((c) => c.includes(component[0]));
    for (let round = 0; round < (recursive ? MAXIMUM_ROUNDS : 1); round++)
      for (const id of component) {
        kept -= found[id].hazards.length;
        const made = functionLocks(world, id, found, matters);
        found[id] = kept > MAXIMUM_HAZARDS ? withoutFarHazards(made) : made;
        kept += found[id].hazards.length;
      }
    memory.set(summaries[0], { summaries, callees, found: component.map((id) => found[id]), before });
  }
  return found;
}

/** False when another number of hazards before these would have left others out. */
function hasSameRoom({ before, found }: RememberedLocks, kept: number): boolean {
  return before === kept || (Math.max(before, kept) + countHazards(found) <= MAXIMUM_HAZARDS && !found.some((f) => f.isCut));
}

function countHazards(found: readonly FunctionLocks[]): number {
  return found.reduce((sum, { hazards }) => sum + hazards.length, 0);
}

function withoutFarHazards(locks: FunctionLocks): FunctionLocks {
  const hazards = locks.hazards.filter((h) => h.release.via === null || h.step.via === null);
  return hazards.length === locks.hazards.length ? locks : { ...locks, hazards, isCut: true };
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((x, i) => x === b[i]);
}

/** What one function does to locks, with what is `found` of its callees. */
export function functionLocks(
  world: LockWorld,
  id: number,
  found: readonly FunctionLocks[],
  matters = (callee: number): boolean => !isEmpty(found[callee].summary),
): FunctionLocks {
  const events = lockEvents(world, id, matters);
  if (events.length === 0) return { summary: NOTHING, hazards: [], orders: [], returns: [] };
  const table = new LockTable(world, id);
  for (const { event } of events) if (event.op === 'reassign') table.varying.add(event.local);
  const masked = events.map((e) => maskEvent(world, id, e, table, found));
  events.forEach(({ event }, i) => {
    if (event.op === 'reassign') masked[i].forgets = table.reassigned(event.local);
  });
  const { instructions } = world.nodes[id].ir;
  const flow =
    table.locks.length === 0
      ? NO_FLOW
      : solveLockFlow({ instructions, locks: table.locks, single: table.single, written: table.written, events: masked });
  const { hazards, orders, returns, isCut } = flow;
  return { summary: summaryOf(world, table, masked, flow), hazards, orders, returns, ...(isCut && { isCut }) };
}

/** The locks of one function by bit. */
class LockTable {
  readonly locks: Lock[] = [];
  /** Bits of locks that stand for one object. */
  single = 0;
  /** Bits of locks that are told apart by how they are written alone: nothing for callers. */
  written = 0;
  /** Variables with more than one value. */
  readonly varying = new Set<number>();
  /** Per variable: bits of locks that are written with it. */
  private readonly writtenWith = new Map<number, number>();
  private readonly byKey = new Map<string, number>();

  constructor(
    private readonly world: LockWorld,
    private readonly id: number,
  ) {}

  mask(locks: readonly Lock[]): number {
    let mask = 0;
    for (const lock of locks) mask |= this.bit(lock);
    return mask;
  }

  /** The bit of a lock that several paths lead to, or a path that means several objects; 0 where the paths say enough. */
  operandMask(operand: LockOperand | null, locks: readonly Lock[], mask: number): number {
    if (!operand || locks.length === 0) return 0;
    for (const local of operand.locals) this.writtenWith.set(local, this.reassigned(local) | mask);
    if (mask !== 0 && (mask & (mask - 1)) === 0 && (mask & this.single) !== 0) return 0;
    const name = locks.every((l) => l.name === locks[0].name) ? locks[0].name : operand.text;
    const bit = this.bit({ ...locks[0], name }, `text ${operand.text}`);
    this.single |= bit;
    this.written |= bit;
    for (const local of operand.locals) this.writtenWith.set(local, this.reassigned(local) | bit);
    return bit;
  }

  /** Locks that are other ones, or may be, once the variable has another value. */
  reassigned(local: number): number {
    return this.writtenWith.get(local) ?? 0;
  }

  private bit(lock: Lock, key = lock.path < 0 ? lock.name : `${lock.path} ${lock.kind === 'irq' ? lock.name : ''}`): number {
    let index = this.byKey.get(key);
    if (index === undefined) {
      if (this.locks.length >= MAXIMUM_LOCKS) return 0;
      index = this.locks.length;
      this.byKey.set(key, index);
      this.locks.push(lock);
      if (this.isSingle(lock)) this.single |= 1 << index;
    }
    return 1 << index;
  }

  /** False for an element of an array or a list, and for what a function gave that may give another object each time. */
  private isSingle(lock: Lock): boolean {
    const { paths } = this.world;
    if (lock.path < 0) return lock.kind !== 'irq' && /^\w+$/.test(lock.name);
    const root = paths.rootOf(lock.path);
    if (root.kind === 'result' || root.kind === 'variable') return false;
    return !paths.stepsOf(lock.path).some((s) => (s.kind === 'index' && s.at === null) || (s.kind === 'field' && isLink(s.record)));
  }

  /** A callee's locks in this function's terms; what lives on the callee's stack is nobody else's. */
  translate(lock: Lock, bindings: readonly ReadonlySet<number>[]): Lock[] {
    const { paths } = this.world;
    if (lock.path < 0) return [lock];
    if (paths.isLocal(lock.path)) return [];
    const targets = substitute(paths, lock.path, bindings);
    if (targets.length === 0) return [{ ...lock, path: -1 }];
    const { ir } = this.world.nodes[this.id];
    return targets.map((path) => ({ ...lock, path, name: isOwnName(lock.name) ? lock.name : objectName(paths, path, ir) }));
  }
}

/** `record.member` and names of the kernel stay; a parameter's name is another one in the caller. */
function isOwnName(name: string): boolean {
  return /^\w+\.\w+$/.test(name);
}

function isLink(record: string): boolean {
  return record === 'list_head' || record === 'hlist_node' || record === 'llist_node';
}

function maskEvent(
  world: LockWorld,
  id: number,
  { instruction, event }: EventAt,
  table: LockTable,
  found: readonly FunctionLocks[],
): MaskedEvent {
  const masked: MaskedEvent = {
    instruction,
    step: event.step,
    acquires: [],
    releases: [],
    net: [],
    forgets: 0,
    sleeps: null,
    waits: [],
    call: -1,
  };
  switch (event.op) {
    case 'acquire': {
      masked.call = event.call;
      for (const mask of masksOf(table, event)) {
        const varies = event.operand?.locals.some((local) => table.varying.has(local)) ?? false;
        masked.acquires.push({ mask, step: event.step, isOld: event.isOld, varies });
        masked.net.push({ mask, effect: 'held', taken: event.taken });
      }
      break;
    }
    case 'release': {
      for (const mask of masksOf(table, event)) {
        masked.releases.push({ mask, step: event.step });
        masked.net.push({ mask, effect: 'given', taken: null });
      }
      break;
    }
    case 'sleep':
      masked.sleeps = { step: event.step, certainty: event.certainty };
      break;
    case 'wait':
      masked.waits.push({ step: event.step, effect: event.effect, objects: event.objects });
      break;
    case 'reassign':
      // Told when all locks of the function are known.
      break;
    case 'call':
      maskCall(world, id, event, table, found, masked);
      break;
  }
  return masked;
}

/** What an event is about: the objects that its paths lead to, and the one that its text means. */
function masksOf(table: LockTable, { locks, operand }: LockEvent & { op: 'acquire' | 'release' }): number[] {
  const mask = table.mask(locks);
  const written = table.operandMask(operand, locks, mask);
  return written === 0 ? [mask] : [mask, written];
}

function maskCall(
  world: LockWorld,
  id: number,
  event: LockEvent & { op: 'call' },
  table: LockTable,
  found: readonly FunctionLocks[],
  masked: MaskedEvent,
): void {
  const under = (step: LockStep): LockStep => ({ ...event.step, via: step });
  masked.call = event.call;
  const net = new Map<number, MaskedEvent['net'][number] & { count: number }>();
  for (const callee of event.callees) {
    const { summary } = found[callee];
    const maskOf = (lock: Lock): number => table.mask(table.translate(lock, event.bindings));
    const add = (list: { mask: number; step: LockStep; isOld?: boolean; varies?: boolean }[], uses: readonly LockUseStep[]): void => {
      for (const { lock, step } of uses) {
        const mask = maskOf(lock);
        if (mask !== 0) list.push({ mask, step: under(step), isOld: false, varies: true });
      }
    };
    add(masked.acquires, summary.acquires);
    add(masked.releases, summary.releases);
    for (const { lock, effect, taken } of summary.net) {
      const mask = maskOf(lock);
      const known = net.get(mask);
      if (known) Object.assign(known, { count: known.count + 1, effect: known.effect === effect ? effect : 'mixed' });
      else if (mask !== 0) net.set(mask, { mask, effect, taken, count: 1 });
    }
    const sleeps = summary.sleeps && sleepUnder(world, id, event, summary.sleeps);
    if (sleeps && masked.sleeps?.certainty !== 'certain') masked.sleeps = { step: under(sleeps.step), certainty: sleeps.certainty };
    for (const wait of summary.waits) masked.waits.push({ ...wait, step: under(wait.step) });
  }
  for (const { mask, effect, taken, count } of net.values())
    masked.net.push({ mask, effect: count === event.callees.length ? effect : 'mixed', taken });
}

/** An allocation whose flags the caller hands down: the caller's own words decide. */
function sleepUnder(world: LockWorld, id: number, event: LockEvent & { op: 'call' }, sleeps: SleepStep): SleepStep | null {
  if (sleeps.certainty === 'certain') return sleeps;
  const flags = flagsIn(world.knowledge, world.nodes[id].ir.calls[event.call]);
  if (flags === 'atomic') return null;
  return flags === 'sleeps' ? { ...sleeps, certainty: 'certain' } : sleeps;
}

function summaryOf(world: LockWorld, table: LockTable, events: readonly MaskedEvent[], flow: LockFlowResult): LockSummary {
  const acquires = new Map<number, LockUseStep>();
  const waits = new Map<string, WaitStep>();
  let sleeps: SleepStep | null = null;
  for (const event of events) {
    for (const { mask, step } of event.acquires)
      for (let i = 0; i < table.locks.length && acquires.size < MAXIMUM_ACQUIRES; i++)
        if (mask & (1 << i) & ~table.written && !acquires.has(i)) acquires.set(i, { lock: table.locks[i], step });
    if (event.sleeps && (!sleeps || (sleeps.certainty === 'flags' && event.sleeps.certainty === 'certain'))) sleeps = event.sleeps;
    for (const wait of event.waits) {
      const key = `${wait.effect} ${wait.objects.join()}`;
      if (!waits.has(key) && waits.size < MAXIMUM_WAITS) waits.set(key, wait);
    }
  }
  const isOthers = ({ lock }: { lock: Lock }): boolean => lock.path < 0 || !world.paths.isLocal(lock.path);
  return {
    acquires: [...acquires.values()].filter(isOthers),
    releases: flow.releases.filter(isOthers),
    net: flow.net.filter(isOthers),
    sleeps,
    waits: [...waits.values()],
  };
}
