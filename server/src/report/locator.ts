/** From offsets in masked texts to the positions that people and editors see. */
import type { RangeLocation, Location } from './model';

export interface Locator {
  /** Position of an offset of a file's masked text; `macro` is the driver macro that the text there came from. */
  locate(file: string, maskedOffset: number, length: number): Located;
  /** The file's own text from where a stretch of its masked text begins to where it ends, on one line. */
  text(file: string, maskedOffset: number, length: number): string;
  /** The file as the report names it. */
  display(file: string): string;
}

/** Equal questions get the same objects: a report repeats places thousands of times, and shared they cost nothing. */
export interface Located {
  location: RangeLocation;
  start: Location;
  macro: string | null;
}

export function startOf(range: RangeLocation): Location {
  return { file: range.file, line: range.line, column: range.column };
}
