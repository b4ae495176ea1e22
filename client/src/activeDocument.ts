/** The document that a command is about. */
import * as vscode from 'vscode';
import type { TreeNode } from './entryPointsTree';
import { documentSelector } from './server';

/**
 * The address that a command's argument names (a lens and a hover pass text, a menu a Uri, the tree its item), else of the active
 * editor's document if the server analyses its kind, else of a visible one, else undefined.
 */
export function documentUriOf(argument?: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (argument instanceof vscode.Uri) return argument.toString();
  const node = argument as Partial<TreeNode> | undefined;
  if (node?.driver) return node.driver.uri;
  const editors = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
  const document = editors.find((editor) => editor && vscode.languages.match(documentSelector, editor.document) > 0)?.document;
  return document?.uri.toString();
}

/** Tells the user that a document is wanted. Always undefined. */
export async function askForDocument(): Promise<undefined> {
  await vscode.window.showInformationMessage('FGFT: open a C file of the driver first.');
  return undefined;
}
