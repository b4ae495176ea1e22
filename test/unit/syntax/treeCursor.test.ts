/** The fast cursor sees what the library's own sees, and is in use. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mask } from '../../../server/src/syntax/mask';
import type { Item } from '../../../server/src/syntax/nodes';
import type { Parser } from '../../../server/src/syntax/parser';
import { cursorMaker } from '../../../server/src/syntax/treeCursor';
import { repositoryRoot } from '../../support/repository';
import { newParser, shippedDialect, standInPreprocess } from './support';

/** The parser's way to make cursors. No user needs to choose, so the parser's face does not offer it. */
function useCursors(parser: Parser, make: ReturnType<typeof cursorMaker> | undefined): ReturnType<typeof cursorMaker> {
  const { flattener } = parser as unknown as { flattener: { walk: ReturnType<typeof cursorMaker> } };
  const before = flattener.walk;
  if (make) flattener.walk = make;
  return before;
}

describe('tree cursor', () => {
  const dialect = shippedDialect();
  const driver = readFileSync(join(repositoryRoot, 'examples/fgft_demo_nic/demo_nic_main.c'), 'utf8');
  const texts = [
    driver,
    driver.slice(0, driver.length * 0.6),
    'int f(void) { if ( }\nint g(void) { return 1; }\nextern "C" { int a; }',
    '',
  ];

  it('gives the same items as the one of the library', async () => {
    const parser = await newParser();
    const itemsOf = (text: string): Item[] => {
      const tree = parser.parse(mask(standInPreprocess(text), dialect).text);
      const items = parser.flatten(tree);
      tree.delete();
      return items;
    };
    const fast = texts.map(itemsOf);
    useCursors(parser, cursorMaker({}));
    assert.deepEqual(texts.map(itemsOf), fast);
    assert.ok(fast[0].length > 10);
    assert.equal(
      fast[2].some((item) => item.hasError),
      true,
    );
  });

  it('is the fast one with the library that is installed', async () => {
    const parser = await newParser();
    const { parser: library } = parser as unknown as { parser: { parse(text: string): Parameters<ReturnType<typeof cursorMaker>>[0] } };
    const tree = library.parse('int a;');
    const cursor = useCursors(parser, undefined)(tree);
    assert.equal(cursor.constructor.name, 'DirectCursor');
    cursor.delete();
    tree.delete();
  });
});
