/** Types of what declaring macros declare, where the mask's rewriting (`long n[b]`, `int n`) tells too little. */
import { splitArguments } from './declarationsAttributes';
import { parseTypeName } from './typeNames';
import { type CType, UNKNOWN } from './types';

/** Of the data models that we know (basicTypes.ts), all have 64-bit longs. */
const BITS_PER_LONG = 64;
const UNSIGNED_LONG: CType = { kind: 'basic', name: 'unsigned long' };

/** Macros that are a DECLARE_BITMAP of a fixed size: include/linux/ethtool.h, include/linux/phy.h. */
const BITMAPS: ReadonlyMap<string, string> = new Map([
  ['__ETHTOOL_DECLARE_LINK_MODE_MASK', '__ETHTOOL_LINK_MODE_MASK_NBITS'],
  ['DECLARE_PHY_INTERFACE_MASK', 'PHY_INTERFACE_MODE_MAX'],
]);

/** Macros that name a type of their own: include/linux/dma-mapping.h, with CONFIG_NEED_DMA_MAP_STATE. */
const TYPED: ReadonlyMap<string, string> = new Map([
  ['DEFINE_DMA_UNMAP_ADDR', 'dma_addr_t'],
  ['DEFINE_DMA_UNMAP_LEN', '__u32'],
]);

type Evaluate = (text: string) => number | null;

function arrayOf(of: CType, bound: string, length: number | null): CType {
  return length === null ? { kind: 'array', of, length, flexible: false, bound } : { kind: 'array', of, length, flexible: false };
}

function bitmap(bits: string, evaluate: Evaluate): CType {
  const count = evaluate(bits);
  // The bound stays plain arithmetic for whoever evaluates it later: BITS_TO_LONGS is a macro that a scope may not have.
  return arrayOf(
    UNSIGNED_LONG,
    `((${bits}) + ${BITS_PER_LONG - 1}) / ${BITS_PER_LONG}`,
    count === null ? null : Math.ceil(count / BITS_PER_LONG),
  );
}

/** The arguments of a macro use as written, `NAME(a, b)`. */
export function argumentsOfUse(text: string): string[] {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  return open < 0 || close < open ? [] : splitArguments(text.slice(open + 1, close));
}

/**
 * The type of `name`, declared through the macro that `mark` tells of. `parsed` is the type that the rewritten text gives; it is kept
 * where the macro states the type itself (`DEFINE_PER_CPU(T, name)`). UNKNOWN for a macro that hides its type from everyone here.
 */
export function typeOfDeclaringMacro(mark: { name: string; text: string }, name: string, parsed: CType, evaluate: Evaluate): CType {
  const parts = argumentsOfUse(mark.text);
  const second = parts[1] ?? '';
  if (mark.name === 'DECLARE_BITMAP') return bitmap(second, evaluate);
  const bits = BITMAPS.get(mark.name);
  if (bits !== undefined) return bitmap(bits, evaluate);
  if (mark.name.endsWith('DECLARE_FLEX_ARRAY')) return { kind: 'array', of: parseTypeName(parts[0] ?? ''), length: null, flexible: true };
  if (mark.name === 'DECLARE_HASHTABLE') {
    const count = evaluate(second);
    return arrayOf({ kind: 'record', tag: 'struct', name: 'hlist_head' }, `1 << (${second})`, count === null ? null : 2 ** count);
  }
  const named = TYPED.get(mark.name);
  if (named !== undefined) return parseTypeName(named);
  // `NAME(function, rest) {` defines a function of which only the macro knows the parameters.
  if (parsed.kind === 'function') return { kind: 'function', returns: UNKNOWN, parameters: [], variadic: true };
  // A name that stands first got `int` from the mask; a type before the name stands in the text, save for an array's bound.
  if (parts[0] === name) return UNKNOWN;
  return second === name && parts[0].includes('[') ? parseTypeName(parts[0]) : parsed;
}
