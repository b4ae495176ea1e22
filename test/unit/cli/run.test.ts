import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../server/src/cli/run';
import type { Terminal } from '../../../server/src/cli/terminal';
import type { AnalyzeResult, Engine, EngineOptions, InputProblem, Progress } from '../../../server/src/engine/engine';
import { sampleReport } from './sampleReport';
import { terminalForTests } from './terminalForTests';

interface Ran {
  status: number | null;
  out: string;
  error: string;
  options: EngineOptions[];
  disposed: number;
}

/** Runs a command with an engine that answers for each path with what `answer` says. */
async function ran(
  words: string[],
  answer: (path: string, progress?: Progress) => AnalyzeResult = () => ({ report: sampleReport(), problems: [] }),
  overrides: Partial<Terminal> = {},
): Promise<Ran> {
  const { terminal, printed } = terminalForTests(overrides);
  const result: Ran = { status: null, out: '', error: '', options: [], disposed: 0 };
  const engine = {
    analyze: (path: string, options?: { progress?: Progress }) => Promise.resolve(answer(path, options?.progress)),
    dispose: () => void result.disposed++,
  } as unknown as Engine;
  result.status = await run(words, terminal, '0.1.0', (options) => {
    result.options.push(options);
    return engine;
  });
  return { ...result, ...printed };
}

function failing(kind: InputProblem['kind'], path: string, suggestions: string[] = []): AnalyzeResult {
  const report = { ...sampleReport(), drivers: [], summary: { ...sampleReport().summary, drivers: 0, entryPoints: 0 } };
  return { report, problems: [{ kind, path, message: `${kind} ${path}`, suggestions }] };
}

describe('cli: exit statuses and messages', () => {
  it('0: analysed, whatever was found', async () => {
    const { status, out, error, disposed } = await ran(['analyze', 'a.c']);
    assert.equal(status, 0);
    assert.match(out, /sample_open/);
    assert.equal(error, '');
    assert.equal(disposed, 1);
  });

  it('1: a finding at or above --fail-on', async () => {
    const statuses = await Promise.all(
      ['error', 'warning', 'information'].map(async (level) => (await ran(['analyze', 'a.c', '--fail-on', level])).status),
    );
    assert.deepEqual(statuses, [0, 1, 1]);
  });

  it('2: unreadable input, with near matches and no report', async () => {
    const { status, out, error } = await ran(['analyze', 'a.c'], (path) => failing('no-such-file', path, ['b.c', 'c.c']));
    assert.deepEqual({ status, out }, { status: 2, out: '' });
    assert.equal(error, 'fgft: no-such-file /here/a.c\nfgft:   did you mean b.c, c.c?\n');
  });

  it('2, with the report of the rest, when one of two paths is unreadable', async () => {
    const { status, out } = await ran(['analyze', 'a.c', 'b'], (path) =>
      path === '/here/b' ? failing('unreadable', path) : { report: sampleReport(), problems: [] },
    );
    assert.equal(status, 2);
    assert.match(out, /sample_open/);
  });

  it('2: bad usage, with where to read on', async () => {
    const { status, error } = await ran(['analyze', '--format', 'xml', 'a.c']);
    assert.equal(status, 2);
    assert.match(error, /unknown format 'xml'.*\nfgft: see fgft analyze --help\n$/);
  });

  it('no kernel tree is a warning, unless one was asked for', async () => {
    const answer = (path: string): AnalyzeResult => ({ ...failing('no-kernel-tree', path), report: sampleReport() });
    const without = await ran(['analyze', 'a.c'], answer);
    assert.deepEqual([without.status, without.error], [0, 'fgft: no-kernel-tree /here/a.c\n']);
    const wrong = await ran(['analyze', 'a.c', '--kernel', 'k'], answer);
    assert.deepEqual([wrong.status, wrong.out, wrong.options[0].kernel], [2, '', '/here/k']);
    assert.match(wrong.error, /^fgft: --kernel k is neither a kernel source tree nor an installed headers folder\n$/);
  });

  it('an unknown entry point is a mistake only if no driver has it', async () => {
    const answer =
      (name: string) =>
      (path: string): AnalyzeResult =>
        path === '/here/b' ? failing('unknown-entry-point', name) : { report: sampleReport(), problems: [] };
    assert.equal((await ran(['analyze', 'a.c', 'b', '--entry', 'sample_open'], answer('sample_open'))).status, 0);
    assert.equal((await ran(['analyze', 'a.c', 'b', '--entry', 'nothing'], answer('nothing'))).status, 2);
  });

  it('prints no report when the entry point that was asked for is unknown', async () => {
    const { status, out, error } = await ran(['analyze', 'a.c', '--entry', 'sample_opne'], () => {
      const { report, problems } = failing('unknown-entry-point', 'sample_opne', ['sample_open']);
      return { report: { ...report, drivers: sampleReport().drivers.map((driver) => ({ ...driver, entryPoints: [] })) }, problems };
    });
    assert.deepEqual([status, out], [2, '']);
    assert.equal(error, 'fgft: unknown-entry-point sample_opne\nfgft:   did you mean sample_open?\n');
  });

  it('joins the drivers of several paths, each once', async () => {
    const { out } = await ran(['analyze', 'a.c', 'b.c', '--format', 'json'], (path) => {
      const report = sampleReport();
      if (path === '/here/b.c') report.drivers.push({ ...report.drivers[0], name: 'other' });
      return { report, problems: [] };
    });
    const { drivers, summary } = JSON.parse(out) as { drivers: { name: string }[]; summary: object };
    assert.deepEqual(
      drivers.map((driver) => driver.name),
      ['sample', 'other'],
    );
    assert.deepEqual(summary, { drivers: 2, entryPoints: 4, withResynchronization: 2, isolatable: 2, milliseconds: 240 });
  });

  it('writes to --output, and says why it cannot', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fgft-cli-'));
    try {
      const { status, out } = await ran(['analyze', 'a.c', '--format', 'html', '--output', join(folder, 'r.html')]);
      assert.deepEqual({ status, out }, { status: 0, out: '' });
      assert.match(readFileSync(join(folder, 'r.html'), 'utf8'), /<\/html>\n$/);
      const failed = await ran(['analyze', 'a.c', '--output', join(folder, 'none/r.txt')]);
      assert.equal(failed.status, 2);
      assert.match(failed.error, /cannot be written: its folder does not exist/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('prints its help and version', async () => {
    assert.match((await ran(['--help'])).out, /usage: fgft COMMAND/);
    assert.equal((await ran(['--version'])).out, '0.1.0\n');
  });

  it('doctor says that there is no such file', async () => {
    const { status, error } = await ran(['doctor', 'nowhere.c']);
    assert.deepEqual([status, error], [2, 'fgft: there is no file nowhere.c\n']);
  });
});

describe('cli: progress', () => {
  /** Modules that take `each` milliseconds, on a terminal or not. */
  const work = (each: number, errorIsTerminal: boolean): Promise<Ran> => {
    let time = 0;
    const answer = (_path: string, progress?: Progress): AnalyzeResult => {
      for (let done = 0; done < 10; done++, time += each) progress?.report(done, 10, `module${done}`);
      progress?.report(10, 10, '');
      return { report: sampleReport(), problems: [] };
    };
    return ran(['analyze', 'a', '--format', 'json'], answer, { now: () => time, errorIsTerminal });
  };

  it('is shown on a terminal when the work is long, with an estimate, and removed', async () => {
    const { error } = await work(600, true);
    assert.match(error, /analysing 3 of 10: module2, about 5 s left/);
    assert.doesNotMatch(error, /: (?:$|\r|,)/, 'never without a name');
    assert.ok(error.endsWith('\r\u001b[K'));
  });

  it('is not shown for short work, nor where nobody reads it', async () => {
    assert.equal((await work(20, true)).error, '');
    assert.equal((await work(600, false)).error, '');
  });
});
