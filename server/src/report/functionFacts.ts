/** What one function's own text contributes to calls, locks, device use and cost: computed once per function, asked for by every entry point above it. */
import type { CallSite } from '../analysis/model';
import type { FunctionIR } from '../ir/model';
import type { KernelFunction } from '../knowledge/model';
import { objectNames } from './calls';
import type { DriverContext } from './context';
import type { LockUse } from './model';

export interface FunctionFacts {
  /** Kernel calls by name. */
  calls: ReadonlyMap<string, number>;
  locks: readonly LockUse[];
  deviceReads: number;
  deviceWrites: number;
  registers: readonly string[];
  /** Checked accesses, loops weighted. */
  checks: number;
  loops: number;
}

/** Loops nest multiplicatively, but an estimate that assumes more than this per access says nothing. */
const MAXIMUM_WEIGHT = 1000;
const READS = new Set(['device-read', 'io-read', 'configuration-read']);
const WRITES = new Set(['device-write', 'io-write', 'configuration-write']);
const IDENTIFIER = /[A-Za-z_]\w*/g;

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
  const locks: LockUse[] = [];
  const registers = new Set<string>();
  let deviceReads = 0;
  let deviceWrites = 0;
  for (const site of driver.analysis.summaries[id].kernelCalls) {
    calls.set(site.name, (calls.get(site.name) ?? 0) + 1);
    const known = driver.knowledge.functions.get(site.name);
    if (!known) continue;
    if (known.lock && known.effects.includes('lock')) locks.push(...locksTaken(driver, site, known));
    const isRead = known.effects.some((e) => READS.has(e));
    const isWrite = known.effects.some((e) => WRITES.has(e));
    if (isRead) deviceReads++;
    if (isWrite) deviceWrites++;
    if (isRead || isWrite) for (const name of registersOf(driver, site, known)) registers.add(name);
  }
  return {
    calls,
    locks,
    deviceReads,
    deviceWrites,
    registers: [...registers],
    checks: checksOf(ir, driver.knowledge.cost.loopTurns),
    loops: ir.loops.length,
  };
}

function locksTaken(driver: DriverContext, site: CallSite, known: KernelFunction): LockUse[] {
  const names = known.lock!.name ? [known.lock!.name] : objectNames(driver, site, known.lock!.argument);
  return (names.length > 0 ? names : ['unknown']).map((name) => ({ name, primitive: site.name }));
}

/** Register names in a call's address, or in any argument where nobody says which is the address: constants that the driver's own text names. */
function registersOf(driver: DriverContext, site: CallSite, known: KernelFunction): string[] {
  const node = driver.analysis.nodes[site.site.function];
  const scope = driver.scopeOf(node.file);
  const names: string[] = [];
  const texts = node.ir.calls[site.call].argumentTexts;
  for (const text of known.device ? texts.slice(known.device.address, known.device.address + 1) : texts.slice(0, 3)) {
    for (const name of text.match(IDENTIFIER) ?? []) {
      if (scope.enumConstant(name) !== undefined || scope.macro(name)?.origin === 'driver') names.push(name);
    }
  }
  return names;
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
