/** The entrance of `ir`: one function definition to its compact form. */
import { isTooDeep } from '../syntax/depth';
import type { Item } from '../syntax/nodes';
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
  if (isTooDeep(item.nodes))
    b.gaps.push({ at: head.place.offset, length: head.name.length, message: `${head.name} is nested too deeply to be followed` });
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

/** An array parameter is a pointer. */
function decayed(type: FunctionIR['returns']): FunctionIR['returns'] {
  return type.kind === 'array' ? { kind: 'pointer', to: type.of } : type;
}
