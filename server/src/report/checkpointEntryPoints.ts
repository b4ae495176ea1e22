/** For each entry point: which device state it writes, and who brings it back. */
import type { EntryPointState, WrittenState } from './checkpointModel';
import type { Parts } from './checkpointParts';
import type { SplitLeaf } from './checkpointSplit';
import { useOf } from './checkpointSplit';
import { isPlainRequest, type StateAccess } from './checkpointState';
import { type EntryContext, siteLocation } from './context';
import { type FoundPowerManagement, powerFunctions } from './powerManagement';

/** `return err` leaves because something failed; what it skips is no condition of the restore. */
const RETURNS_NORMALLY = /^return\s*(0|\(0\))?\s*;$/;

/** Device state by name, with the condition under which the restore sets it; null: always. */
export function restoredState(parts: Parts, resume: readonly SplitLeaf[]): Map<string, string | null> {
  const found = new Map<string, string | null>();
  const guards = new Map<number, string[]>();
  for (const leaf of resume) {
    const own = guards.get(leaf.site.function) ?? [];
    const last = leaf.conditions[leaf.conditions.length - 1];
    if (RETURNS_NORMALLY.test(leaf.text) && last !== undefined) guards.set(leaf.site.function, [...own, `!${last}`]);
    if (useOf(leaf, parts) !== 'restore') continue;
    const outer = leaf.depth > 0 ? (guards.get(resume[0].site.function) ?? []) : [];
    const conditions = [...new Set([...outer, ...own, ...leaf.conditions])];
    const condition = conditions.length > 0 ? conditions.map((c) => c.replace(/^(!?)(if|while|switch)\s*/, '$1')).join(' and ') : null;
    for (const name of leaf.writes) {
      if (!found.has(name)) found.set(name, condition);
      else if (condition === null) found.set(name, null);
    }
  }
  return found;
}

/** What every entry point writes that is no power-management callback itself, in the order of entry points. */
export function entryPointStates(
  parts: Parts,
  entries: readonly EntryContext[],
  found: FoundPowerManagement,
  resume: readonly SplitLeaf[],
): EntryPointState[] {
  const restored = restoredState(parts, resume);
  const reads = new Map<string, StateAccess>();
  for (const access of parts.accesses.flat())
    if (access.read) for (const name of access.registers) if (!reads.has(name)) reads.set(name, access);
  const power = powerFunctions(parts.driver);
  const numbers = new Map<string, number>();
  const byFunction: NamedWrite[][] = [];
  // By number of a name: the last entry point that wrote it, counted from 1. Cheaper than a set of names per entry point.
  const writtenBy: number[] = [];
  const states: EntryPointState[] = [];
  for (const [index, entry] of entries.entries()) {
    // What brings the module or the device up or down has nothing to go back to when it is aborted.
    const isLife = entry.entry.registrations.every((r) => parts.matches('lifeMembers', r.as.slice(r.as.indexOf('.') + 1)));
    if (power.has(entry.node.name) || isLife) continue;
    const writes: WrittenState[] = [];
    for (const id of entry.functions) {
      for (const write of (byFunction[id] ??= writesOf(parts.accesses[id], numbers))) {
        if (writtenBy[write.number] === index + 1) continue;
        writtenBy[write.number] = index + 1;
        writes.push((write.state ??= written(parts, write.access, write.name, restored, reads, found)));
      }
    }
    if (writes.length > 0) states.push({ entryPoint: entry.node.name, writes });
  }
  return states;
}

/** The first write of each name in a function. */
interface NamedWrite {
  /** Of its kind and name. */
  number: number;
  access: StateAccess;
  name: string;
  /** The same for every entry point that comes there; made when the first asks. */
  state: WrittenState | null;
}

/** `numbers`: of the names met so far, by kind and name. */
function writesOf(accesses: readonly StateAccess[], numbers: Map<string, number>): NamedWrite[] {
  const found = new Map<number, NamedWrite>();
  for (const access of accesses) {
    if (!access.write) continue;
    for (const name of access.registers) {
      const key = `${access.kind} ${name}`;
      let number = numbers.get(key);
      if (number === undefined) numbers.set(key, (number = numbers.size));
      if (!found.has(number)) found.set(number, { number, access, name, state: null });
    }
  }
  return [...found.values()];
}

function written(
  parts: Parts,
  access: StateAccess,
  name: string,
  restored: ReadonlyMap<string, string | null>,
  reads: ReadonlyMap<string, StateAccess>,
  found: FoundPowerManagement,
): WrittenState {
  const { driver } = parts;
  const location = siteLocation(driver, access);
  const reader = reads.get(name);
  const state: WrittenState = {
    kind: access.kind,
    name,
    offset: access.registers.length === 1 ? access.offset : null,
    location,
    through: access.through,
    covered: 'left',
    condition: null,
    readBack: reader ? siteLocation(driver, reader) : null,
    reason: null,
  };
  const isEvent = parts.matches('eventRegisters', name);
  const isRequest = isPlainRequest(access);
  if (access.kind === 'configuration' && found.bus) return { ...state, covered: 'bus' };
  const condition = restored.get(name);
  if (condition === null) return { ...state, covered: 'restore' };
  if (isEvent || isRequest) return { ...state, covered: 'event' };
  if (condition !== undefined) return { ...state, covered: 'conditional', condition };
  if (state.readBack) return { ...state, covered: 'checkpoint' };
  return { ...state, reason: 'the driver never reads it: it may be write-only' };
}
