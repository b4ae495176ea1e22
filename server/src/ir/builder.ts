/** State while one function is lowered. Internal to `ir`. */
import type { Knowledge } from '../knowledge/model';
import type { Mark } from '../syntax/marks';
import type { ItemNodes } from '../syntax/nodes';
import type { ArgumentUse } from '../symbols/macroArguments';
import type { CType, Scope } from '../symbols/types';
import { pruneUnreachable } from './prune';
import type { Call, FunctionIR, Gap, Instruction, Local, Loop, Operand, Place, Touch, TouchAccess } from './model';

/** A lowered expression. */
export interface Value {
  operand: Operand;
  type: CType;
  /** Of an address: the kernel function that made it (`nand_to_mtd(chip)` is `&chip->base.mtd`). */
  kernel?: string;
}

/** A lowered lvalue. */
export interface PlaceValue {
  place: Place;
  type: CType;
  /** Width in bits of a bit-field, else null. */
  bits: number | null;
  /** The kernel function or macro that leads to the place, where the driver's text does not name it; else absent. */
  kernel?: string;
}

/** Where nodes, text and marks come from: the function's item, or the body of a kernel macro. */
export interface Source {
  nodes: ItemNodes;
  /** Masked text from the item's start. */
  text: string;
  marks: readonly Mark[];
  /** Offset of the item in the text that `marks` count in. */
  start: number;
  /** Set inside a kernel macro's body. */
  macro: MacroFrame | null;
}

/** The use of a kernel macro whose body is being lowered: its places count as the use's place. */
export interface MacroFrame {
  name: string;
  at: number;
  length: number;
  parameters: ReadonlyMap<string, { value: Value; place: PlaceValue | null; text: string }>;
  depth: number;
}

/** A kernel macro's body as an expression, ready to be lowered at a use. */
export interface MacroBody {
  parameters: string[];
  source: Omit<Source, 'macro'>;
  expression: number;
}

/** What lowering may ask about the world outside the function. */
export interface LoweringEnvironment {
  scope: Scope;
  knowledge: Knowledge;
  /** The body of a kernel macro that is an expression; undefined when it is none. */
  kernelMacro(name: string): MacroBody | undefined;
  /** What was found of the arguments of kernel macros; filled while functions are lowered. */
  argumentUses?: Map<string, readonly ArgumentUse[] | undefined>;
}

/** Deepest nesting of kernel macro bodies that is followed. */
export const MACRO_DEPTH = 6;

export class Builder {
  readonly instructions: Instruction[] = [];
  readonly calls: Call[] = [];
  readonly loops: Loop[] = [];
  readonly locals: Local[] = [];
  /** The variable whose initialiser is being lowered: its type may be named there before it has a value. */
  declaring: Pick<Local, 'name' | 'type'> | null = null;
  readonly gaps: Gap[] = [];
  readonly breakTargets: number[] = [];
  readonly continueTargets: number[] = [];
  /** Case labels of the switches around the current statement, innermost last. */
  readonly switches: { label: number }[][] = [];
  loop = -1;
  /** Calls of the function's own text by node. */
  readonly callOf = new Map<number, number>();
  /** Variables whose last value, in the order of the text, is the result of a call. */
  readonly resultIn = new Map<number, number>();
  private labels = 0;
  /** Per label: how many scopes were open when it was made. */
  private readonly labelScopes: number[] = [];
  /** Calls whose effect ends with a scope, and the depth of that scope. */
  private readonly guards: { call: number; depth: number }[] = [];
  private readonly namedLabels = new Map<string, number>();
  private readonly scopes: Map<string, number>[] = [new Map()];

  constructor(
    readonly environment: LoweringEnvironment,
    public source: Source,
  ) {}

  /** Lowers what the compiler looks at and never runs: nothing of it stays but the answer. */
  unevaluated<T>(action: () => T): T {
    const lists = [this.instructions, this.calls, this.gaps, this.loops];
    const lengths = lists.map((list) => list.length);
    const answer = action();
    lists.forEach((list, i) => (list.length = lengths[i]));
    for (const map of [this.callOf, this.resultIn]) for (const [key, call] of map) if (call >= this.calls.length) map.delete(key);
    return answer;
  }

  get scope(): Scope {
    return this.environment.scope;
  }

  newLabel(): number {
    this.labelScopes.push(this.scopes.length);
    return this.labels++;
  }

  namedLabel(name: string): number {
    let label = this.namedLabels.get(name);
    if (label === undefined) this.namedLabels.set(name, (label = this.newLabel()));
    return label;
  }

  addLocal(name: string, type: CType, parameter: boolean, isStatic = false): number {
    this.locals.push({ name, type, parameter, isStatic });
    if (name) this.scopes[this.scopes.length - 1].set(name, this.locals.length - 1);
    return this.locals.length - 1;
  }

  findLocal(name: string): number {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const found = this.scopes[i].get(name);
      if (found !== undefined) return found;
    }
    return -1;
  }

  inScope(action: () => void): void {
    this.scopes.push(new Map());
    action();
    this.releaseGuards(this.scopes.length - 1);
    while (this.guards.length > 0 && this.guards[this.guards.length - 1].depth >= this.scopes.length) this.guards.pop();
    this.scopes.pop();
  }

  /** Call number `call` takes something that is given back where the current scope ends. */
  guard(call: number): void {
    this.guards.push({ call, depth: this.scopes.length });
  }

  /** Gives back what the scopes hold that are left by a jump to a place in scope number `outer`, innermost first. */
  releaseGuards(outer: number): void {
    for (let i = this.guards.length - 1; i >= 0 && this.guards[i].depth > outer; i--)
      this.instructions.push({ op: 'release', call: this.guards[i].call, at: this.calls[this.guards[i].call].at });
  }

  /** A jump out of the scopes that were entered since the label was made. */
  leaveTo(label: number): void {
    this.releaseGuards(this.labelScopes[label]);
    this.instructions.push({ op: 'jump', to: label });
  }

  inSource<T>(source: Source, action: () => T): T {
    const outer = this.source;
    this.source = source;
    const result = action();
    this.source = outer;
    return result;
  }

  /** Where a node stands in the function's item: inside a kernel macro's body, the use of the macro. */
  at(node: number): number {
    return this.source.macro ? this.source.macro.at : this.source.nodes.start[node];
  }

  length(node: number): number {
    return this.source.macro ? this.source.macro.length : this.source.nodes.end[node] - this.source.nodes.start[node];
  }

  text(node: number): string {
    return this.source.text.slice(this.source.nodes.start[node], this.source.nodes.end[node]);
  }

  emit(instruction: Instruction): void {
    this.instructions.push(instruction);
  }

  /** `span`: of a plain write, how many instructions compute the value. */
  touch(target: PlaceValue, access: TouchAccess, node: number, span = 0): void {
    if (this.isPrivate(target.place)) {
      this.instructions.push({ op: 'local', place: target.place, access, at: this.at(node), span });
      return;
    }
    const touch: Touch = {
      op: 'touch',
      place: target.place,
      access,
      type: target.type,
      bits: target.bits,
      at: this.at(node),
      length: this.length(node),
      loop: this.loop,
      kernel: this.source.macro?.name ?? target.kernel ?? null,
    };
    this.instructions.push(touch);
  }

  /** Notes what could not be understood. What a kernel macro's body hides is the knowledge base's business, not the driver's. */
  gap(node: number, message: string): void {
    if (this.source.macro) return;
    this.gaps.push({ at: this.at(node), length: this.length(node), message });
  }

  /** True for memory that lives on the function's stack and nowhere else. */
  isPrivate(place: Place): boolean {
    if (place.base.kind !== 'local' || this.locals[place.base.local].isStatic) return false;
    return !place.steps.some((s) => s.kind === 'deref');
  }

  finish(head: Pick<FunctionIR, 'name' | 'at' | 'end' | 'returns' | 'attributes' | 'isStatic'>): FunctionIR {
    return {
      ...head,
      locals: this.locals,
      parameterCount: this.locals.filter((l) => l.parameter).length,
      instructions: pruneUnreachable(this.instructions, this.calls),
      calls: this.calls,
      loops: this.loops,
      gaps: this.gaps,
    };
  }
}

/** The place that a pointer value points to. */
export function targetOf(operand: Operand): Place {
  if (operand.kind === 'address') return operand.place;
  if (operand.kind === 'load') return { base: operand.place.base, steps: [...operand.place.steps, { kind: 'deref' }] };
  return { base: { kind: 'target', of: operand }, steps: [] };
}

/** The place `index` elements into what a pointer or array points to. Element 0 is the object itself. */
export function elementOf(place: Place, index: number | null, ofArray: boolean): Place {
  if (index === 0 && !ofArray) return place;
  const last = place.steps[place.steps.length - 1];
  if (!ofArray && last?.kind === 'index') return { base: place.base, steps: [...place.steps.slice(0, -1), { kind: 'index', at: null }] };
  return { base: place.base, steps: [...place.steps, { kind: 'index', at: index }] };
}
