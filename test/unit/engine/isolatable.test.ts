/** What a report calls isolatable is what a plan of the same module isolates: for fixtures, the example, and a driver of Linux. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine, type Engine, isolateModules } from '../../../server/src/engine';
import { loadAssets } from '../../../server/src/engine/assets';
import { shared } from '../../../server/src/engine/kernelWorld';
import { headersFolder } from '../../differential/layoutsSupport';
import { kernelSource } from '../../differential/oracleSupport';
import { allFixtures, miniKernel } from '../../fixtures/support/fixtures';
import { repositoryRoot } from '../../support/repository';
import { skip } from '../../support/skip';

/** Fixtures with entry points of every kind, some of which cannot be isolated. */
const FOLDERS = /^(locks|rules)/;

/** Names of the entry points that the report calls isolatable, and those that a plan holds. */
async function bothAnswers(engine: Engine, path: string, kernel: string): Promise<{ told: string[]; planned: string[]; all: number }> {
  const { report } = await engine.analyze(path, { detail: 'brief' });
  const base = await shared(loadAssets());
  const { modules } = await isolateModules(path, null, { kernel }, { base });
  return {
    told: report.drivers.flatMap((d) => d.entryPoints.filter((e) => e.isolatable).map((e) => e.name)).sort(),
    planned: modules.flatMap((m) => m.plan.entries.map((e) => e.name)).sort(),
    all: report.summary.entryPoints,
  };
}

describe('engine: what a report calls isolatable', function () {
  this.timeout(240_000);

  it('is what a plan isolates, in fixtures', async () => {
    const engine = createEngine({ kernel: miniKernel });
    let isolatable = 0;
    let all = 0;
    try {
      for (const fixture of allFixtures().filter((f) => FOLDERS.test(f.name))) {
        const answers = await bothAnswers(engine, fixture.path, miniKernel);
        assert.deepEqual(answers.told, answers.planned, fixture.name);
        isolatable += answers.planned.length;
        all += answers.all;
      }
    } finally {
      engine.dispose();
    }
    assert.ok(isolatable > 10 && isolatable < all, `${isolatable} of ${all}: both answers occur`);
  });

  it('is what a plan isolates, in the example and a driver of Linux', async function () {
    const kernel = headersFolder();
    const real = join(kernelSource(), 'drivers/net/ethernet/realtek/8139too.c');
    if (!kernel || !existsSync(real)) return skip(this, 'the 6.1 source and headers are not there');
    const engine = createEngine({ kernel });
    try {
      for (const path of [join(repositoryRoot, 'examples/fgft_demo_nic'), real].filter((p) => existsSync(p))) {
        const answers = await bothAnswers(engine, path, kernel);
        assert.deepEqual(answers.told, answers.planned, path);
        assert.ok(answers.planned.length > 0 && answers.planned.length < answers.all, path);
      }
    } finally {
      engine.dispose();
    }
  });
});
