/**
 * What one isolated call costs, as an estimate. The weights come from `knowledge/cost.yaml`, which states where they were measured.
 */
import type { DriverContext, EntryContext } from './context';
import type { Cost, Field, GlobalUse, KernelCall } from './model';

/** Loops nest multiplicatively, but an estimate that assumes more than this per access says nothing. */
const MAXIMUM_WEIGHT = 1000;

function loopDepth(parents: readonly { parent: number }[], loop: number): number {
  let depth = 0;
  for (let l = loop; l >= 0; l = parents[l].parent) depth++;
  return depth;
}

/** Checked accesses per call, loops weighted, over everything that the entry point reaches. */
function checksOf(driver: DriverContext, entry: EntryContext): number {
  let checks = 0;
  for (const id of entry.functions) {
    const { ir } = driver.analysis.nodes[id];
    for (const i of ir.instructions) {
      if (i.op === 'touch' && i.access !== 'A') checks += Math.min(MAXIMUM_WEIGHT, driver.knowledge.cost.loopTurns ** loopDepth(ir.loops, i.loop));
    }
  }
  return checks;
}

export function costOf(driver: DriverContext, entry: EntryContext, fields: readonly Field[], globals: readonly GlobalUse[], calls: readonly KernelCall[]): Cost {
  const { cost } = driver.knowledge;
  let bytesIn = 0;
  let bytesOut = 0;
  for (const f of fields) {
    if (f.direction === 'in' || f.direction === 'inout') bytesIn += f.access === 'A' ? 0 : (f.bytes ?? 0);
    if (f.direction === 'out' || f.direction === 'inout') bytesOut += f.bytes ?? 0;
  }
  const ranges = fields.length + globals.filter((g) => !g.constant).length;
  const checks = Math.round(checksOf(driver, entry));
  const kernelCrossings = calls.reduce((sum, c) => sum + c.count, 0);
  const loops = entry.functions.reduce((sum, id) => sum + driver.analysis.nodes[id].ir.loops.length, 0);
  const estimate = cost.entry + ranges * cost.perRange + checks * cost.perCheck + (bytesIn + bytesOut) * cost.perByteCopied + kernelCrossings * cost.perKernelCrossing;
  return { bytesIn, bytesOut, ranges, checks, kernelCrossings, loops, estimatedNanoseconds: Math.round(estimate) };
}
