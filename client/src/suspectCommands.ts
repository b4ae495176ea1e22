/** "Mark as Suspect" and "Unmark" outside the light bulb: from the palette, the editor's menu and the tree. The server makes the edit. */
import * as vscode from 'vscode';
import type { TreeNode } from './entryPointsTree';

/** The kind of the server's actions that mark and unmark. */
const actionKind = vscode.CodeActionKind.RefactorRewrite.append('fgft.suspect');

interface Place {
  uri: vscode.Uri;
  range: vscode.Range;
  /** Whose mark; undefined: of whichever entry point is at the place. */
  name?: string;
}

export function registerSuspectCommands(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand('fgft.markSuspect', (node?: unknown) => change(placeOf(node), 'Mark')),
    vscode.commands.registerCommand('fgft.unmarkSuspect', (node?: unknown) => change(placeOf(node), 'Unmark')),
  );
}

function placeOf(argument: unknown): Place | undefined {
  const node = argument as Partial<TreeNode> | undefined;
  if (node?.entryPoint) {
    const { uri, range, name } = node.entryPoint;
    const start = new vscode.Position(range.start.line, range.start.character);
    return { uri: vscode.Uri.parse(uri), range: new vscode.Range(start, start), name };
  }
  const editor = vscode.window.activeTextEditor;
  return editor && { uri: editor.document.uri, range: editor.selection };
}

async function change(place: Place | undefined, verb: 'Mark' | 'Unmark'): Promise<void> {
  if (!place) return;
  // The server knows the text of open documents only.
  const document = await vscode.workspace.openTextDocument(place.uri);
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    place.uri,
    place.range,
    actionKind.value,
    10,
  );
  const fitting = (actions ?? []).filter(
    ({ title, edit }) => edit && title.startsWith(`${verb} '`) && (place.name === undefined || title.startsWith(`${verb} '${place.name}'`)),
  );
  const action = fitting.length > 1 ? await choose(fitting) : fitting[0];
  if (action?.edit) {
    if (await vscode.workspace.applyEdit(action.edit, { isRefactoring: true })) await vscode.window.showTextDocument(document);
  } else if (fitting.length === 0) {
    const wanted = verb === 'Mark' ? 'no entry point here that is not marked yet' : 'no marked entry point here';
    await vscode.window.showInformationMessage(`FGFT: there is ${wanted}.`);
  }
}

async function choose(actions: vscode.CodeAction[]): Promise<vscode.CodeAction | undefined> {
  const picked = await vscode.window.showQuickPick(
    actions.map((action) => ({ label: action.title, action })),
    { placeHolder: 'Which entry point?' },
  );
  return picked?.action;
}
