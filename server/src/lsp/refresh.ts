/**
 * Asks the client to ask again when what it was answered is no longer so. What was answered is kept as a hash per document, so
 * that an analysis that changes nothing visible asks for nothing.
 */
import { CodeLensRefreshRequest } from 'vscode-languageserver';
import { lensesOf } from './codeLens';
import { contentHash } from './contentHash';
import type { ServerContext } from './context';
import { documentReport } from './diagnostics';

/** Requests that waited for the analysis get their answer first, and then need no refresh. Milliseconds. */
const settleFor = 40;

export class Refresh {
  private readonly answered = { lens: new Map<string, string>(), diagnostics: new Map<string, string>() };
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly context: ServerContext) {}

  answeredLenses(path: string, lenses: unknown): void {
    this.answered.lens.set(path, contentHash(lenses));
  }

  answeredDiagnostics(path: string, resultId: string | undefined): void {
    this.answered.diagnostics.set(path, resultId ?? '');
  }

  forget(path: string): void {
    this.answered.lens.delete(path);
    this.answered.diagnostics.delete(path);
  }

  /** Something may have changed: looks, shortly, whether any answer has. */
  check(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const { abilities, analyses, connection } = this.context;
      const outdatedLens = [...this.answered.lens].some(([path, hash]) => hash !== contentHash(this.lenses(path)));
      if (abilities.lensRefresh && outdatedLens) connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
      const outdated = [...this.answered.diagnostics].some(
        ([path, id]) => analyses.withFindings(path).length > 0 && documentReport(this.context, path, undefined).resultId !== id,
      );
      if (abilities.diagnosticRefresh && outdated) Promise.resolve(connection.languages.diagnostics.refresh()).catch(() => undefined);
    }, settleFor);
  }

  /** Asks for everything anew, after settings changed. */
  all(): void {
    this.answered.lens.forEach((_, path) => this.answered.lens.set(path, ''));
    this.answered.diagnostics.forEach((_, path) => this.answered.diagnostics.set(path, '-'));
    this.check();
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
  }

  private lenses(path: string): unknown {
    return lensesOf(this.context, path);
  }
}
