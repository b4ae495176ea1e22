import type { EntryPoint, Location, Report } from '../model';

/**
 * What the page draws when an entry point is opened, by `driver/entry point`. Every text stands once, in `texts`, and is named by
 * its index: a driver with hundreds of entry points names the same fields and files again and again.
 * Lists are positional; script.ts reads them in the same order.
 */
export interface PageData {
  texts: string[];
  /** Driver by driver, each entry point in the order of the table. */
  entries: PackedEntry[][];
}

type Place = [file: number, line: number];

export interface PackedEntry {
  name: number;
  at: Place;
  registrations: [as: number, file: number, line: number][];
  functions: number[];
  fields: [
    record: number,
    field: number,
    path: number,
    direction: number,
    access: number,
    bytes: number | null,
    locations: Place[],
    more: number,
    via: number[],
    macro: number,
  ][];
  globals: [name: number, access: number, bytes: number | null, constant: number][];
  calls: [name: number, count: number, knowledge: number][];
  locks: [name: number, primitive: number][];
  device: [reads: number, writes: number, registers: number[]];
  cost: [ranges: number, checks: number, kernelCrossings: number, loops: number];
}

/** A field that is touched in more places than this shows how many more there are. */
const shownLocations = 6;

export function packReport(report: Report): PageData {
  const texts: string[] = [];
  const indexes = new Map<string, number>();
  const pack = (text: string): number => {
    let index = indexes.get(text);
    if (index === undefined) {
      index = texts.push(text) - 1;
      indexes.set(text, index);
    }
    return index;
  };
  const place = (location: Location): Place => [pack(location.file), location.line];
  const packEntry = (entry: EntryPoint): PackedEntry => ({
    name: pack(entry.name),
    at: place(entry.location),
    registrations: entry.registrations.map(({ as, location }) => [pack(as), ...place(location)]),
    functions: entry.functions.map(pack),
    fields: entry.fields.map((field) => [
      pack(field.record),
      pack(field.field),
      pack(field.path),
      pack(field.direction),
      pack(field.access),
      field.bytes,
      field.locations.slice(0, shownLocations).map(place),
      Math.max(0, field.locations.length - shownLocations),
      field.via.map(pack),
      field.macro === null ? -1 : pack(field.macro),
    ]),
    globals: [...entry.globals, ...entry.tableGlobals].map((global) => [
      pack(global.name),
      pack(global.access),
      global.bytes,
      global.constant ? 1 : 0,
    ]),
    calls: entry.kernelCalls.map((call) => [pack(call.name), call.count, pack(call.knowledge)]),
    locks: entry.locks.map((lock) => [pack(lock.name), pack(lock.primitive)]),
    device: [entry.device.reads, entry.device.writes, entry.device.registers.map(pack)],
    cost: [entry.cost.ranges, entry.cost.checks, entry.cost.kernelCrossings, entry.cost.loops],
  });
  const entries = report.drivers.map((driver) => driver.entryPoints.map(packEntry));
  return { texts, entries };
}
