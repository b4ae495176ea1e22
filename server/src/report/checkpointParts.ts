/** What the calls and functions of suspend and resume are for, from what kernel functions do. */
import type { CallSite } from '../analysis/model';
import type { PowerCall, PowerPart } from '../knowledge/power';
import { type StateAccess, stateAccesses } from './checkpointState';
import { type DriverContext, reachedFrom } from './context';
import { powerFunctions } from './powerManagement';

export type Phase = 'suspend' | 'resume';

/** What a function and its callees do in one phase. */
export interface Aggregate {
  /** Without `neutral`. */
  parts: ReadonlySet<PowerPart>;
  /** Memory of the driver or the kernel is written. */
  memory: boolean;
  /** Device state is read. */
  reads: boolean;
  /** Names of device state that is written. */
  writes: ReadonlySet<string>;
  /** It registers or frees the interrupt handler and does nothing else. */
  interruptOnly: boolean;
}

const NOTHING: Aggregate = { parts: new Set(), memory: false, reads: false, writes: new Set(), interruptOnly: false };

/** The parts of calls and functions of one driver, computed on demand. */
export class Parts {
  readonly accesses: readonly (readonly StateAccess[])[];
  private readonly known = new Map<string, Aggregate>();
  private readonly partsOfCalls = new Map<string, PowerPart | null>();
  private readonly reached = new Map<number, readonly number[]>();
  private readonly shared: ReadonlySet<number>;
  private callbacks: ReadonlySet<number> | null = null;

  constructor(readonly driver: DriverContext) {
    this.accesses = stateAccesses(driver);
    this.shared = sharedFunctions(driver, (member) => this.matches('powerMembers', member));
  }

  /** True when ordinary entry points reach the function too: what it does is no matter of sleep. */
  isShared(id: number): boolean {
    return this.shared.has(id);
  }

  /** What a kernel function, or a member of a kernel record (`record.member`), is for; null when nothing says. */
  partOf(name: string, phase: Phase): PowerPart | null {
    const key = `${phase} ${name}`;
    let part = this.partsOfCalls.get(key);
    if (part === undefined) this.partsOfCalls.set(key, (part = this.partOfCall(name, phase)));
    return part;
  }

  private partOfCall(name: string, phase: Phase): PowerPart | null {
    const { power, functions } = this.driver.knowledge;
    const row = power.calls.get(name);
    if (row) return row[phase];
    const effects = functions.get(name)?.effects ?? [];
    const decisive = power.effects.find((e) => effects.includes(e.effect));
    if (decisive) return decisive[phase];
    const state = power.state.get(name);
    if (state && state.access !== 'R') return phase === 'suspend' ? 'quiesce' : 'reinitialise';
    return null;
  }

  /** All functions of the module that a call can reach, the function itself first. */
  reachable(id: number): readonly number[] {
    let reached = this.reached.get(id);
    if (!reached) this.reached.set(id, (reached = reachedFrom(this.driver, id)));
    return reached;
  }

  row(name: string): PowerCall | undefined {
    return this.driver.knowledge.power.calls.get(name);
  }

  matches(words: string, text: string): boolean {
    return this.driver.knowledge.power.words.get(words)?.test(text) ?? false;
  }

  /** True when a kernel call changes memory that it is given, and is known for nothing else. */
  changesMemory(site: CallSite): boolean {
    const known = this.driver.knowledge.functions.get(site.name);
    if (!known || known.effects.length > 0) return false;
    const { paths } = this.driver.analysis;
    return site.arguments.some((targets, i) => {
      const access = known.arguments[i];
      return (access === 'W' || access === 'RW') && [...targets].some((path) => !paths.isStack(path));
    });
  }

  /** True for functions that the kernel calls back: handed to it by a call or stored at run time. */
  isCallback(id: number): boolean {
    this.callbacks ??= new Set(
      this.driver.analysis.entryPoints.flatMap((e) =>
        e.registrations.some((r) => r.kind === 'call' || r.kind === 'assign') ? [e.function.id] : [],
      ),
    );
    return this.callbacks.has(id);
  }

  /** True for functions whose name says that they set the power state, or in suspend the wake-up. */
  isPowerFunction(name: string, phase: Phase): boolean {
    return this.matches('powerFunctions', name) || (phase === 'suspend' && this.matches('wakeFunctions', name));
  }

  aggregate(id: number, phase: Phase): Aggregate {
    const key = `${id} ${phase}`;
    const known = this.known.get(key);
    if (known) return known;
    // A recursive call adds nothing to what the function does anyway.
    this.known.set(key, NOTHING);
    const made = this.remembered(id, phase);
    this.known.set(key, made);
    return made;
  }

  /** The aggregate of the last report, where the function and all that it rests on are the same. */
  private remembered(id: number, phase: Phase): Aggregate {
    const { summaries } = this.driver.analysis;
    const given: unknown[] = [this.accesses[id], this.isShared(id)];
    for (const call of summaries[id].driverCalls) for (const callee of call.callees) given.push(this.aggregate(callee, phase));
    const kind = phase === 'suspend' ? 'aggregate of suspend' : 'aggregate of resume';
    return this.driver.memory.whileSame(kind, summaries[id], given, () => this.compute(id, phase));
  }

  private compute(id: number, phase: Phase): Aggregate {
    const { summaries, nodes } = this.driver.analysis;
    const parts = new Set<PowerPart>();
    const writes = new Set<string>();
    let memory = this.driver.memory.of('changes memory', summaries[id], () =>
      nodes[id].ir.instructions.some((i) => i.op === 'touch' && i.kernel === null && i.access.includes('W')),
    );
    let reads = false;
    let interrupts = false;
    const take = (part: PowerPart | null): void => {
      if (part && part !== 'neutral') parts.add(part);
    };
    for (const site of summaries[id].kernelCalls) {
      take(this.partOf(site.name, phase));
      memory ||= this.changesMemory(site);
      interrupts ||= this.row(site.name)?.interrupt === true;
    }
    for (const { through } of summaries[id].unresolved) take(this.partOf(through, phase));
    for (const access of this.accesses[id]) {
      reads ||= access.read;
      if (access.write) for (const register of access.registers) writes.add(register);
    }
    for (const call of summaries[id].driverCalls) {
      for (const callee of call.callees) {
        const inner = this.aggregate(callee, phase);
        for (const part of inner.parts)
          parts.add(part === 'power' && this.isShared(id) ? (phase === 'suspend' ? 'quiesce' : 'reinitialise') : part);
        interrupts ||= inner.interruptOnly;
        for (const register of inner.writes) writes.add(register);
        memory ||= inner.memory;
        reads ||= inner.reads;
      }
    }
    const powers = this.isPowerFunction(nodes[id].name, phase);
    const named = powers ? new Set([...parts].map((p) => asPower(p))) : parts;
    // In resume, what is stopped before the device is set up belongs to setting it up.
    if (phase === 'resume' && named.has('reinitialise')) named.delete('stop');
    return { parts: named, memory, reads, writes, interruptOnly: interrupts && writes.size === 0 && named.size === 1 };
  }
}

/** Functions that entry points reach which have nothing to do with power. `isPower` tells by the member of a registration. */
function sharedFunctions(driver: DriverContext, isPower: (member: string) => boolean): Set<number> {
  const power = powerFunctions(driver);
  const shared = new Set<number>();
  for (const { function: node, registrations } of driver.analysis.entryPoints) {
    if (power.has(node.name) || registrations.every((r) => isPower(r.as.slice(r.as.indexOf('.') + 1)))) continue;
    for (const id of reachedFrom(driver, node.id)) shared.add(id);
  }
  return shared;
}

/** What sets the device's registers for its power state is power; stopping and restarting stays what it is. */
export function asPower(part: PowerPart): PowerPart {
  return part === 'quiesce' || part === 'reinitialise' || part === 'save' ? 'power' : part;
}
