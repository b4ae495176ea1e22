/** Drops instructions that no path reaches: `if (0)`, code after a return, branches that the configuration switches off. Internal to `ir`. */
import type { Call, Instruction } from './model';

/** The instructions that are left; spans of them and of the calls' conditions are counted anew. */
export function pruneUnreachable(instructions: readonly Instruction[], calls: readonly Call[] = []): Instruction[] {
  const labels = new Map<number, number>();
  instructions.forEach((i, at) => {
    if (i.op === 'label') labels.set(i.label, at);
  });
  const live = new Uint8Array(instructions.length);
  const work = instructions.length > 0 ? [0] : [];
  while (work.length > 0) {
    let at = work.pop()!;
    while (at < instructions.length && !live[at]) {
      live[at] = 1;
      const i = instructions[at];
      if (i.op === 'return') break;
      if (i.op === 'jump' || i.op === 'branch') {
        for (const label of i.op === 'jump' ? [i.to] : i.to) {
          const to = labels.get(label);
          if (to !== undefined) work.push(to);
        }
        break;
      }
      at++;
    }
  }
  if (live.every((l) => l === 1)) return instructions.slice();
  recount(instructions, calls, live);
  return instructions.filter((_, at) => live[at]);
}

function recount(instructions: readonly Instruction[], calls: readonly Call[], live: Uint8Array): void {
  const before = new Int32Array(instructions.length + 1);
  for (let i = 0; i < instructions.length; i++) before[i + 1] = before[i] + live[i];
  const left = (at: number, distance: number): number => before[at] - before[Math.max(0, at - distance)];
  instructions.forEach((instruction, at) => {
    if (instruction.op === 'branch' || instruction.op === 'local') instruction.span = left(at, instruction.span);
    else if (instruction.op === 'call') {
      const condition = calls[instruction.call]?.condition;
      if (condition) Object.assign(condition, { first: left(at, condition.first), last: left(at, condition.last) });
    }
  });
}
