/** Makes a finding about a wait: grade, severity, words and trace are the same for all rules about other contexts. */
import type { Site } from '../../analysis/model';
import { type DriverContext, type EntryContext, siteLocation, siteRange } from '../context';
import { startOf } from '../locator';
import type { Confidence, Finding, FindingFix, Grade, Severity, TraceStep } from '../model';
import type { Exchange } from './exchange';
import type { Signal } from './others';
import type { ModuleView } from './view';

export interface Wait {
  rule: string;
  /** The function that waits and where. */
  function: number;
  site: Site;
  /** What it does, for a person: "waits for card.done". */
  does: string;
  waiting: readonly EntryContext[];
  /** What the other side does: "completes it". */
  ends: string;
  signals: readonly Signal[];
  exchange: Exchange;
  /** Members that the wait looks at and isolation would copy: it would never see a change. */
  stuckOn: readonly string[];
  confidence: Confidence;
  /** Further steps between the entry point and the signals. */
  steps?: readonly TraceStep[];
}

const SHOWN = 5;
const SHOWN_SIGNALS = 4;

export function gradeOf({ stuckOn, exchange }: Pick<Wait, 'stuckOn' | 'exchange'>): Grade {
  if (stuckOn.length > 0) return 'stuck';
  if (exchange.publish.length > 0) return 'publish';
  return exchange.refresh.length > 0 ? 'refresh' : 'place';
}

/** What the generated code takes care of drops in severity; what never ends without the author does not. */
function severityOf(grade: Grade, confidence: Confidence): Severity {
  if (grade === 'stuck') return confidence === 'possible' ? 'information' : 'warning';
  return 'information';
}

export function findingOf(view: ModuleView, wait: Wait): Finding {
  const { driver } = view;
  const { nodes } = driver.analysis;
  const grade = gradeOf(wait);
  const signallers = [...new Set(wait.signals.map((s) => nodes[s.function].name))];
  const fix = fixFor(driver, wait);
  return {
    rule: wait.rule,
    severity: severityOf(grade, wait.confidence),
    confidence: wait.confidence,
    message: `${nodes[wait.function].name} ${wait.does}${signallers.length > 0 ? `, which ${list(signallers)} ${wait.ends}${contextsText(wait.signals)}` : ''}. ${advice(grade, wait)}`,
    location: siteRange(driver, wait.site).location,
    entryPoints: wait.waiting.map((e) => e.node.name),
    grade,
    signallers,
    trace: traceOf(view, wait),
    ...(fix && { fix }),
  };
}

function contextsText(signals: readonly Signal[]): string {
  const texts = new Set(signals.flatMap((s) => s.entries.map((e) => `${e.node.name}, ${contextName(e)}`)));
  return texts.size > 0 ? ` (from ${[...texts].slice(0, 3).join('; ')}${texts.size > 3 ? ` and ${texts.size - 3} more` : ''})` : '';
}

function contextName({ entry }: EntryContext): string {
  return `${entry.context} context`;
}

export function list(names: readonly string[]): string {
  return names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
}

function advice(grade: Grade, { stuckOn, exchange }: Wait): string {
  const refresh =
    exchange.refresh.length > 0
      ? `The other side writes ${list(exchange.refresh)}: the generated code copies it in again after the wait.`
      : '';
  const publish =
    exchange.publish.length > 0
      ? `The other side reads ${list(exchange.publish)}, which this call writes: the generated code copies it out before the wait and splits the transaction there.`
      : '';
  const exchanged = [publish, refresh].filter(Boolean).join(' ');
  if (grade === 'stuck')
    return `Isolated, it would look at a copy of ${list(stuckOn)} that nobody else writes and would not see the change: share it with __fgft_shared.${exchanged ? ` ${exchanged}` : ''}`;
  return exchanged || 'Everything it looks at is used in place: isolation works, but a rollback cannot cross the wait.';
}

/** `__fgft_shared` on the first member that the wait is stuck on, where the driver declares it. */
function fixFor(driver: DriverContext, { stuckOn, function: id }: Wait): FindingFix | undefined {
  const scope = driver.scopeOf(driver.analysis.nodes[id].file);
  for (const name of stuckOn) {
    const dot = name.indexOf('.');
    if (dot < 0) continue;
    const record = scope.record('struct', name.slice(0, dot)) ?? scope.record('union', name.slice(0, dot));
    if (!record || record.origin !== 'driver') continue;
    return { kind: 'annotate-member', annotation: '__fgft_shared', record: record.name, member: name.slice(dot + 1) };
  }
  return undefined;
}

function traceOf(view: ModuleView, wait: Wait): TraceStep[] {
  const { driver } = view;
  const { nodes } = driver.analysis;
  const steps: TraceStep[] = [];
  const [entry] = wait.waiting;
  if (entry) steps.push(...chainSteps(view, entry, wait.function));
  steps.push(...(wait.steps ?? []));
  steps.push({ location: siteLocation(driver, wait.site), message: `${nodes[wait.function].name} ${wait.does}` });
  for (const signal of wait.signals.slice(0, SHOWN_SIGNALS)) {
    const [other] = signal.entries;
    if (other) steps.push(...chainSteps(view, other, signal.function));
    steps.push({ location: siteLocation(driver, signal.site), message: `${nodes[signal.function].name} ${wait.ends}` });
  }
  return steps;
}

/** The entry point and the calls from it to a function, shortest way. */
export function chainSteps(view: ModuleView, entry: EntryContext, target: number): TraceStep[] {
  const { driver } = view;
  const { nodes, summaries } = driver.analysis;
  const registration = entry.entry.registrations[0];
  const steps: TraceStep[] = [
    {
      location: startOf(driver.locator.locate(entry.node.file, entry.node.itemStart + entry.node.ir.at, entry.node.name.length).location),
      message: `${entry.node.name} is called${registration ? ` as ${registration.as}` : ''} in ${contextName(entry)}`,
    },
  ];
  // Many findings start at the same entry point: each goes on where the search for the one before ended.
  const search = view.memo('calls from', entry, () => ({
    from: new Map<number, { caller: number; site: Site }>(),
    work: [entry.node.id],
    next: 0,
  }));
  const { from, work } = search;
  for (; search.next < work.length && !from.has(target) && target !== entry.node.id; search.next++) {
    const caller = work[search.next];
    for (const { callees, site } of summaries[caller].driverCalls) {
      for (const callee of callees) {
        if (callee === entry.node.id || from.has(callee)) continue;
        from.set(callee, { caller, site });
        work.push(callee);
      }
    }
  }
  const calls: TraceStep[] = [];
  for (let id = target; from.has(id);) {
    const { caller, site } = from.get(id)!;
    calls.push({ location: siteLocation(driver, site), message: `${nodes[caller].name} calls ${nodes[id].name}` });
    id = caller;
  }
  return [...steps, ...calls.reverse()];
}
