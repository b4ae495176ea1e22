/** Isolation for clients that have no preview of their own: a question with everything that would be written, then the answer is done. */
import type { CancellationToken } from 'vscode-languageserver';
import { plural } from '../report/amounts';
import type { ServerContext } from './context';
import { showMessage } from './messages';
import type { ApplyIsolationResult, IsolateParams, IsolationPreview } from './protocol';

const write = { title: 'Write' };
const overwrite = { title: 'Write Over Edited Files Too' };

/** Null when the user, or a refusal, stopped it. */
export async function isolateWithQuestion(
  context: ServerContext,
  params: IsolateParams,
  token: CancellationToken,
): Promise<ApplyIsolationResult | null> {
  const preview = await context.isolations.prepare(context, params, token);
  if (preview.refused) {
    showMessage(context.connection, 'warning', refusalText(preview));
    return null;
  }
  const choices = preview.edited.length > 0 ? [write, overwrite] : [write];
  const chosen = await context.connection.window.showInformationMessage(previewText(preview), ...choices);
  if (!chosen) return null;
  const result = context.isolations.apply(context, { token: preview.token, overwriteEdited: chosen.title === overwrite.title });
  if (result.edit) await context.connection.workspace.applyEdit(result.edit);
  return result;
}

/** What would be written, as a question. */
export function previewText({ module, folder, entryPoints, sources, files, edited, refusals }: IsolationPreview): string {
  const of = (change: string): string[] => files.filter((f) => f.change === change).map((f) => f.path);
  const lines = [
    entryPoints.length > 0 ? `${module}: isolate ${entryPoints.join(', ')}` : `${module}: remove the isolated module`,
    ...sources.map((s) => `edit ${s.uri} (${plural(s.edits.length, 'place')})`),
    ...(['added', 'changed', 'removed'] as const).flatMap((change) => {
      const paths = of(change);
      return paths.length > 0 ? [`${change} in ${folder}: ${paths.join(', ')}`] : [];
    }),
    ...(edited.length > 0 ? [`edited by hand, and kept: ${edited.join(', ')}`] : []),
    ...refusals.map((r) => `${r.name} is not isolated: ${r.reason}`),
  ];
  return lines.join('\n');
}

/** Why nothing is isolated, with what would help. */
export function refusalText({ refusals }: IsolationPreview): string {
  return refusals
    .map(({ name, reason, advice, uri, range }) => {
      const at = uri && range ? `${uri.slice(uri.lastIndexOf('/') + 1)}:${range.start.line + 1}: ` : '';
      return `${at}${name} cannot be isolated: ${reason}${advice ? ` (${advice})` : ''}`;
    })
    .join('\n');
}
