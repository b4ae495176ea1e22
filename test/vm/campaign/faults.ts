/** Makes planted faults happen, one after the other, in as few machines as survive them. */
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabDriver } from '../lab/drivers';
import { vmFolder } from '../lab/folders';
import type { KernelImage } from '../lab/kernelImage';
import { runMachine } from '../lab/machine';
import { entriesOf, type EntryCounts } from '../lab/results';
import { loadingLines, modulesOf } from '../lab/workload';
import { type FaultOutcome, type LeakCheck, leaksOf, outcomesOf, reachedBy, type Reload, reloadsOf } from './outcome';
import type { PlantedFault } from './prepare';

export interface FaultRun {
  driver: LabDriver;
  image: KernelImage;
  /** The module with the faults. */
  module: string;
  faults: readonly PlantedFault[];
  /** All entry points switched off: the faults of the native copy happen. */
  control: boolean;
  /** Numbers of the faults to run, to look into them; empty: all. */
  only: readonly number[];
  /** At most so many faults; 0: all that the workload reaches. */
  most: number;
  /** At most so many entry points are looked at for leaks, by one recovered fault each. */
  leakChecks: number;
  /** File to which what the kernel said in the machine is appended, if any. */
  console: string | null;
  say: (line: string) => void;
}

/** What is known of a driver's faults; grows from machine to machine. */
export interface FaultResults {
  /** Faults whose place the workload reaches, and the last step that does. */
  reached: [number: number, step: string][];
  /** The entry points that the module isolates, with what the runtime counted over one workload without a fault. */
  entries: EntryCounts[];
  outcomes: FaultOutcome[];
  leaks: LeakCheck[];
  reloads: Reload[];
}

/** Seconds for the whole workload, and for one fault with what is asked after it, under emulation on a busy machine. */
const COVERAGE_LIMIT = 900;
const FAULT_LIMIT = 60;
/** Faults per machine: what one leaves behind must not colour the results of hundreds. */
const FAULTS_PER_MACHINE = 60;
/** Guest seconds that each round of a leak check may take, and seconds for the whole check. */
const LEAK_ROUND = 8;
const LEAK_LIMIT = 300;

/**
 * Outcomes of every fault whose place the workload reaches. Rejects when the module does not work without a fault. `known` is what an
 * earlier run of the same faults left; `keep` is called with all that is known after each machine.
 */
export async function runFaults(run: FaultRun, known: FaultResults | null, keep: (results: FaultResults) => void): Promise<FaultResults> {
  const results: FaultResults = known ?? { ...(await coverage(run)), outcomes: [], leaks: [], reloads: [] };
  keep(results);
  const steps = new Map(results.reached);
  // An entry point that faults by itself would have every planted fault noticed.
  const faulty = new Set(results.entries.filter((e) => e.faults > 0).map((e) => e.name));
  if (faulty.size > 0) run.say(`${run.driver.module}: left out, for they fault without a planted fault: ${[...faulty].join(', ')}`);
  const active = run.faults.filter((f) => steps.has(f.number) && !faulty.has(f.entryPoint));
  const named = run.only.length > 0 ? active.filter((f) => run.only.includes(f.number)) : active;
  const chosen = run.most > 0 ? spread(named, run.most) : named;
  run.say(`${run.driver.module}: the workload reaches ${active.length} of ${run.faults.length} faults; ${chosen.length} are run`);
  const byNumber = new Map(chosen.map((f) => [f.number, f]));
  const before = new Set(results.outcomes.map((o) => o.number));
  let left = chosen.filter((f) => !before.has(f.number));
  const firstStep = results.reached.map(([, step]) => step).find((step) => step !== 'load') ?? 'load';
  let stuck = 0;
  while (left.length > 0 && stuck < 3) {
    const batch = left.slice(0, FAULTS_PER_MACHINE);
    const wanted = batch.map((f) => `campaign_fault ${f.number} ${steps.get(f.number)}`).join('\n');
    const script = `campaign_baseline\n${wanted}\ncampaign_reload ${firstStep}\n`;
    const result = await machine(run, script, COVERAGE_LIMIT + FAULT_LIMIT * batch.length);
    const found = outcomesOf(result.lines, byNumber, !run.control, result);
    // A machine that dies before its first fault says nothing about faults.
    stuck = found.length === 0 ? stuck + 1 : 0;
    results.outcomes.push(...found);
    results.reloads.push(...reloadsOf(result.lines));
    keep(results);
    const done = new Set(found.map((o) => o.number));
    left = left.filter((f) => !done.has(f.number));
    const deaths = results.outcomes.filter((o) => o.verdict === 'kernel-died' || o.verdict === 'hung').length;
    run.say(`${run.driver.module}: ${results.outcomes.length} of ${chosen.length} faults, ${deaths} machines lost`);
  }
  if (!run.control) await checkLeaks(run, results, byNumber, steps, keep);
  return results;
}

/** Which faults the workload reaches, and in which step last: the first ones (an interface goes up) need not reach it again. Giving the device to the driver anew is tried, and need not work. */
async function coverage(run: FaultRun): Promise<Pick<FaultResults, 'reached' | 'entries'>> {
  const covered = await machine(run, 'campaign_coverage\n', COVERAGE_LIMIT);
  const failed = covered.lines.filter((l) => /^@@ step \S+ [1-9]/.test(l));
  const fatal = failed.filter((l) => !l.startsWith('@@ step rebind '));
  if (covered.ended !== 'end' || fatal.length > 0)
    throw new Error(`the module does not work without a fault: ${covered.ended} ${failed.join('; ')}\n${covered.console.slice(-1500)}`);
  const steps = new Map<number, string>();
  for (const [step, numbers] of reachedBy(covered.lines))
    for (const n of numbers) if (step !== 'rebind' || (failed.length === 0 && !steps.has(n))) steps.set(n, step);
  return { reached: [...steps], entries: entriesOf(covered.lines) };
}

/** Repeats one recovered fault of each entry point: the last in its text, which has the most before it that must be taken back. */
async function checkLeaks(
  run: FaultRun,
  results: FaultResults,
  byNumber: ReadonlyMap<number, PlantedFault>,
  steps: ReadonlyMap<number, string>,
  keep: (results: FaultResults) => void,
): Promise<void> {
  const last = new Map<string, FaultOutcome>();
  for (const o of results.outcomes) {
    const before = last.get(o.entryPoint);
    if (o.verdict === 'recovered' && (!before || before.line <= o.line)) last.set(o.entryPoint, o);
  }
  const checked = new Set(results.leaks.map((l) => l.entryPoint));
  let left = spread([...last.values()], run.leakChecks).filter((o) => !checked.has(o.entryPoint));
  while (left.length > 0) {
    const wanted = left.map((o) => `campaign_leaks ${o.number} ${steps.get(o.number)} ${LEAK_ROUND}`).join('\n');
    const result = await machine(run, `campaign_baseline\n${wanted}\n`, COVERAGE_LIMIT + LEAK_LIMIT * left.length, LEAK_LIMIT);
    const found = leaksOf(result.lines, byNumber);
    if (found.length === 0) break;
    results.leaks.push(...found);
    keep(results);
    const done = new Set(found.map((l) => l.number));
    left = left.filter((o) => !done.has(o.number));
  }
  const leaking = results.leaks.filter((l) => l.grown === null || l.grown.length > 0);
  run.say(`${run.driver.module}: ${results.leaks.length} entry points looked at for leaks, ${leaking.length} leak`);
}

async function machine(run: FaultRun, script: string, limit: number, idleLimit = 90): ReturnType<typeof runMachine> {
  const { driver, image, module, control } = run;
  const { modules, own } = modulesOf(driver, image, module);
  const off = control ? 'all_native\n' : '';
  const loading = loadingLines(driver);
  const lines = [
    `MODULE=${driver.module}`,
    `WORKLOAD='${driver.workload}'`,
    readFileSync(join(vmFolder, 'campaign/guest.sh'), 'utf8'),
    `load_driver() {\n${loading.at(-1)}\n${off}:\n}`,
    ...loading,
    off,
    script,
  ];
  const result = await runMachine({
    image,
    modules,
    own,
    devices: driver.devices,
    processors: 2,
    limit,
    idleLimit,
    script: lines.join('\n'),
  });
  if (run.console) appendFileSync(run.console, result.console);
  return result;
}

/** `most` of them, evenly over the list: every entry point and kind keeps its share. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]);
}
