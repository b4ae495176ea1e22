/** What a report says of a module whose analysis failed: a failure must not look like a driver that does not exist. */
import type { DriverReport } from '../../report/model';
import { liesIn } from '../../text/paths';
import type { Task } from './model';

export function failedDriver(task: Task, message: string, workingDirectory: string): DriverReport {
  const display = (path: string): string => {
    const root = [task.kernel, workingDirectory].find((r) => r !== null && liesIn(path, r));
    return root ? path.slice(root.length + (root.endsWith('/') ? 0 : 1)) : path;
  };
  const files = task.module.files.map(display);
  const at = { file: files[0] ?? task.module.name, line: 1, column: 1 };
  return {
    name: task.module.name,
    files,
    headers: [],
    coverage: { functions: 0, partial: 0 },
    entryPoints: [],
    powerManagement: { suspend: null, resume: null, declaredBy: null },
    checkpoint: { status: 'unresolved', saved: [], notRestored: [] },
    findings: [
      {
        rule: 'analysis/partial',
        severity: 'warning',
        confidence: 'certain',
        // The first line of a stack trace is what happened; the rest is for the log.
        message: `the module was not analysed: ${message.split('\n')[0]}`,
        location: { ...at, endLine: 1, endColumn: 1 },
        entryPoints: [],
        trace: [],
      },
    ],
  };
}
