/** Names → places over a whole kernel tree's headers, as typed arrays over one buffer: it loads from disk without being rebuilt. */
import { HeaderNameKind } from './headerIndexKinds';
import { indexHeader, type HeaderEntry } from './headerIndexScan';

export { HeaderNameKind, indexHeader, type HeaderEntry };

/** Where a name is declared. `offset`: UTF-16 offset at which the declaration (or its `#define` line) starts. */
export interface HeaderPlace {
  file: string;
  kind: HeaderNameKind;
  offset: number;
}

/** Arrays over all entries, in the order of the files given, then of the text. */
interface Columns {
  files: string[];
  /** First entry of each file; one more at the end. */
  fileStart: Int32Array;
  /** Latin-1 bytes of all names, one after the other. */
  nameBytes: Uint8Array;
  /** Start of each entry's name; one more at the end. */
  nameStart: Int32Array;
  offset: Int32Array;
  /** Hash table: first entry of a bucket, -1 for none. Its length is a power of two. */
  bucket: Int32Array;
  /** Next entry of the same bucket, in ascending order; -1 at the end. */
  next: Int32Array;
  kind: Uint8Array;
}

const MAGIC = 0x46474835; // "FGH5": bump with every change of the format
const COLUMN_NAMES = ['fileStart', 'nameStart', 'offset', 'bucket', 'next'] as const;

/** An index that can be asked by name. Immutable: `update` gives a new one that shares the old one's arrays. */
export class HeaderIndex {
  private callsOfReplaced: ReadonlyMap<string, (HeaderPlace & { name: string })[]> | null = null;

  private constructor(
    private readonly columns: Columns,
    /** Files of `columns` that `replaced` or a removal hides. */
    private readonly hidden: ReadonlySet<number>,
    private readonly replaced: ReadonlyMap<string, HeaderEntry>,
    private readonly replacedNames: ReadonlyMap<string, HeaderPlace[]>,
  ) {}

  static of(columns: Columns): HeaderIndex {
    return new HeaderIndex(columns, new Set(), new Map(), new Map());
  }

  /** Every place that declares `name`, of the given kinds if any are given. Files that were updated come last. */
  places(name: string, ...kinds: HeaderNameKind[]): HeaderPlace[] {
    const found: HeaderPlace[] = [];
    const c = this.columns;
    for (let e = c.bucket[hashOf(name) & (c.bucket.length - 1)]; e >= 0; e = c.next[e]) {
      if (!nameIs(c, e, name) || (kinds.length > 0 && !kinds.includes(c.kind[e]))) continue;
      const file = fileOf(c, e);
      if (!this.hidden.has(file)) found.push({ file: c.files[file], kind: c.kind[e], offset: c.offset[e] });
    }
    for (const place of this.replacedNames.get(name) ?? []) if (kinds.length === 0 || kinds.includes(place.kind)) found.push(place);
    return found;
  }

  /** Macro calls at file level whose arguments hold `word`, with the names of the macros. */
  callsWith(word: string): (HeaderPlace & { name: string })[] {
    const found: (HeaderPlace & { name: string })[] = [];
    const c = this.columns;
    for (let e = c.bucket[hashOf(word) & (c.bucket.length - 1)]; e >= 0; e = c.next[e]) {
      if (c.kind[e] !== HeaderNameKind.CallWord || !nameIs(c, e, word)) continue;
      const file = fileOf(c, e);
      if (this.hidden.has(file)) continue;
      let call = e;
      while (c.kind[call] === HeaderNameKind.CallWord) call--;
      found.push({ name: nameOf(c, call), file: c.files[file], kind: HeaderNameKind.MacroCall, offset: c.offset[e] });
    }
    found.push(...(this.replacedCalls().get(word) ?? []));
    return found;
  }

  /** Calls in updated files by the words in their arguments; made when first asked for. */
  private replacedCalls(): ReadonlyMap<string, (HeaderPlace & { name: string })[]> {
    if (this.callsOfReplaced) return this.callsOfReplaced;
    const calls = new Map<string, (HeaderPlace & { name: string })[]>();
    for (const entry of this.replaced.values()) addCalls(entry, calls);
    return (this.callsOfReplaced = calls);
  }

  /** The headers that the index covers. */
  files(): string[] {
    return [...this.columns.files.filter((_, i) => !this.hidden.has(i)), ...this.replaced.keys()];
  }

  /** Number of names, duplicates counted. */
  get size(): number {
    let total = 0;
    for (const entry of this.replaced.values()) total += entry.names.length;
    for (let f = 0; f < this.columns.files.length; f++)
      if (!this.hidden.has(f)) total += this.columns.fileStart[f + 1] - this.columns.fileStart[f];
    return total;
  }

  /** The index after some headers changed or appeared (`changed`) and others went away. Cost: the changed files only. */
  update(changed: readonly HeaderEntry[], removed: readonly string[]): HeaderIndex {
    const replaced = new Map(this.replaced);
    for (const path of removed) replaced.delete(path);
    for (const entry of changed) replaced.set(entry.path, entry);
    const gone = new Set([...removed, ...replaced.keys()]);
    const hidden = new Set(this.hidden);
    this.columns.files.forEach((file, i) => gone.has(file) && hidden.add(i));
    return new HeaderIndex(this.columns, hidden, replaced, namesOf(replaced.values()));
  }

  /** The entries of every file, in order: what a fresh index or the cache is built from. */
  entries(): HeaderEntry[] {
    const c = this.columns;
    const all: HeaderEntry[] = [];
    for (let f = 0; f < c.files.length; f++) {
      if (this.hidden.has(f)) continue;
      const from = c.fileStart[f];
      const to = c.fileStart[f + 1];
      const names: string[] = [];
      for (let e = from; e < to; e++) names.push(nameOf(c, e));
      all.push({ path: c.files[f], names, kinds: c.kind.slice(from, to), offsets: c.offset.slice(from, to) });
    }
    return [...all, ...this.replaced.values()];
  }

  /** Arrays without updates laid over them, for the cache. */
  compacted(): Columns {
    return this.hidden.size === 0 && this.replaced.size === 0 ? this.columns : columnsOf(this.entries());
  }
}

/** Indexes all headers given. Their order is the order of the candidates of a name. About 1 s for 40 MB. */
export function indexHeaders(files: Iterable<{ path: string; text: string }>): HeaderIndex {
  const entries: HeaderEntry[] = [];
  for (const { path, text } of files) entries.push(indexHeader(path, text));
  return indexOfEntries(entries);
}

/** Joins what `indexHeader` found in each file. */
export function indexOfEntries(entries: readonly HeaderEntry[]): HeaderIndex {
  return HeaderIndex.of(columnsOf(entries));
}

/** The index as bytes for a cache file, in the machine's byte order. */
export function serializeIndex(index: HeaderIndex): Uint8Array {
  const c = index.compacted();
  const files = new TextEncoder().encode(c.files.join('\0'));
  const lengths = COLUMN_NAMES.map((name) => c[name].length);
  const header = Int32Array.from([MAGIC, files.length, c.nameBytes.length, c.kind.length, ...lengths]);
  const words = lengths.reduce((sum, length) => sum + length, 0);
  const bytes = new Uint8Array((header.length + words) * 4 + files.length + c.nameBytes.length + c.kind.length);
  bytes.set(new Uint8Array(header.buffer), 0);
  let at = header.byteLength;
  const put = (array: Int32Array | Uint8Array): void => {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  };
  for (const name of COLUMN_NAMES) put(c[name]);
  put(c.nameBytes);
  put(c.kind);
  put(files);
  return bytes;
}

/** Reads what `serializeIndex` wrote; undefined for anything else (another format, a cut or foreign file). */
export function deserializeIndex(given: Uint8Array): HeaderIndex | undefined {
  const headerWords = 4 + COLUMN_NAMES.length;
  if (given.byteLength < headerWords * 4) return undefined;
  // Typed arrays want aligned starts; a Buffer out of a pool may not have one.
  const bytes = given.byteOffset % 4 === 0 ? given : given.slice();
  const header = new Int32Array(bytes.buffer, bytes.byteOffset, headerWords);
  if (header[0] !== MAGIC) return undefined;
  const lengths = Array.from(header.subarray(4));
  const total = (headerWords + lengths.reduce((sum, length) => sum + length, 0)) * 4 + header[1] + header[2] + header[3];
  if (lengths.some((length) => length < 0) || total !== bytes.byteLength) return undefined;
  let at = headerWords * 4;
  const words = (length: number): Int32Array => {
    const array = new Int32Array(bytes.buffer, bytes.byteOffset + at, length);
    at += length * 4;
    return array;
  };
  const octets = (length: number): Uint8Array => {
    const array = bytes.subarray(at, at + length);
    at += length;
    return array;
  };
  const [fileStart, nameStart, offset, bucket, next] = lengths.map(words);
  const nameBytes = octets(header[2]);
  const kind = octets(header[3]);
  const files = header[1] === 0 ? [] : new TextDecoder().decode(octets(header[1])).split('\0');
  if (fileStart.length !== files.length + 1 || nameStart.length !== kind.length + 1 || bucket.length === 0) return undefined;
  return HeaderIndex.of({ files, fileStart, nameBytes, nameStart, offset, bucket, next, kind });
}

function columnsOf(entries: readonly HeaderEntry[]): Columns {
  let count = 0;
  let bytes = 0;
  for (const entry of entries) {
    count += entry.names.length;
    for (const name of entry.names) bytes += name.length;
  }
  let buckets = 16;
  while (buckets < count) buckets *= 2;
  const c: Columns = {
    files: entries.map((entry) => entry.path),
    fileStart: new Int32Array(entries.length + 1),
    nameBytes: new Uint8Array(bytes),
    nameStart: new Int32Array(count + 1),
    offset: new Int32Array(count),
    bucket: new Int32Array(buckets).fill(-1),
    next: new Int32Array(count),
    kind: new Uint8Array(count),
  };
  let e = 0;
  let at = 0;
  entries.forEach((entry, f) => {
    c.fileStart[f] = e;
    c.kind.set(entry.kinds, e);
    c.offset.set(entry.offsets, e);
    for (const name of entry.names) {
      c.nameStart[e++] = at;
      for (let i = 0; i < name.length; i++) c.nameBytes[at++] = name.charCodeAt(i);
    }
  });
  c.fileStart[entries.length] = e;
  c.nameStart[count] = at;
  // Backwards, so that a bucket's chain runs forwards.
  for (e = count - 1; e >= 0; e--) {
    const b = hashOfBytes(c, e) & (buckets - 1);
    c.next[e] = c.bucket[b];
    c.bucket[b] = e;
  }
  return c;
}

function namesOf(entries: Iterable<HeaderEntry>): Map<string, HeaderPlace[]> {
  const names = new Map<string, HeaderPlace[]>();
  for (const entry of entries) {
    entry.names.forEach((name, i) => {
      const place = { file: entry.path, kind: entry.kinds[i], offset: entry.offsets[i] };
      const list = names.get(name);
      if (list) list.push(place);
      else names.set(name, [place]);
    });
  }
  return names;
}

function addCalls({ path, names, kinds, offsets }: HeaderEntry, calls: Map<string, (HeaderPlace & { name: string })[]>): void {
  let call = '';
  names.forEach((name, i) => {
    if (kinds[i] === HeaderNameKind.MacroCall) call = name;
    if (kinds[i] !== HeaderNameKind.CallWord) return;
    const found = { name: call, file: path, kind: HeaderNameKind.MacroCall, offset: offsets[i] };
    const list = calls.get(name);
    if (list) list.push(found);
    else calls.set(name, [found]);
  });
}

/** FNV-1a over the low bytes, as the stored names are Latin-1. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ (name.charCodeAt(i) & 255), 0x01000193);
  return hash ^ (hash >>> 15);
}

function hashOfBytes(c: Columns, entry: number): number {
  let hash = 0x811c9dc5;
  for (let i = c.nameStart[entry]; i < c.nameStart[entry + 1]; i++) hash = Math.imul(hash ^ c.nameBytes[i], 0x01000193);
  return hash ^ (hash >>> 15);
}

function nameIs(c: Columns, entry: number, name: string): boolean {
  const start = c.nameStart[entry];
  if (c.nameStart[entry + 1] - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (c.nameBytes[start + i] !== name.charCodeAt(i)) return false;
  return true;
}

function nameOf(c: Columns, entry: number): string {
  let name = '';
  for (let i = c.nameStart[entry]; i < c.nameStart[entry + 1]; i++) name += String.fromCharCode(c.nameBytes[i]);
  return name;
}

function fileOf(c: Columns, entry: number): number {
  let low = 0;
  let high = c.files.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (c.fileStart[middle] <= entry) low = middle;
    else high = middle - 1;
  }
  return low;
}
