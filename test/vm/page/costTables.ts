/** What the page says about what isolation costs. */
import type { DriverMeasure } from '../measure/run';
import type { Load } from '../measure/results';
import { median, ranks, spearman } from '../measure/statistics';
import { count, percent, ratio, table } from './markdown';
import { type CostPoint, costPoints, type PageData } from './data';

export function entryTable({ measures }: PageData): string {
  const points = costPoints(measures);
  const rows = measures.flatMap((m) => {
    const own = points.filter((p) => p.driver === m.driver);
    if (own.length === 0) return [];
    const restored = m.functions['restore-1'] ?? (isOn(m.restoring) ? m.functions.isolated : undefined);
    const bare = m.functions['restore-0'] ?? (m.restoring !== null && !isOn(m.restoring) ? m.functions.isolated : undefined);
    const both = own.filter((p) => restored?.[p.name] && bare?.[p.name]);
    return [
      [
        m.driver,
        own.length,
        count(median(own.map((p) => p.native.median))),
        count(median(own.filter((p) => p.off).map((p) => p.off!.median - p.native.median))),
        count(median(own.map((p) => p.added))),
        both.length > 0 ? count(median(both.map((p) => restored[p.name].median - bare[p.name].median))) : 'n/a',
        ratio(median(own.map((p) => p.isolated.median / Math.max(1, p.native.median)))),
      ],
    ];
  });
  return table(['driver', 'entry points', 'native', 'off adds', 'isolated adds', 'device restore adds', 'isolated / native'], rows);
}

/** A switch of a module: `1`, or `Y` for a boolean one. */
const isOn = (value: string | null): boolean => value === '1' || value === 'Y';

export const busy = (loads: readonly Load[] | undefined): number =>
  median((loads ?? []).filter((l) => l.status === 0).map((l) => l.passed - l.idle));

export function loadTable({ measures }: PageData): string {
  const rows = measures.map((m) => {
    const native = busy(m.loads.native);
    const against = (phase: string): string => ratio(busy(m.loads[phase]) / native);
    return [
      m.driver,
      LOADS[m.class] ?? '',
      `${count(native / 1e6)} M`,
      against('off'),
      against('control'),
      against('all'),
      m.dataPath.length,
    ];
  });
  return table(
    [
      'driver',
      'load',
      'native instructions',
      'CPU: all off',
      'CPU: control path isolated',
      'CPU: all isolated',
      'entry points of the data path',
    ],
    rows,
    2,
  );
}

/** Loads that did not come to a good end, by driver and phase: no figure was taken from them. */
export function failedLoads(measures: readonly DriverMeasure[]): string {
  return measures
    .flatMap((m) =>
      Object.entries(m.loads).map(([phase, loads]) => ({
        name: `${m.driver} (${phase})`,
        bad: loads.filter((l) => l.status !== 0).length,
        of: loads.length,
      })),
    )
    .filter((l) => l.bad > 0)
    .map((l) => `${l.name}: ${l.bad} of ${l.of}`)
    .join('; ');
}

const LOADS: Record<string, string> = {
  net: 'TCP, 2 MiB to and fro',
  usb: 'the same over USB',
  sound: 'five seconds played',
  block: '6 MiB written and read',
  input: 'motion of a mouse',
  watchdog: '5,000 pings',
};

export function memoryTable({ measures }: PageData): string {
  const rows = measures
    .filter((m) => m.memory.native && m.memory.isolated)
    .map((m: DriverMeasure) => [
      m.driver,
      `${count(m.memory.native.core / 1024)} KiB`,
      `${count(m.memory.isolated.core / 1024)} KiB`,
      `${count(m.memory.native.held)} KiB`,
      `${count(m.memory.isolated.held)} KiB`,
      m.entries.length,
    ]);
  return table(['driver', 'module', 'isolated module', 'held after loading', 'isolated', 'isolated entry points'], rows);
}

export interface Correlation {
  points: CostPoint[];
  rho: number;
  misses: { point: CostPoint; estimated: number; measured: number }[];
}

/** Estimate against measure over all entry points, with the largest differences of rank first. */
export function correlation({ measures }: PageData): Correlation {
  const points = costPoints(measures);
  const estimated = points.map((p) => p.cost.estimatedNanoseconds);
  const measured = points.map((p) => p.added);
  const [a, b] = [ranks(estimated), ranks(measured)];
  const misses = points
    .map((point, i) => ({ point, estimated: a[i], measured: b[i] }))
    .sort((x, y) => Math.abs(y.estimated - y.measured) - Math.abs(x.estimated - x.measured));
  return { points, rho: spearman(estimated, measured), misses };
}

export function missTable({ misses }: Correlation): string {
  return table(
    [
      'driver',
      'entry point',
      'estimate',
      'added instructions',
      'rank of the estimate',
      'rank measured',
      'ranges',
      'checks',
      'crossings',
      'loops',
    ],
    misses
      .slice(0, 10)
      .map(({ point: p, estimated, measured }) => [
        p.driver,
        p.name,
        `${count(p.cost.estimatedNanoseconds)} ns`,
        count(p.added),
        estimated,
        measured,
        p.cost.ranges,
        p.cost.checks,
        p.cost.kernelCrossings,
        p.cost.loops,
      ]),
    2,
  );
}

/** Share of entry points whose estimate is within a factor of the measure, taken as instructions at `rate` each nanosecond. */
export function within(points: readonly CostPoint[], factor: number, rate: number): string {
  const near = points.filter((p) => {
    const off = (p.cost.estimatedNanoseconds * rate) / Math.max(1, p.added);
    return off <= factor && off >= 1 / factor;
  });
  return percent(near.length, points.length);
}
