import assert from 'node:assert/strict';
import { PathTable, type PathStep } from '../../../server/src/analysis/paths';
import { substitute, Substitution } from '../../../server/src/analysis/substitution';

const deref: PathStep = { kind: 'deref' };
const field = (name: string): PathStep => ({ kind: 'field', record: 'card', field: name });

describe('analysis: substitution', () => {
  const paths = new PathTable(() => false);
  const from = (root: number, ...steps: PathStep[]): number => steps.reduce((p, s) => paths.extend(p, s), root);
  const parameter = (index: number): number => paths.root({ kind: 'parameter', index });
  const local = paths.root({ kind: 'local', index: 3 });
  const global = paths.root({ kind: 'global', name: 'cards' });
  const one = from(global, { kind: 'index', at: 1 });
  const two = from(global, { kind: 'index', at: 2 });
  const cases: { path: number; expected: number[] }[] = [
    { path: from(parameter(0), deref), expected: [one] },
    { path: from(parameter(0), deref, field('rx'), deref, field('rx')), expected: [from(one, field('rx'), deref, field('rx'))] },
    { path: from(parameter(1), deref, field('rx')), expected: [from(one, field('rx')), from(two, field('rx'))] },
    { path: from(parameter(2), deref, field('rx')), expected: [] },
    { path: from(parameter(7), deref), expected: [] },
    { path: parameter(0), expected: [] },
    { path: from(parameter(0), field('rx')), expected: [] },
    { path: from(local, field('rx')), expected: [] },
    { path: from(global, field('rx')), expected: [from(global, field('rx'))] },
  ];
  const bindings = [new Set([one]), new Set([one, two]), new Set<number>()];

  it('puts what the arguments point to in the place of what the parameters point to', () => {
    const substitution = new Substitution(paths);
    substitution.begin(bindings);
    for (const { path, expected } of [...cases, ...cases]) {
      assert.deepEqual(substitution.all(path), expected);
      assert.equal(substitution.single(path), expected.length === 1 ? expected[0] : -1);
      assert.deepEqual(substitute(paths, path, bindings), expected);
    }
  });

  it('forgets the call before', () => {
    const substitution = new Substitution(paths);
    const path = from(parameter(0), deref, field('rx'));
    substitution.begin(bindings);
    assert.deepEqual(substitution.all(path), [from(one, field('rx'))]);
    substitution.begin([new Set([two])]);
    assert.deepEqual(substitution.all(path), [from(two, field('rx'))]);
  });
});
