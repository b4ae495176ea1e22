import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the engine keeps what is worth keeping between runs, unless it is told otherwise: `FGFT_CACHE`, else the user's cache folder. */
export function defaultCacheFolder(): string {
  const { FGFT_CACHE, XDG_CACHE_HOME } = process.env;
  return join(FGFT_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'fgft'), 'index');
}
