/** Plain data of an analysis of many modules: what is planned, handed to threads, and kept. */
import type { Severity } from '../../report/model';
import type { Module } from '../../text/kbuild';
import type { EngineOptions, InputProblem } from '../engine';

/** One module to be analysed. */
export interface Task {
  module: Module;
  /** The kernel tree to read it against; null when there is none. */
  kernel: string | null;
  /** Size of its `.c` files, as the measure of what it will cost. */
  bytes: number;
  /** Its report holds counts instead of the long lists of fields and calls. */
  brief: boolean;
  /** Names the module, its flags, its kernel and the tool; not the text of its files, which the kept result lists. */
  key: string;
}

/** What a summary over many drivers needs to know of one. */
export interface DriverFigures {
  entryPoints: number;
  withResynchronization: number;
  isolatable: number;
  worst: Severity | null;
}

/** A file that was read, or looked for in vain (`hash` null), while a module was analysed. */
export interface Dependency {
  path: string;
  hash: string | null;
  /** Size and time as one string: a file that keeps both is not read again. '' when it was not there. */
  stamp: string;
}

/** What stands before the report of a module in the store. */
export interface ResultHeader {
  figures: DriverFigures;
  problems: InputProblem[];
  dependencies: Dependency[];
  /** What the analysis took. */
  milliseconds: number;
  /** Set when the analysis ran out of memory: it would again, unless it may have more. */
  failure?: { message: string; heapMiB: number };
}

/** What every thread is started with. */
export interface BatchWorkerData {
  batch: true;
  options: EngineOptions;
  /** Roots of the kernel trees that tasks name. */
  kernels: (string | null)[];
  /** Where results are left. */
  store: string;
}

export type BatchRequest = { kind: 'module'; index: number; task: Task };

export type BatchReply =
  | { kind: 'ready' }
  /** `report`: its JSON text, when the store did not take it. `heapBytes`: what the thread holds after the module. */
  | { kind: 'done'; index: number; figures: DriverFigures; problems: InputProblem[]; report?: string; heapBytes: number }
  | { kind: 'failed'; index: number; message: string; heapBytes: number };
