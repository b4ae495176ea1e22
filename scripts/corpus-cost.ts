/** What the runs over the parts of a corpus took, beside the floor: parsing the same text once. */

/** One part of the corpus. Times are processor time of all threads in seconds, memory in bytes. */
export interface ShardCost {
  index: number;
  cold?: RunCost;
  warm?: RunCost;
  floor?: { seconds: number; files: number; characters: number };
}

export interface RunCost {
  seconds: number;
  wall: number;
  peak: number;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const seconds = (n: number): string => `${n.toFixed(n < 10 ? 1 : 0)} s`;
const gibibytes = (n: number): string => `${(n / 2 ** 30).toFixed(1)} GiB`;

/** The table of costs over all parts that were measured. Only parts with a floor count for a ratio. */
export function costMarkdown(costs: readonly ShardCost[], count: number): string {
  const withFloor = costs.filter((c) => c.floor);
  const floor = sum(withFloor.map((c) => c.floor!.seconds));
  const row = (name: string, of: (c: ShardCost) => RunCost | undefined): string[] => {
    const runs = costs.flatMap((c) => of(c) ?? []);
    if (runs.length === 0) return [name, 'not run', '', ''];
    const compared = withFloor.filter((c) => of(c));
    const ratio = sum(compared.map((c) => of(c)!.seconds)) / sum(compared.map((c) => c.floor!.seconds));
    return [
      `${name}${runs.length < costs.length ? ` (${runs.length} of ${costs.length} parts)` : ''}`,
      seconds(sum(runs.map((r) => r.seconds))),
      Number.isFinite(ratio) ? ratio.toFixed(1) : '–',
      gibibytes(Math.max(...runs.map((r) => r.peak))),
    ];
  };
  const rows = [
    [
      'floor: parsing the masked text of every source and driver header once',
      floor > 0 ? seconds(floor) : 'not run',
      floor > 0 ? '1' : '',
      '',
    ],
    row('cold', (c) => c.cold),
    row('warm, nothing changed', (c) => c.warm),
  ];
  const files = sum(withFloor.map((c) => c.floor!.files));
  const characters = sum(withFloor.map((c) => c.floor!.characters));
  const measured =
    costs.length === count
      ? `All ${count} parts were run.`
      : `**${costs.length} of ${count} parts** were run (${costs.map((c) => c.index).join(', ')}); all figures below are of these.`;
  return [
    measured,
    table(['', 'processor time', 'against the floor', 'peak memory of a process'], rows),
    `Processor time of all threads, each part in a process of its own that also plans the whole corpus; the floor is of ${files.toLocaleString('en-US')} files with ${(characters / 1e6).toFixed(0)} million characters. The first part also makes the index of kernel headers.`,
  ].join('\n\n');
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles), `| --- |${' ---: |'.repeat(titles.length - 1)}`, ...rows.map(line)].join('\n');
}
