/** Where the command prints, as values: tests run a command without a process of its own. */
export interface Terminal {
  out(text: string): void;
  error(text: string): void;
  /** Is standard output a terminal, and standard error? */
  outIsTerminal: boolean;
  errorIsTerminal: boolean;
  /** Characters per line of a terminal. */
  columns: number;
  /** May colour be used on standard output? */
  color: boolean;
  workingDirectory: string;
  /** Resolves when what was printed has left this process; absent where printing never waits. */
  drained?(): Promise<void>;
  /** Milliseconds on a clock that never goes back. */
  now(): number;
}

/** The terminal of this process. Colour follows https://no-color.org and FORCE_COLOR. */
export function processTerminal(): Terminal {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const outIsTerminal = process.stdout.isTTY === true;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0';
  return {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    outIsTerminal,
    errorIsTerminal: process.stderr.isTTY === true,
    columns: process.stdout.columns || 80,
    color: !NO_COLOR && (forced || (outIsTerminal && TERM !== 'dumb')),
    workingDirectory: process.cwd(),
    drained: () => (process.stdout.writableNeedDrain ? new Promise((resolve) => process.stdout.once('drain', resolve)) : Promise.resolve()),
    now: () => performance.now(),
  };
}
