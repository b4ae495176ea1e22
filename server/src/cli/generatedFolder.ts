/** Writes generated files, and never over what somebody has edited. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from '../codegen/model';

/** Lists what was written, with hashes: by it edited files are told from stale ones. */
const LIST = 'fgft-files.json';

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

/** Files of the folder that are neither as they were written nor as they would be written now. */
export function editedFiles(folder: string, files: readonly GeneratedFile[]): string[] {
  const written = readList(folder);
  return files.flatMap(({ path, text }) => {
    const at = join(folder, path);
    if (!existsSync(at)) return [];
    const present = readFileSync(at, 'utf8');
    return present === text || hashOf(present) === written.get(path) ? [] : [path];
  });
}

/** Writes what differs, removes what an earlier run wrote and this one does not, and remembers it all. Throws what writing throws. */
export function writeGenerated(folder: string, files: readonly GeneratedFile[]): void {
  const written = readList(folder);
  mkdirSync(folder, { recursive: true });
  for (const { path, text } of files) {
    const at = join(folder, path);
    // What stays the same keeps its time, so that make builds only what changed.
    if (existsSync(at) && readFileSync(at, 'utf8') === text) continue;
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
  }
  const now = new Set(files.map((f) => f.path));
  for (const [path, hash] of written) {
    const at = join(folder, path);
    if (!now.has(path) && existsSync(at) && hashOf(readFileSync(at, 'utf8')) === hash) rmSync(at);
  }
  const list = Object.fromEntries(files.map((f) => [f.path, hashOf(f.text)]));
  writeFileSync(join(folder, LIST), `${JSON.stringify(list, null, 1)}\n`);
}
