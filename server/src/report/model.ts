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
}

export interface TraceStep {
  location: Location;
  message: string;
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
  globals: GlobalUse[];
  kernelCalls: KernelCall[];
  locks: LockUse[];
  device: DeviceUse;
  cost: Cost;
  /** What a brief report says in place of the lists that it leaves empty. */
  counts: EntryPointCounts;
  findings: Finding[];
  isolatable: boolean;
}

export interface EntryPointCounts {
  /** Distinct record members that the driver's own text touches. */
  fields: number;
  /** Of the fields that would be copied: those of unknown size. */
  unknownSizes: number;
  /** Call sites of kernel functions. */
  kernelCalls: number;
}

export interface DriverReport {
  name: string;
  files: string[];
  /** The driver's own headers that the files include. */
  headers: string[];
  coverage: { functions: number; partial: number };
  entryPoints: EntryPoint[];
  powerManagement: { suspend: string | null; resume: string | null; declaredBy: string | null };
  checkpoint: {
    status: 'derivable' | 'stateless' | 'unsafe' | 'missing' | 'unresolved' | 'not-needed';
    saved: string[];
    notRestored: string[];
  };
  findings: Finding[];
}

export interface Report {
  schemaVersion: 1;
  tool: { name: 'fgft'; version: string };
  kernel: { root: string | null; release: string | null; configuration: 'auto.conf' | 'assumed' };
  drivers: DriverReport[];
  summary: { drivers: number; entryPoints: number; withResynchronization: number; isolatable: number; milliseconds: number };
}
