/** What a corpus report counts, driver by driver. */
import { findingsOf } from '../server/src/report/findingLists';
import type { DriverReport, Finding } from '../server/src/report/model';

export interface Figures {
  drivers: number;
  /** Of them: those with at least one entry point. Libraries and data files have none. */
  withEntryPoints: number;
  entryPoints: number;
  isolatable: number;
  resynchronizing: number;
  resynchronizingDrivers: number;
  /** Entry points that reach a function which was not wholly understood. */
  partial: number;
  functions: number;
  partialFunctions: number;
  /** Distinct fields that each entry point touches. */
  fields: number[];
  /** Bytes that each entry point would have copied in and out. */
  bytes: number[];
}

export interface NotAnalysed {
  name: string;
  why: string;
}

export class Corpus {
  readonly all = newFigures();
  readonly subsystems = new Map<string, Figures>();
  readonly rules = new Map<string, number>();
  /** Causes of `analysis/partial`, with the names in them left out. */
  readonly causes = new Map<string, number>();
  /** Names that stand in the causes most often. */
  readonly causeExamples = new Map<string, Map<string, number>>();
  readonly notAnalysed: NotAnalysed[] = [];
  /** Drivers whose lists were left out. */
  readonly brief: string[] = [];
  /** Drivers in which places of one member in one object stand as one. */
  readonly coarse: string[] = [];
  readonly checkpoints = new Map<string, number>();

  add(driver: DriverReport): void {
    const subsystem = subsystemOf(driver.files[0] ?? '');
    let figures = this.subsystems.get(subsystem);
    if (!figures) this.subsystems.set(subsystem, (figures = newFigures()));
    for (const f of [this.all, figures]) addDriver(f, driver);
    count(this.checkpoints, driver.checkpoint.status);
    for (const finding of findingsOf(driver)) this.finding(driver, finding);
  }

  private finding(driver: DriverReport, finding: Finding): void {
    count(this.rules, finding.rule);
    if (finding.rule !== 'analysis/partial') return;
    if (finding.message.startsWith('the module was not analysed'))
      this.notAnalysed.push({ name: driver.name, why: finding.message.slice('the module was not analysed: '.length) });
    else if (finding.message.startsWith('so many places')) this.coarse.push(driver.name);
    else if (finding.trace.length === 0) this.brief.push(driver.name);
    for (const { message } of finding.trace) {
      const { cause, name } = withoutNames(message);
      count(this.causes, cause);
      let examples = this.causeExamples.get(cause);
      if (!examples) this.causeExamples.set(cause, (examples = new Map()));
      count(examples, name);
    }
  }
}

function newFigures(): Figures {
  return {
    drivers: 0,
    withEntryPoints: 0,
    entryPoints: 0,
    isolatable: 0,
    resynchronizing: 0,
    resynchronizingDrivers: 0,
    partial: 0,
    functions: 0,
    partialFunctions: 0,
    fields: [],
    bytes: [],
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** `drivers/net`, `sound/soc`: the first two folders. */
function subsystemOf(file: string): string {
  return file.split('/').slice(0, -1).slice(0, 2).join('/') || '.';
}

/** Names at entry points that findings of the driver, or their own, give under a rule. */
function entriesUnder(driver: DriverReport, isRule: (rule: string) => boolean): Set<string> {
  const names = new Set(driver.findings.filter((f) => isRule(f.rule)).flatMap((f) => f.entryPoints));
  for (const entry of driver.entryPoints) if (entry.findings.some((f) => isRule(f.rule))) names.add(entry.name);
  return names;
}

function addDriver(figures: Figures, driver: DriverReport): void {
  const waits = entriesUnder(driver, (rule) => rule.startsWith('resync/'));
  const partial = entriesUnder(driver, (rule) => rule === 'analysis/partial');
  const at = (names: Set<string>): number => driver.entryPoints.filter((e) => names.has(e.name)).length;
  figures.drivers++;
  if (driver.entryPoints.length > 0) figures.withEntryPoints++;
  figures.entryPoints += driver.entryPoints.length;
  figures.isolatable += driver.entryPoints.filter((e) => e.isolatable).length;
  figures.resynchronizing += at(waits);
  if (at(waits) > 0) figures.resynchronizingDrivers++;
  figures.partial += at(partial);
  figures.functions += driver.coverage.functions;
  figures.partialFunctions += driver.coverage.partial;
  for (const entry of driver.entryPoints) {
    figures.fields.push(entry.counts.fields);
    figures.bytes.push(entry.cost.bytesIn + entry.cost.bytesOut);
  }
}

/** A cause without the names that it is about, and the last of those names. */
export function withoutNames(message: string): { cause: string; name: string } {
  const known: [RegExp, string][] = [
    [/^the record that holds (\S+) is not known$/, 'the record that holds a member is not known'],
    [/^record (\S+) has no known member \S+$/, 'a record has no known member of that name'],
    [/^part of (\S+) could not be parsed$/, 'part of a function could not be parsed'],
    [/^(\S+) is nested too deeply to be followed$/, 'a function is nested too deeply to be followed'],
  ];
  for (const [pattern, cause] of known) {
    const name = pattern.exec(message)?.[1];
    if (name !== undefined) return { cause, name };
  }
  return { cause: message, name: '' };
}

/** The value below which a share of the sorted values lies; 0 for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
