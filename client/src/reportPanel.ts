/** The view of a driver's whole report: the server's page in a panel beside the text, live. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { documentUriOf, askForDocument } from './activeDocument';
import { messagePage, withContentSecurityPolicy } from './reportPage';
import { forEditor, type OpenMessage, type PanelState } from './reportScript';
import { htmlReportRequest, reportRequest } from './requests';
import type { Server } from './server';

const viewType = 'fgft.report';

const webviewOptions: vscode.WebviewOptions & vscode.WebviewPanelOptions = {
  enableScripts: true,
  enableFindWidget: true,
  localResourceRoots: [],
};

class ReportPanels {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor(
    private readonly server: Server,
    private readonly icon: { light: vscode.Uri; dark: vscode.Uri },
  ) {}

  /** Shows the report of the document's driver, at an entry point if one is named. */
  async show(uri: string, entryPoint?: string): Promise<void> {
    let panel = this.panels.get(uri);
    if (panel) panel.reveal(undefined, true);
    else {
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      panel = vscode.window.createWebviewPanel(viewType, 'FGFT report', place, webviewOptions);
      this.adopt(panel, uri);
    }
    await this.update(uri, entryPoint);
  }

  adopt(panel: vscode.WebviewPanel, uri: string): void {
    this.panels.set(uri, panel);
    panel.iconPath = this.icon;
    panel.onDidDispose(() => this.panels.delete(uri));
    panel.webview.onDidReceiveMessage((message: Partial<OpenMessage>) => {
      if (message.open) void this.open(uri, message.open, panel.viewColumn);
    });
  }

  async update(uri: string, entryPoint?: string): Promise<void> {
    const panel = this.panels.get(uri);
    if (!panel) return;
    const page = await this.server.request(htmlReportRequest, { textDocument: { uri } });
    // The panel may have been closed while the server was at work.
    if (this.panels.get(uri) !== panel) return;
    const html = page?.html ?? messagePage('There is no report for this file. The reason is in the output channel "FGFT".');
    if (page) panel.title = page.title;
    panel.webview.html = withContentSecurityPolicy(forEditor(html, { uri }, entryPoint), randomBytes(16).toString('hex'));
  }

  updateVisible(): void {
    for (const [uri, panel] of this.panels) if (panel.visible) void this.update(uri);
  }

  /** Opens a place that the page names, beside the panel. Only files that the report knows. */
  private async open(uri: string, { file, line, column }: OpenMessage['open'], panelColumn: vscode.ViewColumn | undefined): Promise<void> {
    const result = await this.server.request(reportRequest, { textDocument: { uri } });
    const target = result?.uris[file];
    if (target === undefined) return;
    const position = new vscode.Position(Math.max(0, Number(line) - 1), Math.max(0, Number(column) - 1));
    await vscode.window.showTextDocument(vscode.Uri.parse(target), {
      selection: new vscode.Range(position, position),
      viewColumn: panelColumn === vscode.ViewColumn.One ? vscode.ViewColumn.Beside : vscode.ViewColumn.One,
    });
  }
}

export function registerReportPanel(context: vscode.ExtensionContext, server: Server): void {
  const media = (name: string) => vscode.Uri.joinPath(context.extensionUri, 'media', name);
  const panels = new ReportPanels(server, { light: media('report-light.svg'), dark: media('report-dark.svg') });
  context.subscriptions.push(
    vscode.commands.registerCommand('fgft.showReport', async (argument?: unknown, entryPoint?: unknown) => {
      const uri = documentUriOf(argument) ?? (await askForDocument());
      if (uri !== undefined) await panels.show(uri, typeof entryPoint === 'string' ? entryPoint : entryPointOf(argument));
    }),
    vscode.window.registerWebviewPanelSerializer(viewType, {
      async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: PanelState | undefined) {
        if (!state?.uri) {
          panel.dispose();
          return;
        }
        panel.webview.options = webviewOptions;
        panels.adopt(panel, state.uri);
        await panels.update(state.uri);
      },
    }),
    server.onStatus((status) => {
      if (status.state === 'ready') panels.updateVisible();
    }),
    server.onRunning((running) => {
      if (running) panels.updateVisible();
    }),
  );
}

/** The entry point of a tree item that the command was called on. */
function entryPointOf(argument: unknown): string | undefined {
  return (argument as { entryPoint?: { name?: string } } | undefined)?.entryPoint?.name;
}
