/**
 * Access paths, interned: a path is a number, so that sets and maps of paths are cheap.
 * A path names a place in memory by how a function reaches it: a root and the steps from there.
 */
import { PairMap } from './pairMap';

export type PathRoot =
  /** Parameter number `index` of the function whose summary holds the path. */
  | { kind: 'parameter'; index: number }
  | { kind: 'global'; name: string }
  /** What a kernel function returned: fresh memory or an object of the kernel's. */
  | { kind: 'result'; name: string }
  /** A variable on the stack of the function at hand. */
  | { kind: 'local'; index: number }
  /** A variable of that name in some function: the object on its stack, or, through a deref, what it points to when nothing else is known. */
  | { kind: 'variable'; name: string };

export type PathStep =
  | { kind: 'deref' }
  | { kind: 'field'; record: string; field: string }
  | { kind: 'index'; at: number | null }
  /** From a member back to the record around it. */
  | { kind: 'container'; record: string; member: string }
  /** Memory that a kernel object keeps for the driver: `netdev_priv`, drvdata. */
  | { kind: 'private'; name: string };

/** Paths longer than this are cut: what lies deeper counts as part of the last place. */
const MAXIMUM_DEPTH = 24;

/** Traits of a path, which its continuations inherit. */
const LOCAL = 1;
const PARAMETER = 2;
const STACK = 4;
const ANY_ELEMENT = 8;

function traitsOfRoot({ kind }: PathRoot): number {
  if (kind === 'local') return LOCAL | STACK;
  return kind === 'parameter' ? PARAMETER | STACK : 0;
}

function traitsOfStep(parent: number, step: PathStep): number {
  if (step.kind === 'index') return step.at === null ? parent | ANY_ELEMENT : parent;
  return step.kind === 'field' ? parent : parent & ~STACK;
}

export class PathTable {
  /** `isDriverRecord` tells the driver's own records, whose pointers to each other are back pointers, from the kernel's (`device.parent`). */
  constructor(private readonly isDriverRecord: (record: string) => boolean) {}

  private readonly parents: number[] = [];
  private readonly steps: (PathStep | null)[] = [];
  private readonly roots: (PathRoot | null)[] = [];
  private readonly depths: number[] = [];
  private readonly byKey = new Map<string, number>();
  /** Steps are numbered too: a path and a step make one number, which leads to the path one step further. */
  private readonly stepNumbers = new Map<string, number>();
  private readonly stepsByNumber: PathStep[] = [];
  private readonly stepOf: number[] = [];
  /** Per path: its root, what is asked of it for every effect, and what stands for it when there are too many (-1: not asked yet). */
  private readonly rootIds: number[] = [];
  private readonly traits: number[] = [];
  private readonly foldedPaths: number[] = [];
  private readonly further = new PairMap();

  root(root: PathRoot): number {
    const key = root.kind === 'parameter' || root.kind === 'local' ? `${root.kind}:${root.index}` : `${root.kind}:${root.name}`;
    return this.byKey.get(key) ?? this.add(key, -1, null, root, -1);
  }

  /** The path one step further. What repeats through pointers (lists, trees, back pointers) folds back onto its first occurrence. */
  extend(path: number, step: PathStep): number {
    const key = stepKey(step);
    let number = this.stepNumbers.get(key);
    if (number === undefined) {
      this.stepNumbers.set(key, (number = this.stepsByNumber.length));
      this.stepsByNumber.push(step);
    }
    return this.extendBy(path, number);
  }

  /** `extend` by a step's number (`stepNumber` of a path): what substitution does millions of times. */
  extendBy(path: number, number: number): number {
    const found = this.further.get(path, number);
    if (found >= 0) return found;
    const step = this.stepsByNumber[number];
    const made = this.fold(path, step) ?? this.add('', path, step, null, number);
    this.further.set(path, number, made);
    return made;
  }

  /** The number of a path's last step. */
  stepNumber(path: number): number {
    return this.stepOf[path];
  }

  private fold(path: number, step: PathStep): number | null {
    if (step.kind === 'container') return this.uncontain(path, step);
    if (step.kind === 'index') {
      const last = this.steps[path];
      if (last?.kind === 'index' && last.at === null) return path;
    }
    if (this.depths[path] >= MAXIMUM_DEPTH) return path;
    if (step.kind !== 'field') return null;
    let crossed = false;
    for (let p = path; p >= 0; p = this.parents[p]) {
      const s = this.steps[p];
      if (s?.kind === 'deref' || s?.kind === 'container') crossed = true;
      if (!crossed || s?.kind !== 'field' || s.record !== step.record) continue;
      if (s.field === step.field) return p;
      // A pointer back to a record that the path came through (`vsi->back`, `hw->back`) leads to the same object.
      if (this.isDriverRecord(step.record)) return this.extend(this.parents[p], step);
    }
    return null;
  }

  /** `container_of(&x->m, …, m)` is `x`. */
  private uncontain(path: number, step: Extract<PathStep, { kind: 'container' }>): number | null {
    let p = path;
    const index = this.steps[p];
    if (index?.kind === 'index') p = this.parents[p];
    const last = this.steps[p];
    if (last?.kind === 'field' && last.record === step.record && last.field === step.member) return this.parents[p];
    return null;
  }

  private add(key: string, parent: number, step: PathStep | null, root: PathRoot | null, number: number): number {
    const id = this.parents.length;
    this.parents.push(parent);
    this.steps.push(step);
    this.roots.push(root);
    this.depths.push(parent < 0 ? 0 : this.depths[parent] + 1);
    this.stepOf.push(number);
    this.rootIds.push(parent < 0 ? id : this.rootIds[parent]);
    this.traits.push(root ? traitsOfRoot(root) : traitsOfStep(this.traits[parent], step!));
    this.foldedPaths.push(-1);
    if (key) this.byKey.set(key, id);
    return id;
  }

  get size(): number {
    return this.parents.length;
  }

  parent(path: number): number {
    return this.parents[path];
  }

  /** null for a root. */
  step(path: number): PathStep | null {
    return this.steps[path];
  }

  rootOf(path: number): PathRoot {
    return this.roots[this.rootIds[path]]!;
  }

  /** True when nothing but the function itself can reach the place. */
  isLocal(path: number): boolean {
    return (this.traits[path] & LOCAL) !== 0;
  }

  /** True for memory on the function's own stack: its variables and its parameters themselves, not what they point to. */
  isStack(path: number): boolean {
    return (this.traits[path] & STACK) !== 0;
  }

  /** True when the path means the same in every function: its root is no parameter and no local variable. */
  isSameEverywhere(path: number): boolean {
    return (this.traits[path] & (LOCAL | PARAMETER)) === 0;
  }

  /** True when the path goes through an element at an unknown index: writing it writes one of many. */
  isAnyElement(path: number): boolean {
    return (this.traits[path] & ANY_ELEMENT) !== 0;
  }

  /** The same steps from another root. */
  rebase(path: number, root: number): number {
    if (this.parents[path] < 0) return root;
    return this.extend(this.rebase(this.parents[path], root), this.steps[path]!);
  }

  /** What stands for a path when there are too many: its last member in its root object, whatever lies between. */
  folded(path: number): number {
    const known = this.foldedPaths[path];
    return known >= 0 ? known : (this.foldedPaths[path] = this.findFolded(path));
  }

  private findFolded(path: number): number {
    let member = path;
    while (member >= 0 && this.steps[member]?.kind !== 'field') member = this.parents[member];
    if (member < 0) return path;
    let root = path;
    let behindPointer = false;
    for (; this.parents[root] >= 0; root = this.parents[root]) if (this.steps[root]!.kind === 'deref') behindPointer = true;
    return this.extendBy(behindPointer ? this.extend(root, { kind: 'deref' }) : root, this.stepOf[member]);
  }

  /** The last member of a path in an object that only its record names: what means the same in every function. */
  anonymous(path: number): number {
    let member = path;
    while (member >= 0 && this.steps[member]?.kind !== 'field') member = this.parents[member];
    const step = member < 0 ? null : this.steps[member];
    const object = this.extend(this.root({ kind: 'variable', name: step?.kind === 'field' ? step.record || 'unnamed' : 'unnamed' }), {
      kind: 'deref',
    });
    return step ? this.extendBy(object, this.stepOf[member]) : object;
  }

  /** True for an object on the stack of a function below the entry point, which reached it by address. */
  isStackObject(path: number): boolean {
    let p = path;
    while (this.parents[p] >= 0 && this.parents[this.parents[p]] >= 0) p = this.parents[p];
    return this.roots[this.parents[p] < 0 ? p : this.parents[p]]?.kind === 'variable' && this.steps[p]?.kind !== 'deref';
  }

  /** The path up to its last member, without array elements behind it; -1 when the path has no member or ends behind a pointer. */
  fieldPath(path: number): number {
    let p = path;
    while (this.steps[p]?.kind === 'index') p = this.parents[p];
    return this.steps[p]?.kind === 'field' ? p : -1;
  }

  stepsOf(path: number): PathStep[] {
    const found: PathStep[] = [];
    for (let p = path; this.parents[p] >= 0; p = this.parents[p]) found.push(this.steps[p]!);
    return found.reverse();
  }
}

function stepKey(step: PathStep): string {
  switch (step.kind) {
    case 'deref':
      return '*';
    case 'field':
      return `.${step.record}.${step.field}`;
    case 'index':
      return `[${step.at ?? ''}]`;
    case 'container':
      return `^${step.record}.${step.member}`;
    case 'private':
      return `@${step.name}`;
  }
}

/** C-like text of a path: `dev->priv.chipset`, `container_of(work, rtl8139_private, thread)->lock`. */
export function pathText(table: PathTable, path: number, parameterNames: readonly string[]): string {
  const root = table.rootOf(path);
  let text = rootText(root, parameterNames);
  let pending = '';
  for (const step of table.stepsOf(path)) {
    if (step.kind === 'deref') {
      if (pending === '->') text = `(*${text})`;
      pending = '->';
    } else if (step.kind === 'field') {
      text += (pending || '.') + step.field;
      pending = '';
    } else if (step.kind === 'private') {
      text += (pending || '.') + step.name;
      pending = '';
    } else if (step.kind === 'index') {
      text += `[${step.at ?? ''}]`;
      pending = '';
    } else {
      text = `container_of(${pending === '->' ? '' : '&'}${text}, ${step.record}, ${step.member})`;
      pending = '->';
    }
  }
  return pending === '->' ? `*${text}` : text;
}

export function rootText(root: PathRoot, parameterNames: readonly string[]): string {
  switch (root.kind) {
    case 'parameter':
      return parameterNames[root.index] || `argument${root.index}`;
    case 'global':
    case 'variable':
      return root.name;
    case 'result':
      return `${root.name}()`;
    case 'local':
      return 'local';
  }
}
