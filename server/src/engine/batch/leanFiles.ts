/** Lets go of the syntax of a large module's functions once they are lowered: a report asks for that of a few again. */
import type { Item, ItemNodes } from '../../syntax/nodes';
import type { Parser } from '../../syntax/parser';
import type { ParsedFile } from '../parsedFile';

/** Source that makes it worth the while: the nodes of a megabyte of C take about 15. Bytes. */
export const LARGE_SOURCE = 4e6;

const NOTHING: ItemNodes = {
  count: 0,
  kind: new Uint8Array(0),
  field: new Uint8Array(0),
  start: new Int32Array(0),
  end: new Int32Array(0),
  firstChild: new Int32Array(0),
  nextSibling: new Int32Array(0),
};

/** From now on the nodes of functions are parsed again whenever they are asked for. Items with errors keep theirs: alone they parse otherwise. */
export function releaseSyntax(files: readonly ParsedFile[], parser: Parser): void {
  for (const file of files)
    file.items = file.items.map((item) => (item.kind === 'function_definition' && !item.hasError ? parsedAgain(item, file, parser) : item));
}

function parsedAgain({ start, end, kind, hasError }: Item, { masked }: ParsedFile, parser: Parser): Item {
  return {
    start,
    end,
    kind,
    hasError,
    get nodes() {
      const tree = parser.parse(masked.text.slice(start, end));
      const [item] = parser.flatten(tree);
      tree.delete();
      return item?.nodes ?? NOTHING;
    },
  };
}
