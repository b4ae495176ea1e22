/** The disk as it is during one run, and what a module's analysis asked of it. */
import { createHash } from 'node:crypto';
import type { FileStat, FileSystem } from '../../text/fileSystem';
import { liesIn } from '../../text/paths';
import type { Dependency } from './model';

export function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('base64url');
}

/** Size and time as one string, as the index of kernel headers has them; '' for what is no file. */
export function stampOf(stat: FileStat | undefined): string {
  return stat?.kind === 'file' ? `${stat.size}:${Math.round(stat.modified)}` : '';
}

/** Asks for each path's kind and each folder's names once: a run over a kernel tree asks millions of times where headers are. */
export class SnapshotFileSystem implements FileSystem {
  private readonly stats = new Map<string, FileStat | undefined>();
  private readonly lists = new Map<string, string[] | undefined>();
  private asked: Map<string, string | null> | null = null;
  private known: readonly string[] = [];

  constructor(private readonly base: FileSystem) {}

  read(path: string): string | undefined {
    const text = this.base.read(path);
    if (this.isWatched(path)) this.asked?.set(path, text === undefined ? null : hashOf(text));
    return text;
  }

  stat(path: string): FileStat | undefined {
    if (!this.stats.has(path)) this.stats.set(path, this.base.stat(path));
    const stat = this.stats.get(path);
    // A file that is there is read if it matters; one that is not there matters because it may appear.
    if (stat === undefined && this.asked && !this.asked.has(path) && this.isWatched(path)) this.asked.set(path, null);
    return stat;
  }

  list(path: string): string[] | undefined {
    if (!this.lists.has(path)) this.lists.set(path, this.base.list(path));
    return this.lists.get(path);
  }

  canonical(path: string): string | undefined {
    return this.base.canonical(path);
  }

  private isWatched(path: string): boolean {
    return this.asked !== null && !this.known.some((folder) => liesIn(path, folder));
  }

  /** From now on remembers what is read or missed, but for files below `known`, which are accounted for elsewhere. */
  watch(known: readonly string[]): void {
    this.asked = new Map();
    this.known = known;
  }

  /** What was asked since {@link watch}. */
  dependencies(): Dependency[] {
    const asked = [...(this.asked ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    this.asked = null;
    return asked.map(([path, hash]) => ({ path, hash, stamp: hash === null ? '' : stampOf(this.stat(path)) }));
  }

  /** Forgets what it saw, for the next run. */
  clear(): void {
    this.stats.clear();
    this.lists.clear();
  }
}
