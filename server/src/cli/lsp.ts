import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exitStatus } from './analyze';
import type { Terminal } from './terminal';

/**
 * Runs the language server in this process. It lies beside the command in dist/, as a bundle of its own: the command knows
 * nothing of the protocol. Resolves to an exit status if it cannot start, and to null once it runs.
 */
export async function runLanguageServer(terminal: Terminal): Promise<number | null> {
  const server = join(__dirname, 'server.cjs');
  if (!existsSync(server)) {
    terminal.error(`fgft: the language server is not there: ${server}\n`);
    return exitStatus.unusable;
  }
  await import(pathToFileURL(server).href);
  return null;
}
