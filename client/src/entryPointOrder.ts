/** How entry points are ordered and put into words. Plain functions: they know nothing of the editor. */
import type { DriverNode, EntryPointNode } from '../../server/src/lsp/protocol';

export type Order = 'name' | 'cost' | 'risk';

export const orders: Record<Order, string> = { name: 'name', cost: 'cost per isolated call', risk: 'risk' };

const severityRank = { error: 4, warning: 3, information: 2, hint: 1 } as const;

/** Sorted copies; ties are in the order of names, so that the order never depends on the server's. */
export function ordered(entryPoints: readonly EntryPointNode[], order: Order): EntryPointNode[] {
  const byName = (a: EntryPointNode, b: EntryPointNode) => a.name.localeCompare(b.name);
  const compare = {
    name: byName,
    cost: (a: EntryPointNode, b: EntryPointNode) => b.estimatedNanoseconds - a.estimatedNanoseconds || byName(a, b),
    risk: (a: EntryPointNode, b: EntryPointNode) => compareRisk(a, b) || byName(a, b),
  };
  return [...entryPoints].sort(compare[order]);
}

/** What isolation cannot do first, then the worst finding, then how many there are. */
function compareRisk(a: EntryPointNode, b: EntryPointNode): number {
  const rank = (node: EntryPointNode) => (node.isolatable ? 0 : 10) + (node.worst ? severityRank[node.worst] : 0);
  return rank(b) - rank(a) || b.findings - a.findings;
}

/** `1.4 µs`, `850 ns`, `2.1 ms`: two significant digits, for an estimate. */
export function duration(nanoseconds: number): string {
  if (nanoseconds < 1000) return `${Math.round(nanoseconds)} ns`;
  const [value, unit] = nanoseconds < 1_000_000 ? [nanoseconds / 1000, 'µs'] : [nanoseconds / 1_000_000, 'ms'];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** `1 field`, `2 fields`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What stands behind an entry point's name in the tree. */
export function entryPointDescription(node: EntryPointNode, order: Order): string {
  const parts = order === 'cost' ? [`≈${duration(node.estimatedNanoseconds)}`, node.registration] : [node.registration];
  if (order === 'risk' && node.findings > 0) parts.unshift(counted(node.findings, 'finding'));
  return parts.join(' · ');
}

/** What stands behind a driver's name. */
export function driverDescription(driver: DriverNode): string {
  const parts = [counted(driver.entryPoints.length, 'entry point')];
  const suspects = driver.entryPoints.filter((node) => node.suspect).length;
  if (suspects > 0) parts.push(`${suspects} suspect`);
  if (driver.kernelRelease) parts.push(`Linux ${driver.kernelRelease}`);
  return parts.join(' · ');
}

/** `61 B`, or `at least 61 B` when the size of some field could not be told. */
export function bytes(count: number, unknownSizes: number): string {
  return unknownSizes > 0 ? `at least ${count} B` : `${count} B`;
}

/** The tooltip of an entry point, in Markdown. */
export function entryPointTooltip(node: EntryPointNode): string {
  const state = [node.suspect ? 'marked as suspect' : null, node.isolatable ? null : 'cannot be isolated as it is'].filter(
    (text) => text !== null,
  );
  const rows = [
    ['Registered as', node.registrations.map((name) => `\`${name}\``).join(', ')],
    ['Context', node.context],
    [
      'Marshaled',
      `${counted(node.fields, 'field')}, ${bytes(node.bytesIn, node.unknownSizes)} in, ${bytes(node.bytesOut, node.unknownSizes)} out`,
    ],
    ['Kernel calls', String(node.kernelCalls)],
    ['Estimate', `≈${duration(node.estimatedNanoseconds)} per isolated call`],
    ['Findings', node.findings === 0 ? 'none' : `${node.findings}, the worst: ${node.worst ?? 'hidden'}`],
  ];
  const table = rows.map(([name, value]) => `| ${name} | ${value} |`).join('\n');
  return `**${node.name}**${state.length > 0 ? ` (${state.join(', ')})` : ''}\n\n| | |\n|:--|:--|\n${table}`;
}
