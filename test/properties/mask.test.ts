import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mask } from '../../server/src/syntax/mask';
import { markAt, marksIn, type Mark } from '../../server/src/syntax/marks';
import { shippedDialect } from '../unit/syntax/support';
import { file, soup } from './maskSoup';

const dialect = shippedDialect();

/** Bare strings of any code units: lone surrogates, control characters. */
const anything = fc.string({ unit: 'binary', maxLength: 200 });

function newlinesOf(text: string): number[] {
  return [...text.matchAll(/[\r\n]/g)].map((m) => m.index);
}

describe('properties of the mask', () => {
  it('keeps length and newlines on any text', () => {
    fc.assert(
      fc.property(fc.oneof(soup, anything), (text) => {
        const masked = mask(text, dialect).text;
        assert.equal(masked.length, text.length);
        assert.deepEqual(newlinesOf(masked), newlinesOf(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('changes nothing outside its marks', () => {
    fc.assert(
      fc.property(fc.oneof(soup, anything), (text) => {
        const masked = mask(text, dialect);
        const covered = new Uint8Array(text.length);
        for (const mark of masked.marks) covered.fill(1, mark.start, mark.end);
        for (let i = 0; i < text.length; i++)
          if (!covered[i])
            assert.equal(masked.text[i], text[i], `offset ${i} of ${JSON.stringify(text)} became ${JSON.stringify(masked.text)}`);
      }),
      { numRuns: 2000 },
    );
  });

  it('sorts its marks, with ranges inside the text', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const { marks } = mask(text, dialect);
        marks.forEach((mark, i) => {
          assert.ok(mark.start >= 0 && mark.start < mark.end && mark.end <= text.length);
          if (i > 0) assert.ok(marks[i - 1].start <= mark.start);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves masked files as they are', () => {
    fc.assert(
      fc.property(file, (text) => {
        const once = mask(text, dialect).text;
        assert.equal(mask(once, dialect).text, once);
      }),
      { numRuns: 200 },
    );
  });

  it('finds marks as a linear search does', () => {
    fc.assert(
      fc.property(soup, fc.nat({ max: 300 }), fc.nat({ max: 300 }), (text, a, b) => {
        const { marks } = mask(text, dialect);
        const [start, end] = a < b ? [a, b] : [b, a];
        assert.deepEqual(
          marksIn(marks, start, end),
          marks.filter((mark) => mark.start >= start && mark.start < end),
        );
        for (const kind of ['argument', 'attribute', 'loop'] as const) {
          const containing = marks.filter((mark: Mark) => mark.kind === kind && mark.start <= a && a < mark.end);
          assert.equal(markAt(marks, a, kind), containing[containing.length - 1]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes time in proportion to the text, however it nests', function () {
    this.timeout(60_000);
    const closing: Record<string, string> = { '(': ')', '{': '}', '[': ']' };
    for (const piece of [
      '(',
      '{',
      'f(',
      'f(a, {',
      'f({',
      'f(.a = {',
      'struct s {',
      'for_each_x(',
      'f((',
      '__aligned(',
      '[',
      'case ',
      'typeof(',
      'A "x" ',
      'A ',
      'f() ',
      'static f() ',
      'f(;) ',
      'asm(',
      '{{',
      'int (*)(',
    ]) {
      const text = piece.repeat(10_000);
      const balanced =
        text +
        [...piece]
          .map((c) => closing[c] ?? '')
          .reverse()
          .join('')
          .repeat(10_000);
      for (const one of [text, balanced, 'f(' + balanced + ')', 'int x = ' + balanced]) {
        const start = performance.now();
        mask(one, dialect);
        const time = performance.now() - start;
        assert.ok(time < 1000, `${one.slice(0, 20)}… took ${time} ms`);
      }
    }
  });
});
