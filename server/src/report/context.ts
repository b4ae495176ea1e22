/** What the parts of a driver's report share. */
import type { FoundEntryPoint } from '../analysis/entryPoints';
import type { FunctionLocks } from '../analysis/lockModel';
import { type LockMemory, solveLocks } from '../analysis/locks';
import { type ModuleAnalysis, reachable } from '../analysis/module';
import type { FunctionNode, Site, Summary } from '../analysis/model';
import type { Origins } from '../analysis/origins';
import type { Knowledge } from '../knowledge/model';
import type { Scope } from '../symbols/types';
import type { Annotation } from './annotations';
import type { CheckpointAnalysis } from './checkpoint';
import type { ParameterGuard } from '../ir/parameterGuards';
import type { StatementSpan } from '../ir/statementSpans';
import type { GeneratedState } from './generated';
import type { FunctionFacts } from './functionFacts';
import type { Located, Locator } from './locator';
import type { ReportMemory } from './memory';
import type { Location } from './model';

export interface DriverContext {
  analysis: ModuleAnalysis;
  knowledge: Knowledge;
  locator: Locator;
  scopeOf(file: string): Scope;
  /** Where the statements of a function stand; computed when asked for. */
  statementsOf(functionId: number): readonly StatementSpan[];
  /** Parts of a function that run only for certain values of these parameters of it; computed when asked for. */
  guardsOf?(functionId: number, parameters: readonly string[]): readonly ParameterGuard[];
  /** Absolute paths of the module's files and of the driver's own headers. */
  ownFiles: ReadonlySet<string>;
  /** False for a function that a macro makes: its definition does not stand in the file's own text. */
  isWritten(node: FunctionNode): boolean;
  /** Of the driver's own files, headers included. */
  annotations: readonly Annotation[];
  /** Whether a call of that name leaves the driver. */
  isCrossing(name: string): boolean;
  /** Over the summaries of `analysis`. */
  origins: Origins;
  /** What was generated of the driver before; absent or null: nothing. */
  generated?: GeneratedState | null;
  /** Filled by `analyzeCheckpoint`. */
  checkpoint?: CheckpointAnalysis;
  /** Filled by `functionFacts`. */
  facts: WeakMap<Summary, FunctionFacts>;
  /** Filled by `locksOfModule`, when the first rule asks. */
  locks?: readonly FunctionLocks[];
  /** What is known of functions that did not change since. */
  lockMemory: LockMemory;
  /** The same for rules and other parts of the report. */
  memory: ReportMemory;
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
  return { entry, node, summary: driver.analysis.summaries[node.id], functions: reachedFrom(driver, node.id) };
}

/** Numbers kept over all entry points, eight bytes each. A module with more is rarely edited, and made anew they cost it little. */
const MAXIMUM_REACHED = 1_000_000;

/** Numbers of the functions that a call of function `id` can reach, itself first; not looked for again while the calls stay the same. */
export function reachedFrom(driver: DriverContext, id: number): readonly number[] {
  const { graph } = driver.analysis;
  const known = driver.memory.of('reached', graph, () => ({ numbers: 0, of: new Map<number, readonly number[]>() }));
  let reached = known.of.get(id);
  if (reached) return reached;
  reached = reachable({ graph }, id);
  known.numbers += reached.length;
  if (known.numbers <= MAXIMUM_REACHED) known.of.set(id, reached);
  return reached;
}

/** What every function of the module does to locks, by function number. */
export function locksOfModule(driver: DriverContext): readonly FunctionLocks[] {
  const { paths, nodes, summaries, graph } = driver.analysis;
  return (driver.locks ??= solveLocks({ paths, nodes, summaries, knowledge: driver.knowledge }, graph, driver.lockMemory));
}

/** Functions that run once when the module comes or goes: there is no caller to give an error to, and nothing to restore. */
const NOT_ISOLATABLE = new Set(['module_init', 'module_exit']);

/** False for an entry point that never runs as a transaction. */
export function mayBeIsolated(entry: FoundEntryPoint): boolean {
  return !entry.registrations.some((r) => NOT_ISOLATABLE.has(r.as));
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
