import type { Severity } from '../report/model';

/** Functions that put text into a colour, or leave it as it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  severity(severity: Severity, text: string): string;
}

const paint =
  (code: string) =>
  (text: string): string =>
    text === '' ? text : `\u001b[${code}m${text}\u001b[0m`;
const plain = (text: string): string => text;

const severityCodes: Readonly<Record<Severity, string>> = { error: '1;31', warning: '33', information: '36', hint: '2' };

export function makeStyle(color: boolean): Style {
  if (!color) return { bold: plain, dim: plain, severity: (_severity, text) => text };
  return { bold: paint('1'), dim: paint('2'), severity: (severity, text) => paint(severityCodes[severity])(text) };
}
