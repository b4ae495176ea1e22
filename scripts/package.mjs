#!/usr/bin/env node
/**
 * Packages the extension: a production build in dist/, and what .vscodeignore lets through. Needs no network.
 *
 *   node scripts/package.mjs [--out FILE]               default fgft-VERSION.vsix in the root
 *   node scripts/package.mjs --no-build [--out FILE]    with dist/ as it is
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { root } from './setup.mjs';

const { values } = parseArgs({ options: { 'no-build': { type: 'boolean' }, out: { type: 'string' } } });
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const file = resolve(root, values.out ?? `${name}-${version}.vsix`);
mkdirSync(dirname(file), { recursive: true });
rmSync(file, { force: true });
if (!values['no-build']) await build({ production: true });
// Everything is in the bundles: the npm packages stay out. Links in the README stay relative: there is no public repository to point at.
const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
const answer = spawnSync(process.execPath, [join(root, 'node_modules/@vscode/vsce/vsce'), 'package', ...options, '--out', file], {
  cwd: root,
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (answer.status !== 0) process.exit(answer.status ?? 1);
console.log(`${file}  ${(statSync(file).size / 1024).toFixed(0)} KiB`);
