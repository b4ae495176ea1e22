/**
 * The compact form of a function: what it touches, calls, assigns and returns, in control-flow order.
 * Offsets (`at`) are relative to the item's start in the masked text; the report maps them back to the file.
 */
import type { CType } from '../symbols/types';

export interface Local {
  name: string;
  type: CType;
  parameter: boolean;
  /** A `static` local lives like a global. */
  isStatic: boolean;
}

/** What a value is, as far as memory goes. */
export type Operand =
  | { kind: 'constant'; value: number | null }
  | { kind: 'string' }
  | { kind: 'function'; name: string }
  /** The value held in a place. */
  | { kind: 'load'; place: Place }
  /** The address of a place; an array used as a value is its address. */
  | { kind: 'address'; place: Place }
  /** What call number `call` of the function returned. */
  | { kind: 'result'; call: number }
  /** One of several values (`?:`, `a ?: b`). */
  | { kind: 'choice'; of: Operand[] }
  /** `container_of(of, record, member)`: the record around a member. */
  | { kind: 'container'; of: Operand; record: string; member: string[] }
  | { kind: 'unknown' };

export type PlaceBase =
  | { kind: 'local'; local: number }
  | { kind: 'global'; name: string }
  /** The object that a pointer value points to. */
  | { kind: 'target'; of: Operand };

export type Step =
  /** Through the pointer held in the place so far. */
  | { kind: 'deref' }
  /** `record` is the innermost named record, as the report names it. */
  | { kind: 'field'; record: string; field: string }
  | { kind: 'index'; at: number | null };

/** A place in memory: where it starts and the steps that lead to it. */
export interface Place {
  base: PlaceBase;
  steps: readonly Step[];
}

export type TouchAccess = 'R' | 'W' | 'RW' | 'A';

export interface Touch {
  op: 'touch';
  place: Place;
  access: TouchAccess;
  type: CType;
  /** Width of a bit-field, else null. */
  bits: number | null;
  at: number;
  length: number;
  loop: number;
  /** The kernel macro whose body holds the touch, or null. */
  kernel: string | null;
}

export interface Call {
  callee: { kind: 'name'; name: string } | { kind: 'pointer'; value: Operand };
  arguments: Operand[];
  argumentTypes: CType[];
  /** Arguments that are types: their text, else null. */
  typeArguments: (string | null)[];
  /** Each argument as it is written, macros of the driver expanded: for the names of registers. */
  argumentTexts: string[];
  result: CType;
  at: number;
  length: number;
  loop: number;
  kernel: string | null;
  /**
   * Of a macro that evaluates an argument again and again (`wait_event`): the instructions of that argument, as distances before the call's
   * own instruction. The first is farther away than the last.
   */
  condition?: { first: number; last: number };
}

/** A variable on the function's own stack that is read, written or whose address is taken. No memory that others see; conditions depend on it. */
export interface LocalUse {
  op: 'local';
  place: Place;
  access: TouchAccess;
  at: number;
  /** Of a plain write: how many instructions before this one compute the value. */
  span: number;
}

/** What a condition tells of the result of call number `call`. */
export interface ResultFact {
  call: number;
  nonzero: boolean;
}

export type Instruction =
  | Touch
  | LocalUse
  | { op: 'assign'; place: Place; value: Operand; at: number }
  | { op: 'call'; call: number }
  /** Where the scope ends of what call number `call` took for it (`guard(mutex)(&lock)`). */
  | { op: 'release'; call: number; at: number }
  | { op: 'return'; value: Operand | null; at: number }
  | { op: 'label'; label: number }
  | { op: 'jump'; to: number }
  /** `span`: how many instructions before this one evaluate the condition. `facts`: what holds at the first target, and what at the second. */
  | { op: 'branch'; to: number[]; condition: Operand | null; at: number; span: number; facts?: [ResultFact[], ResultFact[]] };

export interface Loop {
  /** Enclosing loop, or -1. */
  parent: number;
  start: number;
  end: number;
  /** Label that is jumped back to. */
  head: number;
  /** Where the condition stands; equal when there is none. */
  conditionStart: number;
  conditionEnd: number;
  /** Name of the loop macro, or null. */
  macro: string | null;
}

/** Something that could not be understood, and what that leaves unknown. */
export interface Gap {
  at: number;
  length: number;
  message: string;
}

export interface FunctionIR {
  name: string;
  /** Offset of the name. */
  at: number;
  /** Offset of the body's end. */
  end: number;
  returns: CType;
  locals: Local[];
  parameterCount: number;
  instructions: Instruction[];
  calls: Call[];
  loops: Loop[];
  gaps: Gap[];
  /** Attributes on the definition (`__init`, `__fgft_suspect`), with the arguments of those that take some. */
  attributes: { name: string; arguments: string | null }[];
  isStatic: boolean;
}
