/** Commands that only drive the server. */
import * as vscode from 'vscode';
import type { commands } from '../../server/src/lsp/protocol';
import { askForDocument, documentUriOf } from './activeDocument';
import type { Server } from './server';

const analyze = 'fgft.analyze' satisfies typeof commands.analyze;

export function registerServerCommands(context: vscode.ExtensionContext, server: Server): void {
  context.subscriptions.push(
    vscode.commands.registerCommand('fgft.restartServer', () => server.restart()),
    vscode.commands.registerCommand('fgft.showLog', () => server.log.show()),
    // The server's own command wants to be told which document; in the palette nobody does.
    vscode.commands.registerCommand('fgft.analyzeNow', async (argument?: unknown) => {
      const uri = documentUriOf(argument) ?? (await askForDocument());
      if (uri !== undefined && server.isRunning) await vscode.commands.executeCommand(analyze, uri);
    }),
  );
}
