/** What the rules about other contexts ask of a module again and again: who calls whom, who can run what, who writes what. */
import type { ControlFlow } from '../../analysis/naturalLoops';
import { controlFlowOf } from '../../analysis/naturalLoops';
import { lastField } from '../../analysis/functionPointers';
import type { CallSite, FunctionNode, Site, Summary } from '../../analysis/model';
import type { PathTable } from '../../analysis/paths';
import type { Place } from '../../ir/model';
import type { EffectKind, KernelFunction } from '../../knowledge/model';
import type { DriverContext, EntryContext } from '../context';

/** A call of a function of the module. */
export interface DriverCall {
  caller: number;
  call: number;
  site: Site;
  arguments: readonly ReadonlySet<number>[];
}

/** A kernel call with the row that describes it. */
export interface KnownCall {
  site: CallSite;
  known: KernelFunction;
}

/** A place in the driver's text that writes a member or variable; `bit` is the text of the bit's number for a bit operation. */
export interface WriteSite {
  function: number;
  site: Site;
  bit: string | null;
}

export interface ModuleView {
  driver: DriverContext;
  entries: readonly EntryContext[];
  /** Entry points that can reach a function. */
  entriesOf(id: number): readonly EntryContext[];
  callersOf(id: number): readonly DriverCall[];
  /** Kernel calls with an effect, over the whole module. */
  callsWith(effect: EffectKind): readonly KnownCall[];
  /** Direct writes by `record.member` or the variable's name. */
  writersOf(name: string): readonly WriteSite[];
  /** What is computed per call or function and asked for again. */
  memo<T>(kind: string, key: object, make: () => T): T;
  /** True for a word that bit operations change: it is used in place. */
  isBitWord(name: string): boolean;
  bitWords(): ReadonlySet<string>;
  flowOf(id: number): ControlFlow;
  /** Call number `call` of a function as a kernel call; undefined when it is none. */
  kernelCall(id: number, call: number): CallSite | undefined;
  /** The instruction that makes call number `call` of a function; -1 where it was dropped as unreachable. */
  instructionOf(id: number, call: number): number;
}

const views = new WeakMap<DriverContext, ModuleView>();

/** The view of one analysis, made once for all rules that ask. */
export function viewOf(driver: DriverContext, entries: readonly EntryContext[]): ModuleView {
  let view = views.get(driver);
  if (!view) views.set(driver, (view = makeView(driver, entries)));
  return view;
}

function makeView(driver: DriverContext, entries: readonly EntryContext[]): ModuleView {
  let reaching: EntryContext[][] | null = null;
  let callers: DriverCall[][] | null = null;
  let byEffect: Map<EffectKind, KnownCall[]> | null = null;
  let writers: Map<string, WriteSite[]> | null = null;
  let bitWords: Set<string> | null = null;
  const flows = new Map<number, ControlFlow>();
  const kernelCalls = new Map<number, Map<number, CallSite>>();
  const placesOfCalls = new Map<number, Int32Array>();
  const memos = new Map<string, WeakMap<object, unknown>>();
  return {
    driver,
    entries,
    entriesOf: (id) => (reaching ??= entriesByFunction(driver, entries))[id],
    callersOf: (id) => (callers ??= callersByFunction(driver))[id],
    callsWith: (effect) => (byEffect ??= callsByEffect(driver)).get(effect) ?? [],
    writersOf: (name) => (writers ??= writesByName(driver)).get(name) ?? [],
    memo: <T>(kind: string, key: object, make: () => T): T => {
      let map = memos.get(kind);
      if (!map) memos.set(kind, (map = new WeakMap()));
      if (!map.has(key)) map.set(key, make());
      return map.get(key) as T;
    },
    bitWords: () => (bitWords ??= wordsOfBits(driver)),
    isBitWord: (name) => (bitWords ??= wordsOfBits(driver)).has(name),
    kernelCall: (id, call) => {
      let calls = kernelCalls.get(id);
      if (!calls) kernelCalls.set(id, (calls = new Map(driver.analysis.summaries[id].kernelCalls.map((s) => [s.call, s]))));
      return calls.get(call);
    },
    instructionOf: (id, call) => {
      const { ir } = driver.analysis.nodes[id];
      let places = placesOfCalls.get(id);
      if (!places) {
        placesOfCalls.set(id, (places = new Int32Array(ir.calls.length).fill(-1)));
        for (const [at, i] of ir.instructions.entries()) if (i.op === 'call') places[i.call] = at;
      }
      return places[call] ?? -1;
    },
    flowOf: (id) => {
      let flow = flows.get(id);
      if (!flow) {
        const { instructions } = driver.analysis.nodes[id].ir;
        flows.set(id, (flow = driver.memory.of('control flow', instructions, () => controlFlowOf(instructions))));
      }
      return flow;
    },
  };
}

function entriesByFunction(driver: DriverContext, entries: readonly EntryContext[]): EntryContext[][] {
  const found: EntryContext[][] = driver.analysis.nodes.map(() => []);
  for (const entry of entries) for (const id of entry.functions) found[id].push(entry);
  return found;
}

function callersByFunction(driver: DriverContext): DriverCall[][] {
  const found: DriverCall[][] = driver.analysis.nodes.map(() => []);
  for (const summary of driver.analysis.summaries)
    for (const { callees, call, arguments: args, site } of summary.driverCalls)
      for (const callee of callees) found[callee].push({ caller: summary.function, call, site, arguments: args });
  return found;
}

/** Effects that the rules ask for: others would only fill the map. */
const ASKED: ReadonlySet<EffectKind> = new Set<EffectKind>([
  'complete',
  'wait-completion',
  'wait-event',
  'wake-up',
  'prepare-wait',
  'synchronize',
  'sleep',
  'delay',
  'schedule-work',
  'unregister',
]);

function callsByEffect(driver: DriverContext): Map<EffectKind, KnownCall[]> {
  const found = new Map<EffectKind, KnownCall[]>();
  for (const summary of driver.analysis.summaries) {
    for (const [effect, call] of driver.memory.of('calls with effects', summary, () => callsWithEffects(driver, summary))) {
      const list = found.get(effect);
      if (list) list.push(call);
      else found.set(effect, [call]);
    }
  }
  return found;
}

function callsWithEffects(driver: DriverContext, { kernelCalls }: Summary): [EffectKind, KnownCall][] {
  return kernelCalls.flatMap((site) => {
    const known = driver.knowledge.functions.get(site.name);
    return (known?.effects ?? []).flatMap((effect): [EffectKind, KnownCall][] =>
      ASKED.has(effect) ? [[effect, { site, known: known! }]] : [],
    );
  });
}

/** A place's name for matching it between functions: `record.member`, or the global variable's name; null for what has neither. */
export function placeName(paths: PathTable, path: number): string | null {
  let p = path;
  while (paths.step(p)?.kind === 'index') p = paths.parent(p);
  const step = paths.step(p);
  if (step?.kind === 'field') return step.record ? `${step.record}.${step.field}` : null;
  if (step?.kind === 'deref') {
    // What a member points to goes by the member's name.
    const member = paths.fieldPath(paths.parent(p));
    const held = member >= 0 ? paths.step(member) : null;
    if (held?.kind === 'field') return held.record ? `${held.record}.${held.field}` : null;
    const root = paths.step(paths.parent(p)) === null ? paths.rootOf(p) : null;
    return root?.kind === 'global' ? root.name : null;
  }
  const root = step === null ? paths.rootOf(p) : null;
  return root?.kind === 'global' ? root.name : null;
}

/** A place's name as `placeName` gives it, where no pointer has to be followed to tell. */
function writtenName(place: Place): string | null {
  const field = lastField(place);
  if (field) return field.record ? `${field.record}.${field.field}` : null;
  return place.base.kind === 'global' && place.steps.every((s) => s.kind === 'index') ? place.base.name : null;
}

function writesByName(driver: DriverContext): Map<string, WriteSite[]> {
  const { nodes, summaries } = driver.analysis;
  const found = new Map<string, WriteSite[]>();
  const add = (name: string, write: WriteSite): void => {
    const list = found.get(name);
    if (list) list.push(write);
    else found.set(name, [write]);
  };
  for (const node of nodes)
    for (const [name, write] of driver.memory.of('writes', summaries[node.id], () => writesOf(driver, node))) add(name, write);
  // Which lists an entry is on is told by other functions: this is no matter of one summary.
  for (const { head, write } of entriesTakenOff(driver)) add(head, write);
  return found;
}

function writesOf(driver: DriverContext, { id, ir }: FunctionNode): [string, WriteSite][] {
  const { paths, summaries } = driver.analysis;
  const found: [string, WriteSite][] = [];
  const add = (name: string | null, write: WriteSite): void => {
    if (name !== null) found.push([name, write]);
  };
  for (const i of ir.instructions)
    if (i.op === 'touch' && (i.access === 'W' || i.access === 'RW'))
      add(writtenName(i.place), { function: id, site: { function: id, at: i.at, length: i.length }, bit: null });
  for (const site of summaries[id].kernelCalls) {
    const known = driver.knowledge.functions.get(site.name);
    if (!known) continue;
    const bit = known.bit === undefined ? null : bitText(driver, site, known.bit);
    for (const [argument, access] of Object.entries(known.arguments))
      if (access === 'W' || access === 'RW')
        for (const path of site.arguments[Number(argument)] ?? []) add(placeName(paths, path), { function: id, site: site.site, bit });
    // Who takes a lock by trying waits for who releases it.
    if (known.lock && known.lock.argument >= 0 && known.effects.includes('unlock'))
      for (const path of site.arguments[known.lock.argument] ?? []) add(placeName(paths, path), { function: id, site: site.site, bit });
    for (const touch of known.touches ?? [])
      if (touch.access === 'W' || touch.access === 'RW')
        for (const path of site.arguments[touch.argument] ?? []) add(placeName(paths, path), { function: id, site: site.site, bit });
  }
  return found;
}

/** Who takes an entry off changes the list, though the call does not name its head: of the heads, those that such entries are put on. */
function entriesTakenOff(driver: DriverContext): { head: string; write: WriteSite }[] {
  const heads = new Map<string, Set<string>>();
  const removed: { entry: string; write: WriteSite }[] = [];
  for (const summary of driver.analysis.summaries) {
    for (const { entry, heads: named, site } of driver.memory.of('list entries', summary, () => listEntries(driver, summary))) {
      if (named === null) removed.push({ entry, write: { function: site.function, site, bit: null } });
      else {
        const known = heads.get(entry);
        if (!known) heads.set(entry, new Set(named));
        else for (const head of named) known.add(head);
      }
    }
  }
  return removed.flatMap(({ entry, write }) =>
    [...(heads.get(entry) ?? [])].filter((head) => head !== entry).map((head) => ({ head, write })),
  );
}

/** Entries that a function itself puts on lists, with the names of their heads, or takes off. */
function listEntries(
  { analysis, knowledge }: DriverContext,
  { kernelCalls }: Summary,
): { entry: string; heads: string[] | null; site: Site }[] {
  const namesAt = (site: CallSite, argument: number): string[] =>
    [...(site.arguments[argument] ?? [])].flatMap((path) => placeName(analysis.paths, path) ?? []);
  return kernelCalls.flatMap((call) => {
    const known = knowledge.functions.get(call.name);
    if (known?.listEntry === undefined) return [];
    const heads = known.listHead === undefined ? null : namesAt(call, known.listHead);
    return namesAt(call, known.listEntry).map((entry) => ({ entry, heads, site: call.site }));
  });
}

function wordsOfBits(driver: DriverContext): Set<string> {
  const found = new Set<string>();
  for (const summary of driver.analysis.summaries)
    for (const name of driver.memory.of('words of bits', summary, () => wordsOfBitsIn(driver, summary))) found.add(name);
  return found;
}

function wordsOfBitsIn(driver: DriverContext, { kernelCalls }: Summary): string[] {
  return kernelCalls.flatMap((site) => {
    const known = driver.knowledge.functions.get(site.name);
    if (known?.bit === undefined) return [];
    return [...(site.arguments[known.target ?? 1] ?? [])].flatMap((path) => placeName(driver.analysis.paths, path) ?? []);
  });
}

/** The number of a bit operation's bit as it is written, blanks left out. */
export function bitText(driver: DriverContext, site: CallSite, argument: number): string {
  return driver.analysis.nodes[site.site.function].ir.calls[site.call].argumentTexts[argument]?.replace(/\s+/g, '') ?? '';
}
