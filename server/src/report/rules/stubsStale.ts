import { siteRange } from '../context';
import type { Rule } from './rule';

const EXAMPLE =
  '#include <linux/netdevice.h>\n#include <fgft.h>\n\nstruct foo { int mode; };\n\n__fgft_suspect static int foo_open(struct net_device *dev)\n{\n\tstruct foo *f = netdev_priv(dev);\n\n\tf->mode = 1;\n\treturn 0;\n}\nstatic const struct net_device_ops foo_ops = { .ndo_open = foo_open };\n';

/** The head of what was generated from a text with that hash. */
const head = (hash: string): string =>
  `# Builds foo.ko with isolated entry points.\n#\n# Made by fgft 0.1.0 for the module foo, read against Linux 6.1.0, from\n#   foo.c (sha256 ${hash})\n`;
const table = 'extern struct fgft_entry fgft_entry_foo_open;\n';

export const stubsStale: Rule = {
  id: 'stubs/stale',
  title: 'generated files no longer match the driver that they were generated from',
  reason: `An isolated module holds the driver's text and stubs that marshal what the isolated entry points touched when it was generated. After a
change of the driver the module still builds and still runs: the old code, with the old field sets.

Generate it again: the quick fix does it, or \`fgft isolate\`. Every generated file names what it was made from, with the hash of its
text; files that somebody has edited are left alone unless you say otherwise.`,
  severity: 'warning',
  fires: { code: EXAMPLE, generated: { Kbuild: head('0123456789abcdef'), 'fgft_entries.c': table } },
  silent: { code: EXAMPLE, generated: { Kbuild: head('0bddb7f8ce35e3bb'), 'fgft_entries.c': table } },
  check: (driver, entries) => {
    const { generated } = driver;
    if (!generated || generated.changed.length === 0) return [];
    const isolated = entries.filter((e) => generated.entries.includes(e.node.name));
    const { node } = isolated[0] ?? entries[0] ?? {};
    if (!node) return [];
    const names = generated.changed.map((c) => c.name).join(', ');
    const { location, start } = siteRange(driver, { function: node.id, at: node.ir.at, length: node.name.length });
    return [
      {
        rule: 'stubs/stale',
        severity: 'warning',
        confidence: 'certain',
        message: `the isolated module in ${generated.folder} was made from another text of ${names}: it runs what the driver was then. Generate it again.`,
        location,
        entryPoints: isolated.length > 0 ? isolated.map((e) => e.node.name) : [node.name],
        trace: generated.changed.map(({ file, name, before, now }) => ({
          location: file === null ? start : { file, line: 1, column: 1 },
          message: now === null ? `${name} (sha256 ${before}) is gone` : `${name} had sha256 ${before} and has ${now} now`,
        })),
      },
    ];
  },
};
