/** The figures of a corpus as Markdown. */
import type { ReportFile } from '../server/src/cli/reportFile';
import { type Corpus, type Figures, quantile } from './corpus-figures';

/** What the paper "Fine-Grained Fault Tolerance using Device Checkpoints" (ASPLOS 2013) states of its corpus. */
const PAPER = { drivers: '2.7 %', entryPoints: '1.4 %' };
const SHOWN = 15;

const number = (n: number): string => n.toLocaleString('en-US');
const percent = (n: number, total: number): string => (total === 0 ? '–' : `${((100 * n) / total).toFixed(2)} %`);
const byCount = (counts: ReadonlyMap<string, number>): [string, number][] =>
  [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));

export function corpusMarkdown({ tool, kernel }: ReportFile['head'], corpus: Corpus): string {
  const { all } = corpus;
  const source = `${kernel.root ?? 'no kernel'}${kernel.release ? ` (${kernel.release})` : ''}, configuration ${kernel.configuration === 'assumed' ? 'assumed' : `from ${kernel.configuration}`}, ${tool.name} ${tool.version}`;
  const sections = [
    `# Corpus report\n\n${source}.\n\n${number(all.drivers)} modules, ${number(all.withEntryPoints)} of them with entry points: ${number(all.entryPoints)} entry points in all.`,
    `## Subsystems\n\n${subsystemTable(corpus)}`,
    `## Field sets\n\n${fieldTable(all)}`,
    `## Resynchronization\n\n${resynchronization(all)}`,
    `## Coverage\n\n${coverage(corpus)}`,
    `## Findings\n\n${table(
      ['rule', 'findings'],
      byCount(corpus.rules).map(([rule, n]) => [`\`${rule}\``, number(n)]),
    )}`,
    `## Checkpoints\n\n${table(
      ['status', 'modules'],
      byCount(corpus.checkpoints).map(([status, n]) => [status, number(n)]),
    )}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function subsystemTable(corpus: Corpus): string {
  const titles = [
    'subsystem',
    'modules',
    'entry points',
    'isolatable',
    'waiting for another context',
    'partly understood',
    'fields, median',
    'fields, 90 %',
    'bytes, median',
  ];
  const row = (name: string, f: Figures): string[] => [
    name,
    number(f.drivers),
    number(f.entryPoints),
    percent(f.isolatable, f.entryPoints),
    percent(f.resynchronizing, f.entryPoints),
    percent(f.partial, f.entryPoints),
    number(quantile(f.fields, 0.5)),
    number(quantile(f.fields, 0.9)),
    number(quantile(f.bytes, 0.5)),
  ];
  const rows = [...corpus.subsystems]
    .filter(([, f]) => f.entryPoints > 0)
    .sort((a, b) => b[1].entryPoints - a[1].entryPoints || (a[0] < b[0] ? -1 : 1));
  return table(titles, [...rows.map(([name, f]) => row(name, f)), row('**all**', corpus.all)]);
}

function fieldTable(all: Figures): string {
  const shares = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1];
  const line = (name: string, values: readonly number[]): string[] => [name, ...shares.map((share) => number(quantile(values, share)))];
  return table(
    ['per entry point', ...shares.map((share) => (share === 1 ? 'largest' : `${share * 100} %`))],
    [line('fields', all.fields), line('bytes copied', all.bytes)],
  );
}

function resynchronization(all: Figures): string {
  const rows = [
    [
      'entry points',
      percent(all.resynchronizing, all.entryPoints),
      `${number(all.resynchronizing)} of ${number(all.entryPoints)}`,
      PAPER.entryPoints,
    ],
    [
      'drivers',
      percent(all.resynchronizingDrivers, all.withEntryPoints),
      `${number(all.resynchronizingDrivers)} of ${number(all.withEntryPoints)}`,
      PAPER.drivers,
    ],
  ];
  return `${table(['share of', 'here', 'count', 'paper'], rows)}

The two columns do not measure the same thing. The paper does not say which kernel's drivers it counted, nor which waits; the part of its
analysis that found them was not published. Here a driver is a module with at least one entry point, an entry point is a function that
the kernel calls, and one waits if a \`resync/*\` rule fires for it: it waits for something that only another context of the same driver
brings about. Which waits have a rule in this version, the findings below show: one without findings is not examined.`;
}

function coverage(corpus: Corpus): string {
  const { all, causes, causeExamples } = corpus;
  const parts = [
    `${number(all.functions - all.partialFunctions)} of ${number(all.functions)} functions (${percent(all.functions - all.partialFunctions, all.functions)}) are wholly understood; ${number(all.partial)} of ${number(all.entryPoints)} entry points (${percent(all.partial, all.entryPoints)}) reach one that is not.`,
  ];
  const rows = byCount(causes)
    .slice(0, SHOWN)
    .map(([cause, n]) => {
      const names = byCount(causeExamples.get(cause) ?? new Map<string, number>())
        .slice(0, 8)
        .filter(([name]) => name !== '');
      return [cause, number(n), names.map(([name, times]) => `\`${name}\` ${times}`).join(', ')];
    });
  if (rows.length > 0) parts.push(table(['cause', 'places', 'most often'], rows));
  if (corpus.notAnalysed.length > 0)
    parts.push(`Not analysed:\n\n${corpus.notAnalysed.map(({ name, why }) => `- ${name}: ${why}`).join('\n')}`);
  if (corpus.coarse.length > 0)
    parts.push(`Reaching more places than are kept apart (no field is missing, paths and sizes are coarser): ${corpus.coarse.join(', ')}.`);
  if (corpus.brief.length > 0) parts.push(`Reported with counts in place of lists, for their size: ${corpus.brief.join(', ')}.`);
  return parts.join('\n\n');
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const align = titles.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(titles), `| ${align.join(' | ')} |`, ...rows.map(line)].join('\n');
}
