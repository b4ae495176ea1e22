/** What a path names. `other` is a socket, device or broken link. */
export type FileKind = 'file' | 'directory' | 'other';

export interface FileStat {
  kind: FileKind;
  /** Bytes on disk; for an overlaid document, UTF-16 units of its text. */
  size: number;
  /** Milliseconds since the epoch; for an overlaid document, its version. */
  modified: number;
}

/**
 * The only way in which anything below `engine` sees files. Paths are absolute and use `/`.
 * No member throws: what is missing or unreadable is `undefined`.
 */
export interface FileSystem {
  read(path: string): string | undefined;
  stat(path: string): FileStat | undefined;
  /** Names (not paths) in a folder, sorted. */
  list(path: string): string[] | undefined;
  /** The path with symbolic links resolved, for telling whether two paths are one file. */
  canonical(path: string): string | undefined;
}

/** A file system in which some documents are replaced by the text an editor holds. */
export class OverlayFileSystem implements FileSystem {
  private readonly documents = new Map<string, { text: string; version: number }>();

  constructor(private readonly base: FileSystem) {}

  set(path: string, text: string, version: number): void {
    this.documents.set(path, { text, version });
  }

  delete(path: string): void {
    this.documents.delete(path);
  }

  read(path: string): string | undefined {
    return this.documents.get(path)?.text ?? this.base.read(path);
  }

  stat(path: string): FileStat | undefined {
    const document = this.documents.get(path);
    if (document) return { kind: 'file', size: document.text.length, modified: document.version };
    return this.base.stat(path);
  }

  list(path: string): string[] | undefined {
    const names = this.base.list(path);
    const prefix = path.endsWith('/') ? path : path + '/';
    const added = [...this.documents.keys()]
      .filter((p) => p.startsWith(prefix) && !p.slice(prefix.length).includes('/'))
      .map((p) => p.slice(prefix.length))
      .filter((name) => !names?.includes(name));
    if (added.length === 0) return names;
    return [...(names ?? []), ...added].sort();
  }

  canonical(path: string): string | undefined {
    return this.base.canonical(path) ?? (this.documents.has(path) ? path : undefined);
  }
}

/** Files held in memory: for tests and for callers that have no disk. */
export class MemoryFileSystem implements FileSystem {
  constructor(private readonly files: Map<string, string>) {}

  read(path: string): string | undefined {
    return this.files.get(path);
  }

  stat(path: string): FileStat | undefined {
    const text = this.files.get(path);
    if (text !== undefined) return { kind: 'file', size: text.length, modified: 0 };
    return this.list(path) ? { kind: 'directory', size: 0, modified: 0 } : undefined;
  }

  list(path: string): string[] | undefined {
    const prefix = path.endsWith('/') ? path : path + '/';
    const names = new Set<string>();
    for (const p of this.files.keys()) if (p.startsWith(prefix)) names.add(p.slice(prefix.length).split('/')[0]);
    return names.size > 0 ? [...names].sort() : undefined;
  }

  canonical(path: string): string | undefined {
    return this.stat(path) ? path : undefined;
  }
}
