/** Functions that all call each other: more than are summarised one by one. */
import assert from 'node:assert/strict';
import { createEngine } from '../../../server/src/engine';
import type { DriverReport } from '../../../server/src/report/model';
import { miniKernel } from '../../fixtures/support/fixtures';

/** A ring of functions, each of which touches a member of its own; outside of it a helper and two entry points. */
function ring(count: number): string {
  const numbers = Array.from({ length: count }, (_, i) => i);
  return `
struct card { int before; int after; ${numbers.map((i) => `int m${i};`).join(' ')} };
static struct card card;
${numbers.map((i) => `static void f${i}(struct card *c, int n);`).join('\n')}
static void helper(struct card *c) { c->before = 1; }
${numbers.map((i) => `static void f${i}(struct card *c, int n) { if (n) { c->m${i} = n; ${i % 3 ? '' : 'helper(c); '}f${(i + 1) % count}(c, n - 1); } }`).join('\n')}
static int start(void) { f7(&card, 3); card.after = card.m1; return 0; }
static void stop(void) { card.m1 = 0; }
module_init(start);
module_exit(stop);
`;
}

async function analyzed(count: number): Promise<DriverReport> {
  const engine = createEngine({ kernel: miniKernel });
  try {
    engine.openDocument('/ring/ring.c', ring(count), 1);
    return (await engine.analyze('/ring/ring.c')).report.drivers[0];
  } finally {
    engine.dispose();
  }
}

/** Directions by field: with a shared table an object goes by its record as well as by its name. */
function fieldsOf(report: DriverReport, entry: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { field, direction } of report.entryPoints.find((e) => e.name === entry)!.fields)
    found.set(field, [...(found.get(field) ?? []), direction].sort());
  return found;
}
const coarse = (report: DriverReport): boolean => report.findings.some((f) => f.message.startsWith('so many places'));

describe('engine: large recursive components', () => {
  for (const count of [40, 250]) {
    it(`give every caller the fields of all ${count} functions, and where they are touched`, async () => {
      const report = await analyzed(count);
      const start = fieldsOf(report, 'start');
      assert.equal(start.size, count + 2);
      assert.deepEqual([start.get('after'), start.get('m1')], count === 40 ? [['out'], ['inout']] : [['inout'], ['in', 'inout']]);
      assert.deepEqual([...fieldsOf(report, 'stop')], [['m1', ['out']]]);
      const field = report.entryPoints.find((e) => e.name === 'start')!.fields.find((f) => f.field === 'm9')!;
      assert.equal(field.locations.length, 1);
      assert.equal(coarse(report), count === 250);
    });
  }
});
