/** What the report says about a driver's checkpoint (`model.ts`), and one about which nothing is known. The generator writes its C from this alone. */
import type { Checkpoint, CheckpointStatus } from './model';

export type { Checkpoint, CheckpointStatus, EntryPointState, SleepingCall, SplitStatement, StatementUse, WrittenState } from './model';

/** A checkpoint of which nothing but the status is known. */
export function emptyCheckpoint(status: CheckpointStatus, reason = ''): Checkpoint {
  return { status, reason, saved: [], notRestored: [], bus: null, split: [], sleeps: [], entryPoints: [] };
}
