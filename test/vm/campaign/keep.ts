/** The campaign's results on disk: small enough for a repository, one line per fault so that a difference can be read. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FaultResults } from './faults';
import type { PlantedFault } from './prepare';

export interface DriverCampaign extends FaultResults {
  driver: string;
  class: string;
  kernel: string;
  seed: number;
  control: boolean;
  /** False while faults are left to run. */
  whole: boolean;
  /** Of the planted faults: results of others are of no use to a run that goes on. */
  digest: string;
  /** ISO date and time of the last machine. */
  date: string;
  entryPoints: number;
  isolatable: string[];
  planted: number;
}

/** The same faults at the same places have the same digest. */
export function digestOf(planted: readonly PlantedFault[]): string {
  const text = planted.map((f) => `${f.number} ${f.kind} ${f.file}:${f.line} ${f.entryPoint} ${f.text}`).join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Results of a driver, whole or not; null when there are none. Throws when the file is not JSON. */
export function readCampaign(file: string): DriverCampaign | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DriverCampaign) : null;
}

/** Replaces the file at once: a run that ends here leaves the old or the new, never half of one. */
export function writeCampaign(file: string, result: DriverCampaign): void {
  const { reached, entries, outcomes, leaks, reloads, ...head } = result;
  const rows = (list: readonly unknown[]): string => `[\n${list.map((o) => JSON.stringify(o)).join(',\n')}\n]`;
  const first = JSON.stringify(head, null, 1).replace(/\n}$/, '');
  const text = `${first},\n"reached": ${JSON.stringify(reached)},\n"entries": ${rows(entries)},\n"leaks": ${rows(leaks)},\n"reloads": ${rows(reloads)},\n"outcomes": ${rows(outcomes)}\n}\n`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.partial`, text);
  renameSync(`${file}.partial`, file);
}
