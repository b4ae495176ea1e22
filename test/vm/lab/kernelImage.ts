/** Debian's own kernel, unmodified: the package is downloaded and unpacked, never installed. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { command } from './command';
import { labCache } from './folders';

export interface KernelImage {
  /** `6.1.0-56-amd64` */
  release: string;
  /** The uncompressed kernel, which boots through its PVH entry in half the time of the packed one under emulation. */
  vmlinux: string;
  /** `lib/modules/RELEASE` of the package. */
  modules: string;
  /** The build folder of the headers for the same kernel. */
  headers: string;
}

/** The newest installed headers of a kernel line (`6.1`), as `6.1.0-56-amd64`; null without. */
export function installedRelease(line: string): string | null {
  const prefix = `linux-headers-${line}.`;
  const names = existsSync('/usr/src') ? readdirSync('/usr/src').filter((n) => n.startsWith(prefix) && n.endsWith('-amd64')) : [];
  const newest = names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return newest ? newest.slice('linux-headers-'.length) : null;
}

/**
 * The image that fits the installed headers of a kernel line. Downloads about 70 MB the first time.
 * Throws when there are no headers or the package cannot be had.
 */
export function kernelImage(line: string): KernelImage {
  const release = installedRelease(line);
  if (release === null) throw new Error(`no headers of a ${line} kernel are installed: apt-get install linux-headers-amd64`);
  const folder = join(labCache(), 'kernels', release);
  const image: KernelImage = {
    release,
    vmlinux: join(folder, 'vmlinux'),
    modules: join(folder, 'lib/modules', release),
    headers: `/usr/src/linux-headers-${release}`,
  };
  if (existsSync(image.vmlinux)) return image;
  // Made beside its place and renamed when whole: an interrupted run leaves nothing that only looks complete.
  const partial = `${folder}.partial-${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  try {
    command('apt-get', ['download', `linux-image-${release}`], { cwd: partial });
    const archive = readdirSync(partial).find((n) => n.endsWith('.deb'));
    if (!archive) throw new Error(`linux-image-${release} was not downloaded`);
    command('dpkg-deb', ['--extract', archive, '.'], { cwd: partial });
    rmSync(join(partial, archive));
    writeFileSync(join(partial, 'vmlinux'), unpackKernel(readFileSync(join(partial, 'boot', `vmlinuz-${release}`))));
    command('depmod', ['--basedir', partial, release]);
    rmSync(folder, { recursive: true, force: true });
    renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return image;
}

/**
 * The ELF file inside a bzImage. Offsets are those of the kernel's boot protocol (Documentation/arch/x86/boot.rst):
 * 0x1f1 setup_sects, 0x248 payload_offset, 0x24c payload_length; the payload's last four bytes are its unpacked size.
 */
export function unpackKernel(image: Buffer): Buffer {
  const setupSectors = image[0x1f1] || 4;
  const start = (setupSectors + 1) * 512 + image.readUInt32LE(0x248);
  const payload = image.subarray(start, start + image.readUInt32LE(0x24c) - 4);
  const magic = payload.subarray(0, 4).toString('hex');
  if (magic.startsWith('1f8b')) return gunzipSync(payload);
  if (magic === 'fd377a58') return command('xz', ['--decompress', '--stdout', '--single-stream'], { input: payload });
  if (magic === '28b52ffd') return command('zstd', ['--decompress', '--stdout'], { input: payload });
  throw new Error(`the kernel is packed in a way that is not known here (magic ${magic})`);
}
