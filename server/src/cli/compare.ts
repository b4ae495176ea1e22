import { resolve } from 'node:path';
import { formatNanoseconds, plural } from '../report/amounts';
import { type Amounts, compareReports, type Comparison, type DriverChange, type EntryPointChange, isWorse } from '../report/compare';
import type { DriverReport, Finding, Report } from '../report/model';
import { exitStatus } from './analyze';
import { readReportFile } from './reportFile';
import type { Terminal } from './terminal';

export interface CompareCommand {
  command: 'compare';
  before: string;
  after: string;
  format: 'text' | 'json';
  /** Exit with 1 when something became worse. */
  failOnWorse: boolean;
}

/** Runs `fgft compare`: what happened to each entry point between two JSON reports. Resolves to the exit status. */
export async function runCompare(command: CompareCommand, terminal: Terminal): Promise<number> {
  const reports: Report[] = [];
  for (const path of [command.before, command.after]) {
    try {
      reports.push(await wholeReport(resolve(terminal.workingDirectory, path)));
    } catch (error) {
      terminal.error(
        `fgft: ${path} is no report of fgft analyze --format json: ${error instanceof Error ? error.message : String(error)}\n`,
      );
      return exitStatus.unusable;
    }
  }
  const comparison = compareReports(reports[0], reports[1]);
  terminal.out(command.format === 'json' ? `${JSON.stringify(comparison, null, 2)}\n` : comparisonText(comparison));
  return command.failOnWorse && isWorse(comparison) ? exitStatus.findings : exitStatus.done;
}

async function wholeReport(path: string): Promise<Report> {
  const { head, summary, drivers } = await readReportFile(path);
  if (head.schemaVersion !== 1 || !summary) throw new Error('it has no schemaVersion 1');
  const parsed: DriverReport[] = [];
  for (const driver of drivers) parsed.push(JSON.parse(await driver.read()) as DriverReport);
  return { ...head, summary, drivers: parsed };
}

/** For people; says so when nothing changed. */
export function comparisonText({ drivers, driversAdded, driversRemoved }: Comparison): string {
  const lines = [
    ...driversAdded.map((name) => `${name}: a new driver`),
    ...driversRemoved.map((name) => `${name}: no longer there`),
    ...drivers.flatMap(driverLines),
  ];
  return `${lines.length > 0 ? lines.join('\n') : 'No entry point became dearer or cheaper to isolate.'}\n`;
}

function driverLines({ name, added, removed, changed, newFindings, goneFindings }: DriverChange): string[] {
  return [
    name,
    ...added.map((e) => `  ${e}: a new entry point`),
    ...removed.map((e) => `  ${e}: no longer an entry point`),
    ...changed.flatMap(changeLines),
    ...newFindings.map((f) => `  new: ${findingLine(f)}`),
    ...goneFindings.map((f) => `  gone: ${findingLine(f)}`),
  ];
}

function findingLine({ location, rule, message }: Finding): string {
  return `${location.file}:${location.line}: ${rule}: ${message}`;
}

function changeLines({ name, as, before, after, fieldsAdded, fieldsRemoved, isolatable }: EntryPointChange): string[] {
  const { fields, bytesIn, bytesOut, checks, kernelCrossings } = difference(before, after);
  const parts = [
    fields !== 0 ? more(fields, 'field') : '',
    bytesIn !== 0 ? `${signed(bytesIn)} B in` : '',
    bytesOut !== 0 ? `${signed(bytesOut)} B out` : '',
    checks !== 0 ? more(checks, 'check') : '',
    kernelCrossings !== 0 ? more(kernelCrossings, 'kernel call') : '',
  ].filter(Boolean);
  const times =
    before.estimatedNanoseconds === after.estimatedNanoseconds
      ? ''
      : ` (≈${formatNanoseconds(before.estimatedNanoseconds)} → ≈${formatNanoseconds(after.estimatedNanoseconds)})`;
  const lines = [`  ${as} (${name}): ${parts.join(', ') || 'other fields'}${times}`];
  if (fieldsAdded.length > 0) lines.push(`    + ${fieldsAdded.join(', ')}`);
  if (fieldsRemoved.length > 0) lines.push(`    - ${fieldsRemoved.join(', ')}`);
  if (isolatable.before !== isolatable.after) lines.push(`    ${isolatable.after ? 'can be isolated now' : 'can no longer be isolated'}`);
  return lines;
}

function difference(before: Amounts, after: Amounts): Amounts {
  const entries = (Object.keys(before) as (keyof Amounts)[]).map((key) => [key, after[key] - before[key]] as const);
  return Object.fromEntries(entries) as unknown as Amounts;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value);
}

function more(value: number, noun: string): string {
  return `${plural(Math.abs(value), noun)} ${value > 0 ? 'more' : 'fewer'}`;
}
