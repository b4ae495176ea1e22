#!/usr/bin/env node
/**
 * Everything that must hold: set-up, then the checks (types, lint, formatting, layers, bundles), then the tests of each folder
 * of test/ in a process of their own, one after the other. Each check counts as one test. The last line is
 * `N passed, N failed, N skipped`.
 *
 *   npm test                 all of it
 *   npm test -- unit lsp     only the tests below test/unit and test/lsp, without the checks
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

const binary = (name) => join(root, 'node_modules/.bin', name);
const output = join(root, 'test-output');

/** Run in this order. `build` comes last: what the tests run is built from what passed. */
const checks = [
  { name: 'types', command: [binary('tsc'), '-p', 'tsconfig.json'] },
  { name: 'types of scripts', command: [binary('tsc'), '-p', 'tsconfig.scripts.json'] },
  { name: 'lint', command: [binary('eslint'), '--max-warnings', '0', '.'] },
  { name: 'format', command: [binary('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'layers', command: [binary('depcruise'), '--config', '.dependency-cruiser.cjs', 'server/src', 'client/src'] },
  { name: 'build', command: [process.execPath, 'scripts/build.mjs'] },
];

/** The cheap and telling ones first. Folders that are not named here follow in the order of their names. */
const order = ['unit', 'fixtures', 'golden', 'properties', 'differential', 'runtime', 'lsp', 'editor', 'vm'];

/** Minutes after which a section is ended and counts as failed: a hang must not hold the machine for ever. */
const limits = { editor: 12, differential: 15, runtime: 20, vm: 20 };
const defaultLimit = 8;

const total = { passed: 0, failed: 0, skipped: /** @type {{ title: string, reason: string }[]} */ ([]) };
const failures = [];

/** Runs a command with its output shown. Resolves to its exit status; 1 if it was ended after `minutes`. */
function run(command, minutes, environment = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command[0], command.slice(1), {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: environment,
      detached: true,
    });
    const timer = setTimeout(() => {
      console.log(`ended after ${minutes} minutes`);
      end(child, 'SIGKILL');
    }, minutes * 60_000);
    const interrupt = () => {
      end(child, 'SIGTERM');
      process.exit(130);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    child.on('error', (error) => console.log(String(error)));
    child.on('close', (status) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve(status ?? 1);
    });
  });
}

/** Ends a child and whatever it started: a test's servers and browsers share its process group. */
function end(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

async function runCheck({ name, command }) {
  const begun = Date.now();
  console.log(`\n== ${name}`);
  const status = await run(command, defaultLimit);
  if (status === 0) total.passed++;
  else {
    total.failed++;
    failures.push(`check: ${name}`);
  }
  console.log(`${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
}

async function runSection(name) {
  const files = readdirSync(join(root, 'test', name), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join('test', name, file))
    .sort();
  if (files.length === 0) return;
  console.log(`\n== test/${name} (${files.length} files)`);
  const results = join(output, `${name}.json`);
  rmSync(results, { force: true });
  const command = [process.execPath, join(root, 'node_modules/mocha/bin/mocha.js'), '--reporter', 'scripts/mocha-reporter.cjs', ...files];
  const status = await run(command, limits[name] ?? defaultLimit, { ...process.env, FGFT_TEST_RESULTS: results, NO_COLOR: '1' });
  const outcome = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : { passed: 0, failed: 0, skipped: [] };
  // Mocha may fail without a failed test: a file that does not load, a process that was ended.
  if (status !== 0 && outcome.failed === 0) outcome.failed = 1;
  if (outcome.failed > 0) failures.push(`test/${name}: ${outcome.failed}`);
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped.push(...outcome.skipped.map((test) => ({ ...test, title: `${name}: ${test.title}` })));
}

function sections() {
  const present = readdirSync(join(root, 'test'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  return present.sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

const chosen = process.argv.slice(2);
if (!setUp('test').ready) {
  console.log('set-up failed: npm ci did not succeed');
  console.log('0 passed, 1 failed, 0 skipped');
  process.exit(1);
}
mkdirSync(output, { recursive: true });
if (chosen.length === 0) for (const check of checks) await runCheck(check);
else await runCheck({ name: 'build', command: [process.execPath, 'scripts/build.mjs', '--if-stale'] });
for (const name of sections()) if (chosen.length === 0 || chosen.includes(name)) await runSection(name);

if (total.skipped.length > 0) {
  console.log('\nskipped:');
  for (const { title, reason } of total.skipped) console.log(`  ${title}: ${reason}`);
}
if (failures.length > 0) {
  console.log('\nfailed:');
  for (const failure of failures) console.log(`  ${failure}`);
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
process.exit(total.failed > 0 ? 1 : 0);
