import assert from 'node:assert/strict';
import { acquire, blur, copyState, decide, entryState, joinState, type LockState, release } from '../../../server/src/analysis/lockState';

/** `free`, `held`, `given` and `deferred` of lock number 0, as letters. */
function stateOf(state: LockState): string {
  return (['free', 'held', 'given', 'deferred'] as const)
    .filter((kind) => state[kind] & 1)
    .map((kind) => kind[0])
    .join('');
}

describe('analysis: the state of locks', () => {
  const cases: [what: string, steps: (state: LockState) => void, expected: string][] = [
    ['is free at the start', () => undefined, 'f'],
    ['is held after it was taken', (s) => acquire(s, 1, true), 'h'],
    ['is deferred after it was given back', (s) => (acquire(s, 1, true), release(s, 1, 0)), 'fd'],
    ['is no longer deferred when it is taken again', (s) => (acquire(s, 1, true), release(s, 1, 0), acquire(s, 1, true)), 'h'],
    ["is the caller's when it is given back without having been taken", (s) => release(s, 1, 0), 'gd'],
    ["is as the caller left it when the caller's is taken again", (s) => (release(s, 1, 0), acquire(s, 1, true)), 'f'],
    ['may be either after an attempt', (s) => acquire(s, 1, false), 'fh'],
    ['is held once the attempt succeeded', (s) => (acquire(s, 1, false), decide(s, 1, true)), 'h'],
    ['is free once the attempt failed', (s) => (acquire(s, 1, false), decide(s, 1, false)), 'f'],
    ['is not changed by what is learned of an attempt too late', (s) => (acquire(s, 1, true), release(s, 1, 0), decide(s, 1, true)), 'fd'],
    ['may be given back where one of two is', (s) => (acquire(s, 1, true), release(s, 3, 0)), 'fhd'],
    ['may be anything after what nobody can tell', (s) => blur(s, 1), 'fhg'],
  ];
  for (const [what, steps, expected] of cases)
    it(what, () => {
      const state = entryState(2);
      steps(state);
      assert.equal(stateOf(state), expected);
    });

  it('joins ways, and says when that tells more', () => {
    const one = entryState(1);
    const other = copyState(one);
    acquire(other, 1, true);
    release(other, 1, 7);
    assert.equal(joinState(one, other), true);
    assert.equal(stateOf(one), 'fd');
    assert.deepEqual(one.by[0], [7], 'the event that gave it back');
    assert.equal(joinState(one, other), false);
  });
});
