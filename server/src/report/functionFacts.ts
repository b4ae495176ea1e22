/** What one function's own text contributes to calls, locks, device use and cost: computed once per function, asked for by every entry point above it. */
import type { CallSite } from '../analysis/model';
import type { FunctionIR } from '../ir/model';
import type { EffectKind, KernelFunction } from '../knowledge/model';
import type { DriverContext } from './context';
import { constantNames } from './registerNames';

/** A lock that is taken: under a name of the kernel's, or as what an argument points to. */
export interface LockTaken {
  primitive: string;
  name: string | null;
  paths: ReadonlySet<number>;
}

export interface FunctionFacts {
  /** Kernel calls by name. */
  calls: ReadonlyMap<string, number>;
  locks: readonly LockTaken[];
  deviceReads: number;
  deviceWrites: number;
  registers: readonly string[];
  /** Parameters that stand in the address of an access: what they are is the caller's to say. */
  registerParameters: readonly number[];
  /** Names of the global variables and `static` locals that the text names. */
  globals: ReadonlySet<string>;
  /** Checked accesses, loops weighted. */
  checks: number;
  loops: number;
}

/** Loops nest multiplicatively, but an estimate that assumes more than this per access says nothing. */
const MAXIMUM_WEIGHT = 1000;
/** Effects of kernel functions that read the device, and that write it. */
export const DEVICE_READS: ReadonlySet<EffectKind> = new Set<EffectKind>(['device-read', 'io-read', 'configuration-read']);
export const DEVICE_WRITES: ReadonlySet<EffectKind> = new Set<EffectKind>(['device-write', 'io-write', 'configuration-write']);

export function functionFacts(driver: DriverContext, id: number): FunctionFacts {
  const summary = driver.analysis.summaries[id];
  const known = driver.facts.get(summary);
  if (known) return known;
  const made = compute(driver, id);
  driver.facts.set(summary, made);
  return made;
}

function compute(driver: DriverContext, id: number): FunctionFacts {
  const { ir } = driver.analysis.nodes[id];
  const calls = new Map<string, number>();
  const locks: LockTaken[] = [];
  const registers = new Set<string>();
  const registerParameters = new Set<number>();
  let deviceReads = 0;
  let deviceWrites = 0;
  for (const site of driver.analysis.summaries[id].kernelCalls) {
    calls.set(site.name, (calls.get(site.name) ?? 0) + 1);
    const known = driver.knowledge.functions.get(site.name);
    if (!known) continue;
    if (known.lock && known.effects.includes('lock')) locks.push(lockTaken(site, known));
    const isRead = known.effects.some((e) => DEVICE_READS.has(e));
    const isWrite = known.effects.some((e) => DEVICE_WRITES.has(e));
    if (isRead) deviceReads++;
    if (isWrite) deviceWrites++;
    if (!isRead && !isWrite) continue;
    for (const text of addressTexts(driver, site, known)) {
      const named = constantNames(driver, id, text);
      for (const name of named.names) registers.add(name);
      for (const p of named.parameters) registerParameters.add(p);
    }
  }
  return {
    calls,
    locks,
    deviceReads,
    deviceWrites,
    registers: [...registers],
    registerParameters: [...registerParameters],
    globals: globalsNamed(ir),
    checks: checksOf(ir, driver.knowledge.cost.loopTurns),
    loops: ir.loops.length,
  };
}

function lockTaken(site: CallSite, known: KernelFunction): LockTaken {
  const { name, argument } = known.lock!;
  return { primitive: site.name, name: name ?? null, paths: site.arguments[argument] ?? new Set() };
}

/** The text of a call's address, or of its first arguments where nobody says which is the address. */
function addressTexts(driver: DriverContext, site: CallSite, known: KernelFunction): string[] {
  const texts = driver.analysis.nodes[site.site.function].ir.calls[site.call].argumentTexts;
  return known.device ? texts.slice(known.device.address, known.device.address + 1) : texts.slice(0, 3);
}

function checksOf(ir: FunctionIR, loopTurns: number): number {
  const weights = ir.loops.map((_, loop) => {
    let depth = 0;
    for (let l = loop; l >= 0; l = ir.loops[l].parent) depth++;
    return Math.min(MAXIMUM_WEIGHT, loopTurns ** depth);
  });
  let checks = 0;
  for (const i of ir.instructions) if (i.op === 'touch' && i.access !== 'A') checks += i.loop >= 0 ? weights[i.loop] : 1;
  return checks;
}

function globalsNamed(ir: FunctionIR): Set<string> {
  const names = new Set<string>();
  for (const i of ir.instructions) {
    if (i.op !== 'touch' || i.kernel !== null) continue;
    const { base } = i.place;
    if (base.kind === 'global') names.add(base.name);
    else if (base.kind === 'local' && ir.locals[base.local].isStatic) names.add(ir.locals[base.local].name);
  }
  return names;
}
