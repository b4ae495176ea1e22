/** Tasks of type "fgft": the command line on a driver, with its findings in the Problems view. Of type "fgft-build": make of an isolated module. */
import * as vscode from 'vscode';

/** As `contributes.taskDefinitions` describes it. */
interface FgftTask extends vscode.TaskDefinition {
  path: string;
  kernel?: string;
  entries?: string[];
}

/** As `contributes.taskDefinitions` describes it. */
interface BuildTask extends vscode.TaskDefinition {
  folder: string;
  kernel?: string;
}

export function registerTasks(context: vscode.ExtensionContext): void {
  const command = vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.cjs').fsPath;
  context.subscriptions.push(
    vscode.tasks.registerTaskProvider('fgft', {
      provideTasks: () =>
        (vscode.workspace.workspaceFolders ?? []).map((folder) =>
          toTask({ type: 'fgft', path: '.' }, folder, `analyze ${folder.name}`, command),
        ),
      resolveTask: (task) => toTask(task.definition as FgftTask, task.scope as vscode.WorkspaceFolder | undefined, task.name, command),
    }),
    vscode.tasks.registerTaskProvider('fgft-build', {
      provideTasks: buildTasks,
      resolveTask: (task) => buildTask(task.definition as BuildTask, task.scope as vscode.WorkspaceFolder | undefined, task.name),
    }),
  );
}

function toTask(definition: FgftTask, scope: vscode.WorkspaceFolder | undefined, name: string, command: string): vscode.Task {
  const options = [
    ...(definition.kernel ? ['--kernel', definition.kernel] : []),
    ...(definition.entries ?? []).flatMap((entry) => ['--entry', entry]),
  ];
  const execution = new vscode.ProcessExecution(process.execPath, [command, 'analyze', definition.path, ...options], {
    cwd: scope?.uri.fsPath,
    // The editor's own executable is Node when told so.
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
  const task = new vscode.Task(definition, scope ?? vscode.TaskScope.Workspace, name, 'fgft', execution, '$fgft');
  task.group = vscode.TaskGroup.Build;
  return task;
}

/** One task for each generated module in the workspace. */
async function buildTasks(): Promise<vscode.Task[]> {
  const lists = await vscode.workspace.findFiles('**/fgft-files.json');
  return lists.map((list) => {
    const folder = vscode.Uri.joinPath(list, '..');
    const scope = vscode.workspace.getWorkspaceFolder(list);
    const name = folder.path.slice(folder.path.lastIndexOf('/') + 1);
    return buildTask(
      { type: 'fgft-build', folder: vscode.workspace.asRelativePath(folder, false) },
      scope,
      `build isolated module ${name}`,
    );
  });
}

function buildTask(definition: BuildTask, scope: vscode.WorkspaceFolder | undefined, name: string): vscode.Task {
  const setting = vscode.workspace.getConfiguration('fgft', scope).get<string>('kernelRoot', '');
  const kernel = definition.kernel || setting;
  const quoted = { value: definition.folder, quoting: vscode.ShellQuoting.Strong };
  // The shell asks which kernel runs, where nothing else is said.
  const against = kernel ? { value: `KDIR=${kernel}`, quoting: vscode.ShellQuoting.Strong } : 'KDIR=/lib/modules/$(uname -r)/build';
  const execution = new vscode.ShellExecution('make', ['-C', quoted, against], { cwd: scope?.uri.fsPath });
  const task = new vscode.Task(definition, scope ?? vscode.TaskScope.Workspace, name, 'fgft', execution, ['$fgft-build']);
  task.group = vscode.TaskGroup.Build;
  return task;
}
