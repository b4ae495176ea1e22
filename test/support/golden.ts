import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './repository';

/**
 * Compares a text with test/golden/NAME. With UPDATE_GOLDEN=1 the file is written instead: read the difference before
 * committing it.
 */
export function assertGolden(name: string, actual: string): void {
  const path = join(repositoryRoot, 'test/golden', name);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  assert.ok(existsSync(path), `test/golden/${name} does not exist; run with UPDATE_GOLDEN=1 to write it`);
  assert.equal(actual, readFileSync(path, 'utf8'));
}
