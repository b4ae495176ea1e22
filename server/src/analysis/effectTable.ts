/**
 * The effects of one function, packed: large drivers have millions, and an object for each would be gigabytes. An effect is eight numbers
 * in one array; what reads it gets a view that looks its values up.
 */
import type { CType } from '../symbols/types';
import { type Effect, READ, type Site, WRITE } from './model';

/** Places kept per effect: enough to show a person, not every repetition. */
const MAXIMUM_SITES = 8;
/** Callees kept per effect. */
const MAXIMUM_ORIGINS = 4;

/** Numbers of an effect in the packed array: its path, its flags, then indexes into the vocabulary, a width, and two lists of origins. */
const PATH = 0;
const FLAGS = 1;
const TYPE = 2;
const BITS = 3;
const KERNEL = 4;
const SITES = 5;
const FROM = 6;
const STRIDE = 7;

/** Numbers of an origin: the next of its list, then offset and length of a place or function and path of a callee's effect. */
const LINK = 3;

const ACCESS = 7;
/** The text's own access stands three bits higher than the whole. */
const TEXT_SHIFT = 3;
export const READ_FIRST = 1 << 6;
export const ALWAYS_WRITTEN = 1 << 7;
export const ESCAPES = 1 << 8;

/** Types and names of kernel functions as numbers; the same for all tables of a module. */
export class EffectVocabulary {
  readonly types: CType[] = [];
  readonly kernels: string[] = [];
  private readonly numbers = new Map<CType, number>();
  private readonly numbersByText = new Map<string, number>();
  private readonly kernelNumbers = new Map<string, number>();

  /** Types are plain data, and mostly the very same object: equal ones share a number. */
  type(type: CType): number {
    let number = this.numbers.get(type);
    if (number !== undefined) return number;
    const text = JSON.stringify(type);
    number = this.numbersByText.get(text);
    if (number === undefined) {
      this.numbersByText.set(text, (number = this.types.length));
      this.types.push(type);
    }
    this.numbers.set(type, number);
    return number;
  }

  /** -1 for none. */
  kernel(name: string | null): number {
    if (name === null) return -1;
    let number = this.kernelNumbers.get(name);
    if (number === undefined) {
      this.kernelNumbers.set(name, (number = this.kernels.length));
      this.kernels.push(name);
    }
    return number;
  }
}

export interface NewEffect {
  access: number;
  textAccess: number;
  type: CType;
  bits: number | null;
  kernel: string | null;
  /** Where the function itself touches it. */
  at: number;
  length: number;
}

/** Effects by path, in the order in which they were first met. */
export class EffectTable {
  /** Effects there are. */
  size = 0;
  /** From this size on, places are to be taken together. */
  maximum = Infinity;
  /** Some places stand for others of the same member: there were too many to keep each. */
  folded = false;
  private data = new Int32Array(8 * STRIDE);
  private origins = new Int32Array(8 * LINK);
  private originCount = 0;
  /** Tables that hold as they are, in whatever function: shared, not copied. They are not among this one's numbered effects. */
  private readonly shared: EffectTable[] = [];
  /** Of a table whose places were taken together: per effect, one of the paths that it stands for. */
  private originals: number[] | null = null;
  private together: EffectTable | null = null;
  /** Open addressing: slot + 1 by path. */
  private hash = new Int32Array(16);

  constructor(
    readonly owner: number,
    private readonly vocabulary: EffectVocabulary,
  ) {}

  /** The number of a path's effect; -1 when there is none. */
  slotOf(path: number): number {
    const mask = this.hash.length - 1;
    for (let i = scatter(path) & mask; ; i = (i + 1) & mask) {
      const slot = this.hash[i] - 1;
      if (slot < 0 || this.data[slot * STRIDE + PATH] === path) return slot;
    }
  }

  /** Adds what the function itself touches. */
  add(path: number, made: NewEffect): void {
    const flags = made.access | (made.textAccess << TEXT_SHIFT) | (made.access & READ ? READ_FIRST : 0);
    const { vocabulary } = this;
    const slot = this.merge(path, flags, vocabulary.type(made.type), made.bits ?? -1, vocabulary.kernel(made.kernel));
    if (slot >= 0) this.addOrigin(slot * STRIDE + SITES, made.at, made.length, true, MAXIMUM_SITES);
  }

  /** Adds effect number `slot` of a callee under the caller's path. */
  import(path: number, from: EffectTable, slot: number): void {
    const at = slot * STRIDE;
    const { data } = from;
    const flags = data[at + FLAGS] & (ACCESS | (ACCESS << TEXT_SHIFT) | ESCAPES);
    const mine = this.merge(path, flags | (flags & READ ? READ_FIRST : 0), data[at + TYPE], data[at + BITS], data[at + KERNEL]);
    if (mine >= 0) this.addOrigin(mine * STRIDE + FROM, from.owner, from.originals?.[slot] ?? data[at + PATH], false, MAXIMUM_ORIGINS);
  }

  /** Makes all effects of a table, and what that shares, effects of this one. Their paths must mean the same in every function. */
  share(table: EffectTable): void {
    if (table !== this && !this.shared.includes(table)) this.shared.push(table);
  }

  /** Shares what another table shares. */
  shareAllOf({ shared }: EffectTable): void {
    for (const table of shared) this.share(table);
  }

  /** Effects with those that are shared. */
  get total(): number {
    return this.shared.reduce((sum, table) => sum + table.total, this.size);
  }

  /**
   * The same effects with places taken together, as `folded` says which: for callers, once the module has too many. Made once, of a
   * table to which nothing is added any more.
   */
  takenTogether(folded: (path: number) => number): EffectTable {
    if (this.together) return this.together;
    const made = new EffectTable(this.owner, this.vocabulary);
    const originals: number[] = [];
    made.folded = true;
    for (let slot = 0; slot < this.size; slot++) {
      const at = slot * STRIDE;
      const { data } = this;
      const mine = made.merge(
        folded(data[at + PATH]),
        data[at + FLAGS] & ~ALWAYS_WRITTEN,
        data[at + TYPE],
        data[at + BITS],
        data[at + KERNEL],
      );
      if (made.size > originals.length) originals.push(data[at + PATH]);
      else if (mine >= 0 && data[at + KERNEL] < 0 && made.kernelAt(mine) !== null) originals[mine] = data[at + PATH];
    }
    made.shareAllOf(this);
    made.originals = originals;
    made.seal();
    return (this.together = made);
  }

  /** Returns the slot that takes the origin; -1 when the effect is better known by another. */
  private merge(path: number, flags: number, type: number, bits: number, kernel: number): number {
    let slot = this.slotOf(path);
    if (slot < 0) {
      slot = this.append(path);
      const { data } = this;
      const at = slot * STRIDE;
      data[at + FLAGS] = flags;
      data[at + TYPE] = type;
      data[at + BITS] = bits;
      data[at + KERNEL] = kernel;
      data[at + SITES] = data[at + FROM] = -1;
      return slot;
    }
    const { data } = this;
    const at = slot * STRIDE;
    data[at + FLAGS] |= flags;
    const known = data[at + KERNEL];
    if (kernel >= 0 && known < 0) return -1;
    if (kernel < 0 && known >= 0) {
      // The driver's own touch is what a reader wants to see.
      data[at + KERNEL] = -1;
      data[at + TYPE] = type;
      data[at + BITS] = bits;
      data[at + SITES] = data[at + FROM] = -1;
    }
    return slot;
  }

  private append(path: number): number {
    const slot = this.size++;
    if ((slot + 1) * STRIDE > this.data.length) this.data = grown(this.data, this.data.length * 2);
    this.data[slot * STRIDE + PATH] = path;
    if (this.size * 3 > this.hash.length * 2) this.rehash();
    else this.place(slot);
    return slot;
  }

  private rehash(): void {
    this.hash = new Int32Array(this.hash.length * 2);
    for (let slot = 0; slot < this.size; slot++) this.place(slot);
  }

  private place(slot: number): void {
    const mask = this.hash.length - 1;
    let i = scatter(this.data[slot * STRIDE + PATH]) & mask;
    while (this.hash[i] !== 0) i = (i + 1) & mask;
    this.hash[i] = slot + 1;
  }

  /** Appends to the list whose head stands at `head`; places are told apart by their offset alone. */
  private addOrigin(head: number, a: number, b: number, byFirst: boolean, maximum: number): void {
    let last = -1;
    let count = 0;
    for (let o = this.data[head]; o >= 0; o = this.origins[o * LINK]) {
      if (this.origins[o * LINK + 1] === a && (byFirst || this.origins[o * LINK + 2] === b)) return;
      last = o;
      count++;
    }
    if (count >= maximum) return;
    const made = this.originCount++;
    if (this.originCount * LINK > this.origins.length) this.origins = grown(this.origins, this.origins.length * 2);
    this.origins.set([-1, a, b], made * LINK);
    if (last < 0) this.data[head] = made;
    else this.origins[last * LINK] = made;
  }

  /** The arrays no longer than needed, once nothing more is added. */
  seal(): void {
    this.data = this.data.slice(0, this.size * STRIDE);
    this.origins = this.origins.slice(0, this.originCount * LINK);
  }

  pathAt(slot: number): number {
    return this.data[slot * STRIDE + PATH];
  }

  /** Whether all of these flags are set. */
  has(slot: number, flags: number): boolean {
    return (this.data[slot * STRIDE + FLAGS] & flags) === flags;
  }

  setFlag(slot: number, flag: number, on: boolean): void {
    if (on) this.data[slot * STRIDE + FLAGS] |= flag;
    else this.data[slot * STRIDE + FLAGS] &= ~flag;
  }

  /** The effect on a path. */
  get(path: number): Effect | undefined {
    const slot = this.slotOf(path);
    if (slot >= 0) return new View(this, slot);
    for (const table of this.shared) {
      const found = table.get(path);
      if (found) return found;
    }
    return undefined;
  }

  *values(): IterableIterator<Effect> {
    for (let slot = 0; slot < this.size; slot++) yield new View(this, slot);
    for (const table of this.shared) yield* table.values();
  }

  /** Reads and writes of the driver's own text on the paths that are asked for, in order. Of a large table that is a small part. */
  ownAccesses(isAsked: (path: number) => boolean): Effect[] {
    const found: Effect[] = [];
    for (let slot = 0; slot < this.size; slot++) {
      if (this.data[slot * STRIDE + KERNEL] >= 0 || (this.data[slot * STRIDE + FLAGS] & (READ | WRITE)) === 0) continue;
      if (isAsked(this.pathAt(slot))) found.push(new View(this, slot));
    }
    return found;
  }

  /** Paths, in the order of the effects. */
  *keys(): IterableIterator<number> {
    for (let slot = 0; slot < this.size; slot++) yield this.pathAt(slot);
  }

  accessAt(slot: number): number {
    return this.data[slot * STRIDE + FLAGS] & ACCESS;
  }

  textAccessAt(slot: number): number {
    return (this.data[slot * STRIDE + FLAGS] >> TEXT_SHIFT) & ACCESS;
  }

  typeAt(slot: number): CType {
    return this.vocabulary.types[this.data[slot * STRIDE + TYPE]];
  }

  bitsAt(slot: number): number | null {
    const bits = this.data[slot * STRIDE + BITS];
    return bits < 0 ? null : bits;
  }

  kernelAt(slot: number): string | null {
    const kernel = this.data[slot * STRIDE + KERNEL];
    return kernel < 0 ? null : this.vocabulary.kernels[kernel];
  }

  sitesAt(slot: number): Site[] {
    return this.list(slot * STRIDE + SITES, (at, length) => ({ function: this.owner, at, length }));
  }

  fromAt(slot: number): { function: number; path: number }[] {
    return this.list(slot * STRIDE + FROM, (fn, path) => ({ function: fn, path }));
  }

  private list<T>(head: number, make: (a: number, b: number) => T): T[] {
    const found: T[] = [];
    for (let o = this.data[head]; o >= 0; o = this.origins[o * LINK])
      found.push(make(this.origins[o * LINK + 1], this.origins[o * LINK + 2]));
    return found;
  }

  /** True when callers of two functions see no difference between these: where in the text something happens does not count. */
  equals(other: EffectTable): boolean {
    if (this.size !== other.size || this.folded !== other.folded || this.shared.length !== other.shared.length) return false;
    if (!this.shared.every((table) => other.shared.includes(table))) return false;
    for (let slot = 0; slot < this.size; slot++) {
      const found = other.slotOf(this.pathAt(slot));
      if (found < 0) return false;
      for (let k = FLAGS; k <= KERNEL; k++) if (this.data[slot * STRIDE + k] !== other.data[found * STRIDE + k]) return false;
    }
    return true;
  }
}

/** One effect, looked up when it is asked. */
class View implements Effect {
  constructor(
    private readonly table: EffectTable,
    private readonly slot: number,
  ) {}

  get function(): number {
    return this.table.owner;
  }
  get path(): number {
    return this.table.pathAt(this.slot);
  }
  get access(): number {
    return this.table.accessAt(this.slot);
  }
  get textAccess(): number {
    return this.table.textAccessAt(this.slot);
  }
  get type(): CType {
    return this.table.typeAt(this.slot);
  }
  get bits(): number | null {
    return this.table.bitsAt(this.slot);
  }
  get sites(): Site[] {
    return this.table.sitesAt(this.slot);
  }
  get from(): { function: number; path: number }[] {
    return this.table.fromAt(this.slot);
  }
  get kernel(): string | null {
    return this.table.kernelAt(this.slot);
  }
  get readFirst(): boolean {
    return this.table.has(this.slot, READ_FIRST);
  }
  get alwaysWritten(): boolean {
    return this.table.has(this.slot, ALWAYS_WRITTEN);
  }
  get escapes(): boolean {
    return this.table.has(this.slot, ESCAPES);
  }
}

/** Neighbouring paths are asked for together: their bits are spread (the multiplier is the golden ratio's, as Knuth proposes). */
function scatter(path: number): number {
  return Math.imul(path, 0x9e3779b1) >>> 12;
}

function grown(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const made = new Int32Array(length);
  made.set(array);
  return made;
}
