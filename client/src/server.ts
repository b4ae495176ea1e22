/** The language server's life: started once, in a process of its own, restarted on demand. */
import * as vscode from 'vscode';
import type { RequestType } from 'vscode-languageclient';
import { LanguageClient, type LanguageClientOptions, type ServerOptions, State, TransportKind } from 'vscode-languageclient/node';
import type { commands, InactiveRegionsParams, InitializationOptions, StatusParams } from '../../server/src/lsp/protocol';
import { inactiveRegionsNotification, statusNotification } from './requests';

/** C files, and headers whatever language the editor takes them for. */
export const documentSelector = [
  { scheme: 'file', language: 'c' },
  { scheme: 'untitled', language: 'c' },
  { scheme: 'file', pattern: '**/*.h' },
];

/** What this extension does itself when a lens, a hover or a code action names it. */
type ServerCommand = (typeof commands)[keyof typeof commands];
const ownCommands: ServerCommand[] = [
  'fgft.showReport',
  'fgft.doctor',
  'fgft.explainRule',
  'fgft.isolate',
  'fgft.stopIsolating',
  'fgft.regenerate',
];

export class Server implements vscode.Disposable {
  private readonly client: LanguageClient;
  private readonly statusEmitter = new vscode.EventEmitter<StatusParams>();
  private readonly inactiveEmitter = new vscode.EventEmitter<InactiveRegionsParams>();
  private readonly runningEmitter = new vscode.EventEmitter<boolean>();

  /** After each analysis, and when one begins. */
  readonly onStatus = this.statusEmitter.event;
  /** What the kernel's configuration switches off in a document. */
  readonly onInactiveRegions = this.inactiveEmitter.event;
  /** True when the server answers, false when it no longer does. */
  readonly onRunning = this.runningEmitter.event;

  constructor(
    context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
  ) {
    const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.cjs').fsPath;
    const serverOptions: ServerOptions = {
      run: { module, transport: TransportKind.stdio },
      debug: { module, transport: TransportKind.stdio, options: { execArgv: ['--nolazy', '--inspect=6017'] } },
    };
    const initializationOptions: InitializationOptions = {
      commands: ownCommands,
      cacheFolder: context.globalStorageUri.fsPath,
      inactiveRegions: 'notification',
    };
    const clientOptions: LanguageClientOptions = {
      documentSelector,
      initializationOptions,
      outputChannel: log,
      // Hovers link to commands of this extension, and to no others.
      markdown: { isTrusted: { enabledCommands: ['fgft.showReport', 'fgft.analyze', 'fgft.doctor', 'fgft.explainRule'] } },
    };
    this.client = new LanguageClient('fgft', 'FGFT', serverOptions, clientOptions);
    this.client.onNotification(statusNotification, (status) => this.statusEmitter.fire(status));
    this.client.onNotification(inactiveRegionsNotification, (regions) => this.inactiveEmitter.fire(regions));
    this.client.onDidChangeState(({ newState }) => this.runningEmitter.fire(newState === State.Running));
  }

  get isRunning(): boolean {
    return this.client.isRunning();
  }

  /** Starts the server, or says why it does not start. Never rejects. */
  async start(): Promise<void> {
    try {
      await this.client.start();
    } catch (error) {
      await this.reportFailure('The analysis server did not start', error);
    }
  }

  async restart(): Promise<void> {
    try {
      if (this.client.needsStop()) await this.client.stop();
      await this.client.start();
    } catch (error) {
      await this.reportFailure('The analysis server did not restart', error);
    }
  }

  async stop(): Promise<void> {
    if (this.client.needsStop()) await this.client.stop();
  }

  /** Asks the server. Undefined when it does not run or refuses; the reason is in the log. */
  async request<P, R, E>(type: RequestType<P, R, E>, params: P): Promise<R | undefined> {
    if (!this.isRunning) return undefined;
    try {
      return await this.client.sendRequest<R>(type.method, params);
    } catch (error) {
      this.log.error(`${type.method}: ${messageOf(error)}`);
      return undefined;
    }
  }

  dispose(): void {
    this.statusEmitter.dispose();
    this.inactiveEmitter.dispose();
    this.runningEmitter.dispose();
  }

  private async reportFailure(what: string, error: unknown): Promise<void> {
    this.log.error(`${what}: ${messageOf(error)}`);
    const choice = await vscode.window.showErrorMessage(`FGFT: ${what}. ${messageOf(error)}`, 'Show Log');
    if (choice) this.log.show();
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
