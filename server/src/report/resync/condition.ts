/** What the outcome of a condition depends on: memory that others can change, the device, or the function's own doing. */
import type { CallSite, Site } from '../../analysis/model';
import { lastField } from '../../analysis/functionPointers';
import type { Call, Instruction, LocalUse, Operand, Place, Touch } from '../../ir/model';
import type { EffectKind, KernelFunction } from '../../knowledge/model';
import { isDeviceMemory } from './deviceMemory';
import { isLocalName, objectsAt, objectsOfParameter } from './objects';
import { isUsedInPlace } from './place';
import { bitText, type ModuleView, placeName } from './view';

/** A member or variable that the condition looks at. */
export interface Watched {
  /** `record.member` or the variable's name. */
  name: string;
  /** Of a bit operation: the number of the bit as written. */
  bit: string | null;
  site: Site;
  /** True when isolation uses it where it is, so that the loop or wait sees what others write. */
  inPlace: boolean;
  /** True when looking also takes it (`test_and_set_bit`). */
  takes: boolean;
}

export interface Condition {
  watched: Watched[];
  /** It depends on the device, or on the result of something that the function does: the loop is about that. */
  work: boolean;
  /** It depends on a function that does more than look, though nothing says that it asks the device; what the driver's own reads is in `watched`. */
  opaque: boolean;
  /** It depends on a variable that the function itself counts. */
  counted: boolean;
}

/** Instructions that belong to the loop around the condition. */
export type Within = (instruction: number) => boolean;

/** Values of variables and callees followed from a condition. */
const MAXIMUM_DEPTH = 4;
/** A callee that reads more is no simple question about memory. */
const MAXIMUM_READS = 8;
const MAXIMUM_CALLEE_INSTRUCTIONS = 120;

const BENIGN: ReadonlySet<EffectKind> = new Set<EffectKind>(['pure', 'lock', 'unlock', 'log', 'sleep', 'delay']);

const WORKS: Condition = { watched: [], work: true, opaque: false, counted: false };

export function emptyCondition(): Condition {
  return { watched: [], work: false, opaque: false, counted: false };
}

/** What instructions `first` to `last` (exclusive) of a function read to come to their result. `within`: null outside of loops. */
export function readCondition(view: ModuleView, id: number, first: number, last: number, within: Within | null): Condition {
  const { instructions } = view.driver.analysis.nodes[id].ir;
  const whole = emptyCondition();
  // The sides of `&&` and `||` end with a branch each. A side that compares with what the function counts is its own affair.
  for (let start = Math.max(0, first), i = start; i < last; i++) {
    if (i + 1 < last && instructions[i].op !== 'branch') continue;
    const reader = new Reader(view, id, within);
    reader.read(start, i + 1, 0);
    whole.work ||= reader.found.work;
    whole.counted ||= reader.found.counted;
    whole.opaque ||= reader.found.opaque;
    if (!reader.found.counted) whole.watched.push(...reader.found.watched);
    start = i + 1;
  }
  return whole;
}

/** What a call `depth` calls below the condition adds to it: the same wherever it is called from, so it is read once per report. */
function conditionOfCallee(view: ModuleView, callee: number, depth: number): Condition {
  const { ir } = view.driver.analysis.nodes[callee];
  if (depth >= MAXIMUM_DEPTH || ir.instructions.length > MAXIMUM_CALLEE_INSTRUCTIONS) return WORKS;
  return view.memo(`condition of a callee ${depth}`, ir, () => {
    const reader = new Reader(view, callee, null);
    reader.read(0, ir.instructions.length, depth + 1);
    const { found } = reader;
    return { ...found, opaque: found.opaque || found.watched.length > MAXIMUM_READS || reader.writesMemory() };
  });
}

class Reader {
  readonly found = emptyCondition();
  private readonly instructions: readonly Instruction[];
  private readonly calls: readonly Call[];
  private readonly locals = new Set<number>();

  constructor(
    private readonly view: ModuleView,
    private readonly id: number,
    private readonly within: Within | null,
  ) {
    ({ instructions: this.instructions, calls: this.calls } = view.driver.analysis.nodes[id].ir);
  }

  read(first: number, last: number, depth: number): void {
    for (let i = Math.max(0, first); i < last; i++) {
      // Of a callee that works, nothing else counts.
      if (this.within === null && depth > 0 && this.found.work) return;
      const instruction = this.instructions[i];
      if (instruction.op === 'touch') this.touch(instruction, i, last);
      else if (instruction.op === 'local') this.local(instruction, depth);
      else if (instruction.op === 'call') this.call(this.calls[instruction.call], instruction.call, depth);
    }
  }

  private touch(touch: Touch, at: number, last: number): void {
    if (touch.access === 'A' || touch.access === 'W' || touch.kernel !== null) return;
    if (this.leadsFurther(touch.place, at, last)) return;
    if (touch.access === 'RW') {
      // `card->tries--`: the loop counts for itself.
      this.found.counted = true;
      return;
    }
    const { base } = touch.place;
    if (base.kind === 'local' && this.writesOf(base.local).length > 0 && !this.isReloaded(base.local)) {
      // Another object each time: the loop walks, it does not wait.
      this.found.counted = true;
      return;
    }
    if (isDeviceMemory(this.view.driver, this.id, touch.place, touch.type)) {
      this.found.work = true;
      return;
    }
    const field = lastField(touch.place);
    const name = field?.record
      ? `${field.record}.${field.field}`
      : base.kind === 'global' && touch.place.steps.length === 0
        ? base.name
        : null;
    if (this.isKernelVariable(touch.place)) return;
    for (const known of name === null ? this.namesBehindParameter(touch.place) : [name])
      this.found.watched.push({
        name: known,
        bit: null,
        site: { function: this.id, at: touch.at, length: touch.length },
        inPlace: isUsedInPlace(this.view.driver, this.id, field ?? null, touch.type),
        takes: false,
      });
  }

  /** `*condition` of a helper: what its callers hand to it. */
  private namesBehindParameter({ base, steps }: Place): string[] {
    if (base.kind !== 'local' || steps.length !== 1 || steps[0].kind !== 'deref') return [];
    if (!this.view.driver.analysis.nodes[this.id].ir.locals[base.local].parameter) return [];
    return [...objectsOfParameter(this.view, this.id, base.local)].filter((n) => !isLocalName(n));
  }

  /** A variable of the kernel's own (`jiffies`): time goes by whoever looks. */
  private isKernelVariable(place: Place): boolean {
    if (place.base.kind !== 'global') return false;
    const { driver } = this.view;
    const { file } = driver.analysis.nodes[this.id];
    const variable = driver.scopeOf(file).variable(place.base.name);
    return variable === undefined || (variable.storage === 'extern' && this.view.writersOf(place.base.name).length === 0);
  }

  /** True for a pointer that is read only to reach a place behind it, or to be handed to a call. */
  private leadsFurther(place: Place, at: number, last: number): boolean {
    for (let i = at + 1; i < last; i++) {
      const next = this.instructions[i];
      if ((next.op === 'touch' || next.op === 'local') && isBefore(place, next.place)) return true;
      if (next.op === 'call' && this.calls[next.call].arguments.some((a) => mentions(a, place))) return true;
    }
    return false;
  }

  private local(use: LocalUse, depth: number): void {
    if (use.place.base.kind !== 'local') return;
    const { local } = use.place.base;
    if (use.access === 'RW') this.found.counted = true;
    else if (use.access === 'R') this.localValue(local, depth);
    if (use.access !== 'R' || use.place.steps.length === 0) return;
    const field = lastField(use.place);
    // A record on the stack whose address others have (`wait_event(queue, context.done)`).
    if (field?.record)
      this.found.watched.push({
        name: `${field.record}.${field.field}`,
        bit: null,
        site: { function: this.id, at: use.at, length: field.field.length },
        inPlace: !this.isCopyOfMemory(local),
        takes: false,
      });
  }

  /** `now = card->counters`, `memcpy(&now, &card->counters, size)`: what the condition looks at is the member that is copied. */
  private isCopyOfMemory(local: number): boolean {
    const isWhole = ({ base, steps }: Place): boolean => base.kind === 'local' && base.local === local && steps.length === 0;
    return this.instructions.some((i) => {
      if (i.op === 'assign') return isWhole(i.place) && i.value.kind === 'load' && lastField(i.value.place) !== null;
      if (i.op !== 'call') return false;
      const { callee, arguments: operands } = this.calls[i.call];
      const known = callee.kind === 'name' ? this.view.driver.knowledge.functions.get(callee.name) : undefined;
      return operands.some(
        (o, index) =>
          o.kind === 'address' &&
          isWhole(o.place) &&
          known?.arguments[index] === 'W' &&
          operands.some((from, other) => from.kind === 'address' && known.arguments[other] === 'R' && lastField(from.place) !== null),
      );
    });
  }

  /** Follows what the loop assigns to a variable. */
  private localValue(local: number, depth: number): void {
    if (!this.within || this.locals.has(local) || depth > MAXIMUM_DEPTH) return;
    this.locals.add(local);
    for (const at of this.writesOf(local)) {
      const write = this.instructions[at] as LocalUse;
      if (write.access === 'RW') this.found.counted = true;
      else if (write.access === 'A') this.found.work ||= this.isFilledByCall(at);
      else {
        if (!this.hasReads(at - write.span, at)) this.readGuard(at, depth + 1);
        this.read(at - write.span, at, depth + 1);
      }
    }
  }

  private hasReads(first: number, last: number): boolean {
    return this.instructions.slice(Math.max(0, first), last).some((i) => i.op === 'touch' || i.op === 'call' || i.op === 'local');
  }

  /** A flag that is set to a constant depends on the branch before it. */
  private readGuard(at: number, depth: number): void {
    for (let i = at - 1; i >= 0 && this.within!(i); i--) {
      const branch = this.instructions[i];
      if (branch.op !== 'branch' || branch.span === 0) continue;
      this.read(i - branch.span, i, depth);
      return;
    }
  }

  /** True when the address goes to a call that may leave a result there; locks keep their flags. */
  private isFilledByCall(at: number): boolean {
    for (let i = at + 1; i < Math.min(at + 8, this.instructions.length); i++) {
      const next = this.instructions[i];
      if (next.op !== 'call') continue;
      const { callee } = this.calls[next.call];
      const known = callee.kind === 'name' ? this.view.driver.knowledge.functions.get(callee.name) : undefined;
      return !known || !known.effects.every((e) => BENIGN.has(e)) || known.effects.length === 0;
    }
    return true;
  }

  /** Where the loop writes a variable, or hands out its address. */
  private writesOf(local: number): number[] {
    if (!this.within) return [];
    const found: number[] = [];
    this.instructions.forEach((i, at) => {
      if (i.op !== 'local' || i.access === 'R' || i.place.base.kind !== 'local' || i.place.base.local !== local) return;
      if (i.place.steps.length === 0 && this.within!(at)) found.push(at);
    });
    return found;
  }

  /** True when the loop gives a pointer the same object each turn: it is loaded from memory, without walking on from itself. */
  private isReloaded(local: number): boolean {
    return this.writesOf(local).every((at) => {
      const write = this.instructions[at] as LocalUse;
      if (write.access !== 'W') return false;
      return this.instructions
        .slice(at - write.span, at)
        .every(
          (i) => i.op !== 'call' && !(i.op === 'local' && i.place.base.kind === 'local' && this.writesOf(i.place.base.local).length > 0),
        );
    });
  }

  private call(call: Call, index: number, depth: number): void {
    const { analysis, knowledge } = this.view.driver;
    if (call.kernel !== null) return;
    const callees = analysis.graph.callees[this.id][index];
    if (callees.length > 0) return this.driverCall(callees, depth);
    if (call.callee.kind !== 'name') {
      this.found.work = true;
      return;
    }
    const known = knowledge.functions.get(call.callee.name);
    const site = this.view.kernelCall(this.id, index);
    if (!site) return;
    if (known?.lvalues || known?.returns?.kind === 'argument') return;
    if (known && this.asksMemory(known, site)) return;
    if (known?.lock?.taken) {
      this.watchArgument(site, known.lock.argument, null, true);
      return;
    }
    if (!known || known.effects.length === 0) this.found.opaque = true;
    else if (!known.effects.some((e) => BENIGN.has(e))) this.found.work = true;
  }

  /** A kernel call that only looks at memory of its arguments (`test_bit`, `atomic_read`, `list_empty`). */
  private asksMemory(known: KernelFunction, site: CallSite): boolean {
    if (known.effects.some((e) => e !== 'pure' && e !== 'lock' && e !== 'unlock') || known.sleeps) return false;
    const bit = known.bit === undefined ? null : bitText(this.view.driver, site, known.bit);
    let asks = false;
    for (const [argument, access] of Object.entries(known.arguments)) {
      if (access !== 'R' && access !== 'RW') continue;
      asks = true;
      this.watchArgument(site, Number(argument), bit, access === 'RW');
    }
    for (const touch of asks ? [] : (known.touches ?? [])) {
      if (touch.access !== 'R') continue;
      asks = true;
      this.watchArgument(site, touch.argument, null, false);
    }
    return asks;
  }

  private watchArgument(site: CallSite, argument: number, bit: string | null, takes: boolean): void {
    const { driver } = this.view;
    const { paths } = driver.analysis;
    for (const path of site.arguments[argument] ?? []) {
      const root = paths.rootOf(path);
      if (root.kind === 'global' && this.isKernelVariable({ base: root, steps: [] })) continue;
      const own = placeName(paths, path);
      const names = own === null ? [...objectsAt(this.view, site, argument)].filter((n) => !isLocalName(n)) : [own];
      const member = paths.fieldPath(path);
      const step = member >= 0 ? paths.step(member) : null;
      const field = step?.kind === 'field' ? step : null;
      const type = driver.analysis.nodes[this.id].ir.calls[site.call].argumentTypes[argument];
      const pointee = type?.kind === 'pointer' ? type.to : type;
      const inPlace = bit !== null || takes || isUsedInPlace(driver, this.id, field, pointee ?? { kind: 'unknown' });
      for (const name of names)
        if (!this.found.watched.some((w) => w.name === name && w.bit === bit))
          this.found.watched.push({ name, bit, site: site.site, inPlace, takes });
    }
  }

  /** A small function that only looks at memory is part of the condition; any other does the loop's own work. */
  private driverCall(callees: readonly number[], depth: number): void {
    for (const callee of callees) {
      const asked = conditionOfCallee(this.view, callee, depth);
      if (asked.work) this.found.work = true;
      else {
        if (asked.opaque) this.found.opaque = true;
        this.found.watched.push(...asked.watched);
      }
    }
  }

  writesMemory(): boolean {
    return this.instructions.some((i) => i.op === 'touch' && (i.access === 'W' || i.access === 'RW') && i.kernel === null);
  }
}

/** True when `place` is a pointer through which `further` goes. */
function isBefore(place: Place, further: Place): boolean {
  if (further.steps.length <= place.steps.length || further.steps[place.steps.length].kind !== 'deref') {
    return further.base.kind === 'target' && mentions(further.base.of, place);
  }
  return sameBase(place, further) && place.steps.every((s, i) => sameStep(s, further.steps[i]));
}

function sameBase({ base: a }: Place, { base: b }: Place): boolean {
  if (a.kind === 'local') return b.kind === 'local' && a.local === b.local;
  if (a.kind === 'global') return b.kind === 'global' && a.name === b.name;
  return b.kind === 'target' && JSON.stringify(a) === JSON.stringify(b);
}

function sameStep(a: Place['steps'][number], b: Place['steps'][number]): boolean {
  if (a.kind !== b.kind) return false;
  return a.kind !== 'field' || (b.kind === 'field' && a.field === b.field && a.record === b.record);
}

/** True when an operand is the value of a place, or an address that is reached through it. */
function mentions(operand: Operand, place: Place): boolean {
  switch (operand.kind) {
    case 'load':
    case 'address':
      return (
        (sameBase(place, operand.place) &&
          operand.place.steps.length >= place.steps.length &&
          place.steps.every((s, i) => sameStep(s, operand.place.steps[i]))) ||
        (operand.place.base.kind === 'target' && mentions(operand.place.base.of, place))
      );
    case 'choice':
      return operand.of.some((o) => mentions(o, place));
    case 'container':
      return mentions(operand.of, place);
    default:
      return false;
  }
}
