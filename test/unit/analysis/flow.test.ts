import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type FlowEvent, solveFlow } from '../../../server/src/analysis/flow';
import { pruneUnreachable } from '../../../server/src/ir/prune';
import type { Instruction } from '../../../server/src/ir/model';

const PLACES = 5;
const LABELS = 4;

/** One thing that an instruction of a made-up function does: `r2`, `w3`, a label, a jump, a branch, a return. */
const word = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('read' as const), at: fc.nat(PLACES - 1) }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('write' as const), at: fc.nat(PLACES - 1) }) },
  { weight: 3, arbitrary: fc.record({ op: fc.constant('label' as const), at: fc.nat(LABELS - 1) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('jump' as const), at: fc.nat(LABELS - 1) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('branch' as const), at: fc.nat(LABELS - 1), other: fc.nat(LABELS - 1) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('return' as const), at: fc.constant(0) }) },
);
type Word = { op: string; at: number; other?: number };

function functionOf(words: readonly Word[]): { instructions: Instruction[]; events: FlowEvent[] } {
  const instructions: Instruction[] = [];
  const events: FlowEvent[] = [];
  const placed = new Set<number>();
  for (const { op, at, other } of words) {
    if (op === 'label') {
      if (placed.has(at)) continue;
      placed.add(at);
      instructions.push({ op, label: at });
    } else if (op === 'jump') instructions.push({ op, to: at });
    else if (op === 'branch') instructions.push({ op, to: [at, other!], condition: null, at: 0, span: 0 });
    else if (op === 'return') instructions.push({ op, value: null, at: 0 });
    else {
      events.push({ instruction: instructions.length, reads: op === 'read' ? [at] : [], writes: op === 'write' ? [at] : [] });
      instructions.push({ op: 'return', value: null, at: 0 });
      // Anything that is no jump will do for a touch.
      instructions[instructions.length - 1] = {
        op: 'assign',
        place: { base: { kind: 'local', local: 0 }, steps: [] },
        value: { kind: 'unknown' },
        at: 0,
      };
    }
  }
  return { instructions, events };
}

/** One run of the function, branches decided by `choices`: the places read before they were written, and those written. */
function run(
  instructions: readonly Instruction[],
  events: readonly FlowEvent[],
  choices: readonly boolean[],
): { readFirst: Set<number>; written: Set<number>; ended: boolean; reached: Set<number> } {
  const result = { readFirst: new Set<number>(), written: new Set<number>(), ended: false, reached: new Set<number>() };
  let turn = 0;
  let at = 0;
  for (let steps = 0; steps < 200; steps++) {
    const i = instructions[at];
    if (!i || i.op === 'return') {
      result.ended = true;
      if (i) result.reached.add(at);
      return result;
    }
    result.reached.add(at);
    for (const e of events.filter((x) => x.instruction === at)) {
      for (const r of e.reads) if (!result.written.has(r)) result.readFirst.add(r);
      for (const w of e.writes) result.written.add(w);
    }
    if (i.op !== 'jump' && i.op !== 'branch') {
      at++;
      continue;
    }
    const label = i.op === 'jump' ? i.to : i.to[choices[turn++ % choices.length] ? 0 : 1];
    const to = instructions.findIndex((x) => x.op === 'label' && x.label === label);
    at = to < 0 ? instructions.length : to;
  }
  return result;
}

const program = fc.array(word, { maxLength: 40 });
const decisions = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });

describe('analysis: flow', () => {
  it('no run reads a place first, or leaves one unwritten, that the solution does not know', () => {
    fc.assert(
      fc.property(program, decisions, (words, choices) => {
        const { instructions, events } = functionOf(words);
        const flow = solveFlow(instructions, events);
        const seen = run(instructions, events, choices);
        for (const place of seen.readFirst)
          if (flow.tracked.has(place)) assert.ok(flow.readFirst.has(place), `place ${place} is read first`);
        if (seen.ended) for (const place of flow.alwaysWritten) assert.ok(seen.written.has(place), `place ${place} is not written`);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('a straight line, two branches, and a loop that may not run', () => {
    const touch: Instruction = { op: 'assign', place: { base: { kind: 'local', local: 0 }, steps: [] }, value: { kind: 'unknown' }, at: 0 };
    const branch = (to: number[]): Instruction => ({ op: 'branch', to, condition: null, at: 0, span: 0 });
    const straight = solveFlow(
      [touch, touch],
      [
        { instruction: 0, reads: [], writes: [1] },
        { instruction: 1, reads: [1], writes: [] },
      ],
    );
    assert.deepEqual([...straight.alwaysWritten], [1]);
    assert.deepEqual([...straight.readFirst], []);
    const both = [
      branch([0, 1]),
      { op: 'label', label: 0 },
      touch,
      { op: 'jump', to: 2 },
      { op: 'label', label: 1 },
      touch,
      { op: 'label', label: 2 },
    ] as Instruction[];
    assert.deepEqual(
      [
        ...solveFlow(both, [
          { instruction: 2, reads: [], writes: [1, 2] },
          { instruction: 5, reads: [], writes: [1] },
        ]).alwaysWritten,
      ],
      [1],
    );
    const loop = [
      { op: 'label', label: 0 },
      branch([1, 2]),
      { op: 'label', label: 1 },
      touch,
      { op: 'jump', to: 0 },
      { op: 'label', label: 2 },
      touch,
    ] as Instruction[];
    const flow = solveFlow(loop, [
      { instruction: 3, reads: [], writes: [1] },
      { instruction: 6, reads: [1], writes: [] },
    ]);
    assert.deepEqual([[...flow.alwaysWritten], [...flow.readFirst]], [[], [1]]);
  });
});

describe('ir: unreachable instructions', () => {
  it('what a run reaches stays', () => {
    fc.assert(
      fc.property(program, decisions, (words, choices) => {
        const { instructions, events } = functionOf(words);
        const kept = new Set(pruneUnreachable(instructions));
        for (const at of run(instructions, events, choices).reached) assert.ok(kept.has(instructions[at]), `instruction ${at}`);
      }),
      { numRuns: 1000, seed: 2 },
    );
  });
});
