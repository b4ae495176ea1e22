/** The entrance of `report`: a module's analysis to the plain data of the report contract. */
import type { Effect, FunctionNode } from '../analysis/model';
import { deviceUseOf, kernelCallsOf, locksOf } from './calls';
import { type DriverContext, type EntryContext, entryContext, siteRange } from './context';
import { costOf, withParts } from './cost';
import { type FoundField, fieldsOf } from './fields';
import { guardsOf } from './guards';
import { byReach, globalsOf } from './globals';
import { inPlaceKey } from './inPlace';
import { isIsolatable } from './isolation/refusals';
import { startOf } from './locator';
import type { DriverReport, EntryPoint, EntryPointCounts, Field, Finding, FunctionSpan, Location } from './model';
import { analyzeCheckpoint, checkpointReport } from './checkpoint';
import { emptyCheckpoint } from './checkpointModel';
import { differentFunctions, type Reported } from './renewal';
import { RULES } from './rules';
import { failedRule } from './rules/analysisPartial';
import type { Rule } from './rules/rule';
import { isSuspect } from './suspects';

/** An entry point's report without positions, which move with every edit. */
type Positionless = Omit<EntryPoint, 'location' | 'registrations' | 'fields' | 'findings' | 'isolatable' | 'suspect' | 'context'> & {
  fields: FoundField[];
};

/** Reports of entry points by function number. Valid while the module's declarations stay the same. */
export interface ReportCache {
  entryPoints: Map<number, Positionless>;
  /** What is used in place was this when they were made. */
  inPlace: string;
  /** The analysis that they were made from. */
  reported: Reported | null;
}

export function newReportCache(): ReportCache {
  return { entryPoints: new Map(), inPlace: '', reported: null };
}

export interface BuildInput {
  name: string;
  files: readonly string[];
  driver: DriverContext;
  /** Of the module's last report, when `analysis.renewed` tells what changed since. Brought up to date. null: there will be no next one. */
  cache: ReportCache | null;
  headers: readonly string[];
  /** A brief report leaves the long lists of entry points empty: what an editor needs after each keystroke. */
  brief: boolean;
  /** All that there are, unless a caller says otherwise. */
  rules?: readonly Rule[];
}

export function buildDriverReport({ name, files, headers, driver, cache, brief, rules = RULES }: BuildInput): DriverReport {
  const contexts = driver.analysis.entryPoints.map((e) => entryContext(driver, e));
  const inPlace = inPlaceKey(driver);
  if (cache && cache.inPlace !== inPlace) cache.entryPoints.clear();
  if (cache) cache.inPlace = inPlace;
  const findings = rules.flatMap((rule) => checked(rule, driver, contexts));
  const different = differentFunctions(driver, cache?.reported ?? null);
  const { nodes, summaries, graph } = driver.analysis;
  if (cache) cache.reported = { nodes, summaries, graph };
  const byEntry = findingsByEntry(findings);
  const entryPoints = contexts.map((c) =>
    entryPointReport(driver, c, byEntry.get(c.node.name) ?? [], positionless(driver, c, cache, different), brief),
  );
  // What was an entry point, and may be one again, may change meanwhile.
  const current = new Set(contexts.map((c) => c.node.id));
  if (cache) for (const id of cache.entryPoints.keys()) if (!current.has(id)) cache.entryPoints.delete(id);
  const partial = driver.analysis.nodes.filter((n) => n.ir.gaps.length > 0).length;
  const checkpoint = checkpointOf(driver, contexts, brief);
  return {
    name,
    files: files.map((f) => driver.locator.display(f)),
    headers: headers.map((f) => driver.locator.display(f)),
    coverage: { functions: driver.analysis.nodes.length, partial },
    ...(brief ? {} : { functions: driver.analysis.nodes.map((node) => spanOf(driver, node)), costSource: driver.knowledge.cost.source }),
    entryPoints: brief ? entryPoints : entryPoints.map((e) => ({ ...e, cost: withParts(driver, e, checkpoint.checkpoint) })),
    ...checkpoint,
    findings,
  };
}

/** A report that holds what the given rules find in a module, and of everything else nothing. */
export function findingsAlone({ name, files, headers, driver, rules }: Omit<BuildInput, 'cache' | 'brief'>): DriverReport {
  const contexts = driver.analysis.entryPoints.map((e) => entryContext(driver, e));
  return {
    name,
    files: files.map((f) => driver.locator.display(f)),
    headers: headers.map((f) => driver.locator.display(f)),
    coverage: { functions: driver.analysis.nodes.length, partial: 0 },
    entryPoints: [],
    powerManagement: { suspend: null, resume: null, declaredBy: null, table: null },
    checkpoint: emptyCheckpoint('unresolved'),
    findings: (rules ?? RULES).flatMap((rule) => checked(rule, driver, contexts)),
  };
}

/** What a rule finds. One that fails costs its own findings, not the report. */
function checked(rule: Rule, driver: DriverContext, entries: readonly EntryContext[]): Finding[] {
  try {
    return rule.check(driver, entries);
  } catch (error) {
    return failedRule(driver, rule, error);
  }
}

/** The checkpoint as far as its analysis comes. Where it fails, the rules about checkpoints say so. */
function checkpointOf(
  driver: DriverContext,
  entries: readonly EntryContext[],
  brief: boolean,
): Pick<DriverReport, 'powerManagement' | 'checkpoint'> {
  try {
    const found = analyzeCheckpoint(driver, entries);
    return { powerManagement: found.found.report, checkpoint: checkpointReport(found, brief) };
  } catch {
    const powerManagement = { suspend: null, resume: null, declaredBy: null, table: null };
    return { powerManagement, checkpoint: emptyCheckpoint('unresolved', 'The analysis of the checkpoint failed.') };
  }
}

/** The findings of each entry point by its name, in the order of the report. */
function findingsByEntry(findings: readonly Finding[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    for (const name of new Set(finding.entryPoints)) {
      const list = found.get(name);
      if (list) list.push(finding);
      else found.set(name, [finding]);
    }
  }
  return found;
}

function spanOf(driver: DriverContext, { name, file, itemStart, ir }: FunctionNode): FunctionSpan {
  const start = driver.locator.locate(file, itemStart + ir.at, name.length).start;
  return { name, ...start, endLine: driver.locator.locate(file, itemStart + ir.end, 0).start.line };
}

function positionless(
  driver: DriverContext,
  context: EntryContext,
  cache: ReportCache | null,
  different: ReadonlySet<number> | null,
): Positionless {
  const { renewed } = driver.analysis;
  const { id, name } = context.node;
  const known = renewed && different ? cache?.entryPoints.get(id) : undefined;
  if (known && !renewed!.has(id) && !(different!.size > 0 && context.functions.some((f) => different!.has(f)))) return known;
  // What places an entry point touches stands in its own summary; what it calls and locks is spread over all that it reaches.
  const kept = known && !renewed!.has(id) ? known : null;
  const fields = kept?.fields ?? fieldsOf(driver, context);
  const globals = kept ? [...kept.globals, ...kept.tableGlobals] : globalsOf(driver, context);
  const kernelCalls = kernelCallsOf(driver, context);
  const made: Positionless = {
    name,
    functions: [...new Set(context.functions.map((f) => driver.analysis.nodes[f].name))],
    fields,
    ...byReach(driver, context, globals),
    kernelCalls,
    locks: locksOf(driver, context),
    device: deviceUseOf(driver, context),
    cost: costOf(driver, context, fields, globals, kernelCalls),
    counts: { ...(kept?.counts ?? fieldCounts(fields)), kernelCalls: kernelCalls.reduce((sum, c) => sum + c.count, 0) },
  };
  cache?.entryPoints.set(id, made);
  return made;
}

function fieldCounts(fields: readonly FoundField[]): Omit<EntryPointCounts, 'kernelCalls'> {
  const own = fields.filter((f) => f.effects[0].kernel === null);
  return {
    fields: new Set(own.map((f) => `${f.record}.${f.field}`)).size,
    unknownSizes: own.filter((f) => f.bytes === null && f.direction !== 'place').length,
  };
}

function entryPointReport(driver: DriverContext, context: EntryContext, own: Finding[], found: Positionless, brief: boolean): EntryPoint {
  const { node, entry } = context;
  const guards = brief ? [] : guardsOf(driver, context);
  return {
    name: found.name,
    location: startOf(driver.locator.locate(node.file, node.itemStart + node.ir.at, node.name.length).location),
    registrations: entry.registrations.map((r) => ({ as: r.as, kind: r.kind, location: driver.locator.locate(r.file, r.offset, 0).start })),
    context: entry.context,
    suspect: isSuspect(node.ir),
    functions: brief ? [] : found.functions,
    fields: brief ? [] : found.fields.map((f) => placed(driver, context, f)),
    globals: brief ? [] : found.globals,
    tableGlobals: brief ? [] : found.tableGlobals,
    kernelCalls: brief ? [] : found.kernelCalls,
    locks: brief ? [] : found.locks,
    device: found.device,
    cost: found.cost,
    counts: found.counts,
    findings: own,
    isolatable: isIsolatable(driver, context, own),
    ...(guards.length > 0 && { guards }),
  };
}

/** Positions shown per field. */
const MAXIMUM_LOCATIONS = 12;

/** A field with the positions of its touches, the calls that lead to the first, and the driver macro that hides them all, if one does. */
function placed(driver: DriverContext, context: EntryContext, { effects, ...field }: FoundField): Field {
  const sites = effects.length === 1 ? driver.origins.sitesOf(effects[0]) : effects.flatMap((e) => driver.origins.sitesOf(e));
  const locations: Location[] = [];
  let macro: string | null = null;
  let everyMacro = true;
  for (const site of sites) {
    const located = siteRange(driver, site);
    if (located.macro === null) everyMacro = false;
    macro ??= located.macro;
    if (locations.length < MAXIMUM_LOCATIONS && !locations.includes(located.start)) locations.push(located.start);
  }
  return { ...field, locations, via: viaOf(driver, context, effects[0]), macro: everyMacro ? macro : null };
}

/** The chain of calls through which the entry point reaches an effect. */
function viaOf(driver: DriverContext, entry: EntryContext, effect: Effect): string[] {
  if (effect.kernel) return [`kernel:${effect.kernel}`];
  const via = [entry.node.name];
  for (const id of driver.origins.chainOf(effect)) via.push(driver.analysis.nodes[id].name);
  return via;
}
