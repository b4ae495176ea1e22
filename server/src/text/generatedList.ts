/** Telling files that this program generated from those that people write. */
import type { FileSystem } from './fileSystem';
import { folderOf, joinPath } from './paths';

/** The list in a folder of files that this program generated (engine/generatedFolder.ts): their paths, with hashes. */
export const GENERATED_LIST = 'fgft-files.json';

/** The generated module that a file or folder is part of; null when it is part of none. What is there is the driver's text once more. */
export function generatedFolderOf(fs: FileSystem, path: string): string | null {
  for (let at = path; ; at = folderOf(at)) {
    if (fs.stat(joinPath(at, GENERATED_LIST))?.kind === 'file' && lists(fs.read(joinPath(at, GENERATED_LIST)) ?? '', at, path)) return at;
    if (folderOf(at) === at) return null;
  }
}

/** A folder that holds generated files may hold others, too: those are as good as any. */
function lists(text: string, folder: string, path: string): boolean {
  if (path === folder) return true;
  const within = path.slice(folder.length).replace(/^\//, '');
  try {
    const list: unknown = JSON.parse(text);
    return typeof list === 'object' && list !== null && Object.keys(list).some((name) => name === within || name.startsWith(`${within}/`));
  } catch {
    return false;
  }
}
