/** Whether an edit of a function left what it does to locks as it was, wherever in the text that now stands. */
import type { LockWorld } from './lockEvents';
import type { FunctionLocks } from './lockModel';
import { functionLocks } from './locks';
import type { CallGraph } from './summarize';

/**
 * True when function `id` does to locks what `before` says of it, while its callees do what `before` says of them. False also where
 * that cannot be told by looking at the function alone: when it calls itself, directly or through others.
 */
export function doesSameToLocks(world: LockWorld, graph: CallGraph, id: number, before: readonly FunctionLocks[]): boolean {
  const isAlone =
    graph.callees[id].every((callees) => !callees.includes(id)) && graph.components.some((c) => c.length === 1 && c[0] === id);
  return isAlone && sameButPlaces(functionLocks(world, id, before), before[id]);
}

/** Equal plain data but for offsets in the text. */
function sameButPlaces(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((x, i) => sameButPlaces(x, b[i]));
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => key in other && (key === 'at' || key === 'length' || sameButPlaces(one[key], other[key])))
  );
}
