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

  /** One callee gives thirty locks back, then `calls` others wait. */
  function farHazards(calls: number): ReturnType<typeof solveLockFlow> {
    const locks = Array.from({ length: 30 }, (_, i): Lock => ({ path: i, name: `foo.lock${i}`, kind: 'spin' }));
    const all = 2 ** 30 - 1;
    const within = (at: number): LockStep => {
      const { step } = event(at, 0, 'held');
      return { ...step, via: { ...step, site: { function: 1, at: 0, length: 1 } } };
    };
    const waits = Array.from({ length: calls }, (_, i): MaskedEvent => {
      const quiet = { ...event(i + 1, 0, 'held'), acquires: [], net: [] };
      return { ...quiet, waits: [{ step: within(i + 1), effect: 'wait-event', objects: [`queue${i}`] }] };
    });
    const released = { ...event(0, 0, 'held'), acquires: [], net: [], releases: [{ mask: all, step: within(0) }] };
    const instructions: Instruction[] = [
      ...Array.from({ length: calls + 1 }, (_, call): Instruction => ({ op: 'call', call })),
      { op: 'return', value: null, at: 9 },
    ];
    return solveLockFlow({ instructions, locks, single: all, written: 0, events: [released, ...waits] });
  }

  it('keeps all hazards between callees where they are hundreds, and says so where it does not', () => {
    const few = farHazards(100);
    assert.deepEqual([few.hazards.length, few.isCut], [3000, false]);
    const many = farHazards(1000);
    assert.deepEqual([many.hazards.length, many.isCut], [10_000, true]);
  });
});
