/** Who does more costs no less, in every part of the cost. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fixtureEngine, fixturesRoot } from '../../fixtures/support/fixtures';

describe('engine: cost', () => {
  it('grows from each entry point of the fixture to the next', async () => {
    const engine = fixtureEngine();
    const { report } = await engine.analyze(join(fixturesRoot, 'cost/monotone.c'));
    engine.dispose();
    const costs = report.drivers[0].entryPoints.map((e) => e.cost);
    assert.equal(costs.length, 4);
    for (let i = 1; i < costs.length; i++) {
      const [before, now] = [costs[i - 1], costs[i]].map(({ parts, ...cost }): Record<string, number> => ({ ...cost, ...parts }));
      for (const part of Object.keys(now)) assert.ok(now[part] >= before[part], `${part} of entry point ${i}`);
      const { call, ranges, checks, bytes, crossings } = costs[i].parts!;
      // Each part is rounded by itself.
      assert.ok(Math.abs(call + ranges + checks + bytes + crossings - costs[i].estimatedNanoseconds) <= 3);
      assert.ok(costs[i].estimatedNanoseconds > costs[i - 1].estimatedNanoseconds);
    }
  });
});
