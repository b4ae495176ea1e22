/** All rules of this version, in the order of the report contract. */
import { analysisPartial } from './analysisPartial';
import { annotationInvalid } from './annotationInvalid';
import { checkpointIncomplete } from './checkpointIncomplete';
import { checkpointLeavesDetached } from './checkpointLeavesDetached';
import { checkpointMissing } from './checkpointMissing';
import { checkpointSleeps } from './checkpointSleeps';
import { completion } from './completion';
import { cycle } from './cycle';
import { deferredLock } from './deferredLock';
import { irreversible } from './irreversible';
import { poll } from './poll';
import { stubsStale } from './stubsStale';
import { synchronize } from './synchronize';
import { waitQueue } from './waitQueue';
import { opaquePointer } from './opaquePointer';
import type { Rule } from './rule';
import { unbalanced } from './unbalanced';
import { union } from './union';
import { unknownSize } from './unknownSize';

export const RULES: readonly Rule[] = [
  completion,
  waitQueue,
  poll,
  synchronize,
  deferredLock,
  unbalanced,
  irreversible,
  unknownSize,
  opaquePointer,
  union,
  cycle,
  checkpointMissing,
  checkpointIncomplete,
  checkpointSleeps,
  checkpointLeavesDetached,
  annotationInvalid,
  stubsStale,
  analysisPartial,
];
