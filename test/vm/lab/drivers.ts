/** The drivers of `drivers.yaml`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { vmFolder } from './folders';

export interface LabDriver {
  /** The driver's module, with underscores. */
  module: string;
  /** In a kernel tree: a file of the module, or its folder. */
  source: string;
  class: 'net' | 'sound' | 'block' | 'input' | 'watchdog' | 'usb';
  /** Arguments of QEMU's `-device`. */
  devices: string[];
  /** Modules that are loaded before it, beside those that it needs. */
  also: string[];
  /** Shell words: a function of `guest/workloads` with its arguments. */
  workload: string;
  /** Vendor, device and the revision that is set before the driver looks. */
  revision: [number, number, number] | null;
}

export function labDrivers(): LabDriver[] {
  const rows = parse(readFileSync(join(vmFolder, 'drivers.yaml'), 'utf8')) as (Omit<LabDriver, 'also' | 'revision'> & Partial<LabDriver>)[];
  return rows.map((row) => ({ ...row, also: row.also ?? [], revision: row.revision ?? null }));
}

/** Throws with the names that exist. */
export function labDriver(module: string): LabDriver {
  const all = labDrivers();
  const found = all.find((d) => d.module === module.replaceAll('-', '_'));
  if (!found) throw new Error(`the laboratory has no driver ${module}; it has ${all.map((d) => d.module).join(', ')}`);
  return found;
}
