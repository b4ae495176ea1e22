/** How deep syntax nests. */
import type { ItemNodes } from './nodes';

/** Levels of syntax. Drivers stay below 100; more is generated text or no C at all, and following it would need more stack than there is. */
const MAXIMUM_DEPTH = 600;

/** True when an item nests too deeply to be followed by functions that call themselves. What lies below the node `without` does not count. */
export function isTooDeep(nodes: ItemNodes, without = 0): boolean {
  if (nodes.count < MAXIMUM_DEPTH) return false;
  // Children stand behind their parents, so that one pass is enough.
  const depths = new Uint32Array(nodes.count);
  for (let parent = 0; parent < nodes.count; parent++) {
    const depth = depths[parent] + 1;
    if (depth > MAXIMUM_DEPTH) return true;
    if (parent !== 0 && (parent === without || depths[parent] === 0)) continue;
    for (let child = nodes.firstChild[parent]; child !== 0; child = nodes.nextSibling[child]) depths[child] = depth;
  }
  return false;
}
