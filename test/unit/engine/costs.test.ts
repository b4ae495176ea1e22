/** Who does more costs no less, in every part of the cost. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Cost } from '../../../server/src/report/model';
import { fixtureEngine, fixturesRoot } from '../../fixtures/support/fixtures';

describe('engine: cost', () => {
  it('grows from each entry point of the fixture to the next', async () => {
    const engine = fixtureEngine();
    const { report } = await engine.analyze(join(fixturesRoot, 'cost/monotone.c'));
    engine.dispose();
    const costs = report.drivers[0].entryPoints.map((e) => e.cost);
    assert.equal(costs.length, 4);
    for (let i = 1; i < costs.length; i++) {
      for (const part of Object.keys(costs[i]) as (keyof Cost)[])
        assert.ok(costs[i][part] >= costs[i - 1][part], `${part} of entry point ${i}`);
      assert.ok(costs[i].estimatedNanoseconds > costs[i - 1].estimatedNanoseconds);
    }
  });
});
