/** Types of what declaring macros declare, where the mask's rewriting (`long n[b]`) tells too little. */
import { splitArguments } from './declarationsAttributes';
import { parseTypeName } from './typeNames';
import { type CType, UNKNOWN } from './types';

const BITS_PER_LONG = 64;
const UNSIGNED_LONG: CType = { kind: 'basic', name: 'unsigned long' };

function arrayOf(of: CType, bound: string, length: number | null): CType {
  return length === null ? { kind: 'array', of, length, flexible: false, bound } : { kind: 'array', of, length, flexible: false };
}

/**
 * The type of `name`, declared through the macro that `mark` tells of. `parsed` is the type that the rewritten text gives; it is kept
 * where the macro states the type itself (`DEFINE_PER_CPU(T, name)`). UNKNOWN for a macro that nobody here knows.
 */
export function typeOfDeclaringMacro(
  mark: { name: string; text: string }, name: string, parsed: CType, evaluate: (text: string) => number | null,
): CType {
  const open = mark.text.indexOf('(');
  const close = mark.text.lastIndexOf(')');
  const parts = open < 0 || close < open ? [] : splitArguments(mark.text.slice(open + 1, close));
  if (mark.name === 'DECLARE_BITMAP') {
    const bits = evaluate(parts[1] ?? '');
    // The bound stays an expression that any evaluator reads: BITS_TO_LONGS is a kernel macro that a driver's scope may not have.
    const bound = `((${parts[1] ?? ''}) + ${BITS_PER_LONG - 1}) / ${BITS_PER_LONG}`;
    return arrayOf(UNSIGNED_LONG, bound, bits === null ? null : Math.ceil(bits / BITS_PER_LONG));
  }
  if (mark.name.endsWith('DECLARE_FLEX_ARRAY')) return { kind: 'array', of: parseTypeName(parts[0] ?? ''), length: null, flexible: true };
  if (mark.name === 'DECLARE_HASHTABLE' || mark.name === 'DEFINE_HASHTABLE') {
    const bits = evaluate(parts[1] ?? '');
    return arrayOf({ kind: 'record', tag: 'struct', name: 'hlist_head' }, `1 << (${parts[1] ?? ''})`, bits === null ? null : 2 ** bits);
  }
  if (mark.name.includes('PER_CPU')) return parsed;
  // A group of members (struct_group) spans declarations whose types stand in the text; a macro that names the member itself hides its type.
  return parts.includes(name) ? UNKNOWN : parsed;
}
