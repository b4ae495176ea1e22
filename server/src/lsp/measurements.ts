/** What was measured of isolated entry points: from logs that somebody imported, from debugfs, and from logs beside the generated module. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatNanoseconds, plural } from '../report/amounts';
import { latencyAt, type Measurement, parseMeasurements } from '../report/otherTools/faultLog';

/** Where the runtime's files are while the module is loaded. */
const DEBUGFS = '/sys/kernel/debug/fgft';

/** A log beside a generated module is read when a hover asks: a larger one is left alone. Bytes. */
const MAXIMUM_LOG = 4e6;

export class Measurements {
  private readonly imported = new Map<string, Measurement>();

  /** Takes over what a text holds; what it says of an entry point replaces what was known. Returns how many it tells of. */
  import(text: string): number {
    const found = parseMeasurements(text);
    for (const measurement of found) this.imported.set(measurement.entryPoint, measurement);
    return found.length;
  }

  /** The last that is known of an entry point; undefined when nothing is. */
  of(module: string, folder: string, entryPoint: string): Measurement | undefined {
    const live = readText(join(DEBUGFS, module.replaceAll('-', '_'), entryPoint));
    if (live !== undefined) return parseMeasurements(live)[0];
    return (
      this.imported.get(entryPoint) ??
      logsOf(folder)
        .flatMap(parseMeasurements)
        .findLast((m) => m.entryPoint === entryPoint)
    );
  }
}

function logsOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.log'))
      .sort()
      .flatMap((name) => readText(join(folder, name)) ?? []);
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= MAXIMUM_LOG ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** `measured over 120 calls: half below 2.0 µs, 99 % below 8.2 µs; 1 fault`. */
export function measurementText(measurement: Measurement): string {
  const half = latencyAt(measurement, 0.5);
  const most = latencyAt(measurement, 0.99);
  const times = half && most ? `: half below ${formatNanoseconds(half.to)}, 99 % below ${formatNanoseconds(most.to)}` : '';
  const { calls, faults, fallbacks } = measurement;
  const rest = [faults > 0 ? plural(faults, 'fault') : '', fallbacks > 0 ? `${plural(fallbacks, 'call')} ran natively` : ''].filter(
    Boolean,
  );
  return `measured over ${plural(calls, 'call')}${times}${rest.length > 0 ? `; ${rest.join(', ')}` : ''}`;
}
