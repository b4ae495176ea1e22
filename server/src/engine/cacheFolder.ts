import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where the engine keeps what is worth keeping between runs, unless it is told otherwise: `FGFT_CACHE`, else the user's cache folder. */
export function defaultCacheFolder(): string {
  const { FGFT_CACHE, XDG_CACHE_HOME } = process.env;
  return join(FGFT_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'fgft'), 'index');
}

/** Makes a folder and those above it; throws when it cannot. Node's own recursive mkdir never returns for a folder below /proc. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(path)) throw error;
  }
}
