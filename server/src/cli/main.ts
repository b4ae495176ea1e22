import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { analyzeBatch, createEngine, dumpLayouts } from '../engine';
import { defaultCacheFolder } from '../engine/cacheFolder';
import type { Engine, EngineOptions } from '../engine/engine';
import { keepCompiledCode } from '../engine/compiledCode';
import { VERSION } from '../engine/version';
import type { BatchServices } from './analyzeBatch';
import { run } from './run';
import { processTerminal } from './terminal';

// Whoever reads the output may stop reading (`fgft analyze … | head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 2));

/** The analysis in threads needs the bundle that they run, which lies beside this one. */
function batchServices(): BatchServices | undefined {
  const script = join(__dirname, 'worker.cjs');
  if (!existsSync(script)) return undefined;
  return {
    analyze: analyzeBatch,
    script,
    cacheFolder: defaultCacheFolder(),
    resultFolder: join(dirname(defaultCacheFolder()), 'results'),
    // Once: who asks a second time does not want to wait for the report.
    onInterrupt: (stop) => {
      process.once('SIGINT', stop);
      return () => void process.off('SIGINT', stop);
    },
    now: () => new Date(),
  };
}

let hasAnalyzed = false;
const newEngine = (options: EngineOptions): Engine => {
  hasAnalyzed = true;
  return createEngine({ cacheFolder: defaultCacheFolder(), ...options });
};

run(process.argv.slice(2), processTerminal(), VERSION, newEngine, {
  batch: batchServices(),
  dumpLayouts,
  cacheFolder: defaultCacheFolder(),
}).then(
  (status) => {
    // Not process.exit: what was printed may still be on its way into a pipe.
    if (status !== null) process.exitCode = status;
    // Of a command that only prints its version most is not compiled yet.
    if (hasAnalyzed) keepCompiledCode();
  },
  (error: unknown) => {
    process.stderr.write(`fgft: this is a mistake in fgft: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
