/** A language server at work on one file, driven as an editor does and asked for nothing but its diagnostics. */
import {
  type Diagnostic,
  type DocumentDiagnosticReport,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol';
import { eventually, TestClient } from '../lsp/support/client';
import type { ReportResult } from '../../server/src/lsp/protocol';
import type { Place } from './editing';
import { peakResidentBytes, residentBytes } from './processes';

export interface ServerCommand {
  command: string[];
  /** True: diagnostics are asked for. False: they are awaited, with the version that they are of. */
  pulls: boolean;
  /** The client can be told that an answer is outdated, as VS Code can: it is told early what is known of the file alone. */
  refreshes?: boolean;
  initializationOptions?: unknown;
  settings?: Record<string, unknown>;
}

/** How clangd treats an edit: as any editor's, or with its own extension that makes it skip its pause for further typing. */
export type Eagerness = 'standard' | 'at once';

/** Nothing was heard for so long: the server is taken for dead. */
const PATIENCE = 300_000;

export class Session {
  private version = 1;
  private waiting: { version: number; resolve(params: PublishDiagnosticsParams): void } | undefined;
  private lastPushed: PublishDiagnosticsParams | undefined;
  private settledAt = performance.now();

  private constructor(
    private readonly client: TestClient,
    private readonly server: ServerCommand,
    readonly uri: string,
  ) {
    client.connection.onNotification(PublishDiagnosticsNotification.type, (params) => this.receive(params));
  }

  static async start(server: ServerCommand, folder: string, path: string): Promise<Session> {
    const client = await TestClient.start(server.command, {
      folder,
      // Without a refresh request a server may not answer early with what is outdated.
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          ...(server.refreshes && { diagnostics: { refreshSupport: true } }),
        },
        textDocument: {
          synchronization: {},
          publishDiagnostics: { versionSupport: true, relatedInformation: true },
          ...(server.pulls && { diagnostic: { relatedDocumentSupport: false } }),
        },
        general: { positionEncodings: ['utf-16'] },
      },
      initializationOptions: server.initializationOptions,
      settings: server.settings,
    });
    return new Session(client, server, `file://${path}`);
  }

  private get pid(): number {
    return this.client.child.pid ?? 0;
  }

  private receive(params: PublishDiagnosticsParams): void {
    if (params.uri !== this.uri) return;
    this.lastPushed = params;
    if (this.waiting && (params.version ?? 0) >= this.waiting.version) this.waiting.resolve(params);
  }

  /** The diagnostics of the current version. */
  private async diagnostics(): Promise<Diagnostic[]> {
    if (this.server.pulls) {
      const report = await this.client.request<DocumentDiagnosticReport>('textDocument/diagnostic', { textDocument: { uri: this.uri } });
      return report.kind === 'full' ? report.items : [];
    }
    const { version } = this;
    if ((this.lastPushed?.version ?? 0) >= version) return this.lastPushed!.diagnostics;
    return new Promise<Diagnostic[]>((resolve) => {
      this.waiting = {
        version,
        resolve: (params) => {
          this.waiting = undefined;
          resolve(params.diagnostics);
        },
      };
    });
  }

  private async timed(send: () => Promise<void>): Promise<{ milliseconds: number; diagnostics: Diagnostic[] }> {
    const begun = performance.now();
    await send();
    const timeout = new AbortController();
    const diagnostics = await Promise.race([this.diagnostics(), this.silence(timeout.signal)]);
    timeout.abort();
    this.settledAt = performance.now();
    return { milliseconds: this.settledAt - begun, diagnostics };
  }

  /** Rejects when nothing was heard for too long. */
  private silence(signal: AbortSignal): Promise<never> {
    const message = `no diagnostics of version ${this.version} from ${this.server.command[0]} in ${PATIENCE / 1000} s`;
    return new Promise((_resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(message)), PATIENCE);
      signal.addEventListener('abort', () => clearTimeout(timer));
    });
  }

  /** Opens the document and waits for its first diagnostics. */
  open(text: string): Promise<{ milliseconds: number; diagnostics: Diagnostic[] }> {
    return this.timed(() => this.client.open(this.uri, text, this.version));
  }

  /**
   * Opens the document and waits for its first findings (there must be some), which a client that can be told of outdated answers gets
   * early; then for those of the whole module. Milliseconds from the opening.
   */
  async openInSteps(text: string): Promise<{ first: number; whole: number }> {
    const begun = performance.now();
    const { diagnostics } = await this.open(text);
    let found = diagnostics;
    for (let asked = 0; found.length === 0; asked = this.client.requested.length) {
      const before = asked;
      await eventually(() => this.client.requested.length > before, 'findings', PATIENCE);
      found = await this.diagnostics();
    }
    const first = performance.now() - begun;
    await eventually(() => this.client.statuses.some((status) => status.state === 'ready'), 'the whole analysis', PATIENCE);
    this.settledAt = performance.now();
    return { first, whole: this.settledAt - begun };
  }

  private send(place: Place, text: string, eagerness: Eagerness): Promise<void> {
    this.version++;
    return this.client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: this.uri, version: this.version },
      contentChanges: [{ range: { start: place, end: text === '' ? { line: place.line, character: place.character + 1 } : place }, text }],
      ...(eagerness === 'at once' && { wantDiagnostics: true }),
    });
  }

  /** Types one character (with '' takes one away) and waits for the diagnostics of the text as it then is. */
  edit(place: Place, text: string, eagerness: Eagerness = 'standard'): Promise<{ milliseconds: number; diagnostics: Diagnostic[] }> {
    return this.timed(() => this.send(place, text, eagerness));
  }

  /** Types a character at each place, `interval` milliseconds apart, and waits for diagnostics after the last alone. */
  async type(places: readonly Place[], interval: number): Promise<{ milliseconds: number; diagnostics: Diagnostic[] }> {
    for (const place of places.slice(0, -1)) {
      await this.send(place, '1', 'standard');
      await sleep(interval);
    }
    return this.edit(places[places.length - 1], '1');
  }

  /** Waits until `pause` milliseconds have gone by since the last answer. */
  async rest(pause: number): Promise<void> {
    const left = this.settledAt + pause - performance.now();
    if (left > 0) await sleep(left);
  }

  /** Milliseconds of the latest analysis itself, as the server tells with its status; NaN for a server that tells none. */
  analysisMilliseconds(): number {
    return this.client.statuses.findLast((status) => status.state === 'ready')?.milliseconds ?? Number.NaN;
  }

  report(): Promise<ReportResult | null> {
    return this.client.request<ReportResult | null>('fgft/report', { textDocument: { uri: this.uri } });
  }

  request<R>(method: string): Promise<R> {
    return this.client.request<R>(method, undefined);
  }

  peakBytes(): number {
    return peakResidentBytes(this.pid);
  }

  residentBytes(): number {
    return residentBytes(this.pid);
  }

  async stop(): Promise<void> {
    await this.client.stop();
  }
}

export function sleep(duration: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, duration));
}
