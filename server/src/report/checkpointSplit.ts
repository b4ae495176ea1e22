/** Suspend or resume, statement by statement, through the driver functions that they call. */
import { lastField } from '../analysis/functionPointers';
import type { CallSite, Site, Summary } from '../analysis/model';
import type { Call, Touch } from '../ir/model';
import type { StatementSpan } from '../ir/statementSpans';
import type { PowerPart } from '../knowledge/power';
import type { SplitStatement, StatementUse } from './checkpointModel';
import { asPower, type Parts, type Phase } from './checkpointParts';
import type { StateAccess } from './checkpointState';
import { siteLocation } from './context';

/** A statement with what the layers behind the report need of it. */
export interface SplitLeaf extends Omit<SplitStatement, 'location'> {
  site: Site;
  /** What it saves, by names for people (`record.member`, or the kernel's own saving). */
  saves: string[];
  /** Kernel functions that it calls itself. */
  kernelCalls: string[];
  /** Driver functions that it calls. */
  callees: number[];
  /** Of these, the ones whose statements have different parts. */
  expands: number[];
}

/** Calls followed from suspend or resume, and statements listed: enough to read; what lies deeper counts with its call. */
const MAXIMUM_DEPTH = 6;
const MAXIMUM_STATEMENTS = 400;
const ASSIGNED = /^(?:[\w\s*]*?[\s*])?(\w+)\s*(?:[-+|&^]|<<|>>)?=(?!=)/;
const DECLARES = /^[\w\s]+[\s*]\w+\s*(\[[^\]]*\]\s*)*(=|;|,)/;
/** Of several parts of one statement the first decides. */
const PRIORITY: readonly PowerPart[] = ['power', 'save', 'restart', 'stop', 'quiesce', 'reinitialise', 'neutral'];

interface Own extends SplitLeaf {
  span: StatementSpan;
  /** It has no part of its own and takes that of what it is for: `before` a delay or a read that is thrown away, `local` of whoever uses the variable. */
  pending: 'before' | 'local' | null;
  local: string | null;
  /** It calls something. */
  calling: boolean;
}

export interface SplitInput {
  parts: Parts;
  phase: Phase;
  /** `record.member` that resume reads: what suspend stores there is saved. */
  restoredFrom: ReadonlySet<string>;
  /** Functions that the other of suspend and resume reaches: what they read is no saving. */
  inOther: ReadonlySet<number>;
}

export interface Split {
  leaves: readonly SplitLeaf[];
  /** Functions whose statements were read, those of which none has a part included. */
  read: ReadonlySet<number>;
}

/** The statements of a function and of the driver functions that it calls, where those have more than one part. */
export function splitOf(input: SplitInput, root: number): Split {
  const walk = new Walk(input);
  walk.function(root, 0, []);
  return { leaves: walk.found.slice(0, MAXIMUM_STATEMENTS), read: walk.expanded };
}

class Walk {
  readonly found: SplitLeaf[] = [];
  readonly expanded = new Set<number>();

  constructor(private readonly input: SplitInput) {}

  function(id: number, depth: number, conditions: readonly string[]): void {
    this.expanded.add(id);
    const own = ownStatements(this.input, id, depth, conditions);
    for (const { span: _span, pending: _pending, local: _local, calling: _calling, ...leaf } of own) {
      if (this.found.length >= MAXIMUM_STATEMENTS) return;
      this.found.push(leaf);
      if (depth >= MAXIMUM_DEPTH) continue;
      for (const callee of leaf.expands) if (!this.expanded.has(callee)) this.function(callee, depth + 1, leaf.conditions);
    }
  }
}

function ownStatements(input: SplitInput, id: number, depth: number, outer: readonly string[]): Own[] {
  const { parts } = input;
  const { driver } = parts;
  const node = driver.analysis.nodes[id];
  const spans = driver.statementsOf(id);
  const textOf = (span: StatementSpan): string => driver.locator.text(node.file, node.itemStart + span.at, span.length);
  const heads = new Map<number, string>();
  spans.forEach((span, i) => {
    if (span.kind === 'head') heads.set(i, textOf(span));
  });
  const armed = wakeLocals(parts, spans, textOf);
  const does = byStatement(parts, id);
  const own: Own[] = [];
  for (const span of spans) {
    if (span.kind === 'jump') continue;
    const chain = chainOf(spans, span);
    const conditions = [...outer, ...chain.map(({ head, otherwise }) => (otherwise ? '!' : '') + heads.get(head)!)];
    const leaf = leafOf(input, id, depth, span, textOf(span), conditions, does);
    const arms = input.phase === 'suspend' && !parts.isShared(id) && chain.some(({ head }) => isArming(parts, heads.get(head)!, armed));
    const forWake = leaf.part === 'stop' && leaf.calls.length + leaf.kernelCalls.length === 0 && isArming(parts, leaf.text, armed);
    if (forWake && input.phase === 'suspend') leaf.part = 'power';
    if (arms || parts.isPowerFunction(node.name, input.phase)) arm(leaf, arms);
    const isDeclaration = span.kind === 'simple' && leaf.part === 'neutral' && !leaf.pending && DECLARES.test(leaf.text);
    if ((span.kind === 'head' || isDeclaration) && leaf.part === 'neutral' && leaf.pending !== 'local') continue;
    own.push(leaf);
  }
  settle(own);
  return own.filter((leaf) => leaf.part !== 'neutral' || leaf.span.kind === 'return' || leaf.calling);
}

/** Makes a statement part of the power state: under a condition on wake-up all that it does for the device, in a function named so what it sets itself. */
function arm(leaf: Own, whole: boolean): void {
  if (leaf.part !== 'mixed') leaf.part = asPower(leaf.part);
  else if (whole) {
    leaf.part = 'power';
    leaf.expands = [];
  }
}

function chainOf(spans: readonly StatementSpan[], span: StatementSpan): { head: number; otherwise: boolean }[] {
  const chain: { head: number; otherwise: boolean }[] = [];
  for (let s = span; s.parent >= 0; s = spans[s.parent]) chain.push({ head: s.parent, otherwise: s.otherwise });
  return chain.reverse();
}

/** Local variables that hold what is armed for wake-up (`u32 wufc = adapter->wol`). */
function wakeLocals(parts: Parts, spans: readonly StatementSpan[], textOf: (span: StatementSpan) => string): Set<string> {
  const names = new Set<string>();
  for (const span of spans) {
    if (span.kind !== 'simple') continue;
    const text = textOf(span);
    const assigned = ASSIGNED.exec(text);
    if (assigned && parts.matches('powerConditions', text.slice(assigned[0].length))) names.add(assigned[1]);
  }
  return names;
}

function isArming(parts: Parts, condition: string, armed: ReadonlySet<string>): boolean {
  return parts.matches('powerConditions', condition) || (condition.match(/[A-Za-z_]\w*/g) ?? []).some((w) => armed.has(w));
}

/** What a function does, found by the statement that it stands in. */
interface ByStatement {
  kernelCalls: Placed<CallSite>;
  unresolved: Placed<Summary['unresolved'][number]>;
  driverCalls: Placed<Summary['driverCalls'][number]>;
  accesses: Placed<StateAccess>;
  stores: Placed<Touch>;
  calls: Placed<Call>;
}

/** Finds what stands in a stretch of text, in the order of the list. */
class Placed<T> {
  private readonly order: number[];
  private readonly places: number[];

  constructor(
    private readonly list: readonly T[],
    placeOf: (item: T) => number,
  ) {
    const at = list.map(placeOf);
    this.order = at.map((_, i) => i).sort((a, b) => at[a] - at[b]);
    this.places = this.order.map((i) => at[i]);
  }

  in({ at, length }: StatementSpan): T[] {
    let low = 0;
    let high = this.places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.places[middle] < at) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < this.places.length && this.places[end] < at + length) end++;
    return this.order
      .slice(low, end)
      .sort((a, b) => a - b)
      .map((i) => this.list[i]);
  }
}

function byStatement({ driver, accesses }: Parts, id: number): ByStatement {
  const { ir } = driver.analysis.nodes[id];
  const { kernelCalls, unresolved, driverCalls } = driver.analysis.summaries[id];
  const stores = ir.instructions.flatMap((i) => (i.op === 'touch' && i.kernel === null && i.access.includes('W') ? [i] : []));
  return {
    kernelCalls: new Placed(kernelCalls, (c) => c.site.at),
    unresolved: new Placed(unresolved, (c) => c.site.at),
    driverCalls: new Placed(driverCalls, (c) => c.site.at),
    accesses: new Placed(accesses[id], (a) => a.at),
    stores: new Placed(stores, (i) => i.at),
    calls: new Placed(ir.calls, (c) => c.at),
  };
}

function leafOf(
  input: SplitInput,
  id: number,
  depth: number,
  span: StatementSpan,
  text: string,
  conditions: string[],
  does: ByStatement,
): Own {
  const { parts, phase } = input;
  const { driver } = parts;
  const { nodes } = driver.analysis;
  const found = new Set<PowerPart>();
  const reasons: string[] = [];
  const saves: string[] = [];
  const take = (part: PowerPart | null, reason: string): void => {
    if (!part || part === 'neutral') return;
    found.add(part);
    reasons.push(reason);
  };
  const kernel = does.kernelCalls.in(span);
  for (const site of kernel) {
    const written = parts.row(site.name) ? undefined : parts.accesses[id].find((a) => a.write && a.call === site.call);
    take(parts.partOf(site.name, phase), written ? `writes ${written.registers.join(', ')}` : site.name);
    const row = parts.row(site.name);
    if (row?.saves && row[phase] === 'save') saves.push(row.saves);
  }
  for (const { through } of does.unresolved.in(span)) take(parts.partOf(through, phase), through);
  const callees = [...new Set(does.driverCalls.in(span).flatMap((c) => c.callees))];
  const accesses = does.accesses.in(span);
  const writes = new Set(accesses.filter((a) => a.write).flatMap((a) => a.registers));
  const readsHere = accesses.some((a) => a.read);
  let readsBelow = false;
  let memory = false;
  const mixed = callees.some((c) => isMixed(input, id, c));
  // Statements of what only suspend and resume run are shown in any case; not those of every function that a pointer may mean.
  const isNamed = callees.length === 1;
  const expands = callees.filter((c) => isMixed(input, id, c) || (isNamed && !parts.isShared(c) && !parts.isCallback(c)));
  for (const callee of callees) {
    const inner = parts.aggregate(callee, phase);
    for (const part of inner.parts) take(part, nodes[callee].name);
    for (const register of inner.writes) writes.add(register);
    readsBelow ||= inner.reads;
    memory ||= inner.memory;
  }
  const stored = does.stores.in(span);
  memory ||= stored.length > 0 || kernel.some((site) => parts.changesMemory(site));
  const reads = readsHere || readsBelow;
  const restored = stored.flatMap((i) => {
    const field = lastField(i.place);
    return field && input.restoredFrom.has(`${field.record}.${field.field}`) ? [`${field.record}.${field.field}`] : [];
  });
  if (phase === 'suspend' && reads && restored.length > 0 && !input.inOther.has(id)) {
    saves.push(...restored);
    take('save', `${restored.join(', ')} is read by resume`);
  }
  const ownWrites = accesses.filter((a) => a.write);
  if (
    phase === 'suspend' &&
    ownWrites.length > 0 &&
    !mixed &&
    !parts.isShared(id) &&
    ownWrites.every((a) => a.registers.some((r) => parts.matches('powerRegisters', r)))
  ) {
    for (const part of [...found]) if (found.delete(part)) found.add(asPower(part));
  }
  // A function that is taken as a whole goes by what it does to the device.
  const submits = phase === 'resume' && callees.some((c) => parts.isCallback(c));
  const whole = callees.length > 0 && !mixed && !submits && writes.size > 0 ? (phase === 'suspend' ? 'quiesce' : 'reinitialise') : null;
  let part: PowerPart | 'mixed' = whole !== null && found.has(whole) ? whole : (PRIORITY.find((p) => found.has(p)) ?? 'neutral');
  if (mixed) part = 'mixed';
  let pending: Own['pending'] = null;
  let local: string | null = null;
  if (part === 'neutral') {
    const assigned = ASSIGNED.exec(text);
    const delays = kernel.some((c) => driver.knowledge.functions.get(c.name)?.effects.some((e) => e === 'delay' || e === 'sleep'));
    if (memory && !(reads && assigned === null && callees.length === 0)) {
      part = phase === 'suspend' ? (reads ? 'quiesce' : 'stop') : 'reinitialise';
      reasons.push(reads ? 'reads the device' : 'changes memory of the driver');
    } else if (delays || (reads && !assigned)) pending = 'before';
    else if (assigned && span.kind === 'simple' && (reads || (kernel.length === 0 && callees.length === 0 && !DECLARES.test(text)))) {
      pending = 'local';
      local = assigned[1];
    }
  }
  return {
    phase,
    function: nodes[id].name,
    site: { function: id, at: span.at, length: span.length },
    text,
    part,
    use: 'context',
    reason: [...new Set(reasons)].slice(0, 4).join(', '),
    depth,
    conditions,
    calls: callees.map((c) => nodes[c].name),
    writes: [...writes],
    saves: part === 'save' ? saves : [],
    kernelCalls: [...new Set(kernel.map((c) => c.name))],
    span,
    callees,
    expands,
    pending,
    local,
    calling: does.calls.in(span).some((c) => c.kernel === null),
  };
}

/**
 * True when the statements of a function must be told apart. What suspend and resume both run sets the device to a known state, and a
 * callback that resume runs by hand submits a request again: each does one thing as a whole. So do the parts of what ordinary entry points
 * call as well (the driver's own start and stop).
 */
function isMixed({ parts, phase, inOther }: SplitInput, caller: number, id: number): boolean {
  const inner = parts.aggregate(id, phase).parts;
  if (inner.size < 2) return false;
  if (inner.has('power') || inner.has('save')) return true;
  const isOrdinary = parts.isShared(caller) && parts.isShared(id);
  return !(inOther.has(id) || isOrdinary || (phase === 'resume' && parts.isCallback(id)));
}

/** Gives reads, delays and computations the part of what they are for. */
function settle(own: Own[]): void {
  own.forEach((leaf, i) => {
    if (leaf.pending !== 'local') return;
    const name = new RegExp(`\\b${leaf.local}\\b`);
    const user = own
      .slice(i + 1)
      .find((l) => l.part !== 'neutral' && l.writes.length > 0 && (name.test(l.text) || l.conditions.some((c) => name.test(c))));
    if (user && user.part !== 'stop' && user.part !== 'restart' && user.part !== 'mixed') {
      leaf.part = user.part;
      leaf.reason = `for ${user.reason}`;
    }
  });
  own.forEach((leaf, i) => {
    if (leaf.pending !== 'before') return;
    const before = own
      .slice(0, i)
      .reverse()
      .find((l) => l.part !== 'neutral');
    const after = own.slice(i + 1).find((l) => l.part !== 'neutral');
    const beside = before && before.part !== 'mixed' ? before : after;
    if (beside && beside.part !== 'mixed') {
      leaf.part = beside.part;
      leaf.reason = beside.reason.startsWith('belongs to') ? beside.reason : `belongs to ${beside.reason || 'the statement beside it'}`;
    }
  });
}

/** What generated code does with a statement. */
export function useOf(leaf: SplitLeaf, parts: Parts): StatementUse | 'mixed' {
  if (leaf.part === 'mixed') return 'mixed';
  if (leaf.part === 'neutral') return 'context';
  if (leaf.part === 'save') return 'checkpoint';
  const interrupt =
    leaf.kernelCalls.some((name) => parts.row(name)?.interrupt) || leaf.callees.some((c) => parts.aggregate(c, leaf.phase).interruptOnly);
  return leaf.part === 'power' || interrupt ? 'omitted' : 'restore';
}

/** A leaf as the report shows it. */
export function statementOf(leaf: SplitLeaf, parts: Parts): SplitStatement {
  const { site, saves: _saves, kernelCalls: _kernelCalls, callees: _callees, expands: _expands, ...rest } = leaf;
  return { ...rest, location: siteLocation(parts.driver, site), use: useOf(leaf, parts) };
}
