/** Which places a function surely writes, and which it reads before it has: forward data flow over its control-flow graph. */
import type { Instruction } from '../ir/model';

/** What one instruction does to places, as far as it is certain. */
export interface FlowEvent {
  /** Index into the function's instructions. */
  instruction: number;
  /** Places that may be read. */
  reads: readonly number[];
  /** Places that are written whenever the instruction runs. Their reads by the same instruction come first. */
  writes: readonly number[];
}

export interface FlowResult {
  /** Places read on some path before they are surely written. Says something about places in `tracked` only. */
  readFirst: ReadonlySet<number>;
  /** Places written on every path to a return. */
  alwaysWritten: ReadonlySet<number>;
  /** Places that some instruction surely writes. */
  tracked: ReadonlySet<number>;
}

/** A run of instructions that are executed one after the other. */
export interface Block {
  first: number;
  /** One past the last instruction. */
  last: number;
  successors: number[];
  isReturn: boolean;
}

/** The blocks of a function in the order of its instructions; the first is the entry. */
export function blocksOf(instructions: readonly Instruction[]): Block[] {
  const blockOfLabel = new Map<number, number>();
  const blocks: Block[] = [];
  let start = 0;
  const close = (end: number): void => {
    if (end > start) blocks.push({ first: start, last: end, successors: [], isReturn: false });
    start = end;
  };
  instructions.forEach((instruction, i) => {
    if (instruction.op === 'label') {
      close(i);
      blockOfLabel.set(instruction.label, blocks.length);
    } else if (instruction.op === 'jump' || instruction.op === 'branch' || instruction.op === 'return') close(i + 1);
  });
  close(instructions.length);
  blocks.forEach((block, b) => {
    const end = instructions[block.last - 1];
    if (end.op === 'return') block.isReturn = true;
    else if (end.op === 'jump' || end.op === 'branch') {
      for (const label of end.op === 'jump' ? [end.to] : end.to) {
        const to = blockOfLabel.get(label);
        // A label that stands at the very end leads out of the function.
        if (to === undefined || to >= blocks.length) block.isReturn = true;
        else block.successors.push(to);
      }
    } else if (b + 1 < blocks.length) block.successors.push(b + 1);
    else block.isReturn = true;
  });
  return blocks;
}

/** Solves the flow of a function. Places are any numbers; `events` are in the order of instructions. */
export function solveFlow(instructions: readonly Instruction[], events: readonly FlowEvent[]): FlowResult {
  const index = new Map<number, number>();
  for (const event of events) for (const w of event.writes) if (!index.has(w)) index.set(w, index.size);
  const readFirst = new Set<number>();
  const alwaysWritten = new Set<number>();
  if (index.size === 0) return { readFirst, alwaysWritten, tracked: new Set() };
  const words = (index.size + 31) >> 5;
  const blocks = blocksOf(instructions);
  const perBlock = eventsPerBlock(blocks, events);
  const entry = blocks.map(() => new Uint32Array(words).fill(0xffffffff));
  entry[0]?.fill(0);
  const seen = new Uint8Array(blocks.length);
  const work = blocks.length > 0 ? [0] : [];
  while (work.length > 0) {
    const b = work.pop()!;
    seen[b] = 1;
    const state = entry[b].slice();
    for (const event of perBlock[b]) for (const w of event.writes) set(state, index.get(w)!);
    // A block is visited when its entry state narrows, and once in any case.
    for (const s of blocks[b].successors) if (intersect(entry[s], state) || !seen[s]) work.push(s);
  }
  const written = new Uint32Array(words).fill(0xffffffff);
  let returns = false;
  blocks.forEach((block, b) => {
    const state = entry[b].slice();
    for (const event of perBlock[b]) {
      for (const r of event.reads) {
        const bit = index.get(r);
        if (bit !== undefined && !has(state, bit)) readFirst.add(r);
      }
      for (const w of event.writes) set(state, index.get(w)!);
    }
    if (!block.isReturn) return;
    returns = true;
    intersect(written, state);
  });
  if (returns) for (const [place, bit] of index) if (has(written, bit)) alwaysWritten.add(place);
  return { readFirst, alwaysWritten, tracked: new Set(index.keys()) };
}

function eventsPerBlock(blocks: readonly Block[], events: readonly FlowEvent[]): FlowEvent[][] {
  let at = 0;
  return blocks.map((block) => {
    const found: FlowEvent[] = [];
    for (; at < events.length && events[at].instruction < block.last; at++) found.push(events[at]);
    return found;
  });
}

function set(bits: Uint32Array, bit: number): void {
  bits[bit >> 5] |= 1 << (bit & 31);
}

function has(bits: Uint32Array, bit: number): boolean {
  return (bits[bit >> 5] & (1 << (bit & 31))) !== 0;
}

/** Narrows `into` to what both have. True when it changed. */
function intersect(into: Uint32Array, other: Uint32Array): boolean {
  let changed = false;
  for (let i = 0; i < into.length; i++) {
    const both = (into[i] & other[i]) >>> 0;
    if (both !== into[i]) {
      into[i] = both;
      changed = true;
    }
  }
  return changed;
}
