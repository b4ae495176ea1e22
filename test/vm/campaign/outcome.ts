/** What came of each fault, read from the lines of a machine. */
import type { PlantedFault } from './prepare';

export type Verdict =
  /** The place was not reached with the fault alive. */
  | 'not-activated'
  /** Noticed, rolled back, and everything works as before. */
  | 'recovered'
  /** Noticed, but something does not work or is not as before. */
  | 'not-recovered'
  /** Not noticed, and everything works as before. */
  | 'harmless'
  /** Not noticed, and something does not work or is not as before. */
  | 'undetected'
  /** The kernel did not survive it, or hung. */
  | 'kernel-died';

export interface FaultOutcome extends PlantedFault {
  step: string;
  verdict: Verdict;
  hits: number;
  /** Faults that the runtime counted. */
  detected: number;
  fallbacks: number;
  /** What the runtime said about the last one. */
  said: string | null;
  /** Exit status of the step with the fault, of the same step after it, and of the health steps. */
  status: number | null;
  retry: number | null;
  health: number | null;
  state: 'same' | 'changed' | null;
  alarms: number;
  /** Kilobytes of free and reclaimable memory afterwards. */
  memory: number | null;
}

/** The places that each step reached, from the lines of a coverage run. */
export function reachedBy(lines: readonly string[]): Map<string, Set<number>> {
  const reached = new Map<string, Set<number>>();
  for (const line of lines) {
    const [, step, numbers] = /^@@ reached (\S+) ?(.*)$/.exec(line) ?? [];
    if (step) reached.set(step, new Set(numbers.trim().split(/\s+/).filter(Boolean).map(Number)));
  }
  return reached;
}

/** Outcomes of the faults that a machine began. The last one may have ended the machine: then `died`. */
export function outcomesOf(lines: readonly string[], faults: ReadonlyMap<number, PlantedFault>, isolated: boolean): FaultOutcome[] {
  const outcomes: FaultOutcome[] = [];
  let alarms = 0;
  let phase: 'fault' | 'retry' | 'health' = 'fault';
  let current: FaultOutcome | null = null;
  const finish = (died: boolean): void => {
    if (!current) return;
    current.verdict = died ? 'kernel-died' : verdictOf(current, isolated);
    outcomes.push(current);
    current = null;
  };
  for (const line of lines) {
    const words = line.split(' ');
    if (words[0] !== '@@') continue;
    const planted = faults.get(Number(words[2]));
    if (words[1] === 'fault-begin' && planted) {
      finish(true);
      current = {
        ...planted,
        step: words[3],
        verdict: 'not-activated',
        hits: 0,
        detected: 0,
        fallbacks: 0,
        said: null,
        status: null,
        retry: null,
        health: null,
        state: null,
        alarms: 0,
        memory: null,
      };
      phase = 'fault';
    }
    if (!current) continue;
    if (words[1] === 'fault-hit') {
      current.hits = Number(words[4]);
      current.detected = Number(words[6]);
      current.fallbacks = Number(words[8]);
    } else if (words[1] === 'fault-said') current.said ??= line.replace(/^@@ fault-said /, '');
    else if (words[1] === 'fault-retry') phase = 'retry';
    else if (words[1] === 'fault-health') phase = 'health';
    else if (words[1] === 'step') {
      const status = Number(words[3]);
      if (phase === 'fault') current.status = status;
      else if (phase === 'retry') current.retry = status;
      else current.health = Math.max(current.health ?? 0, status);
    } else if (words[1] === 'fault-state') current.state = words[3] as 'same' | 'changed';
    else if (words[1] === 'fault-end') {
      current.alarms = Number(words[3]) - alarms;
      alarms = Number(words[3]);
      current.memory = Number(words[4]);
      finish(false);
    }
  }
  finish(true);
  return outcomes;
}

function verdictOf(o: FaultOutcome, isolated: boolean): Verdict {
  const well = o.retry === 0 && o.health === 0 && o.state === 'same' && o.alarms === 0;
  if (o.hits === 0) return 'not-activated';
  if (isolated && o.detected > 0) return well ? 'recovered' : 'not-recovered';
  return well ? 'harmless' : 'undetected';
}
