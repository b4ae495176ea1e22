import type { DriverReport, EntryPoint, Finding, RangeLocation, Report } from './model';

/** What contradicts itself in a report whose shape is right. Each problem names the place as a JSON pointer. */
export function inconsistencies(report: Report): string[] {
  const problems = report.drivers.flatMap((driver, index) => inDriver(driver, `/drivers/${index}`));
  const entryPoints = report.drivers.flatMap((driver) => driver.entryPoints);
  const sums: [keyof Report['summary'], number][] = [
    ['drivers', report.drivers.length],
    ['entryPoints', entryPoints.length],
    ['isolatable', entryPoints.filter((entry) => entry.isolatable).length],
  ];
  for (const [name, expected] of sums) {
    if (report.summary[name] !== expected)
      problems.push(`/summary/${name} is ${report.summary[name]}, but the drivers add up to ${expected}`);
  }
  return problems;
}

function inDriver(driver: DriverReport, at: string): string[] {
  const problems: string[] = [];
  if (driver.coverage.partial > driver.coverage.functions) problems.push(`${at}/coverage has more partial functions than functions`);
  const names = new Set<string>();
  driver.entryPoints.forEach((entry, index) => {
    if (names.has(entry.name)) problems.push(`${at}/entryPoints/${index} is a second ${entry.name}`);
    names.add(entry.name);
    problems.push(...inEntryPoint(entry, `${at}/entryPoints/${index}`));
  });
  driver.findings.forEach((finding, index) => problems.push(...inFinding(finding, names, `${at}/findings/${index}`)));
  driver.entryPoints.forEach((entry, e) =>
    entry.findings.forEach((finding, f) => problems.push(...inFinding(finding, names, `${at}/entryPoints/${e}/findings/${f}`))),
  );
  return problems;
}

function inEntryPoint(entry: EntryPoint, at: string): string[] {
  const problems: string[] = [];
  if (!entry.functions.includes(entry.name)) problems.push(`${at}/functions does not name ${entry.name} itself`);
  entry.fields.forEach((field, index) => {
    const reads = field.direction === 'in' || field.direction === 'inout';
    if (field.direction === 'out' && field.access === 'R') problems.push(`${at}/fields/${index} is only read, but goes out`);
    if (reads && field.via.length === 0) problems.push(`${at}/fields/${index} is read by nobody: via is empty`);
  });
  return problems;
}

function inFinding(finding: Finding, names: ReadonlySet<string>, at: string): string[] {
  const problems = finding.entryPoints.filter((name) => !names.has(name)).map((name) => `${at}/entryPoints names ${name}, which is none`);
  if (endsBeforeItBegins(finding.location)) problems.push(`${at}/location ends before it begins`);
  if (finding.grade && !finding.rule.startsWith('resync/')) problems.push(`${at} has a grade, but is no resync finding`);
  return problems;
}

function endsBeforeItBegins(location: RangeLocation): boolean {
  return location.endLine < location.line || (location.endLine === location.line && location.endColumn < location.column);
}
