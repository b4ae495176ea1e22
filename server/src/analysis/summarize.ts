/** Bottom-up summaries: what each function touches, in terms of its parameters, globals and what kernel functions gave it. */
import type { KernelFunction, Knowledge } from '../knowledge/model';
import type { Call, FunctionIR, Operand, Touch } from '../ir/model';
import { type CType, UNKNOWN } from '../symbols/types';
import { stronglyConnected } from './callGraph';
import { ALWAYS_WRITTEN, EffectTable, type EffectVocabulary, ESCAPES, type NewEffect, READ_FIRST } from './effectTable';
import { Evaluation } from './evaluate';
import { type FlowEvent, type FlowResult, solveFlow } from './flow';
import type { FunctionPointers } from './functionPointers';
import { lastField } from './functionPointers';
import { accessBits, type FunctionNode, READ, type Site, type Summary, WRITE } from './model';
import type { PathTable } from './paths';
import type { Bindings, Substitution } from './substitution';

/** Rounds over a recursive component before its summaries are taken as they are. */
const MAXIMUM_ROUNDS = 6;
/**
 * Effects of one function kept apart. Beyond, places that share member and root object count as one: the field set stays whole, paths
 * and sizes of array elements get coarser. Only the largest graphics drivers come near.
 */
const MAXIMUM_EFFECTS = 40_000;
/** Once a module has this many in all, functions keep fewer apart: an effect takes about 60 bytes. */
const MODULE_EFFECTS = 2_000_000;
const MAXIMUM_EFFECTS_BEYOND = 2_000;
/** And once it has this many, as few as at last. */
const MODULE_EFFECTS_AT_LAST = 4_000_000;
/**
 * Once callees' effects were brought into callers this often, some ten seconds' work, functions keep fewer still, and what callers see of
 * functions with more is taken together as well.
 */
const MODULE_IMPORTS = 100_000_000;
const MAXIMUM_EFFECTS_AT_LAST = 500;
/** Effects that the functions of one recursive component keep apart altogether: each is summarised several times, and each has what all of them have. */
const COMPONENT_EFFECTS = 250_000;
/**
 * In a recursive component of more functions than this every function has the effects of all, in one table that they and their callers
 * share: objects go by their records there. i915 has a component of 239 functions, amdgpu one of 1,588.
 */
const SHARING_COMPONENT = 200;

export interface ModuleFunctions {
  nodes: readonly FunctionNode[];
  paths: PathTable;
  knowledge: Knowledge;
  pointers: FunctionPointers;
  /** What effects are made of, as numbers; lives as long as `paths`. */
  vocabulary: EffectVocabulary;
  /** Effects of all functions so far, and how many callees' effects were brought into callers. */
  amounts: { effects: number; imports: number };
  /** Brings callees' paths into callers. */
  substitution: Substitution;
  /** The module's function of a name, as seen from a file. */
  resolve(name: string, file: string): FunctionNode | undefined;
  pointed(name: string, file: string): FunctionNode | undefined;
}

/** The functions of the module that a call may reach. */
export function calleesOf(module: ModuleFunctions, node: FunctionNode, call: Call): number[] {
  if (call.callee.kind === 'name') {
    const found = module.resolve(call.callee.name, node.file);
    return found ? [found.id] : [];
  }
  const names = new Set<string>();
  collectPointed(module, node, call.callee.value, names, new Set());
  const found: FunctionNode[] = [];
  for (const name of names) {
    const callee = module.pointed(name, node.file);
    if (callee) found.push(callee);
  }
  // Members of one name in records that were not told apart hold functions of other shapes: those cannot be meant.
  const fitting = found.filter((callee) => callee.ir.parameterCount === call.arguments.length);
  return (fitting.length > 0 ? fitting : found).map((callee) => callee.id);
}

/** `seen`: the function's variables that were looked at on the way. */
function collectPointed(module: ModuleFunctions, node: FunctionNode, operand: Operand, into: Set<string>, seen: Set<number>): void {
  const addAll = (names: Iterable<string> | undefined): void => {
    for (const n of names ?? []) into.add(n);
  };
  if (operand.kind === 'function') into.add(operand.name);
  else if (operand.kind === 'choice') for (const o of operand.of) collectPointed(module, node, o, into, seen);
  else if (operand.kind === 'load' || operand.kind === 'address') {
    const { base, steps } = operand.place;
    const field = lastField(operand.place);
    if (field) addAll(module.pointers.members.get(`${field.record}.${field.field}`));
    else if (base.kind === 'global') addAll(module.pointers.globals.get(base.name));
    else if (base.kind === 'target') collectPointed(module, node, base.of, into, seen);
    else if (base.kind === 'local' && !seen.has(base.local) && !steps.some((s) => s.kind === 'field')) {
      seen.add(base.local);
      addAll(module.pointers.parameters.get(`${node.id}#${base.local}`));
      for (const i of node.ir.instructions) {
        if (i.op === 'assign' && i.place.base.kind === 'local' && i.place.base.local === base.local)
          collectPointed(module, node, i.value, into, seen);
      }
    }
  }
}

export interface CallGraph {
  /** Per function and per call of its IR: the module's functions that it may reach. */
  callees: number[][][];
  /** Components, callees first. */
  components: number[][];
}

/** What an earlier analysis of the same functions found; `changed` are the functions whose form is another now. */
export interface Earlier {
  graph: CallGraph;
  summaries: readonly Summary[];
  changed: ReadonlySet<number>;
}

export function buildCallGraph(module: ModuleFunctions, earlier?: Earlier): CallGraph {
  const callees = module.nodes.map((node, id) =>
    earlier && !earlier.changed.has(id) ? earlier.graph.callees[id] : node.ir.calls.map((call) => calleesOf(module, node, call)),
  );
  // Most edits leave the calls as they are.
  if (earlier && [...earlier.changed].every((id) => sameCallees(callees[id], earlier.graph.callees[id]))) return earlier.graph;
  const edges = callees.map((perCall) => [...new Set(perCall.flat())]);
  return { callees, components: stronglyConnected(module.nodes.length, (n) => edges[n]) };
}

function sameCallees(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): boolean {
  return a.length === b.length && a.every((of, i) => of.length === b[i].length && of.every((id, j) => id === b[i][j]));
}

/**
 * Summaries of all functions, by function number. With `earlier`, a function is summarised again only when it changed or when what
 * a callee says about places did: an edit that touches the same places stays where it is.
 */
export function summarize(module: ModuleFunctions, graph: CallGraph, earlier?: Earlier): Summary[] {
  const summaries: Summary[] = module.nodes.map((n, id) => earlier?.summaries[id] ?? emptySummary(n.id, module.vocabulary));
  /** Functions whose callers must look again. */
  const different = new Set<number>();
  for (const component of graph.components) {
    if (
      earlier &&
      !component.some((id) => earlier.changed.has(id) || graph.callees[id].some((perCall) => perCall.some((c) => different.has(c))))
    )
      continue;
    const before = component.map((id) => summaries[id]);
    for (const id of component) summaries[id] = emptySummary(id, module.vocabulary);
    if (component.length > SHARING_COMPONENT) {
      summarizeTogether(module, graph, summaries, component);
      for (const id of component) different.add(id);
      continue;
    }
    const recursive = component.length > 1 || graph.callees[component[0]].some((c) => c.includes(component[0]));
    /** Of a function of the component: when its summary changed last, and when it was made. */
    const changedAt = new Map<number, number>();
    const madeAt = new Map<number, number>();
    let now = 0;
    for (let round = 0; round < (recursive ? MAXIMUM_ROUNDS : 1); round++) {
      let changed = false;
      for (const id of component) {
        const last = madeAt.get(id);
        if (last !== undefined && !graph.callees[id].some((perCall) => perCall.some((c) => (changedAt.get(c) ?? 0) > last))) continue;
        madeAt.set(id, ++now);
        const made = summarizeFunction(module, graph, summaries, id, component.length);
        if (!sameForCallers(summaries[id], made)) {
          changed = true;
          changedAt.set(id, ++now);
        }
        summaries[id] = made;
      }
      if (!changed) break;
    }
    component.forEach((id, i) => {
      if (!sameForCallers(before[i], summaries[id])) different.add(id);
    });
  }
  return summaries;
}

/** Rounds over a component that shares its effects: what its functions return comes from each other. */
const SHARING_ROUNDS = 2;

/** Summaries of a large recursive component: each function's own effects, and one table of all. */
function summarizeTogether(module: ModuleFunctions, graph: CallGraph, summaries: Summary[], component: readonly number[]): void {
  const { paths } = module;
  const members = new Set(component);
  for (let round = 0; round < SHARING_ROUNDS; round++)
    for (const id of component) summaries[id] = summarizeFunction(module, graph, summaries, id, component.length, members);
  const together = new EffectTable(component[0], module.vocabulary);
  together.folded = true;
  for (const id of component) {
    const { effects } = summaries[id];
    together.shareAllOf(effects);
    for (let slot = 0; slot < effects.size; slot++) {
      const path = effects.pathAt(slot);
      together.import(paths.isSameEverywhere(path) ? paths.folded(path) : paths.anonymous(path), effects, slot);
    }
  }
  together.seal();
  module.amounts.effects += together.size;
  for (const id of component) {
    const { effects } = summaries[id];
    effects.folded = true;
    effects.share(together);
    // Another function of the component may read or write anything before and after.
    for (let slot = 0; slot < effects.size; slot++) effects.setFlag(slot, ALWAYS_WRITTEN, false);
  }
}

/** True when callers see no difference: places in the text do not count, they are looked up where they are. */
function sameForCallers(a: Summary, b: Summary): boolean {
  return sameSet(a.returns, b.returns) && a.effects.equals(b.effects);
}

function sameSet(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  if (a.size !== b.size) return false;
  for (const x of b) if (!a.has(x)) return false;
  return true;
}

function emptySummary(id: number, vocabulary: EffectVocabulary): Summary {
  return { function: id, effects: new EffectTable(id, vocabulary), returns: new Set(), kernelCalls: [], driverCalls: [], unresolved: [] };
}

function isLarge({ effects, imports }: ModuleFunctions['amounts']): boolean {
  return imports > MODULE_IMPORTS || effects > MODULE_EFFECTS_AT_LAST;
}

/** How many effects the next function keeps apart. What decides is counted, not timed: the same module gives the same report everywhere. */
function keptApart({ amounts }: ModuleFunctions, componentSize: number): number {
  if (isLarge(amounts)) return MAXIMUM_EFFECTS_AT_LAST;
  const share = Math.max(MAXIMUM_EFFECTS_AT_LAST, Math.floor(COMPONENT_EFFECTS / componentSize));
  return Math.min(share, amounts.effects > MODULE_EFFECTS ? MAXIMUM_EFFECTS_BEYOND : MAXIMUM_EFFECTS);
}

/** What callers are given of a callee's effects. */
function effectsForCallers({ amounts, paths }: ModuleFunctions, { effects }: Summary): EffectTable {
  const isTooMuch = isLarge(amounts) && effects.size > MAXIMUM_EFFECTS_AT_LAST;
  return isTooMuch ? effects.takenTogether((path) => paths.folded(path)) : effects;
}

function summarizeFunction(
  module: ModuleFunctions,
  graph: CallGraph,
  summaries: readonly Summary[],
  id: number,
  componentSize: number,
  /** Functions whose effects come otherwise. */
  apart?: ReadonlySet<number>,
): Summary {
  const node = module.nodes[id];
  const { ir } = node;
  const { paths, knowledge } = module;
  const summary = emptySummary(id, module.vocabulary);
  summary.effects.maximum = keptApart(module, componentSize);
  const evaluation = new Evaluation(ir, {
    paths,
    knowledge: (name) => knowledge.functions.get(name),
    returned: (_call, index, argumentsOf) => returnedBy(module, graph.callees[id][index], summaries, argumentsOf),
  });
  const returns = new Set<number>();
  const events: FlowEvent[] = [];
  /** The same callee with the same arguments has the same effects again. */
  const known = new Map<string, Omit<FlowEvent, 'instruction'>>();
  for (const [at, instruction] of ir.instructions.entries()) {
    if (instruction.op === 'touch') events.push(touchEffects(summary, paths, evaluation, instruction, at, id));
    else if (instruction.op === 'return' && instruction.value) for (const t of evaluation.targets(instruction.value)) returns.add(t);
    else if (instruction.op === 'call') {
      const call = ir.calls[instruction.call];
      const callees = graph.callees[id][instruction.call];
      const site = { function: id, at: call.at, length: call.length };
      if (callees.length > 0) {
        const bindings = evaluation.argumentsOf(call);
        summary.driverCalls.push({ callees, call: instruction.call, arguments: bindings, site });
        for (const callee of callees) {
          if (apart?.has(callee)) continue;
          const key = `${callee} ${callees.length === 1} ${bindings.map((targets) => [...targets].join()).join(' ')}`;
          let imported = known.get(key);
          if (!imported) {
            const effects = effectsForCallers(module, summaries[callee]);
            module.amounts.imports += effects.size;
            known.set(key, (imported = importEffects(summary, module, ir, effects, bindings, callees.length === 1)));
          }
          events.push({ instruction: at, ...imported });
        }
      } else if (call.callee.kind === 'name')
        events.push({ instruction: at, reads: kernelCall(summary, module, evaluation, call, instruction.call, site), writes: [] });
      else {
        summary.unresolved.push({ through: pointerName(call.callee.value), site });
        events.push({ instruction: at, reads: handedOut(summary, evaluation, call), writes: [] });
      }
    }
  }
  summary.returns = withoutStack(paths, returns);
  // Of a place that stands for several nothing is certain.
  if (!summary.effects.folded) applyFlow(summary, solveFlow(ir.instructions, events));
  summary.effects.seal();
  module.amounts.effects += summary.effects.size - summaries[id].effects.size;
  return summary;
}

function withoutStack(paths: PathTable, set: Set<number>): Set<number> {
  for (const p of set) if (paths.isLocal(p)) set.delete(p);
  return set;
}

/** The name of the member through which a call goes, for people. */
function pointerName(operand: Operand): string {
  const field = operand.kind === 'load' || operand.kind === 'address' ? lastField(operand.place) : null;
  return field ? `${field.record}.${field.field}` : '';
}

function returnedBy(
  module: ModuleFunctions,
  callees: readonly number[],
  summaries: readonly Summary[],
  argumentsOf: () => ReadonlySet<number>[],
): ReadonlySet<number> | null {
  if (callees.length === 0) return null;
  const found = new Set<number>();
  if (callees.every((callee) => summaries[callee].returns.size === 0)) return found;
  // First the arguments: they may be results of calls themselves.
  const bindings = argumentsOf();
  module.substitution.begin(bindings);
  for (const callee of callees) for (const path of summaries[callee].returns) for (const p of module.substitution.all(path)) found.add(p);
  return found;
}

function applyFlow({ effects }: Summary, flow: FlowResult): void {
  for (const path of flow.tracked) {
    const slot = effects.slotOf(path);
    if (slot < 0) continue;
    effects.setFlag(slot, READ_FIRST, flow.readFirst.has(path));
    effects.setFlag(slot, ALWAYS_WRITTEN, flow.alwaysWritten.has(path));
  }
}

function touchEffects(
  summary: Summary,
  paths: PathTable,
  evaluation: Evaluation,
  touch: Touch,
  instruction: number,
  id: number,
): FlowEvent {
  const site = { function: id, at: touch.at, length: touch.length };
  const places = evaluation.places(touch.place);
  const access = accessBits(touch.access);
  for (const path of places)
    addEffect(summary, paths, path, {
      access,
      textAccess: access,
      type: touch.type,
      bits: touch.bits,
      kernel: touch.kernel,
      at: site.at,
      length: site.length,
    });
  // A bit-field's store reads the unit around it, and of several places only one is written.
  const sure = places.size === 1 && (access & WRITE) !== 0 && touch.bits === null;
  return { instruction, reads: access & READ ? [...places] : [], writes: sure ? [...places].filter((p) => !paths.isAnyElement(p)) : [] };
}

function addEffect(summary: Summary, paths: PathTable, path: number, made: NewEffect): void {
  if (!paths.isStack(path)) summary.effects.add(keptPath(summary, paths, path), made);
}

/** The path itself, or what stands for it once there are too many. */
function keptPath({ effects }: Summary, paths: PathTable, path: number): number {
  if (effects.size < effects.maximum || effects.slotOf(path) >= 0) return path;
  effects.folded = true;
  return paths.folded(path);
}

/** Brings a callee's effects into the caller's paths. */
function importEffects(
  summary: Summary,
  { paths, substitution }: ModuleFunctions,
  ir: FunctionIR,
  effects: EffectTable,
  bindings: Bindings,
  onlyCallee: boolean,
): Omit<FlowEvent, 'instruction'> {
  const reads: number[] = [];
  const writes: number[] = [];
  if (effects.folded) summary.effects.folded = true;
  summary.effects.shareAllOf(effects);
  substitution.begin(bindings);
  const take = (slot: number, inCallee: number, found: number): void => {
    if (!summary.effects.folded && effects.has(slot, READ_FIRST)) reads.push(found);
    // What a callee touches through a pointer to a variable is checked like any other access: it stays, under the variable's name.
    const path = paths.isLocal(found) && inCallee !== found ? stackObject(paths, ir, found) : found;
    if (!paths.isStack(path)) summary.effects.import(keptPath(summary, paths, path), effects, slot);
  };
  for (let slot = 0; slot < effects.size; slot++) {
    const inCallee = effects.pathAt(slot);
    const single = substitution.single(inCallee);
    if (single < 0) for (const found of substitution.all(inCallee)) take(slot, inCallee, found);
    else {
      if (onlyCallee && effects.has(slot, ALWAYS_WRITTEN) && !paths.isAnyElement(single)) writes.push(single);
      take(slot, inCallee, single);
    }
  }
  return { reads, writes };
}

function stackObject(paths: PathTable, ir: FunctionIR, path: number): number {
  const root = paths.rootOf(path);
  const name = root.kind === 'local' ? ir.locals[root.index].name : '';
  return paths.rebase(path, paths.root({ kind: 'variable', name: name || 'unnamed' }));
}

/** What goes to a function that nobody knows may be read and written by it. Returns the places that it is given. */
function handedOut(summary: Summary, evaluation: Evaluation, call: Call): number[] {
  const reads: number[] = [];
  evaluation.argumentsOf(call).forEach((targets, i) => {
    reads.push(...targets);
    if (call.arguments[i].kind === 'address') for (const path of targets) markEscaped(summary, path);
  });
  return reads;
}

function markEscaped(summary: Summary, path: number): void {
  const slot = summary.effects.slotOf(path);
  if (slot >= 0) summary.effects.setFlag(slot, ESCAPES, true);
}

/** Takes a kernel call into the summary. Returns the places that it may read: all that it is given and not said to write only. */
function kernelCall(summary: Summary, module: ModuleFunctions, evaluation: Evaluation, call: Call, index: number, site: Site): number[] {
  const name = (call.callee as { name: string }).name;
  const known = module.knowledge.functions.get(name);
  const bindings = evaluation.argumentsOf(call);
  if (call.kernel === null) summary.kernelCalls.push({ name, site, call: index, arguments: bindings, loop: call.loop });
  const reads = known ? kernelTouches(summary, module.paths, call, bindings, known, site) : [];
  // Inside a kernel macro's body it is the kernel's statement.
  const standsForAccess = known !== undefined && call.kernel === null && isPlainAccess(known);
  bindings.forEach((targets, i) => {
    const access = known?.arguments[i];
    const type = pointeeType(call.argumentTypes[i]);
    if (access !== 'W') reads.push(...targets);
    for (const path of targets) {
      if (module.paths.isStack(path)) continue;
      if (access && access !== 'A') {
        if (known?.lvalues?.includes(i)) continue;
        const bits = accessBits(access);
        addEffect(summary, module.paths, path, {
          access: bits,
          textAccess: standsForAccess ? bits : 0,
          type,
          bits: null,
          kernel: call.kernel ?? name,
          at: site.at,
          length: site.length,
        });
      } else if (mayWrite(known, i) && call.arguments[i].kind === 'address') markEscaped(summary, path);
    }
  });
  return reads;
}

/** True when the access is all that the call does (`memcpy`, `set_bit`, `copy_to_user`): it stands for the driver's own statement then. */
function isPlainAccess(known: KernelFunction): boolean {
  const copies = known.effects.includes('user-read') || known.effects.includes('user-write');
  return (copies || !known.sleeps) && known.effects.every((e) => e === 'pure' || e === 'user-read' || e === 'user-write');
}

/** True when nothing says that the kernel function leaves the object of argument N alone. */
function mayWrite(known: KernelFunction | undefined, argument: number): boolean {
  if (!known) return true;
  return known.provenance === 'generated' && known.arguments[argument] === undefined && !known.constant?.includes(argument);
}

/** Adds the members that a kernel inline function or macro touches in the objects it is given. Returns those that it reads. */
function kernelTouches(
  summary: Summary,
  paths: PathTable,
  call: Call,
  bindings: readonly ReadonlySet<number>[],
  known: KernelFunction,
  site: Site,
): number[] {
  const reads: number[] = [];
  for (const touch of known.touches ?? []) {
    const type = pointeeType(call.argumentTypes[touch.argument]);
    const record = touch.record ?? (type.kind === 'record' ? type.name : '');
    if (!record) continue;
    const access = accessBits(touch.access);
    for (const target of bindings[touch.argument] ?? []) {
      const path = paths.extend(throughMembers(paths, target, touch.through), { kind: 'field', record, field: touch.field });
      addEffect(summary, paths, path, {
        access,
        textAccess: known.macro ? access : 0,
        type: UNKNOWN,
        bits: null,
        kernel: known.name,
        at: site.at,
        length: site.length,
      });
      if (access & READ) reads.push(path);
    }
  }
  return reads;
}

/** The object that holds a touched field, from the one that the argument points to. */
function throughMembers(paths: PathTable, object: number, through: readonly string[] | undefined): number {
  let path = object;
  for (const step of through ?? []) {
    const followed = step.endsWith('->');
    const dot = step.indexOf('.');
    path = paths.extend(path, { kind: 'field', record: step.slice(0, dot), field: step.slice(dot + 1, followed ? -2 : undefined) });
    if (followed) path = paths.extend(path, { kind: 'deref' });
  }
  return path;
}

function pointeeType(type: CType | undefined): CType {
  return type?.kind === 'pointer' ? type.to : UNKNOWN;
}
