/** Tables and numbers of a page in Markdown. */
import { formatCount, formatNanoseconds } from '../../../server/src/report/amounts';

/** The first column to the left, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[], left = 1): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map((c) => String(c).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i < left ? '---' : '---:'))), ...rows.map(line), ''].join('\n');
}

/** `12,345` */
export function count(value: number): string {
  return Number.isFinite(value) ? formatCount(value) : 'n/a';
}

/** Nanoseconds with two digits that count: `850 ns`, `1.4 µs`, `12 ms`. */
export function time(nanoseconds: number): string {
  return Number.isFinite(nanoseconds) ? formatNanoseconds(nanoseconds) : 'n/a';
}

/** `1.02`, `13`: a ratio with three digits at most. */
export function ratio(value: number): string {
  if (!Number.isFinite(value)) return 'n/a';
  return value >= 10 ? count(value) : value.toFixed(2);
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? 'n/a' : `${((100 * part) / whole).toFixed(1)} %`;
}
