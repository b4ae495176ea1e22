/** What a section of the benchmark found, and how it is printed. */

export interface Table {
  title: string;
  columns: string[];
  rows: string[][];
  /** What a reader must know to judge the numbers. */
  notes?: string[];
}

export interface SectionResult {
  tables: Table[];
  /** Wrong results: they, and never a time, make the run fail. */
  wrong: string[];
  /** What could not be measured here, and why. */
  skipped: string[];
  /** The numbers behind the tables, for test-output/bench.json. */
  data: Record<string, unknown>;
}

export function emptySection(): SectionResult {
  return { tables: [], wrong: [], skipped: [], data: {} };
}

/** A duration with as many digits as mean anything. */
export function milliseconds(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

export function mebibytes(bytes: number): string {
  return Number.isFinite(bytes) ? `${(bytes / 2 ** 20).toFixed(0)} MiB` : '-';
}

/** A ratio beside the most that it should be: `0.21 (<= 0.33)`, with `OVER` behind it when it is more. */
export function ratioText(ratio: number, budget?: number): string {
  if (!Number.isFinite(ratio)) return '-';
  const text = ratio.toFixed(2);
  if (budget === undefined) return text;
  return `${text} (<= ${Number(budget.toFixed(2))}) ${ratio <= budget ? 'ok' : 'OVER'}`;
}

/** The first column is text and stands left, the others are numbers and stand right. */
export function tableText({ title, columns, rows, notes }: Table): string {
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ')}`.trimEnd();
  const lines = ['', title, line(columns), `  ${widths.map((width) => '-'.repeat(width)).join('  ')}`, ...rows.map(line)];
  for (const note of notes ?? []) lines.push(`  ${note}`);
  return lines.join('\n');
}
