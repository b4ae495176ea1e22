/** Writes generated files, and never over what somebody has edited. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from '../codegen/model';
import { GENERATED_LIST } from '../text/generatedList';

/** Lists what was written, with hashes: by it edited files are told from stale ones. */
const LIST = GENERATED_LIST;

/** What `make` leaves beside generated files: it goes with them. */
const BUILD_PRODUCT = /\.(o|ko|mod|mod\.c|cmd|d|S)$|^(modules\.order|Module\.symvers)$/;

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function readList(folder: string): Map<string, string> {
  try {
    const list: unknown = JSON.parse(readFileSync(join(folder, LIST), 'utf8'));
    if (typeof list === 'object' && list !== null) return new Map(Object.entries(list as Record<string, string>));
  } catch {
    // Nothing was written there before.
  }
  return new Map();
}

function textAt(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Files of the folder that are neither as they were written nor as they would be written now. */
export function editedFiles(folder: string, files: readonly GeneratedFile[]): string[] {
  const written = readList(folder);
  return files.flatMap(({ path, text }) => {
    const present = textAt(join(folder, path));
    return present === undefined || present === text || hashOf(present) === written.get(path) ? [] : [path];
  });
}

/** Files that writing would make, change or take away. Edited ones count: what becomes of them is the caller's to decide. */
export function changedFiles(folder: string, files: readonly GeneratedFile[]): { added: string[]; changed: string[]; removed: string[] } {
  const added: string[] = [];
  const changed: string[] = [];
  for (const { path, text } of files) {
    const present = textAt(join(folder, path));
    if (present === undefined) added.push(path);
    else if (present !== text) changed.push(path);
  }
  const now = new Set(files.map((f) => f.path));
  const removed = [...readList(folder)].filter(([path, hash]) => !now.has(path) && isAsWritten(join(folder, path), hash));
  return { added, changed, removed: removed.map(([path]) => path) };
}

function isAsWritten(path: string, hash: string): boolean {
  const present = textAt(path);
  return present !== undefined && hashOf(present) === hash;
}

/**
 * Writes what differs, removes what an earlier run wrote and this one does not, and remembers it all. Files in `keep` stay as they are.
 * Throws what writing throws.
 */
export function writeGenerated(folder: string, files: readonly GeneratedFile[], keep: ReadonlySet<string> = new Set()): void {
  const written = readList(folder);
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of files) {
    const at = join(folder, path);
    // What stays the same keeps its time, so that make builds only what changed.
    if (keep.has(path) || textAt(at) === text) continue;
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
  }
  const now = new Set(files.map((f) => f.path));
  for (const [path, hash] of written) if (!now.has(path) && isAsWritten(join(folder, path), hash)) rmSync(join(folder, path));
  const list = Object.fromEntries(files.map((f) => [f.path, hashOf(f.text)]));
  writeFileSync(join(folder, LIST), `${JSON.stringify(list, null, 1)}\n`);
}

/** The generated files of a folder that are as they were written, and those that somebody edited. Both empty for any other folder. */
export function generatedFilesOf(folder: string): { untouched: string[]; edited: string[] } {
  const untouched: string[] = [];
  const edited: string[] = [];
  for (const [path, hash] of readList(folder)) {
    if (!existsSync(join(folder, path))) continue;
    (isAsWritten(join(folder, path), hash) ? untouched : edited).push(path);
  }
  return { untouched, edited };
}

/**
 * Takes a generated module away: the files that are as they were written, what the build made of them, and the folders that this leaves
 * empty. What somebody edited or added stays; edited files are returned. Throws what removing throws.
 */
export function removeGenerated(folder: string): string[] {
  const { untouched, edited } = generatedFilesOf(folder);
  if (untouched.length + edited.length === 0) return [];
  for (const path of untouched) rmSync(join(folder, path));
  rmSync(join(folder, LIST), { force: true });
  sweep(folder);
  return edited;
}

/** Removes what a build left, then the folder if nothing else is in it. */
function sweep(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) sweep(join(folder, entry.name));
    else if (BUILD_PRODUCT.test(entry.name)) rmSync(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
