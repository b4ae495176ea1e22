/** The entrance of `analysis`: everything about one module, from the forms of its functions and what its files declare. */
import type { Knowledge } from '../knowledge/model';
import type { FunctionIR } from '../ir/model';
import type { Scope } from '../symbols/types';
import { type DeclaredItem, findEntryPoints, type FoundEntryPoint, initializedPointers } from './entryPoints';
import { type PowerDeclaration, powerDeclarations } from './devicePower';
import { EffectVocabulary } from './effectTable';
import { type FunctionPointers, type PointerFacts, samePointers, solveFunctionPointers } from './functionPointers';
import type { FunctionNode, Summary } from './model';
import { PathTable } from './paths';
import { Substitution } from './substitution';
import { buildCallGraph, type CallGraph, type Earlier, type ModuleFunctions, summarize } from './summarize';

export interface ModuleInput {
  /** Functions in the order of files and text. */
  functions: readonly { file: string; itemStart: number; ir: FunctionIR; isHeader: boolean }[];
  items: readonly DeclaredItem[];
  knowledge: Knowledge;
  scopeOf(file: string): Scope;
  isDriverRecord(name: string): boolean;
}

export interface ModuleAnalysis {
  nodes: readonly FunctionNode[];
  paths: PathTable;
  vocabulary: EffectVocabulary;
  /** Paths after the first analysis that made the table. */
  firstPaths: number;
  graph: CallGraph;
  summaries: readonly Summary[];
  pointers: FunctionPointers;
  pointerFacts: PointerFacts;
  entryPoints: readonly FoundEntryPoint[];
  /** Tables of power-management callbacks that the module fills. */
  power: readonly PowerDeclaration[];
  /** Functions whose summaries are others than in the earlier analysis; null when nothing was taken over. */
  renewed: ReadonlySet<number> | null;
  resolve(name: string, file: string): FunctionNode | undefined;
  /** The same for a name that a function pointer holds: that may be a static function of another file, which no call by name could mean. */
  pointed(name: string, file: string): FunctionNode | undefined;
}

/** How names find functions: a file's own static first, then what other files export, then inline functions of the driver's headers. */
function makeResolver(nodes: readonly FunctionNode[], headers: ReadonlySet<number>): Pick<ModuleAnalysis, 'resolve' | 'pointed'> {
  const byName = new Map<string, FunctionNode[]>();
  for (const node of nodes) {
    const list = byName.get(node.name);
    if (list) list.push(node);
    else byName.set(node.name, [node]);
  }
  const resolve = (name: string, file: string): FunctionNode | undefined => {
    const list = byName.get(name);
    if (!list) return undefined;
    return list.find((n) => n.file === file) ?? list.find((n) => !n.ir.isStatic) ?? list.find((n) => headers.has(n.id));
  };
  return { resolve, pointed: (name, file) => resolve(name, file) ?? byName.get(name)?.[0] };
}

/** Once this many times more paths were made than the first analysis needed, edits have left enough behind to start afresh. */
const MAXIMUM_PATH_GROWTH = 3;

/** What of an earlier analysis still holds: it does when the module has the same functions and its function pointers lead to the same ones. */
function earlierOf(previous: ModuleAnalysis | undefined, nodes: readonly FunctionNode[], pointers: FunctionPointers): Earlier | undefined {
  if (!previous || previous.nodes.length !== nodes.length || previous.paths.size > previous.firstPaths * MAXIMUM_PATH_GROWTH)
    return undefined;
  const changed = new Set<number>();
  for (const [id, node] of nodes.entries()) {
    const old = previous.nodes[id];
    if (old.name !== node.name || old.file !== node.file) return undefined;
    if (old.ir !== node.ir) changed.add(id);
  }
  return samePointers(previous.pointers, pointers) ? { graph: previous.graph, summaries: previous.summaries, changed } : undefined;
}

/**
 * Analyses a module. `previous` is an earlier analysis of it with the same declarations: what a body edit leaves untouched is taken over.
 */
export function analyzeModule(input: ModuleInput, previous?: ModuleAnalysis): ModuleAnalysis {
  const nodes: FunctionNode[] = input.functions.map((f, id) => ({ id, name: f.ir.name, file: f.file, ir: f.ir, itemStart: f.itemStart }));
  const headers = new Set(nodes.filter((_, i) => input.functions[i].isHeader).map((n) => n.id));
  const { resolve, pointed } = makeResolver(nodes, headers);
  const initialized = initializedPointers(input.items, input.scopeOf, input.knowledge, (name, file) => resolve(name, file) !== undefined);
  const pointerFacts: PointerFacts = previous?.pointerFacts ?? new WeakMap();
  const pointers = solveFunctionPointers(nodes, initialized.stores, initialized.globals, { resolve, pointed }, pointerFacts);
  const earlier = earlierOf(previous, nodes, pointers);
  const paths = earlier && previous ? previous.paths : new PathTable(input.isDriverRecord);
  const vocabulary = earlier && previous ? previous.vocabulary : new EffectVocabulary();
  const module: ModuleFunctions = {
    nodes,
    paths,
    vocabulary,
    amounts: { effects: 0, imports: 0 },
    substitution: new Substitution(paths),
    knowledge: input.knowledge,
    pointers,
    resolve,
    pointed,
  };
  const graph = buildCallGraph(module, earlier);
  const summaries = summarize(module, graph, earlier);
  const renewed = earlier ? new Set(summaries.flatMap((s, id) => (s === earlier.summaries[id] ? [] : [id]))) : null;
  const shared = new Set(input.items.flatMap((i) => (i.file.endsWith('.c') ? [] : i.declarations.records.map((r) => r.name))));
  const entryPoints = findEntryPoints({
    knowledge: input.knowledge,
    pointers,
    pointerFacts,
    initialized,
    nodes,
    pointed,
    isDriverRecord: input.isDriverRecord,
    isSharedRecord: (name) => shared.has(name),
  });
  return {
    nodes,
    paths,
    vocabulary,
    firstPaths: earlier && previous ? previous.firstPaths : paths.size,
    graph,
    summaries,
    pointers,
    pointerFacts,
    entryPoints,
    power: powerDeclarations(input.items, input.scopeOf, input.knowledge, pointers),
    renewed,
    resolve,
    pointed,
  };
}

/** All functions of the module that a call to `start` can reach, itself first. */
export function reachable(analysis: Pick<ModuleAnalysis, 'graph'>, start: number): number[] {
  const seen = new Set([start]);
  const order = [start];
  for (let i = 0; i < order.length; i++) {
    for (const callees of analysis.graph.callees[order[i]]) {
      for (const callee of callees) {
        if (seen.has(callee)) continue;
        seen.add(callee);
        order.push(callee);
      }
    }
  }
  return order;
}
