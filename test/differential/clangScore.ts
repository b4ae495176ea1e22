/** Compares a driver's report with what clang sees in the same files. */
import type { DriverReport, EntryPoint } from '../../server/src/report/model';
import { type Access, accessUnion, type ClangFacts, type ClangFunction } from './clangFacts';

export interface Tally {
  hits: number;
  extra: number;
  missed: number;
}

export interface Scores {
  entries: Tally;
  fields: Tally;
  calls: Tally;
  globals: Tally;
  /** Fields that both have, by access: the same, with a write lost, and how many there are. */
  access: { same: number; lost: number; all: number };
  /** What differs, for people: `driver entry kind: names`. */
  differences: string[];
}

export function noScores(): Scores {
  const none = (): Tally => ({ hits: 0, extra: 0, missed: 0 });
  return {
    entries: none(),
    fields: none(),
    calls: none(),
    globals: none(),
    access: { same: 0, lost: 0, all: 0 },
    differences: [],
  };
}

/** What clang found in all files of a module. */
export interface ModuleFacts {
  functions: ReadonlyMap<string, readonly ClangFunction[]>;
  addressTaken: ReadonlySet<string>;
  /** Every function that the files declare, those of headers included. */
  declared: ReadonlySet<string>;
}

export function joinFacts(files: readonly ClangFacts[], declared: ReadonlySet<string>): ModuleFacts {
  const functions = new Map<string, ClangFunction[]>();
  const addressTaken = new Set<string>();
  for (const file of files) {
    for (const [name, f] of file.functions) functions.set(name, [...(functions.get(name) ?? []), f]);
    for (const name of file.addressTaken) addressTaken.add(name);
  }
  return { functions, addressTaken, declared };
}

/** Functions of the module that calls by name lead to. */
function directly(facts: ModuleFacts, start: string): ReadonlySet<string> {
  const seen = new Set([start]);
  for (const name of seen)
    for (const f of facts.functions.get(name) ?? []) for (const callee of f.calls) if (facts.functions.has(callee)) seen.add(callee);
  return seen;
}

interface Closure {
  fields: Map<string, { access: Access; required: boolean }>;
  globals: Set<string>;
  kernelGlobals: Set<string>;
  calls: Set<string>;
  macroCalls: Set<string>;
}

function closureOf(facts: ModuleFacts, names: Iterable<string>): Closure {
  const all: Closure = { fields: new Map(), globals: new Set(), kernelGlobals: new Set(), calls: new Set(), macroCalls: new Set() };
  for (const name of names) {
    for (const f of facts.functions.get(name) ?? []) {
      for (const [key, { access, required }] of f.fields) {
        const known = all.fields.get(key);
        all.fields.set(key, {
          access: known ? accessUnion(known.access, access) : access,
          required: required || (known?.required ?? false),
        });
      }
      for (const g of f.globals) all.globals.add(g);
      for (const g of f.kernelGlobals) all.kernelGlobals.add(g);
      for (const c of f.calls) if (!facts.functions.has(c)) all.calls.add(c);
      for (const c of f.macroCalls) all.macroCalls.add(c);
    }
  }
  return all;
}

/** Adds one driver's scores. */
export function score(driver: DriverReport, facts: ModuleFacts, scores: Scores): void {
  for (const entry of driver.entryPoints) {
    const generated = !facts.functions.has(entry.name);
    if (generated) continue;
    const isTaken = facts.addressTaken.has(entry.name) || entry.registrations.some((r) => r.kind === 'macro');
    if (isTaken) scores.entries.hits++;
    else {
      scores.entries.extra++;
      scores.differences.push(`${driver.name} ${entry.name} no entry point: its address is never taken`);
    }
    scoreEntry(driver.name, entry, facts, scores);
  }
}

function scoreEntry(driver: string, entry: EntryPoint, facts: ModuleFacts, scores: Scores): void {
  // Behind pointers to functions clang sees nothing; what the report itself says is reached must count there too.
  const required = closureOf(facts, new Set([...directly(facts, entry.name), ...entry.functions]));
  const note = (kind: string, names: readonly string[]): void => {
    if (names.length > 0) scores.differences.push(`${driver} ${entry.name} ${kind}: ${names.join(' ')}`);
  };
  const fields = reportedFields(entry);
  const needed = [...required.fields].filter(([, f]) => f.required).map(([key]) => key);
  const extraFields = [...fields].filter(([key, f]) => f.own && !key.endsWith('.*') && !required.fields.has(key)).map(([key]) => key);
  note('fields missed', tally(scores.fields, needed, new Set(fields.keys()), extraFields));
  note('fields extra', extraFields);
  for (const key of needed) {
    const ours = fields.get(key);
    if (ours) compareAccess(key, ours.access, required.fields.get(key)!.access, scores, note);
  }
  const calls = new Set(entry.kernelCalls.map((c) => c.name));
  // A kernel macro stands in the report under its own name; clang sees only what it expands to.
  const extraCalls = [...calls].filter((c) => facts.declared.has(c) && !required.calls.has(c) && !required.macroCalls.has(c));
  note('calls missed', tally(scores.calls, [...required.calls], calls, extraCalls));
  note('calls extra', extraCalls);
  const globals = new Set([...entry.globals, ...entry.tableGlobals].map((g) => g.name));
  const extraGlobals = [...globals].filter((g) => !required.globals.has(g) && !required.kernelGlobals.has(g));
  note('globals missed', tally(scores.globals, [...required.globals], globals, extraGlobals));
  note('globals extra', extraGlobals);
}

function reportedFields(entry: EntryPoint): Map<string, { access: Access; own: boolean }> {
  const found = new Map<string, { access: Access; own: boolean }>();
  for (const f of entry.fields) {
    const key = `${f.record}.${f.field}`;
    const own = !f.via.some((v) => v.startsWith('kernel:'));
    const known = found.get(key);
    found.set(key, { access: known ? accessUnion(known.access, f.access) : f.access, own: own || (known?.own ?? false) });
  }
  return found;
}

function tally(into: Tally, needed: readonly string[], found: ReadonlySet<string>, extra: readonly string[]): string[] {
  const missed = needed.filter((n) => !found.has(n));
  into.hits += needed.length - missed.length;
  into.missed += missed.length;
  into.extra += extra.length;
  return missed;
}

/** An address that clang sees taken may well be read or written through: what `memcpy` does, clang's tree does not show. */
function compareAccess(key: string, ours: Access, theirs: Access, scores: Scores, note: (kind: string, names: string[]) => void): void {
  if (theirs === 'A') return;
  scores.access.all++;
  if (ours === theirs) scores.access.same++;
  else note('access', [`${key} ${ours}, clang ${theirs}`]);
  if (theirs.includes('W') && !ours.includes('W')) scores.access.lost++;
}

export function precision(t: Tally): number {
  return t.hits + t.extra === 0 ? 100 : (100 * t.hits) / (t.hits + t.extra);
}

export function recall(t: Tally): number {
  return t.hits + t.missed === 0 ? 100 : (100 * t.hits) / (t.hits + t.missed);
}

/** One line per kind, as the tests print it. */
export function scoreLines(scores: Scores): string[] {
  const line = (name: string, t: Tally): string =>
    `${name.padEnd(8)} P ${precision(t).toFixed(1)} % R ${recall(t).toFixed(1)} % (${t.hits} both, ${t.extra} extra, ${t.missed} missed)`;
  const { same, lost, all } = scores.access;
  return [
    line('entries', scores.entries),
    line('fields', scores.fields),
    line('calls', scores.calls),
    line('globals', scores.globals),
    `access   exact ${((100 * same) / Math.max(1, all)).toFixed(1)} %, writes lost ${((100 * lost) / Math.max(1, all)).toFixed(2)} % (${all} fields)`,
  ];
}
