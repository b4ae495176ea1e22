/** What one file of a large module tells by itself, while the module is still to be read. */
import type { DriverReport } from '../report/model';
import { findingsAlone } from '../report/build';
import { ALONE_RULES } from '../report/rules/alone';
import type { FileSystem } from '../text/fileSystem';
import type { Module } from '../text/kbuild';
import { analyzeFiles, type DriverWorld } from './driver';
import { type FileWorld, type ModuleFiles, readModule } from './moduleFiles';

/**
 * Bytes of the module's other sources from which on its file is answered by itself first. Less is read in the tenth of a second that the
 * file's own findings would cost.
 */
const WORTH_IT = 40_000;

export interface FirstReport {
  report: DriverReport;
  /** The file and its headers as they were parsed, for the analysis of the module. */
  files: ModuleFiles;
}

/** True when the module's other sources would keep who asks for `path` waiting. */
export function isWorthFirst(module: Module, path: string, fs: FileSystem): boolean {
  if (!module.files.includes(path)) return false;
  const others = module.files.filter((f) => f !== path);
  return others.reduce((sum, f) => sum + (fs.stat(f)?.size ?? 0), 0) >= WORTH_IT;
}

/** The findings of one file, with no other source of its module read. They hold with what is known of the file: others come later. */
export function firstReport(module: Module, path: string, fileWorld: FileWorld, world: DriverWorld): FirstReport {
  const files = readModule({ ...module, files: [path] }, fileWorld);
  const { driver } = analyzeFiles(files, world);
  const report = findingsAlone({ name: module.name, files: module.files, headers: [...files.headers], driver, rules: ALONE_RULES });
  const shown = driver.locator.display(path);
  return {
    report: { ...report, findings: report.findings.filter((f) => f.location.file === shown) },
    files,
  };
}
