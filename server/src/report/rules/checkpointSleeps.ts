import { analyzeCheckpoint, type CheckpointAnalysis } from '../checkpoint';
import type { Sleep } from '../checkpointSleeps';
import { type DriverContext, type EntryContext, siteRange } from '../context';
import type { Finding } from '../model';
import { isSuspect } from '../suspects';
import { isWrittenByHand } from './checkpointMissing';
import type { Rule } from './rule';

export const checkpointSleeps: Rule = {
  id: 'checkpoint/sleeps',
  title: 'a derived checkpoint would sleep or allocate with `GFP_KERNEL` in a context that must not',
  reason: `Suspend and resume run in process context and may sleep. A checkpoint that is derived from them runs where the suspect entry
point runs, and in interrupt or softirq context nobody may sleep.

The generated code says what it can without sleeping: \`msleep(n)\` becomes \`mdelay(n)\`, in the same unit, \`usleep_range(a, b)\` becomes \`udelay(a)\`,
and \`GFP_KERNEL\` becomes \`GFP_ATOMIC\`. What is left has no such form: a mutex, waiting for another context, a delay too long to be spent
with interrupts off. Isolate the entry point in process context only, or write the restore by hand and hand the rest to a work item.`,
  severity: 'warning',
  fires: {
    code: '#include <linux/netdevice.h>\n#include <linux/interrupt.h>\n#include <linux/io.h>\n#include <linux/delay.h>\n#include <linux/pm.h>\n#include <fgft.h>\n\nstruct foo { void __iomem *base; };\n\n__fgft_suspect static irqreturn_t foo_interrupt(int irq, void *data)\n{\n\tstruct foo *f = data;\n\n\twritel(1, f->base + 4);\n\treturn IRQ_HANDLED;\n}\nstatic int foo_open(struct net_device *dev)\n{\n\treturn request_irq(dev->irq, foo_interrupt, 0, "foo", netdev_priv(dev));\n}\nstatic int foo_suspend(struct device *d)\n{\n\tstruct foo *f = dev_get_drvdata(d);\n\n\twritel(0, f->base + 4);\n\treturn 0;\n}\nstatic int foo_resume(struct device *d)\n{\n\tstruct foo *f = dev_get_drvdata(d);\n\n\twritel(2, f->base + 4);\n\tmsleep(10);\n\twritel(1, f->base + 4);\n\treturn 0;\n}\nstatic SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: '#include <linux/netdevice.h>\n#include <linux/io.h>\n#include <linux/delay.h>\n#include <linux/pm.h>\n#include <fgft.h>\n\nstruct foo { void __iomem *base; };\n\n__fgft_suspect static int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\n\twritel(1, f->base + 4);\n\treturn 0;\n}\nstatic int foo_suspend(struct device *d)\n{\n\tstruct foo *f = dev_get_drvdata(d);\n\n\twritel(0, f->base + 4);\n\treturn 0;\n}\nstatic int foo_resume(struct device *d)\n{\n\tstruct foo *f = dev_get_drvdata(d);\n\n\twritel(2, f->base + 4);\n\tmsleep(10);\n\twritel(1, f->base + 4);\n\treturn 0;\n}\nstatic SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const atomic = entries.filter((e) => e.entry.context === 'softirq' || e.entry.context === 'hardirq');
    if (atomic.length === 0 || isWrittenByHand(driver)) return [];
    const analysis = analyzeCheckpoint(driver, entries);
    const { verdict, states, sleeps } = analysis;
    if ((verdict.status !== 'derivable' && verdict.status !== 'stateless') || sleeps.length === 0) return [];
    const writing = new Set(states.map((s) => s.entryPoint));
    const concerned = atomic.filter((e) => writing.has(e.node.name));
    const suspects = concerned.filter((e) => isSuspect(e.node.ir));
    if (suspects.length > 0) return sleeps.map((sleep) => perCall(driver, sleep, suspects));
    return concerned.length > 0 ? [summary(driver, analysis, concerned)] : [];
  },
};

function perCall(driver: DriverContext, sleep: Sleep, suspects: readonly EntryContext[]): Finding {
  const names = suspects.map((e) => e.node.name);
  const contexts = [...new Set(suspects.map((e) => e.entry.context))].join(' and ');
  const advice =
    sleep.replacement === null
      ? 'It has no form that does not sleep: isolate in process context only, or write the restore by hand.'
      : `The generated code says ${sleep.replacement} there.`;
  return {
    rule: 'checkpoint/sleeps',
    severity: sleep.replacement === null ? 'warning' : 'information',
    confidence: 'likely',
    message: `${sleep.text} ${sleep.reason}, on the way of the checkpoint of ${names.join(', ')}, which ${names.length === 1 ? 'runs' : 'run'} in ${contexts} context. ${advice}`,
    location: siteRange(driver, sleep.site).location,
    entryPoints: names,
    trace: [{ location: sleep.location, message: `${sleep.function} calls ${sleep.text}` }],
  };
}

/** Without a suspect: one remark for the driver. */
function summary(driver: DriverContext, { sleeps, found }: CheckpointAnalysis, concerned: readonly EntryContext[]): Finding {
  const refused = sleeps.filter((s) => s.replacement === null);
  const first = refused[0] ?? sleeps[0];
  const node = found.resume ?? found.suspend!;
  const converted = sleeps.length - refused.length;
  return {
    rule: 'checkpoint/sleeps',
    severity: 'hint',
    confidence: 'possible',
    message: `A checkpoint of ${concerned
      .slice(0, 3)
      .map((e) => e.node.name)
      .join(
        ', ',
      )} would run in atomic context, where ${sleeps.length} ${sleeps.length === 1 ? 'call' : 'calls'} of suspend and resume may sleep: ${converted} can be said without sleeping, ${refused.length} cannot${refused.length > 0 ? ` (${first.text}: ${first.reason})` : ''}.`,
    location: siteRange(driver, { function: node.id, at: node.ir.at, length: node.name.length }).location,
    entryPoints: concerned.map((e) => e.node.name),
    trace: sleeps.slice(0, 8).map((s) => ({
      location: s.location,
      message: `${s.text} ${s.reason}${s.replacement === null ? '' : `; becomes ${s.replacement}`}`,
    })),
  };
}
