/** The item beside the language's name: what was analysed, with which kernel tree, and what could not be told. */
import * as vscode from 'vscode';
import type { StatusParams } from '../../server/src/lsp/protocol';
import { documentSelector, type Server } from './server';
import { statusText } from './statusText';

const severities = {
  information: vscode.LanguageStatusSeverity.Information,
  warning: vscode.LanguageStatusSeverity.Warning,
  error: vscode.LanguageStatusSeverity.Error,
} as const;

export function registerStatusItem(context: vscode.ExtensionContext, server: Server): void {
  const item = vscode.languages.createLanguageStatusItem('fgft.status', documentSelector);
  item.name = 'FGFT';
  /** By document; the newest last. */
  const statuses = new Map<string, StatusParams>();

  const show = () => {
    const uri = vscode.window.activeTextEditor?.document.uri.toString();
    const status = statusText(uri === undefined ? undefined : statusOf(uri, statuses), server.isRunning);
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
      const uri = vscode.Uri.parse(status.uri).toString();
      statuses.delete(uri);
      statuses.set(uri, status);
      show();
    }),
    server.onRunning((running) => {
      if (!running) statuses.clear();
      show();
    }),
    vscode.window.onDidChangeActiveTextEditor(show),
  );
}

/** A module is analysed once for all of its files: a document without a status of its own has that of the newest in its folder. */
function statusOf(uri: string, statuses: ReadonlyMap<string, StatusParams>): StatusParams | undefined {
  const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
  const isSibling = (other: string) => other.startsWith(folder) && !other.slice(folder.length).includes('/');
  const newest = [...statuses].filter(([other]) => isSibling(other)).at(-1)?.[1];
  return statuses.get(uri) ?? newest;
}
