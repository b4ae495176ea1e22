/** The view "Entry points": each driver that was analysed, and below it its entry points in the order that the user chose. */
import * as vscode from 'vscode';
import type { DriverNode, EntryPointNode } from '../../server/src/lsp/protocol';
import { driverDescription, entryPointDescription, entryPointTooltip, type Order, ordered, orders } from './entryPointOrder';
import { entryPointsRequest } from './requests';
import type { Server } from './server';
import { suspectUri } from './suspectBadge';

/** A driver; with `entryPoint`, one of its entry points; with `checkpoint`, what a checkpoint of it would save; with `state`, one piece of that. */
export type TreeNode = { driver: DriverNode; entryPoint?: EntryPointNode; checkpoint?: true; state?: { name: string; saved: boolean } };

const contextIcons = { process: 'symbol-method', softirq: 'pulse', hardirq: 'zap', unknown: 'question' } as const;
const severityColors = { error: 'list.errorForeground', warning: 'list.warningForeground' } as const;
const orderKey = 'fgft.entryPointsOrder';

class EntryPointsTree implements vscode.TreeDataProvider<TreeNode> {
  private readonly changed = new vscode.EventEmitter<void>();
  private drivers: DriverNode[] = [];
  private latestRefresh = 0;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly server: Server,
    private readonly memory: vscode.Memento,
  ) {
    void vscode.commands.executeCommand('setContext', orderKey, this.order);
  }

  get order(): Order {
    const stored = this.memory.get<string>(orderKey, 'name');
    return stored in orders ? (stored as Order) : 'name';
  }

  async setOrder(order: Order): Promise<void> {
    await this.memory.update(orderKey, order);
    await vscode.commands.executeCommand('setContext', orderKey, order);
    this.changed.fire();
  }

  /** Asks the server anew. An answer that a later refresh has overtaken is dropped. */
  async refresh(): Promise<void> {
    const refresh = ++this.latestRefresh;
    const result = await this.server.request(entryPointsRequest, {});
    if (refresh !== this.latestRefresh) return;
    this.drivers = (result?.drivers ?? []).slice().sort((a, b) => a.name.localeCompare(b.name));
    const entryPoints = this.drivers.flatMap((driver) => driver.entryPoints);
    await vscode.commands.executeCommand('setContext', 'fgft.hasDrivers', this.drivers.length > 0);
    await vscode.commands.executeCommand(
      'setContext',
      'fgft.hasSuspects',
      entryPoints.some((node) => node.suspect),
    );
    this.changed.fire();
  }

  getChildren(node?: TreeNode): TreeNode[] {
    if (!node) return this.drivers.map((driver) => ({ driver }));
    if (node.entryPoint || node.state) return [];
    const { driver } = node;
    if (node.checkpoint)
      return [
        ...driver.saved.map((name) => ({ driver, checkpoint: true as const, state: { name, saved: true } })),
        ...driver.notRestored.map((name) => ({ driver, checkpoint: true as const, state: { name, saved: false } })),
      ];
    const entryPoints = ordered(node.driver.entryPoints, this.order).map((entryPoint) => ({ driver, entryPoint }));
    return driver.checkpoint === 'not-needed' ? entryPoints : [...entryPoints, { driver, checkpoint: true }];
  }

  getParent(node: TreeNode): TreeNode | undefined {
    if (node.state) return { driver: node.driver, checkpoint: true };
    return node.entryPoint || node.checkpoint ? { driver: node.driver } : undefined;
  }

  getTreeItem({ driver, entryPoint, checkpoint, state }: TreeNode): vscode.TreeItem {
    if (state) return stateItem(driver, state);
    if (checkpoint) return checkpointItem(driver);
    return entryPoint ? entryPointItem(driver, entryPoint, this.order) : driverItem(driver);
  }
}

function driverItem(driver: DriverNode): vscode.TreeItem {
  const item = new vscode.TreeItem(driver.name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = driver.name + driver.uri;
  item.description = driverDescription(driver);
  item.iconPath = new vscode.ThemeIcon('circuit-board');
  item.contextValue = 'driver';
  const partial = driver.partialFunctions > 0 ? `\n\n${driver.partialFunctions} functions were only partly understood.` : '';
  item.tooltip = new vscode.MarkdownString(`**${driver.name}**\n\nCheckpoint: ${driver.checkpoint}${partial}`);
  return item;
}

/** The driver's view "What a checkpoint would save": its pieces below it, the whole split a click away. */
function checkpointItem(driver: DriverNode): vscode.TreeItem {
  const pieces = driver.saved.length + driver.notRestored.length;
  const item = new vscode.TreeItem(
    'Checkpoint',
    pieces > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = `${driver.name}${driver.uri} checkpoint`;
  item.description = driver.checkpoint + (driver.notRestored.length > 0 ? `, ${driver.notRestored.length} left over` : '');
  item.tooltip = 'What a checkpoint would save';
  item.iconPath = new vscode.ThemeIcon('save');
  item.command = { title: 'What a Checkpoint Would Save', command: 'fgft.showCheckpoint', arguments: [driver.uri] };
  return item;
}

function stateItem(driver: DriverNode, { name, saved }: { name: string; saved: boolean }): vscode.TreeItem {
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.None);
  item.id = `${driver.name}${driver.uri} checkpoint ${name}`;
  item.description = saved ? 'saved' : 'left over';
  item.iconPath = new vscode.ThemeIcon(saved ? 'check' : 'warning');
  return item;
}

function entryPointItem(driver: DriverNode, node: EntryPointNode, order: Order): vscode.TreeItem {
  const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.None);
  item.id = `${driver.name}${driver.uri} ${node.uri} ${node.name}`;
  item.description = entryPointDescription(node, order);
  item.tooltip = new vscode.MarkdownString(entryPointTooltip(node));
  const color = node.worst === 'error' || node.worst === 'warning' ? new vscode.ThemeColor(severityColors[node.worst]) : undefined;
  item.iconPath = new vscode.ThemeIcon(contextIcons[node.context], color);
  item.contextValue = node.isolated ? 'entryPoint.isolated' : node.suspect ? 'entryPoint.suspect' : 'entryPoint';
  // A made-up address that carries the badge; the label above stays.
  if (node.suspect) item.resourceUri = suspectUri(driver.name, node.name);
  const start = new vscode.Position(node.range.start.line, node.range.start.character);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(start, start) };
  item.command = { title: 'Go to Definition', command: 'vscode.open', arguments: [vscode.Uri.parse(node.uri), options] };
  item.accessibilityInformation = {
    label: `${node.name}, ${node.context} context, ${item.description}${node.suspect ? ', suspect' : ''}${node.isolated ? ', isolated' : ''}`,
  };
  return item;
}

export function registerEntryPointsTree(context: vscode.ExtensionContext, server: Server): void {
  const tree = new EntryPointsTree(server, context.workspaceState);
  const view = vscode.window.createTreeView('fgft.entryPoints', { treeDataProvider: tree, showCollapseAll: true });
  const title = () => (view.description = `by ${orders[tree.order]}`);
  title();
  const refreshCommand = vscode.commands.registerCommand('fgft.refreshEntryPoints', () => tree.refresh());
  const orderCommands = (['name', 'cost', 'risk'] as const).map((order) =>
    vscode.commands.registerCommand(`fgft.sortBy${order[0].toUpperCase()}${order.slice(1)}`, async () => {
      await tree.setOrder(order);
      title();
    }),
  );
  context.subscriptions.push(
    view,
    refreshCommand,
    ...orderCommands,
    server.onStatus((status) => {
      if (status.state !== 'analysing') void tree.refresh();
    }),
    server.onRunning(() => void tree.refresh()),
  );
}
