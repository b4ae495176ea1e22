import { siteLocation } from '../context';
import type { Confidence, Finding } from '../model';
import type { Watched } from '../resync/condition';
import { exchangeOf } from '../resync/exchange';
import { findingOf } from '../resync/finding';
import { type Concurrency, concurrencyOf } from '../resync/others';
import { sleepsOnQueues } from '../resync/openWaits';
import { type Poll, polls } from '../resync/pollLoops';
import { type ModuleView, viewOf } from '../resync/view';
import { watchedText, writeSignals } from '../resync/watching';
import type { Rule } from './rule';

export const poll: Rule = {
  id: 'resync/poll',
  title: 'a loop sleeps, delays or yields until driver memory has a value that only another context can give it',
  reason: `An isolated call looks at its copy of the member, and nobody writes there: the loop ends by its timeout or never (*stuck*). Mark the member
with \`__fgft_shared\`, so that it is used in place. Bits that are changed with atomic operations, atomic counters and locks are used in place anyway:
such a loop ends as it does today, but a rollback cannot cross it.

A sleep followed by a look at what an interrupt should have written meanwhile is the same without a loop.

Not meant, and silent: registers of the device however they are read, memory that the device writes, plain delays, attempts that are repeated until a call
succeeds, and loops that do their own work. A loop that also works for itself, or that only another run of the same entry point can end, is *possible*
at most, unless it tries to take a lock or a bit that others hold; so is one whose condition asks a function that does more than look.`,
  severity: 'warning',
  fires: {
    code: 'struct foo { int ready; };\nstatic irqreturn_t foo_irq(int irq, void *data)\n{\n\tstruct foo *f = data;\n\tf->ready = 1;\n\treturn IRQ_HANDLED;\n}\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tint error = request_irq(dev->irq, foo_irq, 0, "foo", f);\n\tif (error)\n\t\treturn error;\n\twhile (!f->ready)\n\t\tmsleep(1);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct foo { void __iomem *registers; int tries; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\twhile (!(readl(f->registers) & 1) && f->tries-- > 0)\n\t\tmsleep(1);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const view = viewOf(driver, entries);
    return polls(view, sleepsOnQueues(view)).flatMap((p) => findingFor(view, p) ?? []);
  },
};

function confidenceOf(found: Poll, concurrency: Concurrency): Confidence {
  // What the loop does besides does not give it what another context holds.
  const takes = found.exits.flat().some((w) => w.takes);
  if (found.works) return takes && concurrency !== 'itself' ? 'likely' : 'possible';
  if (concurrency === 'itself') return takes ? 'likely' : 'possible';
  return concurrency === 'callback' && found.kind === 'loop' ? 'certain' : 'likely';
}

function findingFor(view: ModuleView, found: Poll): Finding | null {
  const waiting = view.entriesOf(found.function);
  if (waiting.length === 0) return null;
  const watched = found.exits.flat();
  const signals = writeSignals(view, watched, found.own, waiting).filter(
    (s) => s.function !== found.function || watched.some((w) => w.takes),
  );
  const concurrency = concurrencyOf(view, signals, waiting);
  if (concurrency === 'none') return null;
  // What the loop itself looks at says more than what a function below it asks besides.
  const isOwn = (w: Watched): boolean => w.site.function === found.function;
  const all = watched.filter((w) => writeSignals(view, [w], found.own, waiting).length > 0);
  const changed = [...all.filter(isOwn), ...all.filter((w) => !isOwn(w))];
  const copied = changed.filter((w) => !w.inPlace && !view.isBitWord(w.name));
  // One way out that looks at the originals is enough.
  const isStuck = found.exits.every((exit) => !exit.some((w) => changed.includes(w)) || exit.some((w) => copied.includes(w)));
  const stuckOn = isStuck ? copied.map((w) => w.name) : [];
  const verb = found.kind === 'loop' ? 'loops until' : 'sleeps and expects that';
  return findingOf(view, {
    rule: 'resync/poll',
    function: found.function,
    // What is looked at in a function below is shown where the loop sleeps.
    site: found.kind === 'loop' && changed.length > 0 && isOwn(changed[0]) ? changed[0].site : found.sleep,
    does: `${verb} another context changes ${watchedText(changed)}`,
    waiting,
    ends: 'writes',
    signals,
    exchange: exchangeOf(view, found.function, found.call, waiting, [...new Set(signals.map((s) => s.function))]),
    stuckOn: [...new Set(stuckOn)],
    confidence: confidenceOf(found, concurrency),
    steps: [
      {
        location: siteLocation(view.driver, found.sleep),
        message: `${view.driver.analysis.nodes[found.function].name} lets others run here`,
      },
    ],
  });
}
