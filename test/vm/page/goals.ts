/** What the campaign set out to show, beside what it shows. */
import type { DriverMeasure } from '../measure/run';
import { median } from '../measure/statistics';
import { costPoints, happened, isLost, isNoticed, type PageData } from './data';
import { busy } from './costTables';
import { reachedEntries, recoveryRows } from './faultTables';
import { count, percent, ratio, table } from './markdown';

export function goalTable(data: PageData, rho: number): string {
  const { campaigns, measures } = data;
  const ran = happened(campaigns.flatMap((c) => c.outcomes));
  const noticed = ran.filter(isNoticed);
  const recovered = noticed.filter((o) => o.verdict === 'recovered').length;
  const lost = ran.filter(isLost).length;
  const leaks = campaigns.flatMap((c) => c.leaks);
  const faster = recoveryRows(data).map((r) => (r.unload + r.load) / r.recovery);
  const control = measures.map((m: DriverMeasure) => busy(m.loads.control) / busy(m.loads.native)).filter((r) => Number.isFinite(r));
  const off = costPoints(measures).flatMap((p) => (p.off ? [p.off.median - p.native.median] : []));
  const withDriver = (values: readonly number[]): string => (values.length === 0 ? 'n/a' : ratio(Math.max(...values)));
  return table(
    ['goal', 'reached', ''],
    [
      ['at least 400 faults', count(ran.length), met(ran.length >= 400)],
      [
        'in at least 10 drivers',
        campaigns.filter((c) => happened(c.outcomes).length > 0).length,
        met(campaigns.filter((c) => happened(c.outcomes).length > 0).length >= 10),
      ],
      ['and 60 entry points', reachedEntries(campaigns), met(reachedEntries(campaigns) >= 60)],
      ['the kernel alive after every one', `${lost} machines lost`, met(lost === 0)],
      ['99 % of noticed faults recovered, state preserved', percent(recovered, noticed.length), met(recovered >= 0.99 * noticed.length)],
      [
        'none leaks',
        `${leaks.filter((l) => l.grown?.length === 0).length} of ${leaks.length} that were looked at`,
        met(leaks.every((l) => l.grown?.length === 0)),
      ],
      [
        'recovery 20 times faster than a reload',
        faster.length > 0 ? `${ratio(Math.min(...faster))} at least` : 'n/a',
        met(faster.every((f) => f >= 20)),
      ],
      ['an entry point that is off costs nothing', `${count(median(off))} instructions (median)`, ''],
      [
        'control path isolated: within 2 % of native',
        `${withDriver(control)} at most (processor time)`,
        met(control.every((r) => r <= 1.02)),
      ],
      ['rank correlation of the estimate at least 0.9', Number.isFinite(rho) ? rho.toFixed(3) : 'n/a', met(rho >= 0.9)],
    ],
  );
}

const met = (is: boolean): string => (is ? 'met' : 'not met');
