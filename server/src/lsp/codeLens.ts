/** `textDocument/codeLens`: one line above each entry point, with the command that shows the report. */
import type { CancellationToken, CodeLens, CodeLensParams } from 'vscode-languageserver';
import { analysisFor, entryPointsIn, mapperFor, type ServerContext } from './context';
import type { EntryPoint } from '../report/model';
import { mapRange, nameRange } from './positions';
import { commands } from './protocol';
import { counted, duration, numbersOf, registrationPhrase, travelPhrase } from './summary';

export async function codeLenses(context: ServerContext, params: CodeLensParams, token: CancellationToken): Promise<CodeLens[]> {
  const uri = params.textDocument.uri;
  const settings = await context.configuration.for(uri);
  if (settings.get('fgft.lens.enable') !== true) return [];
  const found = await analysisFor(context, uri, token);
  return found && !token.isCancellationRequested ? lensesOf(context, found.path) : [];
}

/** The lenses of a file from what is known now. */
export function lensesOf(context: ServerContext, path: string): CodeLens[] {
  const analysis = context.analyses.latest(path);
  if (!analysis) return [];
  const map = mapperFor(context, analysis, path);
  const uri = context.documents.uriOf(path);
  return entryPointsIn(analysis, path).map(({ entryPoint }) => ({
    range: mapRange(nameRange(entryPoint.location, entryPoint.name.length), map),
    command: { title: lensTitle(entryPoint), command: commands.showReport, arguments: [uri, entryPoint.name] },
  }));
}

/** `net_device_ops.ndo_open · 9 fields, 61 B in, 4 B out · 12 kernel calls · ≈1.4 µs per isolated call` */
export function lensTitle(entryPoint: EntryPoint): string {
  const numbers = numbersOf(entryPoint);
  const parts = [
    registrationPhrase(entryPoint),
    travelPhrase(numbers),
    counted(numbers.kernelCalls, 'kernel call'),
    `${duration(numbers.estimatedNanoseconds)} per isolated call`,
  ];
  if (entryPoint.suspect) parts.unshift('suspect');
  if (!entryPoint.isolatable) parts.push('cannot be isolated yet');
  return parts.join(' · ');
}
