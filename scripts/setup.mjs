#!/usr/bin/env node
/**
 * Makes a fresh clone ready: the npm packages, and for root on Debian the system packages and unpacked kernel sources that a
 * job needs. Run any number of times; with everything in place it takes a fraction of a second.
 *
 *   node scripts/setup.mjs [demo|test]
 *
 * FGFT_CACHE moves the cache folder (default ~/.cache/fgft). FGFT_OFFLINE=1 installs no system package.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unpackKernelSource } from './setup/kernelSources.mjs';
import { installNodeModules } from './setup/nodeModules.mjs';
import { installPackages, missingPackages } from './setup/packages.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Sources that each job reads, in the order in which they are unpacked. */
const sources = { demo: ['6.1'], test: ['6.1', '6.12'] };

/**
 * Sets up for a job. Prints what it does, and what is missing with what that costs; nothing when all is in place.
 * @param {'demo' | 'test'} job
 * @returns {{ ready: boolean, trees: Record<string, string | null>, missing: string[] }} `ready`: the npm packages are installed;
 *   `trees`: the unpacked sources by version; `missing`: Debian packages that are not there
 */
export function setUp(job) {
  const say = (message) => console.log(`set-up: ${message}`);
  if (!installNodeModules(root, say)) return { ready: false, trees: {}, missing: [] };
  const missing = process.env.FGFT_OFFLINE
    ? missingPackages(job).map((need) => ({ need, name: need.anyOf[0], reason: 'FGFT_OFFLINE is set' }))
    : installPackages(job, say);
  /** @type {Record<string, string | null>} */
  const trees = {};
  for (const version of sources[job]) trees[version] = unpackKernelSource(version, say);
  if (job === 'test') installEditor();
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name);
    say('these Debian packages are missing:');
    for (const { need, reason } of missing) say(`  ${need.anyOf.join(' or ')}: ${reason}; ${need.without}`);
    say(`install them with: sudo apt-get update && sudo apt-get install ${names.join(' ')}`);
  }
  return { ready: true, trees, missing: missing.map(({ name }) => name) };
}

/** VS Code and what it runs on have a script of their own; it says itself what it cannot install. */
function installEditor() {
  const script = join(root, 'scripts/editor-setup.mjs');
  if (!existsSync(script)) return;
  const flags = process.env.FGFT_OFFLINE ? ['--check'] : [];
  spawnSync(process.execPath, [script, ...flags], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const job = process.argv[2] ?? 'test';
  if (job !== 'demo' && job !== 'test') {
    console.error('usage: node scripts/setup.mjs [demo|test]');
    process.exit(2);
  }
  const result = setUp(job);
  if (!result.ready) console.error('set-up: npm ci failed; see the messages above');
  process.exit(result.ready ? 0 : 1);
}
