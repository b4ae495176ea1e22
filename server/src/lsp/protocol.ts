/**
 * Every request and notification that this server understands or sends beyond the Language Server Protocol.
 * Plain data and method names only: the editor's client imports this file and nothing else of the server.
 * Positions are the protocol's: 0-based lines, 0-based UTF-16 columns. A `Report` inside keeps its own 1-based ones.
 */
import type { Diagnosis, InputProblem, MemoryUse } from '../engine/engine';
import type { Checkpoint } from '../report/checkpointModel';
import type { Context, PowerManagement, Report, Severity } from '../report/model';

export interface DocumentParams {
  textDocument: { uri: string };
}

export interface ProtocolPosition {
  line: number;
  character: number;
}

export interface ProtocolRange {
  start: ProtocolPosition;
  end: ProtocolPosition;
}

/**
 * Request `fgft/report`: the report of the driver(s) that the document belongs to, analysed first if need be.
 * Result `null`: the document is no C file, or nothing could be analysed (the reason went to the log and the status).
 */
export const reportRequest = 'fgft/report';
export interface ReportResult {
  report: Report;
  problems: InputProblem[];
  /** From each `file` that occurs in the report's locations to the URI to open. */
  uris: Record<string, string>;
  /** False when the text has changed since: only with `fgft.run` other than `onType`, or when the wait was cut short. */
  upToDate: boolean;
}

/**
 * Request `fgft/entryPoints`: what a tree view shows. Without a document: every driver analysed so far, nothing new is
 * started. With one: the drivers of that document, analysed first if need be.
 */
export const entryPointsRequest = 'fgft/entryPoints';
export interface EntryPointsParams {
  textDocument?: { uri: string };
}
export interface EntryPointsResult {
  drivers: DriverNode[];
}
export interface DriverNode {
  name: string;
  /** A document of the driver: the one the analysis started from. */
  uri: string;
  kernelRelease: string | null;
  checkpoint: string;
  /** What a checkpoint would save, and what it would leave over, by their names for people. */
  saved: string[];
  notRestored: string[];
  partialFunctions: number;
  entryPoints: EntryPointNode[];
}
export interface EntryPointNode {
  name: string;
  uri: string;
  /** The function's name where it is defined. */
  range: ProtocolRange;
  /** `net_device_ops.ndo_open`; the first of `registrations`. */
  registration: string;
  registrations: string[];
  context: Context;
  suspect: boolean;
  isolatable: boolean;
  /** A generated module isolates it. */
  isolated: boolean;
  /** Distinct fields of the driver that travel or are used in place; the kernel's own are not counted. */
  fields: number;
  /** Fields whose size could not be told. Above 0, `bytesIn` and `bytesOut` are lower bounds. */
  unknownSizes: number;
  bytesIn: number;
  bytesOut: number;
  /** Call sites of kernel functions. */
  kernelCalls: number;
  estimatedNanoseconds: number;
  findings: number;
  /** The worst severity among the findings that are not switched off. */
  worst: Severity | null;
}

/** Notification `fgft/status` (server to client): after each analysis, and when one begins. */
export const statusNotification = 'fgft/status';
export interface StatusParams {
  /** `analysing`: at work. `ready`: the numbers hold. `failed`: see `problems`. `stopped`: cancelled by the user. */
  state: 'analysing' | 'ready' | 'failed' | 'stopped';
  /** The document that the analysis was made for. */
  uri: string;
  /** URIs of the module's files and of its own headers: the status is theirs as well. Before the first analysis, none. */
  files: string[];
  drivers: string[];
  kernel: { root: string | null; release: string | null; configuration: string } | null;
  entryPoints: number;
  suspects: number;
  functions: number;
  /** Functions that were not wholly understood. */
  partialFunctions: number;
  findings: number;
  /** Findings that settings (`fgft.rules.*`: `off`) keep out of sight. Never silent: show this number. */
  hiddenFindings: number;
  milliseconds: number;
  problems: InputProblem[];
}

/**
 * Notification `fgft/inactiveRegions` (server to client), for clients that ask for it: the whole lines that the kernel's configuration
 * switches off, after each analysis. Ranges end at the start of the line behind them.
 */
export const inactiveRegionsNotification = 'fgft/inactiveRegions';
export interface InactiveRegionsParams {
  uri: string;
  version: number;
  ranges: ProtocolRange[];
  /** Where the configuration comes from: `auto.conf`, or `assumed`. */
  configuration: string;
}

/** Request `fgft/memoryUsage`: what the server holds. No parameters. */
export const memoryUsageRequest = 'fgft/memoryUsage';
export interface MemoryUsageResult {
  /** The language server's own process, bytes. */
  server: { heapBytes: number; residentBytes: number };
  engines: MemoryUse[];
  openDocuments: number;
  /** Module reports held. */
  analyses: number;
}

/** Request `fgft/doctor`: which kernel tree, configuration, module and knowledge were found for a document, and why. */
export const doctorRequest = 'fgft/doctor';
export interface DoctorResult {
  diagnosis: Diagnosis;
  /** The same as lines of text, to show as they are. */
  text: string;
}

/** Request `fgft/htmlReport`: the self-contained page of the document's driver; `null` as for `fgft/report`. */
export const htmlReportRequest = 'fgft/htmlReport';
export interface HtmlReportResult {
  html: string;
  title: string;
}

/**
 * Request `fgft/checkpoint`: what a checkpoint of the document's driver(s) would save. Result `null`: as for `fgft/report`.
 */
export const checkpointRequest = 'fgft/checkpoint';
export interface CheckpointResult {
  drivers: {
    name: string;
    powerManagement: PowerManagement;
    checkpoint: Checkpoint;
    /** The same as a page of Markdown, to show as it is. */
    markdown: string;
  }[];
}

/**
 * Request `fgft/isolate`: what would be written to isolate an entry point (`add`), to stop that (`remove`), or to generate the module again
 * that isolates all marked ones (`refresh`). Writes nothing. Refused with a message when the file has no such entry point or no kernel
 * was found.
 */
export const isolateRequest = 'fgft/isolate';
export interface IsolateParams {
  textDocument: { uri: string };
  /** Not for `refresh`. */
  entryPoint?: string;
  mode: 'add' | 'remove' | 'refresh';
}
export interface IsolationPreview {
  /** Names this very change for `fgft/applyIsolation`. */
  token: string;
  module: string;
  /** Where the generated files are or would be: an absolute path. */
  folder: string;
  /** Isolated afterwards; none: the generated module goes. */
  entryPoints: string[];
  /** Edits of the driver's own text, and the whole text after them. */
  sources: { uri: string; after: string; edits: { range: ProtocolRange; newText: string }[] }[];
  /** Generated files that would change; `text` is null for one that goes. */
  files: { path: string; uri: string; change: 'added' | 'changed' | 'removed'; text: string | null }[];
  /** Generated files, relative to the folder, that somebody has edited: they stay unless `overwriteEdited` says otherwise. */
  edited: string[];
  refusals: IsolationRefusal[];
  /** The entry point cannot be isolated, for the reasons in `refusals`: there is nothing to apply. */
  refused: boolean;
}
export interface IsolationRefusal {
  name: string;
  reason: string;
  /** The annotation or change that would help. */
  advice: string | null;
  uri: string | null;
  range: ProtocolRange | null;
}

/** Request `fgft/applyIsolation`: writes the generated files of the change that was shown last. The driver's text is the client's to edit. */
export const applyIsolationRequest = 'fgft/applyIsolation';
export interface ApplyIsolationParams {
  token: string;
  overwriteEdited: boolean;
}
export interface ApplyIsolationResult {
  folder: string;
  /** Edited files that were left as they are. */
  left: string[];
  /** A `WorkspaceEdit` for the driver's own text; null when it stays. */
  edit: unknown;
}

/** Request `fgft/readLog`: places the runtime's lines of a kernel log, and keeps what a dump of its debugfs files measured. */
export const readLogRequest = 'fgft/readLog';
export interface ReadLogParams {
  text: string;
}
export interface ReadLogResult {
  faults: {
    /** null: no such file was found. */
    uri: string | null;
    file: string;
    /** The whole line: the log tells no column. */
    range: ProtocolRange;
    entryPoint: string;
    message: string;
    /** The call ran natively: nothing went wrong but the isolation. */
    isFallback: boolean;
  }[];
  /** Entry points of which it holds measurements. */
  measured: number;
}

/** Request `fgft/importFindings`: which entry points to isolate for what another tool found. The text is that of its output. */
export const importFindingsRequest = 'fgft/importFindings';
export interface ImportFindingsParams {
  text: string;
  /** Its driver is looked at as well, analysed or not. */
  textDocument?: { uri: string };
}
export interface ImportFindingsResult {
  /** Findings that the text holds, and those among them that lie in a function that an entry point reaches. */
  findings: number;
  placed: number;
  /** Of all drivers that were looked at. */
  entryPoints: number;
  unplaced: { message: string; reason: string }[];
  /** What to isolate first comes first. */
  suspects: SuspectNode[];
}
export interface SuspectNode {
  driver: string;
  name: string;
  uri: string;
  severity: Severity;
  findings: string[];
  estimatedNanoseconds: number;
  isolatable: boolean;
  suspect: boolean;
  /** A condition over its parameters under which alone the findings can be reached. */
  predicate: string | null;
}

/** Request `fgft/markSuspects`: the edits that mark entry points. */
export const markSuspectsRequest = 'fgft/markSuspects';
export interface MarkSuspectsParams {
  marks: { uri: string; name: string; predicate: string | null }[];
}
export interface MarkSuspectsResult {
  sources: { uri: string; edits: { range: ProtocolRange; newText: string }[] }[];
}

/** Request `fgft/explainRule`: what a rule means and what to do about it. `null`: there is no such rule. */
export const explainRuleRequest = 'fgft/explainRule';
export interface ExplainRuleParams {
  rule: string;
}
export interface ExplainRuleResult {
  rule: string;
  markdown: string;
  /** The rule's page, where one was shipped. */
  uri: string | null;
}

/**
 * Commands that lenses, hovers and code actions refer to. A client that implements some itself names them in
 * `initializationOptions.commands`; the server then leaves those alone and offers the rest through
 * `workspace/executeCommand`.
 */
export const commands = {
  /** `[uri, entryPoint?]`: show the report of the document's driver. */
  showReport: 'fgft.showReport',
  /** `[uri?]`: analyse now, whatever `fgft.run` says; without a document, all that are open. */
  analyze: 'fgft.analyze',
  /** `[rule]`: open the rule's page. */
  explainRule: 'fgft.explainRule',
  /** `[uri]`: show what `fgft/doctor` says. */
  doctor: 'fgft.doctor',
  /** `[uri, entryPoint]`: isolate, after a preview. */
  isolate: 'fgft.isolate',
  /** `[uri, entryPoint]`: take that back, after a preview. */
  stopIsolating: 'fgft.stopIsolating',
  /** `[uri]`: generate the isolated module again. */
  regenerate: 'fgft.regenerate',
} as const;

/** What a client may pass as `initializationOptions`; all of it optional. */
export interface InitializationOptions {
  /** Commands that the client implements itself. */
  commands?: string[];
  /** The `fgft` settings, for clients that answer no `workspace/configuration`. Nested or dotted keys without `fgft.`. */
  settings?: Record<string, unknown>;
  /** Folder for the engine's on-disk cache. */
  cacheFolder?: string;
  /**
   * How to hear of text that the configuration switches off. `notification`: by `fgft/inactiveRegions`, to dim it. `diagnostics`: as hints
   * with the tag "unnecessary". Without it, not at all.
   */
  inactiveRegions?: 'notification' | 'diagnostics';
}
