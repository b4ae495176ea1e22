import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { validateReport } from '../../../server/src/report/validate';
import { repositoryRoot } from '../../support/repository';
import { skip } from '../../support/skip';

const example = 'examples/fgft_demo_nic';

interface Ran {
  status: number | null;
  out: string;
  error: string;
}

describe('cli: the bundled command', function () {
  this.timeout(120_000);
  let folder = '';

  /** Runs dist/cli.cjs as it is installed: nothing but what lies in dist/ is there. */
  function fgft(words: string[], options: { cwd?: string; uid?: number } = {}): Ran {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'dist/cli.cjs'), ...words], {
      cwd: repositoryRoot,
      encoding: 'utf8',
      env: { ...process.env, FGFT_CACHE: join(folder, 'cache'), NO_COLOR: '1' },
      maxBuffer: 256 * 1024 * 1024,
      ...options,
    });
    return { status, out: stdout, error: stderr };
  }

  before(function () {
    if (!existsSync(join(repositoryRoot, 'dist/cli.cjs'))) skip(this, 'dist/cli.cjs does not exist; run npm run build');
    folder = mkdtempSync(join(tmpdir(), 'fgft-bundle-'));
    chmodSync(folder, 0o755);
    cpSync(join(repositoryRoot, 'dist'), join(folder, 'dist'), { recursive: true });
  });

  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  it('prints help and version with status 0', () => {
    assert.deepEqual([fgft(['--help']).status, fgft(['--version']).status], [0, 0]);
    assert.match(fgft(['--version']).out, /^\d+\.\d+\.\d+\n$/);
  });

  it('answers bad usage with status 2 and nothing on standard output', () => {
    for (const words of [
      ['analyze'],
      ['nonsense'],
      ['analyze', example, '--format', 'xml'],
      ['isolate', example, '--out', 'x'],
      ['checkpoint', example],
      ['suspects', example],
    ]) {
      const { status, out, error } = fgft(words);
      assert.deepEqual([status, out], [2, ''], words.join(' '));
      assert.match(error, /^fgft: /);
      assert.doesNotMatch(error, /\n {4}at /, 'a stack trace is no message');
    }
  });

  it('analyses the example driver into a valid report', () => {
    const { status, out, error } = fgft(['analyze', example, '--format', 'json']);
    assert.equal(status, 0, error);
    const report = JSON.parse(out) as { drivers: { entryPoints: unknown[] }[] };
    assert.deepEqual(validateReport(report), []);
    assert.ok(report.drivers.some((driver) => driver.entryPoints.length > 5));
  });

  it('finds the same in threads, and again in what it kept', () => {
    const driversOf = (...words: string[]): unknown => {
      const { status, out, error } = fgft(['analyze', example, '--format', 'json', ...words]);
      assert.equal(status, 0, error);
      return (JSON.parse(out) as { drivers: unknown }).drivers;
    };
    const here = driversOf('--no-cache');
    assert.deepEqual(driversOf('--jobs', '2', '--no-cache'), here);
    assert.deepEqual(driversOf(), here);
    assert.deepEqual(driversOf(), here);
  });

  it('joins shards, also one that had nothing to do', () => {
    const shards = [1, 2].map((i) => {
      const file = join(folder, `shard${i}.json`);
      const { status, error } = fgft(['analyze', example, '--shard', `${i}/2`, '--format', 'json', '-o', file]);
      assert.equal(status, 0, error);
      return file;
    });
    const { status, out, error } = fgft(['merge', ...shards]);
    assert.equal(status, 0, error);
    const report = JSON.parse(out) as { drivers: unknown[] };
    assert.deepEqual(validateReport(report), []);
    assert.equal(report.drivers.length, 1);
  });

  it('names near matches of a file and of an entry point', () => {
    const file = fgft(['analyze', `${example}/demo_nic_mian.c`]);
    assert.equal(file.status, 2);
    assert.match(file.error, /did you mean .*demo_nic_main/);
    const { out } = fgft(['analyze', example, '--format', 'json']);
    const report = JSON.parse(out) as { drivers: { entryPoints: { name: string }[] }[] };
    const { name } = report.drivers[0].entryPoints[0];
    const entry = fgft(['analyze', example, '--entry', `${name}x`]);
    assert.equal(entry.status, 2);
    assert.match(entry.error, new RegExp(`did you mean .*${name}`));
    const right = fgft(['analyze', example, '--entry', name]);
    assert.equal(right.status, 0, right.error);
    assert.match(right.out, new RegExp(name));
  });

  it('says what is wrong with input that is no driver', () => {
    const input = join(folder, 'input');
    mkdirSync(input);
    writeFileSync(join(input, 'notes.txt'), 'no C');
    for (const path of [join(input, 'notes.txt'), input, join(input, 'missing')]) {
      const { status, error } = fgft(['analyze', path]);
      assert.equal(status, 2, path);
      assert.match(error, /^fgft: .*input/);
    }
    const kernel = fgft(['analyze', example, '--kernel', input]);
    assert.equal(kernel.status, 2);
    assert.match(kernel.error, /is neither a kernel source tree nor an installed headers folder/);
  });

  it('says that a folder cannot be read', function () {
    if (process.getuid?.() !== 0) skip(this, 'only root can run the command as another user');
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    writeFileSync(join(closed, 'a.c'), 'int a;\n');
    chmodSync(closed, 0o700);
    const { status, error } = fgft(['analyze', closed], { uid: 65534, cwd: '/' });
    assert.equal(status, 2);
    assert.match(error, /cannot be read|permission/);
  });

  it('ends quietly when the reader of its output goes away', () => {
    const command = `"${process.execPath}" "${join(folder, 'dist/cli.cjs')}" analyze ${example} --format html | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { cwd: repositoryRoot, encoding: 'utf8' });
    assert.deepEqual([stdout, stderr], ['0\n', '']);
  });

  it('finds out how it stands with a file', () => {
    const { status, out, error } = fgft(['doctor', `${example}/demo_nic_main.c`]);
    assert.equal(status, 0, error);
    for (const matter of ['kernel', 'configuration', 'module', 'headers', 'knowledge', 'problems'])
      assert.match(out, new RegExp(`^${matter} `, 'm'));
  });
});
