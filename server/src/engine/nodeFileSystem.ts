/** The disk as a FileSystem. Nothing throws: what cannot be read is undefined. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import type { FileStat, FileSystem } from '../text/fileSystem';

/** Files larger than this are not read: no C source is, and one that claims to be would stall the editor. Bytes. */
const MAXIMUM_FILE = 64 * 1024 * 1024;

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

export const nodeFileSystem: FileSystem = {
  read: (path) =>
    attempt(() => {
      const stat = statSync(path);
      if (!stat.isFile() || stat.size > MAXIMUM_FILE) return undefined;
      const bytes = readFileSync(path);
      // Old drivers hold Latin-1 names in comments; as UTF-8 they would become replacement characters, which keeps offsets right as well.
      return bytes.toString('utf8');
    }),
  stat: (path) =>
    attempt((): FileStat => {
      const stat = statSync(path);
      return { kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : 'other', size: stat.size, modified: stat.mtimeMs };
    }),
  list: (path) => attempt(() => readdirSync(path).sort()),
  canonical: (path) => attempt(() => realpathSync(path)),
};
