import type { CallSite } from '../../analysis/model';
import { reachableFrom } from '../../analysis/naturalLoops';
import type { Irreversible } from '../../knowledge/model';
import { siteRange } from '../context';
import { startOf } from '../locator';
import type { Finding } from '../model';
import { chainSteps } from '../resync/finding';
import { objectsAt } from '../resync/objects';
import { runsLast } from '../resync/others';
import { type ModuleView, viewOf } from '../resync/view';
import type { Rule } from './rule';

export const irreversible: Rule = {
  id: 'effect/irreversible',
  title: 'a kernel call has an effect that cannot be undone when the transaction aborts',
  reason: `When a transaction aborts, its copies are dropped and the kernel calls that it made are undone in reverse. Some cannot be: a packet that was
handed to the network stack is gone, a waiting thread was woken, memory of the user was written. What the transaction does instead depends on the call:

- *defer*: the call is made when the transaction commits. It must not matter to the rest of the call when that happens, so its result may not be used,
  and nothing behind it may wait for what it sets off. A wake-up is deferred as well: the thread that it wakes would look at members that are
  copied out at the commit, and sleep on.
- *allow*: it is made at once; after a fault the effect stays, and the finding says why that does no harm.
- *refuse*: a fault behind the call cannot be rolled back to before it: the transaction ends there, and the rest runs as one of its own.`,
  severity: 'hint',
  fires: {
    code: 'struct foo { struct completion done; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tcomplete(&f->done);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct foo { spinlock_t lock; int count; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tspin_lock(&f->lock);\n\tf->count++;\n\tspin_unlock(&f->lock);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const view = viewOf(driver, entries);
    const findings: Finding[] = [];
    for (const summary of driver.analysis.summaries) {
      if (view.entriesOf(summary.function).length === 0) continue;
      for (const site of summary.kernelCalls) {
        const effect = driver.knowledge.functions.get(site.name)?.irreversible;
        if (effect) findings.push(findingFor(view, site, effect));
      }
    }
    return findings;
  },
};

interface Treatment {
  instead: Irreversible['instead'];
  why: string;
}

/** What the transaction does at this call: the row's answer, unless the code around the call forbids to defer it. */
function treatmentAt(view: ModuleView, site: CallSite, effect: Irreversible): Treatment {
  if (effect.instead === 'allow') return { instead: 'allow', why: effect.note ?? 'what stays after a fault is harmless' };
  if (effect.instead === 'refuse') return { instead: 'refuse', why: effect.note ?? 'the effect is seen outside at once' };
  if (isResultUsed(view, site)) return { instead: 'refuse', why: 'its result is used, so it cannot wait for the commit' };
  // What ends another thread's wait may be what the answer waits for; a packet or an event is not.
  const effects = view.driver.knowledge.functions.get(site.name)?.effects;
  if (effects?.includes('complete') || effects?.includes('wake-up')) {
    const wait = waitBehind(view, site) ?? removalBehind(view, site);
    if (wait) return { instead: 'refuse', why: `${wait} behind it waits for what it sets off` };
  }
  return { instead: 'defer', why: 'nothing behind it depends on it' };
}

/** Instructions behind a call among which its result is looked for: a result is used in the statement that makes the call, or stored there. */
const MAXIMUM_DISTANCE = 200;

/** True when the text does something with what the call returns. */
function isResultUsed(view: ModuleView, site: CallSite): boolean {
  const { ir } = view.driver.analysis.nodes[site.site.function];
  const at = view.instructionOf(site.site.function, site.call);
  const last = Math.min(ir.instructions.length, at + MAXIMUM_DISTANCE);
  for (let position = at + 1; position < last; position++) {
    const i = ir.instructions[position];
    if (i.op === 'return' && i.value?.kind === 'result' && i.value.call === site.call) return true;
    // The value is what instructions right before the write or branch compute.
    if ((i.op === 'local' || i.op === 'branch') && i.span > 0 && position - i.span <= at) return true;
    if (i.op === 'assign' && i.value.kind === 'result' && i.value.call === site.call) return true;
  }
  return false;
}

/** The name of a wait that may follow the call in the same function. */
function waitBehind(view: ModuleView, site: CallSite): string | null {
  const id = site.site.function;
  const waits = [...view.callsWith('wait-completion'), ...view.callsWith('wait-event')].filter((w) => w.site.site.function === id);
  if (waits.length === 0) return null;
  const behind = reachableFrom(view.flowOf(id), view.instructionOf(id, site.call), true);
  const found = waits.find((w) => behind.has(view.instructionOf(id, w.site.call)));
  return found?.site.name ?? null;
}

/** The name of a call that may follow and removes the device or driver, where the function that then runs waits for this very object. */
function removalBehind(view: ModuleView, site: CallSite): string | null {
  const id = site.site.function;
  const removals = view.callsWith('unregister').filter((c) => c.site.site.function === id);
  if (removals.length === 0) return null;
  const object = objectsAt(view, site, view.driver.knowledge.functions.get(site.name)?.target ?? 0);
  const isAwaited = [...view.callsWith('wait-completion'), ...view.callsWith('wait-event')].some(
    (w) =>
      view.entriesOf(w.site.site.function).some((e) => runsLast(e)) &&
      [...objectsAt(view, w.site, w.known.target ?? 0)].some((name) => object.has(name)),
  );
  if (!isAwaited) return null;
  const behind = reachableFrom(view.flowOf(id), view.instructionOf(id, site.call), true);
  return removals.find((r) => behind.has(view.instructionOf(id, r.site.call)))?.site.name ?? null;
}

const WORDS: Record<Irreversible['instead'], string> = {
  defer: 'the transaction defers it to the commit',
  allow: 'the transaction makes it at once',
  refuse: 'the transaction ends before it and does not roll back behind it',
};

function findingFor(view: ModuleView, site: CallSite, effect: Irreversible): Finding {
  const { driver } = view;
  const { name } = driver.analysis.nodes[site.site.function];
  const entries = view.entriesOf(site.site.function);
  const treatment = treatmentAt(view, site, effect);
  const { location } = siteRange(driver, site.site);
  return {
    rule: 'effect/irreversible',
    severity: treatment.instead === 'refuse' ? 'information' : 'hint',
    confidence: 'certain',
    message: `${site.name} ${effect.what}, which no rollback takes back: ${WORDS[treatment.instead]} (${treatment.why}).`,
    location,
    entryPoints: entries.map((e) => e.node.name),
    trace: [
      ...chainSteps(view, entries[0], site.site.function),
      { location: startOf(location), message: `${name} calls ${site.name}, which ${effect.what}` },
    ],
  };
}
