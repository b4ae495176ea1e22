/** What a change to a driver does to the price of isolating it: two reports, entry point by entry point. */
import { findingsOf } from './findingLists';
import type { DriverReport, EntryPoint, Finding, Report } from './model';

/** Amounts of an entry point that a change can move. Bytes, nanoseconds, and counts. */
export interface Amounts {
  fields: number;
  bytesIn: number;
  bytesOut: number;
  checks: number;
  kernelCrossings: number;
  estimatedNanoseconds: number;
}

export interface EntryPointChange {
  name: string;
  /** `net_device_ops.ndo_open`: the registration that people know it by; the name without one. */
  as: string;
  before: Amounts;
  after: Amounts;
  /** `record.field` of what is marshaled now and was not, and the other way round. */
  fieldsAdded: string[];
  fieldsRemoved: string[];
  isolatable: { before: boolean; after: boolean };
}

export interface DriverChange {
  name: string;
  added: string[];
  removed: string[];
  changed: EntryPointChange[];
  /** Findings that are new, and those that are gone. Moved text does not count. */
  newFindings: Finding[];
  goneFindings: Finding[];
}

export interface Comparison {
  drivers: DriverChange[];
  driversAdded: string[];
  driversRemoved: string[];
}

/** Compares two full reports. Drivers that stayed the same are left out. */
export function compareReports(before: Report, after: Report): Comparison {
  const known = new Map(before.drivers.map((d) => [d.name, d]));
  const present = new Set(after.drivers.map((d) => d.name));
  const drivers = after.drivers.flatMap((driver) => {
    const earlier = known.get(driver.name);
    const change = earlier ? compareDrivers(earlier, driver) : null;
    return change && isChange(change) ? [change] : [];
  });
  return {
    drivers,
    driversAdded: after.drivers.filter((d) => !known.has(d.name)).map((d) => d.name),
    driversRemoved: before.drivers.filter((d) => !present.has(d.name)).map((d) => d.name),
  };
}

/** True when some entry point became dearer to isolate, or can no longer be isolated, or a finding is new. */
export function isWorse({ drivers }: Comparison): boolean {
  return drivers.some(
    (d) =>
      d.newFindings.length > 0 ||
      d.changed.some((c) => c.after.estimatedNanoseconds > c.before.estimatedNanoseconds || (c.isolatable.before && !c.isolatable.after)),
  );
}

function isChange({ added, removed, changed, newFindings, goneFindings }: DriverChange): boolean {
  return [added, removed, changed, newFindings, goneFindings].some((list) => list.length > 0);
}

function compareDrivers(before: DriverReport, after: DriverReport): DriverChange {
  const earlier = new Map(before.entryPoints.map((e) => [e.name, e]));
  const now = new Set(after.entryPoints.map((e) => e.name));
  const oldFindings = findingsOf(before);
  const newFindings = findingsOf(after);
  return {
    name: after.name,
    added: after.entryPoints.filter((e) => !earlier.has(e.name)).map((e) => e.name),
    removed: before.entryPoints.filter((e) => !now.has(e.name)).map((e) => e.name),
    changed: after.entryPoints.flatMap((e) => {
      const old = earlier.get(e.name);
      return old ? changeOf(old, e) : [];
    }),
    newFindings: withoutThose(newFindings, oldFindings),
    goneFindings: withoutThose(oldFindings, newFindings),
  };
}

function changeOf(before: EntryPoint, after: EntryPoint): EntryPointChange[] {
  const was = fieldNames(before);
  const is = fieldNames(after);
  const change: EntryPointChange = {
    name: after.name,
    as: after.registrations[0]?.as ?? after.name,
    before: amountsOf(before),
    after: amountsOf(after),
    fieldsAdded: [...is].filter((f) => !was.has(f)),
    fieldsRemoved: [...was].filter((f) => !is.has(f)),
    isolatable: { before: before.isolatable, after: after.isolatable },
  };
  const same =
    JSON.stringify(change.before) === JSON.stringify(change.after) &&
    change.fieldsAdded.length + change.fieldsRemoved.length === 0 &&
    before.isolatable === after.isolatable;
  return same ? [] : [change];
}

function amountsOf({ cost, counts }: EntryPoint): Amounts {
  const { bytesIn, bytesOut, checks, kernelCrossings, estimatedNanoseconds } = cost;
  return { fields: counts.fields, bytesIn, bytesOut, checks, kernelCrossings, estimatedNanoseconds };
}

/** The driver's own fields; what kernel inlines touch follows from the calls. */
function fieldNames({ fields }: EntryPoint): Set<string> {
  return new Set(fields.filter((f) => !f.via[0]?.startsWith('kernel:')).map((f) => `${f.record}.${f.field}`));
}

/** By rule, words and entry points: a finding that only moved is the same. */
function withoutThose(findings: readonly Finding[], others: readonly Finding[]): Finding[] {
  const key = (f: Finding): string => JSON.stringify([f.rule, f.message, f.entryPoints]);
  const left = new Map<string, number>();
  for (const o of others) left.set(key(o), (left.get(key(o)) ?? 0) + 1);
  return findings.filter((f) => {
    const count = left.get(key(f)) ?? 0;
    left.set(key(f), count - 1);
    return count <= 0;
  });
}
