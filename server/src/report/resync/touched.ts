/** Which members each function touches, its callees included, as bit sets over the names of the module: cheap to join and to compare. */
import { READ, type Summary, WRITE } from '../../analysis/model';
import type { PathTable } from '../../analysis/paths';
import type { Place } from '../../ir/model';
import type { CType } from '../../symbols/types';
import type { DriverContext } from '../context';
import { inPlaceOf, memberTypeOf } from '../inPlace';
import { isUsedInPlace } from './place';
import { type ModuleView, placeName } from './view';

/** One place in a function's own text. */
export interface OwnTouch {
  /** Number of the member's name. */
  name: number;
  access: number;
  at: number;
}

export interface Touched {
  names: readonly string[];
  /** Words of a set. */
  words: number;
  /** Numbers of the names. */
  numbers: Map<string, number>;
  /** Whether isolation copies the member of a name. */
  copied: Map<string, boolean>;
  /** By function number. */
  own: (readonly OwnTouch[])[];
  /** What stands behind and before calls, by the call's form; for whoever asks for it. */
  after: WeakMap<object, Members>;
  before: WeakMap<object, Members>;
  /** Members that a function and what it calls read, or write. */
  reads(id: number): Members;
  writes(id: number): Members;
}

/**
 * A set that is kept: without the empty words before and behind its members, and the very same object where it is that of a callee. The
 * largest drivers have forty thousand names, and as many functions and calls that each keep a set of them.
 */
export interface Members {
  first: number;
  words: Uint32Array;
}

const NO_MEMBERS: Members = { first: 0, words: new Uint32Array(0) };

/** A set to be kept; one of `others` where that is equal. */
export function kept(set: Uint32Array, others: Iterable<Members>): Members {
  let first = 0;
  let end = set.length;
  while (first < end && set[first] === 0) first++;
  while (end > first && set[end - 1] === 0) end--;
  if (first === end) return NO_MEMBERS;
  for (const other of others) if (isEqual(set, first, end, other)) return other;
  return { first, words: set.slice(first, end) };
}

function isEqual(set: Uint32Array, first: number, end: number, other: Members): boolean {
  if (other.first !== first || other.words.length !== end - first) return false;
  for (let i = first; i < end; i++) if (set[i] !== other.words[i - first]) return false;
  return true;
}

/** The sets of a module, made once. Members that are used in place are left out: they never cross. */
export function touchedIn(view: ModuleView): Touched {
  return view.memo('touched', view, () => {
    const { driver } = view;
    const { graph, summaries } = driver.analysis;
    const kept = driver.memory.of('touched', graph, (): { last: KeptTouched | null } => ({ last: null }));
    if (!kept.last || !stillHolds(view, kept.last)) kept.last = { bitWords: view.bitWords(), touched: makeTouched(view), summaries };
    kept.last.summaries = summaries;
    return kept.last.touched;
  });
}

/** The sets of an earlier analysis with the same calls. */
interface KeptTouched {
  touched: Touched;
  bitWords: ReadonlySet<string>;
  summaries: readonly Summary[];
}

/** True when no function touches other members than it did. Brings the places of those that changed up to date. */
function stillHolds(view: ModuleView, { touched, bitWords, summaries: before }: KeptTouched): boolean {
  const { summaries } = view.driver.analysis;
  const words = view.bitWords();
  if (words.size !== bitWords.size || [...words].some((name) => !bitWords.has(name))) return false;
  const changed = summaries.flatMap((s, id) => (s === before[id] ? [] : [id]));
  if (changed.some((id) => sumOf(namedTouches(view, summaries[id])) !== sumOf(namedTouches(view, before[id])))) return false;
  for (const id of changed) touched.own[id] = ownTouches(view, id, touched.numbers, touched.copied);
  return true;
}

/** The same text for the same names, accesses and types in the same order, whatever their places. */
function sumOf(touches: readonly NamedTouch[]): string {
  return [...new Set(touches.map((t) => `${t.name} ${t.access} ${JSON.stringify(t.type)}`))].join();
}

export function addBit(set: Uint32Array, bit: number): void {
  set[bit >> 5] |= 1 << (bit & 31);
}

export function join(into: Uint32Array, { first, words }: Members): void {
  for (let i = 0; i < words.length; i++) into[first + i] |= words[i];
}

/** The names that both sets hold, in alphabetical order. */
export function namesInBoth({ names }: Touched, a: Uint32Array, b: Uint32Array): string[] {
  const found: string[] = [];
  for (let i = 0; i < a.length; i++) {
    const both = a[i] & b[i];
    for (let bit = 0; both !== 0 && bit < 32; bit++) if (both & (1 << bit)) found.push(names[i * 32 + bit]);
  }
  return found.sort();
}

function makeTouched(view: ModuleView): Touched {
  const { nodes, graph } = view.driver.analysis;
  const numbers = new Map<string, number>();
  const copied = new Map<string, boolean>();
  const own: (readonly OwnTouch[])[] = nodes.map((_, id) => ownTouches(view, id, numbers, copied));
  const words = Math.max(1, (numbers.size + 31) >> 5);
  const sets = (access: number): Members[] => {
    const found = new Array<Members>(nodes.length).fill(NO_MEMBERS);
    const whole = new Uint32Array(words);
    // Callees come first; functions that call each other share all that any of them touches.
    for (const component of graph.components) {
      whole.fill(0);
      const below = new Set<Members>();
      for (const id of component) {
        for (const t of own[id]) if (t.access & access) addBit(whole, t.name);
        for (const callees of graph.callees[id]) for (const callee of callees) below.add(found[callee]);
      }
      for (const members of below) join(whole, members);
      const members = kept(whole, below);
      for (const id of component) found[id] = members;
    }
    return found;
  };
  const reads = sets(READ);
  const writes = sets(WRITE);
  return {
    names: [...numbers.keys()],
    numbers,
    copied,
    words,
    own,
    after: new WeakMap(),
    before: new WeakMap(),
    reads: (id) => reads[id],
    writes: (id) => writes[id],
  };
}

const ACCESS = { R: READ, W: WRITE, RW: READ | WRITE, A: 0 } as const;

function ownTouches(view: ModuleView, id: number, numbers: Map<string, number>, copied: Map<string, boolean>): OwnTouch[] {
  const found: OwnTouch[] = [];
  for (const { name, type, access, at } of namedTouches(view, view.driver.analysis.summaries[id])) {
    if (!isCopied(view, id, name, type, copied)) continue;
    let number = numbers.get(name);
    if (number === undefined) numbers.set(name, (number = numbers.size));
    found.push({ name: number, access, at });
  }
  return found;
}

interface NamedTouch {
  name: string;
  type: CType;
  access: number;
  at: number;
}

/** What a function's own text and calls touch, by its summary. */
function namedTouches(view: ModuleView, summary: Summary): readonly NamedTouch[] {
  return view.driver.memory.of('touches', summary, () => findTouches(view, summary.function));
}

function findTouches(view: ModuleView, id: number): NamedTouch[] {
  const { analysis, knowledge } = view.driver;
  const { ir } = analysis.nodes[id];
  const found: NamedTouch[] = [];
  const add = (name: string | null, type: CType, access: number, at: number): void => {
    if (access !== 0 && name !== null) found.push({ name, type, access, at });
  };
  for (const i of ir.instructions) {
    if (i.op !== 'touch' || i.kernel !== null || i.access === 'A') continue;
    add(nameOfTouched(i.place), i.type, ACCESS[i.access], i.at);
  }
  for (const site of analysis.summaries[id].kernelCalls) {
    for (const [key, letter] of Object.entries(knowledge.functions.get(site.name)?.arguments ?? {})) {
      const argument = Number(key);
      const access = ACCESS[letter];
      if (access === 0) continue;
      const type = ir.calls[site.call].argumentTypes[argument];
      for (const path of site.arguments[argument] ?? []) {
        const name = placeName(analysis.paths, path);
        const known = name !== null && isContent(analysis.paths, path) ? content(name) : name;
        add(known, type?.kind === 'pointer' ? type.to : { kind: 'unknown' }, access, site.site.at);
      }
    }
  }
  return found;
}

/** What a pointer leads to: whoever writes there leaves the pointer alone, and whoever frees it only reads the pointer. */
function content(name: string): string {
  return `*${name}`;
}

/** `record.member`, `*record.member` for what the member points to, or the name of a global variable. */
function nameOfTouched({ base, steps }: Place): string | null {
  let isBehind = false;
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i];
    if (step.kind === 'deref') isBehind = true;
    if (step.kind !== 'field') continue;
    const name = `${step.record}.${step.field}`;
    return !step.record ? null : isBehind ? content(name) : name;
  }
  if (base.kind !== 'global') return null;
  return isBehind ? content(base.name) : base.name;
}

function isContent(paths: PathTable, path: number): boolean {
  let p = path;
  while (paths.step(p)?.kind === 'index') p = paths.parent(p);
  return paths.step(p)?.kind === 'deref';
}

/** True for a member of a record, or a variable of the module, that isolation copies. One look per name. */
function isCopied(view: ModuleView, id: number, name: string, type: CType, known: Map<string, boolean>): boolean {
  let copied = known.get(name);
  if (copied === undefined) known.set(name, (copied = isCopiedPlace(view, id, name, type)));
  return copied;
}

function isCopiedPlace(view: ModuleView, id: number, name: string, type: CType): boolean {
  const { driver } = view;
  const isBehind = name.startsWith('*');
  const holder = isBehind ? name.slice(1) : name;
  const dot = holder.indexOf('.');
  if (view.isBitWord(holder)) return false;
  if (dot < 0) return isOwnVariable(driver, id, holder) && !isUsedInPlace(driver, id, null, type);
  const record = holder.slice(0, dot);
  if (isBehind) return !inPlaceOf(driver).targets.has(holder) && !isUsedInPlace(driver, id, null, type);
  return !inPlaceRecords(view, id).has(record) && !isUsedInPlace(driver, id, { record, field: holder.slice(dot + 1) }, type);
}

/** A variable of the kernel's own is not the module's to copy, nor is one that never changes. */
function isOwnVariable(driver: DriverContext, id: number, name: string): boolean {
  const variable = driver.scopeOf(driver.analysis.nodes[id].file).variable(name);
  return variable !== undefined && variable.storage !== 'extern' && !variable.constant;
}

/** Records of the driver that lie in memory which the device shares: rings and descriptors. */
function inPlaceRecords(view: ModuleView, id: number): ReadonlySet<string> {
  return view.memo('records in place', view, () => {
    const { driver } = view;
    const scope = driver.scopeOf(driver.analysis.nodes[id].file);
    const found = new Set<string>();
    for (const target of inPlaceOf(driver).targets) {
      const dot = target.indexOf('.');
      const type = memberTypeOf(scope, target.slice(0, dot), target.slice(dot + 1));
      const resolved = type && scope.resolve(type);
      const pointee = resolved?.kind === 'pointer' ? scope.resolve(resolved.to) : null;
      if (pointee?.kind !== 'record') continue;
      const record = scope.record('struct', pointee.name) ?? scope.record('union', pointee.name);
      if (record?.origin === 'driver') found.add(record.name);
    }
    return found;
  });
}
