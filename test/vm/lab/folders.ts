/** Where the laboratory keeps what it downloads and builds: outside the checkout, so that a clone finds it again. */
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder `test/vm`. */
export const vmFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** `~/.cache/fgft/vm`, or below `FGFT_CACHE`. */
export function labCache(): string {
  const base = process.env.FGFT_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'fgft');
  return join(base, 'vm');
}
