/** "Select Kernel Root": offers the kernel trees of this machine and writes the setting. */
import * as vscode from 'vscode';

interface Choice extends vscode.QuickPickItem {
  /** What the setting becomes; undefined: ask with a folder dialog. */
  root?: string;
}

export function registerKernelRoot(context: vscode.ExtensionContext): void {
  context.subscriptions.push(vscode.commands.registerCommand('fgft.selectKernelRoot', selectKernelRoot));
}

async function selectKernelRoot(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('fgft');
  const current = configuration.get<string>('kernelRoot', '');
  const choices: Choice[] = [
    { label: '$(wand) Automatic', description: "the file's own tree, else the running kernel, else the newest headers", root: '' },
    ...(await kernelTrees()).map((root): Choice => ({
      label: `$(folder) ${root}`,
      description: root === current ? 'current' : undefined,
      root,
    })),
    { label: '$(folder-opened) Browse…' },
  ];
  const choice = await vscode.window.showQuickPick(choices, {
    placeHolder: 'Kernel source tree or installed headers to read drivers against',
  });
  if (!choice) return;
  const root = choice.root ?? (await browse());
  if (root === undefined) return;
  const target = vscode.workspace.workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await configuration.update('kernelRoot', root === '' ? undefined : root, target);
}

async function browse(): Promise<string | undefined> {
  const folders = await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, openLabel: 'Use This Kernel' });
  return folders?.[0]?.fsPath;
}

/** Installed headers, unpacked sources and workspace folders that are kernel trees, newest release first. */
async function kernelTrees(): Promise<string[]> {
  const installed = await subfolders('/usr/src', /^linux-(headers|source)-.*(?<!-common)$/);
  const modules = (await subfolders('/lib/modules', /./)).map((folder) => `${folder}/build`);
  const workspace = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const candidates = [...workspace, ...installed.sort((a, b) => b.localeCompare(a, undefined, { numeric: true })), ...modules];
  const checked = await Promise.all(candidates.map(async (folder) => ((await isKernelTree(folder)) ? folder : undefined)));
  return checked.filter((folder) => folder !== undefined);
}

async function subfolders(folder: string, pattern: RegExp): Promise<string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.file(folder));
    return entries.filter(([name, type]) => type & vscode.FileType.Directory && pattern.test(name)).map(([name]) => `${folder}/${name}`);
  } catch {
    return [];
  }
}

async function isKernelTree(folder: string): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(vscode.Uri.file(`${folder}/Makefile`));
    await vscode.workspace.fs.stat(vscode.Uri.file(`${folder}/include`));
    await vscode.workspace.fs.stat(vscode.Uri.file(`${folder}/scripts`));
    return true;
  } catch {
    return false;
  }
}
