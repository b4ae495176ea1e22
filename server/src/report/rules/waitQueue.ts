import type { Confidence, Finding } from '../model';
import { siteLocation } from '../context';
import { exchangeOf } from '../resync/exchange';
import { findingOf } from '../resync/finding';
import { objectsAt, objectText } from '../resync/objects';
import { type QueueWait, queueWaits } from '../resync/openWaits';
import { concurrencyOf, signalsAmong, timely } from '../resync/others';
import { type ModuleView, viewOf } from '../resync/view';
import { watchedText, writersOf } from '../resync/watching';
import type { Rule } from './rule';

export const waitQueue: Rule = {
  id: 'resync/wait-queue',
  title: 'an entry point waits on a wait queue until a condition over driver memory holds',
  reason: `The condition of \`wait_event\`, or of a wait written out with \`prepare_to_wait\` and \`schedule\`, is evaluated by the isolated call, on its copies.
Another context changes the originals. Where the condition looks at nothing but objects that are used in place (atomic counters, bits, queues with a lock
of their own), the wait ends as it does today, and what the other side wrote is copied in again (*refresh*) or what it reads copied out before (*publish*).
Where it looks at a member that is copied, the call would never see the change: the grade is *stuck*. Mark the member with \`__fgft_shared\`, so that it is
used in place.`,
  severity: 'warning',
  fires: {
    code: 'struct foo { wait_queue_head_t queue; int ready; };\nstatic irqreturn_t foo_irq(int irq, void *data)\n{\n\tstruct foo *f = data;\n\tf->ready = 1;\n\twake_up(&f->queue);\n\treturn IRQ_HANDLED;\n}\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tint error = request_irq(dev->irq, foo_irq, 0, "foo", f);\n\tif (error)\n\t\treturn error;\n\twait_event(f->queue, f->ready);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct foo { wait_queue_head_t queue; int ready; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tf->ready = 1;\n\twake_up(&f->queue);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const view = viewOf(driver, entries);
    return queueWaits(view).flatMap((wait) => findingFor(view, wait) ?? []);
  },
};

function findingFor(view: ModuleView, wait: QueueWait): Finding | null {
  const waiting = view.entriesOf(wait.function);
  if (waiting.length === 0) return null;
  const own = new Set([wait.function]);
  const writes = writersOf(view, wait.condition.watched, own);
  const wakes = view
    .callsWith('wake-up')
    .filter((c) => c.known.target !== undefined && [...objectsAt(view, c.site, c.known.target)].some((n) => wait.queues.has(n)))
    .map((c) => ({ function: c.site.site.function, site: c.site.site }));
  // Who wakes ends the wait; without a wake-up in the module, who writes what the condition looks at.
  const signals = timely(signalsAmong(view, wakes.length > 0 ? wakes : writes, waiting, wakes.length > 0 ? 'wakes' : 'writes'));
  const concurrency = concurrencyOf(view, signals, waiting);
  if (concurrency === 'none') return null;
  const { watched } = wait.condition;
  const changed = signalsAmong(view, writes, waiting, 'writes').some((s) => s.entries.length > 0);
  const confidence: Confidence =
    concurrency === 'itself' || (watched.length === 0 && (wait.condition.work || wait.prepared === null))
      ? 'possible'
      : concurrency === 'callback' && changed && wakes.length > 0
        ? 'certain'
        : 'likely';
  const written = watched.filter((w) => writersOf(view, [w], own).length > 0);
  const copied = written.filter((w) => !w.inPlace && !view.isBitWord(w.name));
  const looksAt = watched.length > 0 ? ` until ${watchedText(written.length > 0 ? written : watched)} changes` : '';
  return findingOf(view, {
    rule: 'resync/wait-queue',
    function: wait.function,
    site: wait.site,
    does: `waits on ${objectText(view, wait.queues)}${looksAt}`,
    waiting,
    ends: wakes.length > 0 ? 'wakes' : 'writes',
    signals,
    exchange: exchangeOf(view, wait.function, wait.call, waiting, [
      ...new Set([...signals.map((s) => s.function), ...writes.map((w) => w.function)]),
    ]),
    stuckOn: [...new Set(copied.map((w) => w.name))],
    confidence,
    steps: wait.prepared
      ? [
          {
            location: siteLocation(view.driver, wait.prepared),
            message: `${view.driver.analysis.nodes[wait.function].name} enqueues itself`,
          },
        ]
      : [],
  });
}
