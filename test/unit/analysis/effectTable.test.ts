import assert from 'node:assert/strict';
import { ALWAYS_WRITTEN, EffectTable, EffectVocabulary, type NewEffect, READ_FIRST } from '../../../server/src/analysis/effectTable';
import { ADDRESS, READ, WRITE } from '../../../server/src/analysis/model';
import { PairMap } from '../../../server/src/analysis/pairMap';
import { randomNumbers } from '../../properties/analysisSupport';

const touch = (access: number, at: number, kernel: string | null = null): NewEffect => ({
  access,
  textAccess: kernel === null ? access : 0,
  type: { kind: 'basic', name: 'int' },
  bits: null,
  kernel,
  at,
  length: 2,
});

describe('analysis: effect tables', () => {
  const vocabulary = new EffectVocabulary();

  it('join what touches one path and keep the order of paths', () => {
    const table = new EffectTable(7, vocabulary);
    for (let path = 500; path > 0; path--) table.add(path, touch(READ, path));
    table.add(3, touch(WRITE, 900));
    table.add(3, touch(WRITE, 900));
    assert.deepEqual([table.size, [...table.keys()].slice(0, 2), table.slotOf(501)], [500, [500, 499], -1]);
    const effect = table.get(3);
    assert.deepEqual([effect?.function, effect?.access, effect?.readFirst, effect?.bits], [7, READ | WRITE, true, null]);
    assert.deepEqual(
      effect?.sites.map((s) => [s.function, s.at]),
      [
        [7, 3],
        [7, 900],
      ],
    );
  });

  it('take places together for callers, and still lead to a place that was', () => {
    const table = new EffectTable(2, vocabulary);
    for (let path = 100; path < 110; path++) table.add(path, touch(path === 104 ? WRITE : READ, path));
    const together = table.takenTogether((path) => (path < 105 ? 1 : path));
    assert.deepEqual([together.size, together.folded, table.size, table.folded], [6, true, 10, false]);
    assert.deepEqual([together.get(1)?.access, together.get(109)?.access], [READ | WRITE, READ]);
    const caller = new EffectTable(3, vocabulary);
    caller.import(50, together, together.slotOf(1));
    assert.deepEqual(caller.get(50)?.from, [{ function: 2, path: 100 }]);
    assert.equal(
      table.takenTogether(() => 0),
      together,
    );
  });

  it("show the driver's own touch rather than a kernel macro's", () => {
    const table = new EffectTable(0, vocabulary);
    table.add(1, touch(READ, 10, 'netif_running'));
    assert.deepEqual([table.get(1)?.kernel, table.get(1)?.textAccess], ['netif_running', 0]);
    table.add(1, touch(WRITE, 20));
    table.add(1, touch(ADDRESS, 30, 'skb_put'));
    const effect = table.get(1);
    assert.deepEqual([effect?.kernel, effect?.textAccess, effect?.access], [null, WRITE, READ | WRITE | ADDRESS]);
    assert.deepEqual(
      effect?.sites.map((s) => s.at),
      [20],
    );
  });

  it('name the callee that an effect comes from, and take over what it does', () => {
    const callee = new EffectTable(4, vocabulary);
    callee.add(1, touch(WRITE, 10));
    callee.setFlag(0, ALWAYS_WRITTEN, true);
    callee.seal();
    const caller = new EffectTable(5, vocabulary);
    caller.import(9, callee, 0);
    caller.import(9, callee, 0);
    const effect = caller.get(9);
    assert.deepEqual([effect?.access, effect?.sites, effect?.from], [WRITE, [], [{ function: 4, path: 1 }]]);
    assert.equal(effect?.alwaysWritten, false, 'that depends on where the call stands');
  });

  it('are equal when callers see no difference', () => {
    const [a, b] = [new EffectTable(0, vocabulary), new EffectTable(0, vocabulary)];
    a.add(1, touch(READ, 10));
    a.add(2, touch(WRITE, 11));
    b.add(2, touch(WRITE, 50));
    b.add(1, touch(READ, 51));
    assert.ok(a.equals(b));
    b.setFlag(b.slotOf(1), READ_FIRST, false);
    assert.ok(!a.equals(b));
  });
});

describe('analysis: maps of pairs', () => {
  it('answer as a map of keys does', () => {
    const random = randomNumbers(3);
    const expected = new Map<string, number>();
    const map = new PairMap();
    for (let i = 0; i < 20_000; i++) {
      const [a, b, value] = [random(3000), random(40), random(1e9)];
      if (random(2) === 0) {
        map.set(a, b, value);
        expected.set(`${a} ${b}`, value);
      }
      assert.equal(map.get(a, b), expected.get(`${a} ${b}`) ?? -1);
    }
  });
});
