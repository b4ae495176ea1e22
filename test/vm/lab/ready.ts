import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { has } from './command';
import { labCache } from './folders';
import { installedRelease, type KernelImage, kernelImage } from './kernelImage';

/** Programs of Debian's packages that the laboratory runs, with the package of each. */
const PROGRAMS = {
  'qemu-system-x86_64': 'qemu-system-x86',
  '/bin/busybox': 'busybox-static',
  cpio: 'cpio',
  modinfo: 'kmod',
  gcc: 'gcc',
  make: 'make',
  xz: 'xz-utils',
  zstd: 'zstd',
} as const;

/** Why the laboratory cannot run here, with what to install; null when it can. */
export function missingForLab(line: string): string | null {
  const packages = Object.entries(PROGRAMS)
    .filter(([program]) => !has(program))
    .map(([, name]) => name as string);
  const release = installedRelease(line);
  if (release === null) packages.push(line === '6.1' ? 'linux-headers-amd64' : `linux-headers-${line}-amd64`);
  if (packages.length > 0) return `the laboratory needs: apt-get install ${packages.join(' ')}`;
  if (!existsSync(join(labCache(), 'kernels', release!)) && !has('apt-get')) return 'the kernel image comes from a Debian package';
  return null;
}

/** A kernel image, or why there is none: a missing program, or a package that cannot be had (no network, superseded by a newer one). */
export function imageOrReason(line: string): KernelImage | string {
  const missing = missingForLab(line);
  if (missing) return missing;
  try {
    return kernelImage(line);
  } catch (error) {
    return `the kernel's image cannot be had: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
  }
}
