import assert from 'node:assert/strict';
import { foldBinary, foldUnary, literalValue } from '../../../server/src/ir/folding';

describe('ir: constants in conditions', () => {
  it('literals of every base and suffix', () => {
    const values: [string, number | null][] = [
      ['0', 0],
      ['10', 10],
      ['010', 8],
      ['0x1fUL', 31],
      ['0b101', 5],
      ["'a'", 97],
      ['true', 1],
      ['NULL', 0],
      ['1.5', null],
      ["'\\n'", null],
      ['"x"', null],
      ['name', null],
    ];
    for (const [text, value] of values) assert.equal(literalValue(text), value, text);
  });

  it('unknown stays unknown, and so does what C leaves undefined', () => {
    for (const operator of ['+', '==', '&', '<<']) assert.equal(foldBinary(operator, null, 1), null);
    assert.equal(foldBinary('/', 1, 0), null);
    assert.equal(foldBinary('%', 1, 0), null);
    assert.equal(foldBinary('<<', 1, -1), null);
    assert.equal(foldUnary('!', null), null);
    assert.equal(foldUnary('~', 0), null);
  });

  it('computes like C on integers', () => {
    const cases: [string, number, number, number][] = [
      ['/', -7, 2, -3],
      ['%', -7, 2, -1],
      ['<<', 1, 40, 2 ** 40],
      ['>>', 2 ** 40, 39, 2],
      ['&', 12, 10, 8],
      ['^', 12, 10, 6],
      ['<=', 2, 2, 1],
      ['!=', 2, 2, 0],
    ];
    for (const [operator, a, b, value] of cases) assert.equal(foldBinary(operator, a, b), value, `${a} ${operator} ${b}`);
    assert.equal(foldUnary('!', 0), 1);
    assert.equal(foldUnary('-', 3), -3);
  });
});
