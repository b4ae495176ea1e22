/** Whether a lock could be given back for real where the driver gives it back: what is written while it is held. */
import { lastField } from '../../analysis/functionPointers';
import type { LockHazard, LockStep } from '../../analysis/lockModel';
import { WRITE } from '../../analysis/model';
import { type DriverContext, locksOfModule } from '../context';
import { innermost } from './lockTrace';

/** Fields named in a message. */
const SHOWN = 4;

/** One sentence: whether early release would do for this hazard. */
export function earlyRelease(driver: DriverContext, hazard: LockHazard): string {
  const { lock } = hazard;
  if (hazard.isCallers)
    return `Early release would not do alone: the caller took ${lock.name} and expects to hold it afterwards, so an abort has to take it again first.`;
  if (lock.kind === 'rcu' || lock.kind === 'irq' || lock.disables === 'preemption')
    return 'Early release would do: it guards no written field, so it can really end where the driver ends it.';
  const fields = writtenUnder(driver, hazard);
  if (fields === null) return `Early release would do if what is written under ${lock.name} is copied out at that point.`;
  if (fields.length === 0) return 'Early release would do: nothing is written under it, so there is nothing to copy out.';
  return `Early release would do: at that point ${listed(fields)}, written under it, ${fields.length === 1 ? 'is' : 'are'} copied out.`;
}

function listed(fields: readonly string[]): string {
  return fields.slice(0, SHOWN).join(', ') + (fields.length > SHOWN ? ` and ${fields.length - SHOWN} more` : '');
}

/** Fields that are written between the place where the lock is taken and the one where it is given back; null when these cannot be told. */
function writtenUnder(driver: DriverContext, hazard: LockHazard): string[] | null {
  for (let s: LockStep | null = innermost(hazard.release); s; s = s === hazard.release ? null : hazard.release) {
    const { function: id, at } = s.site;
    const taken = acquiredBefore(driver, id, hazard.lock.name, at);
    if (taken !== null) return writtenBetween(driver, id, taken, at);
  }
  return null;
}

/** The last place before `at` where the function takes the lock, itself or through a callee that leaves it taken. */
function acquiredBefore(driver: DriverContext, id: number, name: string, at: number): number | null {
  const { knowledge, analysis } = driver;
  const locks = locksOfModule(driver);
  const candidates: number[] = [];
  for (const { site, name: callee } of analysis.summaries[id].kernelCalls)
    if (knowledge.functions.get(callee)?.effects.includes('lock') || knowledge.loops.get(callee)?.lock) candidates.push(site.at);
  for (const { site, callees } of analysis.summaries[id].driverCalls)
    if (callees.some((c) => locks[c].summary.net.some((n) => n.effect === 'held' && n.lock.name === name))) candidates.push(site.at);
  const before = candidates.filter((c) => c < at);
  return before.length > 0 ? Math.max(...before) : null;
}

function writtenBetween(driver: DriverContext, id: number, from: number, to: number): string[] {
  const { nodes, summaries, paths } = driver.analysis;
  const names = new Set<string>();
  for (const i of nodes[id].ir.instructions) {
    if (i.op !== 'touch' || i.at <= from || i.at >= to || (i.access !== 'W' && i.access !== 'RW')) continue;
    const field = lastField(i.place);
    if (field) names.add(`${field.record}.${field.field}`);
  }
  for (const { site, callees } of summaries[id].driverCalls) {
    if (site.at <= from || site.at >= to) continue;
    for (const callee of callees)
      for (const effect of summaries[callee].effects.values()) {
        const member = (effect.access & WRITE) === 0 ? -1 : paths.fieldPath(effect.path);
        const step = member >= 0 ? paths.step(member) : null;
        if (step?.kind === 'field' && !driver.knowledge.placeRecords.has(step.record)) names.add(`${step.record}.${step.field}`);
      }
  }
  return [...names].sort();
}
