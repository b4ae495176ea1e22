import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyzeBatch, type BatchOptions, type BatchOutcome } from '../../../server/src/engine';
import { loadAssets } from '../../../server/src/engine/assets';
import { inlineThread } from '../../../server/src/engine/batch/inlineThread';
import { type Shared, shared } from '../../../server/src/engine/kernelWorld';
import type { StartThread } from '../../../server/src/engine/batch/pool';
import type { DriverReport, Report } from '../../../server/src/report/model';
import { validateReport } from '../../../server/src/report/validate';
import { repositoryRoot } from '../../support/repository';

const driver = (name: string): string => `
#include "shared.h"
struct ${name}_state { int count; };
static struct ${name}_state state;
static int __init ${name}_init(void) { state.count = FIRST; return 0; }
module_init(${name}_init);
`;

describe('engine-batch: a run', () => {
  let folder = '';
  let analysed: string[] = [];
  let base: Shared;

  before(async () => {
    base = await shared(loadAssets());
    folder = mkdtempSync(join(tmpdir(), 'fgft-batch-'));
    mkdirSync(join(folder, 'drivers'));
    for (const name of ['one', 'two', 'three']) writeFileSync(join(folder, 'drivers', `${name}.c`), driver(name));
    writeFileSync(join(folder, 'drivers/shared.h'), '#define FIRST 1\n');
    writeFileSync(join(folder, 'drivers/Makefile'), 'obj-m := one.o two.o three.o\n');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => void (analysed = []));

  /** Runs over the three drivers in this thread. */
  async function ran(
    overrides: Partial<BatchOptions> = {},
    disturb?: (name: string) => boolean,
    outOfMemory = false,
  ): Promise<{ outcome: BatchOutcome; report: Report }> {
    const engine = { kernel: join(repositoryRoot, 'test/fixtures/minikernel'), workingDirectory: folder };
    let report: Report | undefined;
    const drivers: DriverReport[] = [];
    const startThread =
      (store: string): StartThread =>
      (events) => {
        const thread = inlineThread(engine, store, base)(events);
        return {
          ...thread,
          send: (request) => {
            analysed.push(request.task.module.name);
            if (disturb?.(request.task.module.name)) setImmediate(() => events.lost('disturbed', outOfMemory));
            else thread.send(request);
          },
        };
      };
    const options: BatchOptions = {
      paths: [join(folder, 'drivers')],
      engine,
      script: '',
      now: () => new Date(),
      startThread,
      ...overrides,
    };
    const outcome = await analyzeBatch(options, {
      begin: (head) => void (report = head),
      driver: (json) => void drivers.push(JSON.parse(json) as DriverReport),
      end: (summary) => void (report = { ...(report as Report), drivers, summary }),
    });
    return { outcome, report: report as Report };
  }

  const names = (report: Report): string[] => report.drivers.map((d) => d.name);

  it('reports every module in the order of their files, whatever order they were analysed in', async () => {
    const { outcome, report } = await ran();
    assert.deepEqual(names(report), ['one', 'three', 'two']);
    assert.deepEqual(validateReport(report), []);
    assert.deepEqual([outcome.failures, outcome.reused, report.summary.entryPoints], [[], 0, 3]);
    assert.deepEqual(report.drivers[0].files, ['drivers/one.c']);
  });

  it('works without a cache where its folder cannot be made', async () => {
    // A folder below a file: nobody can make it, whatever their rights.
    const { outcome, report } = await ran({ resultFolder: join(folder, 'drivers/one.c/results') });
    assert.deepEqual([names(report), outcome.failures], [['one', 'three', 'two'], []]);
    assert.equal(report.summary.entryPoints, 3);
  });

  it('keeps a report in memory where the store does not take it', async () => {
    const engine = { kernel: join(repositoryRoot, 'test/fixtures/minikernel'), workingDirectory: folder };
    const startThread = (): StartThread => inlineThread(engine, join(folder, 'drivers/one.c/store'), base);
    const { outcome, report } = await ran({ startThread });
    assert.deepEqual([names(report), outcome.failures], [['one', 'three', 'two'], []]);
    assert.equal(report.summary.entryPoints, 3);
  });

  it('takes what did not change from the store, and redoes what did', async () => {
    const resultFolder = join(folder, 'results');
    const first = await ran({ resultFolder });
    assert.equal(analysed.length, 3);
    analysed = [];
    const second = await ran({ resultFolder });
    assert.deepEqual([analysed, second.outcome.reused], [[], 3]);
    assert.deepEqual(second.report.drivers, first.report.drivers);

    writeFileSync(join(folder, 'drivers/two.c'), driver('two').replace('FIRST', 'FIRST + 1'));
    assert.equal((await ran({ resultFolder })).outcome.reused, 2);
    assert.deepEqual(analysed, ['two']);

    analysed = [];
    writeFileSync(join(folder, 'drivers/shared.h'), '#define FIRST 2\n');
    await ran({ resultFolder });
    assert.deepEqual(analysed.sort(), ['one', 'three', 'two'], 'a header of its own counts');

    analysed = [];
    writeFileSync(join(folder, 'drivers/Makefile'), 'obj-m := one.o two.o three.o\nCFLAGS_one.o := -DX\n');
    await ran({ resultFolder });
    assert.deepEqual(analysed, ['one'], 'flags count');

    analysed = [];
    for (const group of readdirSync(resultFolder))
      for (const name of readdirSync(join(resultFolder, group))) writeFileSync(join(resultFolder, group, name), 'rubbish');
    assert.deepEqual(names((await ran({ resultFolder })).report), ['one', 'three', 'two']);
    assert.equal(analysed.length, 3, 'damaged results are made anew');

    analysed = [];
    await ran();
    assert.equal(analysed.length, 3, 'without a store nothing is taken over');
  });

  it('splits into shards that have every module once', async () => {
    const shards = await Promise.all([1, 2].map(async (index) => names((await ran({ shard: { index, count: 2 } })).report)));
    assert.deepEqual(shards, [['one', 'two'], ['three']]);
  });

  it('reports a module that fails as one that was not analysed, and does the others', async () => {
    const resultFolder = join(folder, 'results-failed');
    const { outcome, report } = await ran({ resultFolder }, (name) => name === 'three');
    assert.deepEqual(
      outcome.failures.map((f) => [f.name, f.message]),
      [['three', 'disturbed']],
    );
    assert.deepEqual(names(report), ['one', 'three', 'two']);
    assert.deepEqual(validateReport(report), []);
    assert.match(report.drivers[1].findings[0].message, /^the module was not analysed: disturbed$/);
    assert.equal((await ran({ resultFolder })).outcome.reused, 2, 'a failure is not kept');
  });

  it('keeps that a module ran out of memory, until it may have more or its text changes', async () => {
    const resultFolder = join(folder, 'results-memory');
    const fails = (name: string): boolean => name === 'three';
    await ran({ resultFolder, jobs: 2 }, fails, true);
    const again = await ran({ resultFolder, jobs: 2 });
    assert.deepEqual([again.outcome.reused, again.outcome.failures.map((f) => f.message)], [3, ['disturbed']]);
    assert.match(again.report.drivers[1].findings[0].message, /not analysed: disturbed/);
    const more = await ran({ resultFolder, jobs: 1 });
    assert.deepEqual([more.outcome.reused, more.outcome.failures], [2, []]);
  });

  it('writes what is done when it is cancelled', async () => {
    let cancel = (): void => undefined;
    const progress = { report: (done: number): void => void (done === 1 && cancel()) };
    const { outcome, report } = await ran({ jobs: 1, progress, onCancel: (c) => (cancel = c) });
    assert.ok(outcome.cancelled);
    assert.equal(report.drivers.length, 1);
    assert.equal(report.summary.drivers, 1);
  });

  it('says of a kernel that is none, and of a path that is not there, without a report', async () => {
    const none = await ran({ engine: { kernel: folder, workingDirectory: folder } });
    assert.deepEqual([none.outcome.problems.map((p) => p.kind), none.report], [['no-kernel-tree'], undefined]);
    const missing = await ran({ paths: [join(folder, 'drivres')] });
    assert.deepEqual(missing.outcome.problems[0].suggestions, ['drivers']);
  });

  it('gives counts in place of lists where the lists would grow with the square of the driver', async () => {
    const members = Array.from({ length: 450 }, (_, i) => `m${i}`);
    const large = (entries: number): string => `
struct inode; struct file;
struct large_state { ${members.map((m) => `int ${m};`).join(' ')} };
static struct large_state *state;
static void all(void) { ${members.map((m) => `state->${m}++;`).join(' ')} }
${Array.from({ length: entries }, (_, i) => `static int open${i}(struct inode *n, struct file *f) { all(); return 0; }\nstatic const struct file_operations ops${i} = { .open = open${i} };`).join('\n')}
`;
    mkdirSync(join(folder, 'large'));
    const path = join(folder, 'large/large.c');
    const listed = async (entries: number): Promise<[number, number, string[]]> => {
      writeFileSync(path, large(entries));
      const [driver] = (await ran({ paths: [path] })).report.drivers;
      const notices = driver.findings.filter((f) => f.rule === 'analysis/partial').map((f) => f.message.slice(0, 18));
      return [driver.entryPoints[0].fields.length, driver.entryPoints[0].counts.fields, notices];
    };
    assert.deepEqual(await listed(20), [450, 450, []]);
    assert.deepEqual(await listed(250), [0, 450, ['large is too large']]);
  }).timeout(60_000);
});
