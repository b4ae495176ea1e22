/** Which arguments of kernel functions are records or strings: what the gate checks before the kernel follows them. */
import type { DriverContext } from '../context';

/** Arguments that travel in registers. */
const REGISTERS = 6;

/**
 * For each kernel function that the driver calls, one bit per argument that points to a record, and above those one per argument that
 * points to a string; such a one may be a user's. `void *` may hold a cookie and is left alone.
 */
export function handedPointers(driver: DriverContext): Map<string, number> {
  const { summaries, nodes } = driver.analysis;
  const masks = new Map<string, number>();
  const see = (name: string, file: string): void => {
    if (masks.has(name)) return;
    const scope = driver.scopeOf(file);
    let mask = 0;
    (scope.function(name)?.parameters.slice(0, REGISTERS) ?? []).forEach(({ type }, i) => {
      const resolved = scope.resolve(type);
      if (resolved.kind !== 'pointer') return;
      const to = scope.resolve(resolved.to);
      if (to.kind === 'record') mask |= 1 << i;
      else if (to.kind === 'basic' && to.name === 'char') mask |= 1 << (REGISTERS + i);
    });
    masks.set(name, mask);
  };
  for (const summary of summaries) for (const { name, site } of summary.kernelCalls) see(name, nodes[site.function].file);
  // Inline functions of the kernel call these: request_irq() is request_threaded_irq() when it is linked.
  const file = nodes[0]?.file;
  if (file !== undefined) for (const name of driver.knowledge.isolation.effects.keys()) see(name, file);
  for (const [name, mask] of masks) if (mask === 0) masks.delete(name);
  return masks;
}
