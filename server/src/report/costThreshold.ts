/** Entry points that are dearer to isolate than somebody wants: a finding each, for who sets a threshold. */
import { formatNanoseconds } from './amounts';
import type { DriverReport, EntryPoint, Finding, Report } from './model';

export const COST_RULE = 'cost/threshold';

/** One finding per entry point whose estimate exceeds `threshold` nanoseconds; none for 0. */
export function costFindings(driver: DriverReport, threshold: number): Finding[] {
  if (!(threshold > 0)) return [];
  return driver.entryPoints.filter((e) => e.isolatable && e.cost.estimatedNanoseconds > threshold).map((e) => costFinding(e, threshold));
}

function costFinding({ name, location, cost }: EntryPoint, threshold: number): Finding {
  const { estimatedNanoseconds, bytesIn, bytesOut, ranges, checks, kernelCrossings } = cost;
  const parts = `${ranges} ranges, ${checks} checks, ${kernelCrossings} kernel crossings, ${bytesIn} B in, ${bytesOut} B out`;
  return {
    rule: COST_RULE,
    severity: 'warning',
    confidence: 'likely',
    message: `an isolated call of ${name} is estimated at ${formatNanoseconds(estimatedNanoseconds)}, above the threshold of ${formatNanoseconds(threshold)}: ${parts}`,
    location: { ...location, endLine: location.line, endColumn: location.column + name.length },
    entryPoints: [name],
    trace: [{ location, message: `${name}: ${parts}` }],
  };
}

/** The report with such findings among those of its drivers and entry points; the same report where there are none. */
export function withCostThreshold(report: Report, threshold: number): Report {
  return { ...report, drivers: report.drivers.map((driver) => driverWithCost(driver, threshold)) };
}

/** The same for one driver. */
export function driverWithCost(driver: DriverReport, threshold: number): DriverReport {
  const found = costFindings(driver, threshold);
  if (found.length === 0) return driver;
  const of = new Map(found.map((f) => [f.entryPoints[0], f]));
  const entryPoints = driver.entryPoints.map((e) => {
    const own = of.get(e.name);
    return own ? { ...e, findings: [...e.findings, own] } : e;
  });
  return { ...driver, entryPoints, findings: [...driver.findings, ...found] };
}
