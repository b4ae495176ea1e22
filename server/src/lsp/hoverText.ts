/**
 * What hovers say, as Markdown or plain text. Data in, text out: `link` turns a place into something to click on, or into a
 * plain `file:line` for clients without Markdown.
 */
import type { DriverReport, EntryPoint, Field, Finding, Location } from '../report/model';
import type { AnnotationDocumentation } from './annotationDocs';
import { counted, duration, isKernels, numbersOf, registrationPhrase, travelPhrase } from './summary';

export interface HoverFormat {
  markdown: boolean;
  /** Fields listed before "and N more". */
  maximumRows: number;
  /** The absolute URI of a place with its line, already carried over edits; undefined when it cannot be opened. */
  uriOf(location: Location): string | undefined;
  /** A command link to the whole report; undefined for clients that follow none. */
  reportLink?: string;
}

/** Places listed per field, kernel functions per entry point. */
const maximumPlaces = 3;
const maximumCalls = 12;

const contexts: Record<EntryPoint['context'], string> = {
  process: 'process context',
  softirq: 'soft interrupt context',
  hardirq: 'interrupt context',
  unknown: 'unknown context',
};

const directions: Record<Field['direction'], string> = {
  in: 'in',
  out: 'out',
  inout: 'in and out',
  place: 'used in place',
};

/** The hover of an entry point's name. */
export function entryPointHover(entryPoint: EntryPoint, findings: Finding[], format: HoverFormat): string {
  const own = entryPoint.fields.filter((field) => !isKernels(field));
  const kernels = entryPoint.fields.length - own.length;
  const numbers = numbersOf(entryPoint);
  const shown = own.slice(0, format.maximumRows);
  const registrations = entryPoint.registrations.map((r) => code(r.as, format)).join(', ') || 'an entry point';
  const blocks: string[] = [
    `${strong(entryPoint.name, format)}: ${registrations}, ${contexts[entryPoint.context]}${entryPoint.suspect ? ', ' + strong('suspect', format) : ''}`,
  ];
  if (shown.length > 0) blocks.push(format.markdown ? fieldTable(shown, format) : fieldLines(shown, format));
  else blocks.push('No field of the driver is touched.');
  const more: string[] = [];
  if (own.length > shown.length) more.push(`and ${counted(own.length - shown.length, 'more field')}`);
  if (kernels > 0) more.push(`${counted(kernels, 'field')} touched by kernel inlines and macros`);
  if (more.length > 0) blocks.push(more.join('; ') + '.');
  const untold = untoldOf(own, findings);
  if (untold.length > 0) blocks.push([`${strong('Could not be told', format)}:`, ...untold.map((line) => `- ${line}`)].join('\n'));
  if (entryPoint.kernelCalls.length > 0) blocks.push(callsLine(entryPoint, format));
  blocks.push(costLine(entryPoint, travelPhrase(numbers)));
  if (format.reportLink !== undefined && format.markdown) blocks.push(`[Show the report](${format.reportLink})`);
  return blocks.join('\n\n');
}

function fieldTable(fields: Field[], format: HoverFormat): string {
  const rows = fields.map((field) => {
    const cells = [
      `${code(field.record, format)} › ${code(field.field, format)}`,
      directions[field.direction],
      field.access === 'A' ? 'address' : field.access,
      field.bytes === null ? '?' : String(field.bytes),
      places(field, format),
    ];
    return `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  });
  // All columns begin at the left: editors leave no room between a number at the right and the column after it.
  return ['| record › field | direction | access | bytes | touched |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function fieldLines(fields: Field[], format: HoverFormat): string {
  return fields
    .map((field) => {
      const bytes = field.bytes === null ? 'size unknown' : `${field.bytes} B`;
      return `${field.record} > ${field.field}: ${directions[field.direction]}, ${field.access}, ${bytes}; ${places(field, format)}`;
    })
    .join('\n');
}

function places(field: Field, format: HoverFormat): string {
  const listed = field.locations.slice(0, maximumPlaces).map((location) => place(location, format));
  const more = field.locations.length - listed.length;
  const through = field.macro !== null ? ` (${code(field.macro, format)})` : '';
  return listed.join(', ') + (more > 0 ? ` +${more}` : '') + through;
}

function place(location: Location, format: HoverFormat): string {
  const label = `${location.file.slice(location.file.lastIndexOf('/') + 1)}:${location.line}`;
  const uri = format.markdown ? format.uriOf(location) : undefined;
  return uri === undefined ? label : `[${label}](${uri})`;
}

/** What the analysis leaves open about an entry point: sizes, and the findings that say so. */
function untoldOf(fields: Field[], findings: Finding[]): string[] {
  const unsized = [...new Set(fields.filter((f) => f.bytes === null).map((f) => `${f.record}.${f.field}`))];
  const lines =
    unsized.length > 0
      ? [`the size of ${unsized.slice(0, 5).join(', ')}${unsized.length > 5 ? ` and ${unsized.length - 5} more` : ''}`]
      : [];
  for (const finding of findings) {
    if (finding.rule.startsWith('marshal/') || finding.rule === 'analysis/partial') lines.push(finding.message);
  }
  return lines.slice(0, 6);
}

function callsLine(entryPoint: EntryPoint, format: HoverFormat): string {
  const listed = entryPoint.kernelCalls
    .slice(0, maximumCalls)
    .map(
      (call) => code(call.name, format) + (call.count > 1 ? ` ×${call.count}` : '') + (call.knowledge === 'unknown' ? ' (unknown)' : ''),
    );
  const more = entryPoint.kernelCalls.length - listed.length;
  return `${strong('Kernel calls', format)}: ${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function costLine(entryPoint: EntryPoint, travel: string): string {
  const { cost, device } = entryPoint;
  const parts = [
    `${duration(cost.estimatedNanoseconds)} per isolated call (estimate)`,
    travel,
    `${counted(cost.ranges, 'range')}, ${counted(cost.checks, 'check')}, ${counted(cost.kernelCrossings, 'crossing')} into the kernel`,
  ];
  if (device.reads + device.writes > 0) parts.push(`device: ${counted(device.reads, 'read')}, ${counted(device.writes, 'write')}`);
  return parts.join(' · ');
}

/** What the estimate is made of, and where its figures come from; null for reports without. */
export function costBreakdown({ cost, device }: EntryPoint, source: string | undefined, format: HoverFormat): string | null {
  const { parts } = cost;
  if (!parts) return null;
  const rows: [string, string, number][] = [
    ['call', 'in and out', parts.call],
    ['ranges', String(cost.ranges), parts.ranges],
    ['checks', String(cost.checks), parts.checks],
    ['bytes', `${cost.bytesIn} in, ${cost.bytesOut} out`, parts.bytes],
    ['crossings', String(cost.kernelCrossings), parts.crossings],
    ...(parts.checkpoint > 0
      ? [['checkpoint, besides', `${device.reads + device.writes} device accesses`, parts.checkpoint] as [string, string, number]]
      : []),
  ];
  const table = format.markdown
    ? [
        '| cost | amount | estimate |',
        '| --- | --- | --- |',
        ...rows.map(([what, amount, ns]) => `| ${what} | ${amount} | ${duration(ns)} |`),
      ].join('\n')
    : rows.map(([what, amount, ns]) => `${what}: ${amount}, ${duration(ns)}`).join('\n');
  return source === undefined ? table : `${table}\n\nEstimated from: ${source}.`;
}

export interface FieldUse {
  driver: DriverReport;
  entryPoint: EntryPoint;
  field: Field;
}

/** The hover of a field's use: who marshals it. All uses are of one record and field. */
export function fieldHover(uses: FieldUse[], format: HoverFormat): string {
  const { record, field } = uses[0].field;
  const byEntryPoint = new Map<string, string>();
  for (const use of uses) {
    const direction = directions[use.field.direction];
    const known = byEntryPoint.get(use.entryPoint.name);
    const text = `${code(use.entryPoint.name, format)} (${direction})`;
    if (known === undefined) byEntryPoint.set(use.entryPoint.name, text);
  }
  const names = [...byEntryPoint.values()];
  const listed = names.slice(0, format.maximumRows);
  const sizes = [...new Set(uses.map((use) => use.field.bytes))];
  const size = sizes.length === 1 ? (sizes[0] === null ? 'size unknown' : counted(sizes[0], 'byte')) : 'sizes differ';
  const first = uses[0].entryPoint;
  const where = first.registrations.length > 0 && names.length === 1 ? `, as ${code(registrationPhrase(first), format)}` : '';
  const more = names.length > listed.length ? ` and ${names.length - listed.length} more` : '';
  return [`${code(record, format)} › ${code(field, format)}, ${size}`, `marshaled by ${listed.join(', ')}${more}${where}`].join('\n\n');
}

export function annotationHover(documentation: AnnotationDocumentation, format: HoverFormat): string {
  if (!format.markdown) return `${documentation.name}\n\n${documentation.text}\n\n${documentation.usage}`;
  return `${strong(documentation.name, format)}\n\n${documentation.text}\n\n\`\`\`c\n${documentation.usage}\n\`\`\``;
}

function code(text: string, format: HoverFormat): string {
  return format.markdown ? `\`${text.replace(/`/g, "'")}\`` : text;
}

function strong(text: string, format: HoverFormat): string {
  return format.markdown ? `**${text.replace(/[*_\\]/g, '\\$&')}**` : text;
}
