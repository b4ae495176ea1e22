/** The objects that an entry point works on, from the roots of the places that it touches. */
import { READ, WRITE } from '../../analysis/model';
import type { VariableDeclaration } from '../../symbols/types';
import type { DriverContext, EntryContext } from '../context';
import { ObjectPlanner } from './planner';
import { everyNode, placeTrees, type RootNode } from './tree';

/** What is found; `unknown` says what cannot be told, and is the same with fields and without. */
export function planObjects(driver: DriverContext, context: EntryContext, withFields = true): ObjectPlanner {
  const planner = new ObjectPlanner(driver.scopeOf(context.node.file), driver.knowledge, withFields);
  for (const root of placeTrees(driver.analysis.paths, context.summary.effects.values())) planRoot(driver, context, planner, root);
  return planner;
}

/** The driver's own variable that a path's root names; statics of functions belong to the suspect code itself. */
function ownVariable(driver: DriverContext, name: string, file: string): VariableDeclaration | null {
  if (name.includes('.')) return null;
  const variable = driver.scopeOf(file).variable(name);
  if (!variable || !driver.ownFiles.has(variable.place.file)) return null;
  return variable;
}

function planRoot(driver: DriverContext, context: EntryContext, planner: ObjectPlanner, root: RootNode): void {
  const { node } = context;
  switch (root.root.kind) {
    case 'parameter': {
      const local = node.ir.locals[root.root.index];
      for (const child of root.children)
        if (child.step?.kind === 'deref') planner.target(child, { kind: 'parameter', name: local.name }, local.type);
      return;
    }
    case 'global': {
      const own = ownVariable(driver, root.root.name, node.file);
      if (own) planner.global(root, own, own.type);
      return;
    }
    case 'variable':
      for (const n of everyNode(root)) {
        if (!n.effects.some((e) => e.kernel === null && e.access & (READ | WRITE) && !driver.analysis.paths.isStackObject(e.path)))
          continue;
        planner.unknown.push({
          effect: n.effects[0],
          message: `it cannot be told what ${root.root.name} points to`,
          advice: `reach it through a parameter or a member whose type says what it points to`,
        });
        return;
      }
      return;
    case 'result': {
      // What kernel functions return is met at run time, when they return it. Inline ones run within the call.
      const callee = driver.scopeOf(node.file).function(root.root.name);
      const writes = [...everyNode(root)].some((n) => n.effects.some((e) => e.kernel === null && e.access & WRITE));
      if (writes && (!callee || callee.inline)) planner.writesThroughInlines = true;
      return;
    }
    default:
      // The stack is the call's own.
      return;
  }
}
