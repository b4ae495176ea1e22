/** What is dropped as unreachable no longer counts in the spans of what is left. */
import assert from 'node:assert/strict';
import type { Call, Instruction } from '../../../server/src/ir/model';
import { pruneUnreachable } from '../../../server/src/ir/prune';

describe('ir: spans of what is left', () => {
  const call = (condition?: Call['condition']): Call => ({
    callee: { kind: 'name', name: 'wait_event' },
    arguments: [],
    argumentTypes: [],
    typeArguments: [],
    argumentTexts: [],
    result: { kind: 'void' },
    at: 0,
    length: 0,
    loop: -1,
    kernel: null,
    ...(condition && { condition }),
  });
  const jumpOver: Instruction[] = [
    { op: 'call', call: 0 },
    { op: 'jump', to: 1 },
    { op: 'call', call: 1 },
    { op: 'call', call: 1 },
    { op: 'label', label: 1 },
  ];

  it('of a branch', () => {
    const branch: Instruction = { op: 'branch', to: [1, 2], condition: null, at: 0, span: 5 };
    const left = pruneUnreachable([...jumpOver, branch, { op: 'label', label: 2 }]);
    assert.equal(left.length, 5);
    assert.equal((left[3] as { span: number }).span, 3);
  });

  it("of a call's condition", () => {
    const calls = [call(), call(), call({ first: 5, last: 1 })];
    const left = pruneUnreachable([...jumpOver, { op: 'call', call: 2 }], calls);
    assert.equal(left.length, 4);
    assert.deepEqual(calls[2].condition, { first: 3, last: 1 });
  });
});
