/** `fgft/importFindings` and `fgft/markSuspects`: what other tools found, and the marks that follow from it. */
import { readFileSync } from 'node:fs';
import type { CancellationToken } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Report } from '../report/model';
import { parseFindings } from '../report/otherTools/parse';
import { placeFindings } from '../report/otherTools/place';
import { markManyEdits } from './annotationEdits';
import type { ServerContext } from './context';
import type { ModuleAnalysis } from './moduleAnalysis';
import { pathOfFileUri } from './positions';
import { placeUriOf } from './places';
import type { ImportFindingsParams, ImportFindingsResult, MarkSuspectsParams, MarkSuspectsResult } from './protocol';

/** Files named by findings that are analysed for them; more would take minutes. */
const MAXIMUM_FILES = 50;

/** Places findings in the drivers analysed so far, in that of the document, and in those whose files the findings name. */
export async function importFindings(
  context: ServerContext,
  { text, textDocument }: ImportFindingsParams,
  token: CancellationToken,
): Promise<ImportFindingsResult> {
  const imported = parseFindings(text);
  const paths = new Set(context.analyses.all().map((a) => a.path));
  const named = [...new Set(imported.map((f) => f.file))]
    .flatMap((file) => (file?.endsWith('.c') ? (placeUriOf(context, context.analyses.all()[0], file) ?? []) : []))
    .slice(0, MAXIMUM_FILES);
  for (const uri of [...(textDocument ? [textDocument.uri] : []), ...named]) {
    const path = pathOfFileUri(uri);
    if (path && !context.analyses.latest(path)) paths.add(path);
  }
  const analyses: ModuleAnalysis[] = [];
  for (const path of paths) {
    if (token.isCancellationRequested) break;
    const analysis = await context.analyses.fresh(path, token, undefined, true);
    if (analysis && !analyses.includes(analysis)) analyses.push(analysis);
  }
  if (analyses.length === 0) return { findings: imported.length, placed: 0, suspects: [], unplaced: [], entryPoints: 0 };
  const owner = new Map(analyses.flatMap((a) => a.report.drivers.map((d) => [d.name, a] as const)));
  const report: Report = {
    ...analyses[0].report,
    drivers: analyses.flatMap((a) => a.report.drivers.filter((d) => owner.get(d.name) === a)),
  };
  const placed = placeFindings(report, imported);
  return {
    findings: imported.length,
    placed: placed.findings.length,
    entryPoints: placed.entryPoints,
    unplaced: placed.unplaced.map((f) => ({ message: f.message, reason: f.reason })),
    suspects: placed.suspects.map((s) => ({
      driver: s.driver,
      name: s.name,
      uri: context.documents.uriOf(owner.get(s.driver)!.resolve(s.location.file)),
      severity: s.severity,
      findings: s.findings.map((i) => placed.findings[i].message),
      estimatedNanoseconds: s.estimatedNanoseconds,
      isolatable: s.isolatable,
      suspect: s.suspect,
      predicate: s.predicate,
    })),
  };
}

/** The edits that mark entry points, file by file. What is marked already or not defined there stays as it is. */
export function markSuspects(context: ServerContext, { marks }: MarkSuspectsParams): MarkSuspectsResult {
  const sources = [...new Set(marks.map((m) => m.uri))].flatMap((uri): MarkSuspectsResult['sources'] => {
    const document = context.documents.get(uri) ?? readDocument(uri);
    if (!document) return [];
    const edits = markManyEdits(
      document.getText(),
      marks.filter((m) => m.uri === uri),
    );
    const changes = edits.map((edit) => ({
      range: { start: document.positionAt(edit.start), end: document.positionAt(edit.end) },
      newText: edit.text,
    }));
    return changes.length > 0 ? [{ uri, edits: changes }] : [];
  });
  return { sources };
}

function readDocument(uri: string): TextDocument | null {
  try {
    return TextDocument.create(uri, 'c', 0, readFileSync(pathOfFileUri(uri) ?? '', 'utf8'));
  } catch {
    return null;
  }
}
