/** Parses small C texts for the tests of the declaration readers. The masks of the words used here are made by hand: the real mask has its own tests. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';
import type { Mark } from '../../../server/src/syntax/marks';
import { type Item, type ItemNodes, NODE_FIELDS, NODE_KINDS, type NodeKindName } from '../../../server/src/syntax/nodes';
import { declarationsOf } from '../../../server/src/symbols/declarations';
import type { ItemDeclarations } from '../../../server/src/symbols/types';

const require = createRequire(import.meta.url);
let parser: Parser | undefined;

/** Must run before `parse` (mocha's `before`). */
export async function prepareParser(): Promise<void> {
  if (parser) return;
  await Parser.init();
  parser = new Parser();
  parser.setLanguage(await Language.load(readFileSync(require.resolve('tree-sitter-c/tree-sitter-c.wasm'))));
}

const KIND_NUMBERS = new Map<string, number>(NODE_KINDS.map((name, i) => [name, i]));
const FIELD_NUMBERS = new Map<string, number>(NODE_FIELDS.map((name, i) => [name, i]));

function flatten(root: Node): ItemNodes {
  const rows: { kind: number; field: number; start: number; end: number; firstChild: number; nextSibling: number }[] = [];
  const add = (node: Node, field: string | null): number => {
    const kind = node.isMissing ? 'MISSING' : node.isNamed ? (node.type.startsWith('preproc') ? 'preproc' : node.type) : 'operator';
    const index = rows.length;
    rows.push({ kind: KIND_NUMBERS.get(kind) ?? 2, field: FIELD_NUMBERS.get(field ?? '') ?? 0, start: node.startIndex - root.startIndex, end: node.endIndex - root.startIndex, firstChild: 0, nextSibling: 0 });
    let last = 0;
    for (let i = 0; i < node.childCount; i++) {
      const child = node.child(i);
      const childField = node.fieldNameForChild(i);
      if (!child || (!child.isNamed && !childField)) continue;
      const at = add(child, childField);
      if (last === 0) rows[index].firstChild = at;
      else rows[last].nextSibling = at;
      last = at;
    }
    return index;
  };
  add(root, null);
  const column = (name: 'start' | 'end' | 'firstChild' | 'nextSibling'): Int32Array => Int32Array.from(rows, (r) => r[name]);
  return {
    count: rows.length,
    kind: Uint8Array.from(rows, (r) => r.kind),
    field: Uint8Array.from(rows, (r) => r.field),
    start: column('start'),
    end: column('end'),
    firstChild: column('firstChild'),
    nextSibling: column('nextSibling'),
  };
}

const ATTRIBUTE = /\b(__(?:iomem|user|rcu|percpu|init|packed|maybe_unused|must_check|always_inline|attribute__|aligned|counted_by|acquires)|__fgft_\w+)\b(\s*\()?/g;

/** Blanks attribute words as the mask does. */
export function maskAttributes(text: string): { text: string; marks: Mark[] } {
  const marks: Mark[] = [];
  let masked = text;
  for (const match of text.matchAll(ATTRIBUTE)) {
    let end = match.index + match[1].length;
    let inner: string | null = null;
    if (match[2] !== undefined && !['__iomem', '__user', '__rcu', '__percpu', '__packed', '__init'].includes(match[1])) {
      const open = match.index + match[0].length - 1;
      let depth = 0;
      let i = open;
      for (; i < text.length; i++) {
        if (text[i] === '(') depth++;
        else if (text[i] === ')' && --depth === 0) break;
      }
      inner = text.slice(open + 1, i);
      end = i + 1;
    }
    marks.push({ kind: 'attribute', start: match.index, end, name: match[1], arguments: inner });
    masked = masked.slice(0, match.index) + ' '.repeat(end - match.index) + masked.slice(end);
  }
  return { text: masked, marks };
}

export interface Parsed {
  items: Item[];
  text: string;
  original: string;
  marks: Mark[];
}

/** Parses a text whose attribute words are blanked first; `marks` are added to those of the words, `masked` replaces the text parsed. */
export function parse(original: string, masked?: string, marks: Mark[] = []): Parsed {
  if (!parser) throw new Error('prepareParser first');
  const blanked = maskAttributes(masked ?? original);
  const tree = parser.parse(blanked.text);
  if (!tree) throw new Error('no tree');
  const items = tree.rootNode.children
    .filter((node) => node !== null && node.isNamed)
    .map((node) => ({ start: node.startIndex, end: node.endIndex, kind: node.type as NodeKindName, hasError: node.hasError, nodes: flatten(node) }));
  tree.delete();
  return { items, text: blanked.text, original, marks: [...blanked.marks, ...marks].sort((a, b) => a.start - b.start) };
}

/** The declarations of all items of a text, joined. */
export function declare(original: string, masked?: string, marks: Mark[] = [], evaluate?: (text: string) => number | null): ItemDeclarations {
  const parsed = parse(original, masked, marks);
  const all: ItemDeclarations = { records: [], enums: [], typedefs: [], functions: [], variables: [], macroCalls: [] };
  for (const item of parsed.items) {
    const one = declarationsOf(item, parsed.text, parsed.original, parsed.marks, 'test.c', 'driver', evaluate);
    for (const key of Object.keys(all) as (keyof ItemDeclarations)[]) (all[key] as unknown[]).push(...one[key]);
  }
  return all;
}
