/** `fgft/entryPoints`: the tree's data. */
import type { Severity } from '../report/model';
import type { ModuleAnalysis } from './moduleAnalysis';
import { mapperFor, type ServerContext } from './context';
import { shownSeverity } from './findings';
import { isolatedModule } from './isolatedModule';
import { mapRange, nameRange } from './positions';
import type { DriverNode } from './protocol';
import { numbersOf } from './summary';

const rank: Severity[] = ['error', 'warning', 'information', 'hint'];

/** One node per driver; one that several analyses hold comes once, the newest. */
export function entryPointTree(context: ServerContext, analyses: ModuleAnalysis[]): DriverNode[] {
  const nodes = new Map<string, DriverNode>();
  for (const analysis of [...analyses].sort((a, b) => b.clock - a.clock)) {
    for (const driver of analysis.report.drivers) {
      const key = `${driver.name}\0${driver.files.map((file) => analysis.resolve(file)).join('\0')}`;
      if (nodes.has(key)) continue;
      const isolated = new Set(isolatedModule(analysis, driver)?.entries ?? []);
      nodes.set(key, {
        name: driver.name,
        uri: context.documents.uriOf(analysis.path),
        kernelRelease: analysis.report.kernel.release,
        checkpoint: driver.checkpoint.status,
        saved: driver.checkpoint.saved,
        notRestored: driver.checkpoint.notRestored,
        partialFunctions: driver.coverage.partial,
        entryPoints: driver.entryPoints.map((entryPoint) => {
          const path = analysis.resolve(entryPoint.location.file);
          const severities = driver.findings
            .concat(entryPoint.findings)
            .filter((finding) => finding.entryPoints.includes(entryPoint.name))
            .map((finding) => ({
              key: JSON.stringify([finding.rule, finding.location, finding.message]),
              shown: shownSeverity(finding, analysis.settings),
            }));
          const shown = new Map(severities.filter((s) => s.shown !== 'off').map((s) => [s.key, s.shown as Severity]));
          return {
            name: entryPoint.name,
            uri: context.documents.uriOf(path),
            range: mapRange(nameRange(entryPoint.location, entryPoint.name.length), mapperFor(context, analysis, path)),
            registration: entryPoint.registrations[0]?.as ?? '',
            registrations: entryPoint.registrations.map((r) => r.as),
            context: entryPoint.context,
            suspect: entryPoint.suspect,
            isolatable: entryPoint.isolatable,
            isolated: isolated.has(entryPoint.name),
            ...numbersOf(entryPoint),
            findings: shown.size,
            worst: rank.find((severity) => [...shown.values()].includes(severity)) ?? null,
          };
        }),
      });
    }
  }
  return [...nodes.values()].sort((a, b) => a.name.localeCompare(b.name));
}
