import assert from 'node:assert/strict';
import { type MaskedEvent, solveLockFlow } from '../../../server/src/analysis/lockFlow';
import type { Lock, LockStep } from '../../../server/src/analysis/lockModel';
import type { Instruction } from '../../../server/src/ir/model';

const LOCKS: Lock[] = [
  { path: 1, name: 'foo.first', kind: 'spin' },
  { path: 2, name: 'foo.second', kind: 'spin' },
];

function event(instruction: number, mask: number, effect: 'held' | 'given'): MaskedEvent {
  const step: LockStep = { site: { function: 0, at: instruction, length: 1 }, name: 'spin_lock', via: null, indirect: false };
  return {
    instruction,
    step,
    acquires: effect === 'held' ? [{ mask, step, isOld: false, varies: false }] : [],
    releases: effect === 'given' ? [{ mask, step }] : [],
    net: [{ mask, effect, taken: null }],
    forgets: 0,
    sleeps: null,
    waits: [],
    call: instruction,
  };
}

function solve(masks: readonly number[]): ReturnType<typeof solveLockFlow> {
  const instructions: Instruction[] = [
    ...masks.map((_, call): Instruction => ({ op: 'call', call })),
    { op: 'return', value: null, at: 9 },
  ];
  return solveLockFlow({ instructions, locks: LOCKS, single: 3, written: 0, events: masks.map((mask, i) => event(i, mask, 'held')) });
}

describe('analysis: the flow of locks', () => {
  it('tells in which order two locks are taken', () => {
    const { orders } = solve([1, 2]);
    assert.deepEqual(
      orders.map((o) => [o.first.name, o.then.name]),
      [['foo.first', 'foo.second']],
    );
  });

  it('goes on past a lock that is not followed, because the function has more than can be', () => {
    const { orders, returns } = solve([1, 0, 2]);
    assert.equal(orders.length, 1);
    assert.deepEqual(
      returns[0].held.map((h) => h.lock.name),
      ['foo.first', 'foo.second'],
    );
  });
});
