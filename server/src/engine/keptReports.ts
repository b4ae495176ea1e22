/**
 * Brief reports of modules, kept over the end of the process: a file that was analysed before is answered at once when it is opened
 * again, if nothing that its report depends on has changed. Whoever takes such an answer analyses afterwards and compares.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DriverReport } from '../report/model';
import type { FileSystem } from '../text/fileSystem';
import type { Module } from '../text/kbuild';
import { areUnchanged } from './batch/fresh';
import { figuresOf } from './batch/figures';
import { hashOf, stampOf } from './batch/snapshotFileSystem';
import { evictResults, keepResult, keptResult, touchResult } from './batch/store';
import type { InputProblem } from './engine';

/** Bump when what is kept changes its meaning. */
const KEPT_VERSION = 1;

/** Kept reports take at most so much disk. Bytes; that of i40e, compressed, has 60,000. */
const MAXIMUM_KEPT = 50e6;

export interface KeptReport {
  report: DriverReport;
  problems: InputProblem[];
}

export class KeptReports {
  private readonly folder: string;

  /** `program` names the program's text: what another one made is not taken. */
  constructor(
    cacheFolder: string,
    private readonly program: string,
  ) {
    this.folder = join(cacheFolder, 'reports');
  }

  /** What is kept of a module read against the kernel that `kernelStamp` names; undefined when nothing is, or a file has changed since. */
  find(module: Module, kernelStamp: string, workingDirectory: string, fs: FileSystem): KeptReport | undefined {
    const key = this.keyOf(module, kernelStamp, workingDirectory);
    const kept = keptResult(this.folder, key);
    if (!kept || !areUnchanged(kept.header.dependencies, fs)) return undefined;
    touchResult(this.folder, key, new Date());
    return { report: JSON.parse(kept.report()) as DriverReport, problems: kept.header.problems };
  }

  /** Keeps a report with what it was made of: texts by path, null for files that were looked for in vain. No disk space is no failure. */
  keep(
    module: Module,
    kernelStamp: string,
    workingDirectory: string,
    { report, problems }: KeptReport,
    reads: ReadonlyMap<string, string | null>,
    disk: FileSystem,
  ): void {
    const dependencies = [...reads].map(([path, text]) => {
      const hash = text === null ? null : hashOf(text);
      // Of a text that is not (yet) on the disk the stamp would be another's.
      const stamp = text !== null && disk.read(path) === text ? stampOf(disk.stat(path)) : '';
      return { path, hash, stamp };
    });
    const header = { figures: figuresOf(report), problems, dependencies, milliseconds: 0 };
    try {
      keepResult(this.folder, this.keyOf(module, kernelStamp, workingDirectory), header, JSON.stringify(report));
      evictResults(this.folder, MAXIMUM_KEPT);
    } catch {
      // The next start is slower.
    }
  }

  private keyOf(module: Module, kernelStamp: string, workingDirectory: string): string {
    return createHash('sha256')
      .update(JSON.stringify([KEPT_VERSION, this.program, kernelStamp, workingDirectory, module]))
      .digest('hex')
      .slice(0, 40);
  }
}
