import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stronglyConnected } from '../../../server/src/analysis/callGraph';

function reaches(edges: readonly (readonly number[])[], from: number, to: number): boolean {
  const seen = new Set<number>();
  const work = [from];
  while (work.length > 0) {
    const node = work.pop()!;
    for (const next of edges[node]) {
      if (next === to) return true;
      if (!seen.has(next)) work.push(next);
      seen.add(next);
    }
  }
  return false;
}

const graph = fc
  .integer({ min: 1, max: 9 })
  .chain((count) => fc.array(fc.uniqueArray(fc.nat(count - 1), { maxLength: 4 }), { minLength: count, maxLength: count }));

describe('analysis: strongly connected components', () => {
  it('hold each function once, with those that call each other in a circle, callees first', () => {
    fc.assert(
      fc.property(graph, (edges) => {
        const components = stronglyConnected(edges.length, (n) => edges[n]);
        assert.deepEqual(
          components.flat().sort(),
          edges.map((_, n) => n),
        );
        const place = new Map(components.flatMap((c, i) => c.map((n) => [n, i] as const)));
        for (let a = 0; a < edges.length; a++) {
          for (let b = 0; b < edges.length; b++) {
            if (a !== b) assert.equal(place.get(a) === place.get(b), reaches(edges, a, b) && reaches(edges, b, a), `${a} and ${b}`);
          }
          for (const callee of edges[a]) assert.ok(place.get(callee)! <= place.get(a)!, `${a} before its callee ${callee}`);
        }
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('of a chain longer than any stack', () => {
    assert.equal(stronglyConnected(200_000, (n) => (n + 1 < 200_000 ? [n + 1] : [0])).length, 1);
  });
});
