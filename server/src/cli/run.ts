import type { Engine, EngineOptions } from '../engine/engine';
import { exitStatus, runAnalyze } from './analyze';
import { type BatchServices, isBatch, runAnalyzeBatch } from './analyzeBatch';
import { parseCommandLine } from './commandLine';
import { runDoctor } from './doctor';
import { helpText } from './help';
import { runLanguageServer } from './lsp';
import type { Terminal } from './terminal';

/** Runs what the words after `fgft` ask for. Resolves to the exit status; null: the process goes on (the language server). */
export async function run(
  words: string[],
  terminal: Terminal,
  version: string,
  makeEngine: (options: EngineOptions) => Engine,
  batch?: BatchServices,
): Promise<number | null> {
  const command = parseCommandLine(words);
  if ('failure' in command) {
    terminal.error(`fgft: ${command.message}\n`);
    if (command.failure === 'usage') terminal.error(`fgft: see fgft ${command.topic ? `${command.topic} ` : ''}--help\n`);
    return exitStatus.unusable;
  }
  switch (command.command) {
    case 'analyze':
      return batch && isBatch(command, terminal) ? runAnalyzeBatch(command, terminal, batch) : runAnalyze(command, terminal, makeEngine);
    case 'merge':
      return exitStatus.unusable;
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
