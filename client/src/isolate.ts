/** "Isolate", "Stop Isolating" and "Generate Isolated Module Again": every file and edit is shown first, and written after a yes. */
import * as vscode from 'vscode';
import type { ApplyIsolationResult, IsolateParams, IsolationPreview } from '../../server/src/lsp/protocol';
import { askForDocument, documentUriOf } from './activeDocument';
import { applySources } from './applySources';
import type { TreeNode } from './entryPointsTree';
import { previewQuestion, refusalLines } from './isolateText';
import { readText } from './importFindings';
import { applyIsolationRequest, isolateRequest } from './requests';
import type { Server } from './server';

/** The server's kind of actions that isolate and stop it. */
const actionKind = vscode.CodeActionKind.RefactorRewrite.append('fgft.isolate');

/** Texts that files would have. */
const scheme = 'fgft-preview';

class PreviewTexts implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? '';
  }

  put(token: string, path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path, query: token });
    this.texts.set(uri.toString(), text);
    return uri;
  }

  clear(): void {
    this.texts.clear();
  }
}

export function registerIsolate(context: vscode.ExtensionContext, server: Server): void {
  const texts = new PreviewTexts();
  const isolation = new IsolationCommands(server, texts);
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(scheme, texts),
    vscode.commands.registerCommand('fgft.isolate', (target?: unknown, name?: unknown) => isolation.change('add', target, name)),
    vscode.commands.registerCommand('fgft.stopIsolating', (target?: unknown, name?: unknown) => isolation.change('remove', target, name)),
    vscode.commands.registerCommand('fgft.regenerate', (target?: unknown) => isolation.regenerate(target)),
  );
}

class IsolationCommands {
  constructor(
    private readonly server: Server,
    private readonly texts: PreviewTexts,
  ) {}

  /** `target` and `name` as a code action gives them, a node of the tree, or nothing: then it is the entry point at the cursor. */
  async change(mode: 'add' | 'remove', target: unknown, name: unknown): Promise<void> {
    const place =
      typeof target === 'string' && typeof name === 'string' ? { uri: target, name } : (ofNode(target) ?? (await atCursor(mode)));
    if (place) await this.run({ textDocument: { uri: place.uri }, entryPoint: place.name, mode });
  }

  async regenerate(target: unknown): Promise<void> {
    const uri = documentUriOf(target) ?? (await askForDocument());
    if (uri !== undefined) await this.run({ textDocument: { uri }, mode: 'refresh' });
  }

  private async run(params: IsolateParams): Promise<void> {
    // The server knows the text of open documents only, and edits are made to those.
    await vscode.workspace.openTextDocument(vscode.Uri.parse(params.textDocument.uri));
    const preview = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'FGFT: generating the isolated module' },
      () => this.server.request(isolateRequest, params),
    );
    if (!preview) {
      if (await vscode.window.showWarningMessage('FGFT: nothing can be generated; the log says why.', 'Show Log')) this.server.log.show();
      return;
    }
    if (preview.refused) return showRefusals(preview);
    if (preview.files.length === 0 && preview.sources.length === 0) {
      await vscode.window.showInformationMessage(`FGFT: the isolated module of ${preview.module} is up to date.`);
      return;
    }
    const title = `FGFT: ${preview.module}`;
    await this.show(title, preview);
    const write = 'Write';
    const overwrite = 'Write Over Edited Files Too';
    const choices = preview.edited.length > 0 ? [write, overwrite] : [write];
    const chosen = await vscode.window.showInformationMessage(previewQuestion(preview), ...choices);
    await closePreview(title);
    this.texts.clear();
    if (!chosen) return;
    const result = await this.server.request(applyIsolationRequest, { token: preview.token, overwriteEdited: chosen === overwrite });
    if (result) await finish(preview, result);
    else
      await vscode.window.showWarningMessage('FGFT: nothing was written: the driver has changed meanwhile, or the folder is not writable.');
  }

  /** Every change in one editor, those of the driver first. */
  private async show(title: string, preview: IsolationPreview): Promise<void> {
    const rows: [vscode.Uri, vscode.Uri | undefined, vscode.Uri | undefined][] = [];
    for (const { uri, after } of preview.sources) {
      const source = vscode.Uri.parse(uri);
      rows.push([source, source, this.texts.put(preview.token, source.path, after)]);
    }
    for (const { uri, change, text } of preview.files) {
      const file = vscode.Uri.parse(uri);
      // Not the file itself: the editor would open it, and whoever looks at open files would see a second driver.
      const before = change === 'added' ? undefined : this.texts.put(`${preview.token} before`, file.path, await readText(file));
      const after = text === null ? undefined : this.texts.put(preview.token, file.path, text);
      rows.push([file, before, after]);
    }
    await vscode.commands.executeCommand('vscode.changes', title, rows);
  }
}

async function finish(preview: IsolationPreview, result: ApplyIsolationResult): Promise<void> {
  await applySources(preview.sources);
  const done =
    preview.entryPoints.length > 0
      ? `FGFT: ${preview.module} isolates ${preview.entryPoints.join(', ')} in ${result.folder}.`
      : `FGFT: the isolated module of ${preview.module} is gone.`;
  const kept = result.left.length > 0 ? ` Edited files were left alone: ${result.left.join(', ')}.` : '';
  const build = 'Build';
  const chosen = await vscode.window.showInformationMessage(done + kept, ...(preview.entryPoints.length > 0 ? [build] : []));
  if (chosen === build)
    await vscode.commands.executeCommand('workbench.action.tasks.runTask', `fgft: build isolated module ${preview.module}`);
}

async function showRefusals(preview: IsolationPreview): Promise<void> {
  const places = preview.refusals.filter((r) => r.uri !== null && r.range !== null);
  const go = 'Go to the Place';
  const chosen = await vscode.window.showWarningMessage(refusalLines(preview).join('\n'), ...(places.length > 0 ? [go] : []));
  if (chosen !== go) return;
  const { uri, range } = places[0];
  const start = new vscode.Position(range!.start.line, range!.start.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri!), { selection: new vscode.Range(start, start) });
}

async function closePreview(title: string): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => tab.label.startsWith(title));
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}

function ofNode(target: unknown): { uri: string; name: string } | undefined {
  const { entryPoint } = (target ?? {}) as Partial<TreeNode>;
  return entryPoint && { uri: entryPoint.uri, name: entryPoint.name };
}

async function atCursor(mode: 'add' | 'remove'): Promise<{ uri: string; name: string } | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return undefined;
  const { uri } = editor.document;
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    editor.selection,
    actionKind.value,
  );
  const command = mode === 'add' ? 'fgft.isolate' : 'fgft.stopIsolating';
  const fitting = (actions ?? []).filter((action) => action.command?.command === command);
  const picked =
    fitting.length > 1 ? await vscode.window.showQuickPick(fitting.map((action) => ({ label: action.title, action }))) : undefined;
  const chosen = fitting.length === 1 ? fitting[0] : picked?.action;
  if (chosen) return { uri: uri.toString(), name: String(chosen.command!.arguments?.[1]) };
  if (fitting.length === 0) {
    const wanted = mode === 'add' ? 'no entry point here that is not isolated yet' : 'no isolated entry point here';
    await vscode.window.showInformationMessage(`FGFT: there is ${wanted}.`);
  }
  return undefined;
}
