/** What the analysis says about the functions of one module; paths are numbers of the module's PathTable. */
import type { FunctionIR, TouchAccess } from '../ir/model';
import type { CType } from '../symbols/types';
import type { EffectTable } from './effectTable';

/** A function of the module with where it stands. */
export interface FunctionNode {
  id: number;
  name: string;
  /** Absolute path. */
  file: string;
  ir: FunctionIR;
  /** The function's item: offsets in `ir` count from `itemStart` in the masked text of `file`. */
  itemStart: number;
}

export const READ = 1;
export const WRITE = 2;
export const ADDRESS = 4;

export function accessBits(access: TouchAccess): number {
  return access === 'R' ? READ : access === 'W' ? WRITE : access === 'RW' ? READ | WRITE : ADDRESS;
}

/** Where something happens: in a function's item. */
export interface Site {
  function: number;
  at: number;
  length: number;
}

/** One place that a function or its callees touch. */
export interface Effect {
  /** The function whose summary has it. */
  readonly function: number;
  readonly path: number;
  /** READ, WRITE and ADDRESS bits of all that touches it. */
  readonly access: number;
  /** The share of the driver's own text and of the macros that it expands, without what kernel inline functions touch besides. */
  readonly textAccess: number;
  readonly type: CType;
  readonly bits: number | null;
  /** Where the function itself touches it. Places in callees are found through `from`, so that an edit there changes nothing here. */
  readonly sites: readonly Site[];
  /** Callees that it came from, with its path there. */
  readonly from: readonly { function: number; path: number }[];
  /** The kernel macro or function whose body touches it; null when the driver's own text does. */
  readonly kernel: string | null;
  /** Read on some path before it is surely written. */
  readonly readFirst: boolean;
  /** Written on every path to a normal return. */
  readonly alwaysWritten: boolean;
  /** The place's address went to a kernel function of which nothing is known. */
  readonly escapes: boolean;
}

export interface CallSite {
  name: string;
  site: Site;
  /** Index into the function's `ir.calls`. */
  call: number;
  /** What each argument may point to. */
  arguments: ReadonlySet<number>[];
  loop: number;
}

export interface Summary {
  function: number;
  effects: EffectTable;
  /** Paths that a returned pointer may point to. */
  returns: ReadonlySet<number>;
  /** Calls to kernel functions in the driver's own text, per site, of this function alone. */
  kernelCalls: CallSite[];
  /** Driver functions called, directly or through pointers, with what the arguments point to. */
  driverCalls: { callees: number[]; call: number; arguments: ReadonlySet<number>[]; site: Site }[];
  /** Indirect calls whose callees are not in the module: `record.field` or ''. */
  unresolved: { through: string; site: Site }[];
}
