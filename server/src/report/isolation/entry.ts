/** The plan of one entry point. */
import { type Effect, READ, WRITE } from '../../analysis/model';
import type { CType, Scope, VariableDeclaration } from '../../symbols/types';
import { type DriverContext, type EntryContext, siteLocation } from '../context';
import type { Location } from '../model';
import { type Allocations, applyAllocations } from './allocations';
import { deviceRights, markLenient, orderFields, unfold } from './finish';
import type { EntryPlan, PlannedParameter, Pointer, Refusal } from './model';
import { decideModes } from './modes';
import { portsOf } from './ports';
import { ObjectPlanner } from './planner';
import { resultOf } from './result';
import { typeName } from './types';
import { limitValues } from './values';
import { everyNode, placeTrees, type RootNode } from './tree';

export type EntryOutcome = { plan: EntryPlan; refusals: Refusal[] };

/** Where an effect happens, for messages. */
function placeOf(driver: DriverContext, effect: Effect): Location | null {
  const [site] = driver.origins.sitesOf(effect);
  return site ? siteLocation(driver, site) : null;
}

function parametersOf(scope: Scope, types: readonly { name: string; type: CType }[]): PlannedParameter[] {
  return types.map(({ name, type }) => ({ name, type: typeName(scope, type), isPointer: scope.resolve(type).kind === 'pointer' }));
}

/** The driver's own variable that a path's root names; statics of functions belong to the suspect code itself. */
function ownVariable(driver: DriverContext, ownFiles: ReadonlySet<string>, name: string, file: string): VariableDeclaration | null {
  if (name.includes('.')) return null;
  const variable = driver.scopeOf(file).variable(name);
  if (!variable || !ownFiles.has(variable.place.file)) return null;
  return variable;
}

function planRoot(
  driver: DriverContext,
  ownFiles: ReadonlySet<string>,
  context: EntryContext,
  planner: ObjectPlanner,
  root: RootNode,
): void {
  const { node } = context;
  switch (root.root.kind) {
    case 'parameter': {
      const local = node.ir.locals[root.root.index];
      for (const child of root.children)
        if (child.step?.kind === 'deref') planner.target(child, { kind: 'parameter', name: local.name }, local.type);
      return;
    }
    case 'global': {
      const own = ownVariable(driver, ownFiles, root.root.name, node.file);
      if (own) planner.global(root, own, own.type);
      return;
    }
    case 'variable':
      for (const n of everyNode(root)) {
        if (!n.effects.some((e) => e.kernel === null && e.access & (READ | WRITE) && !driver.analysis.paths.isStackObject(e.path)))
          continue;
        planner.unknown.push({
          effect: n.effects[0],
          message: `it cannot be told what ${root.root.name} points to`,
          advice: `reach it through a parameter or a member whose type says what it points to`,
        });
        return;
      }
      return;
    default:
      // What kernel functions return is met at run time, when they return it; the stack is the call's own.
      return;
  }
}

/** Is an object's address computed from that parameter alone? */
function startsAt(pointer: Pointer, parameter: string): boolean {
  if (pointer.kind === 'container' || pointer.kind === 'accessor') return startsAt(pointer.of, parameter);
  return pointer.kind === 'parameter' && pointer.name === parameter;
}

/** Plans one entry point; the refusals say what, if anything, keeps it from being isolated. */
export function planEntry(
  driver: DriverContext,
  context: EntryContext,
  ownFiles: ReadonlySet<string>,
  allocations: Allocations,
  stored: ReadonlyMap<string, ReadonlySet<string>>,
): EntryOutcome {
  const { node, entry } = context;
  const scope = driver.scopeOf(node.file);
  const planner = new ObjectPlanner(scope, driver.knowledge);
  for (const root of placeTrees(driver.analysis.paths, context.summary.effects.values()))
    planRoot(driver, ownFiles, context, planner, root);
  // The address of what lies behind a record (`dev->priv`) says nothing: the area there is an object of its own.
  for (const object of planner.objects) object.fields = object.fields.filter((f) => !f.flexible || !(f.addressOnly || f.byKernelOnly));
  for (const local of node.ir.locals) {
    const named = new RegExp(`\\b${local.name}\\b`);
    if (!local.parameter || !local.name || planner.objects.some((o) => startsAt(o.pointer, local.name))) continue;
    if (node.ir.calls.some((c) => c.argumentTexts.some((t) => named.test(t))))
      planner.handedOn({ kind: 'parameter', name: local.name }, local.type);
  }
  decideModes(planner.objects, scope);
  applyAllocations(planner.objects, allocations);
  unfold(planner.objects);
  orderFields(planner.objects, scope);
  limitValues(planner.objects, { scope, stored, neverNull: driver.knowledge.isolation.neverNull });
  markLenient(driver, context, scope, planner.objects);
  deviceRights(driver, context, planner.io);
  const ports = portsOf(driver, context, planner.objects);
  const declared = scope.function(node.name);
  const refusals: Refusal[] = planner.unknown.map((u) => ({ reason: u.message, location: placeOf(driver, u.effect), advice: u.advice }));
  const start = driver.locator.locate(node.file, node.itemStart + node.ir.at, node.name.length).start;
  for (const id of context.functions) {
    const reached = driver.analysis.nodes[id];
    for (const gap of reached.ir.gaps)
      refusals.push({
        reason: gap.message,
        location: driver.locator.locate(reached.file, reached.itemStart + gap.at, gap.length).start,
        advice: 'write it in a form that can be followed',
      });
  }
  if (declared?.variadic) refusals.push({ reason: 'it takes a variable number of arguments', location: start, advice: null });
  const parameters = node.ir.locals.filter((l) => l.parameter);
  for (const parameter of parameters) {
    if (!parameter.name) refusals.push({ reason: 'a parameter has no name', location: start, advice: 'name it' });
  }
  const result = resultOf(scope, driver.knowledge, node.ir.returns, entry, parameters);
  if (!result) refusals.push({ reason: 'it returns a record by value', location: start, advice: null });
  const predicate = node.ir.attributes.find((a) => a.name === '__fgft_suspect_if')?.arguments ?? null;
  return {
    refusals,
    plan: {
      name: node.name,
      file: node.file,
      location: start,
      context: entry.context,
      parameters: parametersOf(scope, parameters),
      resultType: typeName(scope, node.ir.returns),
      result: result?.kind ?? { kind: 'void' },
      cleanup: result?.cleanup ?? [],
      thenNative: result?.thenNative ?? false,
      predicate,
      objects: planner.objects,
      io: [...planner.io, ...ports],
      globals: planner.globals,
      touchesDevice: planner.io.length + ports.length > 0,
      functions: context.functions.map((f) => driver.analysis.nodes[f].name),
      notes: [...new Set(planner.notes)],
    },
  };
}
