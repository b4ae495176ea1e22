import type { EntryPoint, Field } from './model';

/** `1,234`. Not `toLocaleString`, whose result depends on the machine. */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** An estimate with two digits that count: `850 ns`, `1.4 µs`, `12 ms`. */
export function formatNanoseconds(nanoseconds: number): string {
  const units = ['ns', 'µs', 'ms', 's'];
  let value = nanoseconds;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}

const unknownBytes = (fields: Field[], directions: string[]): boolean =>
  fields.some((field) => field.bytes === null && directions.includes(field.direction));

/** Bytes that are copied in, with `+?` where the size of a field is unknown. */
export function formatBytesIn(entry: EntryPoint): string {
  return formatCount(entry.cost.bytesIn) + (unknownBytes(entry.fields, ['in', 'inout']) ? '+?' : '');
}

/** Bytes that are copied out, with `+?` where the size of a field is unknown. */
export function formatBytesOut(entry: EntryPoint): string {
  return formatCount(entry.cost.bytesOut) + (unknownBytes(entry.fields, ['out', 'inout']) ? '+?' : '');
}

/** `1 finding`, `2 findings`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** What registers an entry point, in a cell: the first registration, and how many more. */
export function formatRegistrations(entry: EntryPoint): string {
  const names = [...new Set(entry.registrations.map((registration) => registration.as))];
  if (names.length === 0) return '';
  return names.length === 1 ? names[0] : `${names[0]} +${names.length - 1}`;
}
