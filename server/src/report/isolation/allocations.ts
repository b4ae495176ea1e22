/** How long the memory behind a pointer member is: read from the calls that allocate it. */
import type { DriverContext } from '../context';
import { lastField } from '../../analysis/functionPointers';
import type { Operand } from '../../ir/model';
import type { Extent, PlannedObject } from './model';

/** `record.member` to what its allocation says. */
export type Allocations = ReadonlyMap<string, Extent>;

const MEMBER_OF_ITS_OWN = /^\w+\s*->\s*(\w+)$/;

/** The call whose result a value is. */
function callOf(value: Operand): number | null {
  if (value.kind === 'result') return value.call;
  return value.kind === 'choice' ? (value.of.map(callOf).find((c) => c !== null) ?? null) : null;
}

/** What all functions of the driver allocate into members. Where several say something, the larger counts. */
export function allocationsOf(driver: DriverContext): Allocations {
  const found = new Map<string, Extent>();
  for (const node of driver.analysis.nodes) {
    const scope = driver.scopeOf(node.file);
    for (const instruction of node.ir.instructions) {
      if (instruction.op !== 'assign') continue;
      const field = lastField(instruction.place);
      const number = field && callOf(instruction.value);
      if (!field || number === null) continue;
      const call = node.ir.calls[number];
      const known = call.callee.kind === 'name' ? driver.knowledge.functions.get(call.callee.name) : undefined;
      if (known?.returns?.kind !== 'fresh' || known.returns.sizeArgument === undefined) continue;
      const text = call.argumentTexts[known.returns.sizeArgument] ?? '';
      const count = known.returns.countArgument === undefined ? 1 : scope.evaluate(call.argumentTexts[known.returns.countArgument] ?? '');
      const size = scope.evaluate(text);
      const key = `${field.record}.${field.field}`;
      const before = found.get(key);
      if (size !== null && count !== null) {
        const bytes = size * count;
        if (before?.kind !== 'bytes' || before.bytes < bytes) found.set(key, { kind: 'bytes', bytes });
      } else if (!before) {
        const member = MEMBER_OF_ITS_OWN.exec(text.trim())?.[1];
        if (member && count === 1) found.set(key, { kind: 'member', member });
      }
    }
  }
  for (const [key, base] of partsOf(driver)) {
    const whole = found.get(base);
    if (whole?.kind === 'bytes' && !found.has(key)) found.set(key, whole);
  }
  return found;
}

/** Members that point into the memory of another one (`ring->slot[i] = &ring->memory[i * SIZE]`): no more than all of that is theirs. */
function partsOf(driver: DriverContext): Map<string, string> {
  const parts = new Map<string, string>();
  for (const { ir } of driver.analysis.nodes) {
    for (const instruction of ir.instructions) {
      if (instruction.op !== 'assign' || instruction.value.kind !== 'address') continue;
      const field = lastField(instruction.place);
      const steps = [...instruction.value.place.steps];
      const inside = steps.at(-1)?.kind === 'index' && steps.at(-2)?.kind === 'deref';
      const base = steps.at(-3);
      if (field && inside && base?.kind === 'field') parts.set(`${field.record}.${field.field}`, `${base.record}.${base.field}`);
    }
  }
  return parts;
}

/** Objects whose length nobody states get the length of their allocation. */
export function applyAllocations(objects: readonly PlannedObject[], allocations: Allocations): void {
  for (const object of objects) {
    if (object.extent.kind !== 'allocation' || object.pointer.kind !== 'held') continue;
    const holder = objects[object.pointer.object];
    const names = object.pointer.members.flatMap((m) => ('member' in m ? [m.member] : []));
    const last = names.at(-1);
    if (!last) continue;
    const own = names.length === 1 ? allocations.get(`${holder.type.replace(/^(struct|union) /, '')}.${last}`) : undefined;
    const [only, ...more] = [...allocations].filter(([key]) => key.endsWith(`.${last}`)).map(([, extent]) => extent);
    // Inside a nested record the name has to do, if it is the only one.
    const extent = own ?? (names.length > 1 && more.length === 0 ? only : undefined);
    if (extent?.kind === 'bytes' || (extent?.kind === 'member' && names.length === 1)) object.extent = extent;
  }
}
