/** A report whose places follow an edit that changed nothing else: the same findings, elsewhere on one line. */
import type { DriverReport, EntryPoint, Finding, Location, RangeLocation } from './model';

/** An edit within one line of a file; columns as reports count them. */
export interface LineEdit {
  /** As reports name it. */
  file: string;
  line: number;
  /** The first column that is another. */
  column: number;
  /** Behind what was replaced, and behind what replaces it. */
  oldEnd: number;
  newEnd: number;
}

/** Where a place stands after the edit; null when it stood in what was replaced. Places that stay are the same objects. */
export function movedPlace<T extends Location>(place: T, edit: LineEdit): T | null {
  if (place.line !== edit.line || place.column < edit.column || place.file !== edit.file) return place;
  return place.column < edit.oldEnd ? null : { ...place, column: place.column + edit.newEnd - edit.oldEnd };
}

/** The same for a stretch: it moves with its first and its last character, and keeps what is typed between them. */
export function movedRange(range: RangeLocation, edit: LineEdit): RangeLocation | null {
  const start = movedPlace(range, edit);
  if (!start || range.file !== edit.file || range.endLine !== edit.line) return start;
  if (range.endLine === range.line && range.endColumn === range.column) return { ...start, endColumn: start.column };
  if (range.endColumn - 1 < edit.column) return start;
  return range.endColumn - 1 < edit.oldEnd ? null : { ...start, endColumn: range.endColumn + edit.newEnd - edit.oldEnd };
}

/** A brief report after the edit; null when something that it names stood in what was replaced, or when it is no brief one. */
export function movedReport(report: DriverReport, edit: LineEdit): DriverReport | null {
  if (report.functions !== undefined) return null;
  const known = new Map<Finding, Finding>();
  for (const finding of [...report.findings, ...report.entryPoints.flatMap((e) => e.findings)]) {
    if (known.has(finding)) continue;
    const moved = movedFinding(finding, edit);
    if (!moved) return null;
    known.set(finding, moved);
  }
  const findings = (list: readonly Finding[]): Finding[] => list.map((f) => known.get(f)!);
  const entryPoints: EntryPoint[] = [];
  for (const entry of report.entryPoints) {
    const location = movedPlace(entry.location, edit);
    const registrations = all(entry.registrations, (r) => withPlace(r, movedPlace(r.location, edit)));
    if (!location || !registrations) return null;
    entryPoints.push({ ...entry, location, registrations, findings: findings(entry.findings) });
  }
  return { ...report, entryPoints, findings: findings(report.findings) };
}

function movedFinding(finding: Finding, edit: LineEdit): Finding | null {
  const location = movedRange(finding.location, edit);
  const trace = all(finding.trace, (step) => withPlace(step, movedPlace(step.location, edit)));
  if (!location || !trace) return null;
  return location === finding.location && trace.every((s, i) => s === finding.trace[i]) ? finding : { ...finding, location, trace };
}

function withPlace<T extends { location: Location }>(holder: T, location: Location | null): T | null {
  return location && (location === holder.location ? holder : { ...holder, location });
}

function all<T>(list: readonly T[], move: (x: T) => T | null): T[] | null {
  const moved: T[] = [];
  for (const x of list) {
    const y = move(x);
    if (y === null) return null;
    moved.push(y);
  }
  return moved;
}
