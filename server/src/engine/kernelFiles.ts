/** The headers of a kernel tree as an index of names, kept on disk by size and time. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { deserializeIndex, type HeaderEntry, type HeaderIndex, indexHeader, indexOfEntries, serializeIndex } from '../symbols/headerIndex';
import type { KernelTree } from '../text/kernelTree';
import { makeFolder } from './cacheFolder';

interface HeaderFile {
  path: string;
  /** Size and time as one string: a file that keeps both is unchanged. */
  stamp: string;
}

/** Folders nested deeper than this are a loop of symbolic links. */
const MAXIMUM_DEPTH = 24;

/** Every header below the folders, each once, sorted within its folder. */
export function headerFiles(folders: readonly string[]): HeaderFile[] {
  const found: HeaderFile[] = [];
  const seen = new Set<string>();
  const visit = (folder: string, depth: number): void => {
    if (depth > MAXIMUM_DEPTH) return;
    let entries;
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path, depth + 1);
      else if (entry.name.endsWith('.h') && !seen.has(path)) {
        seen.add(path);
        try {
          const stat = statSync(path);
          if (stat.isFile()) found.push({ path, stamp: `${stat.size}:${Math.round(stat.mtimeMs)}` });
        } catch {
          // A dangling link: not a header.
        }
      }
    }
  };
  for (const folder of folders) visit(folder, 0);
  return found;
}

/** Bump when the index's content changes for the same headers. */
const INDEX_VERSION = 1;

interface CachePaths {
  index: string;
  stamps: string;
}

function cachePaths(folder: string, tree: KernelTree): CachePaths {
  const key = createHash('sha256')
    .update(`${INDEX_VERSION}\0${tree.root}\0${tree.includeFolders.join('\0')}`)
    .digest('hex')
    .slice(0, 24);
  return { index: join(folder, `headers-${key}.index`), stamps: join(folder, `headers-${key}.json`) };
}

function readCache(paths: CachePaths): { index: HeaderIndex; stamps: Record<string, string> } | null {
  try {
    const index = deserializeIndex(readFileSync(paths.index));
    const stamps = JSON.parse(readFileSync(paths.stamps, 'utf8')) as Record<string, string>;
    return index ? { index, stamps } : null;
  } catch {
    return null;
  }
}

function writeCache(folder: string, paths: CachePaths, index: HeaderIndex, stamps: Record<string, string>): void {
  try {
    writeAside(folder, paths.index, serializeIndex(index));
    writeAside(folder, paths.stamps, JSON.stringify(stamps));
  } catch {
    // No cache is a slower start, not a failure.
  }
}

/** Writes beside the file and renames: another process never sees half of it. */
function writeAside(folder: string, path: string, content: string | Uint8Array): void {
  makeFolder(folder);
  const aside = `${path}.${process.pid}.${threadId}`;
  writeFileSync(aside, content);
  renameSync(aside, path);
}

/** A short name for the content of texts. */
export function stampOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text).update('\0');
  return hash.digest('hex').slice(0, 24);
}

function symbolsPath(folder: string, key: string): string {
  return join(folder, `symbols-${createHash('sha256').update(`${INDEX_VERSION}\0${key}`).digest('hex').slice(0, 24)}.json`);
}

/** What `writeSymbols` kept under a key; undefined when there is nothing. */
export function readSymbols(folder: string, key: string): string | undefined {
  try {
    return readFileSync(symbolsPath(folder, key), 'utf8');
  } catch {
    return undefined;
  }
}

/** Keeps declarations that were read under everything that they depend on. */
export function writeSymbols(folder: string, key: string, text: string): void {
  try {
    writeAside(folder, symbolsPath(folder, key), text);
  } catch {
    // As above.
  }
}

export interface LoadedHeaders {
  index: HeaderIndex;
  /** Changes when any header does. */
  stamp: string;
}

/** The index of a tree's headers: from the cache when every file is as it was, else made anew for what changed. */
export function loadHeaderIndex(tree: KernelTree, cacheFolder: string | undefined): LoadedHeaders {
  const files = headerFiles(tree.includeFolders);
  const stamps = Object.fromEntries(files.map((f) => [f.path, f.stamp]));
  const stamp = createHash('sha256')
    .update(files.map((f) => `${f.path} ${f.stamp}`).join('\n'))
    .digest('hex')
    .slice(0, 24);
  const paths = cacheFolder ? cachePaths(cacheFolder, tree) : null;
  const cached = paths ? readCache(paths) : null;
  if (cached) {
    const changed = files.filter((f) => cached.stamps[f.path] !== f.stamp);
    const removed = Object.keys(cached.stamps).filter((p) => !(p in stamps));
    if (changed.length === 0 && removed.length === 0) return { index: cached.index, stamp };
  }
  const entries: HeaderEntry[] = [];
  for (const file of files) {
    try {
      entries.push(indexHeader(file.path, readFileSync(file.path, 'utf8')));
    } catch {
      // Unreadable: its names are unknown, which the report shows where they are needed.
    }
  }
  const index = indexOfEntries(entries);
  if (cacheFolder && paths) writeCache(cacheFolder, paths, index, stamps);
  return { index, stamp };
}
