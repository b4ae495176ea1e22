import { resolve } from 'node:path';
import type { EngineOptions, IsolateAnswer } from '../engine/engine';
import { plural } from '../report/amounts';
import type { IsolationPlan } from '../report/isolation/model';
import type { KernelTree } from '../text/kernelTree';
import { describeProblem, exitStatus } from './analyze';
import { editedFiles, writeGenerated } from '../engine/generatedFolder';
import { writeFailure } from './outputFile';
import type { Terminal } from './terminal';

export interface IsolateCommand {
  command: 'isolate';
  path: string;
  /** Empty: every entry point that can be isolated. */
  entries: string[];
  kernel?: string;
  out: string;
  /** Write over files that were edited. */
  force: boolean;
}

export type IsolateModules = (path: string, entries: readonly string[] | null, options: EngineOptions) => Promise<IsolateAnswer>;

/** The contract's status for a driver of which nothing could be isolated, or for which no checkpoint can be made. */
export const NOTHING_MADE = 3;

/** Why entry points are not isolated, one reason a line. */
function refusals(plan: IsolationPlan): string {
  return plan.refused
    .flatMap(({ name, location, refusals: reasons }) =>
      reasons.map((r) => {
        const at = r.location ?? location;
        return `${at.file}:${at.line}: ${name} is not isolated: ${r.reason}${r.advice ? ` (${r.advice})` : ''}\n`;
      }),
    )
    .join('');
}

/**
 * What `make` is told to build against: the headers that the driver was read against. A source tree that was only unpacked has nothing to
 * build with; then the running kernel's headers are what the Makefile takes.
 */
export function headersToBuild(kernel: KernelTree | null): string {
  return kernel?.kind === 'headers' || kernel?.configurationFile ? kernel.root : '/lib/modules/$(uname -r)/build';
}

function summary(plan: IsolationPlan, folder: string, kernel: KernelTree | null): string {
  const lines = [`${plan.module}: ${plural(plan.entries.length, 'entry point')} isolated in ${folder}`];
  if (plan.refused.length > 0) lines.push(`${plan.refused.length} refused, with the reasons above`);
  if (plan.exempt.length > 0) lines.push(`never isolated: ${plan.exempt.join(', ')}`);
  lines.push(`build it: make -C ${folder} KDIR=${headersToBuild(kernel)}`);
  return `${lines.join('\n')}\n`;
}

/** Runs `fgft isolate`. Resolves to the exit status. */
export async function runIsolate(
  command: IsolateCommand,
  terminal: Terminal,
  isolateModules: IsolateModules,
  cacheFolder: string | undefined,
): Promise<number> {
  const { workingDirectory } = terminal;
  const answer = await isolateModules(resolve(workingDirectory, command.path), command.entries.length > 0 ? command.entries : null, {
    kernel: command.kernel && resolve(workingDirectory, command.kernel),
    cacheFolder,
    workingDirectory,
  });
  for (const problem of answer.problems) terminal.error(describeProblem(problem));
  if (answer.problems.some((p) => p.kind !== 'no-kernel-tree')) return exitStatus.unusable;
  if (answer.problems.length > 0) {
    terminal.error('fgft: without a kernel tree the layout of the records is unknown, and nothing can be isolated\n');
    return exitStatus.unusable;
  }
  for (const { plan } of answer.modules) terminal.error(refusals(plan));
  const made = answer.modules.filter((m) => m.files.length > 0);
  if (made.length === 0) {
    terminal.error('fgft: nothing could be isolated\n');
    return NOTHING_MADE;
  }
  for (const { plan, files } of made) {
    // Several modules of one folder get folders of their own.
    const folder = resolve(workingDirectory, command.out, ...(answer.modules.length > 1 ? [plan.module] : []));
    const edited = command.force ? [] : editedFiles(folder, files);
    if (edited.length > 0) {
      terminal.error(`fgft: edited since they were made, and left alone: ${edited.join(', ')}\nfgft: --force writes over them\n`);
      return exitStatus.unusable;
    }
    try {
      writeGenerated(folder, files);
    } catch (error) {
      terminal.error(`fgft: ${folder} cannot be written: ${writeFailure(error)}\n`);
      return exitStatus.unusable;
    }
    terminal.out(summary(plan, folder, answer.kernel));
  }
  return exitStatus.done;
}
