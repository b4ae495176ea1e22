import { reachable } from '../../analysis/module';
import { analyzeCheckpoint, type CheckpointAnalysis } from '../checkpoint';
import { type SplitLeaf, useOf } from '../checkpointSplit';
import { type DriverContext, siteLocation, siteRange } from '../context';
import type { Finding, TraceStep } from '../model';
import type { Rule } from './rule';

export const checkpointLeavesDetached: Rule = {
  id: 'checkpoint/leaves-detached',
  title: 'a path through restore returns without re-attaching what it detached',
  reason: `Restoring a device detaches it first, as suspend does, and attaches it again at the end, as resume does. Where resume returns
before it attaches, on a condition that suspend did not ask before it detached, the device stays detached: the fault is gone, and so is the device.

Attach on every path, or ask the same condition in suspend before detaching.`,
  severity: 'warning',
  fires: {
    code: '#include <linux/netdevice.h>\n#include <linux/io.h>\n#include <linux/pm.h>\n\nstruct foo { void __iomem *base; };\n\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\n\twritel(1, f->base + 4);\n\treturn 0;\n}\nstatic int foo_suspend(struct device *d)\n{\n\tstruct net_device *dev = dev_get_drvdata(d);\n\n\tnetif_device_detach(dev);\n\treturn 0;\n}\nstatic int foo_resume(struct device *d)\n{\n\tstruct net_device *dev = dev_get_drvdata(d);\n\n\tif (!netif_running(dev))\n\t\treturn 0;\n\tfoo_open(dev);\n\tnetif_device_attach(dev);\n\treturn 0;\n}\nstatic SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: '#include <linux/netdevice.h>\n#include <linux/io.h>\n#include <linux/pm.h>\n\nstruct foo { void __iomem *base; };\n\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\n\twritel(1, f->base + 4);\n\treturn 0;\n}\nstatic int foo_suspend(struct device *d)\n{\n\tstruct net_device *dev = dev_get_drvdata(d);\n\n\tif (!netif_running(dev))\n\t\treturn 0;\n\tnetif_device_detach(dev);\n\treturn 0;\n}\nstatic int foo_resume(struct device *d)\n{\n\tstruct net_device *dev = dev_get_drvdata(d);\n\n\tif (!netif_running(dev))\n\t\treturn 0;\n\tfoo_open(dev);\n\tnetif_device_attach(dev);\n\treturn 0;\n}\nstatic SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const analysis = analyzeCheckpoint(driver, entries);
    if (!analysis.found.suspend || !analysis.found.resume) return [];
    const objects = new Set(
      analysis.suspend.flatMap((leaf) => leaf.kernelCalls.flatMap((name) => analysis.parts.row(name)?.detaches ?? [])),
    );
    return [...objects].flatMap((object) => check(driver, analysis, object));
  },
};

function check(driver: DriverContext, analysis: CheckpointAnalysis, object: string): Finding[] {
  const { parts, suspend, resume, found } = analysis;
  const detach = suspend.find((leaf) => leaf.kernelCalls.some((name) => parts.row(name)?.detaches === object))!;
  const attaches = resume.filter((leaf) => attachesIn(driver, analysis, leaf, object));
  if (attaches.length === 0) {
    // Another context may attach it later (a work item that resume starts): then nothing is certain.
    const elsewhere = driver.analysis.summaries.some((s) => s.kernelCalls.some((c) => parts.row(c.name)?.attaches === object));
    return [
      finding(driver, analysis, object, detach, null, elsewhere ? 'possible' : 'likely', `${found.resume!.name} never attaches it again`),
    ];
  }
  const asked = new Set(conditionsOf(suspend, detach).map(normal));
  // The attach under the fewest conditions decides.
  const best = attaches
    .map((leaf) => ({ leaf, extra: skipping(analysis, leaf, asked) }))
    .sort((a, b) => a.extra.length - b.extra.length)[0];
  const [first] = best.extra;
  if (!first) return [];
  const isPlain = first.returns !== null && /^return\s*(0|\(0\))?\s*;$/.test(first.returns.text);
  return [
    finding(
      driver,
      analysis,
      object,
      detach,
      first.returns ?? best.leaf,
      isPlain ? 'likely' : 'possible',
      `${found.resume!.name} ${first.returns ? 'returns' : 'skips it'} ${describe(first.condition)} before it attaches it`,
    ),
  ];
}

function describe(condition: string): string {
  return condition.startsWith('!') ? `unless "${condition.slice(1)}"` : `on "${condition}"`;
}

function attachesIn(driver: DriverContext, { parts }: CheckpointAnalysis, leaf: SplitLeaf, object: string): boolean {
  if (leaf.kernelCalls.some((name) => parts.row(name)?.attaches === object)) return true;
  if (leaf.part === 'mixed') return false;
  return leaf.callees.some((callee) =>
    reachable(driver.analysis, callee).some((id) =>
      driver.analysis.summaries[id].kernelCalls.some((c) => parts.row(c.name)?.attaches === object),
    ),
  );
}

/** Returns before a statement, in its function and in those that lead to it. */
function returnsBefore(leaves: readonly SplitLeaf[], leaf: SplitLeaf): SplitLeaf[] {
  const before = leaves.slice(0, leaves.indexOf(leaf));
  return before.filter(
    (l) => /^return\b/.test(l.text) && l.conditions.length > 0 && (l.function === leaf.function || l.depth < leaf.depth),
  );
}

/** All that must hold for a statement to run: the conditions around it, and the opposite of those under which a return comes first. */
function conditionsOf(leaves: readonly SplitLeaf[], leaf: SplitLeaf): string[] {
  return [...leaf.conditions, ...returnsBefore(leaves, leaf).map((l) => negated(l.conditions[l.conditions.length - 1]))];
}

/** Conditions of an attach that suspend did not ask before it detached. Whether a call failed that the restore leaves out is no condition. */
function skipping(
  { resume, parts }: CheckpointAnalysis,
  leaf: SplitLeaf,
  asked: ReadonlySet<string>,
): { condition: string; returns: SplitLeaf | null }[] {
  const ofReturns = returnsBefore(resume, leaf).map((returns) => ({
    condition: returns.conditions[returns.conditions.length - 1],
    returns,
  }));
  const around = leaf.conditions.map((condition) => ({ condition, returns: null }));
  return [...around, ...ofReturns].filter(({ condition, returns }) => {
    const needed = returns ? negated(condition) : condition;
    return !asked.has(normal(needed)) && !ofOmitted(resume, parts, condition, returns ?? leaf);
  });
}

function ofOmitted(resume: readonly SplitLeaf[], parts: CheckpointAnalysis['parts'], condition: string, at: SplitLeaf): boolean {
  const words = condition.match(/[A-Za-z_]\w*/g) ?? [];
  const before = resume.slice(0, resume.indexOf(at)).reverse();
  const setter = before.find((l) => words.some((w) => new RegExp(`^(?:[\\w\\s*]*\\s)?${w}\\s*=(?!=)`).test(l.text)));
  return setter !== undefined && useOf(setter, parts) === 'omitted';
}

function negated(condition: string): string {
  return condition.startsWith('!') ? condition.slice(1) : `!${condition}`;
}

/** A condition with `_` for the names of variables, which differ between suspend and resume: what is asked, not of which variable. */
function normal(condition: string): string {
  let text = condition.replace(/^(!?)(if|while)\s*/, '$1').replace(/\s+/g, '');
  while (/^!?\(.*\)$/.test(text) && balanced(text.replace(/^!?\(/, '').slice(0, -1))) text = text.replace(/^(!?)\((.*)\)$/, '$1$2');
  return text.replace(/^!!/, '').replace(/(?<![\w.>])[a-z_]\w*(?![\w(])/g, '_');
}

function balanced(text: string): boolean {
  let depth = 0;
  for (const c of text) {
    if (c === '(') depth++;
    else if (c === ')' && --depth < 0) return false;
  }
  return depth === 0;
}

function finding(
  driver: DriverContext,
  { found }: CheckpointAnalysis,
  object: string,
  detach: SplitLeaf,
  at: SplitLeaf | null,
  confidence: Finding['confidence'],
  why: string,
): Finding {
  const resume = found.resume!;
  const site = at?.site ?? { function: resume.id, at: resume.ir.at, length: resume.name.length };
  const trace: TraceStep[] = [
    { location: siteLocation(driver, detach.site), message: `${detach.function} detaches the ${object}: ${detach.text}` },
    {
      location: siteLocation(driver, site),
      message: at ? `not attached behind this: ${at.text}` : `${resume.name} ends without attaching it`,
    },
  ];
  return {
    rule: 'checkpoint/leaves-detached',
    severity: confidence === 'possible' ? 'information' : 'warning',
    confidence,
    message: `${detach.function} detaches the ${object}, and ${why}: a restore leaves the device detached. Attach it on every path, or ask the same in ${found.suspend!.name} first.`,
    location: siteRange(driver, site).location,
    entryPoints: [resume.name],
    trace,
  };
}
