/** "Import Findings...": which entry points to isolate for what another tool found, and their marks. */
import * as vscode from 'vscode';
import type { SuspectNode } from '../../server/src/lsp/protocol';
import { documentUriOf } from './activeDocument';
import { applySources } from './applySources';
import { suspectDescription, suspectDetail } from './findingsText';
import { importFindingsRequest, markSuspectsRequest } from './requests';
import type { Server } from './server';

export function registerImportFindings(context: vscode.ExtensionContext, server: Server): void {
  context.subscriptions.push(vscode.commands.registerCommand('fgft.importFindings', (file?: unknown) => importFindings(server, file)));
}

async function importFindings(server: Server, given: unknown): Promise<void> {
  const text = given instanceof vscode.Uri ? await readText(given) : await pickText('Import Findings of Another Tool');
  if (text === undefined) return;
  const uri = documentUriOf();
  const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'FGFT: placing findings' }, () =>
    server.request(importFindingsRequest, { text, ...(uri !== undefined && { textDocument: { uri } }) }),
  );
  if (!result || result.findings === 0) {
    const formats = 'SARIF; file:line: lines of gcc, clang, sparse, smatch and coccinelle; stack traces of the kernel';
    await vscode.window.showWarningMessage(`FGFT: there is no finding in this file that is understood (${formats}).`);
    return;
  }
  if (result.suspects.length === 0) {
    const reasons = [...new Set(result.unplaced.map((f) => f.reason))].slice(0, 3).join('; ');
    await vscode.window.showInformationMessage(`FGFT: no entry point reaches one of the ${result.findings} findings: ${reasons}.`);
    return;
  }
  const picked = await vscode.window.showQuickPick(
    result.suspects.map((suspect) => ({
      label: suspect.name,
      description: suspectDescription(suspect),
      detail: suspectDetail(suspect),
      suspect,
    })),
    {
      canPickMany: true,
      title: `Mark as Suspect: ${result.placed} of ${result.findings} findings, ${result.suspects.length} of ${result.entryPoints} entry points`,
      placeHolder: 'What to isolate first comes first',
    },
  );
  if (picked)
    await mark(
      server,
      picked.map((p) => p.suspect),
    );
}

async function mark(server: Server, suspects: SuspectNode[]): Promise<void> {
  const marks = suspects.filter((s) => !s.suspect).map(({ uri, name, predicate }) => ({ uri, name, predicate }));
  for (const { uri } of marks) await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  const result = marks.length > 0 ? await server.request(markSuspectsRequest, { marks }) : undefined;
  if (result) await applySources(result.sources);
}

/** A file of the user's choice as text; undefined when none was chosen. */
export async function pickText(title: string): Promise<string | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title, canSelectMany: false })) ?? [];
  return file && readText(file);
}

/** A file as text. */
export async function readText(file: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}
