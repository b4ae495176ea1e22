import { findingsOf, isAtLeast } from '../../report/findingLists';
import type { DriverReport, Severity } from '../../report/model';
import type { DriverFigures } from './model';

/** What a summary says of a driver. */
export function figuresOf(driver: DriverReport): DriverFigures {
  const isResynchronization = (rule: string): boolean => rule.startsWith('resync/');
  const named = new Set(driver.findings.filter((f) => isResynchronization(f.rule)).flatMap((f) => f.entryPoints));
  let worst: Severity | null = null;
  for (const finding of findingsOf(driver)) if (worst === null || isAtLeast(finding.severity, worst)) worst = finding.severity;
  return {
    entryPoints: driver.entryPoints.length,
    withResynchronization: driver.entryPoints.filter((e) => named.has(e.name) || e.findings.some((f) => isResynchronization(f.rule)))
      .length,
    isolatable: driver.entryPoints.filter((e) => e.isolatable).length,
    worst,
  };
}
