import type { Terminal } from '../../../server/src/cli/terminal';

/** A terminal that remembers what was printed. */
export function terminalForTests(overrides: Partial<Terminal> = {}): { terminal: Terminal; printed: { out: string; error: string } } {
  const printed = { out: '', error: '' };
  const terminal: Terminal = {
    out: (text) => void (printed.out += text),
    error: (text) => void (printed.error += text),
    outIsTerminal: false,
    errorIsTerminal: false,
    columns: 80,
    color: false,
    workingDirectory: '/here',
    now: () => 0,
    ...overrides,
  };
  return { terminal, printed };
}
