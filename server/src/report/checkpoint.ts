/** The entrance of the checkpoint analysis: computed once per driver for the report and the rules. */
import { type FunctionNode, READ } from '../analysis/model';
import type { Checkpoint } from './checkpointModel';
import { Parts } from './checkpointParts';
import { type Split, splitOf, type SplitLeaf, statementOf } from './checkpointSplit';
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
  /** Functions whose statements count as they are written. */
  readAsText: ReadonlySet<number>;
  verdict: Verdict;
  states: readonly EntryPointState[];
  sleeps: readonly Sleep[];
}

export function analyzeCheckpoint(driver: DriverContext, entries: readonly EntryContext[]): CheckpointAnalysis {
  if (driver.checkpoint) return driver.checkpoint;
  const found = findPowerManagement(driver);
  const parts = new Parts(driver);
  const { suspend, resume, readAsText } = splits(parts, found);
  const states = entryPointStates(parts, entries, found, resume);
  const verdict = verdictOf({ parts, entries, found, suspend, resume, states });
  const sleeps = sleepsOf(parts, [...suspend, ...resume]);
  return (driver.checkpoint = { found, parts, suspend, resume, readAsText, verdict, states, sleeps });
}

type Splits = Pick<CheckpointAnalysis, 'suspend' | 'resume' | 'readAsText'>;

const NO_SPLIT: Split = { leaves: [], read: new Set() };

/** Both splits; those of the last report while no function that suspend or resume reaches changed. */
function splits(parts: Parts, { suspend, resume }: FoundPowerManagement): Splits {
  const { driver } = parts;
  const reached = (node: FunctionNode | null): readonly number[] => (node ? reachedFrom(driver, node.id) : []);
  const [below, above] = [reached(suspend), reached(resume)];
  const rests: unknown[] = [suspend?.id, resume?.id];
  for (const id of [...below, ...above]) rests.push(driver.analysis.summaries[id], parts.isShared(id), parts.isCallback(id));
  return driver.memory.whileSame('splits', driver.analysis.graph, rests, () => {
    const restoredFrom = resume ? membersRead(driver, resume.id) : new Set<string>();
    const split = (phase: 'suspend' | 'resume', node: FunctionNode | null, inOther: ReadonlySet<number>): Split =>
      node ? splitOf({ parts, phase, restoredFrom, inOther }, node.id) : NO_SPLIT;
    const stops = split('suspend', suspend, new Set(above));
    const starts = split('resume', resume, new Set(below));
    return { suspend: stops.leaves, resume: starts.leaves, readAsText: new Set([...stops.read, ...starts.read]) };
  });
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
