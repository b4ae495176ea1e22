/** Which architecture a module is for: the one whose headers it includes. */
import type { FileSystem } from './fileSystem';
import { includeFoldersOf, type KernelTree } from './kernelTree';
import { joinPath } from './paths';

/** Folders under `arch/` that have headers; none unless the tree is a source tree. */
export function architecturesOf(fs: FileSystem, tree: KernelTree | null): string[] {
  if (tree?.kind !== 'source') return [];
  const folder = joinPath(tree.root, 'arch');
  return (fs.list(folder) ?? []).filter((name) => fs.stat(joinPath(folder, `${name}/include/asm`))?.kind === 'directory').sort();
}

/** The same tree read for another architecture. What a build generated was made for the tree's own: it has no configuration then. */
export function treeForArchitecture(fs: FileSystem, tree: KernelTree, architecture: string): KernelTree {
  const folders = [...includeFoldersOf(fs, tree.root, tree.root, architecture), ...headerFolders(fs, tree, architecture)];
  return { ...tree, architecture, includeFolders: [...new Set(folders)], configurationFile: null };
}

/**
 * The architecture that has the most of the headers that a module includes and its tree's own architecture has not (`missing`: as
 * the directives name them). null when no other has any: then they are missing for another reason. Of several the first by name.
 */
export function architectureWith(fs: FileSystem, tree: KernelTree | null, missing: readonly string[]): string | null {
  if (missing.length === 0 || !tree) return null;
  let best: string | null = null;
  let most = 0;
  for (const architecture of architecturesOf(fs, tree)) {
    if (architecture === tree.architecture) continue;
    const folders = headerFolders(fs, tree, architecture);
    const found = missing.filter((name) => folders.some((folder) => fs.stat(joinPath(folder, name))?.kind === 'file')).length;
    if (found > most) [best, most] = [architecture, found];
  }
  return best;
}

/** Where an architecture's own headers lie: for all its machines, and (`mach-*`) for some. */
export function headerFolders(fs: FileSystem, tree: KernelTree, architecture: string): string[] {
  const folder = joinPath(tree.root, `arch/${architecture}`);
  const machines = (at: string, below: string): string[] =>
    (fs.list(joinPath(folder, at)) ?? []).filter((name) => name.startsWith('mach-')).map((name) => joinPath(folder, at + name + below));
  return [
    joinPath(folder, 'include'),
    joinPath(folder, 'include/uapi'),
    ...machines('include/asm/', ''),
    ...machines('', '/include'),
  ].filter((path) => fs.stat(path)?.kind === 'directory');
}

/** Folders of all headers that a module may be read with, whatever its architecture. */
export function allHeaderFolders(fs: FileSystem, tree: KernelTree): string[] {
  return [...new Set([...tree.includeFolders, ...architecturesOf(fs, tree).flatMap((name) => headerFolders(fs, tree, name))])];
}
