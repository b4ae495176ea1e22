import type { EntryPoint, Field } from '../../report/model';
import { formatCount } from '../../report/amounts';
import type { Style } from '../style';
import { type Column, formatTable, wrap } from '../table';

const columns: Column[] = [
  { title: '  Field', align: 'left', minimum: 20 },
  { title: 'Dir', align: 'left' },
  { title: 'Access', align: 'left' },
  { title: 'Bytes', align: 'right' },
  { title: 'Reached as', align: 'left', minimum: 16 },
  { title: 'First touched', align: 'left', minimum: 18 },
  { title: 'Via', align: 'left', minimum: 12 },
];

/** Everything that an entry point touches: the field set as a table, then calls, globals, locks and the device. */
export function describeEntryPoint(entry: EntryPoint, width: number, style: Style): string {
  const lines = [`${style.bold(entry.name)}  ${style.dim(`${entry.location.file}:${entry.location.line}`)}`];
  if (entry.fields.length > 0) lines.push(...formatTable(columns, entry.fields.map(fieldRow), width, style.dim));
  else lines.push('  no fields');
  const list = (title: string, items: string[]): void => {
    if (items.length > 0) lines.push(wrap(`  ${title}: ${items.join(', ')}`, width, '    '));
  };
  list('registered as', [...new Set(entry.registrations.map((registration) => registration.as))]);
  list(
    'kernel calls',
    entry.kernelCalls.map(
      (call) => `${call.name}${call.count > 1 ? ` ×${call.count}` : ''}${call.knowledge === 'unknown' ? ' (unknown)' : ''}`,
    ),
  );
  list(
    'globals',
    [...entry.globals, ...entry.tableGlobals].map((global) => `${global.name} ${global.constant ? 'constant' : global.access}`),
  );
  list(
    'locks',
    entry.locks.map((lock) => `${lock.name} (${lock.primitive})`),
  );
  if (entry.device.reads + entry.device.writes > 0) {
    list('device', [`${formatCount(entry.device.reads)} reads`, `${formatCount(entry.device.writes)} writes`, ...entry.device.registers]);
  }
  list('functions', entry.functions);
  return lines.join('\n');
}

function fieldRow(field: Field): { text: string }[] {
  const first = field.locations[0];
  return [
    { text: `  ${field.record}.${field.field}` },
    { text: field.direction },
    { text: field.access },
    { text: field.bytes === null ? '?' : formatCount(field.bytes) },
    { text: field.macro ? `${field.path} (in ${field.macro})` : field.path },
    { text: first ? `${first.file.replace(/^.*\//, '')}:${first.line}` : '' },
    { text: field.via.join(' → ') },
  ];
}
