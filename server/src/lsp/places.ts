/** From files as logs and other tools name them to documents. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerContext } from './context';
import type { ModuleAnalysis } from './moduleAnalysis';

/** The URI of a file that exists: as the analysis resolves it, absolute, or relative to the workspace; null when it is nowhere. */
export function placeUriOf(context: ServerContext, analysis: ModuleAnalysis | undefined, file: string): string | null {
  const candidates = [...(analysis ? [analysis.resolve(file)] : []), file, join(context.pool.workingDirectory, file)];
  const found = candidates.find((path) => path.startsWith('/') && existsSync(path));
  return found === undefined ? null : context.documents.uriOf(found);
}
