/** Programs that are started with the code that V8 compiled of them before. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/repository';
import { runCompiled } from '../../../server/src/engine/compiledCode';

describe('engine: compiled code', () => {
  let folder: string;
  let cache: string;
  let bundle: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fgft-code-'));
    cache = join(folder, 'cache');
    bundle = join(folder, 'program.cjs');
    write('one');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A program that writes what it is told and where it stands, reads a module of Node's, and has its code kept. */
  function write(word: string): void {
    const text = `const { writeFileSync } = require('node:fs');
function work(n) { return n < 2 ? 1 : n * work(n - 1); }
writeFileSync(__dirname + '/ran', '${word} ' + work(5) + ' ' + __filename);
module.keepCode();
// A comment at the end.`;
    writeFileSync(bundle, text);
  }
  const run = (at = cache): string => {
    runCompiled(bundle, at);
    return readFileSync(join(folder, 'ran'), 'utf8');
  };
  const kept = (): Record<string, Buffer> => Object.fromEntries(readdirSync(cache).map((name) => [name, readFileSync(join(cache, name))]));

  it('is kept by the first run and taken by the next, which does the same', () => {
    const first = run();
    assert.equal(first, `one 120 ${bundle}`);
    const [[name, code]] = Object.entries(kept());
    assert.match(name, /^code-program-[0-9a-f]{16}$/);
    assert.equal(run(), first);
    assert.deepEqual(kept(), { [name]: code }, 'what was taken is not written again');
  });

  it('is that of the very text', () => {
    run();
    write('two');
    assert.equal(run(), `two 120 ${bundle}`);
    assert.equal(Object.keys(kept()).length, 2);
  });

  it('is made anew when it is damaged', () => {
    run();
    const [[name, code]] = Object.entries(kept());
    writeFileSync(join(cache, name), code.subarray(0, code.length >> 1));
    // In a process of its own: within one, V8 remembers by itself what it compiled.
    const source = join(repositoryRoot, 'server/src/engine/compiledCode.ts');
    const program = `require(${JSON.stringify(source)}).runCompiled(${JSON.stringify(bundle)}, ${JSON.stringify(cache)});`;
    const words = ['--import=tsx', '-e', program];
    const { status, stderr } = spawnSync(process.execPath, words, { cwd: repositoryRoot, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(join(folder, 'ran'), 'utf8'), `one 120 ${bundle}`);
    assert.notDeepEqual(kept()[name], code.subarray(0, code.length >> 1));
  });

  it('is done without where it cannot be kept', () => {
    mkdirSync(cache);
    writeFileSync(join(cache, 'file'), '');
    assert.equal(run(join(cache, 'file')), `one 120 ${bundle}`);
  });
});
