/** SARIF 2.1.0, as far as places and words go (docs.oasis-open.org/sarif/sarif/v2.1.0). */
import type { Severity } from '../model';
import type { ImportedFinding } from './model';

interface SarifLocation {
  physicalLocation?: { artifactLocation?: { uri?: string }; region?: { startLine?: number } };
  logicalLocations?: { name?: string; kind?: string }[];
}
interface SarifResult {
  level?: string;
  ruleId?: string;
  message?: { text?: string; markdown?: string };
  locations?: SarifLocation[];
  suppressions?: unknown[];
}
interface SarifLog {
  version?: string;
  runs?: { tool?: { driver?: { name?: string } }; results?: SarifResult[] | null }[];
}

const LEVELS: Readonly<Record<string, Severity>> = { error: 'error', warning: 'warning', note: 'information', none: 'hint' };

/** null for a text that is no SARIF. */
export function parseSarif(text: string): ImportedFinding[] | null {
  if (!/^\s*\{/.test(text)) return null;
  let log: SarifLog;
  try {
    log = JSON.parse(text) as SarifLog;
  } catch {
    return null;
  }
  if (!Array.isArray(log.runs)) return null;
  return log.runs.flatMap((run) =>
    (run.results ?? [])
      .filter((result) => !result.suppressions?.length)
      .map((result): ImportedFinding => {
        const place = result.locations?.[0];
        const region = place?.physicalLocation?.region;
        return {
          tool: run.tool?.driver?.name ?? 'unknown',
          severity: LEVELS[result.level ?? 'warning'] ?? 'warning',
          message: result.message?.text ?? result.message?.markdown ?? result.ruleId ?? '',
          file: pathOf(place?.physicalLocation?.artifactLocation?.uri),
          line: region?.startLine ?? null,
          function: place?.logicalLocations?.find((l) => l.kind === undefined || l.kind === 'function')?.name ?? null,
          module: null,
        };
      }),
  );
}

function pathOf(uri: string | undefined): string | null {
  if (!uri) return null;
  try {
    return decodeURIComponent(uri.replace(/^file:\/\/(localhost)?/, ''));
  } catch {
    return uri;
  }
}
