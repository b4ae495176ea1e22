/** Whole reports around drivers' reports. */
import type { DriverReport, Report } from '../report/model';
import type { Configuration } from '../text/configuration';
import type { KernelTree } from '../text/kernelTree';
import { VERSION } from './version';

export function emptyReport(tree: KernelTree | null, configuration: Configuration): Report {
  return {
    schemaVersion: 1,
    tool: { name: 'fgft', version: VERSION },
    kernel: {
      root: tree ? tree.root.slice(tree.root.lastIndexOf('/') + 1) : null,
      release: tree?.release || null,
      configuration: configuration.source,
    },
    drivers: [],
    summary: { drivers: 0, entryPoints: 0, withResynchronization: 0, isolatable: 0, milliseconds: 0 },
  };
}

export function joinDrivers(report: Report, drivers: readonly DriverReport[], milliseconds: number): Report {
  const entryPoints = drivers.flatMap((d) => d.entryPoints);
  return {
    ...report,
    drivers: [...drivers],
    summary: {
      drivers: drivers.length,
      entryPoints: entryPoints.length,
      withResynchronization: entryPoints.filter((e) => e.findings.some((f) => f.rule.startsWith('resync/'))).length,
      isolatable: entryPoints.filter((e) => e.isolatable).length,
      milliseconds: Math.round(milliseconds),
    },
  };
}
