/**
 * The report of an edit that left the form of every function as it was: a number, a comment, a space. Then no rule need be asked, the last
 * report follows the text. Whatever is not sure to be the same makes it `null`, and the report is made as ever.
 */
import type { ModuleAnalysis } from '../analysis/module';
import { doesSameToLocks } from '../analysis/sameLocks';
import type { FunctionLocks } from '../analysis/lockModel';
import { sameForm, type Stretch, stretchesOf } from '../ir/sameForm';
import type { StatementSpan } from '../ir/statementSpans';
import type { ReportCache } from '../report/build';
import type { DriverContext } from '../report/context';
import type { Located } from '../report/locator';
import type { DriverReport, RangeLocation } from '../report/model';
import { type LineEdit, movedRange, movedReport } from '../report/movedReport';
import { differenceOf } from '../syntax/difference';
import type { ModuleFiles } from './moduleFiles';
import type { ParsedFile } from './parsedFile';

/** What is kept of the analysis that the rules were asked in last. */
export interface AskedLast {
  locks: readonly FunctionLocks[];
  /** Functions whose statements the checkpoint's analysis reads as text. */
  readAsText: ReadonlySet<number>;
}

/** Null when a rule failed before it could be told. */
export function askedIn(driver: DriverContext): AskedLast | null {
  const { locks, checkpoint } = driver;
  return locks && checkpoint ? { locks, readAsText: checkpoint.readAsText } : null;
}

/** One state of a module, before and after the edit. */
interface ReportedState {
  files: ModuleFiles;
  driver: DriverContext;
}

/** The last report, a brief one, as it is after the edit. Both states must have the same declarations. */
export function sameReport(
  before: ReportedState & { report: DriverReport; asked: AskedLast | null },
  now: ReportedState,
): DriverReport | null {
  const { analysis } = now.driver;
  const edit = before.asked && editBetween(before.files, now.files, now.driver);
  if (!before.asked || !edit || !analysis.renewed) return null;
  if (JSON.stringify(before.driver.generated ?? null) !== JSON.stringify(now.driver.generated ?? null)) return null;
  if (!sameAnnotations(before.driver, now.driver, edit)) return null;
  for (const id of changedFunctions(before.driver.analysis, analysis))
    if (!saysSame(before.driver, now.driver, id, before.asked, edit)) return null;
  return movedReport(before.report, edit);
}

/** Brings up to date what the next report is compared with. Where nothing differs but places, what is kept of functions stays right. */
export function reportedSame(cache: ReportCache, before: ModuleAnalysis, { analysis, facts }: DriverContext): void {
  const { nodes, summaries, graph } = analysis;
  for (const id of analysis.renewed ?? []) {
    // Its fields lead to the places of the text before.
    cache.entryPoints.delete(id);
    const known = facts.get(before.summaries[id]);
    if (known) facts.set(summaries[id], known);
  }
  cache.reported = { nodes, summaries, graph };
}

/** Functions that were read anew, with those that were summarised anew for another reason. */
function changedFunctions(before: ModuleAnalysis, { nodes, renewed }: ModuleAnalysis): Set<number> {
  const changed = new Set(renewed);
  for (const { id, ir } of nodes) if (ir !== before.nodes[id].ir) changed.add(id);
  return changed;
}

/** The edit, if it is one within a line of one file; else null. */
function editBetween(before: ModuleFiles, now: ModuleFiles, { locator }: DriverContext): LineEdit | null {
  if (before.files.length !== now.files.length || before.headers.size !== now.headers.size) return null;
  let changed: [ParsedFile, ParsedFile] | null = null;
  for (const [i, file] of now.files.entries()) {
    const old = before.files[i];
    if (old.path !== file.path || before.headers.has(old.path) !== now.headers.has(file.path)) return null;
    if (old === file) continue;
    if (changed) return null;
    changed = [old, file];
  }
  if (!changed) return null;
  const [old, file] = changed;
  const { start, oldEnd, newEnd } = differenceOf(old.text, file.text);
  if (old.text.slice(start, oldEnd).includes('\n') || file.text.slice(start, newEnd).includes('\n')) return null;
  const { line, column } = file.lines.position(start);
  return {
    file: locator.display(file.path),
    line: line + 1,
    column: column + 1,
    oldEnd: column + 1 + oldEnd - start,
    newEnd: column + 1 + newEnd - start,
  };
}

/** True when the rules see nothing else in a function than they did, and all that it names stands where the edit has moved it. */
function saysSame(before: DriverContext, now: DriverContext, id: number, { locks, readAsText }: AskedLast, edit: LineEdit): boolean {
  const [old, node] = [before.analysis.nodes[id], now.analysis.nodes[id]];
  const { paths, nodes, summaries, graph } = now.analysis;
  return (
    old.ir !== node.ir &&
    sameForm(old.ir, node.ir) &&
    before.isWritten(old) === now.isWritten(node) &&
    sameStretches(before, now, id, stretchesOf(old.ir), stretchesOf(node.ir), edit) &&
    doesSameToLocks({ paths, nodes, summaries, knowledge: now.knowledge }, graph, id, locks) &&
    (!readAsText.has(id) || sameStatements(before, now, id, edit))
  );
}

function sameStretches(
  before: DriverContext,
  now: DriverContext,
  id: number,
  old: readonly Stretch[],
  stretches: readonly Stretch[],
  edit: LineEdit,
): boolean {
  return old.length === stretches.length && old.every((s, i) => isMoved(locate(before, id, s), locate(now, id, stretches[i]), edit));
}

function locate(driver: DriverContext, id: number, { at, length }: Stretch): Located {
  const { file, itemStart } = driver.analysis.nodes[id];
  return driver.locator.locate(file, itemStart + at, length);
}

function isMoved(old: Located, now: Located, edit: LineEdit): boolean {
  const moved = movedRange(old.location, edit);
  return moved !== null && old.macro === now.macro && sameRange(moved, now.location);
}

function sameRange(a: RangeLocation, b: RangeLocation): boolean {
  return a.line === b.line && a.column === b.column && a.endLine === b.endLine && a.endColumn === b.endColumn && a.file === b.file;
}

/** The same statements with the same words. */
function sameStatements(before: DriverContext, now: DriverContext, id: number, edit: LineEdit): boolean {
  const [old, spans] = [before.statementsOf(id), now.statementsOf(id)];
  if (!sameStretches(before, now, id, old, spans, edit)) return false;
  return spans.every((span, i) => {
    const { kind, word, parent, otherwise } = old[i];
    if (span.kind !== kind || span.word !== word || span.parent !== parent || span.otherwise !== otherwise) return false;
    return textOf(now, id, span) === textOf(before, id, old[i]);
  });
}

function textOf(driver: DriverContext, id: number, { at, length }: StatementSpan): string {
  const { file, itemStart } = driver.analysis.nodes[id];
  return driver.locator.text(file, itemStart + at, length);
}

function sameAnnotations(before: DriverContext, now: DriverContext, edit: LineEdit): boolean {
  return (
    before.annotations.length === now.annotations.length &&
    now.annotations.every((annotation, i) => {
      const old = before.annotations[i];
      const { name, file, offset } = annotation;
      if (name !== old.name || file !== old.file || annotation.arguments !== old.arguments) return false;
      if ((annotation.target === null) !== (old.target === null)) return false;
      return isMoved(before.locator.locate(file, old.offset, name.length), now.locator.locate(file, offset, name.length), edit);
    })
  );
}
