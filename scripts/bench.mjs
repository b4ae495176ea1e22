#!/usr/bin/env node
/** Builds if needed and runs test/bench/main.ts, which prints the speed of this analysis beside clangd's and gcc's on the same files. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, isStale } from './build.mjs';
import { root } from './setup.mjs';

const main = join(root, 'test/bench/main.ts');
if (!existsSync(main)) {
  console.error(`bench: ${main} does not exist`);
  process.exit(1);
}
if (isStale()) await build({ production: true });
const answer = spawnSync(process.execPath, ['--import=tsx', main, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(answer.status ?? 1);
