/** What a file of a large module is answered by itself, before the module is read. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../../../server/src/engine';
import type { Report } from '../../../server/src/report/model';
import { miniKernel } from '../../fixtures/support/fixtures';

const HEADER = 'struct two { int ready; struct completion done; spinlock_t lock; };\nvoid two_end(struct two *t);\n';
const MAIN = `#include "two.h"
static struct two the_one;
static irqreturn_t two_irq(int irq, void *data)
{
	struct two *t = data;
	t->ready = 1;
	return IRQ_HANDLED;
}
static int two_open(struct net_device *dev)
{
	int error = request_irq(dev->irq, two_irq, 0, "two", &the_one);
	if (error)
		return error;
	while (!the_one.ready)
		msleep(1);
	wait_for_completion(&the_one.done);
	return 0;
}
static int two_stop(struct net_device *dev)
{
	two_end(&the_one);
	return 0;
}
static const struct net_device_ops two_ops = { .ndo_open = two_open, .ndo_stop = two_stop };
`;
const OTHER = '#include "two.h"\nvoid two_end(struct two *t)\n{\n\tt->ready = 0;\n\tcomplete(&t->done);\n}\n';

describe('engine: the first report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-first-'));
  const path = join(folder, 'two_main.c');
  /** Enough of it that reading it would take long. */
  const filling = '/* ------------------------------------------------------------------------------------------------ */\n'.repeat(500);

  before(() => {
    writeFileSync(join(folder, 'Makefile'), 'obj-m := two.o\ntwo-objs := two_main.o two_other.o\n');
    writeFileSync(join(folder, 'two.h'), HEADER);
    writeFileSync(path, MAIN);
    writeFileSync(join(folder, 'two_other.c'), OTHER + filling);
  });
  after(() => rmSync(folder, { recursive: true }));

  async function opened(detail: 'brief' | 'full'): Promise<{ first: Report[]; report: Report; liveTrees: number; again: Report[] }> {
    const engine = createEngine({ kernel: miniKernel });
    const first: Report[] = [];
    engine.openDocument(path, MAIN, 1);
    const { report } = await engine.analyze(path, { detail, first: (r) => first.push(r) });
    const { liveTrees } = engine.memory();
    const again: Report[] = [];
    engine.changeDocument(path, `${MAIN}\n`, 2);
    await engine.analyze(path, { detail, first: (r) => again.push(r) });
    engine.dispose();
    return { first, report, liveTrees, again };
  }
  const places = ({ drivers: [driver] }: Report): string[] => driver.findings.map((f) => `${f.rule} ${f.location.file} ${f.location.line}`);

  it("holds the file's own findings and no numbers, once, and those of the module hold them too", async () => {
    const { first, report, again } = await opened('brief');
    assert.equal(first.length, 1);
    const found = places(first[0]);
    assert.ok(
      found.some((place) => place.startsWith('resync/poll')),
      found.join('\n'),
    );
    assert.deepEqual(first[0].drivers[0].entryPoints, []);
    assert.deepEqual(first[0].drivers[0].files, report.drivers[0].files);
    for (const place of found) assert.ok(places(report).includes(place), place);
    // Who ends the wait stands in the other file.
    const both = [first[0], report].map((r) => r.drivers[0].findings.find((f) => f.rule === 'resync/completion'));
    assert.ok(both[1]?.message.includes('two_end'), both[1]?.message);
    assert.ok(!both[0]?.message.includes('two_end completes'), both[0]?.message);
    assert.deepEqual(again, []);
  });

  it('changes nothing of the answer and leaves no tree behind', async () => {
    const with_ = await opened('brief');
    const engine = createEngine({ kernel: miniKernel });
    engine.openDocument(path, MAIN, 1);
    const { report } = await engine.analyze(path, { detail: 'brief' });
    assert.deepEqual(with_.report.drivers, report.drivers);
    assert.equal(with_.liveTrees, engine.memory().liveTrees);
    engine.dispose();
  });

  it('is for brief answers alone', async () => {
    assert.deepEqual((await opened('full')).first, []);
  });
});
