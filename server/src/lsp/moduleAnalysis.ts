/** One report of the engine, with what it takes to use it while the text goes on changing. */
import type { InputProblem } from '../engine/engine';
import type { Report } from '../report/model';
import { fileResolver } from './positions';
import type { Settings } from './settings';

export interface ModuleAnalysis {
  /** The path that was given to the engine. */
  path: string;
  report: Report;
  problems: InputProblem[];
  /** Absolute paths of the module's files and of every other file that its report points into. */
  files: ReadonlySet<string>;
  /** From a `file` of the report to an absolute path. */
  resolve(file: string): string;
  /** Texts of the documents that were open when it began, to carry positions over later edits. */
  texts: Map<string, string>;
  /** The settings of `path` as they are now: what is shown and how severe. */
  settings: Settings;
  /** The change clock when it began. */
  clock: number;
}

/** Gives a report what it needs to be used long after: which files it is about, and how to find them. */
export function moduleAnalysis(
  path: string,
  report: Report,
  problems: InputProblem[],
  texts: Map<string, string>,
  settings: Settings,
  clock: number,
  workingDirectory: string,
): ModuleAnalysis {
  const resolve = fileResolver(
    path,
    report.drivers.flatMap((d) => d.files),
    workingDirectory,
  );
  const names = new Set<string>();
  for (const driver of report.drivers) {
    for (const file of driver.files) names.add(file);
    for (const finding of driver.findings) names.add(finding.location.file);
    for (const entryPoint of driver.entryPoints) {
      names.add(entryPoint.location.file);
      for (const finding of entryPoint.findings) names.add(finding.location.file);
      for (const field of entryPoint.fields) for (const location of field.locations) names.add(location.file);
    }
  }
  return { path, report, problems, files: new Set([...names].map(resolve)), resolve, texts, settings, clock };
}
