/** A file system that remembers what one analysis read, and asks the one below for each path's kind once. */
import type { FileStat, FileSystem } from '../text/fileSystem';
import { liesIn } from '../text/paths';

export class ReadRecorder implements FileSystem {
  private readonly stats = new Map<string, FileStat | undefined>();
  private readonly texts = new Map<string, string | null>();

  /** Files below `known` are accounted for elsewhere and not remembered. */
  constructor(
    private readonly base: FileSystem,
    private readonly known: readonly string[],
  ) {}

  read(path: string): string | undefined {
    const text = this.base.read(path);
    if (!this.isKnown(path)) this.texts.set(path, text ?? null);
    return text;
  }

  stat(path: string): FileStat | undefined {
    const before = this.stats.get(path);
    if (before !== undefined || this.stats.has(path)) return before;
    const stat = this.base.stat(path);
    this.stats.set(path, stat);
    // A file that is there is read if it matters; one that is not there matters because it may appear.
    if (stat === undefined && !this.texts.has(path) && !this.isKnown(path)) this.texts.set(path, null);
    return stat;
  }

  list(path: string): string[] | undefined {
    return this.base.list(path);
  }

  canonical(path: string): string | undefined {
    return this.base.canonical(path);
  }

  /** Texts by path; null for what was looked for in vain. */
  get reads(): ReadonlyMap<string, string | null> {
    return this.texts;
  }

  private isKnown(path: string): boolean {
    return this.known.some((folder) => liesIn(path, folder));
  }
}
