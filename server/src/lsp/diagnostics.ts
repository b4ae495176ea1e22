/** Findings as diagnostics: pulled with result ids by clients that can, pushed with versions to those that cannot. */
import { existsSync } from 'node:fs';
import {
  type CancellationToken,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  type FullDocumentDiagnosticReport,
  type ResultProgressReporter,
  type UnchangedDocumentDiagnosticReport,
  type WorkspaceDiagnosticParams,
  type WorkspaceDiagnosticReport,
  type WorkspaceDiagnosticReportPartialResult,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { FindingFix, Severity } from '../report/model';
import type { ModuleAnalysis } from './moduleAnalysis';
import { mapperFor, patience, type ServerContext } from './context';
import { findingsByFile, type PlacedFinding } from './findings';
import { contentHash } from './contentHash';
import { fileUriOfPath, findingRange, mapRange, nameRange } from './positions';

/** The name under which editors list our diagnostics. */
export const diagnosticSource = 'fgft';

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Rules about something that time has overtaken. */
const tagsOfRules: Record<string, DiagnosticTag[]> = { 'stubs/stale': [DiagnosticTag.Deprecated] };

/** Steps of a trace and reaching entry points that one diagnostic lists; the report has them all. */
const maximumRelated = 12;

/** What code actions need to know of the finding behind a diagnostic. */
export interface DiagnosticData {
  rule: string;
  entryPoints: string[];
  fix?: FindingFix;
}

/** The diagnostics of one file from the analyses that cover it, as the text is now. */
export function diagnosticsOf(context: ServerContext, path: string, found: PlacedFinding[]): Diagnostic[] {
  const document = context.documents.atPath(path);
  const lines = document && context.documents.lines(document);
  const findings = found.map(({ finding, severity, analysis }) => {
    const range = mapRange(findingRange(finding.location, lines), mapperFor(context, analysis, path));
    const diagnostic: Diagnostic = {
      range,
      severity: severities[severity],
      code: finding.rule,
      source: diagnosticSource,
      message: finding.confidence === 'certain' ? finding.message : `${finding.message} (${finding.confidence})`,
    };
    const page = context.abilities.codeDescription ? rulePage(context, finding.rule) : undefined;
    if (page !== undefined) diagnostic.codeDescription = { href: fileUriOfPath(page) };
    if (context.abilities.relatedInformation) {
      const related = relatedInformation(context, { finding, severity, analysis });
      if (related.length > 0) diagnostic.relatedInformation = related;
    }
    const tags = context.abilities.diagnosticTags ? tagsOfRules[finding.rule] : undefined;
    if (tags) diagnostic.tags = tags;
    if (context.abilities.diagnosticData) {
      diagnostic.data = {
        rule: finding.rule,
        entryPoints: finding.entryPoints,
        ...(finding.fix && { fix: finding.fix }),
      } satisfies DiagnosticData;
    }
    return diagnostic;
  });
  return [...findings, ...context.inactiveRegions.diagnostics(path)];
}

function relatedInformation(context: ServerContext, { finding, analysis }: PlacedFinding): NonNullable<Diagnostic['relatedInformation']> {
  const related = finding.trace.map((step) => place(step.location, 1, step.message));
  for (const driver of analysis.report.drivers) {
    for (const entryPoint of driver.entryPoints) {
      if (!finding.entryPoints.includes(entryPoint.name)) continue;
      related.push(place(entryPoint.location, entryPoint.name.length, `reached from entry point ${entryPoint.name}`));
    }
  }
  return related.slice(0, maximumRelated);

  function place(location: { file: string; line: number; column: number }, length: number, message: string) {
    const path = analysis.resolve(location.file);
    const range = mapRange(nameRange(location, length), mapperFor(context, analysis, path));
    return { location: { uri: context.documents.uriOf(path), range }, message };
  }
}

/** The path of a rule's page, when the page was shipped. */
export function rulePage(context: ServerContext, rule: string): string | undefined {
  const folder = context.services.ruleFolder;
  if (folder === undefined || !/^[\w/-]+$/.test(rule)) return undefined;
  const page = `${folder}/${rule}.md`;
  return existsSync(page) ? page : undefined;
}

/** `textDocument/diagnostic`. The result id is a hash of the content, so the server need not remember what it sent. */
export async function documentDiagnostics(
  context: ServerContext,
  params: DocumentDiagnosticParams,
  token: CancellationToken,
): Promise<DocumentDiagnosticReport> {
  const document = context.documents.get(params.textDocument.uri);
  if (!document || !context.documents.isAnalysed(document)) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
  const path = context.documents.pathOf(params.textDocument.uri);
  // Without a refresh request, whoever asks too early would never hear the rest.
  if (context.abilities.diagnosticRefresh) await context.analyses.freshFindings(path, token, patience);
  else await context.analyses.fresh(path, token);
  return documentReport(context, path, params.previousResultId);
}

/** The answer for one open document from what is known now. */
export function documentReport(context: ServerContext, path: string, previousResultId: string | undefined): DocumentDiagnosticReport {
  const covering = context.analyses.withFindings(path);
  const { byFile } = findingsByFile(covering);
  const items = diagnosticsOf(context, path, byFile.get(path) ?? []);
  const related: Record<string, FullDocumentDiagnosticReport> = {};
  if (context.abilities.relatedDocuments) {
    for (const other of new Set([...byFile.keys(), ...driverFiles(covering)])) {
      // Open documents are asked for by themselves.
      if (other === path || context.documents.atPath(other)) continue;
      const others = diagnosticsOf(context, other, byFile.get(other) ?? []);
      related[context.documents.uriOf(other)] = { kind: DocumentDiagnosticReportKind.Full, items: others };
    }
  }
  const resultId = contentHash({ items, related });
  if (resultId === previousResultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
  const report: DocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Full, resultId, items };
  if (Object.keys(related).length > 0) report.relatedDocuments = related;
  return report;
}

function driverFiles(analyses: ModuleAnalysis[]): string[] {
  return analyses.flatMap((a) => a.report.drivers.flatMap((d) => d.files.map((file) => a.resolve(file))));
}

/** `workspace/diagnostic`: the files of all modules that have been analysed, module by module where the client takes parts. */
export function workspaceDiagnostics(
  context: ServerContext,
  params: WorkspaceDiagnosticParams,
  token: CancellationToken,
  partial: ResultProgressReporter<WorkspaceDiagnosticReportPartialResult> | undefined,
): WorkspaceDiagnosticReport {
  const previous = new Map(params.previousResultIds.map((p) => [p.uri, p.value]));
  const analyses = context.analyses.all();
  const { byFile } = findingsByFile(analyses);
  const done = new Set<string>();
  const rest: WorkspaceDocumentDiagnosticReport[] = [];
  const deliver = (items: WorkspaceDocumentDiagnosticReport[]): void => {
    if (partial && items.length > 0) partial.report({ items });
    else rest.push(...items);
  };
  for (const analysis of analyses) {
    if (token.isCancellationRequested) break;
    const files = [...new Set([...driverFiles([analysis]), ...byFile.keys()])].filter(
      (path) => analysis.files.has(path) && !done.has(path),
    );
    for (const path of files) done.add(path);
    deliver(files.map((path) => workspaceItem(context, path, byFile.get(path) ?? [], previous)));
  }
  // What the client still shows of files that no analysis covers any more is taken back.
  const reported = new Set([...done].map((path) => context.documents.uriOf(path)));
  const gone = [...previous.keys()].filter((uri) => !reported.has(uri));
  deliver(gone.map((uri) => ({ uri, version: null, kind: DocumentDiagnosticReportKind.Full, items: [] })));
  return { items: rest };
}

function workspaceItem(
  context: ServerContext,
  path: string,
  found: PlacedFinding[],
  previous: ReadonlyMap<string, string>,
): WorkspaceDocumentDiagnosticReport {
  const uri = context.documents.uriOf(path);
  const version = context.documents.atPath(path)?.version ?? null;
  const items = diagnosticsOf(context, path, found);
  // Open documents are pulled as well: their ids are made alike, so that one way knows what the other sent.
  const resultId = context.documents.atPath(path) ? documentReportId(context, path) : contentHash({ items });
  if (previous.get(uri) === resultId) {
    const unchanged: UnchangedDocumentDiagnosticReport = { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
    return { uri, version, ...unchanged };
  }
  return { uri, version, kind: DocumentDiagnosticReportKind.Full, resultId, items };
}

function documentReportId(context: ServerContext, path: string): string {
  return documentReport(context, path, undefined).resultId ?? '';
}

/** Pushes to clients that cannot pull; remembers what it pushed, so that nothing is sent twice and all is taken back. */
export class DiagnosticPusher {
  private readonly pushed = new Map<string, string>();

  constructor(private readonly context: ServerContext) {}

  /** Publishes what all analyses say now. */
  publish(): void {
    const { byFile } = findingsByFile(this.context.analyses.allWithFindings());
    const current = new Set<string>();
    for (const document of this.context.documents.open.all()) {
      if (!this.context.documents.isAnalysed(document)) continue;
      const path = this.context.documents.pathOf(document.uri);
      // Silence before the first analysis, an empty list after it.
      if (this.context.analyses.withFindings(path).length > 0) current.add(path);
    }
    for (const path of byFile.keys()) current.add(path);
    for (const path of current) this.send(path, diagnosticsOf(this.context, path, byFile.get(path) ?? []));
    for (const uri of [...this.pushed.keys()]) {
      if ([...current].some((path) => this.context.documents.uriOf(path) === uri)) continue;
      this.pushed.delete(uri);
      void this.context.connection.sendDiagnostics({ uri, diagnostics: [] });
    }
  }

  private send(path: string, diagnostics: Diagnostic[]): void {
    const uri = this.context.documents.uriOf(path);
    const document = this.context.documents.atPath(path);
    const version = this.context.abilities.publishVersion ? document?.version : undefined;
    const hash = contentHash({ version, diagnostics });
    if (this.pushed.get(uri) === hash) return;
    this.pushed.set(uri, hash);
    void this.context.connection.sendDiagnostics({ uri, version, diagnostics });
  }
}
