import assert from 'node:assert/strict';
import { createContext, Script } from 'node:vm';
import { writers } from '../../../server/src/cli/writers';
import type { WriterOptions } from '../../../server/src/cli/writers/writer';
import { ruleCatalogue } from '../../../server/src/report/ruleCatalogue';
import { validateReport } from '../../../server/src/report/validate';
import { assertGolden } from '../../support/golden';
import { sampleReport } from './sampleReport';

const plain: WriterOptions = { width: Infinity, color: false, details: false };
const escape = '\u001b';

describe('cli: text writer', () => {
  it('prints a table of entry points, then the findings with their traces', () => {
    assertGolden('cli/report.txt', writers.text(sampleReport(), plain));
  });

  it('prints every field when entry points were asked for by name', () => {
    assertGolden('cli/details.txt', writers.text(sampleReport(), { ...plain, details: true }));
  });

  it('keeps to the width of the terminal', () => {
    const text = writers.text(sampleReport(), { ...plain, width: 100, details: true });
    assertGolden('cli/narrow.txt', text);
    assert.deepEqual(
      text.split('\n').filter((line) => [...line].length > 100),
      [],
    );
  });

  it('colours only what it would print anyway', () => {
    const colored = writers.text(sampleReport(), { ...plain, color: true, details: true });
    assert.ok(colored.includes(`${escape}[33mwarning:`));
    assert.equal(
      colored.replaceAll(new RegExp(`${escape}\\[[0-9;]*m`, 'g'), ''),
      writers.text(sampleReport(), { ...plain, details: true }),
    );
  });

  it('says what an empty report and a missing kernel mean', () => {
    const report = sampleReport();
    report.kernel = { root: null, release: null, configuration: 'assumed' };
    report.drivers = [];
    report.summary = { drivers: 0, entryPoints: 0, withResynchronization: 0, isolatable: 0, milliseconds: 1 };
    assert.match(writers.text(report, plain), /^kernel: none found.*\n\n0 drivers, 0 entry points/);
  });
});

describe('cli: JSON writer', () => {
  it('prints the report unchanged, and it is valid', () => {
    const back: unknown = JSON.parse(writers.json(sampleReport(), plain));
    assert.deepEqual(back, sampleReport());
    assert.deepEqual(validateReport(back), []);
  });
});

interface SarifResult {
  ruleId: string;
  ruleIndex: number;
  level: string;
  message: { text: string };
  locations: {
    physicalLocation: { artifactLocation: { uri: string; uriBaseId?: string }; region: { startLine: number; endColumn: number } };
    logicalLocations: { name: string }[];
  }[];
  codeFlows?: { threadFlows: { locations: { location: { message: { text: string } } }[] }[] }[];
  partialFingerprints: Record<string, string>;
}
interface SarifLog {
  version: string;
  runs: { tool: { driver: { rules: { id: string; shortDescription: { text: string } }[] } }; columnKind: string; results: SarifResult[] }[];
}
const sarif = (report = sampleReport()): SarifLog => JSON.parse(writers.sarif(report, plain)) as SarifLog;

describe('cli: SARIF writer', () => {
  it('prints what it printed before', () => assertGolden('cli/report.sarif', writers.sarif(sampleReport(), plain)));

  it('has each finding once, under a rule that is described', () => {
    const { version, runs } = sarif();
    assert.equal(version, '2.1.0');
    const [run] = runs;
    assert.equal(run.columnKind, 'utf16CodeUnits');
    assert.deepEqual(
      run.tool.driver.rules.map((rule) => rule.id),
      Object.keys(ruleCatalogue),
    );
    assert.deepEqual(
      run.results.map((result) => [result.ruleId, result.level]),
      [
        ['resync/completion', 'warning'],
        ['analysis/partial', 'note'],
      ],
    );
    for (const result of run.results) assert.equal(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
  });

  it('places findings by relative URI, with the trace as a code flow', () => {
    const [wait, partial] = sarif().runs[0].results;
    assert.deepEqual(wait.locations[0].physicalLocation.artifactLocation, { uri: 'drivers/net/sample/sample.c', uriBaseId: 'SRCROOT' });
    assert.equal(wait.locations[0].physicalLocation.region.endColumn, 40);
    assert.deepEqual(
      wait.codeFlows?.[0].threadFlows[0].locations.map((step) => step.location.message.text),
      ['sample_open waits here', 'sample_interrupt completes it'],
    );
    assert.equal(partial.codeFlows, undefined);
  });

  it('encodes paths as URIs', () => {
    const report = sampleReport();
    report.drivers[0].findings[0].location.file = '/src/a b#1.c';
    const uris = sarif(report).runs[0].results.map((result) => result.locations[0].physicalLocation.artifactLocation);
    assert.ok(uris.some((artifact) => artifact.uri === 'file:///src/a%20b%231.c' && artifact.uriBaseId === undefined));
  });

  it('gives a finding the same fingerprint after lines were added above it, and two alike findings different ones', () => {
    const before = sarif().runs[0].results.map((result) => result.partialFingerprints);
    const moved = sampleReport();
    for (const finding of [...moved.drivers[0].findings, ...moved.drivers[0].entryPoints[0].findings]) {
      finding.location.line += 7;
      finding.location.endLine += 7;
    }
    assert.deepEqual(
      sarif(moved).runs[0].results.map((result) => result.partialFingerprints),
      before,
    );
    const twice = sampleReport();
    twice.drivers[0].findings.push({
      ...twice.drivers[0].findings[0],
      location: { ...twice.drivers[0].findings[0].location, line: 90, endLine: 90 },
    });
    const prints = sarif(twice).runs[0].results.map((result) => result.partialFingerprints['fgftFinding/v1']);
    assert.equal(new Set(prints).size, 3);
  });

  it('keeps a finding of a rule that the catalogue does not know', () => {
    const report = sampleReport();
    report.drivers[0].findings.push({ ...report.drivers[0].findings[0], rule: 'new/rule' });
    const [run] = sarif(report).runs;
    const index = run.results.find((result) => result.ruleId === 'new/rule')?.ruleIndex ?? -1;
    assert.equal(run.tool.driver.rules[index].id, 'new/rule');
  });
});

describe('cli: HTML writer', () => {
  const page = writers.html(sampleReport(), plain);

  it('is one page that needs no other file and no network', () => {
    assert.match(page, /^<!DOCTYPE html>/);
    assert.doesNotMatch(page, /https?:\/\//);
    assert.doesNotMatch(page, /<link|<img|src=|@import|url\(/);
    assert.match(page, /Content-Security-Policy" content="default-src 'none'/);
  });

  it('shows text of the driver as text', () => {
    assert.ok(!page.includes('<b>not markup'));
    assert.ok(page.includes('&#60;b&#62;not markup&#60;/b&#62;'));
    // Only the page's own script elements end here.
    assert.equal(page.match(/<\/script>/g)?.length, 2);
  });

  it('carries the data of every entry point', () => {
    const data = /<script type="application\/json" id="data">(.*)<\/script>/.exec(page)?.[1] ?? '';
    const { texts, entries } = JSON.parse(data) as { texts: string[]; entries: { name: number; fields: unknown[] }[][] };
    assert.deepEqual(
      entries[0].map((entry) => [texts[entry.name], entry.fields.length]),
      [
        ['sample_open', 3],
        ['sample_interrupt', 0],
      ],
    );
  });

  it('has a script that parses', () => {
    const script = /<script>([^]*?)<\/script>/.exec(page)?.[1] ?? '';
    assert.doesNotThrow(() => new Script(script));
    assert.ok(createContext({}));
  });
});
