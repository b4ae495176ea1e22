/** Numbers of repeated measurements. All of them are in the unit that they were given in. */

/** The value that `share` (0 to 1) of the values do not exceed, by nearest rank; NaN for none. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median and tail of one series of milliseconds. */
export interface Series {
  p50: number;
  p95: number;
  count: number;
}

export function series(values: readonly number[]): Series {
  return { p50: median(values), p95: percentile(values, 0.95), count: values.length };
}
