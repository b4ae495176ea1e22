/** What the gate must know of kernel functions: one line each, read when the module is built. */
import type { Knowledge } from '../knowledge/model';

/** The flags of `fgft_gate.h`. */
const SLEEPS = 0x01;
const WAITS = 0x02;
const PURE = 0x04;
const DEFERRED = 0x08;
const RESULT_ONE = 0x800;
const UNDO = { zero: 0x10, nonzero: 0x20, always: 0x30 };
/** New memory whose size an argument states: its number stands in three bits from the eighth on. */
const FRESH = 0x80;
const SIZE_SHIFT = 8;
/** One bit for each argument that points to a record, from the seventeenth on. */
const POINTER_SHIFT = 16;
const REGISTERS = 6;
const RESULT = 0xff;
/** The word that the argument points to. */
const POINTED = 0x40;
/** A number that stands in the row. */
const CONSTANT = 0x80;

/**
 * Effects after which other contexts have acted, or may act at once on what the call has written. What synchronizes without sleeping
 * (`dma_unmap_page`) may be called under a lock; publishing and reading again, as after any kernel function, is enough for it.
 */
const WAITING = new Set(['wait-completion', 'wait-event', 'synchronize']);

export function functionsList(banner: string, knowledge: Knowledge, handedPointers: ReadonlyMap<string, number>): string {
  const rows = new Map<string, string>();
  for (const known of knowledge.functions.values()) {
    let flags = 0;
    if (known.sleeps) flags |= SLEEPS;
    if (known.effects.some((e) => WAITING.has(e) && (e !== 'synchronize' || known.sleeps))) flags |= WAITS;
    if (known.effects.includes('pure') && Object.keys(known.arguments).length === 0) flags |= PURE;
    const { returns } = known;
    if (
      returns?.kind === 'fresh' &&
      returns.sizeArgument !== undefined &&
      returns.countArgument === undefined &&
      returns.sizeArgument < REGISTERS
    )
      flags |= FRESH | (returns.sizeArgument << SIZE_SHIFT);
    if (flags !== 0) rows.set(known.name, `${known.name} ${flags}`);
  }
  for (const [name, row] of knowledge.isolation.effects) {
    let flags = Number(rows.get(name)?.split(' ')[1] ?? 0);
    if (row.deferred) flags |= DEFERRED | (row.result === 1 ? RESULT_ONE : 0);
    if (row.undo) {
      flags |= UNDO[row.undo.when];
      const given = [0, 1, 2, 3].map((i) => {
        const from = row.undo!.arguments[i];
        return typeof from === 'string' ? writtenArgument(from) : (from ?? 0);
      });
      rows.set(name, `${name} ${flags} ${row.undo.by} ${given.join(',')}${row.undo.atomic ? ` ${row.undo.atomic}` : ''}`);
    } else if (row.deferred && row.later) {
      const given = [0, 1, 2, 3].map((i) => row.later!.arguments[i] ?? 0);
      rows.set(name, `${name} ${flags} ${row.later.by} ${given.join(',')}`);
    } else rows.set(name, `${name} ${flags}`);
  }
  for (const [name, mask] of handedPointers) {
    const [flags = '0', ...undo] = rows.get(name)?.split(' ').slice(1) ?? [];
    rows.set(name, [name, Number(flags) | (mask << POINTER_SHIFT), ...undo].join(' '));
  }
  return `${banner}# name flags [undone-by, or called in place of what is deferred; arguments [undone-in-atomic-context-by]]\n${[...rows.values()].sort().join('\n')}\n`;
}

/** `result`, `*N` or `=N` as the gate has it. */
function writtenArgument(text: string): number {
  if (text === 'result') return RESULT;
  return (text.startsWith('*') ? POINTED : CONSTANT) | Number(text.slice(1));
}
