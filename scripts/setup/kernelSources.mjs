/** Unpacks Debian's kernel sources into the cache folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the project keeps what it downloads and unpacks, outside the checkout. */
export function cacheFolder(environment = process.env) {
  return environment.FGFT_CACHE || join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fgft');
}

/** Where the tree of `linux-source-VERSION` is or would be. */
export function kernelSource(version) {
  return join(cacheFolder(), 'kernel', `linux-source-${version}`);
}

/** `6.1.192` as the tree's own Makefile states it; null if there is none. */
function release(tree) {
  try {
    const text = readFileSync(join(tree, 'Makefile'), 'utf8');
    return ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map((name) => new RegExp(`^${name} *= *(\\d+)`, 'm').exec(text)?.[1]).join('.');
  } catch {
    return null;
  }
}

/** The upstream version of an installed package (`6.1.192` of `6.1.192-2`); null if it is not installed. */
function packaged(name) {
  const answer = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Abbrev} ${source:Upstream-Version}', name], { encoding: 'utf8' });
  return /^ii +(.+)$/.exec((answer.stdout ?? '').trim())?.[1] ?? null;
}

/**
 * Makes `~/.cache/fgft/kernel/linux-source-VERSION` the tree of the installed package. About 40 s for a tree that is not there yet.
 * Returns the tree's path, or null if the package is not installed or cannot be unpacked.
 * @param {string} version `6.1`
 * @param {(message: string) => void} say
 * @returns {string | null}
 */
export function unpackKernelSource(version, say) {
  const tree = kernelSource(version);
  const name = `linux-source-${version}`;
  const wanted = packaged(name);
  const has = existsSync(tree) ? release(tree) : null;
  if (wanted === null || has === wanted) return has === null ? null : tree;

  const archive = `/usr/src/${name}.tar.xz`;
  if (!existsSync(archive)) return has === null ? null : tree;
  const parent = join(cacheFolder(), 'kernel');
  const partial = join(parent, `.${name}.partial-${process.pid}`);
  mkdirSync(parent, { recursive: true });
  removeAbandoned(parent, name);
  mkdirSync(partial);
  say(`unpacking ${archive} into ${tree}`);
  // Unpacked beside its place and renamed when whole: an interrupted run leaves no tree that only looks complete.
  const unpacked = spawnSync('tar', ['-xJf', archive, '-C', partial, '--strip-components=1'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, XZ_OPT: '-T0' },
  });
  if (unpacked.status !== 0 || release(partial) === null) {
    rmSync(partial, { recursive: true, force: true });
    say(`${archive} could not be unpacked`);
    return has === null ? null : tree;
  }
  rmSync(tree, { recursive: true, force: true });
  renameSync(partial, tree);
  return tree;
}

/** Removes what interrupted runs left, unless the process that unpacks there is alive. */
function removeAbandoned(parent, name) {
  for (const entry of readdirSync(parent)) {
    if (!entry.startsWith(`.${name}.partial-`)) continue;
    if (!isRunning(Number(entry.split('-').at(-1)))) rmSync(join(parent, entry), { recursive: true, force: true });
  }
}

function isRunning(id) {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
