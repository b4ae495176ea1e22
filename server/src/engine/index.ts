/** The entrance of `engine`. */
import type { Engine, EngineOptions } from './engine';
import { LocalEngine } from './localEngine';

export type * from './engine';
export { analyzeBatch, type BatchOptions, type BatchOutcome, figuresOf, type ReportSink, type Shard } from './batch';
export { type CheckpointAnswer, checkpointModules, isolateModules } from './isolateModule';
export { dumpLayouts, type LayoutAnswer, type MemberOffset, type RecordDump } from './layouts';
export { createWorkerEngine } from './workerEngine';

/** An engine in the calling thread: for the command line and for tests. */
export function createEngine(options: EngineOptions = {}): Engine {
  return new LocalEngine(options);
}
