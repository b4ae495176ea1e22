/** Loops as control flow has them, made by `while`, `for`, `do` or by jumps backwards, and what can run before and after an instruction. */
import type { Instruction } from '../ir/model';
import { type Block, blocksOf } from './flow';

export interface NaturalLoop {
  /** Block at which every turn begins. */
  head: number;
  /** All blocks of a turn, inner loops included. */
  blocks: ReadonlySet<number>;
}

export interface ControlFlow {
  blocks: readonly Block[];
  /** Innermost first where one lies in the other. */
  loops: readonly NaturalLoop[];
}

/** Computed from the instructions alone; keep it where it is asked for more than once. */
export function controlFlowOf(instructions: readonly Instruction[]): ControlFlow {
  const blocks = blocksOf(instructions);
  return { blocks, loops: loopsOf(blocks) };
}

/** The number of the block that holds an instruction. */
export function blockAt({ blocks }: ControlFlow, instruction: number): number {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (blocks[middle].first <= instruction) low = middle;
    else high = middle - 1;
  }
  return low;
}

function loopsOf(blocks: readonly Block[]): NaturalLoop[] {
  const predecessors: number[][] = blocks.map(() => []);
  blocks.forEach((block, b) => block.successors.forEach((s) => predecessors[s].push(b)));
  const bodies = new Map<number, Set<number>>();
  for (const [from, head] of backEdges(blocks)) {
    let body = bodies.get(head);
    if (!body) bodies.set(head, (body = new Set([head])));
    const work = [from];
    while (work.length > 0) {
      const b = work.pop()!;
      if (body.has(b)) continue;
      body.add(b);
      work.push(...predecessors[b]);
    }
  }
  return [...bodies].map(([head, body]) => ({ head, blocks: body })).sort((a, b) => a.blocks.size - b.blocks.size);
}

/** Edges to a block that is being visited, depth first and without recursion. */
function backEdges(blocks: readonly Block[]): [number, number][] {
  const found: [number, number][] = [];
  const state = new Uint8Array(blocks.length);
  const work: { block: number; next: number }[] = blocks.length > 0 ? [{ block: 0, next: 0 }] : [];
  if (work.length > 0) state[0] = 1;
  while (work.length > 0) {
    const frame = work[work.length - 1];
    const { successors } = blocks[frame.block];
    if (frame.next < successors.length) {
      const to = successors[frame.next++];
      if (state[to] === 1) found.push([frame.block, to]);
      else if (state[to] === 0) {
        state[to] = 1;
        work.push({ block: to, next: 0 });
      }
    } else {
      state[frame.block] = 2;
      work.pop();
    }
  }
  return found;
}

/** Instructions that may run after one of them (`forward`) or before it, in no order; itself only when a loop leads back to it. */
export function reachableFrom(flow: ControlFlow, instruction: number, forward: boolean): Set<number> {
  const { blocks } = flow;
  const start = blockAt(flow, instruction);
  const found = new Set<number>();
  const add = (first: number, last: number): void => {
    for (let i = first; i < last; i++) found.add(i);
  };
  const next: number[][] = blocks.map((b) => (forward ? b.successors : []));
  if (!forward) blocks.forEach((block, b) => block.successors.forEach((s) => next[s].push(b)));
  if (forward) add(instruction + 1, blocks[start]?.last ?? 0);
  else add(blocks[start]?.first ?? 0, instruction);
  const seen = new Set<number>();
  const work = [...(next[start] ?? [])];
  while (work.length > 0) {
    const b = work.pop()!;
    if (seen.has(b)) continue;
    seen.add(b);
    add(blocks[b].first, blocks[b].last);
    work.push(...next[b]);
  }
  return found;
}
