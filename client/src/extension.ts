/** The extension's entry: starts the language server and registers each feature. */
import * as vscode from 'vscode';
import { registerEntryPointsTree } from './entryPointsTree';
import { registerFaults } from './faults';
import { registerImportFindings } from './importFindings';
import { registerInactiveRegions } from './inactiveRegions';
import { registerIsolate } from './isolate';
import { registerKernelRoot } from './kernelRoot';
import { registerReportPanel } from './reportPanel';
import { Server } from './server';
import { registerServerCommands } from './serverCommands';
import { registerStatusItem } from './statusItem';
import { registerSuspectBadge } from './suspectBadge';
import { registerSuspectCommands } from './suspectCommands';
import { registerTasks } from './tasks';
import { registerTextPages } from './textPages';

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel('FGFT', { log: true });
  server = new Server(context, log);
  context.subscriptions.push(log, server);
  registerEntryPointsTree(context, server);
  registerReportPanel(context, server);
  registerStatusItem(context, server);
  registerInactiveRegions(context, server);
  registerTextPages(context, server);
  registerServerCommands(context, server);
  registerSuspectBadge(context);
  registerSuspectCommands(context);
  registerIsolate(context, server);
  registerImportFindings(context, server);
  registerFaults(context, server);
  registerKernelRoot(context);
  registerTasks(context);
  await server.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
