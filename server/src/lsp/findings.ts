/** The findings of analyses by file: one per place and message however many entry points share it, with settings applied. */
import { costFindings } from '../report/costThreshold';
import type { Finding, Severity } from '../report/model';
import { switchedSeverity } from '../report/ruleSwitches';
import type { ModuleAnalysis } from './moduleAnalysis';
import type { Settings } from './settings';

export interface PlacedFinding {
  finding: Finding;
  severity: Severity;
  analysis: ModuleAnalysis;
}

/** The severity that a person sees, or `off`. */
export function shownSeverity(finding: Finding, settings: Settings): Severity | 'off' {
  const override = settings.get(`fgft.rules.${finding.rule}`);
  if (override === undefined || override === 'default') return finding.severity;
  return switchedSeverity(finding, new Map([[finding.rule, override as Severity | 'off']]));
}

/** Every finding of one analysis, the same place, rule and message merged. */
export function distinctFindings(analysis: ModuleAnalysis): Finding[] {
  const merged = new Map<string, Finding>();
  for (const driver of analysis.report.drivers) {
    const dear = costFindings(driver, Number(analysis.settings.get('fgft.cost.threshold') ?? 0));
    for (const finding of [...driver.findings, ...driver.entryPoints.flatMap((entryPoint) => entryPoint.findings), ...dear]) {
      const { file, line, column } = finding.location;
      const key = `${finding.rule}\0${file}\0${line}\0${column}\0${finding.message}`;
      const known = merged.get(key);
      if (known === undefined) merged.set(key, finding);
      else if (finding.entryPoints.some((name) => !known.entryPoints.includes(name))) {
        merged.set(key, { ...known, entryPoints: [...new Set([...known.entryPoints, ...finding.entryPoints])] });
      }
    }
  }
  return [...merged.values()];
}

/** The shown findings by absolute path, and how many the settings hide. */
export function findingsByFile(analyses: ModuleAnalysis[]): { byFile: Map<string, PlacedFinding[]>; hidden: number } {
  const byFile = new Map<string, PlacedFinding[]>();
  const seen = new Set<string>();
  let hidden = 0;
  for (const analysis of analyses) {
    for (const finding of distinctFindings(analysis)) {
      const severity = shownSeverity(finding, analysis.settings);
      const path = analysis.resolve(finding.location.file);
      // A file that two modules link has the same finding in both.
      const key = `${path}\0${finding.rule}\0${finding.location.line}\0${finding.location.column}\0${finding.message}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (severity === 'off') {
        hidden++;
        continue;
      }
      const inFile = byFile.get(path);
      if (inFile) inFile.push({ finding, severity, analysis });
      else byFile.set(path, [{ finding, severity, analysis }]);
    }
  }
  return { byFile, hidden };
}
