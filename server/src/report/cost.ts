/**
 * What one isolated call costs, as an estimate. The weights come from `knowledge/cost.yaml`, which states where they were measured.
 */
import type { CostTable, EffectKind, Knowledge } from '../knowledge/model';
import type { DriverContext, EntryContext } from './context';
import { DEVICE_READS, DEVICE_WRITES, functionFacts } from './functionFacts';
import type { Checkpoint } from './checkpointModel';
import type { Cost, CostParts, EntryPoint, Field, GlobalUse, KernelCall } from './model';

export function costOf(
  driver: DriverContext,
  entry: EntryContext,
  fields: readonly Pick<Field, 'direction' | 'bytes' | 'path'>[],
  globals: readonly GlobalUse[],
  calls: readonly KernelCall[],
): Cost {
  let bytesIn = 0;
  let bytesOut = 0;
  for (const f of fields) {
    if (f.direction === 'in' || f.direction === 'inout') bytesIn += f.bytes ?? 0;
    if (f.direction === 'out' || f.direction === 'inout') bytesOut += f.bytes ?? 0;
  }
  const ranges = fields.length + globals.filter((g) => !g.constant).length;
  let checks = 0;
  let loops = 0;
  for (const id of entry.functions) {
    const facts = functionFacts(driver, id);
    checks += facts.checks;
    loops += facts.loops;
  }
  const kernelCrossings = calls.reduce((sum, c) => sum + c.count, 0);
  const found = { bytesIn, bytesOut, ranges, checks: Math.round(checks), kernelCrossings, loops, estimatedNanoseconds: 0 };
  const parts = partsOf(driver.knowledge.cost, costCounts(driver.knowledge, { cost: found, fields, kernelCalls: calls }));
  return { ...found, estimatedNanoseconds: Math.round(Object.values(parts).reduce((sum, p) => sum + p, 0)) };
}

/** What a call's price is counted by: each has a weight in the cost table. */
export interface CostCounts {
  objects: number;
  ranges: number;
  checks: number;
  bytes: number;
  crossings: number;
  deviceAccesses: number;
  lockCalls: number;
  /** Functions of the driver that kernel functions call. */
  callbacks: number;
}

type Counted = { cost: Cost; fields: readonly Pick<Field, 'path'>[]; kernelCalls: readonly KernelCall[] };

export function costCounts(knowledge: Knowledge, { cost, fields, kernelCalls }: Counted): CostCounts {
  const found = { crossings: 0, deviceAccesses: 0, lockCalls: 0, callbacks: 0 };
  for (const { name, count } of kernelCalls) {
    const kind = crossingKind(knowledge, name);
    if (kind) found[kind] += count;
    found.callbacks += count * (knowledge.functions.get(name)?.callsBack ?? 0);
  }
  return { objects: objectsOf(fields), ranges: cost.ranges, checks: cost.checks, bytes: cost.bytesIn + cost.bytesOut, ...found };
}

/** What each part of a call costs, without the checkpoint. */
function partsOf(table: CostTable, counts: CostCounts): Omit<CostParts, 'checkpoint'> {
  return {
    call: table.entry,
    ranges: counts.ranges * table.perRange + counts.objects * table.perObject,
    checks: counts.checks * table.perCheck,
    bytes: counts.bytes * table.perByteCopied,
    crossings:
      counts.crossings * table.perKernelCrossing +
      counts.deviceAccesses * table.perDeviceAccess +
      counts.lockCalls * table.perLockCall +
      counts.callbacks * table.perCallback,
  };
}

/** Records of which fields are shared: what stands before the last arrow of their paths. */
function objectsOf(fields: readonly Pick<Field, 'path'>[]): number {
  const found = new Set<string>();
  for (const { path } of fields) {
    const arrow = path.lastIndexOf('->');
    found.add(arrow < 0 ? path : path.slice(0, arrow));
  }
  return found.size;
}

const DEVICE: ReadonlySet<EffectKind> = new Set<EffectKind>([...DEVICE_READS, ...DEVICE_WRITES, 'delay']);

/**
 * How a call is counted; null for none: what has no effect outside is compiled into the isolated code, and messages are written when
 * something is wrong.
 */
function crossingKind({ functions, loops }: Knowledge, name: string): 'crossings' | 'deviceAccesses' | 'lockCalls' | null {
  const known = functions.get(name);
  if (!known) return loops.has(name) ? null : 'crossings';
  // One that fills or reads a buffer is no short way: the buffer's memory is checked and published.
  if (known.effects.some((e) => DEVICE.has(e))) return Object.keys(known.arguments).length > 0 ? 'crossings' : 'deviceAccesses';
  if (known.effects.some((e) => e === 'lock' || e === 'unlock')) return 'lockCalls';
  const isFree = known.effects.some((e) => e === 'pure' || e === 'log') || (known.effects.length === 0 && known.macro);
  return isFree ? null : 'crossings';
}

/** An entry point's cost with its parts. A checkpoint costs something where the device is touched and one can be taken. */
export function withParts(driver: DriverContext, entry: EntryPoint, checkpoint: Checkpoint): Cost {
  const table = driver.knowledge.cost;
  const isTaken = checkpoint.status === 'derivable' && entry.device.reads + entry.device.writes > 0;
  const { call, ranges, checks, bytes, crossings } = partsOf(table, costCounts(driver.knowledge, entry));
  const parts: CostParts = {
    call,
    ranges: Math.round(ranges),
    checks: Math.round(checks),
    bytes: Math.round(bytes),
    crossings: Math.round(crossings),
    checkpoint: isTaken ? (table.checkpoint[busOf(driver)] ?? table.checkpoint.other ?? 0) : 0,
  };
  return { ...entry.cost, parts };
}

/** The driver's bus as the cost table names it: from the table of operations that it registers with (`pci_driver`). */
function busOf({ analysis, knowledge }: DriverContext): string {
  for (const { registrations } of analysis.entryPoints) {
    for (const { as } of registrations) {
      const bus = /^(\w+)_driver\./.exec(as)?.[1];
      if (bus !== undefined && Object.hasOwn(knowledge.cost.checkpoint, bus)) return bus;
    }
  }
  return 'other';
}
