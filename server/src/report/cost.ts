/**
 * What one isolated call costs, as an estimate. The weights come from `knowledge/cost.yaml`, which states where they were measured.
 */
import type { DriverContext, EntryContext } from './context';
import { functionFacts } from './functionFacts';
import type { Checkpoint } from './checkpointModel';
import type { Cost, CostParts, EntryPoint, Field, GlobalUse, KernelCall } from './model';

export function costOf(
  driver: DriverContext,
  entry: EntryContext,
  fields: readonly Pick<Field, 'direction' | 'bytes'>[],
  globals: readonly GlobalUse[],
  calls: readonly KernelCall[],
): Cost {
  const { cost } = driver.knowledge;
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
  const estimate =
    cost.entry +
    ranges * cost.perRange +
    checks * cost.perCheck +
    (bytesIn + bytesOut) * cost.perByteCopied +
    kernelCrossings * cost.perKernelCrossing;
  return { bytesIn, bytesOut, ranges, checks: Math.round(checks), kernelCrossings, loops, estimatedNanoseconds: Math.round(estimate) };
}

/** An entry point's cost with its parts. A checkpoint costs something where the device is touched and one can be taken. */
export function withParts(driver: DriverContext, { cost, device }: EntryPoint, checkpoint: Checkpoint): Cost {
  const table = driver.knowledge.cost;
  const isTaken = checkpoint.status === 'derivable' && device.reads + device.writes > 0;
  const parts: CostParts = {
    call: table.entry,
    ranges: Math.round(cost.ranges * table.perRange),
    checks: Math.round(cost.checks * table.perCheck),
    bytes: Math.round((cost.bytesIn + cost.bytesOut) * table.perByteCopied),
    crossings: Math.round(cost.kernelCrossings * table.perKernelCrossing),
    checkpoint: isTaken ? (table.checkpoint[busOf(driver)] ?? table.checkpoint.other ?? 0) : 0,
  };
  return { ...cost, parts };
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
