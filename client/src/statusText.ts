/** What the status item says. Plain functions: they know nothing of the editor. */
import type { StatusParams } from '../../server/src/lsp/protocol';
import { counted } from './entryPointOrder';

export interface StatusText {
  /** Short, for the status bar. */
  text: string;
  /** What was analysed, with what, and what is missing. */
  detail: string;
  severity: 'information' | 'warning' | 'error';
  busy: boolean;
}

/** The newest status of the module that a document belongs to; a module is analysed once for all of its files. The newest comes last. */
export function statusFor(uri: string, statuses: Iterable<StatusParams>): StatusParams | undefined {
  return [...statuses].filter((status) => status.uri === uri || status.files.includes(uri)).at(-1);
}

/** Undefined: nothing was analysed for this document yet. */
export function statusText(status: StatusParams | undefined, serverRuns: boolean): StatusText {
  if (!serverRuns)
    return { text: 'FGFT: server stopped', detail: 'Restart it with "FGFT: Restart Server".', severity: 'error', busy: false };
  if (!status) return { text: 'FGFT', detail: 'This file was not analysed.', severity: 'information', busy: false };
  const drivers = status.drivers.join(', ') || 'driver';
  if (status.state === 'analysing') return { text: 'FGFT: analysing', detail: drivers, severity: 'information', busy: true };
  if (status.state === 'stopped') return { text: 'FGFT: stopped', detail: 'The analysis was cancelled.', severity: 'warning', busy: false };
  if (status.state === 'failed') {
    return {
      text: 'FGFT: not analysed',
      detail: status.problems.map((p) => p.message).join(' ') || 'See the log.',
      // A generated file is left alone on purpose.
      severity: status.problems.length > 0 && status.problems.every((p) => p.kind === 'generated') ? 'information' : 'error',
      busy: false,
    };
  }
  // The editor shows both on one line and cuts what does not fit: only what the other views do not say.
  const partial = status.partialFunctions > 0 ? `, ${status.partialFunctions} of ${counted(status.functions, 'function')} partial` : '';
  const hidden = status.hiddenFindings > 0 ? `, ${counted(status.hiddenFindings, 'finding')} hidden` : '';
  return {
    text: `${drivers}: ${counted(status.entryPoints, 'entry point')}`,
    detail: kernelText(status) + partial + hidden,
    severity: status.partialFunctions > 0 || status.problems.length > 0 || !status.kernel?.root ? 'warning' : 'information',
    busy: false,
  };
}

function kernelText({ kernel }: StatusParams): string {
  if (!kernel?.root) return 'no kernel tree: sizes are unknown';
  return `Linux ${kernel.release ?? kernel.root}, ${kernel.configuration === 'assumed' ? 'configuration assumed' : kernel.configuration}`;
}
