/** Facts about the machine at hand. */
import { release } from 'node:os';

/** The running kernel's release, as `uname -r` prints it. */
export function runningRelease(): string {
  return release();
}
