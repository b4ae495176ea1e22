import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mask } from '../../server/src/syntax/mask';
import type { Item } from '../../server/src/syntax/nodes';
import type { Parser } from '../../server/src/syntax/parser';
import { newParser, shippedDialect } from '../unit/syntax/support';
import { applied, edit, file, soup } from './maskSoup';

const dialect = shippedDialect();

describe('properties of incremental parsing', () => {
  let parser: Parser;
  before(async () => {
    parser = await newParser();
  });
  afterEach(() => assert.equal(parser.liveTrees, 0));

  const fromScratch = (text: string): Item[] => {
    const tree = parser.parse(text);
    const items = parser.flatten(tree);
    tree.delete();
    return items;
  };

  const check = (text: string, edits: readonly Parameters<typeof applied>[1][]): void => {
    let masked = mask(text, dialect).text;
    let tree = parser.parse(masked);
    let items = parser.flatten(tree);
    let source = text;
    try {
      for (const one of edits) {
        source = applied(source, one);
        const next = mask(source, dialect).text;
        const nextTree = parser.parse(next, { text: masked, tree });
        tree.delete();
        tree = nextTree;
        assert.ok(tree.edit);
        items = parser.flattenChanged(tree, items, tree.edit);
        masked = next;
        // How tree-sitter recovers from an error depends on what it could reuse: only trees without errors are the same both ways,
        // and the engine parses a text afresh when an edit leaves an error.
        const scratch = fromScratch(masked);
        if ([...items, ...scratch].some((item) => item.hasError)) items = parser.flatten(tree);
        else {
          assert.deepEqual(items, parser.flatten(tree), `taken over wrongly after an edit that gave ${JSON.stringify(masked)}`);
          assert.deepEqual(items, scratch, `parsed wrongly after an edit that gave ${JSON.stringify(masked)}`);
        }
      }
    } finally {
      tree.delete();
    }
  };

  it('gives the items that parsing from scratch gives, on files', () => {
    fc.assert(fc.property(file, fc.array(edit, { minLength: 1, maxLength: 6 }), check), { numRuns: 300 });
  });

  it('parses and flattens any text', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const masked = mask(text, dialect).text;
        let end = 0;
        for (const item of fromScratch(masked)) {
          assert.ok(item.start >= end && item.end >= item.start, 'items are in order and do not overlap');
          end = item.end;
          for (let n = 0; n < item.nodes.count; n++) {
            assert.ok(item.nodes.start[n] >= 0 && item.nodes.end[n] <= item.end - item.start);
            const child = item.nodes.firstChild[n];
            assert.ok(child === 0 || child === n + 1, 'a first child follows its parent');
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
