/** Global variables of an entry point. */
import type { DriverContext, EntryContext } from './context';
import { compare, strongest } from './fields';
import { functionFacts } from './functionFacts';
import type { EntryPoint, GlobalUse } from './model';

/** Global variables that the entry point uses. What lies behind a pointer that a global holds is not the global. */
export function globalsOf(driver: DriverContext, entry: EntryContext): GlobalUse[] {
  const { paths } = driver.analysis;
  const scope = driver.scopeOf(entry.node.file);
  const found = new Map<string, { bits: number; file: string }>();
  for (const effect of entry.summary.effects.values()) {
    if (effect.kernel !== null) continue;
    const root = paths.rootOf(effect.path);
    if (root.kind !== 'global' || paths.stepsOf(effect.path).some((s) => s.kind !== 'field' && s.kind !== 'index')) continue;
    const site = driver.origins.sitesOf(effect)[0];
    const file = site ? driver.analysis.nodes[site.function].file : entry.node.file;
    const known = found.get(root.name);
    if (known) known.bits |= effect.access;
    else found.set(root.name, { bits: effect.access, file });
  }
  return [...found]
    .map(([name, { bits, file }]): GlobalUse => {
      const variable = driver.scopeOf(file).variable(name);
      const visible = name.slice(name.lastIndexOf('.') + 1);
      return {
        name: visible,
        access: strongest(bits),
        bytes: variable ? scope.sizeof(variable.type) : null,
        constant: variable?.constant ?? false,
      };
    })
    .sort((a, b) => compare(a.name, b.name));
}

/**
 * Parts the globals of an entry point: those that functions name which direct calls lead to, and those that stand behind the driver's own
 * tables of functions. Of a table nobody knows which function it is before the call runs, so the second list is what may be used.
 */
export function byReach(
  driver: DriverContext,
  entry: EntryContext,
  all: readonly GlobalUse[],
): Pick<EntryPoint, 'globals' | 'tableGlobals'> {
  if (all.length === 0) return { globals: [], tableGlobals: [] };
  const direct = directlyReachable(driver, entry.node.id);
  if (direct.size === entry.functions.length) return { globals: [...all], tableGlobals: [] };
  const named = new Set<string>();
  for (const id of direct) for (const name of functionFacts(driver, id).globals) named.add(name);
  return { globals: all.filter((g) => named.has(g.name)), tableGlobals: all.filter((g) => !named.has(g.name)) };
}

/** The functions of the module that calls by name lead to, the start included. */
function directlyReachable(driver: DriverContext, start: number): ReadonlySet<number> {
  const { graph, nodes } = driver.analysis;
  const seen = new Set([start]);
  for (const id of seen) {
    nodes[id].ir.calls.forEach((call, i) => {
      if (call.callee.kind === 'name') for (const callee of graph.callees[id][i]) seen.add(callee);
    });
  }
  return seen;
}
