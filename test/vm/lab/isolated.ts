/** Modules that the product generates, built against the headers of an image. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kernelSource as sourceTree } from '../../../scripts/setup/kernelSources.mjs';
import { command } from './command';
import type { LabDriver } from './drivers';
import { vmFolder } from './folders';
import type { KernelImage } from './kernelImage';

/** The unpacked source of a kernel line; throws when it is not there. */
export function kernelSource(line: string): string {
  const tree = sourceTree(line);
  if (!existsSync(tree)) throw new Error(`${tree} is not there: node scripts/setup.mjs test`);
  return tree;
}

/** `fgft` of this checkout, built. */
export function fgft(words: readonly string[], folder: string): Buffer {
  const program = join(vmFolder, '../../dist/cli.cjs');
  if (!existsSync(program)) throw new Error(`${program} is not there: npm run build`);
  return command(process.execPath, [program, ...words], { cwd: folder });
}

/** Writes the isolated module of a driver, all isolatable entry points of it, into a folder. Does not build it. */
export function isolate(driver: LabDriver, line: string, image: KernelImage, folder: string): void {
  fgft(['isolate', driver.source, '--all', '--kernel', image.headers, '--out', folder], kernelSource(line));
}

/** Builds what lies in a folder. Returns the module and what the build said about warnings; throws when it fails. */
export function buildModule(folder: string, image: KernelImage): { module: string; warnings: string[] } {
  const output = command('sh', ['-c', 'make -C "$0" M="$1" W=1 modules 2>&1', image.headers, folder]).toString();
  const name = readdirSync(folder).find((n) => n.endsWith('.ko'));
  if (!name) throw new Error(`nothing was built in ${folder}:\n${output.slice(-2000)}`);
  // The headers package has neither vmlinux nor pahole: what it says about those is no fault of the module.
  const warnings = output.split('\n').filter((l) => /warning|WARNING/.test(l) && !/Skipping BTF|vmlinux is unavailable/.test(l));
  return { module: join(folder, name), warnings };
}
