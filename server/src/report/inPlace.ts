/** Which places of a module are used where they are: what other contexts or the device change while a call runs is never copied. */
import type { Summary } from '../analysis/model';
import type { CType, Scope } from '../symbols/types';
import type { DriverContext } from './context';
import { coherentMembers } from './resync/deviceMemory';

export interface InPlace {
  /** Members (`record.field`) that themselves are used in place: words changed by atomic instructions, buffers that the device has. */
  members: ReadonlySet<string>;
  /** Pointer members to memory that is used in place: DMA rings, buffers handed to the device. */
  targets: ReadonlySet<string>;
}

const known = new WeakMap<DriverContext, InPlace>();

/**
 * The same for every entry point of the module: who else changes a word is not to be seen in the entry point that only reads it.
 */
export function inPlaceOf(driver: DriverContext): InPlace {
  let found = known.get(driver);
  if (!found) known.set(driver, (found = findInPlace(driver)));
  return found;
}

/** A text that differs when the module's places do: reports that were made with others cannot be kept. */
export function inPlaceKey(driver: DriverContext): string {
  const { members, targets } = inPlaceOf(driver);
  return [...[...members].sort(), '', ...[...targets].sort()].join(' ');
}

function findInPlace(driver: DriverContext): InPlace {
  const members = new Set<string>();
  const targets = new Set(coherentMembers(driver));
  for (const summary of driver.analysis.summaries) {
    const own = driver.memory.of('in place', summary, () => usedInPlaceBy(driver, summary));
    for (const name of own.members) members.add(name);
    for (const name of own.targets) targets.add(name);
  }
  return { members, targets };
}

/** What a function itself gives to kernel calls that use it where it is. */
function usedInPlaceBy(driver: DriverContext, { kernelCalls }: Summary): { members: string[]; targets: string[] } {
  const { paths } = driver.analysis;
  const members: string[] = [];
  const targets: string[] = [];
  for (const call of kernelCalls) {
    for (const argument of driver.knowledge.functions.get(call.name)?.inPlace ?? []) {
      for (const path of call.arguments[argument] ?? []) {
        let p = path;
        while (paths.step(p)?.kind === 'index') p = paths.parent(p);
        const behindPointer = paths.step(p)?.kind === 'deref';
        const step = behindPointer ? paths.step(paths.parent(p)) : paths.step(p);
        if (step?.kind === 'field' && step.record) (behindPointer ? targets : members).push(`${step.record}.${step.field}`);
      }
    }
  }
  return { members, targets };
}

/** True when the path leads through a pointer to memory that is used in place: that of `targets`, device registers, per-CPU data. */
export function isBehindPlace(driver: DriverContext, scope: Scope, path: number): boolean {
  const { paths } = driver.analysis;
  const { targets } = inPlaceOf(driver);
  for (let p = path; paths.parent(p) >= 0; p = paths.parent(p)) {
    if (paths.step(p)!.kind !== 'deref') continue;
    let holder = paths.parent(p);
    while (paths.step(holder)?.kind === 'index') holder = paths.parent(holder);
    const step = paths.step(holder);
    if (step?.kind !== 'field') continue;
    if (targets.has(`${step.record}.${step.field}`)) return true;
    const space = spaceOf(scope, memberTypeOf(scope, step.record, step.field));
    if (space === 'iomem' || space === 'percpu') return true;
  }
  return false;
}

/** A pointer that others replace under RCU must be read where it is. */
export function isRcuPointer(scope: Scope, type: CType | null): boolean {
  return type !== null && spaceOf(scope, type) === 'rcu';
}

function spaceOf(scope: Scope, type: CType | null): string | undefined {
  let resolved = type && scope.resolve(type);
  while (resolved?.kind === 'array') resolved = scope.resolve(resolved.of);
  return resolved?.kind === 'pointer' ? resolved.space : undefined;
}

export function memberTypeOf(scope: Scope, record: string, field: string): CType | null {
  const found = scope.record('struct', record) ?? scope.record('union', record);
  return (found && scope.member(found, field)?.member.type) ?? null;
}
