/** The plan of one entry point. */
import type { CType, Scope } from '../../symbols/types';
import type { DriverContext, EntryContext } from '../context';
import { type Allocations, applyAllocations } from './allocations';
import { deviceRights, givenToInlines, markLenient, orderFields, unfold } from './finish';
import type { EntryPlan, PlannedParameter, Pointer } from './model';
import { decideModes } from './modes';
import { portsOf } from './ports';
import { resultOf } from './result';
import { planObjects } from './roots';
import { typeName } from './types';
import { limitValues } from './values';

function parametersOf(scope: Scope, types: readonly { name: string; type: CType }[]): PlannedParameter[] {
  return types.map(({ name, type }) => ({ name, type: typeName(scope, type), isPointer: scope.resolve(type).kind === 'pointer' }));
}

/** Is an object's address computed from that parameter alone? */
function startsAt(pointer: Pointer, parameter: string): boolean {
  if (pointer.kind === 'container' || pointer.kind === 'accessor') return startsAt(pointer.of, parameter);
  return pointer.kind === 'parameter' && pointer.name === parameter;
}

/** Plans one entry point. Whether it may be isolated is another question (`refusals.ts`). */
export function planEntry(
  driver: DriverContext,
  context: EntryContext,
  allocations: Allocations,
  stored: ReadonlyMap<string, ReadonlySet<string>>,
): EntryPlan {
  const { node, entry } = context;
  const scope = driver.scopeOf(node.file);
  const planner = planObjects(driver, context);
  // The address of what lies behind a record (`dev->priv`) says nothing: the area there is an object of its own.
  for (const object of planner.objects) object.fields = object.fields.filter((f) => !f.flexible || !(f.addressOnly || f.byKernelOnly));
  for (const local of node.ir.locals) {
    const named = new RegExp(`\\b${local.name}\\b`);
    if (!local.parameter || !local.name || planner.objects.some((o) => startsAt(o.pointer, local.name))) continue;
    if (node.ir.calls.some((c) => c.argumentTexts.some((t) => named.test(t))))
      planner.handedOn({ kind: 'parameter', name: local.name }, local.type);
  }
  planner.buffersWritten();
  const given = givenToInlines(driver, context, scope);
  planner.loadedAndHandedOn(given);
  decideModes(planner.objects, scope, driver.knowledge.isolation.neverCopied);
  applyAllocations(planner.objects, allocations);
  unfold(planner.objects);
  orderFields(planner.objects, scope);
  limitValues(planner.objects, { scope, stored, neverNull: driver.knowledge.isolation.neverNull });
  markLenient(planner.objects, given);
  deviceRights(driver, context, planner.io);
  const ports = portsOf(driver, context, planner.objects);
  const start = driver.locator.locate(node.file, node.itemStart + node.ir.at, node.name.length).start;
  const parameters = node.ir.locals.filter((l) => l.parameter);
  const result = resultOf(scope, driver.knowledge, node.ir.returns, entry, parameters);
  const predicate = node.ir.attributes.find((a) => a.name === '__fgft_suspect_if')?.arguments ?? null;
  return {
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
  };
}
