import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '../support/repository';
import { installedRelease } from '../vm/lab/kernelImage';

/** Where the C of the runtime is. */
export const runtimeFolder = join(repositoryRoot, 'server/runtime/kernel');

/** Where the self-test module is. */
export const selftestFolder = join(repositoryRoot, 'test/runtime/selftest');

/** The files that are the same in user space and in the kernel. */
export const portableFiles = ['arena', 'ranges', 'objects', 'copy', 'validate', 'publish', 'routes', 'undo', 'lend', 'tables'].map((name) =>
  join(runtimeFolder, `fgft_${name}.c`),
);

export interface Outcome {
  readonly status: number;
  /** Standard output and standard error, in this order. */
  readonly text: string;
}

/** Runs a program to its end. A program that cannot be started has the status -1. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; seconds?: number; env?: NodeJS.ProcessEnv } = {},
): Outcome {
  const ended = spawnSync(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    encoding: 'utf8',
    timeout: (options.seconds ?? 120) * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status: ended.status ?? -1, text: `${ended.stdout ?? ''}${ended.stderr ?? ''}` };
}

/** Is a program installed? */
export function installed(command: string): boolean {
  return run('sh', ['-c', `command -v ${command}`]).status === 0;
}

/** Folders of installed kernel headers to build against, one per kernel version that the runtime is made for. */
export function kernelHeaders(): { version: string; folder: string }[] {
  return ['6.1', '6.12'].flatMap((version) => {
    const release = installedRelease(version);
    return release ? [{ version, folder: `/usr/src/linux-headers-${release}` }] : [];
  });
}

/** checkpatch.pl of an unpacked kernel source, or undefined. */
export function checkpatch(): string | undefined {
  const cache = join(homedir(), '.cache/fgft/kernel');
  const folders = existsSync(cache) ? readdirSync(cache).sort().reverse() : [];
  return folders.map((name) => join(cache, name, 'scripts/checkpatch.pl')).find((path) => existsSync(path));
}
