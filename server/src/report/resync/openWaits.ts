/** Waits on a wait queue: `wait_event` and its kin, and those written out with `prepare_to_wait` and `schedule`. */
import type { CallSite, Site } from '../../analysis/model';
import { blockAt, reachableFrom } from '../../analysis/naturalLoops';
import { type Condition, emptyCondition, readCondition } from './condition';
import { objectsAt } from './objects';
import { bitText, type KnownCall, type ModuleView, placeName } from './view';

export interface QueueWait {
  function: number;
  site: Site;
  call: number;
  /** Names of the queue. */
  queues: ReadonlySet<string>;
  condition: Condition;
  /** Where an open-coded wait enqueues itself. */
  prepared: Site | null;
}

export function queueWaits(view: ModuleView): QueueWait[] {
  return [...view.callsWith('wait-event').map((c) => eventWait(view, c)), ...openCoded(view)];
}

function instructionOf(view: ModuleView, site: CallSite): number {
  return view.instructionOf(site.site.function, site.call);
}

function eventWait(view: ModuleView, { site, known }: KnownCall): QueueWait {
  const id = site.site.function;
  const call = view.driver.analysis.nodes[id].ir.calls[site.call];
  const at = instructionOf(view, site);
  // What the condition assigns to variables counts as much as what it reads.
  const within = call.condition ? (i: number): boolean => i >= at - call.condition!.first && i < at - call.condition!.last : null;
  const condition = call.condition
    ? readCondition(view, id, at - call.condition.first, at - call.condition.last, within)
    : waitOnWord(view, site, known);
  return { function: id, site: site.site, call: site.call, queues: objectsAt(view, site, known.target ?? 0), condition, prepared: null };
}

/** `wait_on_bit` looks at its own target. */
function waitOnWord(view: ModuleView, site: CallSite, { target, bit }: KnownCall['known']): Condition {
  const { paths } = view.driver.analysis;
  const condition = emptyCondition();
  for (const path of site.arguments[target ?? 0] ?? []) {
    const name = placeName(paths, path);
    if (name === null || bit === undefined) continue;
    condition.watched.push({ name, bit: bitText(view.driver, site, bit), site: site.site, inPlace: true, takes: false });
  }
  return condition;
}

/** Sleeps of a function that whoever wakes the task ends, and that may follow an instruction, in the order of the text. */
function sleepsBehind(view: ModuleView, id: number, behind: ReadonlySet<number>): (KnownCall & { at: number })[] {
  return view
    .callsWith('sleep')
    .filter((s) => s.site.site.function === id && s.known.woken)
    .map((s) => ({ ...s, at: instructionOf(view, s.site) }))
    .filter((s) => behind.has(s.at))
    .sort((a, b) => a.at - b.at);
}

/** Every sleep on a queue, as `function call`. */
export function sleepsOnQueues(view: ModuleView): Set<string> {
  const found = new Set<string>();
  for (const { site } of view.callsWith('prepare-wait')) {
    const id = site.site.function;
    for (const sleep of sleepsBehind(view, id, reachableFrom(view.flowOf(id), instructionOf(view, site), true)))
      found.add(`${id} ${sleep.site.call}`);
  }
  return found;
}

/** Sleeps behind a `prepare_to_wait` of the same function: the condition is whatever its branches look at meanwhile. */
function openCoded(view: ModuleView): QueueWait[] {
  const found: QueueWait[] = [];
  for (const { site, known } of view.callsWith('prepare-wait')) {
    const id = site.site.function;
    const { ir } = view.driver.analysis.nodes[id];
    const prepared = instructionOf(view, site);
    const flow = view.flowOf(id);
    const behind = reachableFrom(flow, prepared, true);
    const [sleep] = sleepsBehind(view, id, behind);
    if (!sleep || found.some((w) => w.function === id && w.call === sleep.site.call)) continue;
    const loop = flow.loops.find((l) => l.blocks.has(blockAt(flow, sleep.at)));
    const condition = emptyCondition();
    ir.instructions.forEach((i, at) => {
      if (i.op !== 'branch' || i.span === 0) return;
      const inside = loop ? loop.blocks.has(blockAt(flow, at)) : behind.has(at) && at < sleep.at;
      if (!inside) return;
      const part = readCondition(view, id, at - i.span, at, loop ? (n) => loop.blocks.has(blockAt(flow, n)) : null);
      condition.watched.push(...part.watched);
      condition.work ||= part.work;
    });
    found.push({
      function: id,
      site: sleep.site.site,
      call: sleep.site.call,
      queues: objectsAt(view, site, known.target ?? 0),
      condition,
      prepared: site.site,
    });
  }
  return found;
}
