import { type DriverContext, type EntryContext } from '../context';
import { startOf } from '../locator';
import type { Finding } from '../model';
import type { Rule } from './rule';

/** Gaps shown per function: one is enough to know that the function is not wholly understood. */
const SHOWN = 3;

export const analysisPartial: Rule = {
  id: 'analysis/partial',
  title: 'part of a function could not be understood',
  reason: `The analysis never guesses. Where text could not be parsed, or where the record behind a member access is not known, the
field set of every entry point that reaches the function may lack fields. The finding names what is unknown.

Usual causes: the kernel tree lacks a generated header, a record is declared in a header outside the kernel and the module,
or a macro is used in a way that no expansion explains.`,
  severity: 'information',
  fires: {
    code: 'static int foo_open(struct net_device *dev)\n{\n\tstruct missing *m = netdev_priv(dev);\n\treturn m->count;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: 'struct foo { int count; };\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\treturn f->count;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const findings: Finding[] = [...coarseSets(driver, entries), ...cutHazards(driver)];
    const reachingOf = reachingPartial(driver, entries);
    driver.analysis.nodes.forEach((node, id) => {
      if (node.ir.gaps.length === 0) return;
      const reaching = reachingOf.get(id) ?? [];
      const shown = node.ir.gaps
        .slice(0, SHOWN)
        .map((gap) => ({ gap, at: driver.locator.locate(node.file, node.itemStart + gap.at, gap.length).location }));
      const more = node.ir.gaps.length - shown.length;
      findings.push({
        rule: 'analysis/partial',
        severity: 'information',
        confidence: 'certain',
        message: `${node.name}: ${shown[0].gap.message}${more + shown.length > 1 ? ` (and ${node.ir.gaps.length - 1} more)` : ''}. Fields reached through it may be missing${reachingText(reaching)}.`,
        location: shown[0].at,
        entryPoints: reaching,
        trace: shown.map(({ gap, at }) => ({ location: startOf(at), message: gap.message })),
      });
    });
    return findings;
  },
};

/** Says that a rule failed: what it would have found is missing, and the rest of the report stands. */
export function failedRule(driver: DriverContext, rule: Rule, error: unknown): Finding[] {
  const [node] = driver.analysis.nodes;
  if (!node) return [];
  const reason = error instanceof Error ? error.message : String(error);
  return [
    {
      rule: 'analysis/partial',
      severity: 'warning',
      confidence: 'certain',
      message: `The rule ${rule.id} failed (${reason}): its findings are missing here. This is an error in fgft; please report it with the driver's name.`,
      location: driver.locator.locate(node.file, node.itemStart + node.ir.at, node.name.length).location,
      entryPoints: [],
      trace: [],
    },
  ];
}

/** Names of the entry points that reach each function that was not wholly understood. */
function reachingPartial(driver: DriverContext, entries: readonly EntryContext[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const entry of entries) {
    for (const id of entry.functions) {
      if (driver.analysis.nodes[id].ir.gaps.length === 0) continue;
      const names = found.get(id);
      if (names) names.push(entry.node.name);
      else found.set(id, [entry.node.name]);
    }
  }
  return found;
}

/**
 * Entry points that reach so many places that some were taken together. A note about the module: the field sets lack nothing, so no
 * entry point counts as partly understood for it.
 */
function coarseSets(driver: DriverContext, entries: readonly EntryContext[]): Finding[] {
  const coarse = entries.filter((e) => e.summary.effects.folded);
  if (coarse.length === 0) return [];
  const [{ node }] = coarse;
  return [
    {
      rule: 'analysis/partial',
      severity: 'information',
      confidence: 'certain',
      message: `so many places are reached${reachingText(coarse.map((e) => e.node.name))} that those of one member in one object stand as one: no field is missing, but paths and sizes are coarser.`,
      location: driver.locator.locate(node.file, node.itemStart + node.ir.at, node.name.length).location,
      entryPoints: [],
      trace: [],
    },
  ];
}

/** Functions for which hazards of locks were left out: what the rule about them says of other functions stands. */
function cutHazards(driver: DriverContext): Finding[] {
  const cut = driver.analysis.nodes.filter((_, id) => driver.locks?.[id].isCut);
  if (cut.length === 0) return [];
  const [node] = cut;
  return [
    {
      rule: 'analysis/partial',
      severity: 'information',
      confidence: 'certain',
      message: `so many calls give locks back and so many wait that lock/wait-under-deferred-lock was not asked about locks that one callee gives back before another one waits in ${cut.length} functions (${cut
        .slice(0, 3)
        .map((n) => n.name)
        .join(', ')}${cut.length > 3 ? ', …' : ''}): these functions may have such hazards besides those that are reported.`,
      location: driver.locator.locate(node.file, node.itemStart + node.ir.at, node.name.length).location,
      entryPoints: [],
      trace: [],
    },
  ];
}

function reachingText(names: readonly string[]): string {
  if (names.length === 0) return '';
  return ` from ${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}

/** True when a function that the entry point reaches was not wholly understood. */
export function isPartial(driver: DriverContext, entry: EntryContext): boolean {
  return entry.functions.some((id) => driver.analysis.nodes[id].ir.gaps.length > 0);
}
