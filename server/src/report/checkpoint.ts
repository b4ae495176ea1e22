/** The entrance of the checkpoint analysis: computed once per driver for the report and the rules. */
import { type FunctionNode, READ } from '../analysis/model';
import type { Checkpoint } from './checkpointModel';
import { Parts } from './checkpointParts';
import { splitOf, type SplitLeaf, statementOf } from './checkpointSplit';
import { verdictOf, type Verdict } from './checkpointVerdict';
import { entryPointStates } from './checkpointEntryPoints';
import { type Sleep, sleepsOf } from './checkpointSleeps';
import { type DriverContext, type EntryContext, reachedFrom } from './context';
import type { EntryPointState } from './checkpointModel';
import { findPowerManagement, type FoundPowerManagement } from './powerManagement';

/** What the report and the rules share. */
export interface CheckpointAnalysis {
  found: FoundPowerManagement;
  parts: Parts;
  suspend: readonly SplitLeaf[];
  resume: readonly SplitLeaf[];
  verdict: Verdict;
  states: readonly EntryPointState[];
  sleeps: readonly Sleep[];
}

export function analyzeCheckpoint(driver: DriverContext, entries: readonly EntryContext[]): CheckpointAnalysis {
  if (driver.checkpoint) return driver.checkpoint;
  const found = findPowerManagement(driver);
  const parts = new Parts(driver);
  const reached = (node: FunctionNode | null): Set<number> => new Set(node ? reachedFrom(driver, node.id) : []);
  const inOther = { suspend: reached(found.resume), resume: reached(found.suspend) };
  const restoredFrom = found.resume ? membersRead(driver, found.resume.id) : new Set<string>();
  const split = (phase: 'suspend' | 'resume', id: number | undefined): SplitLeaf[] =>
    id === undefined ? [] : splitOf({ parts, phase, restoredFrom, inOther: inOther[phase] }, id);
  const suspend = split('suspend', found.suspend?.id);
  const resume = split('resume', found.resume?.id);
  const states = entryPointStates(parts, entries, found, resume);
  const verdict = verdictOf({ parts, entries, found, suspend, resume, states });
  const sleeps = sleepsOf(parts, [...suspend, ...resume]);
  return (driver.checkpoint = { found, parts, suspend, resume, verdict, states, sleeps });
}

/** `record.member` of all that a function and its callees read. */
function membersRead(driver: DriverContext, id: number): Set<string> {
  const { paths, summaries } = driver.analysis;
  const names = new Set<string>();
  for (const effect of summaries[id].effects.values()) {
    if ((effect.access & READ) === 0) continue;
    const member = paths.fieldPath(effect.path);
    const step = member >= 0 ? paths.step(member) : null;
    if (step?.kind === 'field') names.add(`${step.record}.${step.field}`);
  }
  return names;
}

/** The checkpoint as the report shows it; a brief report leaves the long lists empty. */
export function checkpointReport(analysis: CheckpointAnalysis, brief: boolean): Checkpoint {
  const { verdict, parts, suspend, resume, states, sleeps, found } = analysis;
  return {
    status: verdict.status,
    reason: verdict.reason,
    saved: verdict.saved,
    notRestored: verdict.notRestored,
    bus: found.bus && { saves: found.bus.saves, save: found.bus.save, restore: found.bus.restore },
    split: brief ? [] : [...suspend, ...resume].map((leaf) => statementOf(leaf, parts)),
    sleeps: brief ? [] : sleeps.map(({ site: _site, ...sleep }) => sleep),
    entryPoints: brief ? [] : [...states],
  };
}
