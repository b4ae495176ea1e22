import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, trackedFiles } from '../../support/repository';

/** Lines of each TypeScript file of the product, largest first. */
function sizes(): { path: string; lines: number }[] {
  return trackedFiles()
    .filter((path) => /^(server|client)\/src\/.*\.ts$/.test(path))
    .map((path) => ({ path, lines: readFileSync(join(repositoryRoot, path), 'utf8').trimEnd().split('\n').length }))
    .sort((a, b) => b.lines - a.lines);
}

function describeLargest(files: { path: string; lines: number }[], count: number): string {
  return files
    .slice(0, count)
    .map((file) => `${file.lines} ${file.path}`)
    .join('\n');
}

describe('house: files stay small, one job each', () => {
  const files = sizes();
  const atShare = (share: number): number => files[Math.floor(files.length * (1 - share))]?.lines ?? 0;

  it('no file has more than 600 lines', () => {
    const large = files.filter((file) => file.lines > 600);
    assert.deepEqual(large, []);
  });

  it('nine of ten have at most 350 lines', () => {
    assert.ok(atShare(0.9) <= 350, `${atShare(0.9)} lines; the largest:\n${describeLargest(files, Math.ceil(files.length / 10) + 1)}`);
  });

  it('half of them have at most 120 lines', () => {
    assert.ok(atShare(0.5) <= 120, `the median is ${atShare(0.5)} lines`);
  });
});
