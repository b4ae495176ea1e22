/** The Debian packages that each job needs, and what is lost without them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * `anyOf`: the first that the machine's package lists offer is installed; one of them being installed is enough.
 * `without`: what is skipped when the package is missing.
 * @typedef {{ anyOf: string[], jobs: ('demo' | 'test')[], without: string }} Need
 */

/** @type {Need[]} */
export const needs = [
  { anyOf: ['xz-utils'], jobs: ['demo', 'test'], without: 'kernel sources cannot be unpacked' },
  {
    anyOf: ['linux-source-6.1'],
    jobs: ['demo', 'test'],
    without: 'the demo analyses the example driver instead, and the tests on real drivers are skipped',
  },
  {
    anyOf: ['linux-headers-amd64', 'linux-headers-generic'],
    jobs: ['demo', 'test'],
    without: "record sizes come from the source tree's default configuration",
  },
  { anyOf: ['linux-source-6.12'], jobs: ['test'], without: 'the tests over all drivers of 6.12 are skipped' },
  { anyOf: ['linux-headers-6.12-amd64'], jobs: ['test'], without: 'the tests against the headers of 6.12 are skipped' },
  { anyOf: ['gcc'], jobs: ['test'], without: 'the tests that compile C are skipped' },
  { anyOf: ['make'], jobs: ['test'], without: 'the tests that build kernel modules are skipped' },
  {
    anyOf: ['sparse'],
    jobs: ['test'],
    without: 'the check of the runtime with sparse is skipped, and the benchmark has no sparse to compare with',
  },
  ...['qemu-system-x86', 'busybox-static', 'cpio', 'kmod', 'zstd'].map((name) => ({
    anyOf: [name],
    jobs: /** @type {('test')[]} */ (['test']),
    without: 'the tests in a running kernel are skipped',
  })),
  { anyOf: ['python3'], jobs: ['test'], without: 'the comparison with the oracle is skipped' },
  { anyOf: ['clangd-22', 'clangd-19', 'clangd'], jobs: ['test'], without: 'the benchmark has no clangd to compare with' },
  { anyOf: ['coccinelle'], jobs: ['test'], without: 'the benchmark has no spatch to compare with' },
  { anyOf: ['neovim'], jobs: ['test'], without: 'the tests with Neovim as a client are skipped' },
  { anyOf: ['chromium'], jobs: ['test'], without: 'the tests in a real VS Code are skipped' },
  ...['fonts-dejavu-core', 'g++', 'libc6-dev', 'libkrb5-dev', 'libsecret-1-dev', 'libx11-dev', 'libxkbfile-dev', 'pkg-config'].map(
    (name) => ({
      anyOf: [name],
      jobs: /** @type {('test')[]} */ (['test']),
      without: 'the tests in a real VS Code are skipped',
    }),
  ),
];

/** The names among `names` that dpkg has installed; empty where there is no dpkg. */
function installed(names) {
  const answer = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Abbrev} ${Package}\\n', ...names], { encoding: 'utf8' });
  return new Set(
    (answer.stdout ?? '')
      .split('\n')
      .filter((line) => line.startsWith('ii'))
      .map((line) => line.slice(3).trim()),
  );
}

/** The needs of a job that nothing installed meets. */
export function missingPackages(job) {
  const wanted = needs.filter((need) => need.jobs.includes(job));
  const present = installed(wanted.flatMap((need) => need.anyOf));
  return wanted.filter((need) => !need.anyOf.some((name) => present.has(name)));
}

/** Of each need, the first package that this machine's package lists offer; null where they offer none. */
function choose(missing) {
  const names = missing.flatMap((need) => need.anyOf);
  const answer = spawnSync('apt-cache', ['policy', ...names], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const offered = new Set();
  let name = '';
  for (const line of (answer.stdout ?? '').split('\n')) {
    if (/^\S.*:$/.test(line)) name = line.slice(0, -1);
    else if (/^\s+Candidate: (?!\(none\))/.test(line)) offered.add(name);
  }
  return missing.map((need) => ({ need, name: need.anyOf.find((candidate) => offered.has(candidate)) ?? null }));
}

/**
 * Installs what a job misses, if this is root on Debian. Returns what is still missing, each with the reason.
 * @param {'demo' | 'test'} job
 * @param {(message: string) => void} say
 * @returns {{ need: Need, name: string, reason: string }[]} `name`: the package of `need` to install here
 */
export function installPackages(job, say) {
  const missing = missingPackages(job);
  if (missing.length === 0) return [];
  if (!existsSync('/usr/bin/apt-get')) return missing.map((need) => ({ need, name: need.anyOf[0], reason: 'this is not a Debian system' }));
  if (process.getuid?.() !== 0)
    return choose(missing).map(({ need, name }) => ({ need, name: name ?? need.anyOf[0], reason: 'only root can install it' }));

  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  say(`installing Debian packages: ${missing.map((need) => need.anyOf[0]).join(' ')}`);
  // Failing to refresh is not the end: the lists that are there may do.
  spawnSync('apt-get', ['update', '-q'], { env: environment, stdio: ['ignore', 'ignore', 'inherit'] });
  const chosen = choose(missing);
  const names = chosen.flatMap(({ name }) => (name === null ? [] : [name]));
  try {
    install(names, environment);
  } catch {
    // One package that cannot be had must not keep the others away.
    for (const name of names) {
      try {
        install([name], environment);
      } catch {
        say(`apt-get could not install ${name}`);
      }
    }
  }
  const still = new Set(missingPackages(job));
  return chosen
    .filter(({ need }) => still.has(need))
    .map(({ need, name }) => ({
      need,
      name: name ?? need.anyOf[0],
      reason: name === null ? "this system's package lists do not offer it" : 'apt-get failed',
    }));
}

function install(names, environment) {
  if (names.length === 0) return;
  execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
