/** What a report says of a module whose analysis failed: a failure must not look like a driver that does not exist. */
import { emptyCheckpoint } from '../../report/checkpointModel';
import type { DriverReport, Finding, Severity } from '../../report/model';
import { liesIn } from '../../text/paths';
import type { Task } from './model';

export function failedDriver(task: Task, message: string, workingDirectory: string): DriverReport {
  const display = (path: string): string => {
    const root = [task.kernel, workingDirectory].find((r) => r !== null && liesIn(path, r));
    return root ? path.slice(root.length + (root.endsWith('/') ? 0 : 1)) : path;
  };
  const files = task.module.files.map(display);
  return {
    name: task.module.name,
    files,
    headers: [],
    coverage: { functions: 0, partial: 0 },
    entryPoints: [],
    powerManagement: { suspend: null, resume: null, declaredBy: null, table: null },
    checkpoint: emptyCheckpoint('unresolved', 'The module was not analysed.'),
    // The first line of a stack trace is what happened; the rest is for the log.
    findings: [partial('warning', files[0] ?? task.module.name, `the module was not analysed: ${message.split('\n')[0]}`)],
  };
}

/** Says of a large driver that its lists are empty because they were left out. */
export function briefNotice(driver: DriverReport, name: string): Finding {
  return partial(
    'information',
    driver.files[0] ?? name,
    `${name} is too large for lists of fields, calls and findings at each of its entry points; counts stand for the first two, and findings name their entry points`,
  );
}

function partial(severity: Severity, file: string, message: string): Finding {
  return {
    rule: 'analysis/partial',
    severity,
    confidence: 'certain',
    message,
    location: { file, line: 1, column: 1, endLine: 1, endColumn: 1 },
    entryPoints: [],
    trace: [],
  };
}
