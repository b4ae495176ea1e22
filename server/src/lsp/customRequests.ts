/** The requests of protocol.ts. */
import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { Report } from '../report/model';
import { ruleCatalogue } from '../report/ruleCatalogue';
import type { ModuleAnalysis } from './moduleAnalysis';
import type { ServerContext } from './context';
import { checkpointPage } from './checkpointText';
import { doctorText } from './doctorText';
import { rulePage } from './diagnostics';
import { entryPointTree } from './entryPointTree';
import { fileUriOfPath } from './positions';
import type {
  CheckpointResult,
  DoctorResult,
  DocumentParams,
  EntryPointsParams,
  EntryPointsResult,
  ExplainRuleParams,
  ExplainRuleResult,
  HtmlReportResult,
  MemoryUsageResult,
  ReportResult,
} from './protocol';

/** The analysis that a custom request is about. Files that are not open are read from disk. */
async function wholeAnalysis(
  context: ServerContext,
  uri: string,
  token: CancellationToken,
  detail: boolean,
): Promise<ModuleAnalysis | undefined> {
  const document = context.documents.get(uri);
  const path = context.documents.pathOf(uri);
  if (document ? !context.documents.isAnalysed(document) : !/\.[ch]$/i.test(path)) return undefined;
  // Cut short by cancellation, it may be outdated; the fence answers for that.
  return context.analyses.fresh(path, token, undefined, detail);
}

export async function report(context: ServerContext, params: DocumentParams, token: CancellationToken): Promise<ReportResult | null> {
  const analysis = await wholeAnalysis(context, params.textDocument.uri, token, true);
  if (!analysis) return null;
  return {
    report: analysis.report,
    problems: analysis.problems,
    uris: urisOf(context, analysis),
    upToDate: context.analyses.isFresh(analysis),
  };
}

/** Every `file` of a report, wherever it occurs, with the URI to open. */
function urisOf(context: ServerContext, analysis: ModuleAnalysis): Record<string, string> {
  const uris: Record<string, string> = {};
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (key === 'file' && typeof inner === 'string') uris[inner] ??= context.documents.uriOf(analysis.resolve(inner));
        else visit(inner);
      }
    }
  };
  for (const driver of analysis.report.drivers)
    for (const file of [...driver.files, ...driver.headers]) uris[file] = context.documents.uriOf(analysis.resolve(file));
  visit(analysis.report.drivers);
  return uris;
}

export async function checkpoint(
  context: ServerContext,
  params: DocumentParams,
  token: CancellationToken,
): Promise<CheckpointResult | null> {
  const analysis = await wholeAnalysis(context, params.textDocument.uri, token, true);
  if (!analysis) return null;
  const drivers = analysis.report.drivers.map((driver) => ({
    name: driver.name,
    powerManagement: driver.powerManagement,
    checkpoint: driver.checkpoint,
    markdown: checkpointPage(driver),
  }));
  return { drivers };
}

export async function entryPoints(context: ServerContext, params: EntryPointsParams, token: CancellationToken): Promise<EntryPointsResult> {
  const uri = params?.textDocument?.uri;
  if (uri === undefined) return { drivers: entryPointTree(context, context.analyses.all()) };
  const analysis = await wholeAnalysis(context, uri, token, false);
  return { drivers: analysis ? entryPointTree(context, [analysis]) : [] };
}

export function memoryUsage(context: ServerContext): MemoryUsageResult {
  const { heapUsed, rss } = process.memoryUsage();
  return {
    server: { heapBytes: heapUsed, residentBytes: rss },
    engines: context.pool.memory(),
    openDocuments: context.documents.open.all().length,
    analyses: context.analyses.all().length,
  };
}

export async function doctor(context: ServerContext, params: DocumentParams): Promise<DoctorResult> {
  const uri = params.textDocument.uri;
  const engine = context.pool.for(await context.configuration.for(uri));
  const diagnosis = await engine.diagnose(context.documents.pathOf(uri));
  return { diagnosis, text: doctorText(diagnosis) };
}

export function explainRule(context: ServerContext, params: ExplainRuleParams): ExplainRuleResult | null {
  const description = Object.hasOwn(ruleCatalogue, params.rule) ? ruleCatalogue[params.rule] : undefined;
  if (!description) return null;
  const page = rulePage(context, params.rule);
  const markdown = `### ${params.rule}\n\n${description.summary}\n\n${description.help}\n`;
  return { rule: params.rule, markdown, uri: page === undefined ? null : fileUriOfPath(page) };
}

export async function htmlReport(
  context: ServerContext,
  params: DocumentParams,
  token: CancellationToken,
): Promise<HtmlReportResult | null> {
  const render: ((report: Report) => string) | undefined = context.services.renderHtml;
  if (!render) throw new ResponseError(LSPErrorCodes.RequestFailed, 'this server was built without the report page');
  const analysis = await wholeAnalysis(context, params.textDocument.uri, token, true);
  if (!analysis) return null;
  const title = analysis.report.drivers.map((d) => d.name).join(', ') || 'report';
  return { html: render(analysis.report), title };
}
