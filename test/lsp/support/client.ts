/** A language client with nothing of an editor in it: starts a server as a process and speaks the protocol over its pipes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import {
  type ClientCapabilities,
  ConfigurationRequest,
  createProtocolConnection,
  type InitializeResult,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  RegistrationRequest,
  ShowMessageNotification,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgressCreateRequest,
} from 'vscode-languageserver-protocol/node';
import {
  type InactiveRegionsParams,
  inactiveRegionsNotification,
  type StatusParams,
  statusNotification,
} from '../../../server/src/lsp/protocol';

const root = join(import.meta.dirname, '../../..');

/** Bundles `entry` as the build bundles the server, into a folder of its own. */
export async function bundle(entry: string): Promise<{ file: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-lsp-test-'));
  const file = join(folder, 'server.cjs');
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What VS Code says that it can do, as far as this server asks. */
export const fullCapabilities: ClientCapabilities = {
  workspace: {
    configuration: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} },
    diagnostics: { refreshSupport: true },
    codeLens: { refreshSupport: true },
    workspaceFolders: true,
  },
  textDocument: {
    diagnostic: { relatedDocumentSupport: true },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true, tagSupport: { valueSet: [1, 2] } },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
    },
  },
  window: { workDoneProgress: true },
  general: { positionEncodings: ['utf-8', 'utf-16'] },
};

/** A client that knows the oldest protocol only. */
export const bareCapabilities: ClientCapabilities = { textDocument: { publishDiagnostics: { versionSupport: true } } };

export class TestClient {
  readonly pushed: PublishDiagnosticsParams[] = [];
  readonly statuses: StatusParams[] = [];
  readonly inactive: InactiveRegionsParams[] = [];
  readonly messages: string[] = [];
  readonly log: string[] = [];
  readonly requested: string[] = [];
  readonly registrations: { method: string; registerOptions?: unknown }[] = [];
  readonly progressTokens: (string | number)[] = [];
  /** The `fgft` section that `workspace/configuration` answers. */
  settings: Record<string, unknown> = {};
  result!: InitializeResult;

  private constructor(
    readonly child: ChildProcess,
    readonly connection: ProtocolConnection,
  ) {}

  static async start(
    command: string[],
    options: {
      capabilities?: ClientCapabilities;
      folder?: string;
      initializationOptions?: unknown;
      settings?: Record<string, unknown>;
    } = {},
  ): Promise<TestClient> {
    const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const client = new TestClient(child, connection);
    client.settings = options.settings ?? {};
    client.listen();
    const uri = options.folder === undefined ? null : `file://${options.folder}`;
    client.result = await connection.sendRequest<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: uri === null ? null : [{ uri, name: 'test' }],
      capabilities: options.capabilities ?? fullCapabilities,
      initializationOptions: options.initializationOptions,
    });
    await connection.sendNotification('initialized', {});
    return client;
  }

  private listen(): void {
    const { connection } = this;
    connection.onNotification(PublishDiagnosticsNotification.type, (params) => void this.pushed.push(params));
    connection.onNotification(ShowMessageNotification.type, (params) => void this.messages.push(params.message));
    connection.onNotification('window/logMessage', (params: { message: string }) => void this.log.push(params.message));
    connection.onNotification(statusNotification, (params: StatusParams) => void this.statuses.push(params));
    connection.onNotification(inactiveRegionsNotification, (params: InactiveRegionsParams) => void this.inactive.push(params));
    connection.onRequest(ConfigurationRequest.type, (params) => params.items.map(() => this.settings));
    connection.onRequest(RegistrationRequest.type, (params) => void this.registrations.push(...params.registrations));
    connection.onRequest(WorkDoneProgressCreateRequest.type, (params) => void this.progressTokens.push(params.token));
    for (const method of ['workspace/codeLens/refresh', 'workspace/diagnostic/refresh', 'window/showMessageRequest']) {
      connection.onRequest(method, () => {
        this.requested.push(method);
        return null;
      });
    }
    connection.onError(() => undefined);
    connection.listen();
  }

  request<R = any>(method: string, params: unknown): Promise<R> {
    return this.connection.sendRequest<R>(method, params);
  }

  open(uri: string, text: string, version = 1, languageId = 'c'): Promise<void> {
    return this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  change(uri: string, text: string, version: number): Promise<void> {
    return this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  close(uri: string): Promise<void> {
    return this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  /** Ends the server as an editor does. Resolves to its exit status and the milliseconds that took. */
  async stop(): Promise<{ status: number | null; milliseconds: number }> {
    const begun = performance.now();
    const ended = new Promise<number | null>((resolve) => {
      if (this.child.exitCode !== null) resolve(this.child.exitCode);
      else this.child.once('exit', resolve);
    });
    if (this.child.exitCode === null) {
      await this.connection.sendRequest('shutdown');
      await this.connection.sendNotification('exit');
    }
    const status = await ended;
    this.connection.dispose();
    return { status, milliseconds: performance.now() - begun };
  }
}

/** Waits until `probe` gives something other than undefined and false. */
export async function eventually<T>(probe: () => T | undefined | false, what: string, limit = 5000): Promise<T> {
  const deadline = performance.now() + limit;
  for (;;) {
    const value = probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > deadline) throw new Error(`waited ${limit} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
