/** The weights of the cost table that explain the measures best. */
import type { CostCounts } from '../../../server/src/report/cost';
import type { CostPoint } from '../page/data';
import { median, spearman } from './statistics';

/**
 * Instructions for each nanosecond of the table: a processor of 3 GHz that ends one instruction in each cycle. Only the scale of the
 * estimates depends on it, not their order.
 */
export const INSTRUCTIONS_PER_NANOSECOND = 3;

/**
 * A check's weight is not fitted: what the text counts are accesses of every path, and the fit would make up for that. 5 ns were measured
 * for it in user space.
 */
const PER_CHECK = 5;

const KEYS = [
  'objects',
  'ranges',
  'bytes',
  'crossings',
  'deviceAccesses',
  'lockCalls',
  'callbacks',
] as const satisfies readonly (keyof CostCounts)[];
type Key = (typeof KEYS)[number];
export type Weights = Record<Key | 'entry', number>;

/**
 * Non-negative weights, in nanoseconds, that make the relative error smallest in the least squares' sense (no weight below 0: what would
 * get one is left out).
 */
export function fit(points: readonly CostPoint[]): Weights {
  let active: (Key | 'entry')[] = ['entry', ...KEYS];
  for (;;) {
    const rows = points.map((p) => active.map((k) => (k === 'entry' ? 1 : p.cost.counts[k]) / wanted(p)));
    const solution = leastSquares(
      rows,
      points.map(() => 1),
    );
    const lowest = solution.indexOf(Math.min(...solution));
    if (solution.length === 0 || solution[lowest] >= 0) {
      const found = Object.fromEntries(active.map((k, i) => [k, solution[i]]));
      return Object.fromEntries(['entry', ...KEYS].map((k) => [k, found[k] ?? 0])) as Weights;
    }
    active = active.filter((_, i) => i !== lowest);
  }
}

/** What the weights have to explain of a point, in nanoseconds. */
function wanted(p: CostPoint): number {
  const measured = p.added / INSTRUCTIONS_PER_NANOSECOND;
  return Math.max(measured - Math.min(p.cost.counts.checks * PER_CHECK, measured / 2), 1);
}

/** By the normal equations, with a trace of regularisation: columns that depend on each other share their weight. */
function leastSquares(rows: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n + 1 }, (_, j) =>
      j < n ? rows.reduce((sum, r) => sum + r[i] * r[j], i === j ? 1e-12 : 0) : rows.reduce((sum, r, k) => sum + r[i] * right[k], 0),
    ),
  );
  for (let i = 0; i < n; i++) {
    let pivot = i;
    for (let r = i + 1; r < n; r++) if (Math.abs(matrix[r][i]) > Math.abs(matrix[pivot][i])) pivot = r;
    [matrix[i], matrix[pivot]] = [matrix[pivot], matrix[i]];
    for (let r = 0; r < n; r++) {
      if (r === i || matrix[i][i] === 0) continue;
      const factor = matrix[r][i] / matrix[i][i];
      for (let c = i; c <= n; c++) matrix[r][c] -= factor * matrix[i][c];
    }
  }
  return matrix.map((row, i) => (row[i] === 0 ? 0 : row[n] / row[i]));
}

/** The estimate of fitted weights, in nanoseconds. */
export function estimate(weights: Weights, p: CostPoint): number {
  return weights.entry + PER_CHECK * p.cost.counts.checks + KEYS.reduce((sum, k) => sum + weights[k] * p.cost.counts[k], 0);
}

/** Rank correlation where each driver is estimated with weights that were fitted to the others: what the estimate is worth for a new one. */
export function crossValidated(points: readonly CostPoint[]): number {
  const drivers = [...new Set(points.map((p) => p.driver))];
  const tried = drivers.flatMap((driver) => {
    const weights = fit(points.filter((p) => p.driver !== driver));
    return points.filter((p) => p.driver === driver).map((p) => ({ estimated: estimate(weights, p), added: p.added }));
  });
  return spearman(
    tried.map((t) => t.estimated),
    tried.map((t) => t.added),
  );
}

/** The fitted weights in the words of `cost.yaml`, and how well they do. */
export function fitText(points: readonly CostPoint[]): string {
  const w = fit(points);
  const estimated = points.map((p) => estimate(w, p));
  const off = points.map((p, i) => Math.abs((estimated[i] * INSTRUCTIONS_PER_NANOSECOND) / Math.max(1, p.added) - 1));
  return [
    `  entry: ${Math.round(w.entry)}`,
    `  perObject: ${Math.round(w.objects)}`,
    `  perRange: ${Math.round(w.ranges)}`,
    `  perCheck: ${PER_CHECK}`,
    `  perByteCopied: ${w.bytes.toFixed(1)}`,
    `  perKernelCrossing: ${Math.round(w.crossings)}`,
    `  perDeviceAccess: ${Math.round(w.deviceAccesses)}`,
    `  perLockCall: ${Math.round(w.lockCalls)}`,
    `  perCallback: ${Math.round(w.callbacks)}`,
    `# ${points.length} entry points; rank correlation ${spearman(
      estimated,
      points.map((p) => p.added),
    ).toFixed(
      3,
    )}; median relative error ${median(off).toFixed(2)}; each driver by weights of the others: ${crossValidated(points).toFixed(3)}`,
  ].join('\n');
}
