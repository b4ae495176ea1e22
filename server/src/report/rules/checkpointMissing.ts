import { analyzeCheckpoint } from '../checkpoint';
import { type DriverContext, type EntryContext, siteLocation, siteRange } from '../context';
import type { Finding } from '../model';
import { isSuspect } from '../suspects';
import type { Rule } from './rule';

export const checkpointMissing: Rule = {
  id: 'checkpoint/missing',
  title: 'a suspect entry point touches the device and the driver has no power-management code to derive a checkpoint from',
  reason: `After a fault the transaction puts the driver's memory back. What was written to the device stays written, unless somebody knows
how to set the device up again. That is what resume does; a driver without suspend and resume tells nobody.

Write the two functions by hand and mark them: \`__fgft_checkpoint\` saves what the device cannot be asked for later, \`__fgft_restore\` stops
the device and sets it up again. Or add power management to the driver.`,
  severity: 'warning',
  fires: {
    code: '#include <linux/netdevice.h>\n#include <linux/io.h>\n#include <fgft.h>\n\nstruct foo { void __iomem *base; };\n\n__fgft_suspect static int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\n\twritel(1, f->base + 4);\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  silent: {
    code: '#include <linux/netdevice.h>\n#include <linux/io.h>\n#include <linux/pm.h>\n#include <fgft.h>\n\nstruct foo { void __iomem *base; };\n\n__fgft_suspect static int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\n\twritel(1, f->base + 4);\n\treturn 0;\n}\nstatic int foo_suspend(struct device *d)\n{\n\tstruct foo *f = dev_get_drvdata(d);\n\n\twritel(0, f->base + 4);\n\treturn 0;\n}\nstatic int foo_resume(struct device *d)\n{\n\tstruct foo *f = dev_get_drvdata(d);\n\n\twritel(1, f->base + 4);\n\treturn 0;\n}\nstatic SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n',
  },
  check: (driver, entries) => {
    const suspects = entries.filter((e) => isSuspect(e.node.ir));
    if (suspects.length === 0 || isWrittenByHand(driver)) return [];
    const analysis = analyzeCheckpoint(driver, entries);
    if (analysis.verdict.status !== 'missing') return [];
    return suspects.flatMap((entry): Finding[] => {
      const first = entry.functions.flatMap((id) => analysis.parts.accesses[id])[0];
      if (!first) return [];
      const { node } = entry;
      return [
        {
          rule: 'checkpoint/missing',
          severity: 'warning',
          confidence: 'certain',
          message: `${node.name} touches the device, and the driver has no power-management code from which a checkpoint could be derived: after a fault the device keeps what the call wrote. Write a pair of functions and mark them with __fgft_checkpoint and __fgft_restore.`,
          location: siteRange(driver, { function: node.id, at: node.ir.at, length: node.name.length }).location,
          entryPoints: [node.name],
          trace: [
            {
              location: siteLocation(driver, first),
              message: `${first.registers.join(', ')} ${first.write ? 'written' : 'read'} through ${first.through}`,
            },
          ],
        },
      ];
    });
  },
};

/** The author wrote checkpoint or restore. */
export function isWrittenByHand(driver: DriverContext): boolean {
  return driver.analysis.nodes.some((n) => n.ir.attributes.some((a) => a.name === '__fgft_checkpoint' || a.name === '__fgft_restore'));
}

/** The suspect entry points among those of a list of names. */
export function suspectNames(entries: readonly EntryContext[]): Set<string> {
  return new Set(entries.filter((e) => isSuspect(e.node.ir)).map((e) => e.node.name));
}
