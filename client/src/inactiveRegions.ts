/** Text that the kernel's configuration switches off is dimmed: the analysis does not see it. */
import * as vscode from 'vscode';
import type { Server } from './server';

/** Dim enough to be told from the rest, clear enough to be read. */
const opacity = '0.55';

export function registerInactiveRegions(context: vscode.ExtensionContext, server: Server): void {
  const dimmed = vscode.window.createTextEditorDecorationType({
    opacity,
    isWholeLine: true,
    // A line typed at either end is not known to be switched off.
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  /** By document: the lines, as the server told them last. */
  const regions = new Map<string, { version: number; ranges: vscode.Range[] }>();

  const show = (editor: vscode.TextEditor): void => {
    const known = regions.get(editor.document.uri.toString());
    // The editor moves decorations along with the text by itself: ranges of an older text would put them back.
    if (known?.version === editor.document.version) editor.setDecorations(dimmed, known.ranges);
  };
  const showAll = (): void => vscode.window.visibleTextEditors.forEach(show);

  context.subscriptions.push(
    dimmed,
    server.onInactiveRegions(({ uri, version, ranges }) => {
      const lines = ranges.map(({ start, end }) => new vscode.Range(start.line, 0, Math.max(start.line, end.line - 1), 0));
      regions.set(vscode.Uri.parse(uri).toString(), { version, ranges: lines });
      showAll();
    }),
    server.onRunning((running) => {
      if (running) return;
      regions.clear();
      for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(dimmed, []);
    }),
    vscode.window.onDidChangeVisibleTextEditors(showAll),
    vscode.workspace.onDidCloseTextDocument((document) => regions.delete(document.uri.toString())),
  );
}
