/**
 * Macros and compiler builtins whose value is computed here, because their bodies check types with tricks (statement expressions,
 * negative array sizes) that no constant evaluator needs. The values are those that include/linux/{bits,minmax,kernel,kconfig,log2}.h define.
 */
import { applyBinary, convert, INT, UNSIGNED_LONG, type Integer } from './constantsArithmetic';
import type { ConstantContext } from './constants';

export interface BuiltinCall {
  /** Value of the i-th argument; leaves the evaluation when it is no constant. */
  argument(i: number): Integer;
  /** The i-th argument's text; '' when there is none. */
  text(i: number): string;
  count: number;
  context: ConstantContext;
}

type Builtin = (call: BuiltinCall) => Integer | undefined;

const int = (value: bigint | number | boolean): Integer => ({ value: BigInt(value), ...INT });

/** `max(a, b)` and kin: `better` decides between two values of the common type. */
function choose(better: (x: bigint, y: bigint) => boolean): Builtin {
  return ({ argument, count }) => {
    let best = argument(0);
    for (let i = 1; i < count; i++) {
      const zero = int(0);
      const right = applyBinary('+', argument(i), zero);
      const left = applyBinary('+', best, zero);
      if (!left || !right) return undefined;
      best = better(right.value, left.value) ? right : left;
    }
    return best;
  };
}

/** `max_t(type, a, b)`. */
function chooseTyped(better: (x: bigint, y: bigint) => boolean): Builtin {
  return ({ argument, text, context }) => {
    const type = context.integerType(text(0));
    if (!type) return undefined;
    const to = { bits: type.size * 8, unsigned: type.unsigned };
    const a = convert(argument(1), to);
    const b = convert(argument(2), to);
    return better(b.value, a.value) ? b : a;
  };
}

function mask(bits: number): Builtin {
  return ({ argument }) => {
    const high = argument(0).value;
    const low = argument(1).value;
    if (low < 0n || high >= BigInt(bits) || low > high) return undefined;
    return { value: ((1n << (high + 1n)) - 1n) & ~((1n << low) - 1n), bits, unsigned: true };
  };
}

/** Position of the highest set bit, -1 for 0. */
function highestBit(value: bigint): number {
  return value <= 0n ? -1 : value.toString(2).length - 1;
}

const isBuiltIn = ({ text, context }: BuiltinCall): boolean => context.configuration(text(0)) === 'y' || text(0) === '1';
const isModule = ({ text, context }: BuiltinCall): boolean => context.configuration(text(0)) === 'm';
const greater = (x: bigint, y: bigint): boolean => x > y;
const less = (x: bigint, y: bigint): boolean => x < y;
const zero: Builtin = () => int(0);

export const BUILTIN_MACROS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['IS_ENABLED', (call) => int(isBuiltIn(call) || isModule(call))],
  ['IS_BUILTIN', (call) => int(isBuiltIn(call))],
  ['IS_MODULE', (call) => int(isModule(call))],
  // The driver is a module: what is a module too can be reached.
  ['IS_REACHABLE', (call) => int(isBuiltIn(call) || isModule(call))],
  ['GENMASK', mask(64)],
  ['GENMASK_ULL', mask(64)],
  ['max', choose(greater)],
  ['min', choose(less)],
  ['max3', choose(greater)],
  ['min3', choose(less)],
  ['MAX', choose(greater)],
  ['MIN', choose(less)],
  ['max_t', chooseTyped(greater)],
  ['min_t', chooseTyped(less)],
  ['MAX_T', chooseTyped(greater)],
  ['MIN_T', chooseTyped(less)],
  ['BUILD_BUG_ON_ZERO', zero],
  ['BUILD_BUG_ON_NOT_POWER_OF_2', zero],
  ['__must_be_array', zero],
  ['ilog2', ({ argument }) => int(highestBit(argument(0).value))],
  ['const_ilog2', ({ argument }) => int(highestBit(argument(0).value))],
  ['order_base_2', ({ argument }) => int(highestBit(argument(0).value - 1n) + 1)],
  ['bits_per', ({ argument }) => int(argument(0).value < 2n ? 1 : highestBit(argument(0).value) + 1)],
  ['roundup_pow_of_two', ({ argument }) => ({ value: 1n << BigInt(highestBit(argument(0).value - 1n) + 1), ...UNSIGNED_LONG })],
  [
    'rounddown_pow_of_two',
    ({ argument }) => (argument(0).value > 0n ? { value: 1n << BigInt(highestBit(argument(0).value)), ...UNSIGNED_LONG } : undefined),
  ],
  ['get_order', ({ argument }) => int(Math.max(0, highestBit(argument(0).value - 1n) + 1 - 12))],
  ['is_power_of_2', ({ argument }) => int(argument(0).value > 0n && (argument(0).value & (argument(0).value - 1n)) === 0n)],
  ['__builtin_constant_p', () => int(1)],
  ['__is_constexpr', () => int(1)],
  ['__builtin_choose_expr', ({ argument }) => (argument(0).value !== 0n ? argument(1) : argument(2))],
  ['__builtin_expect', ({ argument }) => argument(0)],
  ['likely', ({ argument }) => argument(0)],
  ['unlikely', ({ argument }) => argument(0)],
  ['cpu_to_le16', ({ argument }) => convert(argument(0), { bits: 16, unsigned: true })],
  ['cpu_to_le32', ({ argument }) => convert(argument(0), { bits: 32, unsigned: true })],
  ['cpu_to_le64', ({ argument }) => convert(argument(0), { bits: 64, unsigned: true })],
]);
