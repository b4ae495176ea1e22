#!/usr/bin/env node
/**
 * Installs what the editor tests need besides the project's own dependencies: a real VS Code (code-server, with the
 * Node 24 it is built with) under the cache folder, and, for root, Chromium and the libraries of the build from Debian.
 *
 *   node scripts/editor-setup.mjs            install what is missing; says what it cannot install
 *   node scripts/editor-setup.mjs --check    install nothing; exit 0 if complete, 3 if something is missing
 *
 * It may be run at any time and any number of times: a complete installation is left alone, and an interrupted one
 * leaves no half-filled folder under the final name. FGFT_CACHE moves the cache folder (default ~/.cache/fgft).
 * About 3 minutes and 620 MB the first time.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The pair that is known to build and run together. A change of either installs anew. */
export const codeServerVersion = '4.139.1';
export const nodeMajor = '24';

/** Needed to run the tests (Chromium and a font) and to build code-server's native parts. */
const debianPackages = [
  'chromium',
  'fonts-dejavu-core',
  'g++',
  'libkrb5-dev',
  'libsecret-1-dev',
  'libx11-dev',
  'libxkbfile-dev',
  'make',
  'pkg-config',
  'python3',
];

/** Where things are, whether or not they exist. The editor tests import this. */
export function editorPaths(environment = process.env) {
  const cache = environment.FGFT_CACHE ?? join(homedir(), '.cache', 'fgft');
  const root = join(cache, 'code-server');
  return {
    root,
    marker: join(root, 'complete.json'),
    node: join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node'),
    codeServer: join(root, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
    chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path)) ?? null,
  };
}

/** What keeps the editor tests from running, as sentences; empty when nothing does. */
export function missingParts(environment = process.env) {
  const paths = editorPaths(environment);
  const missing = [];
  if (!isComplete(paths)) missing.push(`code-server ${codeServerVersion} is not installed in ${paths.root}`);
  if (paths.chromium === null) missing.push('Chromium is not installed (Debian package chromium)');
  return missing;
}

function isComplete(paths) {
  if (!existsSync(paths.marker) || !existsSync(paths.node) || !existsSync(paths.codeServer)) return false;
  try {
    const marker = JSON.parse(readFileSync(paths.marker, 'utf8'));
    return marker.codeServer === codeServerVersion && marker.node === nodeMajor;
  } catch {
    return false;
  }
}

function isDebianPackageInstalled(name) {
  const result = spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' });
  return result.status === 0 && result.stdout.includes('install ok installed');
}

/** Installs the Debian packages when run as root; returns the names that are still missing. */
function installDebianPackages() {
  const missing = debianPackages.filter((name) => !isDebianPackageInstalled(name));
  if (missing.length === 0) return [];
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return missing;
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  console.log(`Installing Debian packages: ${missing.join(' ')}`);
  // The lists of a fresh image may be empty or old; a failed update still leaves a chance for the install.
  spawnSync('apt-get', ['update', '-q'], { stdio: 'inherit', env: environment });
  spawnSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...missing], { stdio: 'inherit', env: environment });
  return missing.filter((name) => !isDebianPackageInstalled(name));
}

function npm(args, cwd, environment) {
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env: environment, stdio: 'inherit' });
}

/** The environment of this run without what `npm run` hands down, which would steer the inner npm to this project. */
function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command|config_local_prefix)/.test(name)),
  );
}

function installCodeServer(paths) {
  const temporary = `${paths.root}.partial-${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  try {
    writeFileSync(join(temporary, 'package.json'), '{ "private": true }\n');
    const nodePackage = `node-linux-${process.arch}`;
    console.log(`Installing Node ${nodeMajor} into ${temporary}`);
    npm(['install', `${nodePackage}@${nodeMajor}`], temporary, cleanEnvironment());
    const nodeFolder = join(temporary, 'node_modules', nodePackage);
    console.log(`Building code-server ${codeServerVersion}; this takes about 3 minutes`);
    npm(['install', `code-server@${codeServerVersion}`, '--foreground-scripts'], temporary, {
      ...cleanEnvironment(),
      PATH: `${join(nodeFolder, 'bin')}${delimiter}${process.env.PATH}`,
      // The native parts are compiled against the headers that come with that Node.
      npm_config_nodedir: nodeFolder,
    });
    writeFileSync(join(temporary, 'complete.json'), `${JSON.stringify({ codeServer: codeServerVersion, node: nodeMajor })}\n`);
    rmSync(paths.root, { recursive: true, force: true });
    renameSync(temporary, paths.root);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function main() {
  if (process.platform !== 'linux') {
    console.error('The editor tests run on Linux only.');
    process.exit(3);
  }
  if (!process.argv.includes('--check')) {
    const paths = editorPaths();
    const missingPackages = installDebianPackages();
    if (missingPackages.length > 0) {
      console.error(`Missing, and only root can install them: apt-get install ${missingPackages.join(' ')}`);
    }
    if (!isComplete(paths)) {
      try {
        installCodeServer(paths);
      } catch (error) {
        console.error(`code-server could not be installed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  const missing = missingParts();
  for (const sentence of missing) console.error(sentence);
  if (missing.length > 0) process.exit(3);
  console.log(`Editor tests can run: code-server ${codeServerVersion} in ${editorPaths().root}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
