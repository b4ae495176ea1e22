/** Checks one masked text against its expected text and marks, and that it parses. */
import assert from 'node:assert/strict';
import { mask } from '../../../server/src/syntax/mask';
import type { Dialect, Mark } from '../../../server/src/syntax/marks';
import { shippedDialect } from './support';

let dialect: Dialect | undefined;

/** A mark in short: kind, the masked place's original text, and what the mark says about it. */
function brief(mark: Mark, text: string): string {
  const place = text.slice(mark.start, mark.end);
  switch (mark.kind) {
    case 'loop':
      return `loop ${place}`;
    case 'attribute':
      return `attribute ${mark.name}${mark.arguments === null ? '' : `(${mark.arguments})`}`;
    case 'declaration':
      return `declaration ${mark.name}: ${mark.text}`;
    case 'case-range':
      return `case-range ${place} -> ${mark.text}`;
    case 'inserted':
    case 'bit-field':
      return `${mark.kind} ${mark.text}`;
    default:
      assert.equal(mark.text, place, 'the text of a mark is what stood in its place');
      return `${mark.kind} ${mark.text}`;
  }
}

/** Runs of blanks as one, so that tests need not count them; that they keep the length is checked here. */
const squeezed = (text: string): string => text.replace(/[ \t]+/g, ' ').trim();

/** Masks `text` and compares: blanks are squeezed in both texts, marks are in short form. */
export function checkMask(text: string, expected: string, marks: string[]): void {
  dialect ??= shippedDialect();
  const masked = mask(text, dialect);
  assert.equal(masked.text.length, text.length);
  assert.equal(squeezed(masked.text), squeezed(expected));
  assert.deepEqual(
    masked.marks.map((mark) => brief(mark, text)),
    marks,
  );
}
