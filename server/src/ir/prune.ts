/** Drops instructions that no path reaches: `if (0)`, code after a return, branches that the configuration switches off. Internal to `ir`. */
import type { Instruction } from './model';

export function pruneUnreachable(instructions: readonly Instruction[]): Instruction[] {
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
  return instructions.filter((_, at) => live[at]);
}
