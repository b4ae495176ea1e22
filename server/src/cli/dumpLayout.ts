import { resolve } from 'node:path';
import type { EngineOptions, LayoutAnswer } from '../engine';
import { describeProblem, exitStatus } from './analyze';
import type { AnalyzeCommand } from './commandLine';
import { openOutput, writeFailure } from './outputFile';
import type { Terminal } from './terminal';

export type DumpLayouts = (names: readonly string[], options: EngineOptions, paths: readonly string[]) => Promise<LayoutAnswer>;

/** Runs `fgft analyze --dump-layout`: prints the records' layouts as JSON and nothing else. Resolves to the exit status. */
export async function runDumpLayout(
  command: AnalyzeCommand,
  terminal: Terminal,
  dumpLayouts: DumpLayouts,
  cacheFolder?: string,
): Promise<number> {
  const { workingDirectory } = terminal;
  const kernel = command.kernel && resolve(workingDirectory, command.kernel);
  const paths = command.paths.map((path) => resolve(workingDirectory, path));
  const { layouts, unknown, problems } = await dumpLayouts(command.dumpLayout, { kernel, cacheFolder, workingDirectory }, paths);
  for (const problem of problems) terminal.error(describeProblem(problem));
  if (problems.length > 0) return exitStatus.unusable;
  for (const name of unknown) terminal.error(`fgft: no record is named ${name}\n`);
  if (unknown.length === command.dumpLayout.length) return exitStatus.unusable;
  try {
    const output = openOutput(command.output, terminal);
    await output.write(`${JSON.stringify(layouts, null, 2)}\n`);
    output.close();
  } catch (error) {
    terminal.error(`fgft: ${command.output} cannot be written: ${writeFailure(error)}\n`);
    return exitStatus.unusable;
  }
  return exitStatus.done;
}
