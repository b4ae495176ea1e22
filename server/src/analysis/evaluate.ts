/** What operands of one function may point to. Flow-insensitive: a variable may point to whatever it is ever given. */
import type { KernelFunction } from '../knowledge/model';
import type { Call, FunctionIR, Operand, Place } from '../ir/model';
import type { PathTable } from './paths';

/** A pointer with more targets than this is cut: the rest would be noise. */
const MAXIMUM_TARGETS = 12;

const NONE: ReadonlySet<number> = new Set();

export interface EvaluationEnvironment {
  paths: PathTable;
  knowledge(name: string): KernelFunction | undefined;
  /** What a call to functions of the module returns, in the caller's paths; null when the callee is not the module's. */
  returned(call: Call, index: number, argumentsOf: () => ReadonlySet<number>[]): ReadonlySet<number> | null;
}

export class Evaluation {
  private readonly contents = new Map<number, Set<number>>();
  private readonly results = new Map<number, ReadonlySet<number>>();
  private depth = 0;

  constructor(
    private readonly ir: FunctionIR,
    private readonly environment: EvaluationEnvironment,
  ) {
    // Twice, so that what a loop assigns at its end is seen at its head.
    for (let round = 0; round < 2; round++) {
      this.results.clear();
      let changed = false;
      for (const instruction of ir.instructions)
        if (instruction.op === 'assign') changed = this.assign(instruction.place, instruction.value) || changed;
      if (!changed) break;
    }
    this.results.clear();
  }

  private assign(place: Place, value: Operand): boolean {
    const targets = this.targets(value);
    if (targets.size === 0) return false;
    let changed = false;
    for (const path of this.places(place)) {
      if (!this.environment.paths.isStack(path)) continue;
      if (targets.has(path)) continue;
      let set = this.contents.get(path);
      if (!set) this.contents.set(path, (set = new Set()));
      for (const t of targets) {
        if (set.size >= MAXIMUM_TARGETS || set.has(t)) continue;
        set.add(t);
        changed = true;
      }
    }
    return changed;
  }

  /** The places that a place expression may name. */
  places(place: Place): ReadonlySet<number> {
    const { paths } = this.environment;
    let current: ReadonlySet<number>;
    const { base } = place;
    if (base.kind === 'local') {
      const local = this.ir.locals[base.local];
      if (local.isStatic) current = new Set([paths.root({ kind: 'global', name: `${this.ir.name}.${local.name}` })]);
      else
        current = new Set([paths.root(local.parameter ? { kind: 'parameter', index: base.local } : { kind: 'local', index: base.local })]);
    } else if (base.kind === 'global') current = new Set([paths.root({ kind: 'global', name: base.name })]);
    else current = this.targets(base.of);
    for (const step of place.steps) {
      const next = new Set<number>();
      for (const path of current) {
        if (step.kind === 'deref') for (const t of this.content(path)) next.add(t);
        else next.add(paths.extend(path, step));
      }
      current = next;
      if (current.size === 0) break;
    }
    return current;
  }

  /** What the pointer held in a place may point to. */
  private content(path: number): ReadonlySet<number> {
    const { paths } = this.environment;
    const root = paths.rootOf(path);
    if (root.kind === 'local') {
      const known = this.contents.get(path) ?? this.wholeContent(path);
      return known.size > 0 ? known : this.unknownTarget(path, root.index);
    }
    const symbolic = paths.extend(path, { kind: 'deref' });
    // A parameter that is assigned again points to what it is given as well.
    const assigned = root.kind === 'parameter' ? this.contents.get(path) : undefined;
    return assigned ? new Set([symbolic, ...assigned]) : new Set([symbolic]);
  }

  /** A pointer that was never seen to get a value still points somewhere: its object goes by the variable's name. */
  private unknownTarget(path: number, local: number): ReadonlySet<number> {
    const { paths } = this.environment;
    const name = [this.ir.locals[local].name, ...paths.stepsOf(path).map((s) => (s.kind === 'field' ? s.field : ''))]
      .filter(Boolean)
      .join('.');
    return new Set([paths.extend(paths.root({ kind: 'variable', name: name || 'unnamed' }), { kind: 'deref' })]);
  }

  /** Element or member of a local that was assigned as a whole or at an unknown index. */
  private wholeContent(path: number): ReadonlySet<number> {
    const { paths } = this.environment;
    const step = paths.step(path);
    if (step?.kind === 'index' && step.at !== null) {
      return this.contents.get(paths.extend(paths.parent(path), { kind: 'index', at: null })) ?? NONE;
    }
    if (step?.kind === 'index') return this.anyElement(paths.parent(path));
    return NONE;
  }

  /** What an element at an unknown index holds: that of any element that was given a value. */
  private anyElement(array: number): ReadonlySet<number> {
    const { paths } = this.environment;
    const found = new Set<number>();
    for (const [path, targets] of this.contents)
      if (paths.parent(path) === array && paths.step(path)?.kind === 'index') for (const t of targets) found.add(t);
    return found;
  }

  /** What a value may point to. */
  targets(operand: Operand): ReadonlySet<number> {
    if (this.depth > 40) return NONE;
    this.depth++;
    const found = this.targetsOf(operand);
    this.depth--;
    return found;
  }

  private targetsOf(operand: Operand): ReadonlySet<number> {
    switch (operand.kind) {
      case 'address':
        return this.places(operand.place);
      case 'load': {
        const found = new Set<number>();
        for (const path of this.places(operand.place)) for (const t of this.content(path)) found.add(t);
        return found;
      }
      case 'result':
        return this.result(operand.call);
      case 'choice': {
        const found = new Set<number>();
        for (const o of operand.of) for (const t of this.targets(o)) found.add(t);
        return found;
      }
      case 'container': {
        let current = this.targets(operand.of);
        for (let i = operand.member.length - 1; i >= 0; i--) {
          // Only the outermost member is known to belong to the record; inner ones are undone by name where the path shows them.
          const next = new Set<number>();
          for (const path of current) next.add(this.outOf(path, operand.record, operand.member[i], i === 0));
          current = next;
        }
        return current;
      }
      case 'constant':
      case 'string':
      case 'function':
      case 'unknown':
        return NONE;
    }
  }

  private outOf(path: number, record: string, member: string, outermost: boolean): number {
    const { paths } = this.environment;
    if (outermost) return paths.extend(path, { kind: 'container', record, member });
    const step = paths.step(path);
    return step?.kind === 'field' && step.field === member ? paths.parent(path) : path;
  }

  private result(index: number): ReadonlySet<number> {
    const known = this.results.get(index);
    if (known) return known;
    this.results.set(index, NONE);
    const found = this.resultOf(this.ir.calls[index], index);
    this.results.set(index, found);
    return found;
  }

  argumentsOf(call: Call): ReadonlySet<number>[] {
    return call.arguments.map((a) => this.targets(a));
  }

  private resultOf(call: Call, index: number): ReadonlySet<number> {
    const { paths } = this.environment;
    const own = this.environment.returned(call, index, () => this.argumentsOf(call));
    if (own) return own;
    if (call.callee.kind !== 'name') return new Set([paths.root({ kind: 'result', name: 'call' })]);
    const { name } = call.callee;
    const returns = this.environment.knowledge(name)?.returns;
    if (returns?.kind === 'private-area') {
      const found = new Set<number>();
      const argument = call.arguments[returns.argument];
      for (const t of argument ? this.targets(argument) : NONE) {
        const held = paths.extend(t, { kind: 'private', name: returns.name });
        found.add(returns.embedded ? held : paths.extend(held, { kind: 'deref' }));
      }
      if (found.size > 0) return found;
    }
    if (returns?.kind === 'argument') return this.targets(call.arguments[returns.argument] ?? { kind: 'unknown' });
    return new Set([paths.extend(paths.root({ kind: 'result', name }), { kind: 'deref' })]);
  }
}
