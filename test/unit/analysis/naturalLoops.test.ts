/** Loops and what runs around an instruction, on small control flows written by hand. */
import assert from 'node:assert/strict';
import { blockAt, controlFlowOf, reachableFrom } from '../../../server/src/analysis/naturalLoops';
import type { Instruction } from '../../../server/src/ir/model';

const label = (n: number): Instruction => ({ op: 'label', label: n });
const jump = (to: number): Instruction => ({ op: 'jump', to });
const branch = (...to: number[]): Instruction => ({ op: 'branch', to, condition: null, at: 0, span: 0 });
const call = (n: number): Instruction => ({ op: 'call', call: n });

describe('analysis: natural loops', () => {
  // while (a) { call 0; while (b) call 1; } call 2
  const nested = [label(0), branch(1, 9), label(1), call(0), label(2), branch(3, 0), label(3), call(1), jump(2), label(9), call(2)];

  it('are found innermost first, with the blocks of the loops inside them', () => {
    const flow = controlFlowOf(nested);
    assert.equal(flow.loops.length, 2);
    const [inner, outer] = flow.loops;
    const block = (instruction: number): number => blockAt(flow, instruction);
    assert.deepEqual([inner.blocks.has(block(7)), inner.blocks.has(block(3))], [true, false]);
    assert.deepEqual([outer.blocks.has(block(7)), outer.blocks.has(block(3)), outer.blocks.has(block(10))], [true, true, false]);
  });

  it('are made by jumps backwards, and by nothing else', () => {
    assert.equal(controlFlowOf([label(0), call(0), branch(0, 1), label(1), call(1)]).loops.length, 1);
    assert.equal(controlFlowOf([branch(0, 1), label(0), call(0), label(1), call(1)]).loops.length, 0);
    assert.equal(controlFlowOf([]).loops.length, 0);
  });

  it('tell what may run after and before an instruction', () => {
    const flow = controlFlowOf(nested);
    const after = reachableFrom(flow, 10, true);
    assert.deepEqual([after.has(7), after.has(10)], [false, false]);
    const around = reachableFrom(flow, 7, true);
    assert.deepEqual([around.has(3), around.has(7), around.has(10)], [true, true, true]);
    const before = reachableFrom(flow, 3, false);
    assert.deepEqual([before.has(7), before.has(1), before.has(10)], [true, true, false]);
  });
});
