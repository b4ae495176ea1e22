import { analyzeCheckpoint } from '../checkpoint';
import type { WrittenState } from '../checkpointModel';
import { isWrittenByHand, suspectNames } from './checkpointMissing';
import type { Finding } from '../model';
import type { Rule } from './rule';

/** Entry points named in a message. */
const MAXIMUM_NAMES = 3;

export const checkpointIncomplete: Rule = {
  id: 'checkpoint/incomplete',
  title: 'the entry point writes device state that neither the checkpoint saves nor the restore re-initialises',
  reason: `A checkpoint saves what suspend saves, and every register that the entry point writes and the driver somewhere reads. The restore
runs resume, which writes further registers from the driver's memory. A register that is in neither keeps, after a fault, what the failed
call wrote: it is write-only as far as the driver tells, and resume does not know it.

Keep its value in the driver's record and write it in resume, or write the checkpoint by hand (\`__fgft_checkpoint\`, \`__fgft_restore\`).
Registers whose value is an event (interrupt status, queue pointers, counters) are no state and are not reported.`,
  severity: 'information',
  fires: {
    code: '#include <linux/netdevice.h>\n#include <linux/io.h>\n#include <linux/pm.h>\n\n#define CONTROL 4\n#define MODE 8\nstruct foo { void __iomem *base; };\n\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\n\twritel(1, f->base + CONTROL);\n\twritel(3, f->base + MODE);\n\treturn 0;\n}\nstatic int foo_suspend(struct device *d)\n{\n\tstruct foo *f = dev_get_drvdata(d);\n\n\twritel(0, f->base + CONTROL);\n\treturn 0;\n}\nstatic int foo_resume(struct device *d)\n{\n\tstruct foo *f = dev_get_drvdata(d);\n\n\twritel(1, f->base + CONTROL);\n\treturn 0;\n}\nstatic SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: '#include <linux/netdevice.h>\n#include <linux/io.h>\n#include <linux/pm.h>\n\n#define CONTROL 4\n#define MODE 8\nstruct foo { void __iomem *base; };\n\nstatic int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\n\twritel(1, f->base + CONTROL);\n\twritel(readl(f->base + MODE) | 1, f->base + MODE);\n\treturn 0;\n}\nstatic int foo_suspend(struct device *d)\n{\n\tstruct foo *f = dev_get_drvdata(d);\n\n\twritel(0, f->base + CONTROL);\n\treturn 0;\n}\nstatic int foo_resume(struct device *d)\n{\n\tstruct foo *f = dev_get_drvdata(d);\n\n\twritel(1, f->base + CONTROL);\n\treturn 0;\n}\nstatic SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const { verdict, states, found } = analyzeCheckpoint(driver, entries);
    // Without a checkpoint there is nothing that could be incomplete: other findings say so.
    if ((verdict.status !== 'derivable' && verdict.status !== 'stateless') || isWrittenByHand(driver)) return [];
    const suspects = suspectNames(entries);
    const groups = new Map<string, { state: WrittenState; names: string[] }>();
    for (const { entryPoint, writes } of states) {
      for (const state of writes) {
        if (state.covered !== 'left') continue;
        const group = groups.get(`${state.kind} ${state.name}`);
        if (group) group.names.push(entryPoint);
        else groups.set(`${state.kind} ${state.name}`, { state, names: [entryPoint] });
      }
    }
    return [...groups.values()].map(({ state, names }): Finding => {
      const marked = names.filter((n) => suspects.has(n));
      const shown = (marked.length > 0 ? marked : names).slice(0, MAXIMUM_NAMES).join(', ');
      const offset = state.offset === null || !/^[A-Za-z_]/.test(state.name) ? '' : ` (0x${state.offset.toString(16)})`;
      const { line, column, file } = state.location;
      return {
        rule: 'checkpoint/incomplete',
        severity: marked.length > 0 ? 'warning' : 'information',
        confidence: marked.length > 0 ? 'likely' : 'possible',
        message: `${shown} ${names.length === 1 || marked.length === 1 ? 'writes' : 'write'} ${state.name}${offset}, which no checkpoint saves (${state.reason ?? 'it cannot be read'}) and ${found.report.resume ?? 'resume'} does not set: after a fault it keeps what the call wrote.`,
        location: { file, line, column, endLine: line, endColumn: column + state.through.length },
        entryPoints: names,
        trace: [{ location: state.location, message: `${state.name} written through ${state.through}` }],
      };
    });
  },
};
