import assert from 'node:assert/strict';
import { comparisonText } from '../../../server/src/cli/compare';
import { compareReports, isWorse } from '../../../server/src/report/compare';
import type { Report } from '../../../server/src/report/model';
import { sampleReport } from '../cli/sampleReport';

function changed(change: (report: Report) => void): Report {
  const copy = structuredClone(sampleReport());
  change(copy);
  return copy;
}

describe('comparing two reports', () => {
  it('says nothing about the same report', () => {
    const comparison = compareReports(sampleReport(), sampleReport());
    assert.deepEqual(comparison, { drivers: [], driversAdded: [], driversRemoved: [] });
    assert.equal(isWorse(comparison), false);
    assert.match(comparisonText(comparison), /^No entry point/);
  });

  it('names what an entry point now costs more, and the field that is new', () => {
    const after = changed(({ drivers: [driver] }) => {
      const [entry] = driver.entryPoints;
      entry.counts.fields += 3;
      entry.cost.bytesIn += 24;
      entry.cost.estimatedNanoseconds += 500;
      entry.fields.push({ ...entry.fields[0], field: 'brand_new', via: [entry.name] });
    });
    const comparison = compareReports(sampleReport(), after);
    assert.equal(comparison.drivers.length, 1);
    assert.equal(comparison.drivers[0].changed.length, 1);
    assert.ok(isWorse(comparison));
    const text = comparisonText(comparison);
    assert.match(text, /3 fields more, \+24 B in/);
    assert.match(text, /\+ \w+\.brand_new/);
    assert.equal(isWorse(compareReports(after, sampleReport())), false);
  });

  it('tells new findings from moved ones', () => {
    const finding = sampleReport().drivers.flatMap((d) => [...d.findings, ...d.entryPoints.flatMap((e) => e.findings)])[0];
    assert.ok(finding, 'the sample has a finding');
    const moved = changed((report) => {
      for (const d of report.drivers) for (const f of [...d.findings, ...d.entryPoints.flatMap((e) => e.findings)]) f.location.line += 7;
    });
    assert.deepEqual(compareReports(sampleReport(), moved).drivers, []);
    const more = changed(({ drivers: [driver] }) => driver.findings.push({ ...finding, message: 'something else' }));
    const [driver] = compareReports(sampleReport(), more).drivers;
    assert.deepEqual(
      driver.newFindings.map((f) => f.message),
      ['something else'],
    );
    assert.deepEqual(driver.goneFindings, []);
  });

  it('notices entry points and drivers that come and go', () => {
    const less = changed((report) => {
      report.drivers[0].entryPoints.pop();
      report.drivers[0].name += '2';
    });
    const comparison = compareReports(sampleReport(), less);
    assert.equal(comparison.driversAdded.length, 1);
    assert.equal(comparison.driversRemoved.length, 1);
  });
});
