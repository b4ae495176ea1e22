/** Bodies of kernel macros as expressions, for lowering to look into. */
import type { MacroBody } from '../ir/lower';
import type { KernelSymbols } from '../symbols/scope';
import { mask } from '../syntax/mask';
import type { Dialect } from '../syntax/marks';
import type { ItemNodes } from '../syntax/nodes';
import { childByField, Field, Kind } from '../syntax/nodeAccess';
import type { Parser } from '../syntax/parser';

/** Longer bodies are tables and code generators, not accessors. UTF-16 units. */
const MAXIMUM_BODY = 1500;
const PREFIX = 'int fgft_value = ';

/** A memoised reader of kernel macro bodies; undefined for macros that are no expression. */
export function kernelMacroReader(kernel: KernelSymbols, parser: Parser, dialect: Dialect): (name: string) => MacroBody | undefined {
  const known = new Map<string, MacroBody | undefined>();
  const read = (name: string): MacroBody | undefined => {
    const macro = kernel.macro(name);
    const body = macro?.body.trim();
    if (
      !macro ||
      !body ||
      body.length > MAXIMUM_BODY ||
      /^(do\b|\{|for\b|while\b|if\b|typeof\b|__attribute__|#)/.test(body) ||
      body.includes('##')
    )
      return undefined;
    const masked = mask(`${PREFIX}${body};`, dialect);
    const tree = parser.parse(masked.text);
    const items = parser.flatten(tree);
    tree.delete();
    if (items.length !== 1 || items[0].hasError) return undefined;
    const expression = initializerOf(items[0].nodes);
    if (!expression) return undefined;
    return {
      parameters: macro.parameters ?? [],
      source: { nodes: items[0].nodes, text: masked.text.slice(items[0].start), marks: masked.marks, start: items[0].start },
      expression,
    };
  };
  return (name) => {
    if (!known.has(name)) known.set(name, read(name));
    return known.get(name);
  };
}

function initializerOf(nodes: ItemNodes): number {
  if (nodes.kind[0] !== Kind.declaration) return 0;
  const declarator = childByField(nodes, 0, Field.declarator);
  return nodes.kind[declarator] === Kind.init_declarator ? childByField(nodes, declarator, Field.value) : 0;
}
