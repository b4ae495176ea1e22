/** What of an entry point runs only under a condition over its parameters: the stretches of its text, and the functions below them. */
import { reachable } from '../analysis/module';
import { type DriverContext, type EntryContext, parameterNames } from './context';
import type { EntryGuard } from './model';

/** The guards of an entry point; none where recursion could come round with other parameters. */
export function guardsOf(driver: DriverContext, { node }: EntryContext): EntryGuard[] {
  const { analysis, locator } = driver;
  const guards = driver.guardsOf?.(node.id, parameterNames(node)) ?? [];
  if (guards.length === 0) return [];
  const reached = node.ir.calls.map((call, i) => ({ at: call.at, functions: reachableFrom(analysis.graph.callees[node.id][i]) }));
  if (reached.some((call) => call.functions.has(node.id))) return [];
  const lineOf = (offset: number): number => locator.locate(node.file, node.itemStart + offset, 0).start.line;
  return guards.map(({ condition, start, end }) => {
    const outside = new Set(reached.filter((c) => c.at < start || c.at >= end).flatMap((c) => [...c.functions]));
    const inside = new Set(reached.filter((c) => c.at >= start && c.at < end).flatMap((c) => [...c.functions]));
    const functions = [...inside].filter((id) => !outside.has(id)).map((id) => analysis.nodes[id].name);
    return { condition, line: lineOf(start), endLine: lineOf(end), functions };
  });

  function reachableFrom(callees: readonly number[]): Set<number> {
    return new Set(callees.flatMap((id) => reachable(analysis, id)));
  }
}
