/** Which functions their author marked to run isolated. */
import type { FunctionIR } from '../ir/model';

/** `__isolate` is how the 2013 annotation `__attribute__((isolate))` reads. */
const SUSPECT: ReadonlySet<string> = new Set(['__fgft_suspect', '__fgft_suspect_if', '__isolate']);

export function isSuspect(ir: FunctionIR): boolean {
  return ir.attributes.some((a) => SUSPECT.has(a.name));
}
