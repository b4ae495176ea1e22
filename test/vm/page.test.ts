/** The campaign's page: what it counts, and that it is the same for the same results. */
import assert from 'node:assert/strict';
import type { DriverCampaign } from './campaign/keep';
import type { FaultOutcome } from './campaign/outcome';
import { crossValidated, fit } from './measure/fit';
import { measuredOf } from './measure/results';
import type { DriverMeasure } from './measure/run';
import { median, ranks, spearman } from './measure/statistics';
import { correlation } from './page/costTables';
import { costPoints, type PageData } from './page/data';
import { failures, recoveryRows, summary } from './page/faultTables';
import { pageOf } from './page/page';

const outcome = (over: Partial<FaultOutcome>): FaultOutcome => ({
  number: 1,
  entryPoint: 'e',
  kind: 'null-pointer',
  function: 'e',
  line: 1,
  text: 'p',
  file: 'a.c',
  step: 's',
  verdict: 'recovered',
  hits: 1,
  detected: 1,
  fallbacks: 0,
  said: null,
  status: 1,
  retry: 0,
  health: 0,
  state: 'same',
  alarms: 0,
  recovery: 1000,
  ...over,
});

const campaign: DriverCampaign = {
  driver: 'd',
  class: 'net',
  kernel: '6.1',
  seed: 1,
  control: false,
  whole: true,
  digest: '',
  date: '2026-01-01T00:00',
  entryPoints: 2,
  isolatable: ['e', 'f'],
  planted: 4,
  reached: [],
  entries: [{ name: 'e', calls: 3, faults: 0, fallbacks: 0, checks: 9, late: 0 }],
  leaks: [{ number: 1, entryPoint: 'e', repetitions: 6, grown: ['slab kmalloc-64 0 6 6 6'] }],
  reloads: [{ status: 0, unload: 60_000, load: 40_000, alarms: 0 }],
  outcomes: [
    outcome({}),
    outcome({ kind: 'wrong-operator', verdict: 'harmless', detected: 0, recovery: null }),
    outcome({ verdict: 'kernel-died', detected: 0, recovery: null, lastWords: 'BUG: it ended' }),
    outcome({ verdict: 'not-activated', hits: 0, detected: 0, recovery: null, entryPoint: 'f' }),
  ],
};

const LINES = [
  '@@ phase native',
  '@@ function e 4 0 10 10 10 10 12',
  '@@ function f 4 0 10 10 20 30 40',
  '@@ function never 0 0',
  '@@ phase isolated',
  '@@ function e 4 0 1010 1010 1010 1010 1012',
  '@@ function f 4 0 10 10 520 30 40',
  '@@ load 0 100 40',
  '@@ entry e 2 0 0 10 0',
  '@@ entry f 2 0 0 10 0',
  '@@ entry e 4 0 0 20 0',
  '@@ entry f 4 0 1 20 0',
  '@@ data-path e',
  '@@ memory isolated 8192 100',
];

const COUNTS = { objects: 1, ranges: 1, checks: 1, bytes: 0, crossings: 0, deviceAccesses: 0, lockCalls: 0, callbacks: 0 };

describe('the page of the campaign', () => {
  const cost = { bytesIn: 0, bytesOut: 0, ranges: 1, checks: 1, kernelCrossings: 0, loops: 0, estimatedNanoseconds: 300, counts: COUNTS };
  const measure: DriverMeasure = {
    driver: 'd',
    class: 'net',
    kernel: '6.1',
    date: '2026-01-01T00:00',
    estimates: { e: cost, f: cost },
    ...measuredOf(LINES),
  };
  const data: PageData = { line: '6.1', campaigns: [campaign], controls: [], measures: [measure] };

  it('reads a measuring machine', () => {
    assert.deepEqual(measure.functions.native.f, { calls: 4, missed: 0, least: 10, lower: 10, median: 20, upper: 30, passed: 40 });
    assert.equal(measure.functions.native.never, undefined);
    assert.deepEqual(measure.loads, { isolated: [{ status: 0, passed: 100, idle: 40 }] });
    assert.deepEqual(measure.memory, { isolated: { core: 8192, held: 100 } });
    assert.deepEqual(measure.dataPath, ['e']);
    // The machine tells them twice; the last counts.
    assert.deepEqual(
      measure.entries.map((e) => [e.name, e.calls, e.checks]),
      [
        ['e', 4, 20],
        ['f', 4, 20],
      ],
    );
  });

  it('takes no measure of an entry point whose calls ran natively', () => {
    assert.deepEqual(
      costPoints([measure]).map((p) => [p.name, p.added]),
      [['e', 1000]],
    );
  });

  it('counts what happened and what was recovered', () => {
    const text = summary(data);
    assert.match(text, /\*\*3 faults\*\*/);
    assert.match(text, /Of the 2 that were noticed or did harm, \*\*1 \(50\.0 %\)/);
    assert.match(text, /Leaks: 0 of 1/);
    assert.match(failures(data), /BUG: it ended/);
    assert.deepEqual(recoveryRows(data), [{ driver: 'd', recoveries: 1, recovery: 1000, unload: 60_000, load: 40_000 }]);
  });

  it('names the drivers that were not run, and is the same for the same results', () => {
    const page = pageOf(data, ['d', 'other']);
    assert.match(page.files.get('campaign.md')!, /without a campaign \| other/);
    assert.deepEqual([...page.files], [...pageOf(data, ['d', 'other']).files]);
    assert.ok(page.files.get('campaign/6.1/recovery.svg')!.includes('<rect'));
  });

  it('can be written without any result', () => {
    const empty = pageOf({ line: '6.1', campaigns: [], controls: [], measures: [] }, ['d']);
    assert.ok(!/NaN|undefined/.test([...empty.files.values()].join('')));
  });

  it('finds the weights that made the costs', () => {
    const weigh = (c: typeof COUNTS): number => 3 * (200 + 100 * c.objects + 50 * c.ranges + 5 * c.checks + 400 * c.crossings);
    const points = Array.from({ length: 24 }, (_, i) => {
      const counts = { ...COUNTS, objects: 1 + (i % 3), ranges: 1 + ((i * 5) % 7), checks: i % 4, crossings: (i * 3) % 5 };
      const time = measure.functions.native.e;
      return {
        driver: `d${i % 2}`,
        name: `f${i}`,
        cost: { ...cost, counts },
        native: time,
        off: null,
        isolated: time,
        added: weigh(counts),
      };
    });
    const weights = fit(points);
    assert.deepEqual([weights.entry, weights.objects, weights.ranges, weights.crossings].map(Math.round), [200, 100, 50, 400]);
    assert.ok(crossValidated(points) > 0.999);
  });

  it('correlates ranks, with ties', () => {
    assert.deepEqual(ranks([10, 30, 10, 20]), [1.5, 4, 1.5, 3]);
    assert.equal(spearman([1, 2, 3, 4], [10, 20, 30, 1000]), 1);
    assert.equal(spearman([1, 2, 3, 4], [4, 3, 2, 1]), -1);
    // Worked by hand: ranks 1 2.5 2.5 4 against 1 3 2 4: 1 - 6 * 0.5 / 60 with the correction for one tie.
    assert.ok(Math.abs(spearman([1, 2, 2, 3], [1, 3, 2, 4]) - 0.9487) < 1e-4);
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(correlation(data).misses.length, 1);
  });
});
