import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, trackedFiles } from '../../support/repository';

// Put together from parts, so that this file does not contain what it forbids.
const forbidden = [
  ['a path of the machine it was written on', `${'/'}work/`],
  ['a path outside the repository', `..${'/'}shared/`],
  ['a package registry', `registry.${'npmjs'}.org`],
  ['a package registry', `registry.${'yarnpkg'}.com`],
  ['a package registry', `registry.${'npmmirror'}.com`],
  ['a home folder', `${'/'}root/`],
] as const;

const binary = /\.(png|wasm|ico|gif|jpe?g|gz|xz|woff2?)$/;

describe('house: what is committed is clean', () => {
  const files = trackedFiles().filter((path) => !binary.test(path) && statSync(join(repositoryRoot, path)).isFile());
  const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8');

  it('no file names a path or host that only one machine knows', () => {
    const found = files.flatMap((path) => {
      const text = read(path);
      return forbidden.filter(([, word]) => text.includes(word)).map(([what]) => `${path}: ${what}`);
    });
    assert.deepEqual(found, []);
  });

  it('the lock file names no place to download from', () => {
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string }> };
    assert.deepEqual(
      Object.entries(lock.packages).filter(([, entry]) => entry.resolved),
      [],
    );
  });

  it('C that is linked into kernels states its licence', () => {
    const sources = files.filter((path) => /^(server\/runtime|examples)\/.*\.[chS]$/.test(path));
    assert.deepEqual(
      sources.filter((path) => !/SPDX-License-Identifier: GPL-2\.0/.test(read(path).split('\n', 3).join('\n'))),
      [],
    );
  });

  it('no file is larger than 2 MB', () => {
    assert.deepEqual(
      trackedFiles().filter((path) => statSync(join(repositoryRoot, path)).size > 2_000_000),
      [],
    );
  });
});
