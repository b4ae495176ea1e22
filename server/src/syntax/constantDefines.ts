/**
 * Headers that are nothing but thousands of `#define REGISTER 0x1234`: generated register maps, hundreds of megabytes of them in the
 * largest drivers. Such macros are never expanded (a number keeps its name), so it is enough to know which names there are and their values.
 */

/** A header below this is read like any other. UTF-16 units. */
const MINIMUM_LENGTH = 32_000;
/** A line that defines a name as one number. */
const CONSTANT =
  /^#[ \t]*define[ \t]+([A-Za-z_]\w*)[ \t]+\(?(0[xX][0-9a-fA-F]+|[1-9][0-9]*|0[0-7]*)[uUlL]*\)?[ \t]*(?:\/\*[^\n*]*\*\/[ \t]*|\/\/[^\n\\]*)?\r?$/gm;
/** The guard around the whole is one; what stands under any other condition may not be in force. */
const CONDITION = /^[ \t]*#[ \t]*(?:if|elif|else)/gm;
/** What a name stands for that is defined twice, or whose number does not fit. */
const UNKNOWN_VALUE = -1;
const MAXIMUM_VALUE = 0xffffffff;

/** Names and values of constants, packed: a driver's register maps have millions. */
export class ConstantTable {
  private capacity = 1024;
  private count = 0;
  /** Two hashes of a name tell it from all others; 0 and 0 is free. */
  private keys = new Int32Array(this.capacity * 2);
  private values = new Float64Array(this.capacity);

  get size(): number {
    return this.count;
  }

  add(name: string, value: number): void {
    const [a, b] = hashesOf(name);
    const at = this.find(a, b);
    if (this.keys[at * 2] !== 0) {
      if (this.values[at] !== value) this.values[at] = UNKNOWN_VALUE;
      return;
    }
    this.put(at, a, b, value <= MAXIMUM_VALUE ? value : UNKNOWN_VALUE);
    if (++this.count * 3 > this.capacity * 2) this.grow();
  }

  has(name: string): boolean {
    return this.at(name) >= 0;
  }

  /** The value of a name; null when it has several, undefined when the name is none of these. */
  value(name: string): number | null | undefined {
    const at = this.at(name);
    return at < 0 ? undefined : this.values[at] === UNKNOWN_VALUE ? null : this.values[at];
  }

  private at(name: string): number {
    if (this.count === 0) return -1;
    const at = this.find(...hashesOf(name));
    return this.keys[at * 2] === 0 ? -1 : at;
  }

  private find(a: number, b: number): number {
    const mask = this.capacity - 1;
    for (let i = (a >>> 4) & mask; ; i = (i + 1) & mask) {
      const key = this.keys[i * 2];
      if (key === 0 || (key === a && this.keys[i * 2 + 1] === b)) return i;
    }
  }

  private put(at: number, a: number, b: number, value: number): void {
    this.keys[at * 2] = a;
    this.keys[at * 2 + 1] = b;
    this.values[at] = value;
  }

  private grow(): void {
    const { keys, values } = this;
    const old = this.capacity;
    this.capacity *= 2;
    this.keys = new Int32Array(this.capacity * 2);
    this.values = new Float64Array(this.capacity);
    for (let i = 0; i < old; i++)
      if (keys[i * 2] !== 0) this.put(this.find(keys[i * 2], keys[i * 2 + 1]), keys[i * 2], keys[i * 2 + 1], values[i]);
  }
}

/** Two independent hashes of a name; the first is never 0. */
function hashesOf(name: string): [number, number] {
  let a = 7;
  let b = 0;
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    a = (Math.imul(a, 31) + c) | 0;
    b = Math.imul(b ^ c, 0x01000193);
  }
  a = Math.imul(a ^ (a >>> 15), 0x85ebca6b);
  return [a | 1, b ^ name.length];
}

/**
 * Moves the plain numbers that a large header defines into `table`. Returns what is left of its text, of the same number of lines; the
 * text itself when the header is small, or has conditions that decide what is in force.
 */
export function takeConstants(text: string, table: ConstantTable): string {
  if (text.length < MINIMUM_LENGTH || (text.match(CONDITION)?.length ?? 0) > 1) return text;
  return text.replace(CONSTANT, (_line, name: string, number: string) => {
    table.add(name, /^0[0-7]+$/.test(number) ? parseInt(number, 8) : Number(number));
    return '';
  });
}
