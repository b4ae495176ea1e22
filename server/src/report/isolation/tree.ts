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

function sameStep(a: PathStep, b: PathStep): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** One tree per root, in the order in which the effects name them. */
export function placeTrees(paths: PathTable, effects: Iterable<Effect>): RootNode[] {
  const roots = new Map<string, RootNode>();
  for (const effect of effects) {
    const root = paths.rootOf(effect.path);
    const key = JSON.stringify(root);
    let tree = roots.get(key);
    if (!tree) roots.set(key, (tree = { root, step: null, children: [], effects: [] }));
    let node: PlaceNode = tree;
    for (const step of paths.stepsOf(effect.path)) {
      let child = node.children.find((c) => sameStep(c.step!, step));
      if (!child) node.children.push((child = { step, children: [], effects: [] }));
      node = child;
    }
    node.effects.push(effect);
  }
  return [...roots.values()];
}

/** The node and all below it. */
export function* everyNode(node: PlaceNode): Generator<PlaceNode> {
  yield node;
  for (const child of node.children) yield* everyNode(child);
}
