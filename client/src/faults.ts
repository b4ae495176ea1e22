/** "Read Faults from a Log...": the runtime's lines of a kernel log as problems at the faulting lines. */
import * as vscode from 'vscode';
import { pickText, readText } from './importFindings';
import { readLogRequest } from './requests';
import type { Server } from './server';

export function registerFaults(context: vscode.ExtensionContext, server: Server): void {
  const problems = vscode.languages.createDiagnosticCollection('fgft faults');
  context.subscriptions.push(
    problems,
    vscode.commands.registerCommand('fgft.readFaults', (file?: unknown) => readFaults(server, problems, file)),
    vscode.commands.registerCommand('fgft.clearFaults', () => problems.clear()),
  );
}

async function readFaults(server: Server, problems: vscode.DiagnosticCollection, given: unknown): Promise<void> {
  const text = given instanceof vscode.Uri ? await readText(given) : await pickText('Read Faults from a Kernel Log');
  if (text === undefined) return;
  const result = await server.request(readLogRequest, { text });
  if (!result) return;
  const byFile = new Map<string, vscode.Diagnostic[]>();
  for (const { uri, range, message, isFallback } of result.faults) {
    if (uri === null) continue;
    const { start, end } = range;
    const severity = isFallback ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Error;
    const problem = new vscode.Diagnostic(new vscode.Range(start.line, start.character, end.line, end.character), message, severity);
    problem.source = 'fgft runtime';
    byFile.set(uri, [...(byFile.get(uri) ?? []), problem]);
  }
  problems.clear();
  for (const [uri, list] of byFile) problems.set(vscode.Uri.parse(uri), list);
  const lost = result.faults.filter((f) => f.uri === null).length;
  const parts = [
    `${result.faults.length} ${result.faults.length === 1 ? 'fault' : 'faults'}`,
    ...(lost > 0 ? [`${lost} in files that were not found`] : []),
    ...(result.measured > 0 ? [`measurements of ${result.measured} entry points, shown on hover`] : []),
  ];
  await vscode.window.showInformationMessage(`FGFT: ${parts.join('; ')}.`);
  if (byFile.size > 0) await vscode.commands.executeCommand('workbench.actions.view.problems');
}
