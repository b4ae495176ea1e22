/** The report of version 1 as plain data. The names are fixed by the report contract; `server/src/report/report.schema.json` validates it. */

export interface Location {
  /** Relative to the kernel's root, else to the working directory. */
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based, in UTF-16 units. */
  column: number;
}

export interface RangeLocation extends Location {
  endLine: number;
  endColumn: number;
}

export type Access = 'R' | 'W' | 'RW' | 'A';
export type Direction = 'in' | 'out' | 'inout' | 'place';
export type Context = 'process' | 'softirq' | 'hardirq' | 'unknown';
export type Severity = 'error' | 'warning' | 'information' | 'hint';
export type Confidence = 'certain' | 'likely' | 'possible';
export type Grade = 'place' | 'refresh' | 'publish' | 'stuck';

export interface Field {
  record: string;
  field: string;
  path: string;
  root: string;
  access: Access;
  direction: Direction;
  bytes: number | null;
  locations: Location[];
  via: string[];
  macro: string | null;
}

export interface GlobalUse {
  name: string;
  access: Access;
  bytes: number | null;
  constant: boolean;
}

export interface KernelCall {
  name: string;
  count: number;
  knowledge: 'modelled' | 'prototype' | 'unknown';
}

export interface LockUse {
  name: string;
  primitive: string;
}

export interface DeviceUse {
  reads: number;
  writes: number;
  registers: string[];
}

export interface Cost {
  bytesIn: number;
  bytesOut: number;
  ranges: number;
  checks: number;
  kernelCrossings: number;
  loops: number;
  estimatedNanoseconds: number;
  /** What the estimate is made of. Absent from brief reports. */
  parts?: CostParts;
}

/** Nanoseconds. All but the last add up to the estimate. */
export interface CostParts {
  /** Entering and leaving. */
  call: number;
  ranges: number;
  checks: number;
  bytes: number;
  crossings: number;
  /** Saving the device's state before the call, beside the estimate; 0 where the device is not touched or nothing can be saved. */
  checkpoint: number;
}

export interface TraceStep {
  location: Location;
  message: string;
}

/** An edit that would settle a finding, as data: the editor finds the place when it is asked for. */
export type FindingFix = MemberFix | ParameterFix;

export interface MemberFix {
  kind: 'annotate-member';
  /** Goes before the member's declaration (`__fgft_shared`). */
  annotation: string;
  record: string;
  member: string;
}

export interface ParameterFix {
  kind: 'annotate-parameter';
  /** Goes before the parameter in the function's definition (`__fgft_count(length)`). */
  annotation: string;
  function: string;
  parameter: string;
}

export interface Finding {
  rule: string;
  severity: Severity;
  confidence: Confidence;
  message: string;
  location: RangeLocation;
  entryPoints: string[];
  grade?: Grade;
  signallers?: string[];
  trace: TraceStep[];
  fix?: FindingFix;
}

export interface Registration {
  /** `ethtool_ops.set_wol`, `request_irq:arg1`, `module_init`. */
  as: string;
  /** `ops` (a table), `call` (a registering function), `macro` (a file-scope macro), `assign` (a member assigned at run time). */
  kind: 'ops' | 'call' | 'macro' | 'assign';
  location: Location;
}

export interface EntryPoint {
  name: string;
  location: Location;
  registrations: Registration[];
  context: Context;
  suspect: boolean;
  functions: string[];
  fields: Field[];
  /** Variables at file scope, and `static` ones in functions, that functions name which direct calls lead to. */
  globals: GlobalUse[];
  /** Further ones, named only by functions that are reached through the driver's own tables of functions (`tp->ops->start`): any of them may run. */
  tableGlobals: GlobalUse[];
  kernelCalls: KernelCall[];
  locks: LockUse[];
  device: DeviceUse;
  cost: Cost;
  /** What a brief report says in place of the lists that it leaves empty. */
  counts: EntryPointCounts;
  findings: Finding[];
  isolatable: boolean;
  /** Parts that run only for certain values of its parameters. Absent where there are none, and from brief reports. */
  guards?: EntryGuard[];
}

/** A part of an entry point that runs only under a condition. */
export interface EntryGuard {
  /** Over its own parameters, as C writes it. */
  condition: string;
  /** Lines of the entry point's file, both included. */
  line: number;
  endLine: number;
  /** Driver functions that nothing else of the entry point reaches. */
  functions: string[];
}

export interface EntryPointCounts {
  /** Distinct record members that the driver's own text touches. */
  fields: number;
  /** Of the fields that would be copied: those of unknown size. */
  unknownSizes: number;
  /** Call sites of kernel functions. */
  kernelCalls: number;
}

export interface PowerManagement {
  /** Names of functions; they lie in another module where the driver has none of that name. */
  suspend: string | null;
  resume: string | null;
  /** The record whose members they are (`dev_pm_ops`, `usb_driver`). */
  declaredBy: string | null;
  /** The variable that holds them. */
  table: string | null;
}

export interface FunctionSpan extends Location {
  name: string;
  endLine: number;
}

export type CheckpointStatus = 'derivable' | 'stateless' | 'unsafe' | 'missing' | 'unresolved' | 'not-needed';

/** What the generated code does with a statement: `context` statements (declarations, locks, returns) go where their neighbours go. */
export type StatementUse = 'checkpoint' | 'restore' | 'omitted' | 'context';

/** One statement of suspend or resume, or of a driver function that they call. */
export interface SplitStatement {
  phase: 'suspend' | 'resume';
  function: string;
  location: Location;
  /** As written, on one line. */
  text: string;
  /** `mixed`: a call of a driver function whose statements, listed next, have different parts. */
  part: 'save' | 'stop' | 'quiesce' | 'power' | 'reinitialise' | 'restart' | 'neutral' | 'mixed';
  use: StatementUse | 'mixed';
  /** Why it has this part. */
  reason: string;
  /**
   * 0 in suspend and resume themselves, one more per call. The statements of a call that is not `mixed` follow it for reading: the call stands
   * for them.
   */
  depth: number;
  /** Conditions around it, outermost first, as written; `!` in front of those whose `else` it stands in. */
  conditions: string[];
  /** Driver functions that it calls. */
  calls: string[];
  /** Device state that it writes, callees included. */
  writes: string[];
}

/** A call on the way of checkpoint or restore that may sleep. */
export interface SleepingCall {
  location: Location;
  function: string;
  /** As written. */
  text: string;
  /** The call that takes its place in atomic context; null when there is none. */
  replacement: string | null;
  /** Unit of the argument that says how long; null for what is no delay. */
  unit: string | null;
  reason: string;
}

/** One piece of device state that an entry point writes. */
export interface WrittenState {
  kind: 'register' | 'port' | 'configuration' | 'usb' | 'phy' | 'codec' | 'queue' | 'i2c' | 'spi';
  name: string;
  /** The register's number where its constant is known. */
  offset: number | null;
  location: Location;
  /** The kernel function that writes it. */
  through: string;
  /**
   * `bus`: saved with the configuration space; `checkpoint`: read back before the call and written again; `restore`: the restore sets it from memory;
   * `event`: no state but an acknowledgement or a request; `conditional`: the restore sets it only under `condition`, so the checkpoint saves it too where it can be read; `left`: neither.
   */
  covered: 'bus' | 'checkpoint' | 'restore' | 'conditional' | 'event' | 'left';
  /** The condition of `conditional`, as written. */
  condition: string | null;
  /** Where the driver reads it, which is how the checkpoint would; null when it never does. */
  readBack: Location | null;
  /** Why it is left over; null when it is not. */
  reason: string | null;
}

export interface EntryPointState {
  entryPoint: string;
  writes: WrittenState[];
}

export interface Checkpoint {
  status: CheckpointStatus;
  /** One sentence. */
  reason: string;
  /** What a checkpoint saves, by its name for people. */
  saved: string[];
  /** Device state that entry points write and that neither the checkpoint saves nor the restore sets. */
  notRestored: string[];
  /** Calls that save and restore what the bus code does on its own today; null without such a bus. */
  bus: { saves: string; save: string; restore: string } | null;
  /** Empty in a brief report. */
  split: SplitStatement[];
  /** Empty in a brief report. */
  sleeps: SleepingCall[];
  /** Entry points that write device state. Empty in a brief report. */
  entryPoints: EntryPointState[];
}

export interface DriverReport {
  name: string;
  files: string[];
  /** The driver's own headers that the files include. */
  headers: string[];
  coverage: { functions: number; partial: number };
  /** Every function of the driver, where its name stands and where its body ends. Absent from brief reports. */
  functions?: FunctionSpan[];
  entryPoints: EntryPoint[];
  /** Where the figures of the cost estimates come from. Absent from brief reports. */
  costSource?: string;
  powerManagement: PowerManagement;
  checkpoint: Checkpoint;
  findings: Finding[];
}

export interface Report {
  schemaVersion: 1;
  tool: { name: 'fgft'; version: string };
  kernel: { root: string | null; release: string | null; configuration: 'auto.conf' | 'assumed' };
  drivers: DriverReport[];
  summary: { drivers: number; entryPoints: number; withResynchronization: number; isolatable: number; milliseconds: number };
}
