/**
 * The language server: wires the client's messages to one small file per verb. It holds no analysis of its own and depends on
 * the engine's interface alone, which is handed in.
 */
import { readFile } from 'node:fs/promises';
import {
  type Connection,
  DidChangeConfigurationNotification,
  type DocumentDiagnosticReport,
  type InitializeParams,
  type ResultProgressReporter,
  type WorkspaceDiagnosticReport,
  type WorkspaceDiagnosticReportPartialResult,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { Analyses } from './analyses';
import type { ModuleAnalysis } from './moduleAnalysis';
import { serverCapabilities } from './capabilities';
import { type ClientAbilities, clientAbilities } from './clientAbilities';
import { codeActions, resolveCodeAction } from './codeActions';
import { codeLenses } from './codeLens';
import { executeCommand } from './commands';
import { Configuration } from './configuration';
import type { ServerContext, ServerServices } from './context';
import { checkpoint, doctor, entryPoints, explainRule, htmlReport, memoryUsage, report } from './customRequests';
import { DiagnosticPusher, documentDiagnostics, workspaceDiagnostics } from './diagnostics';
import { Documents } from './documents';
import { documentSymbols } from './documentSymbols';
import { EnginePool } from './enginePool';
import { importFindings, markSuspects } from './findingsImport';
import { fenced, guarded, oneLine } from './fence';
import { FileChanges, registerWatchers } from './fileWatching';
import { hover } from './hover';
import { pathOfFileUri } from './positions';
import { InactiveRegions } from './inactiveRegions';
import { Isolations } from './isolation';
import { readLog } from './logImport';
import { Measurements } from './measurements';
import { ProgressReports } from './progress';
import {
  applyIsolationRequest,
  type ApplyIsolationParams,
  checkpointRequest,
  doctorRequest,
  entryPointsRequest,
  explainRuleRequest,
  type ExplainRuleParams,
  htmlReportRequest,
  type ImportFindingsParams,
  importFindingsRequest,
  type InitializationOptions,
  type IsolateParams,
  isolateRequest,
  type MarkSuspectsParams,
  markSuspectsRequest,
  memoryUsageRequest,
  type ReadLogParams,
  readLogRequest,
  reportRequest,
  type StatusParams,
} from './protocol';
import { Refresh } from './refresh';
import { bareStatus, Status, statusOf } from './status';

type PartialResults = ResultProgressReporter<WorkspaceDiagnosticReportPartialResult>;
const noDiagnostics: DocumentDiagnosticReport = { kind: 'full', items: [] };
const noWorkspaceDiagnostics: WorkspaceDiagnosticReport = { items: [] };

/** Serves one client on a connection. The caller has created it; this listens and, on `exit`, ends the process. */
export function startServer(connection: Connection, services: ServerServices): void {
  const log = (line: string): void => connection.console.log(line);
  const documents = new Documents();
  let server: RunningServer | undefined;

  connection.onInitialize((params) => {
    const abilities = clientAbilities(params.capabilities);
    server = createRunningServer(connection, services, documents, params, abilities, log);
    return {
      capabilities: serverCapabilities(abilities, server.context.clientCommands),
      serverInfo: { name: 'fgft', version: services.version },
    };
  });
  connection.onInitialized(guarded('initialized', log, async () => server?.initialized()));
  connection.onShutdown(() => server?.dispose());
  // A client that vanishes without `shutdown` must not leave a worker behind.
  connection.onExit(() => server?.dispose());
  connection.onDidChangeConfiguration(guarded('didChangeConfiguration', log, (params) => server?.configurationChanged(params.settings)));

  documents.open.onDidOpen(guarded('didOpen', log, ({ document }) => server?.opened(document)));
  documents.open.onDidChangeContent(guarded('didChange', log, ({ document }) => server?.changed(document)));
  documents.open.onDidSave(guarded('didSave', log, ({ document }) => server?.saved(document.uri)));
  documents.open.onDidClose(guarded('didClose', log, ({ document }) => server?.closed(document)));
  connection.onDidChangeWatchedFiles(guarded('didChangeWatchedFiles', log, (params) => server?.files.receive(params)));

  // Requests before `initialize` are refused by the connection, so `server` is there.
  const context = (): ServerContext => {
    if (!server) throw new Error('not initialized');
    return server.context;
  };
  connection.onHover(fenced('hover', log, null, (params, token) => hover(context(), params, token)));
  connection.onCodeLens(
    fenced('codeLens', log, [], async (params, token) => {
      const lenses = await codeLenses(context(), params, token);
      server?.refresh.answeredLenses(documents.pathOf(params.textDocument.uri), lenses);
      return lenses;
    }),
  );
  connection.onDocumentSymbol(fenced('documentSymbol', log, [], (params, token) => documentSymbols(context(), params, token)));
  connection.onCodeAction(fenced('codeAction', log, [], (params, token) => codeActions(context(), params, token)));
  connection.onCodeActionResolve((action) => resolveCodeAction(context(), action));
  connection.onExecuteCommand(fenced('executeCommand', log, null, (params, token) => executeCommand(context(), params, token)));
  connection.languages.diagnostics.on(
    fenced('diagnostic', log, noDiagnostics, async (params, token) => {
      const answer = await documentDiagnostics(context(), params, token);
      server?.refresh.answeredDiagnostics(documents.pathOf(params.textDocument.uri), answer.resultId);
      return answer;
    }),
  );
  connection.languages.diagnostics.onWorkspace(
    fenced('workspace/diagnostic', log, noWorkspaceDiagnostics, (params, token, _progress: unknown, partial?: PartialResults) =>
      workspaceDiagnostics(context(), params, token, partial),
    ),
  );
  connection.onRequest(
    reportRequest,
    fenced(reportRequest, log, null, (params, token) => report(context(), params, token)),
  );
  connection.onRequest(
    entryPointsRequest,
    fenced(entryPointsRequest, log, { drivers: [] }, (params, token) => entryPoints(context(), params, token)),
  );
  connection.onRequest(
    memoryUsageRequest,
    fenced(memoryUsageRequest, log, null, () => memoryUsage(context())),
  );
  connection.onRequest(
    doctorRequest,
    fenced(doctorRequest, log, null, (params) => doctor(context(), params)),
  );
  connection.onRequest(
    explainRuleRequest,
    fenced(explainRuleRequest, log, null, (params: ExplainRuleParams) => explainRule(context(), params)),
  );
  connection.onRequest(
    htmlReportRequest,
    fenced(htmlReportRequest, log, null, (params, token) => htmlReport(context(), params, token)),
  );
  connection.onRequest(
    checkpointRequest,
    fenced(checkpointRequest, log, null, (params, token) => checkpoint(context(), params, token)),
  );

  connection.onRequest(
    isolateRequest,
    fenced(isolateRequest, log, null, (params: IsolateParams, token) => context().isolations.prepare(context(), params, token)),
  );
  connection.onRequest(
    applyIsolationRequest,
    fenced(applyIsolationRequest, log, null, (params: ApplyIsolationParams) => context().isolations.apply(context(), params)),
  );

  connection.onRequest(
    readLogRequest,
    fenced(readLogRequest, log, null, (params: ReadLogParams) => readLog(context(), params)),
  );
  connection.onRequest(
    importFindingsRequest,
    fenced(importFindingsRequest, log, null, (params: ImportFindingsParams, token) => importFindings(context(), params, token)),
  );
  connection.onRequest(
    markSuspectsRequest,
    fenced(markSuspectsRequest, log, null, (params: MarkSuspectsParams) => markSuspects(context(), params)),
  );

  documents.listen(connection);
  connection.listen();
}

interface RunningServer {
  context: ServerContext;
  refresh: Refresh;
  files: FileChanges;
  initialized(): Promise<void>;
  configurationChanged(settings: unknown): Promise<void>;
  opened(document: TextDocument): Promise<void>;
  changed(document: TextDocument): void;
  saved(uri: string): Promise<void>;
  closed(document: TextDocument): Promise<void>;
  dispose(): void;
}

function createRunningServer(
  connection: Connection,
  services: ServerServices,
  documents: Documents,
  params: InitializeParams,
  abilities: ClientAbilities,
  log: (line: string) => void,
): RunningServer {
  const options = (params.initializationOptions ?? {}) as InitializationOptions;
  const folder = params.workspaceFolders?.[0]?.uri ?? params.rootUri ?? undefined;
  const configuration = new Configuration(connection, abilities.configuration, options.settings, log);
  const pool = new EnginePool(
    services.createEngine,
    {
      cacheFolder: options.cacheFolder,
      workingDirectory: (folder !== undefined ? pathOfFileUri(folder) : undefined) ?? process.cwd(),
    },
    () => analyses.everythingChanged(),
  );
  const progress = new ProgressReports(connection, abilities.workDoneProgress);
  const status = new Status(connection, log);
  const analyses = new Analyses(
    pool,
    documents,
    configuration,
    {
      started(run) {
        progress.watch(run);
        status.send(withoutNumbers(run.path, 'analysing'));
      },
      first() {
        pusher?.publish();
        refresh.check();
      },
      ended(run, outcome, analysis) {
        progress.end(run);
        if (outcome !== 'obsolete') analysed(run.path, outcome, analysis);
      },
    },
    log,
  );
  const context: ServerContext = {
    // They ask for the context in their turn, once there is an analysis.
    inactiveRegions: undefined as unknown as InactiveRegions,
    isolations: new Isolations(),
    measurements: new Measurements(),
    connection,
    services,
    abilities,
    documents,
    configuration,
    pool,
    analyses,
    clientCommands: new Set(options.commands ?? []),
    log,
  };
  const refresh = new Refresh(context);
  context.inactiveRegions = new InactiveRegions(context, options.inactiveRegions, () => {
    pusher?.publish();
    refresh.check();
  });
  const pusher = abilities.pullDiagnostics ? undefined : new DiagnosticPusher(context);

  const uriOf = (path: string): string => documents.uriOf(path);

  function withoutNumbers(path: string, state: StatusParams['state']): StatusParams {
    return bareStatus(uriOf(path), state, [...(analyses.latest(path)?.files ?? [])].map(uriOf));
  }

  function analysed(path: string, outcome: 'stored' | 'stopped' | 'failed', analysis: ModuleAnalysis | undefined): void {
    if (analysis) {
      status.send(statusOf(analysis, uriOf));
      status.tell(analysis.problems);
      void context.inactiveRegions.analysed(analysis);
    } else {
      status.send(withoutNumbers(path, outcome === 'stopped' ? 'stopped' : 'failed'));
    }
    pusher?.publish();
    refresh.check();
  }

  const files = new FileChanges(
    (path) => documents.atPath(path) !== undefined,
    (paths) => {
      pool.filesChanged(paths);
      analyses.everythingChanged();
    },
  );

  const justOpened = new WeakSet<TextDocument>();

  return {
    context,
    refresh,
    files,
    async initialized() {
      if (abilities.watchFiles) void registerWatchers(connection, log);
      if (abilities.configurationNotification) {
        connection.client
          .register(DidChangeConfigurationNotification.type, { section: 'fgft' })
          .catch((error: unknown) => log(`didChangeConfiguration was refused: ${oneLine(error)}`));
      }
      // Between the start and the first document there is time to load what the first analysis needs.
      const root = pool.workingDirectory;
      void pool.for(await configuration.for(folder ?? documents.uriOf(root))).warmUp?.(root);
    },
    async configurationChanged(settings) {
      configuration.changed(settings);
      await analyses.settingsChanged();
      const open = documents.open.all();
      if (open.length > 0) pool.retain(await Promise.all(open.map((document) => configuration.for(document.uri))));
      pusher?.publish();
      refresh.all();
      for (const analysis of analyses.all()) status.send(statusOf(analysis, uriOf));
    },
    async opened(document) {
      justOpened.add(document);
      if (!documents.isAnalysed(document)) return;
      const path = documents.pathOf(document.uri);
      // A sibling's analysis holds for this file too, unless the editor opens it with text that was never saved.
      if (analyses.latest(path)) {
        if ((await readText(path)) === document.getText()) analyses.adoptText(path, document.getText());
        else analyses.changed(path);
      }
      await analyses.fresh(path);
      pusher?.publish();
    },
    changed(document) {
      // Opening counts as a change for the library, and is none for us.
      if (justOpened.delete(document) || !documents.isAnalysed(document)) return;
      analyses.changed(documents.pathOf(document.uri));
    },
    async saved(uri) {
      const document = documents.get(uri);
      if (!document || !documents.isAnalysed(document)) return;
      if ((await configuration.for(uri)).get('fgft.run') === 'onSave') await analyses.force(documents.pathOf(uri));
    },
    async closed(document) {
      const path = documents.pathOf(document.uri);
      configuration.forget(document.uri);
      refresh.forget(path);
      context.inactiveRegions.closed(path);
      pool.closed(path);
      // What was typed and not saved is gone.
      if (analyses.latest(path) && (await readText(path)) !== document.getText()) analyses.changed(path);
      analyses.closed(path);
      pusher?.publish();
    },
    dispose() {
      analyses.dispose();
      refresh.dispose();
      files.dispose();
      pool.dispose();
    },
  };
}

/** A file's text; undefined when it cannot be read. */
async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
