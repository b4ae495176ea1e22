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
  /** Whether the long lists of entry points are there (fields, calls, functions, globals, locks); else `counts` stands for them. */
  detailed: boolean;
  /** Absolute paths of the module's files, of its own headers, and of every other file that its findings point at. */
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

type Given = Omit<ModuleAnalysis, 'files' | 'resolve'> & { workingDirectory: string };

/** Gives a report what it needs to be used long after: which files it is about, and how to find them. */
export function moduleAnalysis({ workingDirectory, ...given }: Given): ModuleAnalysis {
  const { drivers } = given.report;
  const resolve = fileResolver(
    given.path,
    drivers.flatMap((d) => d.files),
    workingDirectory,
  );
  const names = new Set<string>();
  for (const driver of drivers) {
    for (const file of [...driver.files, ...driver.headers]) names.add(file);
    for (const finding of driver.findings) names.add(finding.location.file);
    for (const entryPoint of driver.entryPoints) {
      names.add(entryPoint.location.file);
      for (const finding of entryPoint.findings) names.add(finding.location.file);
    }
  }
  return { ...given, files: new Set([...names].map(resolve)), resolve };
}
