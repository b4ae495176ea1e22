/** Findings of other tools, and what they mean for a driver's entry points. Plain data. */
import type { Location, Severity } from '../model';

/** What another tool said, with whatever of its place the tool tells. */
export interface ImportedFinding {
  /** `sparse`, `KASAN`, the SARIF driver's name; `unknown` where the format does not tell. */
  tool: string;
  severity: Severity;
  message: string;
  /** As the tool wrote it: absolute, relative to some folder, or a bare name. null for a stack trace without places. */
  file: string | null;
  /** 1-based; null where only a function is known. */
  line: number | null;
  /** The function, where the tool names it. */
  function: string | null;
  /** The kernel module, where the tool names it (`[8139too]` in a stack trace). */
  module: string | null;
}

export interface PlacedFinding extends ImportedFinding {
  driver: string;
  /** The driver's function that holds it. */
  function: string;
  location: Location;
  /** Entry points that can reach the function, cheapest first. */
  entryPoints: string[];
}

export interface SuspectEntryPoint {
  driver: string;
  name: string;
  location: Location;
  /** Indexes into `SuspectReport.findings`. */
  findings: number[];
  /** The most serious finding that it reaches. */
  severity: Severity;
  estimatedNanoseconds: number;
  isolatable: boolean;
  /** Already marked in the source. */
  suspect: boolean;
  /** A condition over its parameters under which alone the findings can be reached; null: none is known. */
  predicate: string | null;
}

export interface SuspectReport {
  findings: PlacedFinding[];
  /** Findings that lie in no function of the drivers, or that no entry point reaches, with the reason. */
  unplaced: (ImportedFinding & { reason: string })[];
  /** What to isolate: the most serious and most often hit first, among equals the cheapest. */
  suspects: SuspectEntryPoint[];
  /** Entry points of all drivers, and those among them that no finding reaches: they stay at full speed. */
  entryPoints: number;
  untouched: number;
}
