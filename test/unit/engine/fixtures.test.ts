/** Every fixture through nothing but the engine's face: valid reports, the same ones whatever way they are asked for. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../../server/src/engine';
import type { Report } from '../../../server/src/report/model';
import { validateReport } from '../../../server/src/report/validate';
import { allFixtures, fixtureEngine, fixturesRoot, miniKernel } from '../../fixtures/support/fixtures';
import { comparable } from '../../properties/analysisSupport';

describe('engine: every fixture', function () {
  this.timeout(60_000);
  let engine: Engine;
  const first = new Map<string, Report>();
  before(() => {
    engine = fixtureEngine();
  });
  after(() => engine.dispose());

  it('gives a valid report, against the kernel that was named', async () => {
    for (const fixture of allFixtures()) {
      const { report, problems } = await engine.analyze(fixture.path);
      assert.deepEqual(problems, [], fixture.name);
      assert.deepEqual(validateReport(report), [], fixture.name);
      assert.deepEqual(report.kernel, { root: 'minikernel', release: '6.1.999-mini', configuration: 'auto.conf' });
      first.set(fixture.name, comparable(report));
    }
  });

  it('gives the same report again, and from a new engine', async () => {
    const other = fixtureEngine();
    for (const fixture of allFixtures().reverse()) {
      assert.deepEqual(comparable((await engine.analyze(fixture.path)).report), first.get(fixture.name), fixture.name);
      assert.deepEqual(comparable((await other.analyze(fixture.path)).report), first.get(fixture.name), fixture.name);
    }
    other.dispose();
  });

  it('gives the same report for an open document with the text of the file', async () => {
    for (const fixture of allFixtures()) {
      const path = join(fixturesRoot, fixture.files.find((f) => f.path.endsWith('.c'))!.path);
      engine.openDocument(path, readFileSync(path, 'utf8'), 1);
      assert.deepEqual(comparable((await engine.analyze(path)).report).drivers, first.get(fixture.name)!.drivers, fixture.name);
      engine.closeDocument(path);
    }
    assert.equal(engine.memory().liveTrees, 0);
  });

  it('analyses all of them as one folder, in one report', async () => {
    const { report, problems } = await engine.analyze(fixturesRoot);
    assert.deepEqual(problems, []);
    assert.deepEqual(validateReport(report), []);
    const names = allFixtures().filter((f) => f.files.some((t) => t.path.includes('modules/'))).length;
    assert.ok(report.drivers.length >= names, `${report.drivers.length} drivers`);
  });

  it('keeps only the entry points that were asked for, and knows near misses', async () => {
    const path = join(fixturesRoot, 'entry-points/tables.c');
    const { report, problems } = await engine.analyze(path, { entries: ['card_open', 'card_stopp'] });
    assert.deepEqual(
      report.drivers[0].entryPoints.map((e) => e.name),
      ['card_open'],
    );
    assert.equal(report.summary.entryPoints, 1);
    assert.equal(problems[0].kind, 'unknown-entry-point');
    assert.ok(problems[0].suggestions.includes('card_stop'));
  });

  it('reports sizes as unknown without a kernel tree, and says that there is none', async () => {
    const none = createEngine({ kernel: join(miniKernel, 'include'), workingDirectory: fixturesRoot });
    const { report, problems } = await none.analyze(join(fixturesRoot, 'fields/compound.c'));
    none.dispose();
    assert.deepEqual(
      problems.map((p) => p.kind),
      ['no-kernel-tree'],
    );
    assert.deepEqual(validateReport(report), []);
    assert.deepEqual(report.kernel, { root: null, release: null, configuration: 'assumed' });
    const [entry] = report.drivers[0].entryPoints;
    assert.equal(entry.name, 'card_open');
    // `u32` is a word that no header explains here.
    for (const field of entry.fields) assert.equal(field.bytes, null, field.path);
  });
});
