/** Which arguments of kernel functions are records: what the gate checks before the kernel follows them. */
import type { DriverContext } from '../context';

/** Arguments that travel in registers. */
const REGISTERS = 6;

/**
 * For each kernel function that the driver calls, one bit per argument that points to a record. `void *` and `char *` may hold cookies and
 * user addresses, and are left alone.
 */
export function handedPointers(driver: DriverContext): Map<string, number> {
  const { summaries, nodes } = driver.analysis;
  const masks = new Map<string, number>();
  for (const summary of summaries) {
    for (const { name, site } of summary.kernelCalls) {
      if (masks.has(name)) continue;
      const scope = driver.scopeOf(nodes[site.function].file);
      const parameters = scope.function(name)?.parameters.slice(0, REGISTERS) ?? [];
      let mask = 0;
      parameters.forEach(({ type }, i) => {
        const resolved = scope.resolve(type);
        if (resolved.kind === 'pointer' && scope.resolve(resolved.to).kind === 'record') mask |= 1 << i;
      });
      masks.set(name, mask);
    }
  }
  for (const [name, mask] of masks) if (mask === 0) masks.delete(name);
  return masks;
}
