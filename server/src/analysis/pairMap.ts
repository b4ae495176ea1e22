/** A map from two numbers to one, without an object or a key for each entry: what paths are extended with is asked millions of times. */

/** Numbers of an entry: the two of its key (the first plus one, so that 0 is free), and its value. */
const STRIDE = 3;

export class PairMap {
  private entries = new Int32Array(64 * STRIDE);
  private capacity = 64;
  private count = 0;

  /** The value of a pair of numbers from 0 to 2^31 - 2; -1 when there is none. */
  get(first: number, second: number): number {
    const { entries } = this;
    const at = this.find(first, second);
    return entries[at] === 0 ? -1 : entries[at + 2];
  }

  set(first: number, second: number, value: number): void {
    const at = this.find(first, second);
    if (this.entries[at] === 0) this.count++;
    this.entries[at] = first + 1;
    this.entries[at + 1] = second;
    this.entries[at + 2] = value;
    if (this.count * 3 > this.capacity * 2) this.grow();
  }

  /** Where the entry of a pair stands, or would. */
  private find(first: number, second: number): number {
    const { entries } = this;
    const mask = this.capacity - 1;
    for (let i = scatter(first, second) & mask; ; i = (i + 1) & mask) {
      const at = i * STRIDE;
      if (entries[at] === 0 || (entries[at] === first + 1 && entries[at + 1] === second)) return at;
    }
  }

  private grow(): void {
    const old = this.entries;
    this.capacity *= 2;
    this.entries = new Int32Array(this.capacity * STRIDE);
    for (let at = 0; at < old.length; at += STRIDE) {
      if (old[at] === 0) continue;
      const to = this.find(old[at] - 1, old[at + 1]);
      this.entries[to] = old[at];
      this.entries[to + 1] = old[at + 1];
      this.entries[to + 2] = old[at + 2];
    }
  }
}

/** Spreads a pair over 32 bits (the multipliers are those of MurmurHash3's last mix). */
function scatter(first: number, second: number): number {
  let h = Math.imul(first, 0x85ebca6b) ^ Math.imul(second, 0xc2b2ae35);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
