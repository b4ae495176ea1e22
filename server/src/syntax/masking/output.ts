/** The masked text under construction: the input's UTF-16 units, overwritten in place, and the marks that tell what was overwritten. */
import type { Mark } from '../marks';

const enum C {
  Tab = 9,
  Newline = 10,
  Return = 13,
  Space = 32,
  Star = 42,
  Slash = 47,
}

/** Longest stretch handed to String.fromCharCode at once: its arguments live on the stack. */
const CHUNK = 8192;

export class MaskOutput {
  readonly marks: Mark[] = [];
  private readonly units: Uint16Array;

  constructor(readonly text: string) {
    const units = new Uint16Array(text.length);
    for (let i = 0; i < units.length; i++) units[i] = text.charCodeAt(i);
    this.units = units;
  }

  /** Blanks a range, without a mark: the caller leaves one that covers it. Newlines stay. */
  clear(start: number, end: number): void {
    const units = this.units;
    for (let i = start; i < end; i++) {
      const c = units[i];
      if (c !== C.Newline && c !== C.Return) units[i] = C.Space;
    }
  }

  /** Writes `replacement` at `start` and blanks the rest of the range. The replacement must fit before the range's first newline. */
  replace(start: number, end: number, replacement: string): void {
    this.clear(start, end);
    for (let i = 0; i < replacement.length; i++) this.units[start + i] = replacement.charCodeAt(i);
  }

  /** Puts the original text of a range back; the mark around it stays. */
  restore(start: number, end: number): void {
    for (let i = start; i < end; i++) this.units[i] = this.text.charCodeAt(i);
  }

  /** Blanks a range and says what stood there. */
  blank(start: number, end: number): void {
    this.clear(start, end);
    this.marks.push({ kind: 'blanked', start, end, text: this.text.slice(start, end) });
  }

  /**
   * Puts one character into the first white space between two offsets, newlines and comments left alone.
   * False when there is no room. Blanked text is room.
   */
  insert(start: number, end: number, character: string): boolean {
    const at = this.firstRoom(start, end);
    if (at < 0) return false;
    this.units[at] = character.charCodeAt(0);
    this.marks.push({ kind: 'inserted', start: at, end: at + 1, text: character });
    return true;
  }

  /** Whether `insert` would find room. */
  hasRoom(start: number, end: number): boolean {
    return this.firstRoom(start, end) >= 0;
  }

  private firstRoom(start: number, end: number): number {
    for (let i = start; i < end; i++) {
      const c = this.units[i];
      if (c === C.Space || c === C.Tab) return i;
      if (c !== C.Slash) continue;
      const second = this.units[i + 1];
      const close = second === C.Star ? this.text.indexOf('*/', i + 2) + 1 : second === C.Slash ? this.text.indexOf('\n', i) : i;
      if (close <= 0) return -1;
      i = close;
    }
    return -1;
  }

  /** The unit now standing at an offset. */
  unitAt(offset: number): number {
    return this.units[offset];
  }

  /** The text as it now stands. Not a decoder: lone surrogates must survive. */
  finish(): string {
    const pieces: string[] = [];
    for (let i = 0; i < this.units.length; i += CHUNK)
      pieces.push(String.fromCharCode.apply(null, this.units.subarray(i, i + CHUNK) as unknown as number[]));
    return pieces.join('');
  }

  /** The marks in the order that `Mark` promises. */
  sortedMarks(): Mark[] {
    const order = (a: Mark, b: Mark): number => a.start - b.start || b.end - a.end;
    const marks = this.marks;
    for (let i = 1; i < marks.length; i++) if (order(marks[i - 1], marks[i]) > 0) return marks.sort(order);
    return marks;
  }
}
