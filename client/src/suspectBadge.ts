/** The badge that an entry point marked as suspect bears in the tree. */
import * as vscode from 'vscode';

const scheme = 'fgft-suspect';

/** An address that means nothing but "this item is a suspect". */
export function suspectUri(driver: string, entryPoint: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${driver}/${entryPoint}` });
}

export function registerSuspectBadge(context: vscode.ExtensionContext): void {
  const decoration = new vscode.FileDecoration(
    'S',
    'Suspect: runs as a fault-tolerant transaction',
    new vscode.ThemeColor('gitDecoration.modifiedResourceForeground'),
  );
  context.subscriptions.push(
    vscode.window.registerFileDecorationProvider({
      provideFileDecoration: (uri) => (uri.scheme === scheme ? decoration : undefined),
    }),
  );
}
