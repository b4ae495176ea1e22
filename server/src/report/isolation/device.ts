/** What the generator must know of a driver's device to take back what a failed call wrote to it. */
import { analyzeCheckpoint } from '../checkpoint';
import type { Parts } from '../checkpointParts';
import type { DriverContext, EntryContext } from '../context';
import type { DevicePlan, PlannedRegister } from './model';

/** An array of registers reaches to the next one that has a name, and never farther than this. */
const MAXIMUM_ARRAY = 4096;

interface Named {
  names: Set<string>;
  read: boolean;
  written: boolean;
  indexed: boolean;
}

/**
 * The registers that the driver writes, ascending by offset. One is readable when the driver itself reads it and nothing in its name says
 * that reading or writing it does something: such a value can be written back.
 */
export function registersOf(parts: Parts): PlannedRegister[] {
  const byOffset = new Map<number, Named>();
  for (const access of parts.accesses.flat()) {
    if ((access.kind !== 'register' && access.kind !== 'port') || access.address === null || access.address < 0) continue;
    const named = byOffset.get(access.address) ?? { names: new Set<string>(), read: false, written: false, indexed: false };
    access.registers.forEach((name) => named.names.add(name));
    named.read ||= access.read;
    named.written ||= access.write;
    named.indexed ||= access.indexed;
    byOffset.set(access.address, named);
  }
  const sorted = [...byOffset].sort(([a], [b]) => a - b);
  return sorted.flatMap(([offset, named], i): PlannedRegister[] => {
    if (!named.written) return [];
    const names = [...named.names];
    const event = names.some((n) => parts.matches('eventRegisters', n) || parts.matches('actionRegisters', n));
    const next = i + 1 < sorted.length ? sorted[i + 1][0] : offset + MAXIMUM_ARRAY;
    const length = named.indexed ? Math.min(next - offset, MAXIMUM_ARRAY) : 0;
    return [{ offset, length, name: names.join(', '), readable: named.read && !event, event }];
  });
}

/** Member names of the tables that register an entry point. */
function members(context: EntryContext): string[] {
  return context.entry.registrations.map((r) => r.as.slice(r.as.indexOf('.') + 1));
}

/**
 * May the device be set up anew after a failed call of this entry point? Not where the call came from an interrupt or is work that setting up
 * waits for, and not where it brings the device into use or takes it out: then there is nothing to go back to.
 */
function mayRestart(parts: Parts, context: EntryContext): boolean {
  const { entry } = context;
  return (
    entry.context === 'process' &&
    entry.registrations.every((r) => r.kind === 'ops' && !r.as.startsWith('work_struct.')) &&
    !members(context).some((m) =>
      ['openMembers', 'closeMembers', 'lifeMembers'].some((words) => parts.matches(words, `^${m}$`) || parts.matches(words, m)),
    )
  );
}

/** Names of the wanted entry points after whose failure the device may be set up anew. */
export function devicePlan(driver: DriverContext, entries: readonly EntryContext[]): DevicePlan {
  const { parts, verdict, found } = analyzeCheckpoint(driver, entries);
  const derived = verdict.status === 'derivable' || verdict.status === 'stateless';
  const bus = found.bus?.type ?? null;
  return {
    registers: registersOf(parts),
    restart:
      derived && bus !== null && found.resume
        ? { bus, header: found.bus!.header, entries: entries.filter((e) => mayRestart(parts, e)).map((e) => e.node.name) }
        : null,
  };
}
