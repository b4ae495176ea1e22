/** Starts the command with the code that an earlier one compiled. */
import { join } from 'node:path';
import { defaultCacheFolder } from '../engine/cacheFolder';
import { runCompiled } from '../engine/compiledCode';

runCompiled(join(__dirname, 'cli.main.cjs'), defaultCacheFolder());
