/** What the parts of a driver's report share. */
import type { FoundEntryPoint } from '../analysis/entryPoints';
import { type ModuleAnalysis, reachable } from '../analysis/module';
import type { FunctionNode, Site, Summary } from '../analysis/model';
import type { Origins } from '../analysis/origins';
import type { Knowledge } from '../knowledge/model';
import type { Scope } from '../symbols/types';
import type { FunctionFacts } from './functionFacts';
import type { Located, Locator } from './locator';
import type { Location } from './model';

export interface DriverContext {
  analysis: ModuleAnalysis;
  knowledge: Knowledge;
  locator: Locator;
  scopeOf(file: string): Scope;
  /** Whether a call of that name leaves the driver. */
  isCrossing(name: string): boolean;
  /** Over the summaries of `analysis`. */
  origins: Origins;
  /** Filled by `functionFacts`. */
  facts: WeakMap<Summary, FunctionFacts>;
}

/** One entry point with what it reaches, computed once for all who ask. */
export interface EntryContext {
  entry: FoundEntryPoint;
  node: FunctionNode;
  summary: Summary;
  /** Numbers of the functions that a call can reach, the entry point first. */
  functions: readonly number[];
}

export function entryContext(driver: DriverContext, entry: FoundEntryPoint): EntryContext {
  const node = entry.function;
  return { entry, node, summary: driver.analysis.summaries[node.id], functions: reachable(driver.analysis, node.id) };
}

export function siteRange(driver: DriverContext, site: Site): Located {
  const node = driver.analysis.nodes[site.function];
  return driver.locator.locate(node.file, node.itemStart + site.at, site.length);
}

export function siteLocation(driver: DriverContext, site: Site): Location {
  return siteRange(driver, site).start;
}

export function parameterNames(node: FunctionNode): string[] {
  return node.ir.locals.filter((l) => l.parameter).map((l) => l.name);
}
