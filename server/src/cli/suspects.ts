import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Engine, EngineOptions } from '../engine/engine';
import { formatNanoseconds, plural } from '../report/amounts';
import type { ImportedFinding, PlacedFinding, SuspectEntryPoint, SuspectReport } from '../report/otherTools/model';
import { parseFindings } from '../report/otherTools/parse';
import { placeFindings } from '../report/otherTools/place';
import { describeProblem, exitStatus } from './analyze';
import { analyzePaths } from './analyzePaths';
import { combineProblems, combineReports } from './combine';
import { readFailure } from './outputFile';
import { makeStyle, type Style } from './style';
import { type Cell, type Column, formatTable } from './table';
import type { Terminal } from './terminal';

export interface SuspectsCommand {
  command: 'suspects';
  paths: string[];
  findings: string[];
  kernel?: string;
  format: 'text' | 'json';
}

/** Runs `fgft suspects`: which entry points to isolate for the findings of other tools. Resolves to the exit status. */
export async function runSuspects(
  command: SuspectsCommand,
  terminal: Terminal,
  makeEngine: (options: EngineOptions) => Engine,
): Promise<number> {
  const imported: ImportedFinding[] = [];
  for (const path of command.findings) {
    let text: string;
    try {
      text = readFileSync(resolve(terminal.workingDirectory, path), 'utf8');
    } catch (error) {
      terminal.error(`fgft: ${path} cannot be read: ${readFailure(error)}\n`);
      return exitStatus.unusable;
    }
    const found = parseFindings(text);
    if (found.length === 0 && text.trim() !== '')
      terminal.error(
        `fgft: ${path} holds no finding that is understood: SARIF, file:line: lines as gcc, clang, sparse, smatch and coccinelle print them, or a kernel stack trace\n`,
      );
    imported.push(...found);
  }
  const results = await analyzePaths(command, terminal, makeEngine);
  const report = combineReports(results.map((r) => r.report));
  const problems = combineProblems(results);
  for (const problem of problems) terminal.error(describeProblem(problem));
  if (report.drivers.length === 0) return exitStatus.unusable;
  const suspects = placeFindings(report, imported);
  if (command.format === 'json') terminal.out(`${JSON.stringify({ kernel: report.kernel, ...suspects }, null, 2)}\n`);
  else terminal.out(suspectsText(suspects, terminal.outIsTerminal ? terminal.columns : Infinity, makeStyle(terminal.color)));
  return problems.some((problem) => problem.kind !== 'no-kernel-tree') ? exitStatus.unusable : exitStatus.done;
}

const columns: Column[] = [
  { title: 'Isolate', align: 'left', minimum: 16 },
  { title: 'Driver', align: 'left', minimum: 8 },
  { title: 'Findings', align: 'right' },
  { title: 'Worst', align: 'left' },
  { title: 'Per call', align: 'right' },
  { title: '', align: 'left' },
];

/** For people: what to isolate tonight, then each finding with the way that it went. */
export function suspectsText(report: SuspectReport, width: number, style: Style): string {
  const { findings, unplaced, suspects, entryPoints, untouched } = report;
  const blocks: string[] = [];
  if (suspects.length > 0) {
    const rows = suspects.map((s): Cell[] => [
      { text: s.name, style: style.bold },
      { text: s.driver },
      { text: String(s.findings.length) },
      { text: s.severity, style: (text) => style.severity(s.severity, text) },
      { text: `≈${formatNanoseconds(s.estimatedNanoseconds)}` },
      { text: remark(s) },
    ]);
    blocks.push(formatTable(columns, rows, width, style.dim).join('\n'));
  }
  const lines = [
    ...findings.flatMap((f) => findingLines(f)),
    ...unplaced.map((f) => `${placeText(f)}: ${f.message}\n  not placed: ${f.reason}`),
  ];
  if (lines.length > 0) blocks.push(lines.join('\n'));
  const share = entryPoints === 0 ? 0 : (100 * suspects.length) / entryPoints;
  blocks.push(
    `${plural(findings.length + unplaced.length, 'finding')} · ${suspects.length} of ${plural(entryPoints, 'entry point')} (${share.toFixed(1)} %) can reach one` +
      ` · ${untouched} stay at full speed`,
  );
  return `${blocks.join('\n\n')}\n`;
}

function remark({ isolatable, suspect, predicate }: SuspectEntryPoint): string {
  if (suspect) return 'marked already';
  if (!isolatable) return 'cannot be isolated';
  return predicate ? `only if ${predicate}` : '';
}

function findingLines(finding: PlacedFinding): string[] {
  return [
    `${finding.location.file}:${finding.location.line}: ${finding.severity}: ${finding.message} [${finding.tool}]`,
    `  in ${finding.function}, reached by ${finding.entryPoints.join(', ')}`,
  ];
}

function placeText({ file, line, function: name }: ImportedFinding): string {
  return file === null ? (name ?? 'unknown place') : `${file}${line === null ? '' : `:${line}`}`;
}
