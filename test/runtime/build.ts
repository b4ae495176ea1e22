import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runtimeFolder, selftestFolder } from './tools';

export interface Build {
  readonly status: number;
  /** Lines that are neither the name of a step nor make's own: warnings and errors. */
  readonly remarks: readonly string[];
}

/** Lines that say what is being done, and the one about type information that needs the kernel's own image. */
const STEP = /^\s*(?:make|CC|AS|LD|CHECK|FGFT|MODPOST|BTF|HOSTCC)\b|Skipping BTF|^\s*$/;

/**
 * Builds the self-test module against a kernel's headers. With `keep`, the module is left in that folder as fgft_selftest.ko;
 * else all that was built is removed.
 */
export function buildSelftest(headers: string, options: { sparse?: boolean; keep?: string } = {}): Build {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-selftest-'));
  try {
    for (const source of [runtimeFolder, selftestFolder]) {
      for (const name of readdirSync(source)) cpSync(join(source, name), join(folder, name));
    }
    const args = ['-C', headers, `M=${folder}`, 'W=1', ...(options.sparse ? ['C=1', 'CHECK=sparse'] : [])];
    const { status, text } = run('make', args, { seconds: 540 });
    if (options.keep && status === 0) cpSync(join(folder, 'fgft_selftest.ko'), join(options.keep, 'fgft_selftest.ko'));
    return { status, remarks: text.split('\n').filter((line) => !STEP.test(line)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
