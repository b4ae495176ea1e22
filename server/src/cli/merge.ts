import { resolve } from 'node:path';
import { figuresOf } from '../engine';
import { compareText } from '../report/findingLists';
import type { DriverReport, Report } from '../report/model';
import { exitStatus } from './analyze';
import { openOutput, readFailure, writeFailure } from './outputFile';
import { type ReportFile, readReportFile, type StoredDriver } from './reportFile';
import type { Terminal } from './terminal';
import { jsonStream } from './writers/stream';

/** Runs `fgft merge`: joins the JSON reports of shards into one, drivers in the order of a run without shards. Resolves to the exit status. */
export async function runMerge(reports: readonly string[], output: string | undefined, terminal: Terminal): Promise<number> {
  const fail = (message: string): number => {
    terminal.error(`fgft: ${message}\n`);
    return exitStatus.unusable;
  };
  const at = (path: string): string => resolve(terminal.workingDirectory, path);
  if (output !== undefined && reports.some((path) => at(path) === at(output)))
    return fail(`${output} is one of the reports to be joined; write to another file`);
  const files: ReportFile[] = [];
  for (const path of reports) {
    let file: ReportFile;
    try {
      file = await readReportFile(at(path));
    } catch (error) {
      return fail(
        error instanceof SyntaxError ? `${path} is no JSON report: ${error.message}` : `${path} cannot be read: ${readFailure(error)}`,
      );
    }
    const problem = unlike(file, files[0], path, reports[0]);
    if (problem) return fail(problem);
    files.push(file);
  }
  try {
    const target = openOutput(output, terminal);
    await join(
      files,
      jsonStream((text) => target.write(text)),
    );
    target.close();
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).code) throw error;
    return fail(`${output ?? 'the report'} cannot be written: ${writeFailure(error)}`);
  }
  return exitStatus.done;
}

async function join(files: readonly ReportFile[], sink: ReturnType<typeof jsonStream>): Promise<void> {
  const summary: Report['summary'] = { drivers: 0, entryPoints: 0, withResynchronization: 0, isolatable: 0, milliseconds: 0 };
  const found = new Map<string, { order: string; driver: StoredDriver }>();
  for (const file of files) {
    summary.milliseconds += file.summary?.milliseconds ?? 0;
    for (const driver of file.drivers) {
      const report = JSON.parse(await driver.read()) as DriverReport;
      const key = JSON.stringify([report.name, report.files]);
      if (found.has(key)) continue;
      found.set(key, { order: `${report.files[0] ?? ''}\0${report.name}`, driver });
      const figures = figuresOf(report);
      summary.drivers++;
      summary.entryPoints += figures.entryPoints;
      summary.withResynchronization += figures.withResynchronization;
      summary.isolatable += figures.isolatable;
    }
  }
  await sink.begin({ ...files[0].head, drivers: [], summary });
  for (const { driver } of [...found.values()].sort((a, b) => compareText(a.order, b.order))) await sink.driver(await driver.read());
  await sink.end(summary);
}

/** Why two reports cannot be one; null: they can. */
function unlike(file: ReportFile, first: ReportFile | undefined, path: string, firstPath: string): string | null {
  const { head } = file;
  if (head.schemaVersion !== 1 || head.tool?.name !== 'fgft' || !head.kernel) return `${path} is no report of fgft`;
  if (!first) return null;
  if (head.tool.version !== first.head.tool.version)
    return `${path} was made by fgft ${head.tool.version}, ${firstPath} by ${first.head.tool.version}`;
  const kernel = ({ head: { kernel } }: ReportFile): string =>
    `${kernel.root ?? 'no kernel'} ${kernel.release ?? ''} (configuration ${kernel.configuration})`;
  if (kernel(file) !== kernel(first)) return `${path} was made against ${kernel(file)}, ${firstPath} against ${kernel(first)}`;
  return null;
}
