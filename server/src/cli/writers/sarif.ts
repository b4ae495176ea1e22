import { createHash } from 'node:crypto';
import type { DriverReport, Finding, Location, RangeLocation, Severity } from '../../report/model';
import { ruleCatalogue } from '../../report/ruleCatalogue';
import { findingsOf } from '../../report/findingLists';
import type { Writer } from './writer';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};
/** SARIF's rank, 0 to 100: how sure we are. The figures only order the three grades of confidence. */
const ranks = { certain: 100, likely: 70, possible: 30 } as const;

/** SARIF 2.1.0 (OASIS): one run, a rule for each kind of finding of the contract, a code flow for each trace. */
export const writeSarif: Writer = (report) => {
  const ruleIds = Object.keys(ruleCatalogue);
  const findings = report.drivers.flatMap((driver) => findingsOf(driver).map((finding) => ({ driver, finding })));
  // A rule that this catalogue does not know must not be lost.
  for (const { finding } of findings) if (!ruleIds.includes(finding.rule)) ruleIds.push(finding.rule);
  const fingerprint = makeFingerprints();
  const run = {
    tool: {
      driver: {
        name: report.tool.name,
        version: report.tool.version,
        semanticVersion: report.tool.version,
        rules: ruleIds.map(describeRule),
      },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: {
      SRCROOT: { description: { text: report.kernel.root ? `the kernel tree ${report.kernel.root}` : 'the working directory' } },
    },
    invocations: [{ executionSuccessful: true }],
    results: findings.map(({ driver, finding }) =>
      describeResult(driver, finding, ruleIds.indexOf(finding.rule), fingerprint(driver, finding)),
    ),
    properties: { kernel: report.kernel, summary: report.summary },
  };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(log, null, 2)}\n`;
};

function describeRule(id: string): object {
  const rule = ruleCatalogue[id];
  if (!rule) return { id };
  return {
    id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: `${rule.summary} ${rule.help}` },
    help: { text: rule.help },
    defaultConfiguration: { level: levels[rule.severity] },
    properties: { tags: [id.slice(0, id.indexOf('/'))] },
  };
}

function describeResult(driver: DriverReport, finding: Finding, ruleIndex: number, fingerprint: string): object {
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: levels[finding.severity],
    rank: ranks[finding.confidence],
    message: { text: finding.message },
    locations: [
      {
        physicalLocation: physicalLocation(finding.location),
        logicalLocations: finding.entryPoints.map((name) => ({ name, fullyQualifiedName: `${driver.name}::${name}`, kind: 'function' })),
      },
    ],
    ...(finding.trace.length > 0 && { codeFlows: [{ threadFlows: [{ locations: finding.trace.map(describeStep) }] }] }),
    partialFingerprints: { 'fgftFinding/v1': fingerprint },
    properties: {
      driver: driver.name,
      confidence: finding.confidence,
      entryPoints: finding.entryPoints,
      ...(finding.grade && { grade: finding.grade }),
      ...(finding.signallers && { signallers: finding.signallers }),
    },
  };
}

function describeStep(step: { location: Location; message: string }): object {
  return { location: { physicalLocation: physicalLocation(step.location), message: { text: step.message } } };
}

function physicalLocation(location: Location | RangeLocation): object {
  const region = { startLine: Math.max(1, location.line), startColumn: Math.max(1, location.column) };
  const end =
    'endLine' in location ? { endLine: Math.max(region.startLine, location.endLine), endColumn: Math.max(1, location.endColumn) } : {};
  return { artifactLocation: artifact(location.file), region: { ...region, ...end } };
}

/** Relative paths are relative to what SRCROOT stands for; an absolute one is a URI of its own. */
function artifact(file: string): object {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: 'SRCROOT' };
}

/** Tells the same finding in two runs although lines were added above it: no line number goes in, equal ones are counted. */
function makeFingerprints(): (driver: DriverReport, finding: Finding) => string {
  const times = new Map<string, number>();
  return (driver, finding) => {
    const what = JSON.stringify([finding.rule, driver.name, finding.location.file, finding.message.replace(/\bline \d+/g, 'line')]);
    const count = (times.get(what) ?? 0) + 1;
    times.set(what, count);
    return createHash('sha256').update(`${what}#${count}`).digest('hex').slice(0, 32);
  };
}
