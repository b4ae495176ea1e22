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
  /** Nothing more was heard: a step did not come back. */
  | 'hung'
  /** The kernel did not survive it. */
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
  /** Nanoseconds from the fault to the answered error, as the runtime counts them; the longest where there were several. */
  recovery: number | null;
  /** The kernel's last words, where the machine did not survive. */
  lastWords?: string;
}

/** What grew with every repetition of a fault, in each of several rounds after one that warmed up and one without a fault. */
export interface LeakCheck {
  number: number;
  entryPoint: string;
  /** In each round. */
  repetitions: number;
  /** `slab kmalloc-64 0 8 8 8`: what, by how much without a fault, and in each round with it. Empty: nothing leaks. null: the machine did not live to tell. */
  grown: string[] | null;
}

/** The driver's module taken out and put in again after all faults of a machine. */
export interface Reload {
  /** Exit status of rmmod. */
  status: number;
  /** Nanoseconds until it was gone, and from then until its first step worked again. */
  unload: number;
  load: number;
  alarms: number;
}

/** Where a module was built is of no use to who reads its results. */
const withoutFolders = (text: string): string => text.replace(/(^|\s)\/\S*\//g, '$1');

/** Characters of the console that are kept. */
const LAST_WORDS = 1500;

/** From where the kernel's last complaint begins, its registers left out; else the end of what it said. */
export function lastWordsOf(console: string): string {
  const lines = console.split(/\r?\n/).map((l) => l.replace(/^\[ *[\d.]+\] /, ''));
  const at = lines.findLastIndex((l) => /BUG: |Oops: |\[#\d+\]|general protection fault|watchdog: BUG|stalls on/.test(l));
  const words = (at < 0 ? lines.slice(-12) : lines.slice(at)).filter(
    (l) => !/^(R[A-Z0-9]+|[CFD]S|CR2|PKRU|Code|Modules linked in): |^---/.test(l) || /^RIP/.test(l),
  );
  return words.join('\n').slice(0, LAST_WORDS);
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

/** How a machine ended: of use to the fault that it was in. */
export interface MachineEnd {
  ended: 'end' | 'time-out' | 'died';
  console: string;
}

/** Outcomes of the faults that a machine began. The last one may have ended the machine. */
export function outcomesOf(
  lines: readonly string[],
  faults: ReadonlyMap<number, PlantedFault>,
  isolated: boolean,
  end: MachineEnd,
): FaultOutcome[] {
  const outcomes: FaultOutcome[] = [];
  let alarms = 0;
  let phase: 'fault' | 'retry' | 'health' = 'fault';
  let current: FaultOutcome | null = null;
  const finish = (survived: boolean): void => {
    if (!current) return;
    current.verdict = survived ? verdictOf(current, isolated) : end.ended === 'time-out' ? 'hung' : 'kernel-died';
    if (!survived) current.lastWords = lastWordsOf(end.console);
    outcomes.push(current);
    current = null;
  };
  for (const line of lines) {
    const words = line.split(' ');
    if (words[0] !== '@@') continue;
    const planted = faults.get(Number(words[2]));
    if (words[1] === 'fault-begin' && planted) {
      finish(false);
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
        recovery: null,
      };
      phase = 'fault';
    }
    if (!current) continue;
    if (words[1] === 'fault-hit') {
      current.hits = Number(words[4]);
      current.detected = Number(words[6]);
      current.fallbacks = Number(words[8]);
    } else if (words[1] === 'fault-said') current.said ??= withoutFolders(line.replace(/^@@ fault-said \d+ /, ''));
    else if (words[1] === 'fault-recovery') current.recovery = Math.max(current.recovery ?? 0, Number(words[3]));
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
      finish(true);
    }
  }
  finish(false);
  return outcomes;
}

function verdictOf(o: FaultOutcome, isolated: boolean): Verdict {
  const well = o.retry === 0 && o.health === 0 && o.state === 'same' && o.alarms === 0;
  if (o.hits === 0) return 'not-activated';
  if (isolated && o.detected > 0) return well ? 'recovered' : 'not-recovered';
  return well ? 'harmless' : 'undetected';
}

/** The leak checks of a machine; one that was begun and not ended killed it. */
export function leaksOf(lines: readonly string[], faults: ReadonlyMap<number, PlantedFault>): LeakCheck[] {
  const checks: LeakCheck[] = [];
  let grown: string[] = [];
  for (const line of lines) {
    const [mark, verb, ...rest] = line.split(' ');
    if (mark !== '@@') continue;
    if (verb === 'leak') grown.push(rest.join(' '));
    const fault = faults.get(Number(rest[0]));
    if (verb === 'leak-begin' && fault) {
      grown = [];
      checks.push({ number: fault.number, entryPoint: fault.entryPoint, repetitions: 0, grown: null });
    } else if (verb === 'leak-end' && checks.length > 0) Object.assign(checks[checks.length - 1], { grown, repetitions: Number(rest[1]) });
  }
  return checks;
}

export function reloadsOf(lines: readonly string[]): Reload[] {
  return lines.flatMap((line) => {
    const [, status, unload, load, alarms] = /^@@ reload (\d+) (\d+) (\d+) (-?\d+)$/.exec(line) ?? [];
    return status === undefined ? [] : [{ status: Number(status), unload: Number(unload), load: Number(load), alarms: Number(alarms) }];
  });
}
