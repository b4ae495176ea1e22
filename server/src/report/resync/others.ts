/** The other side of a wait: which functions end it, and which entry points run them. */
import type { FoundRegistration } from '../../analysis/entryPoints';
import type { Site } from '../../analysis/model';
import type { EntryContext } from '../context';
import type { ModuleView } from './view';

/** A place that ends a wait, with the entry points through which another context comes there. */
export interface Signal {
  function: number;
  site: Site;
  /** Entry points other than those that wait, or the same when another thread may run it meanwhile. */
  entries: readonly EntryContext[];
  /** Only what runs before anything else of the driver comes there: nobody waits yet. */
  early: boolean;
}

/** How sure it is that the other side is another context that runs meanwhile. */
export type Concurrency = 'callback' | 'operation' | 'itself' | 'none';

/** Members and registrations that run before anything else of the driver does. Nobody waits for them meanwhile. */
const START = /(^module_init$|\.(probe|attach|bind)$)/;
/** The same for what runs after everything else. It may still end waits, as the device goes. */
const END = /(^module_exit$|\.(remove|detach|unbind|disconnect|shutdown)$)/;

function runsAlone({ entry }: EntryContext, also: RegExp | null): boolean {
  return entry.registrations.every((r: FoundRegistration) => START.test(r.as) || (also?.test(r.as) ?? false));
}

/** True for an entry point that runs as the device or the driver goes. */
export function runsLast({ entry }: EntryContext): boolean {
  return entry.registrations.some((r) => END.test(r.as));
}

/** True for interrupt handlers, timers, work, threads and other callbacks that run by themselves. */
export function isCallback(entry: EntryContext): boolean {
  return (
    entry.entry.context === 'hardirq' ||
    entry.entry.context === 'softirq' ||
    entry.entry.registrations.some((r) => r.kind === 'call' || r.kind === 'assign' || r.as === 'work_struct.func')
  );
}

/** The signals among sites that another context may reach while `waiting` wait. */
export function signalsAmong(
  view: ModuleView,
  sites: readonly { function: number; site: Site }[],
  waiting: readonly EntryContext[],
  kind: 'wakes' | 'writes',
): Signal[] {
  return sites.map(({ function: id, site }) => {
    const reaching = view.entriesOf(id).filter((e) => !view.memo(`alone ${kind}`, e, () => runsAlone(e, kind === 'writes' ? END : null)));
    const others = reaching.filter((e) => !waiting.includes(e));
    const early = reaching.length === 0 && view.entriesOf(id).length > 0;
    return { function: id, site, entries: others.length > 0 ? others : reaching, early };
  });
}

/** The signals without those that come too early to end a wait, unless there are no others. */
export function timely(signals: readonly Signal[], isEarly: (signal: Signal) => boolean = (s) => s.early): Signal[] {
  const found = signals.filter((s) => !isEarly(s));
  return found.length > 0 ? found : [...signals];
}

/** What is known of the contexts that the signals run in. */
export function concurrencyOf(view: ModuleView, signals: readonly Signal[], waiting: readonly EntryContext[]): Concurrency {
  let best: Concurrency = 'none';
  const order: Concurrency[] = ['none', 'itself', 'operation', 'callback'];
  for (const signal of signals) {
    const { ir } = view.driver.analysis.nodes[signal.function];
    let found: Concurrency = 'none';
    if (signal.entries.some(isCallback) && signal.entries.some((e) => isCallback(e) && !(waiting.length === 1 && waiting[0] === e)))
      found = 'callback';
    else if (signal.entries.some((e) => !waiting.includes(e))) found = 'operation';
    else if (signal.entries.length > 1) found = 'operation';
    else if (signal.entries.length === 1) found = 'itself';
    // Nobody in the module calls it: an exported function, which other modules call, or one whose registration is not known.
    else if (view.entriesOf(signal.function).length === 0 && (!ir.isStatic || view.callersOf(signal.function).length === 0))
      found = 'operation';
    if (order.indexOf(found) > order.indexOf(best)) best = found;
  }
  return best;
}
