/** What a completion, wait queue or other object is called wherever it is used: the same object must get the same name on both sides. */
import type { CallSite } from '../../analysis/model';
import { lastField } from '../../analysis/functionPointers';
import type { Operand } from '../../ir/model';
import { type ModuleView, placeName } from './view';

/** Callers followed upwards to the object behind a parameter. */
const MAXIMUM_DEPTH = 4;
/** Names kept per object: more say that nothing is known. */
const MAXIMUM_NAMES = 24;

/** Names of the object that an argument of a kernel call points to. */
export function objectsAt(view: ModuleView, site: CallSite, argument: number): ReadonlySet<string> {
  return view.memo(`objects ${argument}`, site, () => {
    const names = new Set<string>();
    const id = site.site.function;
    const { analysis, knowledge } = view.driver;
    const call = analysis.nodes[id].ir.calls[site.call];
    const operand = call.arguments[argument];
    // A macro that is given the object itself, not its address.
    if (operand && knowledge.functions.get(site.name)?.lvalues?.includes(argument))
      nameObjectItself(view, id, operand, site.arguments[argument], names);
    else for (const path of site.arguments[argument] ?? []) nameObject(view, id, path, names, 0);
    // A variable that a macro of the kernel declares is known by its name alone.
    const text = /^&?\s*([A-Za-z_]\w*)$/.exec(call.argumentTexts[argument] ?? '')?.[1];
    if (names.size === 0 && text) names.add(text);
    return names;
  });
}

function nameObjectItself(
  view: ModuleView,
  id: number,
  operand: Operand,
  paths: ReadonlySet<number> | undefined,
  names: Set<string>,
): void {
  if (operand.kind === 'load') {
    const { base, steps } = operand.place;
    const field = lastField(operand.place);
    if (field?.record) names.add(`${field.record}.${field.field}`);
    else if (base.kind === 'global') names.add(base.name);
    else if (base.kind === 'local' && steps.length === 0) {
      names.add(localName(id, base.local));
      for (const stored of placesHoldingAddress(view, id, base.local, 0)) names.add(stored);
    } else if (base.kind === 'local' && steps[0].kind === 'deref' && view.driver.analysis.nodes[id].ir.locals[base.local].parameter)
      nameParameter(view, id, base.local, names, 0);
  }
  if (names.size === 0) for (const path of paths ?? []) nameObject(view, id, path, names, 0);
}

function nameObject(view: ModuleView, id: number, path: number, names: Set<string>, depth: number): void {
  if (names.size >= MAXIMUM_NAMES) return;
  const { paths } = view.driver.analysis;
  const name = placeName(paths, path);
  if (name !== null) {
    names.add(name);
    return;
  }
  const root = paths.rootOf(path);
  if (root.kind === 'local') {
    names.add(localName(id, root.index));
    for (const stored of placesHoldingAddress(view, id, root.index, 0)) names.add(stored);
  } else if (root.kind === 'parameter') nameParameter(view, id, root.index, names, depth);
}

function localName(id: number, local: number): string {
  return `local ${id}.${local}`;
}

/** True for the name of a variable on some function's stack, which says nothing to people. */
export function isLocalName(name: string): boolean {
  return name.startsWith('local ') || name.startsWith('parameter ');
}

/** Names of what a parameter of a function points to, as its callers know it. */
export function objectsOfParameter(view: ModuleView, id: number, index: number): ReadonlySet<string> {
  const names = new Set<string>();
  nameParameter(view, id, index, names, 0);
  return names;
}

/** What callers hand over as a parameter, and what registrations hand to a callback. */
function nameParameter(view: ModuleView, id: number, index: number, names: Set<string>, depth: number): void {
  names.add(`parameter ${id}.${index}`);
  if (depth >= MAXIMUM_DEPTH) return;
  for (const call of view.callersOf(id))
    for (const path of call.arguments[index] ?? []) nameObject(view, call.caller, path, names, depth + 1);
  for (const { function: other, operand } of handedTo(view, id, index)) nameOperand(view, other, operand, names);
}

function nameOperand(view: ModuleView, id: number, operand: Operand, names: Set<string>): void {
  if (operand.kind === 'choice') operand.of.forEach((o) => nameOperand(view, id, o, names));
  if (operand.kind !== 'address' && operand.kind !== 'load') return;
  const field = lastField(operand.place);
  const { base } = operand.place;
  if (field?.record) names.add(`${field.record}.${field.field}`);
  else if (base.kind === 'local' && operand.kind === 'address') names.add(localName(id, base.local));
  else if (base.kind === 'global') names.add(base.name);
}

/**
 * Operands that reach parameter `index` of a callback: the data argument of the call that registers it, or what the function that
 * stores the callback into a record stores beside it (`desc->callback = done; desc->callback_param = &wait`).
 */
function handedTo(view: ModuleView, id: number, index: number): { function: number; operand: Operand }[] {
  const { analysis, knowledge } = view.driver;
  const { name } = analysis.nodes[id];
  const found: { function: number; operand: Operand }[] = [];
  for (const handed of analysis.pointers.handedOver) {
    if (handed.function !== name) continue;
    const callback = knowledge.registrations.get(handed.callee)?.callbacks.find((c) => c.argument === handed.argument);
    const data = callback?.data;
    if (data === undefined || (callback?.dataParameter ?? 0) !== index) continue;
    const operand = analysis.nodes[handed.site.function].ir.calls[handed.call].arguments[data];
    if (operand) found.push({ function: handed.site.function, operand });
  }
  for (const store of analysis.pointers.stores) {
    if (store.function !== name || !store.site) continue;
    for (const i of analysis.nodes[store.site.function].ir.instructions) {
      if (i.op !== 'assign' || i.value.kind === 'function' || lastField(i.place)?.record !== store.record) continue;
      found.push({ function: store.site.function, operand: i.value });
    }
  }
  return found;
}

/** Members into which the address of a local object is stored, by the function itself, by those it hands the address to, or by a kernel call. */
function placesHoldingAddress(view: ModuleView, id: number, local: number, depth: number): string[] {
  const { analysis, knowledge } = view.driver;
  const { ir } = analysis.nodes[id];
  const names: string[] = [];
  const isAddress = (o: Operand): boolean =>
    o.kind === (ir.locals[local].parameter ? 'load' : 'address') &&
    o.place.base.kind === 'local' &&
    o.place.base.local === local &&
    o.place.steps.length === 0;
  for (const i of ir.instructions) {
    if (i.op === 'assign' && isAddress(i.value)) {
      const field = lastField(i.place);
      if (field?.record) names.push(`${field.record}.${field.field}`);
    } else if (i.op === 'call') {
      const call = ir.calls[i.call];
      call.arguments.forEach((operand, index) => {
        if (!isAddress(operand)) return;
        const callees = analysis.graph.callees[id][i.call];
        if (depth < MAXIMUM_DEPTH) for (const callee of callees) names.push(...placesHoldingAddress(view, callee, index, depth + 1));
        const touches =
          call.callee.kind === 'name' && callees.length === 0 ? knowledge.functions.get(call.callee.name)?.touches : undefined;
        // An inline function of the kernel that fills a record stores its arguments there.
        for (const t of touches ?? [])
          if (t.access === 'W' && t.argument !== index && t.record) names.push(`${t.record}.${t.field}`);
          else if (t.access === 'W' && t.argument !== index) {
            const type = call.argumentTypes[t.argument];
            if (type?.kind === 'pointer' && type.to.kind === 'record') names.push(`${type.to.name}.${t.field}`);
          }
      });
    }
  }
  return names;
}

/** A name for people: the member, the variable, or what the local variable is called. */
export function objectText(view: ModuleView, names: ReadonlySet<string>): string {
  const shown = [...names].filter((n) => !isLocalName(n));
  if (shown.length > 0) return shown.slice(0, 3).join(' or ');
  const [, id, local] = /^local (\d+)\.(\d+)$/.exec([...names].find((n) => n.startsWith('local ')) ?? '') ?? [];
  return id === undefined ? 'an object of its caller' : view.driver.analysis.nodes[Number(id)].ir.locals[Number(local)].name;
}
