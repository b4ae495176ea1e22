/** From findings to the functions that hold them, the entry points that reach those, and what to isolate. */
import { severities } from '../findingLists';
import type { DriverReport, EntryPoint, FunctionSpan, Report } from '../model';
import type { ImportedFinding, PlacedFinding, SuspectEntryPoint, SuspectReport } from './model';

interface Holder {
  driver: DriverReport;
  span: FunctionSpan;
}

/** Maps findings to a report made in full. Pure; the order of findings is kept. */
export function placeFindings(report: Report, imported: readonly ImportedFinding[]): SuspectReport {
  const findings: PlacedFinding[] = [];
  const unplaced: SuspectReport['unplaced'] = [];
  const touched = new Map<EntryPoint, { driver: DriverReport; findings: number[] }>();
  for (const finding of imported) {
    const holders = holdersOf(report, finding);
    if (holders.length === 0) {
      unplaced.push({ ...finding, reason: 'it lies in no function of these drivers' });
      continue;
    }
    for (const { driver, span } of holders) {
      const reaching = driver.entryPoints
        .filter((e) => e.functions.includes(span.name))
        .sort((a, b) => a.cost.estimatedNanoseconds - b.cost.estimatedNanoseconds);
      if (reaching.length === 0) {
        unplaced.push({ ...finding, reason: `no entry point of ${driver.name} reaches ${span.name}` });
        continue;
      }
      const { endLine: _, name, ...start } = span;
      findings.push({
        ...finding,
        driver: driver.name,
        function: name,
        location: finding.line === null ? start : { file: span.file, line: finding.line, column: 1 },
        entryPoints: reaching.map((e) => e.name),
      });
      for (const entry of reaching) {
        const known = touched.get(entry) ?? { driver, findings: [] };
        known.findings.push(findings.length - 1);
        touched.set(entry, known);
      }
    }
  }
  const entryPoints = report.drivers.reduce((sum, d) => sum + d.entryPoints.length, 0);
  return { findings, unplaced, suspects: rank(touched, findings), entryPoints, untouched: entryPoints - touched.size };
}

function rank(
  touched: ReadonlyMap<EntryPoint, { driver: DriverReport; findings: number[] }>,
  findings: readonly PlacedFinding[],
): SuspectEntryPoint[] {
  const suspects = [...touched].map(([entry, { driver, findings: indexes }]): SuspectEntryPoint => {
    const levels = indexes.map((i) => severities.indexOf(findings[i].severity));
    return {
      driver: driver.name,
      name: entry.name,
      location: entry.location,
      findings: indexes,
      severity: severities[Math.max(...levels)],
      estimatedNanoseconds: entry.cost.estimatedNanoseconds,
      isolatable: entry.isolatable,
      suspect: entry.suspect,
      predicate: predicateOf(
        entry,
        indexes.map((i) => findings[i]),
      ),
    };
  });
  return suspects.sort(
    (a, b) =>
      severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
      b.findings.length - a.findings.length ||
      a.estimatedNanoseconds - b.estimatedNanoseconds,
  );
}

/** The condition under which alone an entry point reaches all of the findings; null when one is reached otherwise, or it is not known. */
function predicateOf(entry: EntryPoint, findings: readonly PlacedFinding[]): string | null {
  const conditions = new Set<string>();
  for (const finding of findings) {
    const guard = (entry.guards ?? []).findLast(({ line, endLine, functions }) => {
      if (finding.function !== entry.name) return functions.includes(finding.function);
      // A trace tells the function alone.
      return finding.file !== null && finding.line !== null && line <= finding.line && finding.line <= endLine;
    });
    if (!guard) return null;
    conditions.add(guard.condition);
  }
  return conditions.size === 0 ? null : [...conditions].join(' || ');
}

/** The functions that hold a finding: by file and line, else by the function's name in the module that the tool names. */
function holdersOf(report: Report, finding: ImportedFinding): Holder[] {
  const all = report.drivers.flatMap((driver) => (driver.functions ?? []).map((span): Holder => ({ driver, span })));
  if (finding.file !== null && finding.line !== null) {
    const { line } = finding;
    const best = Math.max(0, ...all.map(({ span }) => commonTail(span.file, finding.file!)));
    if (best > 0)
      return all.filter(({ span }) => commonTail(span.file, finding.file!) === best && span.line <= line && line <= span.endLine);
  }
  if (finding.function === null) return [];
  const module = finding.module?.replaceAll('-', '_');
  return all.filter(({ driver, span }) => span.name === finding.function && (!module || driver.name.replaceAll('-', '_') === module));
}

/** How many parts two paths share at their ends; 0 unless the shorter one is wholly contained. */
function commonTail(a: string, b: string): number {
  const x = partsOf(a);
  const y = partsOf(b);
  const least = Math.min(x.length, y.length);
  let n = 0;
  while (n < least && x[x.length - 1 - n] === y[y.length - 1 - n]) n++;
  // Trees lie in different folders on different machines: two shared parts are enough, one only for a bare name.
  return n === least || n >= 2 ? n : 0;
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
