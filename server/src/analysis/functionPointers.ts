/**
 * Which functions may stand in which function pointers, over the whole module: stored into members, passed as arguments,
 * handed to the kernel. Flow- and context-insensitive: function pointers are few and set once.
 */
import type { FunctionIR, Operand, Place, Step } from '../ir/model';
import type { Site, FunctionNode } from './model';

/** A function pointer stored into a member of a record. */
export interface MemberStore {
  record: string;
  field: string;
  function: string;
  /** The assignment; null where an initialiser at file scope stores it. */
  site: Site | null;
  file: string;
  offset: number;
}

/** A function handed to a function that is not the module's. */
export interface HandedOver {
  callee: string;
  argument: number;
  function: string;
  site: Site;
  call: number;
}

export interface FunctionPointers {
  /** `record.field` → names of functions. */
  members: Map<string, Set<string>>;
  /** `functionId#parameter` → names of functions. */
  parameters: Map<string, Set<string>>;
  /** Global variables that hold a function themselves. */
  globals: Map<string, Set<string>>;
  stores: MemberStore[];
  handedOver: HandedOver[];
}

type Source =
  | { kind: 'function'; name: string }
  | { kind: 'parameter'; index: number }
  | { kind: 'member'; key: string }
  | { kind: 'global'; name: string };

/** What one function does with function pointers. */
interface Facts {
  stores: { record: string; field: string; sources: Source[]; at: number }[];
  globals: { name: string; sources: Source[] }[];
  calls: { callee: string; argument: number; sources: Source[]; call: number; kernel: string | null; at: number; length: number }[];
  /** Functions handed on by calls through pointers (`card->init_urb(urb, handler)`). */
  pointerCalls: { callees: Source[]; argument: number; sources: Source[] }[];
  /** Which of the members that were last asked about the function reads (`record.field`). */
  reads?: { of: string; members: readonly string[] };
}

/** Facts of functions that were looked at before; they hold as long as the function's form is the same. */
export type PointerFacts = WeakMap<FunctionIR, Facts>;

/** The member that a place ends in, array elements left aside. */
export function lastField(place: Place): Extract<Step, { kind: 'field' }> | null {
  for (let i = place.steps.length - 1; i >= 0; i--) {
    const step = place.steps[i];
    if (step.kind === 'field') return step;
    if (step.kind !== 'index') return null;
  }
  return null;
}

function factsOf(ir: FunctionIR): Facts {
  const locals = localSources(ir);
  const sourcesOf = (operand: Operand): Source[] => resolveSources(operand, ir, locals);
  const facts: Facts = { stores: [], globals: [], calls: [], pointerCalls: [] };
  for (const instruction of ir.instructions) {
    if (instruction.op === 'assign') {
      const sources = sourcesOf(instruction.value);
      if (sources.length === 0) continue;
      const field = lastField(instruction.place);
      if (field) facts.stores.push({ record: field.record, field: field.field, sources, at: instruction.at });
      else if (instruction.place.base.kind === 'global') facts.globals.push({ name: instruction.place.base.name, sources });
    } else if (instruction.op === 'call') {
      const call = ir.calls[instruction.call];
      if (call.callee.kind !== 'name') {
        facts.pointerCalls.push(...callThroughPointer(call.callee.value, call.arguments, sourcesOf));
        continue;
      }
      const callee = call.callee.name;
      call.arguments.forEach((operand, argument) => {
        const sources = sourcesOf(operand);
        if (sources.length > 0)
          facts.calls.push({ callee, argument, sources, call: instruction.call, kernel: call.kernel, at: call.at, length: call.length });
      });
    }
  }
  return facts;
}

function callThroughPointer(value: Operand, operands: readonly Operand[], sourcesOf: (o: Operand) => Source[]): Facts['pointerCalls'] {
  const handed = operands.flatMap((operand, argument) => {
    const sources = sourcesOf(operand);
    return sources.length > 0 ? [{ argument, sources }] : [];
  });
  if (handed.length === 0) return [];
  const callees = sourcesOf(value);
  return callees.length > 0 ? handed.map((h) => ({ ...h, callees })) : [];
}

function localSources(ir: FunctionIR): Map<number, Operand[]> {
  const found = new Map<number, Operand[]>();
  for (const instruction of ir.instructions) {
    if (instruction.op !== 'assign' || instruction.place.base.kind !== 'local' || instruction.place.steps.length > 0) continue;
    const list = found.get(instruction.place.base.local);
    if (list) list.push(instruction.value);
    else found.set(instruction.place.base.local, [instruction.value]);
  }
  return found;
}

/** `seen`: variables on the way here; arithmetic that assigns a hundred of them to each other would be walked through over and over. */
function resolveSources(operand: Operand, ir: FunctionIR, locals: Map<number, Operand[]>, seen = new Set<number>(), depth = 0): Source[] {
  if (depth > 40) return [];
  switch (operand.kind) {
    case 'function':
      return [{ kind: 'function', name: operand.name }];
    case 'choice':
      return operand.of.flatMap((o) => resolveSources(o, ir, locals, seen, depth + 1));
    case 'load': {
      const { base, steps } = operand.place;
      const field = lastField(operand.place);
      if (field) return [{ kind: 'member', key: `${field.record}.${field.field}` }];
      if (base.kind === 'global' && steps.every((s) => s.kind === 'index')) return [{ kind: 'global', name: base.name }];
      if (base.kind !== 'local' || steps.length > 0) return [];
      if (seen.has(base.local)) return [];
      seen.add(base.local);
      const local = ir.locals[base.local];
      const own: Source[] = local.parameter ? [{ kind: 'parameter', index: base.local }] : [];
      return [...own, ...(locals.get(base.local) ?? []).flatMap((o) => resolveSources(o, ir, locals, seen, depth + 1))];
    }
    default:
      return [];
  }
}

/** Members to be looked for in many functions. */
export interface AskedMembers {
  /** As `record.field`. */
  members: ReadonlySet<string>;
  /** Their fields: making a name of both costs more than looking for half of it. */
  fields: ReadonlySet<string>;
  /** Tells one set from another. */
  key: string;
}

export function askedMembers(stores: readonly MemberStore[]): AskedMembers {
  const members = new Set(stores.map((s) => `${s.record}.${s.field}`));
  return { members, fields: new Set(stores.map((s) => s.field)), key: [...members].join() };
}

/** Those of the members that a function reads; remembered for as long as the same ones are asked about. */
export function membersRead(ir: FunctionIR, { members, fields, key }: AskedMembers, known: PointerFacts): readonly string[] {
  const facts = known.get(ir);
  if (facts?.reads?.of === key) return facts.reads.members;
  const found = new Set<string>();
  for (const i of ir.instructions) {
    if (i.op !== 'touch' || i.access === 'W') continue;
    const field = lastField(i.place);
    if (field && fields.has(field.field) && members.has(`${field.record}.${field.field}`)) found.add(`${field.record}.${field.field}`);
  }
  if (facts) facts.reads = { of: key, members: [...found] };
  return [...found];
}

/** True when both say the same about which functions may stand where. */
export function samePointers(a: FunctionPointers, b: FunctionPointers): boolean {
  return sameNames(a.members, b.members) && sameNames(a.parameters, b.parameters) && sameNames(a.globals, b.globals);
}

function sameNames(a: ReadonlyMap<string, ReadonlySet<string>>, b: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, names] of b) {
    const old = a.get(key);
    if (!old || old.size !== names.size) return false;
    for (const n of names) if (!old.has(n)) return false;
  }
  return true;
}

/**
 * Solves the module's function pointers. `initial` and `initialGlobals` are the stores that initialisers at file scope make;
 * `resolve` finds the module's function of a name as seen from a file, `pointed` that of a name in a pointer; `known` keeps what was
 * read of functions before.
 */
export function solveFunctionPointers(
  nodes: readonly FunctionNode[],
  initial: readonly MemberStore[],
  initialGlobals: readonly { name: string; function: string }[],
  { resolve, pointed }: Record<'resolve' | 'pointed', (name: string, file: string) => FunctionNode | undefined>,
  known: PointerFacts,
): FunctionPointers {
  const members = new Map<string, Set<string>>();
  const parameters = new Map<string, Set<string>>();
  const globals = new Map<string, Set<string>>();
  const add = (map: Map<string, Set<string>>, key: string, name: string): boolean => {
    let set = map.get(key);
    if (!set) map.set(key, (set = new Set()));
    if (set.has(name)) return false;
    set.add(name);
    return true;
  };
  for (const store of initial) add(members, `${store.record}.${store.field}`, store.function);
  for (const { name, function: fn } of initialGlobals) add(globals, name, fn);
  const all: { node: FunctionNode; facts: Facts; callees: (FunctionNode | undefined)[] }[] = [];
  for (const node of nodes) {
    let facts = known.get(node.ir);
    if (!facts) known.set(node.ir, (facts = factsOf(node.ir)));
    if (facts.stores.length + facts.calls.length + facts.pointerCalls.length + facts.globals.length > 0)
      all.push({ node, facts, callees: facts.calls.map((c) => resolve(c.callee, node.file)) });
  }
  const names = (sources: Source[], node: FunctionNode): string[] =>
    sources.flatMap((s) => {
      if (s.kind === 'function') return [s.name];
      if (s.kind === 'parameter') return [...(parameters.get(`${node.id}#${s.index}`) ?? [])];
      return [...((s.kind === 'member' ? members.get(s.key) : globals.get(s.name)) ?? [])];
    });
  for (let changed = true, round = 0; changed && round < 8; round++) {
    changed = false;
    for (const { node, facts, callees } of all) {
      for (const s of facts.stores) for (const n of names(s.sources, node)) changed = add(members, `${s.record}.${s.field}`, n) || changed;
      for (const g of facts.globals) for (const n of names(g.sources, node)) changed = add(globals, g.name, n) || changed;
      for (const [i, c] of facts.calls.entries()) {
        const callee = callees[i];
        if (callee) for (const n of names(c.sources, node)) changed = add(parameters, `${callee.id}#${c.argument}`, n) || changed;
      }
      for (const c of facts.pointerCalls) {
        const handed = names(c.sources, node);
        if (handed.length === 0) continue;
        for (const name of names(c.callees, node)) {
          const callee = pointed(name, node.file);
          if (callee && callee.ir.parameterCount > c.argument)
            for (const n of handed) changed = add(parameters, `${callee.id}#${c.argument}`, n) || changed;
        }
      }
    }
  }
  const stores: MemberStore[] = [...initial];
  const handedOver: HandedOver[] = [];
  for (const { node, facts, callees } of all) {
    for (const s of facts.stores) {
      // What one member hands to another was stored into the first one somewhere, and is counted there too: copies between records register as well.
      for (const n of new Set(names(s.sources, node)))
        stores.push({
          record: s.record,
          field: s.field,
          function: n,
          site: { function: node.id, at: s.at, length: 0 },
          file: node.file,
          offset: s.at,
        });
    }
    for (const [i, c] of facts.calls.entries()) {
      // What a kernel macro's body hands on (`timer_setup` to `init_timer_key`) was handed to the macro itself.
      if (c.kernel !== null || callees[i]) continue;
      for (const n of new Set(names(c.sources, node)))
        handedOver.push({
          callee: c.callee,
          argument: c.argument,
          function: n,
          site: { function: node.id, at: c.at, length: c.length },
          call: c.call,
        });
    }
  }
  return { members, parameters, globals, stores, handedOver };
}
