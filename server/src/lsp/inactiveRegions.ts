/**
 * The text that the kernel's configuration switches off (`#ifdef CONFIG_…`): told to clients that dim it themselves, or as hints with the
 * tag "unnecessary" to those that asked for that. Others hear nothing: a hint for every `#if` would be noise.
 */
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver';
import type { LineRange } from '../engine/engine';
import type { ServerContext } from './context';
import { oneLine } from './fence';
import type { ModuleAnalysis } from './moduleAnalysis';
import { type InactiveRegionsParams, inactiveRegionsNotification, type InitializationOptions } from './protocol';

export type InactiveRegionsMode = NonNullable<InitializationOptions['inactiveRegions']>;

export class InactiveRegions {
  /** By path: what was told last. */
  private readonly known = new Map<string, { lines: LineRange[]; key: string; release: string | null }>();

  /** `changed` is called when hints are others than before. */
  constructor(
    private readonly context: ServerContext,
    private readonly mode: InactiveRegionsMode | undefined,
    private readonly changed: () => void,
  ) {}

  /** A module was analysed: finds out what is switched off in its open documents. Never rejects. */
  async analysed(analysis: ModuleAnalysis): Promise<void> {
    if (!this.mode) return;
    const { documents, pool, log } = this.context;
    const engine = pool.for(analysis.settings);
    for (const document of documents.open.all()) {
      const path = documents.pathOf(document.uri);
      if (!analysis.files.has(path) || !engine.inactiveLines) continue;
      const { version } = document;
      try {
        const lines = await engine.inactiveLines(path);
        // Of an older text they would be in the wrong place; the analysis of this one is on its way.
        if (document.version === version && documents.atPath(path)) this.tell(path, document.uri, version, lines, analysis);
      } catch (error) {
        log(`inactive regions of ${path}: ${oneLine(error)}`);
      }
    }
  }

  closed(path: string): void {
    this.known.delete(path);
  }

  /** The hints of a document. Empty unless the client asked for hints. */
  diagnostics(path: string): Diagnostic[] {
    const known = this.mode === 'diagnostics' ? this.known.get(path) : undefined;
    return (known?.lines ?? []).map((lines) => ({
      range: rangeOf(lines),
      severity: DiagnosticSeverity.Hint,
      tags: [DiagnosticTag.Unnecessary],
      source: 'fgft',
      message: `switched off by the configuration of Linux ${known?.release ?? '(no kernel tree)'}`,
    }));
  }

  private tell(path: string, uri: string, version: number, lines: LineRange[], { report }: ModuleAnalysis): void {
    const key = JSON.stringify(lines);
    const isNew = this.known.get(path)?.key !== key;
    this.known.set(path, { lines, key, release: report.kernel.release });
    if (this.mode === 'diagnostics') {
      if (isNew) this.changed();
      return;
    }
    // Also when they are where they were: the client needs them for the version that it shows.
    const params: InactiveRegionsParams = { uri, version, ranges: lines.map(rangeOf), configuration: report.kernel.configuration };
    void this.context.connection.sendNotification(inactiveRegionsNotification, params);
  }
}

/** Whole lines: up to the start of the line behind them. */
function rangeOf({ first, last }: LineRange): InactiveRegionsParams['ranges'][number] {
  return { start: { line: first, character: 0 }, end: { line: last + 1, character: 0 } };
}
