/** Lock steps for people: the chain of calls to what really happens, and the words of a trace. */
import type { LockStep } from '../../analysis/lockModel';
import { type DriverContext, siteLocation } from '../context';
import type { TraceStep } from '../model';

/** Calls shown of a chain. */
const MAXIMUM_SHOWN = 6;

/** Where it really happens. */
export function innermost(step: LockStep): LockStep {
  let s = step;
  while (s.via) s = s.via;
  return s;
}

/** False when a function pointer on the way leaves open which function is called. */
export function isDirect(step: LockStep): boolean {
  for (let s: LockStep | null = step; s; s = s.via) if (s.indirect) return false;
  return true;
}

/** The calls that lead to a step, and the step itself with its own words. */
export function traceOf(driver: DriverContext, step: LockStep, words: (name: string) => string): TraceStep[] {
  const found: TraceStep[] = [];
  for (let s: LockStep | null = step; s && found.length < MAXIMUM_SHOWN; s = s.via) {
    const caller = driver.analysis.nodes[s.site.function].name;
    const message = s.via ? `${caller} calls ${s.name}` : `${caller} ${words(s.name)}`;
    found.push({ location: siteLocation(driver, s.site), message });
  }
  return found;
}
