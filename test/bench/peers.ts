/** Other tools that read the same files: the compiler's syntax check, sparse and coccinelle. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flagsFor, type KernelBuild } from './kernelBuild';
import { type CommandTime, timeCommands } from './processes';

export interface Peer {
  name: string;
  /** Why it is not measured here; undefined when it is. */
  missing?: string;
  /** Reads files one after another. */
  run(files: readonly string[]): CommandTime;
}

/** Makes coccinelle parse everything, and look for one call. */
const SEMANTIC_PATCH = `@@
expression e;
@@
* msleep(e)
`;

const isInstalled = (command: string): boolean => spawnSync(command, ['--version'], { encoding: 'utf8' }).status === 0;

/** `scratch`: a folder for what they must be given. */
export function peers(build: KernelBuild | string, scratch: string): Peer[] {
  const patch = join(scratch, 'waits.cocci');
  writeFileSync(patch, SEMANTIC_PATCH);
  const noBuild = typeof build === 'string' ? build : undefined;
  const compiled = (command: (file: string, flags: string[]) => string[]) => (files: readonly string[]) =>
    timeCommands(
      files.map((file) => command(file, typeof build === 'string' ? [] : flagsFor(build, file))),
      { cwd: typeof build === 'string' ? scratch : build.headers },
    );
  return [
    {
      name: 'gcc -fsyntax-only',
      missing: noBuild,
      run: compiled((file, flags) => [typeof build === 'string' ? 'gcc' : build.compiler, '-fsyntax-only', ...flags, file]),
    },
    {
      name: 'sparse',
      missing: noBuild ?? (isInstalled('sparse') ? undefined : 'sparse is not installed (Debian: apt-get install sparse)'),
      // As the kernel's own `make C=1` calls it.
      run: compiled((file, flags) => [
        'sparse',
        '-D__linux__',
        '-Dlinux',
        '-D__STDC__',
        '-Dunix',
        '-D__unix__',
        '-Wbitwise',
        ...flags,
        file,
      ]),
    },
    {
      name: 'spatch',
      missing: isInstalled('spatch') ? undefined : 'spatch is not installed (Debian: apt-get install coccinelle)',
      run: (files) =>
        timeCommands(
          files.map((file) => ['spatch', '--very-quiet', '--no-includes', '--sp-file', patch, file]),
          { cwd: scratch },
        ),
    },
  ];
}
