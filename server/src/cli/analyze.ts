import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Engine, EngineOptions, InputProblem } from '../engine/engine';
import type { Report } from '../report/model';
import { combineProblems, combineReports } from './combine';
import { analyzePaths } from './analyzePaths';
import type { AnalyzeCommand } from './commandLine';
import { adjustDriver } from '../report/ruleSwitches';
import { findingsOf, isAtLeast } from '../report/findingLists';
import { writeFailure } from './outputFile';
import type { Terminal } from './terminal';
import { writers } from './writers';

/** The exit statuses of the contract. */
export const exitStatus = { done: 0, findings: 1, unusable: 2 } as const;

/** Runs `fgft analyze`: analyses each path, prints the problems, writes one report over all. Resolves to the exit status. */
export async function runAnalyze(
  command: AnalyzeCommand,
  terminal: Terminal,
  makeEngine: (options: EngineOptions) => Engine,
): Promise<number> {
  const results = await analyzePaths(command, terminal, makeEngine);
  const problems = combineProblems(results);
  if (command.kernel !== undefined && problems.some((problem) => problem.kind === 'no-kernel-tree')) {
    terminal.error(`fgft: --kernel ${command.kernel} is neither a kernel source tree nor an installed headers folder\n`);
    return exitStatus.unusable;
  }
  for (const problem of problems) terminal.error(describeProblem(problem));
  const combined = combineReports(results.map((result) => result.report));
  const report = { ...combined, drivers: combined.drivers.map((driver) => adjustDriver(driver, command.adjustments)) };
  // Without a kernel tree the analysis has run, with unknown sizes.
  const unusable = problems.some((problem) => problem.kind !== 'no-kernel-tree');
  // What could be analysed is still worth having when another path could not; a report about nothing is not.
  if (unusable && report.drivers.length === 0) return exitStatus.unusable;
  const noneNamed = problems.some((problem) => problem.kind === 'unknown-entry-point') && report.summary.entryPoints === 0;
  if (noneNamed) return exitStatus.unusable;
  const written = await writeReport(report, command, terminal);
  if (unusable || !written) return exitStatus.unusable;
  return failsOn(report, command) ? exitStatus.findings : exitStatus.done;
}

/** A problem as lines for standard error. */
export function describeProblem(problem: InputProblem): string {
  const suggestions = problem.suggestions.length > 0 ? `fgft:   did you mean ${problem.suggestions.join(', ')}?\n` : '';
  return `fgft: ${problem.message}\n${suggestions}`;
}

function failsOn(report: Report, { failOn }: AnalyzeCommand): boolean {
  if (failOn === undefined) return false;
  return report.drivers.some((driver) => findingsOf(driver).some((finding) => isAtLeast(finding.severity, failOn)));
}

/** Returns false, having said why, if the output cannot be written. */
async function writeReport(report: Report, command: AnalyzeCommand, terminal: Terminal): Promise<boolean> {
  const toTerminal = command.output === undefined && terminal.outIsTerminal;
  const text = writers[command.format](report, {
    width: toTerminal ? terminal.columns : Infinity,
    color: command.output === undefined && terminal.color,
    details: command.entries.length > 0,
  });
  if (command.output === undefined) {
    terminal.out(text);
    return true;
  }
  try {
    await writeFile(resolve(terminal.workingDirectory, command.output), text);
    return true;
  } catch (error) {
    terminal.error(`fgft: ${command.output} cannot be written: ${writeFailure(error)}\n`);
    return false;
  }
}
