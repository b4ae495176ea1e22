/** A driver of the laboratory under its workload, as Debian ships it or with a module of our own in its place. */
import type { LabDriver } from './drivers';
import type { KernelImage } from './kernelImage';
import { type MachineRun, runMachine } from './machine';
import { labModule } from './tools';

export interface WorkloadOptions {
  image: KernelImage;
  driver: LabDriver;
  /** A module that takes the place of Debian's. */
  replacement?: string;
  /** Parameters of the driver's module. */
  parameters?: string;
  processors?: number;
  /** Shell text after the workload. */
  afterwards?: string;
  /** Also goes through suspend to idle, and reloads the module. */
  long?: boolean;
  onLine?: (line: string) => void;
}

/** Seconds for a whole run; under emulation on a busy machine a boot takes up to a minute. */
const LIMIT = 420;

export function runWorkload(options: WorkloadOptions): Promise<MachineRun> {
  const { image, driver, replacement } = options;
  const { modules, own } = modulesOf(driver, image, replacement);
  return runMachine({
    image,
    modules,
    own,
    devices: driver.devices,
    processors: options.processors ?? 2,
    limit: LIMIT,
    script: script(options),
    onLine: options.onLine,
  });
}

/** The modules that a driver's machine holds, and those of them that are not Debian's own. */
export function modulesOf(
  driver: LabDriver,
  image: KernelImage,
  replacement: string | undefined,
): { modules: string[]; own: Map<string, string> } {
  const own = new Map<string, string>();
  const modules = [...driver.also, driver.module];
  if (replacement) own.set(driver.module, replacement);
  if (driver.revision) {
    own.set('pci_revision', labModule('pci_revision', image));
    modules.push('pci_revision');
  }
  return { modules, own };
}

/** Shell lines that load a driver with all that comes before it. */
export function loadingLines({ module, also, revision }: LabDriver, parameters = ''): string[] {
  const lines: string[] = [];
  if (revision) {
    const [vendor, device, number] = revision;
    lines.push(`step revision load pci_revision vendor=${vendor} device=${device} revision=${number}`);
  }
  return [...lines, ...also.map((name) => `load ${name}`), `step load load ${module} ${parameters}`];
}

function script({ driver, parameters, afterwards, long }: WorkloadOptions): string {
  const lines = [...loadingLines(driver, parameters), driver.workload];
  if (afterwards) lines.push(afterwards);
  if (long) {
    lines.push('step sleep sleep_and_wake', driver.workload);
    lines.push(`step unload rmmod ${driver.module}`, `step reload load ${driver.module} ${parameters ?? ''}`);
  }
  return lines.join('\n') + '\n';
}
