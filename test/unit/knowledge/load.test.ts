import assert from 'node:assert/strict';
import { knowledgeFromJson, knowledgeOf, knowledgeToJson, loadKnowledge, readKnowledgeFiles } from '../../../server/src/knowledge/load';

const functions = (rows: string, name = 'functions.yaml'): { name: string; text: string } => ({
  name,
  text: `kind: functions\nprovenance: manual\nsource: include/linux/example.h\nrows:\n${rows}`,
});

describe('knowledge: loading', () => {
  it('gives each name of a key its own row with the defaults of the file', () => {
    const { knowledge, problems } = loadKnowledge([functions('  first second: { parameters: 2, arguments: { 0: W, 1: R } }\n')]);
    assert.deepEqual(problems, []);
    assert.deepEqual(knowledge.functions.get('second'), {
      name: 'second',
      parameters: 2,
      macro: false,
      arguments: { 0: 'W', 1: 'R' },
      effects: [],
      provenance: 'manual',
      source: 'include/linux/example.h',
    });
    assert.ok(knowledge.functions.has('first'));
  });

  it('lets a later file replace rows and take rows away', () => {
    const { knowledge, files } = loadKnowledge([
      functions('  a: { parameters: 1 }\n  b: { parameters: 1 }\n'),
      functions('  a: { parameters: 3 }\n  b: { remove: true }\n', 'workspace.yaml'),
    ]);
    assert.equal(knowledge.functions.get('a')?.parameters, 3);
    assert.ok(!knowledge.functions.has('b'));
    assert.deepEqual(
      files.map((f) => f.rows),
      [2, 2],
    );
  });

  it('lets rows written by hand win over generated ones, which complete them', () => {
    const made = functions('  a b: { parameters: 2, provenance: generated, arguments: { 0: R, 1: R }, constant: [1] }\n', 'z.yaml');
    for (const hand of ['0.yaml', 'zz.yaml']) {
      const { knowledge } = loadKnowledge(
        [functions('  a: { parameters: 2, arguments: { 0: W }, sleeps: true }\n', hand), made].sort((x, y) => (x.name < y.name ? -1 : 1)),
      );
      const row = knowledge.functions.get('a');
      assert.deepEqual(row?.arguments, { 0: 'W', 1: 'R' });
      assert.deepEqual([row?.provenance, row?.sleeps, row?.constant], ['manual', true, [1]]);
      assert.equal(knowledge.functions.get('b')?.provenance, 'generated');
    }
  });

  const mistakes: [string, string, RegExp][] = [
    ['an argument that the function does not have', 'f: { parameters: 1, arguments: { 1: W } }', /argument 1 does not exist/],
    ['an access that is none', 'f: { parameters: 1, arguments: { 0: X } }', /must be one of R, W, RW, A/],
    ['an effect that is none', 'f: { parameters: 0, effects: [explode] }', /effects must be one of/],
    ['a kind of result that is none', 'f: { parameters: 1, returns: { kind: magic } }', /returns needs a kind/],
    [
      'a result from an argument that is not there',
      'f: { parameters: 1, returns: { kind: argument, argument: 4 } }',
      /returns.argument is no argument/,
    ],
    ['a lock without a name or argument', 'f: { parameters: 0, lock: { argument: -1, kind: spin } }', /lock needs/],
    ['a missing number of parameters', 'f: { macro: true }', /parameters must be a number/],
    ['the same name twice', 'f g: { parameters: 0 }\n  g: { parameters: 1 }', /g has a row already/],
  ];
  for (const [what, row, message] of mistakes) {
    it(`reports ${what} and leaves the row out`, () => {
      const { knowledge, problems } = loadKnowledge([functions(`  ${row}\n  good: { parameters: 0 }\n`)]);
      assert.match(problems.map((p) => p.message).join('\n'), message);
      assert.deepEqual(
        [...knowledge.functions.keys()].filter((name) => name === 'good'),
        ['good'],
      );
    });
  }

  const unreadable: [string, string][] = [
    ['no YAML', 'kind: [functions\n'],
    ['an empty file', ''],
    ['a list', '- 1\n'],
    ['an unknown kind', 'kind: recipes\nrows: {}\n'],
    ['rows that are none', 'kind: functions\nrows: 3\n'],
    ['a row that is none', 'kind: functions\nsource: x\nrows: { f: 3 }\n'],
  ];
  for (const [what, text] of unreadable) {
    it(`answers ${what} with a problem`, () => {
      const { problems } = loadKnowledge([{ name: 'bad.yaml', text }]);
      assert.ok(problems.length > 0);
      assert.ok(problems.every((p) => p.file === 'bad.yaml'));
    });
  }

  it('spreads the keys of table members and keeps the locks of callers', () => {
    const { knowledge } = loadKnowledge([
      {
        name: 'tables.yaml',
        text:
          'kind: tables\nprovenance: manual\ncallerLocks:\n  rtnl: { kind: rtnl, name: rtnl_mutex }\nrows:\n' +
          '  ops: { source: x.h, context: process, locks: [rtnl], members: { a b: { context: softirq, locks: [] } } }\n',
      },
    ]);
    const table = knowledge.tables.get('ops');
    assert.deepEqual(table?.members, { a: { context: 'softirq', locks: [] }, b: { context: 'softirq', locks: [] } });
    assert.deepEqual(table?.locks, ['rtnl']);
    assert.equal(knowledge.callerLocks.get('rtnl')?.name, 'rtnl_mutex');
  });

  it('makes the loop macros part of the dialect', () => {
    const { knowledge } = loadKnowledge([
      { name: 'loops.yaml', text: 'kind: loops\nprovenance: manual\nrows:\n  each_one: { source: x.h, parameters: 2, cursor: 0 }\n' },
      {
        name: 'dialect.yaml',
        text: 'kind: dialect\nprovenance: manual\nattributes:\n  - source: x.h\n    names: __a __b\nloops:\n  - source: x.h\n    names: with_it\n',
      },
    ]);
    assert.deepEqual([...knowledge.dialect.loops].sort(), ['each_one', 'with_it']);
    assert.deepEqual([...knowledge.dialect.attributes], ['__a', '__b']);
  });

  it('reads the same from JSON, with a workspace file on top', () => {
    const texts = [functions('  a: { parameters: 1 }\n')];
    const json = knowledgeToJson(readKnowledgeFiles(texts).files);
    assert.deepEqual(knowledgeFromJson(json).knowledge, loadKnowledge(texts).knowledge);
    const mixed = knowledgeOf([{ name: 'knowledge.json', text: json }, functions('  b: { parameters: 2 }\n', 'workspace.yaml')]);
    assert.deepEqual([...mixed.knowledge.functions.keys()], ['a', 'b']);
    assert.equal(knowledgeFromJson('{').problems.length, 1);
    assert.equal(knowledgeFromJson('{}').problems.length, 1);
  });
});
