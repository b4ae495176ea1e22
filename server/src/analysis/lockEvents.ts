/** What one function does to locks, in the order of its instructions: the input of the lock flow. */
import type { Call, FunctionIR } from '../ir/model';
import type { KernelFunction, Knowledge } from '../knowledge/model';
import type { Lock, LockStep, LockSummary, SleepCertainty } from './lockModel';
import { type LockOperand, lockOperand, reassignments } from './lockOperands';
import type { CallSite, FunctionNode, Summary } from './model';
import { pathText, type PathTable } from './paths';

export type LockEvent =
  | {
      op: 'acquire';
      locks: Lock[];
      operand: LockOperand | null;
      step: LockStep;
      taken: 'zero' | 'nonzero' | null;
      call: number;
      isOld: boolean;
    }
  | { op: 'release'; locks: Lock[]; operand: LockOperand | null; step: LockStep }
  /** A variable by which a lock is written means another object from here on. */
  | { op: 'reassign'; local: number; step: LockStep }
  | { op: 'sleep'; step: LockStep; certainty: SleepCertainty }
  | { op: 'wait'; step: LockStep; effect: string; objects: string[] }
  | { op: 'call'; step: LockStep; callees: readonly number[]; call: number; bindings: readonly ReadonlySet<number>[] };

export interface EventAt {
  /** Index into the function's instructions. */
  instruction: number;
  event: LockEvent;
}

export interface LockWorld {
  paths: PathTable;
  knowledge: Knowledge;
  nodes: readonly FunctionNode[];
  summaries: readonly Summary[];
}

/** The usual name of an object: `record.member`, the global's name, else how the function reaches it. */
export function objectName(paths: PathTable, path: number, ir: FunctionIR): string {
  const member = paths.step(path)?.kind === 'deref' ? paths.fieldPath(paths.parent(path)) : paths.fieldPath(path);
  const step = member >= 0 ? paths.step(member) : null;
  if (step?.kind === 'field') return `${step.record}.${step.field}`;
  const root = paths.rootOf(path);
  if (root.kind === 'global') return root.name;
  if (root.kind === 'local') return ir.locals[root.index].name;
  return pathText(
    paths,
    path,
    ir.locals.filter((l) => l.parameter).map((l) => l.name),
  );
}

/** Waits that the signalling side must end, by effect. */
const WAITS = ['wait-completion', 'wait-event', 'synchronize'] as const;
const IS_WAIT: ReadonlySet<string> = new Set(WAITS);

/** Events of a function, in the order of its instructions. Calls of functions that have nothing to do with locks are left out. */
export function lockEvents(world: LockWorld, id: number, matters: (callee: number) => boolean): EventAt[] {
  const { ir } = world.nodes[id];
  const summary = world.summaries[id];
  const kernel = new Map<number, CallSite>();
  for (const site of summary.kernelCalls) kernel.set(site.call, site);
  const driver = new Map<number, Summary['driverCalls'][number]>();
  for (const call of summary.driverCalls) if (call.callees.some(matters)) driver.set(call.call, call);
  const taken = new Map<number, LockEvent & { op: 'acquire' }>();
  const events: EventAt[] = [];
  if (kernel.size === 0 && driver.size === 0) return events;
  ir.instructions.forEach((i, instruction) => {
    if (i.op === 'release') {
      const acquired = taken.get(i.call);
      if (acquired)
        events.push({ instruction, event: { op: 'release', locks: acquired.locks, operand: acquired.operand, step: acquired.step } });
    } else if (i.op === 'call') {
      const site = kernel.get(i.call);
      const called = driver.get(i.call);
      if (site)
        for (const event of kernelEvents(world, site, ir)) {
          if (event.op === 'acquire') taken.set(i.call, event);
          events.push({ instruction, event });
        }
      else if (called) {
        const { callee } = ir.calls[i.call];
        const name = callee.kind === 'name' ? callee.name : world.nodes[called.callees[0]].name;
        const step: LockStep = { site: called.site, name, via: null, indirect: called.callees.length > 1 };
        events.push({ instruction, event: { op: 'call', step, callees: called.callees, call: i.call, bindings: called.arguments } });
      }
    }
  });
  return withReassignments(ir, events);
}

/** The events, with those places between them where a variable by which some lock is written gets another value. */
function withReassignments(ir: FunctionIR, events: EventAt[]): EventAt[] {
  const followed = new Set<number>();
  for (const { event } of events) if ('operand' in event) for (const local of event.operand?.locals ?? []) followed.add(local);
  const found = followed.size > 0 ? reassignments(ir, followed) : null;
  if (!found || found.size === 0) return events;
  const { step } = events[0].event;
  const added = [...found].map(([instruction, local]): EventAt => ({ instruction, event: { op: 'reassign', local, step } }));
  return [...added, ...events].sort((x, y) => x.instruction - y.instruction);
}

const NO_EVENTS: LockEvent[] = [];

/** False for the many calls that neither take locks nor sleep nor wait. */
function concernsLocks(knowledge: Knowledge, name: string): boolean {
  const known = knowledge.functions.get(name);
  if (!known) return knowledge.loops.get(name)?.lock !== undefined;
  return known.lock !== undefined || known.sleeps === true || known.drops !== undefined || known.effects.some((e) => IS_WAIT.has(e));
}

function kernelEvents(world: LockWorld, site: CallSite, ir: FunctionIR): LockEvent[] {
  const { knowledge } = world;
  const call = ir.calls[site.call];
  if (!concernsLocks(knowledge, site.name) && !call.argumentTexts.some((t) => t.includes('GFP_'))) return NO_EVENTS;
  const step: LockStep = { site: site.site, name: site.name, via: null, indirect: false };
  const scoped = scopedLock(knowledge, site.name, call);
  const known = scoped?.known ?? knowledge.functions.get(site.name);
  const events: LockEvent[] = [];
  const sleeps = sleepOf(knowledge, known, call);
  const drops = known?.drops === undefined ? [] : locksAt(world, site, ir, known, known.drops);
  const dropped = drops.length > 0 ? lockOperand(ir, call.argumentTexts[known!.drops!]) : null;
  if (drops.length > 0) events.push({ op: 'release', locks: drops, operand: dropped, step });
  if (sleeps) events.push({ op: 'sleep', step, certainty: sleeps });
  if (!known) return events;
  const effect = WAITS.find((w) => known.effects.includes(w));
  if (effect) {
    const objects = [...(site.arguments[known.target ?? 0] ?? [])].map((p) => objectName(world.paths, p, ir));
    events.push({ op: 'wait', step, effect, objects });
  }
  if (drops.length > 0) events.push({ op: 'acquire', locks: drops, operand: dropped, step, taken: null, call: site.call, isOld: true });
  if (!known.lock || excludesNobody(known.lock)) return events;
  const argument = scoped ? scoped.argument : known.lock.argument;
  const locks = locksAt(world, site, ir, known, argument);
  const operand = argument < 0 ? null : lockOperand(ir, call.argumentTexts[argument]);
  if (known.effects.includes('lock'))
    events.push({ op: 'acquire', locks, operand, step, taken: known.lock.taken ?? null, call: site.call, isOld: false });
  else if (known.effects.includes('unlock')) events.push({ op: 'release', locks, operand, step });
  return events;
}

/** `guard(class)(&lock)` and `scoped_guard(class, &lock)`: the function that the class stands for, and which argument is the lock. */
function scopedLock(knowledge: Knowledge, name: string, call: Call): { known: KernelFunction; argument: number } | null {
  const loop = knowledge.loops.get(name);
  const row = knowledge.functions.get(name);
  const at = loop?.lock ?? (row?.curried && row.lock ? { class: 0, argument: row.lock.argument } : null);
  if (!at) return null;
  const known = knowledge.functions.get(knowledge.guardClasses.get(call.argumentTexts[at.class]?.trim() ?? '') ?? '');
  return known?.lock ? { known, argument: known.lock.argument < 0 ? -1 : at.argument } : null;
}

function locksAt(world: LockWorld, site: CallSite, ir: FunctionIR, known: KernelFunction, argument: number): Lock[] {
  const { kind, disables, name } = known.lock ?? { kind: 'spin' as const, disables: 'interrupts' as const, name: undefined };
  const rest = { kind, ...(disables && { disables }) };
  const places = argument < 0 ? undefined : site.arguments[argument];
  if (!places || places.size === 0) {
    const text = argument < 0 ? '' : (ir.calls[site.call].argumentTexts[argument] ?? '').replace(/^\s*&\s*/, '').trim();
    return [{ path: -1, name: name ?? (text || known.name), ...rest }];
  }
  // A macro that is given the lock itself (`wait_event_lock_irq(queue, condition, card->lock)`): what it "points to" is the lock.
  const isLvalue = known.drops === argument;
  const { paths } = world;
  return [...places].map((found) => {
    const path = isLvalue && paths.step(found)?.kind === 'deref' ? paths.parent(found) : found;
    return { path, name: name ?? objectName(paths, path, ir), ...rest };
  });
}

/** Sections that keep nobody out: of sequence counters, of sleepable read-copy-update. */
function excludesNobody({ kind, disables }: NonNullable<KernelFunction['lock']>): boolean {
  return kind === 'other' && disables === undefined;
}

const FLAG = /\b\w*GFP_\w+/g;

/** Whether a kernel call may sleep, allocation flags considered; null when it does not, or nobody says so. */
function sleepOf(knowledge: Knowledge, known: KernelFunction | undefined, call: Call): SleepCertainty | null {
  const flags = flagsIn(knowledge, call);
  if (flags === 'sleeps') return known?.effects.includes('pure') ? null : 'certain';
  if (flags === 'atomic') return null;
  if (flags === 'both') return known?.sleeps ? 'flags' : null;
  if (!known?.sleeps) return null;
  const takesFlags =
    call.argumentTypes.some((t) => t.kind === 'named' && t.name === 'gfp_t') ||
    (known.effects.includes('allocate') && call.argumentTexts.some((t) => /gfp/i.test(t)));
  return takesFlags ? 'flags' : 'certain';
}

/** What the allocation flags among a call's arguments say; null when there are none that somebody knows. */
export function flagsIn(knowledge: Knowledge, call: Call): 'sleeps' | 'atomic' | 'both' | null {
  let sleeps = false;
  let atomic = false;
  for (const text of call.argumentTexts) {
    if (!text.includes('GFP_')) continue;
    for (const [name] of text.matchAll(FLAG)) {
      const known = knowledge.allocationFlags.get(name);
      if (known === true) sleeps = true;
      else if (known === false) atomic = true;
    }
  }
  return sleeps && atomic ? 'both' : sleeps ? 'sleeps' : atomic ? 'atomic' : null;
}

/** True when a caller need not know of the function. */
export function isEmpty(summary: LockSummary): boolean {
  return (
    summary.acquires.length === 0 &&
    summary.releases.length === 0 &&
    summary.net.length === 0 &&
    summary.sleeps === null &&
    summary.waits.length === 0
  );
}
