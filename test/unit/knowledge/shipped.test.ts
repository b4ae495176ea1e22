import assert from 'node:assert/strict';
import { GENERATED_FILE, knowledgeTexts, schemaProblems } from '../../../scripts/knowledge-files';
import { namesOf, parseKnowledgeFile } from '../../../server/src/knowledge/files';
import { knowledgeFromJson, knowledgeToJson, loadKnowledge, readKnowledgeFiles } from '../../../server/src/knowledge/load';

describe('knowledge: the files that are shipped', function () {
  this.timeout(60_000);
  const texts = knowledgeTexts();
  const loaded = loadKnowledge(texts);
  const { knowledge } = loaded;

  it('are as their schemas say', () => {
    assert.deepEqual(texts.flatMap(schemaProblems), []);
  });

  it('load without a problem', () => {
    assert.deepEqual(loaded.problems, []);
  });

  it('name each function, macro, table and loop once, apart from the generated rows that complete others', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const { name, text } of texts) {
      if (name === GENERATED_FILE) continue;
      const { file } = parseKnowledgeFile(name, text);
      for (const word of Object.keys(file?.rows ?? {}).flatMap(namesOf)) {
        const key = `${file?.kind} ${word}`;
        if (file?.kind !== 'cost' && seen.has(key)) twice.push(`${key}: ${name} and ${seen.get(key)}`);
        seen.set(key, name);
      }
    }
    assert.deepEqual(twice, []);
  });

  it('say where every row comes from', () => {
    const rows = [
      ...knowledge.tables.values(),
      ...knowledge.registrations.values(),
      ...knowledge.declaringMacros.values(),
      ...knowledge.functions.values(),
      ...knowledge.loops.values(),
      knowledge.cost,
    ];
    assert.ok(rows.every((row) => row.source !== '' && ['manual', 'generated'].includes(row.provenance)));
  });

  it('explain every lock that a table names', () => {
    const named = [...knowledge.tables.values()].flatMap((t) => [
      ...(t.locks ?? []),
      ...Object.values(t.members).flatMap((m) => m.locks ?? []),
    ]);
    assert.deepEqual(
      [...new Set(named)].filter((name) => !knowledge.callerLocks.has(name)),
      [],
    );
  });

  it('store private data under names that something reads, and read what something stores', () => {
    const stored = new Set<string>();
    const read = new Set<string>();
    for (const row of knowledge.functions.values()) {
      if (row.stores) stored.add(row.stores.name);
      if (row.returns?.kind === 'fresh' && row.returns.privateArea) stored.add(row.returns.privateArea.name);
      if (row.returns?.kind === 'private-area') read.add(row.returns.name);
    }
    assert.deepEqual(
      [...stored].filter((name) => !read.has(name)),
      [],
    );
  });

  it('lock and unlock by the same kinds of lock', () => {
    const of = (effect: 'lock' | 'unlock'): Set<string> =>
      new Set(
        [...knowledge.functions.values()].filter((f) => f.effects.includes(effect)).map((f) => `${f.lock?.kind} ${f.lock?.name ?? ''}`),
      );
    const scoped = new Set(['other ']);
    const locks = of('lock');
    assert.deepEqual(
      [...of('unlock')].filter((lock) => !locks.has(lock)),
      [],
    );
    const unlocks = of('unlock');
    assert.deepEqual(
      [...locks].filter((lock) => !unlocks.has(lock) && !scoped.has(lock)),
      [],
    );
    assert.ok(
      [...knowledge.functions.values()].every(
        (f) => (f.lock !== undefined) === (f.effects.includes('lock') || f.effects.includes('unlock')),
      ),
    );
  });

  it('never call pure what has another effect', () => {
    const wrong = [...knowledge.functions.values()].filter(
      (f) => f.effects.includes('pure') && (f.effects.length > 1 || f.sleeps || Object.values(f.arguments).some((a) => a.includes('W'))),
    );
    assert.deepEqual(
      wrong.map((f) => f.name),
      [],
    );
  });

  it('load from the joined file as from YAML', () => {
    const json = knowledgeToJson(readKnowledgeFiles(texts).files);
    const again = knowledgeFromJson(json).knowledge;
    assert.deepEqual({ ...again, functions: [...again.functions] }, { ...knowledge, functions: [...knowledge.functions] });
  });
});
