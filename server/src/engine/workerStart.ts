/** Starts the analysing thread's program with the code that an earlier one compiled. */
import { join } from 'node:path';
import { defaultCacheFolder } from './cacheFolder';
import { runCompiled } from './compiledCode';

runCompiled(join(__dirname, 'worker.main.cjs'), defaultCacheFolder());
