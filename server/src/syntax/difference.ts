/** The one edit that turns a text into another. Offsets count UTF-16 units. */
export interface TextDifference {
  start: number;
  oldEnd: number;
  newEnd: number;
}

/** Compared at once: string slices compare by memory blocks, far faster than unit by unit. */
const BLOCK = 1024;

/** Common prefix and suffix of two texts taken off; `start` equals both ends when the texts are equal. */
export function differenceOf(oldText: string, newText: string): TextDifference {
  const shorter = Math.min(oldText.length, newText.length);
  let start = 0;
  while (start + BLOCK <= shorter && oldText.slice(start, start + BLOCK) === newText.slice(start, start + BLOCK)) start += BLOCK;
  while (start < shorter && oldText.charCodeAt(start) === newText.charCodeAt(start)) start++;
  let oldEnd = oldText.length;
  let newEnd = newText.length;
  while (Math.min(oldEnd, newEnd) - start >= BLOCK && oldText.slice(oldEnd - BLOCK, oldEnd) === newText.slice(newEnd - BLOCK, newEnd)) {
    oldEnd -= BLOCK;
    newEnd -= BLOCK;
  }
  while (oldEnd > start && newEnd > start && oldText.charCodeAt(oldEnd - 1) === newText.charCodeAt(newEnd - 1)) {
    oldEnd--;
    newEnd--;
  }
  return { start, oldEnd, newEnd };
}

/** 0-based row and column of an offset. */
export function pointAt(text: string, offset: number): { row: number; column: number } {
  let row = 0;
  let lineStart = 0;
  for (let i = text.indexOf('\n'); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
    row++;
    lineStart = i + 1;
  }
  return { row, column: offset - lineStart };
}
