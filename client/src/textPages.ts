/** Read-only texts that a command shows: what the doctor found, what the server holds in memory, what a rule means. */
import * as vscode from 'vscode';
import { askForDocument, documentUriOf } from './activeDocument';
import { memoryText } from './memoryText';
import { checkpointRequest, doctorRequest, explainRuleRequest, memoryUsageRequest } from './requests';
import type { Server } from './server';

const scheme = 'fgft';

class TextPages implements vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly texts = new Map<string, string>();
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? '';
  }

  /** Gives a text an address; the same title again replaces it. */
  put(title: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path: title });
    this.texts.set(uri.path, text);
    this.changed.fire(uri);
    return uri;
  }

  async show(title: string, text: string): Promise<void> {
    const document = await vscode.workspace.openTextDocument(this.put(title, text));
    // Beside a text, but over a report or another page: a third column would leave none of them room.
    const viewColumn = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    await vscode.window.showTextDocument(document, { preview: true, viewColumn });
  }
}

export function registerTextPages(context: vscode.ExtensionContext, server: Server): void {
  const pages = new TextPages();
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(scheme, pages),
    vscode.commands.registerCommand('fgft.doctor', async (argument?: unknown) => {
      const uri = documentUriOf(argument) ?? (await askForDocument());
      if (uri === undefined) return;
      const result = await server.request(doctorRequest, { textDocument: { uri } });
      if (result) await pages.show('Doctor', result.text);
      else await offerLog(server);
    }),
    vscode.commands.registerCommand('fgft.showMemoryUsage', async () => {
      const usage = await server.request(memoryUsageRequest, {});
      if (usage) await pages.show('Memory Usage', memoryText(usage));
      else await offerLog(server);
    }),
    vscode.commands.registerCommand('fgft.showCheckpoint', async (argument?: unknown) => {
      const uri = documentUriOf(argument) ?? (await askForDocument());
      if (uri === undefined) return;
      const result = await server.request(checkpointRequest, { textDocument: { uri } });
      if (!result) return offerLog(server);
      const names = result.drivers.map((driver) => driver.name).join(', ');
      const page = pages.put(`Checkpoint of ${names}.md`, result.drivers.map((driver) => driver.markdown).join('\n'));
      await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
    }),
    vscode.commands.registerCommand('fgft.explainRule', async (rule: unknown) => {
      const explained = typeof rule === 'string' ? await server.request(explainRuleRequest, { rule }) : undefined;
      if (!explained) return;
      const uri = pages.put(`${explained.rule.replace('/', ' ')}.md`, explained.markdown);
      await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
    }),
  );
}

async function offerLog(server: Server): Promise<void> {
  if (await vscode.window.showWarningMessage('FGFT: the server did not answer.', 'Show Log')) server.log.show();
}
