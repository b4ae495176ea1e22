/** Tasks of type "fgft": the command line on a driver, with its findings in the Problems view. */
import * as vscode from 'vscode';

/** As `contributes.taskDefinitions` describes it. */
interface FgftTask extends vscode.TaskDefinition {
  path: string;
  kernel?: string;
  entries?: string[];
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
