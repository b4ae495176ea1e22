/** The item beside the language's name: what was analysed, with which kernel tree, and what could not be told. */
import * as vscode from 'vscode';
import type { StatusParams } from '../../server/src/lsp/protocol';
import { documentSelector, type Server } from './server';
import { statusFor, statusText } from './statusText';

const severities = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;

export function registerStatusItem(context: vscode.ExtensionContext, server: Server): void {
  const item = vscode.languages.createLanguageStatusItem('fgft.status', documentSelector);
  item.name = 'FGFT';
  /** By the document that was analysed; the newest last. */
  const statuses = new Map<string, StatusParams>();
  const spelledByEditor = (uri: string) => vscode.Uri.parse(uri).toString();

  const show = () => {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const status = statusText(uri === undefined ? undefined : statusFor(uri, statuses.values()), server.isRunning);
    item.text = status.text;
    item.detail = status.detail;
    item.severity = severities[status.severity];
    item.busy = status.busy;
    item.command = server.isRunning
      ? { command: 'fgft.doctor', title: 'Doctor', tooltip: 'Which kernel tree, configuration and module files were found, and why' }
      : { command: 'fgft.restartServer', title: 'Restart Server' };
  };

  show();
  context.subscriptions.push(
    item,
    server.onStatus((status) => {
      const uri = spelledByEditor(status.uri);
      statuses.delete(uri);
      statuses.set(uri, { ...status, uri, files: status.files.map(spelledByEditor) });
      show();
    }),
    server.onRunning((running) => {
      if (!running) statuses.clear();
      show();
    }),
    vscode.window.onDidChangeActiveTextEditor(show),
  );
}
