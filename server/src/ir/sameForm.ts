/** Whether two readings of one function say the same: all but where things stand in the text, and the values of constants. */
import type { FunctionIR, Instruction } from './model';

/** A stretch of a function's text, relative to its item. */
export interface Stretch {
  at: number;
  length: number;
}

const PLACES: ReadonlySet<string> = new Set(['at', 'length']);
const LOOP_PLACES: ReadonlySet<string> = new Set(['start', 'end', 'conditionStart', 'conditionEnd']);
const FUNCTION_PLACES: ReadonlySet<string> = new Set(['at', 'end']);
/** Compared on their own: their entries have places. */
const LISTS: ReadonlySet<string> = new Set([...FUNCTION_PLACES, 'instructions', 'calls', 'loops', 'gaps']);
const NONE: ReadonlySet<string> = new Set();

/**
 * True when both make the same accesses, calls, assignments and jumps in the same order. An index of an array counts; another constant as a
 * value does not: above this layer only the returns of functions that try locks tell constants apart, which the lock analysis says itself.
 */
export function sameForm(a: FunctionIR, b: FunctionIR): boolean {
  return (
    sameData(a, b, LISTS) &&
    sameEntries(a.instructions, b.instructions, PLACES) &&
    sameEntries(a.calls, b.calls, PLACES) &&
    sameEntries(a.loops, b.loops, LOOP_PLACES) &&
    sameEntries(a.gaps, b.gaps, PLACES)
  );
}

function sameEntries(a: readonly object[], b: readonly object[], besides: ReadonlySet<string>): boolean {
  return a.length === b.length && a.every((x, i) => sameData(x, b[i], besides));
}

/** Equal plain data; `besides` are members of the outermost object that do not count. */
function sameData(a: unknown, b: unknown, besides = NONE): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => sameData(x, b[i]));
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  if (one.kind === 'constant' && other.kind === 'constant') return true;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length && keys.every((key) => key in other && (besides.has(key) || sameData(one[key], other[key])))
  );
}

/** Every place that the form knows, in an order that functions of the same form share. */
export function stretchesOf(ir: FunctionIR): Stretch[] {
  const at = (offset: number): Stretch => ({ at: offset, length: 0 });
  return [
    { at: ir.at, length: ir.name.length },
    at(ir.end),
    ...ir.instructions.flatMap((i) => stretchOf(i) ?? []),
    ...ir.calls,
    ...ir.loops.flatMap((l) => [at(l.start), at(l.end), at(l.conditionStart), at(l.conditionEnd)]),
    ...ir.gaps,
  ];
}

function stretchOf(i: Instruction): Stretch | null {
  if (i.op === 'touch') return i;
  return 'at' in i ? { at: i.at, length: 0 } : null;
}
