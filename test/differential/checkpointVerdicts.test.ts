/** Verdict and split of suspend and resume of eleven real drivers, against what a person read in their source. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createEngine, type Engine } from '../../server/src/engine';
import type { DriverReport } from '../../server/src/report/model';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';
import { headersFolder } from './layoutsSupport';
import { kernelSource } from './oracleSupport';

interface Expected {
  file: string;
  suspend: string | null;
  resume: string | null;
  declaredBy: string | null;
  status: string;
  reason: string;
  suspendSplit: string[];
  resumeSplit: string[];
}

const { drivers } = parse(readFileSync(join(repositoryRoot, 'test/differential/checkpointVerdicts.yaml'), 'utf8')) as {
  drivers: Record<string, Expected>;
};

describe('checkpoint: verdicts and splits read by hand', function () {
  this.timeout(120_000);
  let engine: Engine;

  before(function () {
    const kernel = headersFolder();
    if (!kernel || !existsSync(join(kernelSource(), 'Makefile'))) return skip(this, 'the 6.1 source and headers are not there');
    engine = createEngine({ kernel });
  });
  after(() => engine?.dispose());

  for (const [name, expected] of Object.entries(drivers)) {
    it(`${name}: ${expected.status}`, async () => {
      const { report } = await engine.analyze(join(kernelSource(), expected.file));
      const driver: DriverReport = report.drivers[0];
      const { powerManagement, checkpoint } = driver;
      assert.equal(driver.name, name);
      assert.deepEqual(
        { suspend: powerManagement.suspend, resume: powerManagement.resume, declaredBy: powerManagement.declaredBy },
        { suspend: expected.suspend, resume: expected.resume, declaredBy: expected.declaredBy },
      );
      assert.equal(checkpoint.status, expected.status);
      assert.equal(checkpoint.reason, expected.reason);
      for (const phase of ['suspend', 'resume'] as const) {
        const split = checkpoint.split.filter((s) => s.phase === phase).map((s) => `${s.part} ${s.function}: ${s.text}`);
        assert.deepEqual(split, expected[`${phase}Split`]);
      }
    });
  }

  it('says what 8139too writes and who brings it back', async () => {
    const { report } = await engine.analyze(join(kernelSource(), drivers['8139too'].file));
    const writes = report.drivers[0].checkpoint.entryPoints.find((e) => e.entryPoint === 'rtl8139_set_wol')?.writes ?? [];
    const covered = Object.fromEntries(writes.map((w) => [w.name, w.covered]));
    // Resume writes Config3 only while the interface runs, so the checkpoint saves it as well; Config5 it never writes.
    assert.equal(covered.Config3, 'conditional');
    assert.match(writes.find((w) => w.name === 'Config3')!.condition!, /netif_running/);
    assert.equal(covered.Config5, 'checkpoint');
    assert.equal(writes.find((w) => w.name === 'Config5')!.offset, 0xd8);
    assert.notEqual(writes.find((w) => w.name === 'Config5')!.readBack, null);
  });

  it('converts delays in their own unit and refuses the long ones', async () => {
    const { report } = await engine.analyze(join(kernelSource(), drivers.e1000.file));
    const { sleeps } = report.drivers[0].checkpoint;
    assert.equal(sleeps.find((s) => s.text === 'msleep(10)')?.replacement, 'mdelay(10)');
    assert.equal(sleeps.find((s) => s.text === 'msleep(1000)')?.replacement, null);
    assert.equal(sleeps.find((s) => s.text.startsWith('mutex_lock'))?.replacement, null);
  });
});
