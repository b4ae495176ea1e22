/** Absolute and relative paths with `/`, as the FileSystem speaks them. Nothing here looks at a disk. */

/** What `normalizePath` may have to change. Most paths hold none of it, and there are millions of them in a kernel tree. */
const NOT_NORMAL = /^$|\/\/|(^|\/)\.|.\/$/;

/** Resolves `.`, `..` and doubled slashes; `..` at the root stays at the root. A relative path stays relative. */
export function normalizePath(path: string): string {
  if (!NOT_NORMAL.test(path)) return path;
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (part !== '..' || !absolute) parts.push(part);
  }
  return absolute ? '/' + parts.join('/') : parts.join('/') || '.';
}

/** `name` seen from `folder`; an absolute `name` is returned as it is. */
export function joinPath(folder: string, name: string): string {
  return normalizePath(name.startsWith('/') ? name : folder + '/' + name);
}

/** The folder that holds a path; `/` for the root itself. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** True when `path` is `folder` or lies below it. */
export function liesIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? folder : folder + '/');
}
