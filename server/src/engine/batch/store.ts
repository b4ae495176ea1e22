/** Results of modules on disk: one file each, a line of JSON about it and the compressed report. */
import { createHash } from 'node:crypto';
import { accessSync, constants, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { makeFolder } from '../cacheFolder';
import type { ResultHeader } from './model';

const SUFFIX = '.result';
/** Reports repeat themselves: the fastest level already gives about a twentieth. */
const COMPRESSION = { level: 1 };

export function resultPath(folder: string, key: string): string {
  return join(folder, key.slice(0, 2), key + SUFFIX);
}

function checksum(content: Uint8Array): string {
  return createHash('sha1').update(content).digest('base64url');
}

/** Keeps a module's report. Throws when the disk does not take it. */
export function keepResult(folder: string, key: string, header: ResultHeader, report: string): void {
  const content = deflateRawSync(report, COMPRESSION);
  const head = Buffer.from(`${JSON.stringify({ ...header, checksum: checksum(content) })}\n`);
  const path = resultPath(folder, key);
  makeFolder(dirname(path));
  // Written aside and renamed: another process never sees half a result.
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, Buffer.concat([head, content]));
  renameSync(aside, path);
}

/** True when results can be kept in a folder, which is made when there is none. */
export function takesResults(folder: string): boolean {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What is kept of a module; undefined when nothing is, or what is there is damaged. The report is inflated when it is asked for. */
export function keptResult(folder: string, key: string): { header: ResultHeader; report(): string } | undefined {
  try {
    const bytes = readFileSync(resultPath(folder, key));
    const end = bytes.indexOf(10);
    if (end < 0) return undefined;
    const header = JSON.parse(bytes.toString('utf8', 0, end)) as ResultHeader & { checksum?: unknown };
    const content = bytes.subarray(end + 1);
    if (header.checksum !== checksum(content) || !Array.isArray(header.dependencies) || !Array.isArray(header.problems)) return undefined;
    return { header, report: () => inflateRawSync(content).toString('utf8') };
  } catch {
    return undefined;
  }
}

/** Marks a result as used now, so that it is not the first to go. */
export function touchResult(folder: string, key: string, now: Date): void {
  try {
    utimesSync(resultPath(folder, key), now, now);
  } catch {
    // A folder that may only be read still serves.
  }
}

/** Removes the results that were not used for longest until at most `maximumBytes` are left. Returns how many went. */
export function evictResults(folder: string, maximumBytes: number): number {
  const found: { path: string; bytes: number; used: number }[] = [];
  for (const group of namesIn(folder)) {
    for (const name of namesIn(join(folder, group))) {
      const path = join(folder, group, name);
      try {
        const { size, mtimeMs } = statSync(path);
        found.push({ path, bytes: size, used: mtimeMs });
      } catch {
        // Another process was faster.
      }
    }
  }
  let total = found.reduce((sum, f) => sum + f.bytes, 0);
  let removed = 0;
  for (const file of found.sort((a, b) => a.used - b.used)) {
    if (total <= maximumBytes) break;
    rmSync(file.path, { force: true });
    total -= file.bytes;
    removed++;
  }
  return removed;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
