import type { Progress } from '../engine/engine';
import type { Terminal } from './terminal';

/** Nothing is shown of work that is done sooner than this. */
const quietMilliseconds = 1000;
const redrawMilliseconds = 100;
/** Where standard error is no terminal, work this long is worth a line in the log, and another one each time it has gone on as long. */
const logMilliseconds = 60_000;
const clearLine = '\r\u001b[K';

/**
 * One line on standard error that says what is being analysed and how long it will still take. Where that is no terminal, a line
 * a minute, so that the log of a long run shows that it goes on.
 */
export class ProgressLine implements Progress {
  private readonly begun: number;
  private drawnAt = -Infinity;
  private shown = false;

  constructor(private readonly terminal: Terminal) {
    this.begun = terminal.now();
  }

  report(done: number, total: number, message: string, fraction = total > 0 ? done / total : 0): void {
    const now = this.terminal.now();
    const elapsed = now - this.begun;
    const { errorIsTerminal } = this.terminal;
    const last = Math.max(this.drawnAt, errorIsTerminal ? -Infinity : this.begun);
    // Without a name there is nothing left to be done.
    if (message === '') return;
    if (elapsed < quietMilliseconds || now - last < (errorIsTerminal ? redrawMilliseconds : logMilliseconds)) return;
    this.drawnAt = now;
    const line = `analysing ${Math.min(done + 1, Math.max(total, 1))} of ${Math.max(total, 1)}: ${message}${remaining(fraction, elapsed)}`;
    if (!errorIsTerminal) {
      this.terminal.error(`fgft: ${line}\n`);
      return;
    }
    this.shown = true;
    this.terminal.error(clearLine + line.slice(0, Math.max(20, this.terminal.columns - 1)));
  }

  /** Removes the line. To be called before anything else is printed. */
  end(): void {
    if (this.shown) this.terminal.error(clearLine);
    this.shown = false;
  }
}

/** An estimate from what is done so far; none before anything is. */
function remaining(fraction: number, elapsed: number): string {
  if (fraction <= 0 || fraction >= 1) return '';
  const seconds = ((elapsed / fraction) * (1 - fraction)) / 1000;
  if (seconds < 60) return `, about ${Math.max(1, Math.round(seconds))} s left`;
  return `, about ${Math.round(seconds / 60)} min left`;
}
