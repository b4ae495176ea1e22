/**
 * Locks by how they are written. Where an expression may mean one of several objects (`port->lock` behind a lookup, an element of an array),
 * its paths do not tell whether two uses mean the same one; the text does, as long as none of its variables is assigned in between.
 */
import type { FunctionIR, Instruction } from '../ir/model';

/** A lock as the function writes it. */
export interface LockOperand {
  /** Without blanks and the address operator. */
  text: string;
  /** Variables of the function that it is made of. */
  locals: readonly number[];
}

const IDENTIFIER = /(->|\.)?\b([A-Za-z_]\w*)(\s*\()?/g;

/** What an argument says of its lock; null when a call in it may give another object each time, or nothing in it can be followed. */
export function lockOperand(ir: FunctionIR, argument: string | undefined): LockOperand | null {
  const text = (argument ?? '').replace(/\s+/g, '').replace(/^&/, '');
  const locals: number[] = [];
  for (const [, member, name, call] of text.matchAll(IDENTIFIER)) {
    if (call) return null;
    if (member) continue;
    const local = ir.locals.findIndex((l) => l.name === name);
    // Two variables of one name in different blocks cannot be told apart by their text.
    if (local >= 0 && ir.locals.some((l, i) => i > local && l.name === name)) return null;
    if (local >= 0) locals.push(local);
  }
  return locals.length > 0 ? { text, locals } : null;
}

/** The variable that an instruction gives another value; -1 for none. */
function assigned(i: Instruction): number {
  if (i.op !== 'assign' && (i.op !== 'local' || (i.access !== 'W' && i.access !== 'RW'))) return -1;
  return i.place.base.kind === 'local' && i.place.steps.length === 0 ? i.place.base.local : -1;
}

/**
 * Where those of `locals` get another value that have more than one in a call: by instruction. An assignment is told once, however many
 * instructions it is made of, and the only one outside all loops is no other value.
 */
export function reassignments(ir: FunctionIR, locals: ReadonlySet<number>): Map<number, number> {
  const places = new Map<number, Map<number, number>>();
  ir.instructions.forEach((i, instruction) => {
    const local = assigned(i);
    if (!locals.has(local) || !('at' in i)) return;
    let own = places.get(local);
    if (!own) places.set(local, (own = new Map()));
    own.set(i.at, instruction);
  });
  const found = new Map<number, number>();
  const loops = backwardJumps(ir);
  for (const [local, own] of places) {
    const varies = ir.locals[local].parameter || own.size > 1 || [...own.values()].some((i) => loops.some((l) => l.from <= i && i <= l.to));
    if (varies) for (const instruction of own.values()) found.set(instruction, local);
  }
  return found;
}

/** The ranges of instructions that run again, be it through a loop or a `goto`. */
function backwardJumps(ir: FunctionIR): { from: number; to: number }[] {
  const labels = new Map<number, number>();
  const found: { from: number; to: number }[] = [];
  ir.instructions.forEach((i, to) => {
    if (i.op === 'label') labels.set(i.label, to);
    const targets = i.op === 'jump' ? [i.to] : i.op === 'branch' ? i.to : [];
    for (const target of targets) {
      const from = labels.get(target);
      if (from !== undefined) found.push({ from, to });
    }
  });
  return found;
}
