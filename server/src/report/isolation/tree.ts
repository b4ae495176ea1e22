/** The places that an entry point touches, as a tree over the steps that lead to them. */
import type { Effect } from '../../analysis/model';
import type { PathRoot, PathStep, PathTable } from '../../analysis/paths';

export interface PlaceNode {
  /** null for a root. */
  step: PathStep | null;
  children: PlaceNode[];
  effects: Effect[];
}

export interface RootNode extends PlaceNode {
  root: PathRoot;
}

/** One tree per root, in the order in which the effects name them. */
export function placeTrees(paths: PathTable, effects: Iterable<Effect>): RootNode[] {
  const roots: RootNode[] = [];
  const nodes = new Map<number, PlaceNode>();
  const nodeOf = (path: number): PlaceNode => {
    let node = nodes.get(path);
    if (node) return node;
    const step = paths.step(path);
    if (step === null) {
      const root: RootNode = { root: paths.rootOf(path), step, children: [], effects: [] };
      roots.push(root);
      node = root;
    } else {
      node = { step, children: [], effects: [] };
      nodeOf(paths.parent(path)).children.push(node);
    }
    nodes.set(path, node);
    return node;
  };
  for (const effect of effects) nodeOf(effect.path).effects.push(effect);
  return roots;
}

/** The node and all below it. */
export function* everyNode(node: PlaceNode): Generator<PlaceNode> {
  yield node;
  for (const child of node.children) yield* everyNode(child);
}
