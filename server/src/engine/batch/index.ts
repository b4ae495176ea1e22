/** The entrance of the batch analysis. */
export { analyzeBatch, type BatchOptions, type BatchOutcome, type ReportSink } from './run';
export { figuresOf } from './figures';
export type { Shard } from './plan';
