/**
 * The kinds of faults of the campaign. They follow those that the paper injected (Kadav, Renzelmann, Swift: Fine-Grained Fault Tolerance
 * using Device Checkpoints, ASPLOS 2013, section 5) and the ones of its ancestors (Nooks, Swift et al., SOSP 2003), plus the traps of
 * today's processors.
 */
export const FAULT_KINDS = [
  'null-pointer',
  'bad-pointer',
  'uninitialised-pointer',
  'wild-write',
  'off-by-one-index',
  'corrupted-loop-bound',
  'missing-assignment',
  'inverted-condition',
  'wrong-operator',
  'stack-smash',
  'bad-register-offset',
  'double-lock',
  'missing-unlock',
  'use-after-free',
  'divide-by-zero',
  'invalid-opcode',
  'bad-call',
  'runaway-loop',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/**
 * Faults that only make a value wrong: of the right type, in the right place. No memory check can see them; what follows from them may
 * be an event (a bad address, a loop without end) or nothing that anyone could tell from a right run. They are counted apart.
 */
export const SILENT_KINDS: ReadonlySet<FaultKind> = new Set([
  'missing-assignment',
  'inverted-condition',
  'wrong-operator',
  'corrupted-loop-bound',
]);

/** What a fault does to the text: words around a range, in which NUMBER stands for the fault's number. */
export interface Mutation {
  kind: FaultKind;
  /** The function whose text it changes. */
  function: string;
  /** Offsets in the text. */
  start: number;
  end: number;
  before: string;
  after: string;
  /** 1-based. */
  line: number;
  /** The text between start and end, for people. */
  text: string;
}
