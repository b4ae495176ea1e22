import assert from 'node:assert/strict';
import { PathTable, pathText, type PathStep } from '../../../server/src/analysis/paths';

const deref: PathStep = { kind: 'deref' };
const field = (record: string, name: string): PathStep => ({ kind: 'field', record, field: name });
const index = (at: number | null): PathStep => ({ kind: 'index', at });

/** A table in which `card` and `ring` are the driver's records. */
function table(): { paths: PathTable; at: (...steps: PathStep[]) => number } {
  const paths = new PathTable((record) => record === 'card' || record === 'ring');
  return { paths, at: (...steps) => steps.reduce((p, s) => paths.extend(p, s), paths.root({ kind: 'parameter', index: 0 })) };
}

describe('analysis: paths', () => {
  it('are one number for one way', () => {
    const { at } = table();
    assert.equal(at(deref, field('card', 'rx')), at(deref, field('card', 'rx')));
    assert.notEqual(at(deref, field('card', 'rx')), at(deref, field('card', 'tx')));
    assert.notEqual(at(deref, index(1)), at(deref, index(2)));
  });

  it('fold lists, trees and pointers back', () => {
    const { at } = table();
    const list = at(deref, field('node', 'next'));
    assert.equal(at(deref, field('node', 'next'), deref, field('node', 'next')), list);
    assert.equal(at(deref, field('node', 'next'), deref, field('node', 'next'), deref, field('node', 'next')), list);
    const rx = at(deref, field('card', 'rx'));
    assert.equal(at(deref, field('card', 'rx'), deref, field('ring', 'card'), deref, field('card', 'rx')), rx);
    assert.equal(at(deref, field('card', 'rx'), deref, field('ring', 'card'), deref, field('card', 'tx')), at(deref, field('card', 'tx')));
  });

  it('do not fold the kernel records that point to others of their kind', () => {
    const { at } = table();
    assert.notEqual(at(deref, field('device', 'parent'), deref, field('device', 'driver_data')), at(deref, field('device', 'driver_data')));
  });

  it('keep member and root object when there are too many', () => {
    const { paths, at } = table();
    const deep = at(deref, field('card', 'rx'), deref, index(3), field('ring', 'head'), index(null));
    const folded = paths.folded(deep);
    assert.equal(folded, at(deref, field('ring', 'head')));
    assert.equal(paths.folded(folded), folded);
    const inGlobal = paths.extend(paths.extend(paths.root({ kind: 'global', name: 'g' }), field('card', 'in')), field('ring', 'head'));
    assert.equal(pathText(paths, paths.folded(inGlobal), []), 'g.head');
  });

  it('know what their steps say of them', () => {
    const { paths, at } = table();
    const local = paths.root({ kind: 'local', index: 0 });
    const inLocal = paths.extend(local, field('card', 'rx'));
    assert.deepEqual([paths.isStack(inLocal), paths.isLocal(inLocal), paths.isSameEverywhere(inLocal)], [true, true, false]);
    const behind = paths.extend(inLocal, deref);
    assert.deepEqual([paths.isStack(behind), paths.isLocal(behind)], [false, true]);
    const ofParameter = at(deref, field('card', 'rx'));
    assert.deepEqual([paths.isStack(ofParameter), paths.isLocal(ofParameter), paths.isSameEverywhere(ofParameter)], [false, false, false]);
    const global = paths.extend(paths.root({ kind: 'global', name: 'g' }), field('card', 'rx'));
    assert.deepEqual([paths.isStack(global), paths.isSameEverywhere(global)], [false, true]);
    const element = at(deref, field('card', 'ring'), index(null), field('ring', 'head'));
    assert.equal(paths.isAnyElement(element), true);
    assert.equal(paths.isAnyElement(at(deref, field('card', 'ring'), index(1))), false);
  });

  it('end: no way is longer than a limit', () => {
    const { paths } = table();
    let p = paths.root({ kind: 'parameter', index: 0 });
    for (let i = 0; i < 1000; i++) p = paths.extend(paths.extend(p, deref), field(`r${i}`, 'next'));
    assert.ok(paths.stepsOf(p).length <= 24);
  });

  it('container_of undoes a member', () => {
    const { paths, at } = table();
    const work = at(deref, field('card', 'work'));
    assert.equal(paths.extend(work, { kind: 'container', record: 'card', member: 'work' }), at(deref));
    assert.notEqual(paths.extend(work, { kind: 'container', record: 'ring', member: 'work' }), at(deref));
  });

  it('read like C', () => {
    const { paths, at } = table();
    const text = (p: number): string => pathText(paths, p, ['dev']);
    assert.equal(text(at(deref, field('net_device', 'stats'), field('stats', 'rx'))), 'dev->stats.rx');
    assert.equal(
      text(at(deref, { kind: 'private', name: 'priv' }, field('card', 'rx'), index(3), field('ring', 'head'))),
      'dev->priv.rx[3].head',
    );
    assert.equal(text(at(deref, deref, field('card', 'rx'))), '(*dev)->rx');
    assert.equal(
      text(at(deref, { kind: 'container', record: 'card', member: 'work' }, field('card', 'rx'))),
      'container_of(dev, card, work)->rx',
    );
  });
});
