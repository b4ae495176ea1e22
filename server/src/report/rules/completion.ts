import { lastField } from '../../analysis/functionPointers';
import type { CallSite, Site } from '../../analysis/model';
import { READ, WRITE } from '../../analysis/model';
import type { EffectKind } from '../../knowledge/model';
import { objectNames } from '../calls';
import { type DriverContext, type EntryContext, siteLocation, siteRange } from '../context';
import type { Finding, Grade, Severity, TraceStep } from '../model';
import type { Rule } from './rule';

export const completion: Rule = {
  id: 'resync/completion',
  title: 'an entry point waits on a completion that another context completes',
  reason: `An isolated call works on copies while every other context works on the originals. A completion itself is used in place, so the wait
ends; but what the other side wrote before it completed lies in the originals (*refresh*: it is copied in again after the wait), and what the call
wrote before the wait lies in its copies (*publish*: it is copied out before the wait, and the transaction is split there). With neither, the grade is
*place*: isolation works, but a rollback cannot cross the wait.`,
  severity: 'warning',
  fires: {
    code: 'struct foo { struct completion done; u32 answer; };\nstatic irqreturn_t foo_irq(int irq, void *data)\n{\n\tstruct foo *f = data;\n\tf->answer = 1;\n\tcomplete(&f->done);\n\treturn IRQ_HANDLED;\n}\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tint error = request_irq(dev->irq, foo_irq, 0, "foo", f);\n\tif (error)\n\t\treturn error;\n\twait_for_completion(&f->done);\n\treturn f->answer;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct foo { struct completion done; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\tinit_completion(&f->done);\n\tcomplete(&f->done);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const signals = sitesWith(driver, 'complete');
    const waits = sitesWith(driver, 'wait-completion');
    return waits.flatMap(({ site, names }) => {
      const waiting = entries.filter((e) => e.functions.includes(site.site.function));
      const signalling = signals.filter((s) => s.names.some((n) => names.includes(n)));
      return waiting.length === 0 || signalling.length === 0 ? [] : [findingFor(driver, entries, waiting, site, names, signalling)];
    });
  },
};

interface NamedSite {
  site: CallSite;
  names: string[];
}

/** Calls with an effect anywhere in the module, with the objects they are about. */
function sitesWith(driver: DriverContext, effect: EffectKind): NamedSite[] {
  const found: NamedSite[] = [];
  for (const summary of driver.analysis.summaries) {
    for (const site of summary.kernelCalls) {
      const known = driver.knowledge.functions.get(site.name);
      if (!known?.effects.includes(effect)) continue;
      const target = known.target ?? 0;
      found.push({ site, names: [...objectNames(driver, site, target), ...membersHolding(driver, site, target)] });
    }
  }
  return found;
}

/** Members into which the address of a local object was stored (`urb->context = &done`): the other side finds it there. */
function membersHolding(driver: DriverContext, site: CallSite, argument: number): string[] {
  const { ir } = driver.analysis.nodes[site.site.function];
  const operand = ir.calls[site.call].arguments[argument];
  if (operand?.kind !== 'address' || operand.place.base.kind !== 'local' || operand.place.steps.length > 0) return [];
  const { local } = operand.place.base;
  const names: string[] = [];
  for (const i of ir.instructions) {
    if (i.op !== 'assign' || i.value.kind !== 'address' || i.value.place.base.kind !== 'local' || i.value.place.base.local !== local)
      continue;
    const field = lastField(i.place);
    if (field) names.push(`${field.record}.${field.field}`);
  }
  return names;
}

/** `record.field` of what a function and its callees touch. */
function touched(driver: DriverContext, functionId: number, access: number): Set<string> {
  const { paths, summaries } = driver.analysis;
  const names = new Set<string>();
  for (const effect of summaries[functionId].effects.values()) {
    if ((effect.access & access) === 0) continue;
    const member = paths.fieldPath(effect.path);
    const step = member >= 0 ? paths.step(member) : null;
    if (step?.kind === 'field') names.add(`${step.record}.${step.field}`);
  }
  return names;
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): string[] {
  return [...a].filter((x) => b.has(x)).sort();
}

function gradeOf(refresh: readonly string[], publish: readonly string[]): Grade {
  return publish.length > 0 ? 'publish' : refresh.length > 0 ? 'refresh' : 'place';
}

const SEVERITY: Record<Grade, Severity> = { stuck: 'error', publish: 'warning', refresh: 'information', place: 'information' };

function findingFor(
  driver: DriverContext,
  entries: readonly EntryContext[],
  waiting: readonly EntryContext[],
  wait: CallSite,
  names: readonly string[],
  signals: readonly NamedSite[],
): Finding {
  const { nodes } = driver.analysis;
  const waiter = wait.site.function;
  const signallers = [...new Set(signals.map((s) => s.site.site.function))];
  const written = new Set(signallers.flatMap((f) => [...touched(driver, f, WRITE)]));
  const read = new Set(signallers.flatMap((f) => [...touched(driver, f, READ)]));
  const refresh = intersection(written, touched(driver, waiter, READ));
  const publish = intersection(read, touched(driver, waiter, WRITE));
  const grade = gradeOf(refresh, publish);
  const object = names.join(' or ');
  return {
    rule: 'resync/completion',
    severity: SEVERITY[grade],
    confidence: 'likely',
    message: `${waiting[0].node.name} waits for ${object}, which ${signallers.map((f) => nodes[f].name).join(', ')} completes${contextText(driver, entries, signallers)}. ${advice(grade, refresh, publish)}`,
    location: siteRange(driver, wait.site).location,
    entryPoints: waiting.map((e) => e.node.name),
    grade,
    signallers: signallers.map((f) => nodes[f].name),
    trace: [
      step(driver, wait.site, `${nodes[waiter].name} waits for ${object}`),
      ...signals.map((s) => step(driver, s.site.site, `${nodes[s.site.site.function].name} completes it`)),
    ],
  };
}

function step(driver: DriverContext, site: Site, message: string): TraceStep {
  return { location: siteLocation(driver, site), message };
}

function contextText(driver: DriverContext, entries: readonly EntryContext[], signallers: readonly number[]): string {
  const contexts = new Set(
    entries.filter((e) => signallers.some((f) => e.functions.includes(f))).map((e) => `${e.node.name}, ${e.entry.context} context`),
  );
  return contexts.size > 0 ? ` (from ${[...contexts].slice(0, 3).join('; ')})` : '';
}

function list(names: readonly string[]): string {
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
}

function advice(grade: Grade, refresh: readonly string[], publish: readonly string[]): string {
  if (grade === 'publish') return `The other side reads ${list(publish)}, which this call writes: they must be copied out before the wait.`;
  if (grade === 'refresh') return `The other side writes ${list(refresh)}: they must be copied in again after the wait.`;
  return 'Isolation works, but a rollback cannot cross the wait.';
}
