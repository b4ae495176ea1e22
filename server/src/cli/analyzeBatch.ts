import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BatchOptions, BatchOutcome, ReportSink } from '../engine';
import { plural } from '../report/amounts';
import { findingsOf, isAtLeast } from '../report/findingLists';
import type { DriverReport, Severity } from '../report/model';
import { adjustDriver, type Adjustments, adjusts } from '../report/ruleSwitches';
import { describeProblem, exitStatus } from './analyze';
import type { AnalyzeCommand } from './commandLine';
import { openOutput, type Output, writeFailure } from './outputFile';
import { ProgressLine } from './progress';
import type { Terminal } from './terminal';
import { streamReport } from './writers/stream';

/** The engine's analysis of many modules, and where it finds and keeps things. */
export interface BatchServices {
  analyze(options: BatchOptions, sink: ReportSink): Promise<BatchOutcome>;
  script: string;
  cacheFolder?: string;
  resultFolder: string;
  /** Calls `stop` when the user asks to stop; returns how to listen no more. */
  onInterrupt(stop: () => void): () => void;
  now(): Date;
}

/** What a shell says of a command that Ctrl-C ended: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

/** Is it work for the batch: folders, parts, or more than one thread? Single files are analysed in place. */
export function isBatch(command: AnalyzeCommand, terminal: Terminal): boolean {
  if (command.entries.length > 0) return false;
  if (command.shard || (command.jobs ?? 1) > 1) return true;
  return command.paths.some((path) => statSync(resolve(terminal.workingDirectory, path), { throwIfNoEntry: false })?.isDirectory());
}

/** Runs `fgft analyze` over many modules. Resolves to the exit status. */
export async function runAnalyzeBatch(command: AnalyzeCommand, terminal: Terminal, services: BatchServices): Promise<number> {
  const progress = new ProgressLine(terminal);
  const adjusted = adjusts(command.adjustments) ? new AdjustedDrivers(command.adjustments) : null;
  let output: Output | undefined;
  const open = (): Output => (output ??= openOutput(command.output, terminal));
  const toTerminal = command.output === undefined && terminal.outIsTerminal;
  const writer = streamReport(
    command.format,
    { width: toTerminal ? terminal.columns : Infinity, color: command.output === undefined && terminal.color, details: false },
    (text) => open().write(text),
  );
  // Nothing is written, nor is a file made, for a report about nothing.
  let begin: (() => void | Promise<void>) | undefined;
  const sink: ReportSink = {
    begin: (head) => {
      progress.end();
      begin = () => writer.begin(head);
    },
    driver: async (json) => {
      await begin?.();
      begin = undefined;
      await writer.driver(adjusted ? adjusted.text(json) : json);
    },
    end: async (summary) => {
      // A shard may have no module; that there was nothing to do for it is worth a report that can be joined.
      if (begin && !command.shard) return;
      await begin?.();
      await writer.end(summary);
    },
  };
  let ignore: () => void = () => undefined;
  try {
    const outcome = await services.analyze(
      {
        paths: command.paths.map((path) => resolve(terminal.workingDirectory, path)),
        engine: {
          kernel: command.kernel && resolve(terminal.workingDirectory, command.kernel),
          isolateFolder: command.isolateFolder,
          cacheFolder: services.cacheFolder,
          workingDirectory: terminal.workingDirectory,
        },
        jobs: command.jobs,
        shard: command.shard,
        resultFolder: command.cache ? services.resultFolder : undefined,
        script: services.script,
        progress,
        onCancel: (cancel) => (ignore = services.onInterrupt(cancel)),
        now: services.now,
      },
      sink,
    );
    progress.end();
    return statusOf(adjusted ? { ...outcome, worst: adjusted.worst } : outcome, command, terminal);
  } catch (error) {
    progress.end();
    if (!(error as NodeJS.ErrnoException).code) throw error;
    terminal.error(`fgft: ${command.output ?? 'the report'} cannot be written: ${writeFailure(error)}\n`);
    return exitStatus.unusable;
  } finally {
    ignore();
    output?.close();
  }
}

/** Drivers as the user wants to see their findings; remembers the worst that is left. */
class AdjustedDrivers {
  worst: Severity | null = null;

  constructor(private readonly adjustments: Adjustments) {}

  text(json: string): string {
    const driver = adjustDriver(JSON.parse(json) as DriverReport, this.adjustments);
    for (const { severity } of findingsOf(driver)) if (this.worst === null || isAtLeast(severity, this.worst)) this.worst = severity;
    return JSON.stringify(driver);
  }
}

function statusOf(outcome: BatchOutcome, command: AnalyzeCommand, terminal: Terminal): number {
  if (
    command.kernel !== undefined &&
    outcome.drivers === 0 &&
    outcome.modules > 0 &&
    outcome.problems.some((p) => p.kind === 'no-kernel-tree')
  ) {
    terminal.error(`fgft: --kernel ${command.kernel} is neither a kernel source tree nor an installed headers folder\n`);
    return exitStatus.unusable;
  }
  for (const problem of new Map(outcome.problems.map((p) => [p.message, p])).values()) terminal.error(describeProblem(problem));
  for (const { name, file, message } of outcome.failures) terminal.error(`fgft: ${name} (${file}) was not analysed: ${message}\n`);
  if (outcome.cancelled) {
    terminal.error(`fgft: stopped; the report holds ${outcome.drivers} of ${plural(outcome.modules, 'module')}\n`);
    return INTERRUPTED;
  }
  if (outcome.problems.some((problem) => problem.kind !== 'no-kernel-tree')) return exitStatus.unusable;
  // A report that tells nothing of any module is none.
  if (outcome.modules > 0 && outcome.failures.length >= outcome.modules) return exitStatus.unusable;
  const { failOn } = command;
  return failOn !== undefined && outcome.worst !== null && isAtLeast(outcome.worst, failOn) ? exitStatus.findings : exitStatus.done;
}
