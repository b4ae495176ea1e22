/** One file of a driver from text to declarations, and the caches that make the next time cheap. */
import type { DeclaringMacro } from '../knowledge/model';
import { declarationsOf } from '../symbols/declarations';
import { variablesOfMacro } from '../symbols/declaringMacros';
import type { ItemDeclarations } from '../symbols/types';
import { isTooDeep } from '../syntax/depth';
import { childByField, Field } from '../syntax/nodeAccess';
import type { MacroTable } from '../syntax/macrosTable';
import type { Dialect, Masked } from '../syntax/marks';
import type { Item } from '../syntax/nodes';
import type { Parser, SyntaxTree } from '../syntax/parser';
import type { PreprocessedFile } from '../syntax/preprocessed';
import type { PreprocessEnvironment } from '../syntax/preprocessEnvironment';
import { LineIndex } from '../text/lines';
import { readText } from './reading';

export interface ParsedFile {
  path: string;
  text: string;
  preprocessed: PreprocessedFile;
  masked: Masked;
  items: Item[];
  /** Per item. The same object as before for an item that did not change. */
  declarations: ItemDeclarations[];
  /** Per item: the text around it in which attributes may stand, for telling whether it changed. */
  surroundings: string[];
  lines: LineIndex;
  /** Kept for open documents only; whoever drops the file deletes it. */
  tree: SyntaxTree | null;
  /** The macros at the file's end, for the next edit; kept like the tree. */
  table: MacroTable | null;
}

export interface FileParsing {
  parser: Parser;
  dialect: Dialect;
  declaringMacros: ReadonlyMap<string, DeclaringMacro>;
  environment: PreprocessEnvironment;
  isHeader: boolean;
  /** Keep the tree for the next edit. */
  keepTree: boolean;
  /** All that the preprocessor asks the environment has the same answer as for the earlier state. */
  sameEnvironment: boolean;
}

const NO_DECLARATIONS: ItemDeclarations = { records: [], enums: [], typedefs: [], functions: [], variables: [], macroCalls: [] };

/** Parses a file, taking over from `previous` (an earlier state of the same file) what did not change. `previous`' tree is used up. */
export function parseFile(path: string, text: string, parsing: FileParsing, previous?: ParsedFile): ParsedFile {
  const earlier = parsing.sameEnvironment ? previous : undefined;
  const { preprocessed, masked, table } = readText(path, text, parsing.environment, parsing.dialect, earlier);
  const { parser } = parsing;
  const from = previous?.tree ? { text: previous.masked.text, tree: previous.tree } : undefined;
  let tree = parser.parse(masked.text, from);
  let parsed = tree.edit && previous ? parser.flattenChanged(tree, previous.items, tree.edit) : parser.flatten(tree);
  if (tree.edit && parsed.some((item) => item.hasError)) {
    // From a text with errors tree-sitter recovers by what it had before: parsed afresh, the same text always gives the same items.
    tree.delete();
    tree = parser.parse(masked.text);
    parsed = parser.flatten(tree);
  }
  const items = previous && !tree.edit ? withKnownNodes(parsed, masked.text, preprocessed.text, previous) : parsed;
  if (previous?.tree) {
    previous.tree.delete();
    previous.tree = null;
    previous.table = null;
  }
  if (!parsing.keepTree) tree.delete();
  const surroundings = items.map((item, i) => surroundingText(preprocessed.text, items, item, i));
  const known = previous ? knownDeclarations(previous) : null;
  const declarations = items.map((item, i) => {
    const before = known?.get(item.nodes);
    if (before && before.surroundings === surroundings[i]) return before.declarations;
    if (isTooDeep(item.nodes, item.kind === 'function_definition' ? childByField(item.nodes, 0, Field.body) : 0)) return NO_DECLARATIONS;
    const declared = declarationsOf(item, masked.text, preprocessed.text, masked.marks, path, 'driver');
    for (const call of declared.macroCalls) declared.variables.push(...variablesOfMacro(call, parsing.declaringMacros));
    return declared;
  });
  return {
    path,
    text,
    preprocessed,
    masked,
    items,
    declarations,
    surroundings,
    lines: new LineIndex(text),
    tree: parsing.keepTree ? tree : null,
    table: parsing.keepTree ? table : null,
  };
}

/** Without a tree to edit, items of the same text take over the nodes of the earlier ones: identity tells what is known already. */
function withKnownNodes(items: readonly Item[], masked: string, text: string, previous: ParsedFile): Item[] {
  const known = new Map<string, Item>();
  for (const item of previous.items) if (!item.hasError) known.set(keyOf(item, previous.masked.text, previous.preprocessed.text), item);
  return items.map((item) => {
    const same = item.hasError ? undefined : known.get(keyOf(item, masked, text));
    return same && same.kind === item.kind ? { ...item, nodes: same.nodes } : item;
  });
}

/** The item's text after and before the mask: what stands in its nodes and in its marks. */
function keyOf(item: Item, masked: string, text: string): string {
  return masked.slice(item.start, item.end) + '\0' + text.slice(item.start, item.end);
}

/** Text before and after an item up to its neighbours: prefix attributes and the like are blanked there and are not part of its nodes. */
function surroundingText(text: string, items: readonly Item[], item: Item, index: number): string {
  const before = index > 0 ? items[index - 1].end : 0;
  const after = index + 1 < items.length ? items[index + 1].start : text.length;
  return text.slice(before, item.start).trim() + '\0' + text.slice(item.end, after).trim();
}

function knownDeclarations(previous: ParsedFile): Map<Item['nodes'], { declarations: ItemDeclarations; surroundings: string }> {
  return new Map(
    previous.items.map((item, i) => [item.nodes, { declarations: previous.declarations[i], surroundings: previous.surroundings[i] }]),
  );
}
