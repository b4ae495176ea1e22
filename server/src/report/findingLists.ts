import type { DriverReport, EntryPoint, Finding, Severity } from './model';

/** From the least to the most severe, as `--fail-on` counts them. */
export const severities: readonly Severity[] = ['hint', 'information', 'warning', 'error'];

const key = (finding: Finding): string => JSON.stringify([finding.rule, finding.location, finding.message]);

/**
 * Every finding of a driver once, in the order of the text: those of the driver and those of its entry points, where a finding
 * that stands at several entry points names all of them.
 */
export function findingsOf(driver: DriverReport): Finding[] {
  const all = new Map<string, Finding>();
  const add = (finding: Finding, entry: string[]): void => {
    const known = all.get(key(finding)) ?? finding;
    all.set(key(finding), { ...known, entryPoints: [...new Set([...known.entryPoints, ...finding.entryPoints, ...entry])] });
  };
  for (const finding of driver.findings) add(finding, []);
  for (const entry of driver.entryPoints) for (const finding of entry.findings) add(finding, [entry.name]);
  return [...all.values()].sort(
    (a, b) =>
      compareText(a.location.file, b.location.file) ||
      a.location.line - b.location.line ||
      a.location.column - b.location.column ||
      compareText(a.rule, b.rule),
  );
}

/** The findings that concern an entry point, its own and those of the driver that name it. */
export function findingsAt(driver: DriverReport, entry: EntryPoint): Finding[] {
  return findingsOf({
    ...driver,
    findings: driver.findings.filter((finding) => finding.entryPoints.includes(entry.name)),
    entryPoints: [entry],
  });
}

/** How many findings there are of each severity, the most severe first; severities without one are left out. */
export function countBySeverity(findings: Finding[]): { severity: Severity; count: number }[] {
  return [...severities]
    .reverse()
    .map((severity) => ({ severity, count: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ count }) => count > 0);
}

/** Is a severity as grave as a level, or graver? */
export function isAtLeast(severity: Severity, level: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(level);
}

/** By code units, so that the order is the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
