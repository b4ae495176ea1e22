import { reachableFrom } from '../../analysis/naturalLoops';
import { locksOfFunction, objectNames } from '../calls';
import type { Finding } from '../model';
import { awaited } from '../resync/callbacks';
import { exchangeOf } from '../resync/exchange';
import { findingOf, list } from '../resync/finding';
import { objectText, objectsAt } from '../resync/objects';
import type { Signal } from '../resync/others';
import { type KnownCall, type ModuleView, viewOf } from '../resync/view';
import type { Rule } from './rule';

export const synchronize: Rule = {
  id: 'resync/synchronize',
  title: 'an entry point waits for another context to finish, with unpublished writes, stale reads or a deferred lock around it',
  reason: `\`cancel_work_sync\`, \`napi_disable\`, \`free_irq\`, \`usb_kill_urb\` and their kin end by themselves: the other context finishes and does not start
again. But it works on the originals. What the call wrote before (the flag that tells the other side to stop) must be copied out first, what the other side wrote must be
copied in again behind it, and where the other side needs a lock that the call has taken, isolation, which keeps locks to the end of the call, would wait for ever.

The generated code publishes and refreshes the fields that the finding names. A lock must be released early.`,
  severity: 'information',
  fires: {
    code: 'struct foo { struct work_struct work; int stopping; };\nstatic void foo_work(struct work_struct *work)\n{\n\tstruct foo *f = container_of(work, struct foo, work);\n\tif (!f->stopping)\n\t\tschedule_work(&f->work);\n}\nstatic int foo_stop(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tf->stopping = 1;\n\tcancel_work_sync(&f->work);\n\treturn 0;\n}\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tINIT_WORK(&f->work, foo_work);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open, .ndo_stop = foo_stop };\n',
  },
  silent: {
    code: 'struct foo { struct work_struct work; int runs; };\nstatic void foo_work(struct work_struct *work)\n{\n\tstruct foo *f = container_of(work, struct foo, work);\n\tf->runs++;\n}\nstatic int foo_stop(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tcancel_work_sync(&f->work);\n\treturn 0;\n}\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tINIT_WORK(&f->work, foo_work);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open, .ndo_stop = foo_stop };\n',
  },
  check: (driver, entries) => {
    const view = viewOf(driver, entries);
    return view.callsWith('synchronize').flatMap((call) => findingFor(view, call) ?? []);
  },
};

function findingFor(view: ModuleView, call: KnownCall): Finding | null {
  const { site } = call;
  const id = site.site.function;
  const waiting = view.entriesOf(id);
  if (waiting.length === 0) return null;
  const { nodes } = view.driver.analysis;
  // A callback that stops itself does not wait for itself.
  const others = [...awaited(view, call)].filter((f) => !waiting.every((e) => e.node.id === f));
  if (others.length === 0 || isJustSetUp(view, call)) return null;
  const exchange = exchangeOf(view, id, site.call, waiting, others);
  const locks = sharedLocks(view, call, others);
  if (exchange.refresh.length === 0 && exchange.publish.length === 0 && locks.length === 0) return null;
  const signals: Signal[] = others.map((f) => ({
    function: f,
    site: { function: f, at: nodes[f].ir.at, length: nodes[f].name.length },
    entries: view.entriesOf(f).filter((e) => e.node.id === f),
    early: false,
  }));
  const object =
    call.known.target === undefined || call.known.waitsFor ? '' : ` of ${objectText(view, objectsAt(view, site, call.known.target))}`;
  const finding = findingOf(view, {
    rule: 'resync/synchronize',
    function: id,
    site: site.site,
    does: `waits in ${site.name} for the end${object}`,
    waiting,
    ends: 'runs meanwhile',
    signals,
    exchange,
    stuckOn: [],
    confidence: 'likely',
  });
  if (locks.length === 0) return finding;
  return {
    ...finding,
    message: `${finding.message} It takes ${list(locks)}, which the call has taken before: kept to the end of the call, the lock would let neither side go on.`,
    severity: 'warning',
    grade: finding.grade,
  };
}

/** `tasklet_setup(t, f); tasklet_disable(t);`: nobody can have started yet what the call would wait for. */
function isJustSetUp(view: ModuleView, { site, known }: KnownCall): boolean {
  if (known.target === undefined || known.waitsFor) return false;
  const { knowledge, analysis } = view.driver;
  const id = site.site.function;
  const { ir } = analysis.nodes[id];
  const awaitedObjects = objectsAt(view, site, known.target);
  for (let at = view.instructionOf(id, site.call) - 1; at >= 0; at--) {
    const i = ir.instructions[at];
    if (i.op === 'branch' || i.op === 'jump' || i.op === 'return') return false;
    if (i.op !== 'call') continue;
    const earlier = view.kernelCall(id, i.call);
    const callback = earlier && knowledge.registrations.get(earlier.name)?.callbacks.find((c) => c.data !== undefined);
    if (callback) {
      if ([...objectsAt(view, earlier, callback.data!)].some((name) => awaitedObjects.has(name))) return true;
    } else if (!earlier || !knowledge.functions.get(earlier.name)?.effects.includes('synchronize')) return false;
  }
  return false;
}

/** Locks that the function takes before the call and that the other side takes as well. */
function sharedLocks(view: ModuleView, { site }: KnownCall, others: readonly number[]): string[] {
  const { analysis, knowledge } = view.driver;
  const id = site.site.function;
  const { ir } = analysis.nodes[id];
  const before = reachableFrom(view.flowOf(id), view.instructionOf(id, site.call), false);
  const earlier = new Set<number>();
  for (const i of before) {
    const instruction = ir.instructions[i];
    if (instruction.op === 'call') earlier.add(instruction.call);
  }
  const scope = view.driver.scopeOf(analysis.nodes[id].file);
  // Of a lock that only a variable of the function names nobody knows whether the other side means the same.
  const isGlobal = (name: string): boolean => scope.variable(name) !== undefined && !ir.locals.some((l) => l.name === name);
  const taken = new Set<string>();
  for (const other of analysis.summaries[id].kernelCalls) {
    const known = knowledge.functions.get(other.name);
    if (!earlier.has(other.call) || !known?.lock || known.lock.argument < 0 || !known.effects.includes('lock')) continue;
    for (const name of objectNames(view.driver, other, known.lock.argument)) if (name.includes('.') || isGlobal(name)) taken.add(name);
  }
  if (taken.size === 0) return [];
  const theirs = new Set<string>();
  for (const other of others) {
    const entry = view.entries.find((e) => e.node.id === other);
    for (const f of entry?.functions ?? [other]) for (const lock of locksOfFunction(view.driver, f)) theirs.add(lock.name);
  }
  return [...taken].filter((name) => theirs.has(name)).sort();
}
