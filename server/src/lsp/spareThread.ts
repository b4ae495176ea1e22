/** Starts the thread of the analysis as the very first thing that the server's process does. Imported for that by `main.ts` alone. */
import { join } from 'node:path';
import { compileLater } from '../engine/compilation';
import { startSpareThread } from '../engine/workerEngine';

compileLater();

export const workerScript = join(__dirname, 'worker.cjs');
export const spareThread = startSpareThread(workerScript);
