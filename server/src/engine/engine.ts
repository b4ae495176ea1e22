/**
 * The face of the analysis towards the language server and the command line. Everything it returns is plain data
 * (report/model.ts); everything it takes is paths and text.
 */
import type { GeneratedFile } from '../codegen/model';
import type { IsolationPlan } from '../report/isolation/model';
import type { Report } from '../report/model';
import type { KernelTree } from '../text/kernelTree';

export interface EngineOptions {
  /** `--kernel DIR`. */
  kernel?: string;
  /** The `fgft.kernelRoot` setting. */
  kernelSetting?: string;
  /** The `fgft.isolate.folder` setting: where isolated modules are. Default: `DEFAULT_ISOLATE_FOLDER`. */
  isolateFolder?: string;
  /** Folder for the on-disk caches; undefined: none is kept. */
  cacheFolder?: string;
  architecture?: string;
  /**
   * Where `locations[].file` may be relative to when a file lies outside the kernel tree, and where the workspace's own knowledge is
   * looked for (`.fgft/knowledge`). Default: the process's working directory.
   */
  workingDirectory?: string;
  /**
   * Answer from what earlier starts kept in the cache folder, and check afterwards that it still holds: `onOutdated` tells when it did
   * not. `program` names the program's text: brief reports that another one made are not taken.
   */
  trustKept?: { program: string };
}

export interface Cancellation {
  readonly isCancelled: boolean;
}

export interface Progress {
  /** `done` of `total` modules; `message` names the module at work; `fraction` of the work (0 to 1), where that is known better than by counting. */
  report(done: number, total: number, message: string, fraction?: number): void;
}

/** A problem with what the user gave, with what to do about it. Never thrown across the engine's face. */
export interface InputProblem {
  kind:
    | 'no-such-file'
    | 'not-a-c-file'
    | 'no-kernel-tree'
    | 'unreadable'
    | 'unknown-entry-point'
    | 'nothing-found'
    | 'knowledge'
    /** It lies in a module that `isolate` wrote: the driver's text once more. */
    | 'generated';
  path: string;
  message: string;
  /** Near matches (entry points, file names). */
  suggestions: string[];
}

export interface AnalyzeOptions {
  /** Only these entry points. */
  entries?: string[];
  cancellation?: Cancellation;
  progress?: Progress;
  /** `brief` leaves the long lists of entry points (fields, calls, functions, globals, locks) empty; `counts` stands for them. Default `full`. */
  detail?: 'brief' | 'full';
  /**
   * Called before the answer when a brief one takes long, for a module of several files that was never analysed before: a report that
   * holds what the asked file's own text tells, its findings alone. The answer replaces it.
   */
  first?: (report: Report) => void;
}

export interface AnalyzeResult {
  report: Report;
  problems: InputProblem[];
}

/** What `fgft doctor FILE` and the editor's status item say. */
export interface Diagnosis {
  file: string;
  kernel: KernelTree | null;
  kernelTried: string[];
  configuration: string;
  module: { name: string; files: string[]; makefile: string | null; why: string } | null;
  includes: { path: string; resolved: string | null }[];
  knowledge: { file: string; rows: number }[];
  problems: string[];
}

/** Whole lines, 0-based, both ends included. */
export interface LineRange {
  first: number;
  last: number;
}

/** What `Engine.isolate` makes; nothing of it is written. */
export interface IsolateAnswer {
  /** One per module at the path. */
  modules: { plan: IsolationPlan; files: GeneratedFile[] }[];
  /** What the drivers were read against. */
  kernel: KernelTree | null;
  problems: InputProblem[];
}

export interface IsolateOptions {
  /** null: every entry point that can be isolated. */
  entries: string[] | null;
  /** Texts by path that stand for what is on disk or open, such as the driver's text with an annotation that is yet to be written. */
  texts?: [string, string][];
}

export interface MemoryUse {
  liveTrees: number;
  cachedFiles: number;
  heapBytes: number;
  residentBytes: number;
}

export interface Engine {
  /** Analyses a `.c` file's module, a driver's folder, or a part of a kernel tree. */
  analyze(path: string, options?: AnalyzeOptions): Promise<AnalyzeResult>;
  /** The document's text replaces the file on disk until it is closed. */
  openDocument(path: string, text: string, version: number): void;
  changeDocument(path: string, text: string, version: number): void;
  closeDocument(path: string): void;
  /** Files changed on disk: drop what depends on them. */
  filesChanged(paths: string[]): void;
  configure(options: EngineOptions): void;
  /** Loads what the first analysis of something in a folder will need. Failures show there. */
  warmUp?(path: string): void | Promise<void>;
  /** Has a listener called when answers given before turn out to be outdated, although nobody changed anything through this face. */
  onOutdated?(listener: () => void): void;
  /** The lines of a file that conditionals switch off under the kernel's configuration, directives not included. None for a file of no module. */
  inactiveLines?(path: string): Promise<LineRange[]>;
  /** Plans and generates the isolated version of the modules at a path. */
  isolate?(path: string, options: IsolateOptions): Promise<IsolateAnswer>;
  diagnose(path: string): Promise<Diagnosis>;
  memory(): MemoryUse;
  dispose(): void;
}
