/** Which of the possible faults are injected: the same for the same seed. */
import { FAULT_KINDS, type FaultKind, type Mutation } from './kinds';

export interface ChosenFault extends Mutation {
  number: number;
  /** The entry point that it is meant for. */
  entryPoint: string;
}

export interface EntryFunctions {
  name: string;
  /** Driver functions that it reaches, itself included. */
  functions: readonly string[];
}

/** mulberry32: small, good enough, and the same everywhere. Numbers in [0, 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * At most `perKind` faults of each kind for each entry point. A fault in the entry point's own text is preferred to one in a function
 * that it shares with others; no place is used twice for the same kind.
 */
export function chooseFaults(
  candidates: readonly Mutation[],
  entries: readonly EntryFunctions[],
  seed: number,
  perKind = 1,
  first = 1,
): ChosenFault[] {
  const random = randomNumbers(seed);
  const byFunctionAndKind = new Map<string, Mutation[]>();
  for (const c of candidates) {
    const key = `${c.function} ${c.kind}`;
    byFunctionAndKind.set(key, [...(byFunctionAndKind.get(key) ?? []), c]);
  }
  const chosen: ChosenFault[] = [];
  const used = new Set<string>();
  const take = (entry: EntryFunctions, kind: FaultKind): boolean => {
    for (const name of [entry.name, ...entry.functions.filter((f) => f !== entry.name)]) {
      const free = (byFunctionAndKind.get(`${name} ${kind}`) ?? []).filter((c) => !used.has(placeOf(c)) && fits(c, chosen));
      if (free.length === 0) continue;
      const picked = free[Math.floor(random() * free.length)];
      used.add(placeOf(picked));
      chosen.push({ ...picked, number: first + chosen.length, entryPoint: entry.name });
      return true;
    }
    return false;
  };
  for (const entry of entries) for (const kind of FAULT_KINDS) for (let i = 0; i < perKind; i++) if (!take(entry, kind)) break;
  return chosen;
}

function placeOf({ start, end, kind }: Mutation): string {
  return `${start} ${end} ${kind}`;
}

/** Ranges that nest or lie apart can be wrapped together; the words around a wrapped range may repeat its text, so the repeated text must not be wrapped itself. */
function fits(candidate: Mutation, chosen: readonly Mutation[]): boolean {
  return chosen.every((c) => candidate.end <= c.start || c.end <= candidate.start || nests(candidate, c) || nests(c, candidate));
}

function nests(outer: Mutation, inner: Mutation): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
