/** Which header to believe when several declare a name, and what the compiler defines before any header is read. */
import { compilerMacros, isBigEndian } from '../syntax/compilerMacros';
import { HeaderNameKind, type HeaderIndex, type HeaderPlace } from './headerIndex';

/** The header of the other byte order, though it lies in folders that are searched and no header says so. */
const BYTE_ORDER = { big: /\/byteorder\/big_endian\.h$/, little: /\/byteorder\/little_endian\.h$/ };

/** Headers that `.c` files of the kernel's core include under a configuration symbol: the headers do not say so. */
const UNDER_CONFIGURATION: readonly { header: RegExp; symbol: string }[] = [
  { header: /\/linux\/slab_def\.h$/, symbol: 'CONFIG_SLAB' },
  { header: /\/linux\/slub_def\.h$/, symbol: 'CONFIG_SLUB' },
];

/** True for a header that this kernel is never compiled with. */
export function isForeign(path: string, architecture: string, configuration: (name: string) => string | undefined): boolean {
  const foreign = isBigEndian(architecture) ? BYTE_ORDER.little : BYTE_ORDER.big;
  return foreign.test(path) || UNDER_CONFIGURATION.some((row) => row.header.test(path) && configuration(row.symbol) === undefined);
}

/** The `#include` lines of other headers that name this one. */
export function includesOf(path: string, index: HeaderIndex): HeaderPlace[] {
  const parts = path.split('/');
  const root = parts.lastIndexOf('include');
  const found: HeaderPlace[] = [];
  for (let k = Math.max(root + 1, parts.length - 4); k < parts.length; k++) {
    const name = parts.slice(k).join('/');
    const isWhole = k === root + 1 || parts.slice(root + 1, k).every((part) => part === 'uapi' || part === 'generated');
    for (const place of index.places(name, HeaderNameKind.Include)) {
      // A path that does not start at an include folder is relative to the file that names it.
      if (place.file !== path && (isWhole || place.file.slice(0, place.file.lastIndexOf('/') + 1) + name === path)) found.push(place);
    }
  }
  return found;
}

/** Lower is likelier: the architecture's own header before the generic one, what everybody includes before what few do. */
export function rankOf(path: string): number {
  if (path.includes('/generated/')) return 1;
  if (/\/arch\/[^/]+\/include\/asm\//.test(path)) return 0;
  if (/\/arch\/[^/]+\/include\/uapi\//.test(path)) return 1;
  if (path.includes('/include/linux/')) return 2;
  if (path.includes('/include/uapi/linux/')) return 3;
  if (path.includes('/include/asm-generic/') || path.includes('/include/uapi/asm-generic/')) return 4;
  return 5;
}

/** gcc 12 as Debian 12 compiles its kernels with: what headers ask about. */
const COMMON: readonly [string, string][] = [
  ['__KERNEL__', '1'],
  ['MODULE', '1'],
  ['__GNUC__', '12'],
  ['__GNUC_MINOR__', '2'],
  ['__GNUC_PATCHLEVEL__', '0'],
  ['__STDC__', '1'],
  ['__STDC_VERSION__', '201112L'],
  ['__SIZEOF_INT__', '4'],
  ['__CHAR_BIT__', '8'],
  ['__OPTIMIZE__', '1'],
  ['__VERSION__', '"12"'],
  ['KBUILD_MODNAME', '"module"'],
  ['KBUILD_BASENAME', '"module"'],
  ['__INT_MAX__', '2147483647'],
  ['__SSE2__', '0'],
];

/** Macros that the compiler and Kbuild define, by name. */
export function PREDEFINED(architecture: string): ReadonlyMap<string, string> {
  return new Map([...COMMON, ...compilerMacros(architecture)]);
}
