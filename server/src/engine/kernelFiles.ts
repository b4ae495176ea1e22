/** The headers of a kernel tree as an index of names, kept on disk by size and time. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { deserializeIndex, type HeaderEntry, type HeaderIndex, indexHeader, indexOfEntries, serializeIndex } from '../symbols/headerIndex';
import type { KernelTree } from '../text/kernelTree';
import { liesIn } from '../text/paths';
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
  return [...walkHeaders(folders)];
}

function* walkHeaders(folders: readonly string[]): Generator<HeaderFile> {
  const seen = new Set<string>();
  for (const folder of folders) yield* walkFolder(folder, 0, seen);
}

function* walkFolder(folder: string, depth: number, seen: Set<string>): Generator<HeaderFile> {
  if (depth > MAXIMUM_DEPTH) return;
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walkFolder(path, depth + 1, seen);
    else if (entry.name.endsWith('.h') && !seen.has(path)) {
      seen.add(path);
      const stamp = stampOfFile(path);
      if (stamp !== undefined) yield { path, stamp };
    }
  }
}

function stampOfFile(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() ? `${stat.size}:${Math.round(stat.mtimeMs)}` : undefined;
  } catch {
    // A dangling link: not a header.
    return undefined;
  }
}

/** Bump when the index's content changes for the same headers. */
const INDEX_VERSION = 3;

function indexPath(folder: string, tree: KernelTree): string {
  const key = createHash('sha256')
    .update(`${INDEX_VERSION}\0${tree.root}\0${tree.includeFolders.join('\0')}`)
    .digest('hex')
    .slice(0, 24);
  return join(folder, `headers-${key}.index`);
}

/** Before the index in its file: the stamp of the headers that it was made of, so that the two can never part. ASCII bytes. */
const STAMP_LENGTH = 24;

function readCachedIndex(path: string): LoadedHeaders | null {
  try {
    const bytes = readFileSync(path);
    const index = deserializeIndex(bytes.subarray(STAMP_LENGTH));
    return index ? { index, stamp: bytes.toString('latin1', 0, STAMP_LENGTH), isChecked: false } : null;
  } catch {
    return null;
  }
}

function writeCache(folder: string, path: string, { index, stamp }: LoadedHeaders): void {
  try {
    writeAside(folder, path, Buffer.concat([Buffer.from(stamp, 'latin1'), serializeIndex(index)]));
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

function entriesOf(files: readonly HeaderFile[]): HeaderEntry[] {
  const entries: HeaderEntry[] = [];
  for (const file of files) {
    try {
      entries.push(indexHeader(file.path, readFileSync(file.path, 'utf8')));
    } catch {
      // Unreadable: its names are unknown, which the report shows where they are needed.
    }
  }
  return entries;
}

export interface LoadedHeaders {
  index: HeaderIndex;
  /** Changes when any header does. */
  stamp: string;
  /** False: taken from the cache unseen. */
  isChecked: boolean;
}

/**
 * The index of a tree's headers: from the cache when every file is as it was, else made anew. With `trusting` a cached one is taken
 * unchecked, which spares a look at some six thousand files; `areHeadersAs` then checks it later.
 */
export function loadHeaderIndex(tree: KernelTree, cacheFolder: string | undefined, trusting = false): LoadedHeaders {
  const path = cacheFolder ? indexPath(cacheFolder, tree) : null;
  const cached = path === null ? null : readCachedIndex(path);
  if (cached && trusting) return cached;
  const files = headerFiles(tree.includeFolders);
  const stamp = stampOfHeaders(files);
  if (cached?.stamp === stamp) return { ...cached, isChecked: true };
  const made = { index: indexOfEntries(entriesOf(files)), stamp, isChecked: true };
  if (cacheFolder && path !== null) writeCache(cacheFolder, path, made);
  return made;
}

/** The index with another architecture's headers in the place of its own: those of `tree`'s folders. Reads a few hundred headers. */
export function headersForArchitecture(headers: LoadedHeaders, own: readonly string[], tree: KernelTree): LoadedHeaders {
  const known = new Set(headers.index.files());
  const files = headerFiles(tree.includeFolders);
  const wanted = new Set(files.map((file) => file.path));
  const added = entriesOf(files.filter((file) => !known.has(file.path)));
  const removed = [...known].filter((path) => !wanted.has(path) && own.some((folder) => liesIn(path, folder)));
  return {
    index: headers.index.update(added, removed),
    stamp: stampOf([headers.stamp, stampOfHeaders(files)]),
    isChecked: headers.isChecked,
  };
}

/** Headers that are looked at in one go. A hundred take about a millisecond. */
const HEADERS_AT_ONCE = 300;

/** Whether a tree's headers still are those of a stamp. Lets other work of the thread through again and again. */
export async function areHeadersAs(stamp: string, tree: KernelTree): Promise<boolean> {
  const files: HeaderFile[] = [];
  for (const file of walkHeaders(tree.includeFolders)) {
    files.push(file);
    if (files.length % HEADERS_AT_ONCE === 0) await new Promise<void>((done) => setImmediate(done));
  }
  return stampOfHeaders(files) === stamp;
}

function stampOfHeaders(files: readonly HeaderFile[]): string {
  return createHash('sha256')
    .update(files.map((f) => `${f.path} ${f.stamp}`).join('\n'))
    .digest('hex')
    .slice(0, STAMP_LENGTH);
}
