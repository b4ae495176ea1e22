/**
 * The isolation plan: what the generator must know of a driver, as plain data. Which objects an entry point works on, how they are
 * reached, which of their members travel and how; what cannot be isolated and why.
 */
import type { Context, Location } from '../model';

/** A step inside an object; `index` null: any element. */
export type MemberStep = { member: string } | { index: number | null };

/** A pointer value, as C can name it where the driver runs natively. */
export type Pointer =
  | { kind: 'parameter'; name: string }
  /** The value of a member of a planned object. */
  | { kind: 'held'; object: number; members: MemberStep[] }
  /** The value of a global variable, or of a member of one. */
  | { kind: 'global'; name: string; members: MemberStep[] }
  /** The record around what a pointer points to. */
  | { kind: 'container'; of: Pointer; record: string; member: string }
  /** The object around a member of a planned object. */
  | { kind: 'around'; object: number; members: MemberStep[]; record: string; member: string }
  /** A member's own address: memory at the end of a record that the driver uses as it likes. */
  | { kind: 'address'; object: number; members: MemberStep[] }
  /** What an accessor of the kernel gives: `netdev_priv(dev)`. */
  | { kind: 'accessor'; function: string; of: Pointer };

/** Values that a member may be left with, both ends included. */
export interface ValueLimit {
  least: number;
  most: number;
}

/** One of the members of a union that lie over the same bytes. */
export interface Alternative {
  members: MemberStep[];
  text: string;
  pointer: boolean;
  /** A C expression that holds when it is the live one, with the members of the object that its names stand for; null: nobody says. */
  when: { text: string; names: { name: string; members: MemberStep[] }[] } | null;
}

/** A member of an object that the entry point touches. */
export interface PlannedField {
  /** From the object's start; empty: the object as a whole. */
  members: MemberStep[];
  /** As people write it. */
  text: string;
  read: boolean;
  written: boolean;
  /** Used where it is, never copied: locks, counters, work. */
  place: boolean;
  /** What it holds is a pointer: translated between originals and copies. */
  pointer: boolean;
  /** What it holds points to a function. */
  function: boolean;
  /** An array at the end of a record, of a length that only the allocation knows. */
  flexible: boolean;
  isBits: boolean;
  /** For a bit-field, which has no address: the members around its storage unit; null where the record begins or ends. */
  bits: { before: string | null; after: string | null } | null;
  /** Values that the type allows (`bool`, an enum) or an array beside it; null: any. */
  limit: ValueLimit | null;
  /** A pointer that the kernel follows without a test. */
  neverNull: boolean;
  /** Of a union: every member over these bytes that is touched, itself included; absent where it is no union. */
  alternatives?: Alternative[];
  bytes: number | null;
  /** Only inline functions and macros of the kernel touch it. */
  byKernelOnly: boolean;
  /** Nothing but its address is taken. */
  addressOnly: boolean;
  /** A pointer that inline functions of the kernel get: what it leads to is used where it is. */
  handedOn: boolean;
}

export type Extent =
  /** One object of its type. */
  | { kind: 'one' }
  /** An array of that many elements. */
  | { kind: 'elements'; count: number }
  /** Memory of that many bytes. */
  | { kind: 'bytes'; bytes: number }
  /** As many bytes as another member of the record that holds the pointer says. */
  | { kind: 'member'; member: string }
  /** As much memory as the allocator gave: asked at run time. */
  | { kind: 'allocation' };

export interface PlannedObject {
  number: number;
  /** Type of the object or of one element, as C writes it. */
  type: string;
  isRecord: boolean;
  /** Of one object; null where unknown. */
  bytes: number | null;
  /** Absolute path of the driver's own file that declares the type; null for the kernel's types. */
  declaredIn: string | null;
  /** `copy`: a shadow stands for it. `place`: used where it is, stores are logged so that an abort takes them back. */
  mode: 'copy' | 'place';
  /** Why it is used in place. */
  because: string | null;
  pointer: Pointer;
  /** The object that holds this one (a private area in its device); it is shadowed as one piece with it. */
  inside: number | null;
  /** The object that this one is the private area or a member of, where it was reached the other way round: the outer one is shadowed first. */
  around: { object: number; accessor: string } | { object: number; members: MemberStep[] } | null;
  /** An object of the same type on the way to this one, whose pointers lead where this one's do. */
  like: number | null;
  extent: Extent;
  fields: PlannedField[];
  /** Written members that say how much memory a pointer beside them leads to. */
  counts: { count: MemberStep[]; pointer: MemberStep[] }[];
  /** It is a node of the list whose head stands there; nodes are linked by `member`. */
  /** Inline functions of the kernel, whose fields nobody described, work on it: what they load is copied in late. */
  lenient: boolean;
  list: { headObject: number; head: MemberStep[]; member: string } | null;
}

/** Device memory that is reached through a pointer or port number. */
export interface PlannedIo {
  /** `memory`: an I/O cookie. `ports`: a number. */
  kind: 'memory' | 'ports';
  pointer: Pointer;
  text: string;
  read: boolean;
  written: boolean;
}

export interface PlannedGlobal {
  name: string;
  /** Absolute path of the file whose text declares it. */
  file: string;
  members: MemberStep[];
  text: string;
  read: boolean;
  written: boolean;
  /** Declared const: it lies in memory that isolated code may always read. */
  constant: boolean;
  isStatic: boolean;
}

export type ResultKind =
  | { kind: 'void' }
  /** A number: `error` is what C returns when the call failed. */
  | { kind: 'value'; error: string }
  | { kind: 'pointer'; error: string };

export interface PlannedParameter {
  name: string;
  /** As C writes it; null where it has no name. */
  type: string | null;
  isPointer: boolean;
}

/** Something that keeps an entry point from being isolated, or would make it better. */
export interface Refusal {
  reason: string;
  location: Location | null;
  /** The annotation or change that would help; null when nothing would. */
  advice: string | null;
}

export interface EntryPlan {
  name: string;
  /** Absolute path. */
  file: string;
  location: Location;
  context: Context;
  parameters: PlannedParameter[];
  result: ResultKind;
  /** As C writes it. */
  resultType: string | null;
  /** Statements for a failed call, before it returns (`dev_kfree_skb_any(skb);`). */
  cleanup: string[];
  /** The kernel takes no error: after the abort the native function runs. */
  thenNative: boolean;
  /** Expression over the parameters, of `__fgft_suspect_if`; null when it is always isolated. */
  predicate: string | null;
  objects: PlannedObject[];
  io: PlannedIo[];
  globals: PlannedGlobal[];
  touchesDevice: boolean;
  /** Driver functions that it reaches, itself first. */
  functions: string[];
  notes: string[];
}

export interface RefusedEntry {
  name: string;
  location: Location;
  refusals: Refusal[];
}

/** A driver function that isolated code may reach through a pointer, or hand to the kernel. */
export interface RoutedFunction {
  name: string;
  file: string;
}

/** A register that the driver writes, or an array of them. */
export interface PlannedRegister {
  /** From where the driver counts its registers. */
  offset: number;
  /** Bytes of an array; 0: one register. */
  length: number;
  name: string;
  /** A read gives what was written, and does nothing else. */
  readable: boolean;
  /** It reports or starts something: it holds nothing that could be brought back. */
  event: boolean;
}

/** How what a failed call wrote to the device is taken back. */
export interface DevicePlan {
  registers: PlannedRegister[];
  /** Setting the device up anew, from suspend and resume; null where nothing can be derived from them. */
  restart: {
    /** The variable that holds the bus whose devices the module drives, and the header that declares it. */
    bus: string;
    header: string;
    /** Entry points after whose failure it may be done. */
    entries: string[];
  } | null;
}

export interface IsolationPlan {
  module: string;
  entries: EntryPlan[];
  device: DevicePlan;
  /** By kernel function, one bit for each argument that points to a record. */
  handedPointers: ReadonlyMap<string, number>;
  refused: RefusedEntry[];
  /** Entry points that nobody isolates: they run once, when the module comes or goes. */
  exempt: string[];
  routed: RoutedFunction[];
}
