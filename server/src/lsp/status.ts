/** What the status item says, and the messages about input that nobody should miss. */
import type { Connection } from 'vscode-languageserver';
import type { InputProblem } from '../engine/engine';
import type { ModuleAnalysis } from './moduleAnalysis';
import { findingsByFile } from './findings';
import { showMessage } from './messages';
import { type StatusParams, statusNotification } from './protocol';

/** Problems that a person must hear of, once each; all others go to the log and into the status. */
const shownOnce: ReadonlySet<InputProblem['kind']> = new Set(['no-kernel-tree', 'unreadable', 'no-such-file', 'knowledge']);

export class Status {
  private readonly shown = new Set<string>();

  constructor(
    private readonly connection: Connection,
    private readonly log: (line: string) => void,
  ) {}

  send(params: StatusParams): void {
    void this.connection.sendNotification(statusNotification, params);
  }

  /** Logs problems and shows those that matter, each once while the server runs. */
  tell(problems: InputProblem[]): void {
    for (const problem of problems) {
      this.log(`${problem.kind}: ${problem.path}: ${problem.message}`);
      // Without a kernel tree every file has the same problem.
      const key = problem.kind === 'no-kernel-tree' ? problem.kind : `${problem.kind} ${problem.path}`;
      if (!shownOnce.has(problem.kind) || this.shown.has(key)) continue;
      this.shown.add(key);
      showMessage(this.connection, 'warning', `FGFT: ${problem.message.split('\n', 1)[0]}`);
    }
  }
}

/** The status without numbers, for when there are none. `files`: URIs of the module, as far as they are known. */
export function bareStatus(uri: string, state: StatusParams['state'], files: string[]): StatusParams {
  return {
    state,
    uri,
    files,
    drivers: [],
    kernel: null,
    entryPoints: 0,
    suspects: 0,
    functions: 0,
    partialFunctions: 0,
    findings: 0,
    hiddenFindings: 0,
    milliseconds: 0,
    problems: [],
  };
}

/** The status that an analysis gives; `uriOf` spells a path as the client does. */
export function statusOf(analysis: ModuleAnalysis, uriOf: (path: string) => string): StatusParams {
  const { report, problems } = analysis;
  const { byFile, hidden } = findingsByFile([analysis]);
  const entryPoints = report.drivers.flatMap((d) => d.entryPoints);
  return {
    state: report.drivers.length === 0 && problems.length > 0 ? 'failed' : 'ready',
    uri: uriOf(analysis.path),
    files: [...analysis.files].map(uriOf),
    drivers: report.drivers.map((d) => d.name),
    kernel: report.kernel,
    entryPoints: entryPoints.length,
    suspects: entryPoints.filter((e) => e.suspect).length,
    functions: report.drivers.reduce((sum, d) => sum + d.coverage.functions, 0),
    partialFunctions: report.drivers.reduce((sum, d) => sum + d.coverage.partial, 0),
    findings: [...byFile.values()].reduce((sum, found) => sum + found.length, 0),
    hiddenFindings: hidden,
    milliseconds: report.summary.milliseconds,
    problems,
  };
}
