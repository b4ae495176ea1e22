import type { FileSystem } from './fileSystem';
import type { KernelTree } from './kernelTree';
import { folderOf, joinPath, liesIn } from './paths';

/** What an `#include` line names. */
export interface IncludeName {
  path: string;
  angled: boolean;
}

/**
 * The file that an `#include` names, as an absolute path, or null when it is nowhere. A quoted name is looked for beside
 * the including file first; then come the kernel's folders and the `-I` folders of the module, in the order of Kbuild's
 * command line. `asm/x.h` falls back to `asm-generic/x.h`, which is what the kernel's build generates a wrapper for.
 */
export function resolveInclude(
  fs: FileSystem,
  tree: KernelTree | null,
  fromFile: string,
  directive: IncludeName,
  extraFolders: readonly string[],
): string | null {
  const isFile = (path: string): boolean => fs.stat(path)?.kind === 'file';
  if (directive.path.startsWith('/')) return isFile(directive.path) ? directive.path : null;
  const folders = [...(tree?.includeFolders ?? []), ...extraFolders];
  if (!directive.angled) folders.unshift(folderOf(fromFile));
  for (const folder of folders) {
    const path = joinPath(folder, directive.path);
    if (isFile(path)) return path;
  }
  if (!directive.path.startsWith('asm/')) return null;
  const generic = 'asm-generic/' + directive.path.slice('asm/'.length);
  for (const folder of tree?.includeFolders ?? []) {
    const path = joinPath(folder, generic);
    if (isFile(path)) return path;
  }
  return null;
}

/**
 * Whether a header is the driver's own text, which is expanded and analysed, or the kernel's, which is known.
 * Whatever lies under the kernel's include folders is the kernel's.
 */
export function isDriverHeader(tree: KernelTree | null, path: string): boolean {
  return !(tree?.includeFolders ?? []).some((folder) => liesIn(path, folder));
}
