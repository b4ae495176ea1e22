/** How an entry point is listed that findings of other tools lie in. */
import type { SuspectNode } from '../../server/src/lsp/protocol';
import { duration } from './entryPointOrder';

/** Its driver, how much was found, and what isolating it costs. */
export function suspectDescription({ driver, findings, severity, estimatedNanoseconds, isolatable, suspect }: SuspectNode): string {
  const count = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}, worst: ${severity}`;
  const remark = suspect ? ', marked already' : isolatable ? '' : ', cannot be isolated';
  return `${driver} · ${count} · ≈${duration(estimatedNanoseconds)} per call${remark}`;
}

/** The first finding, and the condition under which alone it can be reached. */
export function suspectDetail({ findings, predicate }: SuspectNode): string {
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : '';
  return `${predicate === null ? '' : `only if ${predicate}: `}${findings[0] ?? ''}${more}`;
}
