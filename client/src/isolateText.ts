/** What is said before and instead of isolating. */
import type { IsolationPreview } from '../../server/src/lsp/protocol';

/** What "Write" will do. */
export function previewQuestion({ module, folder, entryPoints, sources, files, edited, refusals }: IsolationPreview): string {
  const count = (change: string): number => files.filter((f) => f.change === change).length;
  const parts = (['added', 'changed', 'removed'] as const)
    .map((change) => [count(change), change] as const)
    .filter(([n]) => n > 0)
    .map(([n, change]) => `${n} ${n === 1 ? 'file' : 'files'} ${change}`);
  const what = entryPoints.length > 0 ? `isolate ${entryPoints.join(', ')}` : 'take the isolated module away';
  const edits = sources.length > 0 ? `the annotation in ${sources.map((s) => baseName(s.uri)).join(', ')}` : '';
  return [
    `FGFT: ${module}: ${what}? ${[...parts, edits].filter(Boolean).join(', ')}, in ${folder}. The editor shows every change.`,
    ...(edited.length > 0 ? [`Edited by hand, and left alone: ${edited.join(', ')}.`] : []),
    ...refusals.map((r) => `${r.name} stays as it is: ${r.reason}.`),
  ].join(' ');
}

/** Each reason with its place and what would help. */
export function refusalLines({ refusals }: IsolationPreview): string[] {
  return refusals.map(({ name, reason, advice, uri, range }) => {
    const at = uri !== null && range !== null ? ` (${baseName(uri)}:${range.start.line + 1})` : '';
    return `FGFT: ${name} cannot be isolated: ${reason}${at}.${advice === null ? '' : ` What would help: ${advice}.`}`;
  });
}

function baseName(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}
