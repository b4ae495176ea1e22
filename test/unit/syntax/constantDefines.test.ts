import assert from 'node:assert/strict';
import { ConstantTable, takeConstants } from '../../../server/src/syntax/constantDefines';

const registers = Array.from({ length: 2000 }, (_, i) => `#define REG_${i}__FIELD_MASK 0x${(i * 16).toString(16)}L`).join('\n');

describe('syntax: headers of constants', () => {
  it('give their numbers to a table and keep the rest, line by line', () => {
    const table = new ConstantTable();
    const rest = takeConstants(`#ifndef R_H\n${registers}\n#define BASE(x) ((x) + 1)\nstruct r { int a; };\n#endif\n`, table);
    assert.equal(rest.replace(/\n+/g, '\n'), '#ifndef R_H\n#define BASE(x) ((x) + 1)\nstruct r { int a; };\n#endif\n');
    assert.equal(rest.split('\n').length, 2005);
    assert.deepEqual([table.size, table.value('REG_7__FIELD_MASK'), table.value('BASE')], [2000, 112, undefined]);
  });

  it('do not say which of two values a name has', () => {
    const table = new ConstantTable();
    for (const [name, value] of [
      ['A', 1],
      ['A', 1],
      ['B', 1],
      ['B', 2],
      ['C', 2 ** 40],
    ] as const)
      table.add(name, value);
    assert.deepEqual([table.value('A'), table.value('B'), table.value('C'), table.has('B'), table.has('D')], [1, null, null, true, false]);
  });

  it('leave small headers and those with conditions alone', () => {
    const table = new ConstantTable();
    const conditional = `#ifndef R_H\n#ifdef X\n${registers}\n#else\n#endif\n#endif\n`;
    assert.equal(takeConstants(conditional, table), conditional);
    assert.equal(takeConstants('#define A 1\n', table), '#define A 1\n');
    assert.equal(table.size, 0);
  });
});
