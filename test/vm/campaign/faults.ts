/** Makes planted faults happen, one after the other, in as few machines as survive them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabDriver } from '../lab/drivers';
import { vmFolder } from '../lab/folders';
import type { KernelImage } from '../lab/kernelImage';
import { runMachine } from '../lab/machine';
import { loadingLines, modulesOf } from '../lab/workload';
import { type FaultOutcome, outcomesOf, reachedBy } from './outcome';
import type { PlantedFault } from './prepare';

export interface FaultRun {
  driver: LabDriver;
  image: KernelImage;
  /** The module with the faults. */
  module: string;
  faults: readonly PlantedFault[];
  /** All entry points switched off: the faults of the native copy happen. */
  control: boolean;
  /** At most so many faults; 0: all that the workload reaches. */
  most: number;
  say: (line: string) => void;
}

/** Seconds for the whole workload, and for one fault with what is asked after it, under emulation on a busy machine. */
const COVERAGE_LIMIT = 600;
const FAULT_LIMIT = 60;
/** Faults per machine: what one leaves behind must not colour the results of hundreds. */
const FAULTS_PER_MACHINE = 60;

/** Outcomes of every fault whose place the workload reaches. Rejects when the module does not work without a fault. */
export async function runFaults(run: FaultRun): Promise<FaultOutcome[]> {
  const covered = await machine(run, 'campaign_coverage\n', COVERAGE_LIMIT);
  const reached = reachedBy(covered.lines);
  const failed = covered.lines.filter((l) => /^@@ step \S+ [1-9]/.test(l));
  if (covered.ended !== 'end' || failed.length > 0)
    throw new Error(`the module does not work without a fault: ${covered.ended} ${failed.join('; ')}\n${covered.console.slice(-1500)}`);
  const steps = new Map<number, string>();
  for (const [step, numbers] of reached) for (const n of numbers) if (!steps.has(n)) steps.set(n, step);
  const active = run.faults.filter((f) => steps.has(f.number));
  const chosen = run.most > 0 ? spread(active, run.most) : active;
  run.say(`${run.driver.module}: the workload reaches ${active.length} of ${run.faults.length} faults; ${chosen.length} are run`);
  const byNumber = new Map(chosen.map((f) => [f.number, f]));
  const outcomes: FaultOutcome[] = [];
  let left = chosen;
  let stuck = 0;
  while (left.length > 0 && stuck < 3) {
    const batch = left.slice(0, FAULTS_PER_MACHINE);
    const script = `campaign_baseline\n${batch.map((f) => `campaign_fault ${f.number} ${steps.get(f.number)}`).join('\n')}\n`;
    const result = await machine(run, script, COVERAGE_LIMIT + FAULT_LIMIT * batch.length);
    const found = outcomesOf(result.lines, byNumber, !run.control);
    // A machine that dies before its first fault says nothing about faults.
    stuck = found.length === 0 ? stuck + 1 : 0;
    outcomes.push(...found);
    const done = new Set(found.map((o) => o.number));
    left = left.filter((f) => !done.has(f.number));
    run.say(
      `${run.driver.module}: ${outcomes.length} of ${chosen.length} faults, ${outcomes.filter((o) => o.verdict === 'kernel-died').length} deaths`,
    );
  }
  return outcomes;
}

function machine({ driver, image, module, control, say: _ }: FaultRun, script: string, limit: number): ReturnType<typeof runMachine> {
  const { modules, own } = modulesOf(driver, image, module);
  const lines = [
    `MODULE=${driver.module}`,
    `WORKLOAD='${driver.workload}'`,
    readFileSync(join(vmFolder, 'campaign/guest.sh'), 'utf8'),
    ...loadingLines(driver),
  ];
  if (control) lines.push(`for switch in $parameters/isolate_*; do echo 0 >"$switch"; done`);
  lines.push(script);
  return runMachine({ image, modules, own, devices: driver.devices, processors: 2, limit, idleLimit: 90, script: lines.join('\n') });
}

/** `most` of them, evenly over the list: every entry point and kind keeps its share. */
function spread<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]);
}
