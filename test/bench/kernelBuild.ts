/** How Kbuild compiles a module against the installed headers: asked from Kbuild itself, so that gcc and clangd read what a real build reads. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { kernelSource } from '../../scripts/setup/kernelSources.mjs';

/** The drivers that everything is measured on, all of Debian's linux-source-6.1, by the file that an editor opens. */
export const drivers = {
  '8139too': 'drivers/net/ethernet/realtek/8139too.c',
  e1000: 'drivers/net/ethernet/intel/e1000/e1000_main.c',
  i40e: 'drivers/net/ethernet/intel/i40e/i40e_main.c',
  ixgbe: 'drivers/net/ethernet/intel/ixgbe/ixgbe_main.c',
} as const;

export type DriverName = keyof typeof drivers;

/** The unpacked sources of the drivers; null when they are not there. */
export function driverSources(): string | null {
  const tree = kernelSource('6.1');
  return existsSync(join(tree, drivers['8139too'])) ? tree : null;
}

/** The newest installed headers of the same kernel, which carry its configuration; null when there are none. */
export function installedHeaders(): string | null {
  if (!existsSync('/usr/src')) return null;
  const found = readdirSync('/usr/src')
    .filter((name) => /^linux-headers-6\.1\..*-amd64$/.test(name) && existsSync(join('/usr/src', name, 'include/config/auto.conf')))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const newest = found.at(-1);
  return newest === undefined ? null : join('/usr/src', newest);
}

export interface KernelBuild {
  /** Flags are relative to this folder. */
  headers: string;
  compiler: string;
  /** Flags of a module called `PROBE`, without those that write files. */
  flags: string[];
}

const PROBE = 'fgft_bench_probe';

/** Asks Kbuild, without building anything, how it would compile a module. Gives the reason when it does not say. */
export function kernelBuild(headers: string): KernelBuild | string {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-bench-kbuild-'));
  try {
    writeFileSync(join(folder, 'Kbuild'), `obj-m := ${PROBE}.o\n`);
    writeFileSync(join(folder, `${PROBE}.c`), 'int probe;\n');
    const answer = spawnSync('make', ['-n', 'V=1', '-C', headers, `M=${folder}`, `${PROBE}.o`], { encoding: 'utf8' });
    if (answer.status !== 0)
      return `make in ${headers} says no compile command (${(answer.stderr ?? String(answer.error)).trim().split('\n').at(-1)})`;
    const command = new RegExp(String.raw`(\S*gcc\S*) (-Wp,-MMD[^;\n]*?) -c -o \S+ \S+${PROBE}\.c`).exec(answer.stdout);
    if (!command) return `no compile command in what make in ${headers} prints`;
    const flags = command[2].replaceAll(/['\\]/g, '').split(/\s+/);
    return { headers, compiler: command[1], flags: flags.filter((flag) => !flag.startsWith('-Wp,-MMD') && flag !== '-g') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The flags to compile a driver's file with. Drivers that include their own headers in angle brackets name their folder in their Makefile. */
export function flagsFor(build: KernelBuild, file: string): string[] {
  const name = basename(file, '.c').replaceAll('-', '_');
  return [...build.flags.map((flag) => flag.replaceAll(PROBE, name)), `-I${dirname(file)}`];
}

/** Flags of gcc that clang does not have, or refuses. */
const notClang =
  /^(-mfunction-return=|-mindirect-branch|-mrecord-mcount$|-mskip-rax-setup$|-mpreferred-stack-boundary=|-fconserve-stack$|-fno-allow-store-data-races$|-falign-(jumps|loops)=|-mno-fp-ret-in-387$|-mharden-sls=|-fplugin|--param|-Wno-(stringop|alloc-size|maybe-uninitialized|restrict|format-(truncation|overflow)|packed-not-aligned|dangling-pointer|unused-but-set-variable)|-Wimplicit-fallthrough=|-Werror=designated-init$)/;

export function clangFlags(flags: readonly string[]): string[] {
  return ['clang', ...flags.filter((flag) => !notClang.test(flag))];
}

/** Writes the compile_commands.json that clangd needs for these files into a folder. */
export function writeCompileCommands(folder: string, build: KernelBuild, files: readonly string[]): void {
  const commands = files.map((file) => ({ directory: build.headers, file, arguments: [...clangFlags(flagsFor(build, file)), '-c', file] }));
  writeFileSync(join(folder, 'compile_commands.json'), JSON.stringify(commands, null, 1));
}

/** Debian's newest clangd, with the version that it says; null when none is installed. */
export function newestClangd(): { command: string; version: string } | null {
  for (const command of ['clangd-22', 'clangd-21', 'clangd-20', 'clangd-19', 'clangd']) {
    const answer = spawnSync(command, ['--version'], { encoding: 'utf8' });
    if (answer.status === 0) return { command, version: /version (\S+)/.exec(answer.stdout)?.[1] ?? 'unknown' };
  }
  return null;
}
