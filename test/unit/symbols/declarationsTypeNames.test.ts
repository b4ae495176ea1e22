import assert from 'node:assert/strict';
import { basicType, integerLiteral, parseTypeName } from '../../../server/src/symbols/typeNames';
import { say } from './declarationsSupport';

describe('symbols: type names', () => {
  const cases: [text: string, said: string][] = [
    ['struct foo *', 'pointer to struct foo'],
    ['const u8', 'u8'],
    ['const u8 *', 'pointer to const u8'],
    ['char const **', 'pointer to pointer to const char'],
    ['unsigned long', 'unsigned long'],
    ['long unsigned int', 'unsigned long'],
    ['struct foo', 'struct foo'],
    ['union bar', 'union bar'],
    ['enum baz', 'enum baz'],
    ['u32 __iomem *', 'pointer(iomem) to u32'],
    ['void * __user', 'pointer(user) to void'],
    ['struct foo __rcu **', 'pointer to pointer(rcu) to struct foo'],
    ['typeof(x)', 'typeof(x)'],
    ['typeof(*(x)) *', 'pointer to typeof(*(x))'],
    ['char [16]', 'array[16] of char'],
    ['u8[N]', 'array[N] of u8'],
    ['void (*)(int)', 'pointer to function(...) to void'],
    ['volatile struct x *', 'pointer to struct x'],
    ['bool', '_Bool'],
    ['', 'unknown'],
    ['a + b', 'unknown'],
    ['struct', 'unknown'],
    ['foo bar', 'unknown'],
    ['3', 'unknown'],
    ['*', 'unknown'],
  ];
  for (const [text, said] of cases) it(`reads "${text}"`, () => assert.equal(say(parseTypeName(text)), said));

  it('orders the words of basic types', () => {
    assert.deepEqual(basicType(['int', 'long', 'unsigned', 'long']), { kind: 'basic', name: 'unsigned long long' });
    assert.deepEqual(basicType(['signed', 'char']), { kind: 'basic', name: 'signed char' });
    assert.deepEqual(basicType(['short', 'int']), { kind: 'basic', name: 'short' });
    assert.deepEqual(basicType(['long', 'double']), { kind: 'basic', name: 'long double' });
    assert.deepEqual(basicType(['unsigned', 'foo']), { kind: 'unknown' });
  });

  it('reads integer literals', () => {
    assert.deepEqual(['10', '0x1fUL', '010', '0b101', "'A'", '1.5', 'x', '0', '0xffffffffffffffff'].map(integerLiteral), [
      10,
      31,
      8,
      5,
      65,
      null,
      null,
      0,
      null,
    ]);
  });
});
