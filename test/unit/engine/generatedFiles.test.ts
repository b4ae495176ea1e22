/** A generated module holds the driver's text once more: it is no driver of its own, and the driver is told when it went on without it. */
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headersToBuild, runIsolate } from '../../../server/src/cli/isolate';
import { createEngine, isolateModules } from '../../../server/src/engine';
import { repositoryRoot } from '../../support/repository';
import { terminalForTests } from '../cli/terminalForTests';

const kernel = join(repositoryRoot, 'test/fixtures/minikernel');

describe('engine: files of a generated module', () => {
  let scratch: string;
  let said: string;
  const driver = (): string => join(scratch, 'sample');

  before(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'fgft-generated-'));
    cpSync(join(repositoryRoot, 'test/fixtures/isolate/sample'), driver(), { recursive: true });
    const { terminal, printed } = terminalForTests({ workingDirectory: scratch });
    const command = { command: 'isolate', path: 'sample', entries: [], out: 'sample/made', kernel, force: false } as const;
    assert.equal(await runIsolate({ ...command, entries: [] }, terminal, isolateModules, undefined), 0, printed.error);
    said = printed.out;
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  const analyze = async (path: string, isolateFolder?: string): Promise<{ drivers: string[]; rules: string[]; problems: string[] }> => {
    const engine = createEngine({ kernel, isolateFolder, workingDirectory: scratch });
    const { report, problems } = await engine.analyze(join(scratch, path));
    engine.dispose();
    return {
      drivers: report.drivers.map((d) => d.name),
      rules: report.drivers.flatMap((d) => d.findings.map((f) => f.rule)),
      problems: problems.map((p) => p.kind),
    };
  };

  it('are analysed as nobody, whichever of them is asked for', async () => {
    for (const path of ['sample/made/native/sample.c', 'sample/made/fgft_entries.c', 'sample/made/native', 'sample/made'])
      assert.deepEqual(await analyze(path), { drivers: [], rules: [], problems: ['generated'] }, path);
    assert.deepEqual((await isolateModules(join(driver(), 'made/native/sample.c'), null, { kernel })).problems[0]?.kind, 'generated');
  });

  it('leave those alone that somebody wrote beside them', async () => {
    writeFileSync(join(driver(), 'made/own.c'), 'int own(void) { return 1; }\n');
    assert.deepEqual((await analyze('sample/made/own.c')).problems, []);
    assert.deepEqual((await analyze('sample/sample.c')).drivers, ['sample']);
  });

  it('are found to be stale in the folder that was said, and nowhere else', async () => {
    assert.ok(!(await analyze('sample/sample.c', 'made')).rules.includes('stubs/stale'));
    appendFileSync(join(driver(), 'sample.c'), '/* later */\n');
    // A folder that does not name the module gets one per module below it.
    assert.ok(!(await analyze('sample/sample.c', 'made')).rules.includes('stubs/stale'));
    assert.ok(!(await analyze('sample/sample.c')).rules.includes('stubs/stale'));
    cpSync(join(driver(), 'made'), join(driver(), 'below/sample'), { recursive: true });
    assert.ok((await analyze('sample/sample.c', 'below')).rules.includes('stubs/stale'));
    assert.ok((await analyze('sample/sample.c', join(driver(), 'below', `$${'{driver}'}`))).rules.includes('stubs/stale'));
  });

  it('are built against the headers that the driver was read against, where those can build', () => {
    assert.ok(said.includes(` KDIR=${kernel}\n`), said);
    const source = {
      kind: 'source' as const,
      root: '/k',
      release: '6.1',
      architecture: 'x86',
      includeFolders: [],
      configurationFile: null,
      foundBy: '',
    };
    assert.equal(headersToBuild({ ...source, configurationFile: '/k/include/config/auto.conf' }), '/k');
    assert.equal(headersToBuild(source), '/lib/modules/$(uname -r)/build', 'nobody has configured it');
    assert.equal(headersToBuild({ ...source, kind: 'headers' }), '/k');
  });
});
