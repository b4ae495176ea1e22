import { checkpointModules, isolateModules } from '../engine';
import type { Engine, EngineOptions } from '../engine/engine';
import { exitStatus, runAnalyze } from './analyze';
import { type BatchServices, isBatch, runAnalyzeBatch } from './analyzeBatch';
import { type AnalyzeCommand, parseCommandLine } from './commandLine';
import { runCompare } from './compare';
import { runDoctor } from './doctor';
import { type DumpLayouts, runDumpLayout } from './dumpLayout';
import { runCheckpoint } from './checkpoint';
import { helpText } from './help';
import { type IsolateModules, runIsolate } from './isolate';
import { runLanguageServer } from './lsp';
import { runMerge } from './merge';
import { runSuspects } from './suspects';
import type { Terminal } from './terminal';

/** What of the engine the command needs besides an engine; tests leave it out. */
export interface Services {
  /** Absent where the threads' program is not there: then everything is analysed in this thread. */
  batch?: BatchServices;
  dumpLayouts?: DumpLayouts;
  isolateModules?: IsolateModules;
  cacheFolder?: string;
}

/** Runs what the words after `fgft` ask for. Resolves to the exit status; null: the process goes on (the language server). */
export async function run(
  words: string[],
  terminal: Terminal,
  version: string,
  makeEngine: (options: EngineOptions) => Engine,
  services: Services = {},
): Promise<number | null> {
  const command = parseCommandLine(words);
  if ('failure' in command) {
    terminal.error(`fgft: ${command.message}\n`);
    terminal.error(`fgft: see fgft ${command.topic ? `${command.topic} ` : ''}--help\n`);
    return exitStatus.unusable;
  }
  switch (command.command) {
    case 'analyze':
      return analyze(command, terminal, makeEngine, services);
    case 'merge':
      return runMerge(command.reports, command.output, terminal);
    case 'suspects':
      return runSuspects(command, terminal, makeEngine);
    case 'compare':
      return runCompare(command, terminal);
    case 'isolate':
      return runIsolate(command, terminal, services.isolateModules ?? isolateModules, services.cacheFolder);
    case 'checkpoint':
      return runCheckpoint(command, terminal, checkpointModules, services.cacheFolder);
    case 'doctor':
      return runDoctor(command.file, command.kernel, terminal, makeEngine);
    case 'lsp':
      return runLanguageServer(terminal);
    case 'help':
      terminal.out(helpText(command.topic));
      return exitStatus.done;
    case 'version':
      terminal.out(`${version}\n`);
      return exitStatus.done;
  }
}

function analyze(
  command: AnalyzeCommand,
  terminal: Terminal,
  makeEngine: (options: EngineOptions) => Engine,
  services: Services,
): Promise<number> {
  const { batch, dumpLayouts, cacheFolder } = services;
  if (command.dumpLayout.length > 0 && dumpLayouts) return runDumpLayout(command, terminal, dumpLayouts, cacheFolder);
  return batch && isBatch(command, terminal) ? runAnalyzeBatch(command, terminal, batch) : runAnalyze(command, terminal, makeEngine);
}
