import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mask } from '../../../server/src/syntax/mask';
import { describe as describeNode } from '../../../server/src/syntax/nodeAccess';
import { NODE_FIELDS, NODE_KINDS, type Item } from '../../../server/src/syntax/nodes';
import type { Parser } from '../../../server/src/syntax/parser';
import { newParser, shippedDialect } from './support';

const dialect = shippedDialect();

describe('parser', () => {
  let parser: Parser;
  before(async () => {
    parser = await newParser();
  });
  afterEach(() => assert.equal(parser.liveTrees, 0, 'every tree was deleted'));

  const itemsOf = (text: string): Item[] => {
    const tree = parser.parse(mask(text, dialect).text);
    const items = parser.flatten(tree);
    tree.delete();
    return items;
  };
  const kinds = (text: string): string[] => itemsOf(text).map((item) => item.kind);

  it('gives items with nodes relative to their start', () => {
    const text = '\nint a;\nstatic int f(void) { return a + 1; }\n';
    const [declaration, definition] = itemsOf(text);
    assert.equal(text.slice(declaration.start, declaration.end), 'int a;');
    assert.equal(definition.kind, 'function_definition');
    assert.equal(definition.hasError, false);
    const itemText = text.slice(definition.start, definition.end);
    assert.match(
      describeNode(definition.nodes, 0, itemText),
      /binary_expression left: \(identifier "a"\) operator: \(operator "\+"\) right: \(number_literal "1"\)/,
    );
  });

  it('shows a loop macro as a while with its arguments', () => {
    const [item] = itemsOf('void f(void) { list_for_each_entry(a, &b, c) g(a); }');
    assert.equal(item.hasError, false);
    assert.ok([...item.nodes.kind].includes(NODE_KINDS.indexOf('while_statement')));
    assert.ok([...item.nodes.kind].includes(NODE_KINDS.indexOf('comma_expression')));
  });

  it('gives what extern "C" holds as items', () => {
    assert.deepEqual(kinds('extern "C" { int a; void f(void) { } }\nint b;'), ['declaration', 'function_definition', 'declaration']);
  });

  it('keeps functions around a broken item, and locals of a broken function out', () => {
    const items = itemsOf('int f(void) { return 0; }\nint g(void) { int local; if (\nint h(void) { return 1; }\n');
    assert.equal(items[0].kind, 'function_definition');
    assert.equal(items[0].hasError, false);
    assert.ok(items.some((item) => item.hasError));
    assert.ok(!items.some((item) => item.kind === 'declaration'));
  });

  it('says which node is missing', () => {
    const [item] = itemsOf('int a = 1');
    assert.equal(item.hasError, true);
    assert.ok([...item.nodes.kind].includes(NODE_KINDS.indexOf('MISSING')));
  });

  it('gives nothing for nothing', () => {
    assert.deepEqual(itemsOf(''), []);
    assert.deepEqual(itemsOf('/* only a comment */\n'), []);
  });

  it('takes over the items that an edit did not touch', () => {
    const before = 'int f(void)\n{\n\treturn 1;\n}\n\nint g(void)\n{\n\treturn 2;\n}\n\nint h(void)\n{\n\treturn 3;\n}\n';
    const after = before.replace('return 2;', 'return 2 + x;');
    const tree = parser.parse(before);
    const items = parser.flatten(tree);
    const next = parser.parse(after, { text: before, tree });
    assert.deepEqual(parser.flatten(tree), items, 'the previous tree is still valid');
    assert.ok(next.edit);
    const nextItems = parser.flattenChanged(next, items, next.edit);
    assert.equal(parser.liveTrees, 2);
    tree.delete();
    tree.delete();
    next.delete();
    assert.equal(nextItems.length, 3);
    assert.equal(nextItems[0], items[0]);
    assert.notEqual(nextItems[1].nodes, items[1].nodes);
    assert.equal(nextItems[2].nodes, items[2].nodes, 'the nodes of an item that only moved are shared');
    assert.equal(nextItems[2].start, items[2].start + 4);
  });

  it('parses a text again that did not change', () => {
    const text = 'int a;\n';
    const tree = parser.parse(text);
    const again = parser.parse(text, { text, tree });
    assert.deepEqual(again.edit, { start: 7, oldEnd: 7, newEnd: 7, changed: [] });
    assert.equal(parser.flattenChanged(again, parser.flatten(tree), again.edit).length, 1);
    tree.delete();
    again.delete();
  });

  it('survives deep nesting', () => {
    const depth = 3000;
    assert.doesNotThrow(() => itemsOf(`int x = ${'('.repeat(depth)}1${')'.repeat(depth)};`));
  });

  it('knows kinds and fields that the grammar has', () => {
    const types = JSON.parse(readFileSync(require.resolve('tree-sitter-c/src/node-types.json'), 'utf8')) as {
      type: string;
      named: boolean;
      fields?: Record<string, unknown>;
    }[];
    const named = new Set(types.filter((t) => t.named).map((t) => t.type));
    // What the grammar does not name itself: tree-sitter's own nodes and our groups.
    const ours = ['ERROR', 'MISSING', 'other', 'operator', 'preproc'];
    assert.deepEqual(
      NODE_KINDS.filter((kind) => !named.has(kind) && !ours.includes(kind)),
      [],
    );
    const fields = new Set(types.flatMap((t) => Object.keys(t.fields ?? {})));
    assert.deepEqual(
      NODE_FIELDS.filter((field) => field !== '' && !fields.has(field)),
      [],
    );
  });
});
