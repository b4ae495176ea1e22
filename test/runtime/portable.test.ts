import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';
import { randomLayouts } from './layouts';
import { installed, portableFiles, run, runtimeFolder } from './tools';

const userFolder = join(repositoryRoot, 'test/runtime/user');

/** The portable part of the runtime, compiled for user space with the sanitizers: an error of theirs ends the program. */
describe('runtime in user space', function () {
  this.timeout(180_000);
  let folder = '';

  before(function () {
    if (!installed('gcc')) skip(this, 'gcc is not installed');
    folder = mkdtempSync(join(tmpdir(), 'fgft-runtime-'));
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  function compile(name: string, includes: readonly string[] = []): string {
    const program = join(folder, name);
    const flags = ['-g', '-O1', '-std=gnu11', '-Wall', '-Wextra', '-Wno-unused-parameter', '-Werror'];
    const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    const folders = [runtimeFolder, userFolder, ...includes].map((path) => `-I${path}`);
    const sources = [join(userFolder, `${name}.c`), ...portableFiles];
    const { status, text } = run('gcc', [...flags, ...sanitizers, ...folders, ...sources, '-o', program]);
    assert.equal(status, 0, text);
    return program;
  }

  it('keeps its promises about objects, copies, publishing and logs', () => {
    const { status, text } = run(compile('copies'), []);
    assert.equal(status, 0, text);
    assert.match(text, /all expectations hold/);
  });

  it('agrees with a naive range table over a million random operations', () => {
    const { status, text } = run(compile('ranges'), ['1000000']);
    assert.equal(status, 0, text);
    assert.match(text, /1000000 operations agree/);
  });

  it('copies records of random layouts in and out as the compiler lays them out', () => {
    const includes = join(folder, 'include');
    mkdirSync(includes);
    for (const seed of [1, 2]) {
      writeFileSync(join(includes, 'layouts.h'), randomLayouts(seed, 60));
      const { status, text } = run(compile('layouts', [includes]), []);
      assert.equal(status, 0, `seed ${seed}: ${text}`);
      assert.match(text, /60 layouts survive/);
    }
  });
});
