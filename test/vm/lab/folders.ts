/** Where the laboratory keeps what it downloads and builds: outside the checkout, so that a clone finds it again. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../../scripts/setup/kernelSources.mjs';

/** The folder `test/vm`. */
export const vmFolder = dirname(dirname(fileURLToPath(import.meta.url)));

/** `~/.cache/fgft/vm`, or below `FGFT_CACHE`. */
export function labCache(): string {
  return join(cacheFolder(), 'vm');
}
