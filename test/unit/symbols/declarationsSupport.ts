/** From small C texts to declarations, through the real mask and parser, as the engine does. */
import { declarationsOf } from '../../../server/src/symbols/declarations';
import { type ItemSource, itemSource } from '../../../server/src/symbols/declarators';
import type { CType, ItemDeclarations } from '../../../server/src/symbols/types';
import { mask } from '../../../server/src/syntax/mask';
import type { Dialect, Masked } from '../../../server/src/syntax/marks';
import type { Item } from '../../../server/src/syntax/nodes';
import type { Parser } from '../../../server/src/syntax/parser';
import { newParser, shippedDialect } from '../syntax/support';

let parser: Parser | undefined;
let dialect: Dialect | undefined;

/** Mocha's `before` of each file that parses. */
export async function prepareParser(): Promise<void> {
  parser ??= await newParser();
  dialect ??= shippedDialect();
}

export function parse(text: string): { items: Item[]; masked: Masked } {
  if (!parser || !dialect) throw new Error('prepareParser first');
  const masked = mask(text, dialect);
  const tree = parser.parse(masked.text);
  const items = parser.flatten(tree);
  tree.delete();
  return { items, masked };
}

/** The declarations of all items of a text, joined; offsets are those of the item each stands in. */
export function declare(text: string, evaluate?: (text: string) => number | null): ItemDeclarations {
  const { items, masked } = parse(text);
  const all: ItemDeclarations = { records: [], enums: [], typedefs: [], functions: [], variables: [], macroCalls: [] };
  for (const item of items) {
    const one = declarationsOf(item, masked.text, text, masked.marks, 'test.c', 'driver', evaluate);
    all.records.push(...one.records);
    all.enums.push(...one.enums);
    all.typedefs.push(...one.typedefs);
    all.functions.push(...one.functions);
    all.variables.push(...one.variables);
    all.macroCalls.push(...one.macroCalls);
  }
  return all;
}

/** The source of the first item of a text, for the readers of function bodies. */
export function firstItem(text: string): ItemSource {
  const { items, masked } = parse(text);
  return itemSource(items[0], masked.text, masked.marks);
}

/** A type as one line of text, in the order in which it is said: `array[3] of pointer(iomem) to void`. */
export function say(type: CType): string {
  switch (type.kind) {
    case 'basic':
      return type.name;
    case 'pointer':
      return `pointer${type.space ? `(${type.space})` : ''} to ${type.constant ? 'const ' : ''}${say(type.to)}`;
    case 'array':
      return `array[${type.length ?? (type.flexible ? '' : (type.bound ?? '?'))}] of ${say(type.of)}`;
    case 'record':
      return `${type.tag} ${type.name || '{}'}`;
    case 'enum':
      return `enum ${type.name || '{}'}`;
    case 'function':
      return `function(${[...type.parameters.map((p) => say(p.type)), ...(type.variadic ? ['...'] : [])].join(', ')}) to ${say(type.returns)}`;
    case 'named':
      return type.name + (type.space ? `(${type.space})` : '');
    case 'typeof':
      return type.text;
    default:
      return type.kind;
  }
}
