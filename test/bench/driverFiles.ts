/** The file that a driver's editor has open, where both servers read it against the same kernel. */
import { cpSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type DriverName, drivers } from './kernelBuild';
import type { BenchSetting } from './setting';

export interface DriverFile {
  path: string;
  /** The workspace folder. */
  folder: string;
}

/**
 * Copies a driver's folder into `scratch`: in the source tree it would be read against that tree, which has no configuration, and not
 * against the headers that the compiler's flags name. With `--in-tree` it stays where it is.
 */
export function driverFile(name: DriverName, scratch: string, { sources, options }: BenchSetting): DriverFile {
  const original = join(sources, drivers[name]);
  if (options.inTree) return { path: original, folder: sources };
  const folder = join(scratch, basename(dirname(original)));
  cpSync(dirname(original), folder, { recursive: true });
  return { path: join(folder, basename(original)), folder };
}
