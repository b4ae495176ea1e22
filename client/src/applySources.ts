/** Edits of the driver's own text that the server worked out. */
import * as vscode from 'vscode';
import type { MarkSuspectsResult } from '../../server/src/lsp/protocol';

/** Makes the edits and saves the documents that held nothing unsaved before. False: the editor refused. */
export async function applySources(sources: MarkSuspectsResult['sources']): Promise<boolean> {
  if (sources.length === 0) return true;
  const edit = new vscode.WorkspaceEdit();
  const clean: vscode.TextDocument[] = [];
  for (const { uri, edits } of sources) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    if (!document.isDirty) clean.push(document);
    for (const { range, newText } of edits) {
      const { start, end } = range;
      edit.replace(document.uri, new vscode.Range(start.line, start.character, end.line, end.character), newText);
    }
  }
  if (!(await vscode.workspace.applyEdit(edit, { isRefactoring: true }))) return false;
  for (const document of clean) await document.save();
  return true;
}
