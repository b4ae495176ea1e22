/** Modules that are written for another architecture than the tree is read for. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createEngine } from '../../../server/src/engine';
import type { DriverReport } from '../../../server/src/report/model';

const TREE: Record<string, string> = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n',
  'kernel/fork.c': '',
  'include/linux/module.h': '#define module_init(f)\n',
  'include/linux/types.h': 'typedef unsigned int u32;\n',
  'include/linux/both.h': 'struct both { u32 word; };\n',
  'arch/x86/include/asm/cpu.h': 'struct cpu { u32 on_x86; };\n',
  'arch/powerpc/include/asm/cpu.h': 'struct cpu { u32 on_powerpc; };\n',
  'arch/powerpc/include/asm/bus.h': 'struct bus_device { struct both both; long base; };\n',
  'arch/sparc/include/asm/bus.h': 'struct bus_device { int other; };\n',
  'arch/sparc/include/asm/port.h': 'struct port { int number; };\n',
};

const driver = (includes: string): string => `
#include <linux/module.h>
${includes}
static struct bus_device *device;
static struct cpu *cpu;
static int start(void)
{
	device->both.word = 1;
#ifdef CONFIG_PPC
	cpu->on_powerpc = device->base;
#endif
#ifdef CONFIG_X86
	cpu->on_x86 = 1;
#endif
	return 0;
}
module_init(start);
`;

describe('engine: architectures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-architecture-'));
  const path = join(folder, 'drivers/a.c');

  before(() => {
    for (const [name, text] of Object.entries(TREE)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    mkdirSync(join(folder, 'drivers'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function analyzed(includes: string, architecture?: string): Promise<DriverReport> {
    writeFileSync(path, driver(includes));
    const engine = createEngine({ kernel: folder, architecture });
    try {
      return (await engine.analyze(path)).report.drivers[0];
    } finally {
      engine.dispose();
    }
  }

  const fields = (report: DriverReport): string[] => report.entryPoints[0].fields.map((f) => `${f.record}.${f.field}`).sort();
  const partial = (report: DriverReport): number => report.findings.filter((f) => f.rule === 'analysis/partial').length;

  it('are found by the headers that a module includes, with their configuration and their own headers first', async () => {
    const report = await analyzed('#include <asm/bus.h>');
    assert.deepEqual(fields(report), ['both.word', 'bus_device.base', 'cpu.on_powerpc']);
    assert.equal(partial(report), 0);
  });

  it('are those that have most of what is missing', async () => {
    const report = await analyzed('#include <asm/bus.h>\n#include <asm/port.h>');
    assert.ok(!fields(report).includes('cpu.on_powerpc'));
  });

  it('stay as they are for a module whose headers are there, are nowhere, or are switched off', async () => {
    for (const includes of ['#include <asm/cpu.h>', '#include <asm/nowhere.h>', '#ifdef CONFIG_PPC\n#include <asm/bus.h>\n#endif']) {
      const report = await analyzed(includes);
      assert.ok(fields(report).includes('cpu.on_x86'), includes);
    }
  });

  it('stay as they are when the user names one', async () => {
    const report = await analyzed('#include <asm/bus.h>', 'x86');
    assert.ok(fields(report).includes('cpu.on_x86'));
    assert.equal(partial(report), 1);
  });
});
