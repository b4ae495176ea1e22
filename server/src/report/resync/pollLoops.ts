/** Loops that sleep, delay or yield until memory has a value which another context gives it, and sleeps that such a value is expected behind. */
import { lastField } from '../../analysis/functionPointers';
import type { Site } from '../../analysis/model';
import { blockAt, type ControlFlow, type NaturalLoop } from '../../analysis/naturalLoops';
import type { Instruction } from '../../ir/model';
import { reachedFrom } from '../context';
import type { EffectKind } from '../../knowledge/model';
import { DEVICE_READS, DEVICE_WRITES } from '../functionFacts';
import { type Condition, emptyCondition, readCondition, type Watched } from './condition';
import { bitText, type ModuleView, placeName } from './view';
import { sameBit } from './watching';

export interface Poll {
  function: number;
  /** The sleep, as an index into the function's calls. */
  call: number;
  sleep: Site;
  /** What the loop looks at, per condition that ends it. */
  exits: Watched[][];
  /** The loop does other work besides, or ends for other reasons as well. */
  works: boolean;
  kind: 'loop' | 'after-sleep';
  /** Functions that a turn of the loop runs; what they write is no signal. */
  own: ReadonlySet<number>;
}

/** A callee with more calls than this does more than wrap a delay. */
const MAXIMUM_WRAPPER_CALLS = 3;
const WORK: ReadonlySet<EffectKind> = new Set<EffectKind>([
  ...DEVICE_READS,
  ...DEVICE_WRITES,
  'submit',
  'wait-completion',
  'wait-event',
  'user-read',
  'user-write',
]);

/** `taken`: calls, as `function call`, that are part of a wait on a queue. */
export function polls(view: ModuleView, taken: ReadonlySet<string>): Poll[] {
  const found: Poll[] = [];
  for (const [id, all] of sleepsByFunction(view)) {
    const sleeps = all.filter((s) => !taken.has(`${id} ${s.call}`));
    const flow = view.flowOf(id);
    const seen = new Set<NaturalLoop>();
    for (const { call, at } of sleeps) {
      const loop = flow.loops.find((l) => l.blocks.has(blockAt(flow, at)));
      if (!loop) {
        const after = afterSleep(view, id, call, at);
        if (after) found.push(after);
        continue;
      }
      if (seen.has(loop)) continue;
      seen.add(loop);
      const poll = pollOf(view, id, flow, loop, call);
      if (poll) found.push(poll);
    }
  }
  return found;
}

interface Sleep {
  call: number;
  /** Index of the instruction. */
  at: number;
}

/** Sleeps, delays and calls of functions that do little else, per function. */
function sleepsByFunction(view: ModuleView): Map<number, Sleep[]> {
  const { analysis } = view.driver;
  const calls = new Map<number, Set<number>>();
  const add = (id: number, call: number): void => {
    const set = calls.get(id);
    if (set) set.add(call);
    else calls.set(id, new Set([call]));
  };
  for (const effect of ['sleep', 'delay'] as const)
    for (const { site, known } of view.callsWith(effect)) {
      // A macro that polls the device is no plain sleep.
      if (known.condition === undefined) add(site.site.function, site.call);
    }
  for (const id of [...calls.keys()]) {
    const summary = analysis.summaries[id];
    if (summary.kernelCalls.length + summary.driverCalls.length > MAXIMUM_WRAPPER_CALLS || analysis.nodes[id].ir.loops.length > 0) continue;
    for (const caller of view.callersOf(id)) add(caller.caller, caller.call);
  }
  const found = new Map<number, Sleep[]>();
  for (const [id, set] of calls) {
    const sleeps: Sleep[] = [];
    analysis.nodes[id].ir.instructions.forEach((i, at) => {
      if (i.op === 'call' && set.has(i.call)) sleeps.push({ call: i.call, at });
    });
    found.set(id, sleeps);
  }
  return found;
}

function pollOf(view: ModuleView, id: number, flow: ControlFlow, loop: NaturalLoop, sleep: number): Poll | null {
  const { ir } = view.driver.analysis.nodes[id];
  const within = (i: number): boolean => loop.blocks.has(blockAt(flow, i));
  const own = functionsOf(view, id, ir.instructions, within);
  const exits: Watched[][] = [];
  let works = false;
  for (const b of loop.blocks) {
    const at = flow.blocks[b].last - 1;
    const branch = ir.instructions[at];
    if (branch.op !== 'branch' || flow.blocks[b].successors.length === 0) continue;
    const leaves = flow.blocks[b].isReturn || flow.blocks[b].successors.some((s) => !loop.blocks.has(s));
    if (!leaves) continue;
    const condition = readCondition(view, id, at - branch.span, at, within);
    if (condition.work || condition.opaque) works = true;
    const watched = waitedFor(view, condition, own, id, within);
    if (watched.length > 0) exits.push(watched);
  }
  if (exits.length === 0) return null;
  if (!works) works = doesWork(view, id, ir.instructions, within, sleep, exits.flat());
  const call = ir.calls[sleep];
  return {
    function: id,
    call: sleep,
    sleep: { function: id, at: call.at, length: call.length },
    exits,
    works,
    kind: 'loop',
    own,
  };
}

/** Of a condition that ends the loop: what the loop itself does not change. */
function waitedFor(
  view: ModuleView,
  condition: Condition,
  own: ReadonlySet<number>,
  id: number,
  within: (i: number) => boolean,
): Watched[] {
  return condition.watched.filter((w) => !isChangedByLoop(view, w, own, id, within));
}

/** True when the loop writes what it looks at, apart from the look itself. */
function isChangedByLoop(
  view: ModuleView,
  watched: Watched,
  own: ReadonlySet<number>,
  id: number,
  within: (i: number) => boolean,
): boolean {
  const { ir } = view.driver.analysis.nodes[id];
  const placesWithin = (): ReadonlySet<number> =>
    view.memo('places within', within, () => new Set(ir.instructions.flatMap((i, at) => (within(at) ? [placeOf(i, ir.calls)] : []))));
  return view.writersOf(watched.name).some((write) => {
    if (!sameBit(watched.bit, write.bit) || write.site.at === watched.site.at) return false;
    if (write.function !== id) return own.has(write.function) && write.function !== watched.site.function;
    return placesWithin().has(write.site.at);
  });
}

function placeOf(i: Instruction, calls: readonly { at: number }[]): number {
  return i.op === 'touch' ? i.at : i.op === 'call' ? calls[i.call].at : -1;
}

/** The functions that a turn of the loop calls, with all that they call. */
function functionsOf(view: ModuleView, id: number, instructions: readonly Instruction[], within: (i: number) => boolean): Set<number> {
  const { graph } = view.driver.analysis;
  const found = new Set<number>();
  instructions.forEach((i, at) => {
    if (i.op !== 'call' || !within(at)) return;
    for (const callee of graph.callees[id][i.call])
      if (!found.has(callee)) for (const reached of reachedFrom(view.driver, callee)) found.add(reached);
  });
  return found;
}

/** True when a turn does more than look, sleep, lock and log. */
function doesWork(
  view: ModuleView,
  id: number,
  instructions: readonly Instruction[],
  within: (i: number) => boolean,
  sleep: number,
  watched: readonly Watched[],
): boolean {
  const { analysis, knowledge } = view.driver;
  const { ir } = analysis.nodes[id];
  return instructions.some((i, at) => {
    if (i.op === 'touch' && i.access !== 'R' && i.access !== 'A' && i.kernel === null && within(at)) {
      const field = lastField(i.place);
      return field !== null && !watched.some((w) => w.name === `${field.record}.${field.field}`);
    }
    if (i.op !== 'call' || i.call === sleep || !within(at)) return false;
    const { callee } = ir.calls[i.call];
    const callees = analysis.graph.callees[id][i.call];
    if (callees.length > 0) return callees.some((c) => runsWork(view, c, new Set()));
    if (callee.kind !== 'name') return true;
    return knowledge.functions.get(callee.name)?.effects.some((e) => WORK.has(e)) ?? false;
  });
}

function runsWork(view: ModuleView, id: number, seen: Set<number>): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const { summaries, graph } = view.driver.analysis;
  if (summaries[id].unresolved.length > 0) return true;
  for (const { name } of summaries[id].kernelCalls)
    if (view.driver.knowledge.functions.get(name)?.effects.some((e) => WORK.has(e))) return true;
  return graph.callees[id].some((callees) => callees.some((c) => runsWork(view, c, seen)));
}

/** Instructions between a sleep and the branch that looks at what should have come meanwhile. */
const MAXIMUM_DISTANCE = 12;

/** `priv->seen = 0; start(); msleep(100); if (priv->seen)`: what is written before the sleep and looked at right behind it. */
function afterSleep(view: ModuleView, id: number, call: number, at: number): Poll | null {
  const { ir } = view.driver.analysis.nodes[id];
  const { instructions } = ir;
  for (let i = at + 1; i < Math.min(at + MAXIMUM_DISTANCE, instructions.length); i++) {
    const next = instructions[i];
    if (next.op === 'return' || next.op === 'jump') return null;
    if (next.op === 'call' && !isLock(view, id, next.call) && !isMemoryQuestion(view, id, next.call)) return null;
    if (next.op !== 'branch' || next.span === 0) continue;
    const condition = next.span > i - at - 1 ? emptyCondition() : readCondition(view, id, i - next.span, i, null);
    const watched = condition.work || condition.counted ? [] : condition.watched.filter((w) => isResetBefore(view, id, w, at));
    if (watched.length === 0) return null;
    const sleep = { function: id, at: ir.calls[call].at, length: ir.calls[call].length };
    return { function: id, call, sleep, exits: [watched], works: false, kind: 'after-sleep', own: new Set([id]) };
  }
  return null;
}

function isLock(view: ModuleView, id: number, call: number): boolean {
  const { callee } = view.driver.analysis.nodes[id].ir.calls[call];
  return callee.kind === 'name' && view.driver.knowledge.functions.get(callee.name)?.lock !== undefined;
}

function isMemoryQuestion(view: ModuleView, id: number, call: number): boolean {
  const { callee } = view.driver.analysis.nodes[id].ir.calls[call];
  return callee.kind === 'name' && (view.driver.knowledge.functions.get(callee.name)?.effects.includes('pure') ?? false);
}

/** True when the function itself gives the member a value before the sleep: then it looks for another one behind it. */
function isResetBefore(view: ModuleView, id: number, watched: Watched, sleep: number): boolean {
  const { analysis, knowledge } = view.driver;
  const { ir } = analysis.nodes[id];
  return ir.instructions.some((i, at) => {
    if (at >= sleep) return false;
    if (i.op === 'touch' && (i.access === 'W' || i.access === 'RW')) {
      const field = lastField(i.place);
      return field !== null && `${field.record}.${field.field}` === watched.name;
    }
    if (i.op !== 'call') return false;
    const site = view.kernelCall(id, i.call);
    const known = site && knowledge.functions.get(site.name);
    if (!site || !known) return false;
    return Object.entries(known.arguments).some(
      ([argument, access]) =>
        (access === 'W' || access === 'RW') &&
        [...(site.arguments[Number(argument)] ?? [])].some((p) => placeName(analysis.paths, p) === watched.name) &&
        sameBit(watched.bit, known.bit === undefined ? null : bitText(view.driver, site, known.bit)),
    );
  });
}
