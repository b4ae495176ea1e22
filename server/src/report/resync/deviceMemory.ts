/** Memory that the device changes by itself: registers behind `__iomem` pointers, rings and descriptors in coherent memory. */
import { lastField } from '../../analysis/functionPointers';
import type { FunctionIR, Operand, Place } from '../../ir/model';
import type { CType, Scope } from '../../symbols/types';
import type { DriverContext } from '../context';

/** Types that fix the byte order: what has one is laid out for the device or the wire. */
const FIXED_ORDER = /^__[lb]e(16|32|64)$/;
/** Pointers copied from member to member further than this are not followed. */
const MAXIMUM_ROUNDS = 3;

const held = new WeakMap<DriverContext, ReadonlySet<string>>();

/** True when the place lies in memory that the device changes. */
export function isDeviceMemory(driver: DriverContext, id: number, place: Place, type: CType): boolean {
  if (type.kind === 'named' && FIXED_ORDER.test(type.name)) return true;
  const { file, ir } = driver.analysis.nodes[id];
  const scope = driver.scopeOf(file);
  let pointer: CType | null = place.base.kind === 'local' ? ir.locals[place.base.local].type : null;
  let name = '';
  for (const step of place.steps) {
    if (step.kind === 'field') {
      const record = scope.record('struct', step.record) ?? scope.record('union', step.record);
      pointer = (record && scope.member(record, step.field)?.member.type) ?? null;
      name = `${step.record}.${step.field}`;
    } else if (step.kind === 'deref') {
      if (isMapped(scope, pointer) || coherentMembers(driver).has(name)) return true;
      if (name === '' && place.base.kind === 'local' && isCoherentLocal(driver, ir, place.base.local)) return true;
      name = '';
    }
  }
  return false;
}

function isMapped(scope: Scope, type: CType | null): boolean {
  const resolved = type && scope.resolve(type);
  return resolved?.kind === 'pointer' && resolved.space === 'iomem';
}

/** Members that hold the address of coherent memory. */
export function coherentMembers(driver: DriverContext): ReadonlySet<string> {
  let members = held.get(driver);
  if (!members) held.set(driver, (members = findCoherentMembers(driver)));
  return members;
}

function findCoherentMembers(driver: DriverContext): Set<string> {
  const members = new Set<string>();
  const stores = driver.analysis.nodes.flatMap(({ ir }) => driver.memory.of('stored pointers', ir, () => storedPointers(driver, ir)));
  for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
    const before = members.size;
    for (const { ir, name, value } of stores) if (!members.has(name) && isCoherent(driver, ir, value, members, 0)) members.add(name);
    if (members.size === before) break;
  }
  return members;
}

/** A value that may be a pointer and that is stored in a member. */
interface Store {
  ir: FunctionIR;
  name: string;
  value: Operand;
}

function storedPointers(driver: DriverContext, ir: FunctionIR): Store[] {
  return ir.instructions.flatMap((i): Store[] => {
    if (i.op !== 'assign' || !mayBeCoherent(driver, ir, i.value)) return [];
    const field = lastField(i.place);
    return field?.record ? [{ ir, name: `${field.record}.${field.field}`, value: i.value }] : [];
  });
}

/** False where no round can find coherent memory. */
function mayBeCoherent(driver: DriverContext, ir: FunctionIR, value: Operand): boolean {
  if (value.kind === 'result') return isCoherent(driver, ir, value, new Set(), 0);
  return value.kind === 'choice' || value.kind === 'load' || value.kind === 'address';
}

function isCoherent(driver: DriverContext, ir: FunctionIR, value: Operand, members: ReadonlySet<string>, depth: number): boolean {
  if (depth > 3) return false;
  switch (value.kind) {
    case 'result': {
      const { callee } = ir.calls[value.call];
      return callee.kind === 'name' && driver.knowledge.functions.get(callee.name)?.coherent === true;
    }
    case 'choice':
      return value.of.some((o) => isCoherent(driver, ir, o, members, depth + 1));
    case 'load':
    case 'address': {
      const { base, steps } = value.place;
      // The address of a part of coherent memory, or a pointer to it that another place holds.
      for (const step of steps) if (step.kind === 'field' && members.has(`${step.record}.${step.field}`)) return true;
      if (base.kind === 'target') return isCoherent(driver, ir, base.of, members, depth + 1);
      if (base.kind !== 'local' || steps.some((s) => s.kind === 'field')) return false;
      return ir.instructions.some(
        (i) =>
          i.op === 'assign' &&
          i.place.base.kind === 'local' &&
          i.place.base.local === base.local &&
          i.place.steps.length === 0 &&
          isCoherent(driver, ir, i.value, members, depth + 1),
      );
    }
    default:
      return false;
  }
}

function isCoherentLocal(driver: DriverContext, ir: FunctionIR, local: number): boolean {
  return isCoherent(driver, ir, { kind: 'load', place: { base: { kind: 'local', local }, steps: [] } }, coherentMembers(driver), 0);
}
