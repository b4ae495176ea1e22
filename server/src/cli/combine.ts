import type { AnalyzeResult, InputProblem } from '../engine/engine';
import type { DriverReport, EntryPoint, Finding, Report } from '../report/model';

/** One report of the reports for several paths. A driver that two paths name is taken once; the summary is added up anew. */
export function combineReports(reports: Report[]): Report {
  const seen = new Set<string>();
  const drivers = reports
    .flatMap((report) => report.drivers)
    .filter((driver) => {
      const key = JSON.stringify([driver.name, driver.files]);
      return seen.has(key) ? false : seen.add(key);
    });
  const first = reports.find((report) => report.drivers.length > 0) ?? reports[0];
  return {
    ...first,
    drivers,
    summary: {
      ...first.summary,
      drivers: drivers.length,
      entryPoints: sum(drivers, (driver) => driver.entryPoints.length),
      withResynchronization: sum(drivers, (driver) => driver.entryPoints.filter((entry) => resynchronizes(driver, entry)).length),
      isolatable: sum(drivers, (driver) => driver.entryPoints.filter((entry) => entry.isolatable).length),
      milliseconds: Math.round(reports.reduce((total, report) => total + report.summary.milliseconds, 0)),
    },
  };
}

function sum(drivers: DriverReport[], count: (driver: DriverReport) => number): number {
  return drivers.reduce((total, driver) => total + count(driver), 0);
}

function resynchronizes(driver: DriverReport, entry: EntryPoint): boolean {
  const isOne = (finding: Finding): boolean => finding.rule.startsWith('resync/');
  return entry.findings.some(isOne) || driver.findings.some((finding) => isOne(finding) && finding.entryPoints.includes(entry.name));
}

/**
 * The problems of several paths. With more than one path, an entry point that one driver does not have is no problem as long as
 * another has it.
 */
export function combineProblems(results: AnalyzeResult[]): InputProblem[] {
  const found = new Set(results.flatMap(({ report }) => report.drivers.flatMap((driver) => driver.entryPoints.map((entry) => entry.name))));
  const problems = results.flatMap((result) => result.problems);
  const kept = problems.filter((problem) => problem.kind !== 'unknown-entry-point' || !found.has(problem.path));
  const unique = new Map(kept.map((problem) => [`${problem.kind}\n${problem.message}`, problem]));
  return [...unique.values()];
}
