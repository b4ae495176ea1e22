import type { Progress } from '../engine/engine';
import type { Terminal } from './terminal';

/** Nothing is shown of work that is done sooner than this. */
const quietMilliseconds = 1000;
const redrawMilliseconds = 100;
const clearLine = '\r\u001b[K';

/** One line on standard error that says what is being analysed and how long it will still take. Silent where that is no terminal. */
export class ProgressLine implements Progress {
  private readonly begun: number;
  private drawnAt = -Infinity;
  private shown = false;

  constructor(private readonly terminal: Terminal) {
    this.begun = terminal.now();
  }

  report(done: number, total: number, message: string): void {
    if (!this.terminal.errorIsTerminal) return;
    const now = this.terminal.now();
    const elapsed = now - this.begun;
    if (elapsed < quietMilliseconds || now - this.drawnAt < redrawMilliseconds) return;
    this.drawnAt = now;
    this.shown = true;
    const line = `analysing ${Math.min(done + 1, Math.max(total, 1))} of ${Math.max(total, 1)}: ${message}${remaining(done, total, elapsed)}`;
    this.terminal.error(clearLine + line.slice(0, Math.max(20, this.terminal.columns - 1)));
  }

  /** Removes the line. To be called before anything else is printed. */
  end(): void {
    if (this.shown) this.terminal.error(clearLine);
    this.shown = false;
  }
}

/** An estimate from what is done so far; none before anything is. */
function remaining(done: number, total: number, elapsed: number): string {
  if (done <= 0 || total <= done) return '';
  const seconds = ((elapsed / done) * (total - done)) / 1000;
  if (seconds < 60) return `, about ${Math.max(1, Math.round(seconds))} s left`;
  return `, about ${Math.round(seconds / 60)} min left`;
}
