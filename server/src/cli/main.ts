import { createEngine } from '../engine';
import { defaultCacheFolder } from '../engine/cacheFolder';
import { VERSION } from '../engine/version';
import { run } from './run';
import { processTerminal } from './terminal';

// Whoever reads the output may stop reading (`fgft analyze … | head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

run(process.argv.slice(2), processTerminal(), VERSION, (options) => createEngine({ cacheFolder: defaultCacheFolder(), ...options })).then(
  (status) => {
    // Not process.exit: what was printed may still be on its way into a pipe.
    if (status !== null) process.exitCode = status;
  },
  (error: unknown) => {
    process.stderr.write(`fgft: this is a mistake in fgft: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
