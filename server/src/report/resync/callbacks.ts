/** Which functions a call that waits for another context waits for: those that were registered for the object that it names. */
import { lastField } from '../../analysis/functionPointers';
import type { FunctionIR, Operand, Place } from '../../ir/model';
import type { RunKind } from '../../knowledge/model';
import { objectsAt } from './objects';
import { type KnownCall, type ModuleView, placeName } from './view';

interface Registered {
  /** Functions by the name of the work, timer, NAPI context or request block that runs them. */
  byObject: Map<string, Set<number>>;
  byKind: Map<RunKind, Set<number>>;
  /** Names of work items by the queue that they are put on. */
  queued: Map<string, Set<string>>;
}

/** Functions of the module that must have finished when a `synchronize` call returns; empty when they are not the module's. */
export function awaited(view: ModuleView, { site, known }: KnownCall): Set<number> {
  const registered = view.memo('registered', view, () => registeredIn(view));
  const found = new Set<number>();
  const add = (ids: Iterable<number> | undefined): void => {
    for (const id of ids ?? []) found.add(id);
  };
  if (known.waitsFor) add(registered.byKind.get(known.waitsFor));
  else if (known.target !== undefined) {
    for (const name of objectsAt(view, site, known.target)) {
      add(registered.byObject.get(name));
      for (const item of registered.queued.get(name) ?? []) add(registered.byObject.get(item));
    }
  }
  return found;
}

function insert<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set) set.add(value);
  else map.set(key, new Set([value]));
}

function registeredIn(view: ModuleView): Registered {
  const { analysis, knowledge } = view.driver;
  const found: Registered = { byObject: new Map(), byKind: new Map(), queued: new Map() };
  for (const handed of analysis.pointers.handedOver) {
    const row = knowledge.registrations.get(handed.callee);
    const callback = row?.callbacks.find((c) => c.argument === handed.argument);
    const node = analysis.pointed(handed.function, analysis.nodes[handed.site.function].file);
    if (!row || !callback || !node) continue;
    if (row.runs) insert(found.byKind, row.runs, node.id);
    const site = view.kernelCall(handed.site.function, handed.call);
    if (site && callback.data !== undefined && !row.runs)
      for (const name of objectsAt(view, site, callback.data)) insert(found.byObject, name, node.id);
  }
  for (const { ir, file } of analysis.nodes) {
    for (const { name, object } of view.driver.memory.of('stored functions', ir, () => storedFunctions(ir))) {
      const node = analysis.pointed(name, file);
      if (node) insert(found.byObject, object, node.id);
    }
  }
  for (const { site, known } of view.callsWith('schedule-work')) {
    // `queue_work(queue, work)`: the queue stands before the work.
    if (!known.target) continue;
    for (let queue = 0; queue < known.target; queue++)
      for (const path of site.arguments[queue] ?? []) {
        const name = placeName(analysis.paths, path);
        if (name !== null) for (const item of objectsAt(view, site, known.target)) insert(found.queued, name, item);
      }
  }
  return found;
}

/** Functions that a function's text stores, with the object around the member that takes them. */
function storedFunctions(ir: FunctionIR): { name: string; object: string }[] {
  return ir.instructions.flatMap((i) => {
    if (i.op !== 'assign' || i.value.kind !== 'function') return [];
    const object = objectAround(i.place);
    return object ? [{ name: i.value.name, object }] : [];
  });
}

/** `card->timer.function = f`, `card->urb->complete = f`: the member that holds, or leads to, the record with the pointer. */
function objectAround(place: Place): string | null {
  const last = lastField(place);
  if (!last) return null;
  const steps = place.steps.slice(0, place.steps.lastIndexOf(last));
  while (steps.at(-1)?.kind === 'deref' || steps.at(-1)?.kind === 'index') steps.pop();
  const step = steps.at(-1);
  if (step?.kind === 'field') return `${step.record}.${step.field}`;
  const of: Operand | null = place.base.kind === 'target' ? place.base.of : null;
  const field = of && (of.kind === 'load' || of.kind === 'address') ? lastField(of.place) : null;
  return field?.record ? `${field.record}.${field.field}` : null;
}
