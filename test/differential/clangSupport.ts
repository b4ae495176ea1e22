/** Runs clang over the files of drivers, as a module of the distribution's kernel would be compiled. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Engine } from '../../server/src/engine';
import { type ClangFacts, factsOf } from './clangFacts';
import { joinFacts, type ModuleFacts, score, type Scores } from './clangScore';
import { declarationsInDump } from './clangTree';
import { headersFolder } from './layoutsSupport';
import { kernelSource } from './oracleSupport';

/** Largest dump that is taken, in bytes: that of a large driver has about 100 MB. */
const MAXIMUM_DUMP = 1 << 29;

export interface ClangSetting {
  clang: string;
  /** The unpacked kernel source. */
  source: string;
  /** The installed headers with the distribution's configuration. */
  kernel: string;
}

/** Everything that the comparison needs, or why it cannot be made here. `FGFT_CLANG` names the compiler. */
export function clangSetting(): ClangSetting | string {
  const clang = [process.env.FGFT_CLANG ?? '', 'clang-19', 'clang'].find((name) => name && spawnSync(name, ['--version']).status === 0);
  if (!clang) return 'clang is not installed (Debian: clang-19)';
  const source = kernelSource();
  if (!existsSync(join(source, 'Makefile'))) return 'the kernel source (~/.cache/fgft/kernel/linux-source-6.1) is not unpacked';
  const kernel = headersFolder();
  return kernel ? { clang, source, kernel } : 'the linux-headers-6.1.0-*-amd64 package is not installed';
}

function flags(setting: ClangSetting, file: string): string[] {
  const common = setting.kernel.replace(/amd64$/, 'common');
  const name = basename(file, '.c').replace(/-/g, '_');
  const include = ['arch/x86/include', 'include', 'arch/x86/include/uapi', 'include/uapi'];
  const generated = ['arch/x86/include/generated', 'include', 'arch/x86/include/generated/uapi', 'include/generated/uapi'];
  return [
    '-fsyntax-only',
    '-w',
    '-nostdinc',
    ...include.map((folder) => `-I${join(common, folder)}`),
    ...generated.map((folder) => `-I${join(setting.kernel, folder)}`),
    `-I${dirname(file)}`,
    ...['compiler-version', 'kconfig', 'compiler_types'].flatMap((h) => ['-include', join(common, `include/linux/${h}.h`)]),
    ...['-D__KERNEL__', '-DMODULE', '-DCC_USING_FENTRY', `-DKBUILD_MODNAME="${name}"`, `-DKBUILD_BASENAME="${name}"`],
    ...['-std=gnu11', '-fshort-wchar', '-funsigned-char', '-fms-extensions', '-mcmodel=kernel', '-mno-sse', '-fno-color-diagnostics'],
    ...['-Xclang', '-ast-dump', file],
  ];
}

/** The dump of one file, whose path counts from the kernel source. */
function dumpOf(setting: ClangSetting, file: string): string {
  return execFileSync(setting.clang, flags(setting, file), {
    cwd: setting.source,
    encoding: 'latin1',
    maxBuffer: MAXIMUM_DUMP,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const DECLARED = /^[|`]-FunctionDecl [^\n]*? (\w+) '/gm;

/** What clang sees in the files of a module. */
export function moduleFacts(setting: ClangSetting, files: readonly string[]): ModuleFacts {
  const texts = new Map<string, string[]>();
  const isOwn = (file: string): boolean => file !== '' && !file.startsWith('/') && !file.startsWith('<');
  const line = (file: string, at: number): string => {
    let lines = texts.get(file);
    if (!lines) {
      const path = join(setting.source, file);
      texts.set(file, (lines = existsSync(path) ? readFileSync(path, 'latin1').split('\n') : []));
    }
    return lines[at - 1] ?? '';
  };
  const declared = new Set<string>();
  const all: ClangFacts[] = [];
  for (const file of files) {
    const dump = dumpOf(setting, file);
    for (const match of dump.matchAll(DECLARED)) declared.add(match[1]);
    all.push(factsOf(declarationsInDump(dump, isOwn), { isOwn, line }));
  }
  return joinFacts(all, declared);
}

/** Analyses the module of a file and adds its scores. */
export async function compareModule(setting: ClangSetting, engine: Engine, file: string, scores: Scores): Promise<void> {
  const { report, problems } = await engine.analyze(join(setting.source, file));
  if (problems.length > 0) throw new Error(`${file}: ${problems.map((p) => p.message).join('; ')}`);
  for (const driver of report.drivers) {
    const own = driver.files.map((f) => (f.startsWith(setting.source) ? f.slice(setting.source.length + 1) : f));
    score(driver, moduleFacts(setting, own), scores);
  }
}
