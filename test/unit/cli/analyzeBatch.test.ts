import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../server/src/cli/run';
import type { Terminal } from '../../../server/src/cli/terminal';
import type { BatchOptions, BatchOutcome, Engine } from '../../../server/src/engine';
import type { Report } from '../../../server/src/report/model';
import { sampleReport } from './sampleReport';
import { terminalForTests } from './terminalForTests';

interface Ran {
  status: number | null;
  out: string;
  error: string;
  options: BatchOptions[];
}

describe('cli: analyze over many modules', () => {
  let folder = '';
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'fgft-cli-batch-'))));
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the command with a batch that finds the sample's driver and ends with `outcome`. */
  async function ran(words: string[], outcome: Partial<BatchOutcome> = {}, overrides: Partial<Terminal> = {}): Promise<Ran> {
    const { terminal, printed } = terminalForTests({ workingDirectory: folder, ...overrides });
    const options: BatchOptions[] = [];
    const status = await run(words, terminal, '0.1.0', () => ({ dispose: () => undefined }) as unknown as Engine, {
      batch: {
        script: 'worker.cjs',
        resultFolder: '/results',
        onInterrupt: () => () => undefined,
        now: () => new Date(0),
        analyze: async (given, sink) => {
          options.push(given);
          const report = sampleReport();
          const drivers = outcome.drivers ?? 1;
          await sink.begin({ ...report, drivers: [] });
          for (const driver of report.drivers.slice(0, drivers)) await sink.driver(JSON.stringify(driver));
          await sink.end(report.summary);
          return { problems: [], drivers, modules: 1, reused: 0, failures: [], worst: 'warning', cancelled: false, ...outcome };
        },
      },
    });
    return { status, ...printed, options };
  }

  it('is how folders, shards and several jobs are done', async () => {
    for (const words of [['.'], ['a.c', '--jobs', '2'], ['a.c', '--shard', '1/1']])
      assert.equal((await ran(['analyze', ...words])).options.length, 1, words.join(' '));
    const [options] = (await ran(['analyze', '.', '--kernel', 'k', '--jobs', '3', '--shard', '2/3'])).options;
    assert.deepEqual(
      [options.paths, options.engine.kernel, options.jobs, options.shard, options.resultFolder],
      [[folder], join(folder, 'k'), 3, { index: 2, count: 3 }, '/results'],
    );
    assert.equal((await ran(['analyze', '.', '--no-cache'])).options[0].resultFolder, undefined);
  });

  for (const format of ['json', 'text', 'sarif', 'html']) {
    it(`writes ${format} piece by piece as it would as a whole`, async () => {
      const { status, out } = await ran(['analyze', '.', '--format', format]);
      assert.equal(status, 0);
      if (format === 'json') assert.deepEqual(JSON.parse(out), sampleReport());
      else assert.equal(out, (await wholeReport(format)).out);
    });
  }

  async function wholeReport(format: string): Promise<{ out: string }> {
    const { terminal, printed } = terminalForTests({});
    const engine = {
      analyze: () => Promise.resolve({ report: sampleReport(), problems: [] }),
      dispose: () => undefined,
    } as unknown as Engine;
    await run(['analyze', 'a.c', '--format', format], terminal, '0.1.0', () => engine);
    return printed;
  }

  it('has the exit statuses of the contract', async () => {
    assert.equal((await ran(['analyze', '.', '--fail-on', 'warning'])).status, 1);
    assert.equal((await ran(['analyze', '.', '--fail-on', 'error'])).status, 0);
    const problem = { kind: 'unreadable' as const, path: 'x.c', message: 'cannot be read: x.c', suggestions: [] };
    assert.deepEqual([(await ran(['analyze', '.'], { problems: [problem] })).status], [2]);
    const kernel = await ran(['analyze', '.', '--kernel', 'k'], { drivers: 0, problems: [{ ...problem, kind: 'no-kernel-tree' }] });
    assert.deepEqual([kernel.status, kernel.out], [2, '']);
    assert.match(kernel.error, /--kernel k is neither/);
  });

  it('names modules that failed, and goes on', async () => {
    const { status, error } = await ran(['analyze', '.'], {
      modules: 2,
      failures: [{ name: 'big', file: 'big.c', message: 'it took longer than 60 s' }],
    });
    assert.deepEqual([status, error], [0, 'fgft: big (big.c) was not analysed: it took longer than 60 s\n']);
  });

  it('is a failure when every module failed', async () => {
    const failures = [{ name: 'big', file: 'big.c', message: 'it took longer than 60 s' }];
    assert.equal((await ran(['analyze', '.'], { modules: 1, failures })).status, 2);
  });

  it('says how much a stopped run holds', async () => {
    const { status, out, error } = await ran(['analyze', '.', '--format', 'json'], { cancelled: true, modules: 9 });
    assert.equal(status, 130);
    assert.match(error, /stopped; the report holds 1 of 9 modules/);
    assert.equal((JSON.parse(out) as Report).drivers.length, 1);
  });

  it('writes nothing about nothing', async () => {
    const { out } = await ran(['analyze', '.', '-o', 'none.json'], { drivers: 0 });
    assert.equal(out, '');
    assert.throws(() => readFileSync(join(folder, 'none.json')));
    const shard = await ran(['analyze', '.', '--shard', '1/1', '--format', 'json'], { drivers: 0 });
    assert.deepEqual((JSON.parse(shard.out) as Report).drivers, [], 'but a shard without modules can be joined');
  });

  it('says that the output cannot be written', async () => {
    const { status, error } = await ran(['analyze', '.', '-o', 'missing/report.txt']);
    assert.equal(status, 2);
    assert.match(error, /missing\/report\.txt cannot be written: its folder does not exist/);
  });
});
