import type { CallSite } from '../../analysis/model';
import type { Confidence, Finding } from '../model';
import { exchangeOf } from '../resync/exchange';
import { findingOf } from '../resync/finding';
import { isLocalName, objectsAt, objectText } from '../resync/objects';
import { concurrencyOf, type Signal, signalsAmong, timely } from '../resync/others';
import { type KnownCall, type ModuleView, viewOf } from '../resync/view';
import type { Rule } from './rule';

export const completion: Rule = {
  id: 'resync/completion',
  title: 'an entry point waits on a completion that another context completes',
  reason: `An isolated call works on copies while every other context works on the originals. A completion itself is used in place, so the wait
ends; but what the other side wrote before it completed lies in the originals (*refresh*: it is copied in again after the wait), and what the call
wrote before the wait lies in its copies (*publish*: it is copied out before the wait, and the transaction is split there). With neither, the grade is
*place*: isolation works, but a rollback cannot cross the wait.

The generated code does both where the fields are known, and they are in the finding. What is left to decide is whether the call may be split:
a fault behind the wait no longer takes back what was done before it.

Where nothing in the module completes it, another module does: the finding is only *possible*, and what crosses is not known. The same goes for a
completion that only the waiting entry point itself completes, in another thread. A function that sets the completion up before it completes it, or
that only runs before anybody can wait, counts as no signaller. \`*record.member\` in a list of fields is what the member points to.`,
  severity: 'information',
  fires: {
    code: 'struct foo { struct completion done; u32 answer; };\nstatic irqreturn_t foo_irq(int irq, void *data)\n{\n\tstruct foo *f = data;\n\tf->answer = 1;\n\tcomplete(&f->done);\n\treturn IRQ_HANDLED;\n}\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tint error = request_irq(dev->irq, foo_irq, 0, "foo", f);\n\tif (error)\n\t\treturn error;\n\twait_for_completion(&f->done);\n\treturn f->answer;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct foo { struct completion done; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tinit_completion(&f->done);\n\tcomplete(&f->done);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const view = viewOf(driver, entries);
    const named = (calls: readonly KnownCall[]): NamedCall[] =>
      calls.map((call) => ({ ...call, names: objectsAt(view, call.site, call.known.target ?? 0) }));
    const waits = named(view.callsWith('wait-completion'));
    const signals = waits.length > 0 ? named(view.callsWith('complete')) : [];
    return waits.flatMap((wait) => findingFor(view, wait, signals) ?? []);
  },
};

interface NamedCall extends KnownCall {
  names: ReadonlySet<string>;
}

function findingFor(view: ModuleView, { site, names }: NamedCall, signalling: readonly NamedCall[]): Finding | null {
  const id = site.site.function;
  const waiting = view.entriesOf(id);
  if (waiting.length === 0) return null;
  const matching = signalling.filter((s) => [...s.names].some((n) => names.has(n)));
  const all = signalsAmong(
    view,
    matching.map((s) => ({ function: s.site.site.function, site: s.site.site })),
    waiting,
    'wakes',
  );
  const signals = timely(all, (signal) => signal.early || setsUpBefore(view, signal, names));
  const isElsewhere = matching.length === 0 && isOpenToOthers(view, id, names);
  const concurrency = concurrencyOf(view, signals, waiting);
  if (concurrency === 'none' && !isElsewhere) return null;
  const member = [...names].some((n) => !isLocalName(n));
  const confidence: Confidence =
    concurrency === 'itself' || isElsewhere ? 'possible' : concurrency === 'callback' && member ? 'certain' : 'likely';
  return findingOf(view, {
    rule: 'resync/completion',
    function: id,
    site: site.site,
    does: `waits for ${objectText(view, names)}${isElsewhere ? ', which nothing in this module completes' : ''}`,
    waiting,
    ends: 'completes',
    signals,
    exchange: exchangeOf(view, id, site.call, waiting, [...new Set(signals.map((s) => s.function))]),
    stuckOn: [],
    confidence,
  });
}

/** True for a function that sets the completion up before it completes it: it starts as one that nobody has to wait for. */
function setsUpBefore(view: ModuleView, { function: id, site }: Signal, names: ReadonlySet<string>): boolean {
  return view.driver.analysis.summaries[id].kernelCalls.some((call) => call.site.at < site.at && setsUp(view, call, names));
}

/** True for a call that does nothing but write the object as a whole. */
function setsUp(view: ModuleView, call: CallSite, names: ReadonlySet<string>): boolean {
  const known = view.driver.knowledge.functions.get(call.name);
  const target = known?.target;
  if (target === undefined || known!.effects.length > 0 || known!.arguments[target] !== 'W') return false;
  return [...objectsAt(view, call, target)].some((n) => names.has(n));
}

/** True for a completion that another module may know: it was set up elsewhere, or stands in a record that a header declares. */
function isOpenToOthers(view: ModuleView, id: number, names: ReadonlySet<string>): boolean {
  const members = [...names].filter((n) => !isLocalName(n) && n.includes('.'));
  if (members.length === 0) return false;
  const { analysis, scopeOf } = view.driver;
  const scope = scopeOf(analysis.nodes[id].file);
  const isShared = members.some((name) => {
    const tag = name.slice(0, name.indexOf('.'));
    return (scope.record('struct', tag) ?? scope.record('union', tag))?.place.file.endsWith('.h');
  });
  return isShared || !analysis.summaries.some((summary) => summary.kernelCalls.some((call) => setsUp(view, call, names)));
}
