/** Work-done progress for analyses that take long enough to wonder about. */
import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver';
import type { Run } from './analyses';

/** Milliseconds before an analysis is announced: most end sooner. */
const announceAfter = 500;

export class ProgressReports {
  private readonly ends = new Map<Run, () => void>();

  constructor(
    private readonly connection: Connection,
    private readonly supported: boolean,
  ) {}

  /** Watches a run that has begun. Cancelling its progress stops it for good until something changes. */
  watch(run: Run): void {
    if (!this.supported) return;
    let reporter: WorkDoneProgressServerReporter | undefined;
    let ended = false;
    let last = '';
    const name = run.path.slice(run.path.lastIndexOf('/') + 1);
    run.progress = {
      report: (done, total, message) => {
        last = total > 1 ? `${message} (${done} of ${total})` : message;
        if (reporter && !ended) reporter.report(total > 0 ? Math.min(100, Math.round((100 * done) / total)) : 0, last);
      },
    };
    const timer = setTimeout(() => {
      this.connection.window.createWorkDoneProgress().then(
        (created) => {
          created.begin(`Analyzing ${name}`, 0, last, true);
          if (ended) return created.done();
          reporter = created;
          created.token.onCancellationRequested(() => run.cancel());
        },
        () => undefined, // The client changed its mind about progress; the analysis goes on.
      );
    }, announceAfter);
    this.ends.set(run, () => {
      ended = true;
      clearTimeout(timer);
      reporter?.done();
    });
  }

  end(run: Run): void {
    this.ends.get(run)?.();
    this.ends.delete(run);
  }
}
