/** Which members each function touches, its callees included, as bit sets over the names of the module: cheap to join and to compare. */
import { READ, WRITE } from '../../analysis/model';
import { lastField } from '../../analysis/functionPointers';
import type { CType } from '../../symbols/types';
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
  own(id: number): readonly OwnTouch[];
  /** Members that a function and what it calls read, or write. */
  reads(id: number): Uint32Array;
  writes(id: number): Uint32Array;
}

/** The sets of a module, made once. Members that are used in place are left out: they never cross. */
export function touchedIn(view: ModuleView): Touched {
  return view.memo('touched', view, () => makeTouched(view));
}

export function addBit(set: Uint32Array, bit: number): void {
  set[bit >> 5] |= 1 << (bit & 31);
}

export function join(into: Uint32Array, other: Uint32Array): void {
  for (let i = 0; i < into.length; i++) into[i] |= other[i];
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
  const own = nodes.map((_, id) => ownTouches(view, id, numbers));
  const words = Math.max(1, (numbers.size + 31) >> 5);
  const sets = (access: number): Uint32Array[] => {
    const found = own.map((touches) => {
      const set = new Uint32Array(words);
      for (const t of touches) if (t.access & access) addBit(set, t.name);
      return set;
    });
    // Callees come first; functions that call each other share all that any of them touches.
    for (const component of graph.components) {
      const whole = new Uint32Array(words);
      for (const id of component) {
        join(whole, found[id]);
        for (const callees of graph.callees[id]) for (const callee of callees) join(whole, found[callee]);
      }
      for (const id of component) found[id] = whole;
    }
    return found;
  };
  const reads = sets(READ);
  const writes = sets(WRITE);
  return { names: [...numbers.keys()], words, own: (id) => own[id], reads: (id) => reads[id], writes: (id) => writes[id] };
}

const ACCESS = { R: READ, W: WRITE, RW: READ | WRITE, A: 0 } as const;

function ownTouches(view: ModuleView, id: number, numbers: Map<string, number>): OwnTouch[] {
  const { analysis, knowledge } = view.driver;
  const { ir } = analysis.nodes[id];
  const found: OwnTouch[] = [];
  const add = (name: string | null, type: CType, access: number, at: number): void => {
    if (access === 0 || name === null || !isCopied(view, id, name, type)) return;
    let number = numbers.get(name);
    if (number === undefined) numbers.set(name, (number = numbers.size));
    found.push({ name: number, access, at });
  };
  for (const i of ir.instructions) {
    if (i.op !== 'touch' || i.kernel !== null || i.access === 'A') continue;
    const field = lastField(i.place);
    add(field?.record ? `${field.record}.${field.field}` : null, i.type, ACCESS[i.access], i.at);
  }
  for (const site of analysis.summaries[id].kernelCalls) {
    for (const [key, letter] of Object.entries(knowledge.functions.get(site.name)?.arguments ?? {})) {
      const argument = Number(key);
      const access = ACCESS[letter];
      if (access === 0) continue;
      const type = ir.calls[site.call].argumentTypes[argument];
      for (const path of site.arguments[argument] ?? [])
        add(placeName(analysis.paths, path), type?.kind === 'pointer' ? type.to : { kind: 'unknown' }, access, site.site.at);
    }
  }
  return found;
}

/** True for a member of a record that isolation copies. One look per name. */
function isCopied(view: ModuleView, id: number, name: string, type: CType): boolean {
  const known = view.memo('copied', view, () => new Map<string, boolean>());
  let copied = known.get(name);
  if (copied === undefined) {
    const dot = name.indexOf('.');
    copied =
      dot > 0 && !view.isBitWord(name) && !isUsedInPlace(view.driver, id, { record: name.slice(0, dot), field: name.slice(dot + 1) }, type);
    known.set(name, copied);
  }
  return copied;
}
