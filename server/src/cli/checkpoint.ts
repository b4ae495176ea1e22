import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CheckpointAnswer } from '../engine/isolateModule';
import type { EngineOptions } from '../engine/engine';
import { describeProblem, exitStatus } from './analyze';
import { NOTHING_MADE } from './isolate';
import { writeFailure } from './outputFile';
import type { Terminal } from './terminal';

export interface CheckpointCommand {
  command: 'checkpoint';
  path: string;
  kernel?: string;
  out: string;
}

export type CheckpointModules = (path: string, options: EngineOptions) => Promise<CheckpointAnswer>;

/** Runs `fgft checkpoint`. Resolves to the exit status. */
export async function runCheckpoint(
  command: CheckpointCommand,
  terminal: Terminal,
  checkpointModules: CheckpointModules,
  cacheFolder: string | undefined,
): Promise<number> {
  const { workingDirectory } = terminal;
  const answer = await checkpointModules(resolve(workingDirectory, command.path), {
    kernel: command.kernel && resolve(workingDirectory, command.kernel),
    cacheFolder,
    workingDirectory,
  });
  for (const problem of answer.problems) terminal.error(describeProblem(problem));
  if (answer.problems.some((p) => p.kind !== 'no-kernel-tree')) return exitStatus.unusable;
  const texts: string[] = [];
  for (const { module, outcome } of answer.modules) {
    if ('text' in outcome) texts.push(outcome.text);
    else terminal.error(`fgft: ${module}: no checkpoint can be derived: ${outcome.reason}\n`);
  }
  if (texts.length === 0) return NOTHING_MADE;
  try {
    writeFileSync(resolve(workingDirectory, command.out), texts.join('\n'));
  } catch (error) {
    terminal.error(`fgft: ${command.out} cannot be written: ${writeFailure(error)}\n`);
    return exitStatus.unusable;
  }
  return exitStatus.done;
}
