/** The entrance: the isolation plan of a driver. */
import { type DriverContext, type EntryContext, entryContext } from '../context';
import type { Finding } from '../model';
import { allocationsOf } from './allocations';
import { planEntry } from './entry';
import type { EntryPlan, IsolationPlan, RefusedEntry, RoutedFunction } from './model';
import { nestAreas } from './areas';
import { storedTexts } from './values';
import { devicePlan } from './device';
import { handedPointers } from './handedPointers';
import { exemption, refusalsOf } from './refusals';

export interface PlanInput {
  driver: DriverContext;
  module: string;
  /** Only these entry points; null: every one. */
  wanted: ReadonlySet<string> | null;
  findings: readonly Finding[];
  /** Of the driver's own files. */
  texts: readonly string[];
}

/** Driver functions that isolated code may reach through pointers or hand to the kernel. */
/** Gone once the module has started. */
const DISCARDED = /^__(init|exit)/;

function routedFunctions(driver: DriverContext): RoutedFunction[] {
  const { pointers, resolve, nodes } = driver.analysis;
  const names = new Set<string>();
  for (const sets of [pointers.members, pointers.parameters, pointers.globals])
    for (const set of sets.values()) for (const n of set) names.add(n);
  for (const store of pointers.stores) names.add(store.function);
  for (const handed of pointers.handedOver) names.add(handed.function);
  const found = new Map<number, RoutedFunction>();
  for (const name of names) {
    for (const node of nodes) if (node.name === name) found.set(node.id, { name, file: node.file });
    const resolved = resolve(name, '');
    if (resolved) found.set(resolved.id, { name, file: resolved.file });
  }
  for (const id of found.keys()) if (nodes[id].ir.attributes.some((a) => DISCARDED.test(a.name))) found.delete(id);
  return [...found].sort(([a], [b]) => a - b).map(([, f]) => f);
}

/** Plans every wanted entry point. */
export function isolationPlan({ driver, module, wanted, findings, texts }: PlanInput): IsolationPlan {
  const entries: EntryPlan[] = [];
  const refused: RefusedEntry[] = [];
  const exempt: string[] = [];
  const allocations = allocationsOf(driver);
  const stored = storedTexts(texts);
  const contexts: EntryContext[] = [];
  for (const entry of driver.analysis.entryPoints) {
    const context = entryContext(driver, entry);
    const { name } = context.node;
    contexts.push(context);
    if (wanted && !wanted.has(name)) continue;
    const reason = exemption(driver, context);
    const plan = planEntry(driver, context, allocations, stored);
    const refusals = refusalsOf(driver, context, findings);
    if (reason !== null) {
      exempt.push(name);
      if (wanted) refused.push({ name, location: plan.location, refusals: [{ reason, location: plan.location, advice: null }] });
    } else if (refusals.length > 0) refused.push({ name, location: plan.location, refusals });
    else entries.push(plan);
  }
  nestAreas(entries, driver.scopeOf);
  return {
    module,
    entries,
    device: devicePlan(driver, contexts),
    handedPointers: handedPointers(driver),
    refused,
    exempt,
    routed: routedFunctions(driver),
  };
}
