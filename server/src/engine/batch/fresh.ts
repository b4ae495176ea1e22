/** Whether what is kept of a module still holds. */
import type { FileSystem } from '../../text/fileSystem';
import type { Dependency } from './model';
import { hashOf, stampOf } from './snapshotFileSystem';

/** True when every file is as it was when the result was made. A file that only got a new time is compared by its text. */
export function areUnchanged(dependencies: readonly Dependency[], fs: FileSystem): boolean {
  return dependencies.every(({ path, hash, stamp }) => {
    const stat = fs.stat(path);
    if (hash === null) return stat?.kind !== 'file';
    if (stat?.kind !== 'file') return false;
    if (stampOf(stat) === stamp) return true;
    const text = fs.read(path);
    return text !== undefined && hashOf(text) === hash;
  });
}
