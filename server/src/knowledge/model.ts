/** What the product knows about the kernel, as typed, validated data. The rows live in `server/knowledge/*.yaml`. */
import type { AnnotationRow } from './annotationRows';
import type { Dialect } from '../syntax/marks';
import type { ConfigurationAssumptions } from '../text/configuration';
import type { IsolationKnowledge } from './isolation';
import type { PowerKnowledge } from './power';

/**
 * Where a row comes from: `manual` (written by hand from the kernel's documentation and source; tests check its names, source file and
 * number of parameters against the headers, its effects are as good as their author's reading) or `generated` (made from headers by a script).
 */
export interface Provenance {
  provenance: 'manual' | 'generated';
  /** The header, document or source file (kernel-relative) that the row was read from. */
  source: string;
}

export type KnownContext = 'process' | 'softirq' | 'hardirq' | 'unknown';

/** A record of function pointers whose members the kernel calls. */
export interface OperationTable extends Provenance {
  record: string;
  /** Context of every member without a row of its own. */
  context: KnownContext;
  /** Locks that the caller of every member without `locks` of its own holds. */
  locks?: string[];
  /** Locks that the caller holds, by their usual names (`rtnl`, `xmit`); `callerLocks` says what they are. */
  members: Record<string, { context?: KnownContext; locks?: string[] }>;
}

/** A lock that the kernel holds while it calls a member of a table. */
export interface CallerLock {
  kind: LockKind;
  /** The lock as `record.member`, or the kernel's name for it. */
  name: string;
  /** What cannot interrupt the call while the lock is held. */
  disables?: Disables;
}

export type LockKind = 'spin' | 'mutex' | 'rcu' | 'rw' | 'semaphore' | 'bit' | 'irq' | 'rtnl' | 'other';
export type Disables = 'interrupts' | 'softirqs' | 'preemption';

/** What the kernel runs of a driver's, where no object of the driver's stands for it. */
export type RunKind = 'interrupt' | 'thread';

/** A kernel function or macro to which a driver hands a function that the kernel calls later. */
export interface RegistrationFunction extends Provenance {
  name: string;
  /** 0-based arguments that are functions, with the context in which they run and the argument that is handed to them as first or `data` parameter. */
  callbacks: {
    argument: number;
    context: KnownContext;
    /** 0-based argument passed to the callback */ data?: number;
    /** which parameter of the callback receives it */ dataParameter?: number;
  }[];
  /** What runs the callbacks, where calls that wait for them do not name an object of theirs. */
  runs?: RunKind;
  /** `work_struct.func` where the registration stores into a record (INIT_WORK); null for `name:argN`. */
  as?: string;
}

/** A file-scope macro that declares entry points: module_init(x), DEVICE_ATTR_RW(name), module_pci_driver(d), SIMPLE_DEV_PM_OPS(n, s, r). */
export interface DeclaringMacro extends Provenance {
  name: string;
  /** Each entry: a template over the arguments, `$0_show` pastes argument 0; `as` is the registration. */
  entryPoints: { function: string; as: string; context: KnownContext }[];
  parameters?: number;
  /** Functions that the macro itself makes, and the driver function that each of them calls (DEF_SCSI_QCMD). Such a macro is expanded like the driver's own. */
  defines?: { function: string; calls: string }[];
  /** Variables that the macro declares, as templates with their record (`dev_attr_$0` of `device_attribute`). */
  declares?: { variable: string; record: string }[];
  /** Where it may stand: at file scope, as an initialiser element, or (`body`) in a function's body as well as at file scope. */
  position: 'file' | 'initializer' | 'body';
}

export type ArgumentAccess = 'R' | 'W' | 'RW' | 'A';

export type EffectKind =
  | 'allocate'
  | 'free'
  | 'lock'
  | 'unlock'
  | 'sleep'
  | 'delay'
  | 'wait-completion'
  | 'complete'
  | 'wait-event'
  | 'wake-up'
  | 'prepare-wait'
  | 'synchronize'
  | 'device-read'
  | 'device-write'
  | 'io-read'
  | 'io-write'
  | 'configuration-read'
  | 'configuration-write'
  | 'user-read'
  | 'user-write'
  | 'submit'
  | 'register'
  | 'unregister'
  | 'log'
  | 'schedule-work'
  | 'no-return'
  | 'pure';

/**
 * What a call does that no rollback takes back. `what` completes "the call …". `instead`: `defer` (done when the transaction commits),
 * `refuse` (the entry point cannot be rolled back behind it), `allow` (done at once; what stays after a fault is harmless, as `note` says).
 */
export interface Irreversible {
  what: string;
  instead: 'defer' | 'refuse' | 'allow';
  note?: string;
}

/** A kernel function or macro that drivers call. */
export interface KernelFunction extends Provenance {
  name: string;
  /** Number of parameters; -1 variadic. Checked against the headers by a test. */
  parameters: number;
  macro: boolean;
  /** Of a macro whose result is called at once (`guard(mutex)(&lock)`): how many arguments that call has; they count after the macro's own. */
  curried?: number;
  /** What the call does to the object that argument N points to, seen from the driver's text: memcpy = {0:'W',1:'R'}; spin_lock = {0:'A'}. Unlisted pointer arguments: 'A'. */
  arguments: Record<number, ArgumentAccess>;
  /**
   * What it returns. `private-area`: memory that belongs to argument N (netdev_priv, *_get_drvdata): the analysis follows it to what was stored there;
   * `container`: container_of over (pointer, type, member); `argument`: argument N itself; `element`: an object inside the object of argument N.
   */
  returns?:
    /** `embedded`: the area is part of the object itself (netdev_priv) rather than behind a pointer that it keeps (drvdata). */
    | { kind: 'private-area'; argument: number; name: string; embedded?: boolean }
    | { kind: 'container'; pointer: number; type: number; member: number }
    | { kind: 'argument'; argument: number }
    /** `privateArea`: the object comes with an area of the size at `sizeArgument`, which the private-area function of that name reads (alloc_etherdev). */
    | {
        kind: 'fresh';
        sizeArgument?: number;
        countArgument?: number;
        errorPointer?: boolean;
        privateArea?: { name: string; sizeArgument: number };
      }
    /** Has the type that argument N names (kzalloc(sizeof) is fresh; list_first_entry(type at 1)). */
    | { kind: 'typed'; type: number }
    /** container_of with the record and member fixed: to_pci_dev(dev) is the `pci_dev` whose member `dev` argument 0 points to. */
    | { kind: 'enclosing'; argument: number; record: string; member: string }
    /** The address of a member of argument N's object. */
    | { kind: 'member'; argument: number; path: string }
    /** The pointer that a member of argument N's object holds (an accessor: `return arg->member`). */
    | { kind: 'held'; argument: number; path: string };
  /** Stores argument `value` where `private-area` of argument `of` reads it again (dev_set_drvdata). */
  stores?: { of: number; value: number; name: string; path?: string };
  /** Pointer arguments whose object the prototype promises not to change. Of a generated row, other pointers may be written through. */
  constant?: number[];
  effects: EffectKind[];
  /** For lock and unlock: 0-based argument that is the lock; -1 when the lock is global and `lockName` names it. */
  lock?: {
    argument: number;
    name?: string;
    kind: LockKind;
    disables?: Disables;
    /** When the lock is taken only sometimes: if the call returns zero (mutex_lock_interruptible) or nonzero (spin_trylock). */
    taken?: 'zero' | 'nonzero';
  };
  /** 0-based argument that is a spin lock which the call gives back while it sleeps, and takes again (`wait_event_lock_irq`). */
  drops?: number;
  /** 0-based argument that is the completion, wait queue, work, timer, interrupt or other object that the effects are about. */
  target?: number;
  /** Of a call that waits until another context has finished: what it waits for where its `target` does not tell. */
  waitsFor?: RunKind;
  /** Of a sleep: true when whoever wakes the task ends it. */
  woken?: boolean;
  /** How often it calls functions of the driver that its arguments lead to, on the way that most calls take. Each costs as an entry point does. */
  callsBack?: number;
  /** True when the device reads and writes the memory that it returns while the driver does. */
  coherent?: boolean;
  /** Arguments whose object must not be a copy: an atomic instruction changes it, or the device uses it after the call has returned. */
  inPlace?: number[];
  /** Of a bit operation: 0-based argument that is the bit's number. The word is argument 1 or `target`. */
  bit?: number;
  /** 0-based argument that is an entry of a list: put on the list of `listHead`, or taken off its list where there is none. */
  listEntry?: number;
  /** 0-based argument that is the head of the list that gets the entry. */
  listHead?: number;
  /** What a rollback cannot take back, and what the transaction does instead. */
  irreversible?: Irreversible;
  /** 0-based argument that the macro evaluates again and again until it is true. */
  condition?: number;
  /** 0-based argument that bounds the wait. */
  timeout?: number;
  /** Of a macro: 0-based arguments whose access in `arguments` is to the lvalue itself, not to what a pointer points to (`flags` of spin_lock_irqsave). */
  lvalues?: number[];
  /** Of a macro: 0-based arguments that are no values but types, members or words to paste. */
  names?: number[];
  /** For device, port and configuration access: 0-based arguments that are the address or register number, and the value written. */
  device?: { address: number; value?: number };
  /**
   * Fields of the object that argument N points to, which the inline function or macro touches. `record` absent: whatever the argument points to; `$N` in `field` stands for argument N's text.
   * `through`: members (`record.field`) on the way from the object to the one that holds the field; `->` behind one that is a pointer.
   */
  touches?: { argument: number; record?: string; field: string; access: ArgumentAccess; through?: string[] }[];
  /** True when it may sleep. */
  sleeps?: boolean;
}

/** A loop-head or scoped macro: which arguments it reads and writes. */
export interface LoopMacro extends Provenance {
  name: string;
  parameters: number;
  /** 0-based argument that is the cursor assigned on each turn. */
  cursor?: number;
  /** Further arguments that are assigned on each turn (the second cursor of the `_safe` loops). */
  written?: number[];
  /** Arguments that are pointers to what is read (bitmaps). */
  reads?: number[];
  /** The object that is walked where it is not a list head itself; `list` is the list's path in it and `element` the link in the cursor's record. */
  of?: number;
  list?: string;
  element?: string;
  /** The cursor's objects: members of the list at argument `head`, linked by the member named at argument `member`; or of type named at argument. */
  head?: number;
  member?: number;
  /** scoped_guard(mutex, &m): lock class at argument 0, lock at 1. */
  lock?: { class: number; argument: number };
  /** Runs its body once (scoped_guard) rather than repeatedly. */
  once?: boolean;
}

/** Fields that a kernel inline or macro touches in the caller's objects, listed with `via: ["kernel:NAME"]`. */
export interface KernelTouch {
  record: string;
  field: string;
  access: ArgumentAccess;
}

export interface CostTable extends Provenance {
  unit: 'nanoseconds';
  entry: number;
  /** A record of which fields are shared. */
  perObject: number;
  /** A shared field. */
  perRange: number;
  perCheck: number;
  perByteCopied: number;
  /** A call that is translated both ways, with what was written before and what may be read after it. */
  perKernelCrossing: number;
  /** A device access or a delay, and a lock taken or given back: the runtime has short ways for them. */
  perDeviceAccess: number;
  perLockCall: number;
  /** A function of the driver that a kernel function calls: another isolated call. */
  perCallback: number;
  /** Assumed turns of a loop whose bound is not known. */
  loopTurns: number;
  checkpoint: Record<string, number>;
}

export type PrivateAreaFunction = KernelFunction & { returns: Extract<KernelFunction['returns'], { kind: 'private-area' }> };

/** Kernel functions by name. */
export interface KernelFunctions extends ReadonlyMap<string, KernelFunction> {
  /** Those that give the memory that an object keeps for the driver. */
  privateAreas(): readonly PrivateAreaFunction[];
}

/** The whole knowledge base, indexed. */
export interface Knowledge {
  dialect: Dialect;
  tables: ReadonlyMap<string, OperationTable>;
  registrations: ReadonlyMap<string, RegistrationFunction>;
  declaringMacros: ReadonlyMap<string, DeclaringMacro>;
  functions: KernelFunctions;
  loops: ReadonlyMap<string, LoopMacro>;
  cost: CostTable;
  /** What the names in the `locks` of tables stand for. */
  callerLocks: ReadonlyMap<string, CallerLock>;
  /** Classes of `guard(class)` with the function that takes the lock. */
  guardClasses: ReadonlyMap<string, string>;
  /** Allocation flags: whether an allocation with the flag may sleep. */
  allocationFlags: ReadonlyMap<string, boolean>;
  /** Records whose objects are used in place and never copied: spinlock_t, completion, work_struct, … (by record name). */
  placeRecords: ReadonlySet<string>;
  /** Suspend, resume and what a checkpoint makes of them. */
  power: PowerKnowledge;
  /** For isolated entry points. */
  isolation: IsolationKnowledge;
  /** What is assumed of a kernel tree that was never configured. */
  configuration: ConfigurationAssumptions;
  /** Of declarations in the kernel's headers, as a workspace adds them. */
  annotations: readonly AnnotationRow[];
}
