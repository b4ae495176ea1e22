/** The little statistics that the measurements need. */

export { median } from '../../bench/statistics';

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const found = new Array<number>(values.length).fill(0);
  for (let i = 0; i < order.length;) {
    let end = i;
    while (end < order.length && values[order[end]] === values[order[i]]) end++;
    for (let k = i; k < end; k++) found[order[k]] = (i + 1 + end) / 2;
    i = end;
  }
  return found;
}

/** Spearman's rank correlation: Pearson's of the ranks, so that ties are counted right. NaN for fewer than two or constant values. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  return pearson(ranks(a), ranks(b));
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (v: readonly number[]): number => v.reduce((sum, x) => sum + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  let product = 0;
  let squareA = 0;
  let squareB = 0;
  for (let i = 0; i < a.length; i++) {
    product += (a[i] - ma) * (b[i] - mb);
    squareA += (a[i] - ma) ** 2;
    squareB += (b[i] - mb) ** 2;
  }
  return product / Math.sqrt(squareA * squareB);
}
