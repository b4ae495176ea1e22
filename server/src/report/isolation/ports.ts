/** Members that hold the number of a device's first port. */
import type { DriverContext, EntryContext } from '../context';
import type { Operand } from '../../ir/model';
import type { PlannedIo, PlannedObject } from './model';

interface Use {
  read: boolean;
  written: boolean;
}

const MEMBER_NAMES = /(?:->|\.)\s*(\w+)/g;
/** Names that are not members of something. */
const PLAIN_NAMES = /(?:^|[^\w.>])([A-Za-z_]\w*)/g;

/** The names of members whose values a value may be. */
function membersOf(value: Operand): string[] {
  if (value.kind === 'choice') return value.of.flatMap(membersOf);
  if (value.kind !== 'load') return [];
  const last = value.place.steps.at(-1);
  return last?.kind === 'field' ? [last.field] : [];
}

/** Follows the addresses of port accesses through locals, and through parameters to the calls that give them. */
class PortNames {
  readonly members = new Map<string, Use>();
  private readonly seen = new Set<string>();
  private readonly callers = new Map<number, { caller: number; call: number }[]>();

  constructor(
    private readonly driver: DriverContext,
    private readonly functions: readonly number[],
  ) {
    for (const caller of functions)
      for (const { callees, call } of driver.analysis.summaries[caller].driverCalls)
        for (const callee of callees) this.callers.set(callee, [...(this.callers.get(callee) ?? []), { caller, call }]);
    for (const id of functions) {
      for (const call of driver.analysis.nodes[id].ir.calls) {
        const known = call.callee.kind === 'name' ? driver.knowledge.functions.get(call.callee.name) : undefined;
        const read = known?.effects.includes('io-read') === true;
        const written = known?.effects.includes('io-write') === true;
        if (known?.device && (read || written)) this.text(id, call.argumentTexts[known.device.address] ?? '', { read, written });
      }
    }
  }

  private member(name: string, use: Use): void {
    const known = this.members.get(name);
    this.members.set(name, { read: use.read || known?.read === true, written: use.written || known?.written === true });
  }

  /** An address as it is written in function `id`. */
  private text(id: number, text: string, use: Use): void {
    for (const [, name] of text.matchAll(MEMBER_NAMES)) this.member(name, use);
    const { locals } = this.driver.analysis.nodes[id].ir;
    for (const [, name] of text.matchAll(PLAIN_NAMES)) {
      const local = locals.findIndex((l) => l.name === name);
      if (local >= 0) this.local(id, local, use);
    }
  }

  private local(id: number, local: number, use: Use): void {
    const key = `${id} ${local} ${use.read} ${use.written}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const { ir } = this.driver.analysis.nodes[id];
    for (const instruction of ir.instructions) {
      if (instruction.op !== 'assign' || instruction.place.steps.length > 0) continue;
      const { base } = instruction.place;
      if (base.kind !== 'local' || base.local !== local) continue;
      for (const name of membersOf(instruction.value)) this.member(name, use);
      if (instruction.value.kind === 'load' && instruction.value.place.base.kind === 'local' && instruction.value.place.steps.length === 0)
        this.local(id, instruction.value.place.base.local, use);
    }
    if (!ir.locals[local].parameter) return;
    for (const { caller, call } of this.callers.get(id) ?? [])
      this.text(caller, this.driver.analysis.nodes[caller].ir.calls[call].argumentTexts[local] ?? '', use);
  }
}

/** Members of whole numbers whose values get into the address of a port access: the device's first port. */
export function portsOf(driver: DriverContext, context: EntryContext, objects: readonly PlannedObject[]): PlannedIo[] {
  const { members } = new PortNames(driver, context.functions);
  return objects.flatMap((object) =>
    object.fields.flatMap((field): PlannedIo[] => {
      const last = field.members.at(-1);
      const use = last && 'member' in last ? members.get(last.member) : undefined;
      if (!use || field.pointer || !field.read) return [];
      return [{ kind: 'ports', pointer: { kind: 'held', object: object.number, members: field.members }, text: field.text, ...use }];
    }),
  );
}
