/** The entrance of `ir`: one function definition to its compact form. */
import type { Item, ItemNodes } from '../syntax/nodes';
import type { Mark } from '../syntax/marks';
import { itemSource, readFunction } from '../symbols/declarators';
import { Builder, type LoweringEnvironment } from './builder';
import type { FunctionIR } from './model';
import { childByField, Field, Kind } from './nodeReading';
import { lowerStatement } from './statements';

export type { LoweringEnvironment, MacroBody } from './builder';

/**
 * Lowers one function definition. Never fails: what could not be understood stands in `gaps`.
 * Returns null when the item is no function definition.
 */
export function lowerFunction(item: Item, maskedText: string, marks: readonly Mark[], environment: LoweringEnvironment): FunctionIR | null {
  if (item.kind !== 'function_definition') return null;
  const source = itemSource(item, maskedText, marks);
  const head = readFunction(source);
  if (!head) return null;
  const b = new Builder(environment, { ...source, macro: null });
  for (const parameter of head.parameters) b.addLocal(parameter.name, decayed(parameter.type), true);
  if (item.hasError) b.gaps.push({ at: head.place.offset, length: head.name.length, message: `part of ${head.name} could not be parsed` });
  const body = childByField(item.nodes, 0, Field.body);
  if (isTooDeep(item.nodes)) b.gaps.push({ at: head.place.offset, length: head.name.length, message: `${head.name} is nested too deeply to be followed` });
  else if (body && item.nodes.kind[body] === Kind.compound_statement) lowerStatement(b, body);
  return b.finish({
    name: head.name,
    at: head.place.offset,
    end: item.end - item.start,
    returns: head.returns,
    attributes: head.attributes,
    isStatic: head.storage === 'static',
  });
}

/** Levels of syntax. Drivers stay below 100; more is generated text or no C at all, and would need more stack than there is. */
const MAXIMUM_DEPTH = 600;

function isTooDeep(nodes: ItemNodes): boolean {
  if (nodes.count < MAXIMUM_DEPTH) return false;
  // Children stand behind their parents, so that one pass is enough.
  const depths = new Uint32Array(nodes.count);
  for (let parent = 0; parent < nodes.count; parent++) {
    const depth = depths[parent] + 1;
    if (depth > MAXIMUM_DEPTH) return true;
    for (let child = nodes.firstChild[parent]; child !== 0; child = nodes.nextSibling[child]) depths[child] = depth;
  }
  return false;
}

/** An array parameter is a pointer. */
function decayed(type: FunctionIR['returns']): FunctionIR['returns'] {
  return type.kind === 'array' ? { kind: 'pointer', to: type.of } : type;
}
