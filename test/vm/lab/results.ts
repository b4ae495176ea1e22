/** The lines of a machine as data. */
import type { MachineRun } from './machine';

export interface Step {
  name: string;
  /** Exit status; 0 is success. null when the machine died in it. */
  status: number | null;
  /** Guest time. */
  milliseconds: number;
  output: string[];
}

/** What one entry point of an isolated module counted until the end of the run, on all processors. */
export interface EntryCounts {
  name: string;
  /** Isolated calls that began to run. */
  calls: number;
  faults: number;
  /** Calls that could not be isolated and ran natively, or failed. */
  fallbacks: number;
  /** Accesses that were checked. */
  checks: number;
  /** Words of lenient records that were copied in without being planned. */
  late: number;
}

export interface Results {
  /** Guest seconds until the script began; null when it did not. */
  booted: number | null;
  steps: Step[];
  /** Lines of the kernel's log that tell of a broken kernel. */
  alarms: string[];
  taint: number | null;
  /** Of isolated modules that are loaded at the end. */
  entries: EntryCounts[];
}

/** Reads the `@@` protocol of `guest/init.sh` and `guest/steps.sh`. */
export function resultsOf(run: MachineRun): Results {
  const results: Results = { booted: null, steps: [], alarms: [], taint: null, entries: entriesOf(run.lines) };
  let output: string[] = [];
  let open: string | null = null;
  for (const line of run.lines) {
    const [, verb, rest] = /^@@ (\S+) ?(.*)$/.exec(line) ?? [];
    if (line.startsWith('| ')) output.push(line.slice(2));
    else if (verb === 'booted') results.booted = Number(rest);
    else if (verb === 'alarm') results.alarms.push(rest);
    else if (verb === 'taint') results.taint = Number(rest);
    else if (verb === 'begin') {
      open = rest;
      output = [];
    } else if (verb === 'step') {
      const [name, status, milliseconds] = rest.split(' ');
      results.steps.push({ name, status: Number(status), milliseconds: Number(milliseconds), output });
      open = null;
    }
  }
  if (open !== null) results.steps.push({ name: open, status: null, milliseconds: 0, output });
  return results;
}

/** What the entry points counted last, for a machine may tell more than once. */
export function entriesOf(lines: readonly string[]): EntryCounts[] {
  const entries = new Map<string, EntryCounts>();
  for (const line of lines) {
    const [, name, ...counts] = /^@@ entry (\S+) (\d+) (\d+) (\d+) (\d+) (\d+)$/.exec(line) ?? [];
    const [calls, faults, fallbacks, checks, late] = counts.map(Number);
    if (name !== undefined) entries.set(name, { name, calls, faults, fallbacks, checks, late });
  }
  return [...entries.values()];
}

/** What must be the same on every run of a working driver: outputs without the lines of times and counts. */
export function stableOutput(steps: readonly Step[]): string[] {
  return steps.flatMap((s) => [`${s.name}: ${s.status}`, ...s.output.filter((l) => !l.startsWith('~')).map((l) => `  ${l}`)]);
}

/** Entry points that did not do all of their work isolated: each with what it counted. */
export function disturbed(entries: readonly EntryCounts[]): string[] {
  return entries.filter((e) => e.faults + e.fallbacks > 0).map((e) => `${e.name}: ${e.faults} faults, ${e.fallbacks} fallbacks`);
}
