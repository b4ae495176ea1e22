/** What the runtime of isolated modules says: its lines in the kernel's log, and its files in debugfs. */

/** A call that was taken back, or that could not be isolated. */
export interface LoggedFault {
  /** As the driver's `#line` names it. */
  file: string;
  /** 1-based. */
  line: number;
  entryPoint: string;
  /** With place and field, as the runtime wrote it. */
  reason: string;
  /** It ran natively: nothing went wrong but the isolation. */
  isFallback: boolean;
}

/** One file of debugfs: what was counted of an entry point since its module was loaded. */
export interface Measurement {
  entryPoint: string;
  calls: number;
  faults: number;
  fallbacks: number;
  /** Calls by how long they took, in nanoseconds, both ends included, in ascending order. */
  latencies: { from: number; to: number; calls: number }[];
}

/** `fgft: FILE:LINE: ENTRY: REASON`, with whatever a log daemon writes before it. */
const FAULT = /(?:^|[\s\]>])fgft: (\S[^:]*):(\d+): (\w+): (.+?)\s*$/;

/** Every fault that a text holds, the same place and reason once, in the order of the text. */
export function parseFaults(text: string): LoggedFault[] {
  const faults = new Map<string, LoggedFault>();
  for (const line of text.split(/\r?\n/)) {
    // In debugfs the last fault stands behind a label; it was in the log as well.
    const found = FAULT.exec(line);
    if (!found) continue;
    const [, file, number, entryPoint, reason] = found;
    const fault = { file, line: Number(number), entryPoint, reason, isFallback: reason.startsWith('not isolated:') };
    faults.set(JSON.stringify(fault), fault);
  }
  return [...faults.values()];
}

/** Every file of debugfs that a text holds, one after another (`cat /sys/kernel/debug/fgft/MODULE/*`). */
export function parseMeasurements(text: string): Measurement[] {
  const found: Measurement[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, label, value] = /^(\w+): (.*)$/.exec(line) ?? [];
    if (label === 'function') found.push({ entryPoint: value.trim(), calls: 0, faults: 0, fallbacks: 0, latencies: [] });
    const last = found.at(-1);
    if (!last) continue;
    if (label === 'calls' || label === 'faults' || label === 'fallbacks') last[label] = Number(value) || 0;
    const latency = label === 'latency_ns' ? /^(\d+)-(\d+) (\d+)$/.exec(value) : null;
    if (latency) last.latencies.push({ from: Number(latency[1]), to: Number(latency[2]), calls: Number(latency[3]) });
  }
  return found;
}

/** The slot in which a share (0 to 1) of the calls is reached; null when none was measured. */
export function latencyAt({ latencies }: Measurement, share: number): { from: number; to: number } | null {
  const total = latencies.reduce((sum, l) => sum + l.calls, 0);
  let seen = 0;
  for (const { from, to, calls } of latencies) {
    seen += calls;
    if (calls > 0 && seen >= share * total) return { from, to };
  }
  return null;
}
