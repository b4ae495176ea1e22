/**
 * What one isolated call costs, as an estimate. The weights come from `knowledge/cost.yaml`, which states where they were measured.
 */
import type { DriverContext, EntryContext } from './context';
import { functionFacts } from './functionFacts';
import type { Cost, Field, GlobalUse, KernelCall } from './model';

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
