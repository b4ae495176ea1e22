/** Constant expressions as the compiler evaluates them. */
import assert from 'node:assert/strict';
import { evaluateConstant, type ConstantContext } from '../../../server/src/symbols/constants';
import type { MacroSummary } from '../../../server/src/symbols/types';

const macro = (name: string, parameters: string[] | null, body: string): [string, MacroSummary] => [
  name,
  { name, parameters, body, place: { file: 'a.h', offset: 0 } },
];
const MACROS = new Map([
  macro('EIGHT', null, '8'),
  macro('SUM', null, '1 + 2'),
  macro('TWICE', ['x'], '((x) * 2)'),
  macro('PASTE', ['a', 'b'], 'a ## b'),
  macro('LOOP', null, 'LOOP2'),
  macro('LOOP2', null, 'LOOP'),
  macro('ALIGN', ['x', 'a'], '(((x) + ((typeof(x))(a) - 1)) & ~((typeof(x))(a) - 1))'),
  macro('DIV_ROUND_UP', ['n', 'd'], '(((n) + (d) - 1) / (d))'),
  macro('BIT', ['nr'], '(1UL << (nr))'),
]);
const TYPES: Record<string, { size: number; unsigned: boolean }> = {
  u8: { size: 1, unsigned: true },
  s8: { size: 1, unsigned: false },
  u32: { size: 4, unsigned: true },
  int: { size: 4, unsigned: false },
  'unsigned long': { size: 8, unsigned: true },
  'unsigned int': { size: 4, unsigned: true },
};
const CONTEXT: ConstantContext = {
  macro: (name) => MACROS.get(name),
  enumConstant: (name) => ({ RED: 0n, BLUE: 5n, HUGE: 0x8000000000000000n, STRANGE: null })[name],
  sizeof: (text) => TYPES[text]?.size ?? (text === 'struct foo' ? 24 : null),
  alignof: (text) => TYPES[text]?.size ?? null,
  offsetof: (type, member) => (type === 'struct foo' && member === 'bar.baz[1]' ? 12 : null),
  integerType: (text) => (text.startsWith('typeof') ? TYPES.int : TYPES[text]),
  configuration: (name) => ({ CONFIG_A: 'y', CONFIG_B: 'm' })[name],
};

function check(cases: Record<string, bigint | number | null>): void {
  for (const [text, value] of Object.entries(cases))
    assert.equal(evaluateConstant(text, CONTEXT), value === null ? null : BigInt(value), text);
}

describe('constant expressions', () => {
  it('reads every form of literal', () => {
    check({
      0: 0,
      42: 42,
      '010': 8,
      '0x1F': 31,
      '0b101': 5,
      '10u': 10,
      '10UL': 10,
      '0xffffffffULL': 0xffffffff,
      "'a'": 97,
      "'\\n'": 10,
      "'\\0'": 0,
      "'\\x7f'": 127,
      "'ab'": 0x6162,
      '1.5': null,
      '"s"': null,
    });
  });

  it('applies operators with their precedence', () => {
    check({
      '1 + 2 * 3': 7,
      '(1 + 2) * 3': 9,
      '1 << 3 | 1': 9,
      '7 & 3 ^ 1': 2,
      '10 - 3 - 2': 5,
      '7 / 2': 3,
      '-7 / 2': -3,
      '-7 % 3': -1,
      '!0 + !5': 1,
      '~0': -1,
      '1 < 2 == 1': 1,
      '3 >= 3 && 2 != 2 || 1': 1,
      '1 ? 2 : 3': 2,
      '0 ? 2 : 0 ? 3 : 4': 4,
      '0 ?: 6': 6,
    });
  });

  it('computes in the types of C', () => {
    check({
      '-1 < 0u': 0,
      '~0U': 0xffffffff,
      '~0UL': 0xffffffffffffffffn,
      '1 << 31': -0x80000000,
      '1U << 31': 0x80000000,
      '(u8)-1': 255,
      '(s8)255': -1,
      '(unsigned int)-1 / 2': 0x7fffffff,
      '0xffffffff + 1': 0,
      '4294967295 + 1': 4294967296,
      '(u8)300 + 1': 45,
    });
  });

  it('does not evaluate what cannot be', () => {
    check({
      '1 / 0': null,
      '1 << 64': null,
      unknown: null,
      'f(1)': null,
      '1 +': null,
      '(1': null,
      '': null,
      'a = 1': null,
      STRANGE: null,
      '1 ? 2 : unknown': 2,
      '0 && unknown': 0,
      '1 || f(3)': 1,
    });
  });

  it('expands macros as text', () => {
    check({
      'EIGHT * 2': 16,
      'SUM * 2': 5,
      'TWICE(3 + 1)': 8,
      'TWICE(TWICE(EIGHT))': 32,
      'PASTE(1, 2) + 1': 13,
      LOOP: null,
      'DIV_ROUND_UP(10, 3)': 4,
      'ALIGN(10, EIGHT)': 16,
      'BIT(3) | BIT(0)': 9,
    });
  });

  it('knows enum constants, sizes and offsets', () => {
    check({
      'BLUE + RED': 5,
      HUGE: 0x8000000000000000n,
      'sizeof(struct foo) / 2': 12,
      'sizeof(u32)': 4,
      'sizeof("abc")': 4,
      'sizeof("a\\n" "b")': 4,
      'sizeof(unknown)': null,
      '_Alignof(u32)': 4,
      'offsetof(struct foo, bar.baz[1])': 12,
      'sizeof(int) * 8 - 1': 31,
    });
  });

  it('knows the macros whose bodies only check types', () => {
    check({
      'GENMASK(7, 4)': 0xf0,
      'GENMASK_ULL(63, 60)': 0xf000000000000000n,
      'max(2, 3)': 3,
      'min_t(u32, -1, 5)': 5,
      'IS_ENABLED(CONFIG_A)': 1,
      'IS_BUILTIN(CONFIG_B)': 0,
      'IS_MODULE(CONFIG_B)': 1,
      'IS_ENABLED(CONFIG_C)': 0,
      'ilog2(4096)': 12,
      'roundup_pow_of_two(5)': 8,
      'BUILD_BUG_ON_ZERO(sizeof(x))': 0,
      'ARRAY_SIZE(x)': null,
      '__builtin_choose_expr(1, 4, unknown)': 4,
    });
  });

  it('survives hostile text', () => {
    for (const text of [
      '('.repeat(5000),
      '!'.repeat(5000),
      '1?'.repeat(3000),
      '1+'.repeat(3000) + '1',
      "'",
      '"',
      'TWICE(',
      'sizeof(',
      '#',
      '##',
    ])
      evaluateConstant(text, CONTEXT);
  });
});
