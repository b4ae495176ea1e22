import type { DriverReport, EntryPoint, Finding, Report } from '../../report/model';
import { formatBytesIn, formatBytesOut, formatCount, formatNanoseconds, formatRegistrations, plural } from '../../report/amounts';
import { countBySeverity, findingsAt, findingsOf } from '../../report/findingLists';
import { makeStyle, type Style } from '../style';
import { type Cell, type Column, formatTable, wrap } from '../table';
import { describeEntryPoint } from './textDetails';
import type { Writer, WriterOptions } from './writer';

/** For people: a table of entry points for each driver, then the findings with their traces. */
export const writeText: Writer = (report, options) => {
  const style = makeStyle(options.color);
  const blocks = [kernelLine(report), ...report.drivers.map((driver) => describeDriver(driver, options, style)), summaryLine(report)];
  return `${blocks.join('\n\n')}\n`;
};

/** Which kernel the report was made against. */
export function kernelLine({ kernel }: Report): string {
  if (kernel.root === null) return 'kernel: none found; sizes that the driver itself does not tell are unknown';
  const configuration = kernel.configuration === 'assumed' ? 'configuration assumed' : `configuration from ${kernel.configuration}`;
  return `kernel: ${kernel.root}${kernel.release ? ` (${kernel.release})` : ''}, ${configuration}`;
}

/** A driver's table of entry points and its findings, without a newline at the end. */
export function describeDriver(driver: DriverReport, options: WriterOptions, style: Style): string {
  const { functions, partial } = driver.coverage;
  const files = driver.files.length > 4 ? [...driver.files.slice(0, 3), `… ${driver.files.length - 3} more`] : driver.files;
  const head = [
    `${style.bold(driver.name)}  ${style.dim(files.join(' '))}`,
    wrap(
      [
        plural(driver.entryPoints.length, 'entry point'),
        `${plural(functions, 'function')}${understood(functions, partial)}`,
        powerManagement(driver),
        `checkpoint ${driver.checkpoint.status}`,
      ].join(' · '),
      options.width,
      '  ',
    ),
  ];
  const blocks = [head.join('\n')];
  if (driver.entryPoints.length > 0) blocks.push(entryPointTable(driver, options.width, style).join('\n'));
  if (options.details) for (const entry of driver.entryPoints) blocks.push(describeEntryPoint(entry, options.width, style));
  const findings = findingsOf(driver);
  if (findings.length > 0) blocks.push(findings.map((finding) => describeFinding(finding, options.width, style)).join('\n'));
  return blocks.join('\n\n');
}

/** Nothing is said of no functions: a module that could not be analysed has none either. */
function understood(functions: number, partial: number): string {
  if (functions === 0) return '';
  return partial === 0 ? ', all understood' : `, ${formatCount(partial)} partly understood`;
}

function powerManagement({ powerManagement: { suspend, resume, declaredBy } }: DriverReport): string {
  if (suspend === null && resume === null) return 'no power management';
  return `power management ${suspend ?? '-'} / ${resume ?? '-'}${declaredBy ? ` (${declaredBy})` : ''}`;
}

const columns: Column[] = [
  { title: 'Entry point', align: 'left', minimum: 16, rank: 1 },
  { title: 'Registered as', align: 'left', minimum: 14 },
  { title: 'Context', align: 'left' },
  { title: 'Fields', align: 'right' },
  { title: 'B in', align: 'right' },
  { title: 'B out', align: 'right' },
  { title: 'Calls', align: 'right' },
  { title: '≈ cost', align: 'right' },
  { title: 'Findings', align: 'left' },
];

function entryPointTable(driver: DriverReport, width: number, style: Style): string[] {
  const rows = driver.entryPoints.map((entry) => entryPointRow(entry, findingsAt(driver, entry), style));
  return formatTable(columns, rows, width, style.dim);
}

function entryPointRow(entry: EntryPoint, findings: Finding[], style: Style): Cell[] {
  const counts = countBySeverity(findings);
  const worst = counts[0]?.severity;
  const texts = counts.map(({ severity, count }) => (severity === 'information' ? `${count} info` : plural(count, severity)));
  if (!entry.isolatable) texts.push('not isolatable');
  return [
    { text: entry.suspect ? `${entry.name} (suspect)` : entry.name, style: style.bold },
    { text: formatRegistrations(entry) },
    { text: entry.context },
    { text: formatCount(entry.fields.length) },
    { text: formatBytesIn(entry) },
    { text: formatBytesOut(entry) },
    { text: formatCount(entry.kernelCalls.reduce((total, call) => total + call.count, 0)) },
    { text: formatNanoseconds(entry.cost.estimatedNanoseconds) },
    { text: texts.join(', '), style: worst ? (text) => style.severity(worst, text) : undefined },
  ];
}

function describeFinding(finding: Finding, width: number, style: Style): string {
  const { file, line, column } = finding.location;
  const place = `${file}:${line}:${column}:`;
  const notes = [finding.rule, finding.confidence, ...(finding.grade ? [finding.grade] : [])].join(', ');
  const lines = [wrap(`${place} ${finding.severity}: ${finding.message} [${notes}]`, width, '    ')];
  if (finding.entryPoints.length > 0) lines.push(wrap(`    at ${finding.entryPoints.join(', ')}`, width, '      '));
  if (finding.signallers?.length) lines.push(wrap(`    ended by ${finding.signallers.join(', ')}`, width, '      '));
  for (const step of finding.trace) lines.push(wrap(`    ${step.location.file}:${step.location.line}: ${step.message}`, width, '      '));
  // Coloured last, so that the length of the colour's own characters does not count.
  return lines.join('\n').replace(`${finding.severity}:`, (word) => style.severity(finding.severity, word));
}

/** The figures over all drivers in one line. */
export function summaryLine({ summary }: Report): string {
  const parts = [
    plural(summary.drivers, 'driver'),
    plural(summary.entryPoints, 'entry point'),
    `${formatCount(summary.isolatable)} isolatable`,
    `${formatCount(summary.withResynchronization)} with a wait for another context`,
    `${formatCount(summary.milliseconds)} ms`,
  ];
  return parts.join(', ');
}
