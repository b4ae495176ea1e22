/** Answers from what an earlier start kept: taken while everything is as it was, confirmed afterwards, given up when it is not. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../../server/src/engine';
import { miniKernel } from '../../fixtures/support/fixtures';
import { eventually } from '../../lsp/support/client';

const driver = `#include <linux/module.h>
#include <linux/completion.h>
#include "demo.h"
static int demo_open(struct net_device *dev)
{
	struct demo *demo = netdev_priv(dev);
	demo->mode = 1;
	return 0;
}
static const struct net_device_ops ops = { .ndo_open = demo_open };
`;
const header = 'struct demo { int mode; int other; };\n';

describe('engine: kept reports', function () {
  this.timeout(20_000);
  let folder: string;
  let kernel: string;
  let file: string;
  const engines: Engine[] = [];

  /** An engine as a new start of an editor has it. `analysed`: modules that it has really analysed so far. */
  function start(program = 'one'): { engine: Engine; analysed(): number; outdated(): number } {
    const engine = createEngine({ kernel, cacheFolder: join(folder, 'cache'), workingDirectory: folder, trustKept: { program } });
    engines.push(engine);
    let outdated = 0;
    engine.onOutdated?.(() => outdated++);
    const { drivers } = engine as unknown as { drivers: ReadonlyMap<string, unknown> };
    return { engine, analysed: () => drivers.size, outdated: () => outdated };
  }

  const keptCount = (): number => {
    try {
      return readdirSync(join(folder, 'cache/reports'), { recursive: true }).filter((name) => String(name).endsWith('.result')).length;
    } catch {
      return 0;
    }
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fgft-kept-'));
    kernel = join(folder, 'kernel');
    cpSync(miniKernel, kernel, { recursive: true });
    file = join(folder, 'demo.c');
    writeFileSync(file, driver);
    writeFileSync(join(folder, 'demo.h'), header);
    const { engine } = start();
    await engine.analyze(file, { detail: 'brief' });
    await eventually(() => keptCount() === 1, 'the report to be kept');
  });
  afterEach(() => {
    for (const engine of engines.splice(0)) engine.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('answers the next start at once, and analyses afterwards', async () => {
    const first = await start('two').engine.analyze(file, { detail: 'brief' });
    const again = start();
    const { report, problems } = await again.engine.analyze(file, { detail: 'brief' });
    assert.equal(again.analysed(), 0);
    assert.deepEqual(problems, []);
    assert.deepEqual(report.drivers, first.report.drivers);
    assert.equal(report.drivers[0].entryPoints[0].name, 'demo_open');
    await eventually(() => again.analysed() === 1, 'the analysis that confirms');
    assert.equal(again.outdated(), 0);
  });

  it('takes no report of another program, nor one for a full report', async () => {
    const other = start('two');
    await other.engine.analyze(file, { detail: 'brief' });
    assert.equal(other.analysed(), 1);
    const full = start();
    const { report } = await full.engine.analyze(file);
    assert.ok(report.drivers[0].entryPoints[0].fields.length > 0);
  });

  for (const [what, change] of [
    ['the file', (): void => writeFileSync(file, driver.replace('mode = 1', 'other = 1'))],
    ['its own header', (): void => writeFileSync(join(folder, 'demo.h'), header.replace('int mode', 'long mode'))],
    ['the text in the editor', (): void => undefined],
  ] as const) {
    it(`analyses again after a change of ${what}`, async () => {
      change();
      const again = start();
      if (what === 'the text in the editor') again.engine.openDocument(file, driver.replace('mode = 1', 'other = 1'), 1);
      await again.engine.analyze(file, { detail: 'brief' });
      assert.equal(again.analysed(), 1);
    });
  }

  it('takes the report for a document that holds the very text of the file', async () => {
    const again = start();
    again.engine.openDocument(file, driver, 1);
    await again.engine.analyze(file, { detail: 'brief' });
    assert.equal(again.analysed(), 0);
  });

  it('finds out that a kernel header has changed, says so, and then reads it', async () => {
    const changed = join(kernel, 'include/linux/zz_added.h');
    writeFileSync(changed, 'struct zz_added { int x; };\n');
    const again = start();
    await again.engine.analyze(file, { detail: 'brief' });
    assert.equal(again.analysed(), 0);
    await eventually(() => again.outdated() === 1, 'the word that the header changed');
    const { worlds } = again.engine as unknown as {
      worlds: ReadonlyMap<string, { kernel: { record(tag: string, name: string): unknown } }>;
    };
    await again.engine.analyze(file, { detail: 'brief' });
    assert.ok([...worlds.values()][0].kernel.record('struct', 'zz_added'));
    assert.equal(again.analysed(), 1);
  });

  it('does without a damaged report', async () => {
    for (const name of readdirSync(join(folder, 'cache/reports'), { recursive: true }).map(String))
      if (name.endsWith('.result')) writeFileSync(join(folder, 'cache/reports', name), '{"figures":{}}\nrubbish');
    const again = start();
    const { report } = await again.engine.analyze(file, { detail: 'brief' });
    assert.equal(again.analysed(), 1);
    assert.equal(report.drivers[0].entryPoints.length, 1);
  });
});
