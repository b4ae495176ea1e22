/** What every request handler works with. */
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Engine, EngineOptions } from '../engine/engine';
import type { DriverReport, EntryPoint, Report } from '../report/model';
import type { Analyses } from './analyses';
import type { Measurements } from './measurements';
import type { ModuleAnalysis } from './moduleAnalysis';
import type { ClientAbilities } from './clientAbilities';
import type { Configuration } from './configuration';
import type { Documents } from './documents';
import type { EnginePool } from './enginePool';
import type { InactiveRegions } from './inactiveRegions';
import type { Isolations } from './isolation';
import { lineMapper } from './lineMapper';

/** What the server is built from and does not make itself. */
export interface ServerServices {
  createEngine(options: EngineOptions): Engine;
  version: string;
  /** Folder of the rule pages (`<rule>.md`); undefined: diagnostics carry no link. */
  ruleFolder?: string;
  /** Writes the self-contained page of a report. */
  renderHtml?(report: Report): string;
}

export interface ServerContext {
  connection: Connection;
  services: ServerServices;
  abilities: ClientAbilities;
  documents: Documents;
  configuration: Configuration;
  pool: EnginePool;
  analyses: Analyses;
  inactiveRegions: InactiveRegions;
  isolations: Isolations;
  measurements: Measurements;
  /** Commands that the client implements itself. */
  clientCommands: ReadonlySet<string>;
  log(line: string): void;
}

/**
 * How long a request that decorates text waits for an analysis before it answers with what there is, in milliseconds.
 * What comes later is announced by a refresh request, or pushed.
 */
export const patience = 2000;

/**
 * The analysis that a request about a document is answered from, with the long lists of entry points if `detail`; undefined for
 * documents that are not analysed.
 */
export async function analysisFor(
  context: ServerContext,
  uri: string,
  token: CancellationToken,
  limit: number = patience,
  detail = false,
): Promise<{ document: TextDocument; path: string; analysis: ModuleAnalysis } | undefined> {
  const document = context.documents.get(uri);
  if (!document || !context.documents.isAnalysed(document)) return undefined;
  const path = context.documents.pathOf(uri);
  const analysis = await context.analyses.fresh(path, token, limit, detail);
  return analysis ? { document, path, analysis } : undefined;
}

export interface PlacedEntryPoint {
  driver: DriverReport;
  entryPoint: EntryPoint;
}

/** The entry points that are defined in a file, in order of their lines; one that several modules share comes once. */
export function entryPointsIn(analysis: ModuleAnalysis, path: string): PlacedEntryPoint[] {
  const seen = new Set<string>();
  const placed: PlacedEntryPoint[] = [];
  for (const driver of analysis.report.drivers) {
    for (const entryPoint of driver.entryPoints) {
      if (analysis.resolve(entryPoint.location.file) !== path) continue;
      const key = `${entryPoint.name}:${entryPoint.location.line}`;
      if (seen.has(key)) continue;
      seen.add(key);
      placed.push({ driver, entryPoint });
    }
  }
  return placed.sort((a, b) => a.entryPoint.location.line - b.entryPoint.location.line);
}

const unmoved = (line: number): number => line;

/** From 0-based lines of the text that was analysed to those of the document as it is now. */
export function mapperFor(context: ServerContext, analysis: ModuleAnalysis, path: string): (line: number) => number {
  const before = analysis.texts.get(path);
  const document = context.documents.atPath(path);
  if (before === undefined || document === undefined) return unmoved;
  return context.documents.mapperFrom(before, document);
}

/** The inverse of `mapperFor`: where a line of the document stood when it was analysed. */
export function reverseMapperFor(context: ServerContext, analysis: ModuleAnalysis, path: string): (line: number) => number {
  const before = analysis.texts.get(path);
  const document = context.documents.atPath(path);
  if (before === undefined || document === undefined) return unmoved;
  return lineMapper(document.getText(), before);
}
