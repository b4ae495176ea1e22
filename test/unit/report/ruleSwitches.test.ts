import assert from 'node:assert/strict';
import { COST_RULE } from '../../../server/src/report/costThreshold';
import { adjustDriver, adjusts, parseRuleSwitch } from '../../../server/src/report/ruleSwitches';
import { ruleCatalogue } from '../../../server/src/report/ruleCatalogue';
import { validateReport } from '../../../server/src/report/validate';
import { sampleReport } from '../cli/sampleReport';

describe('report: what a user says of rules', () => {
  const report = sampleReport();
  const driver = report.drivers.find((d) => d.findings.length > 0)!;
  const { rule, severity } = driver.findings[0];

  it('takes findings away everywhere, or grades them anew', () => {
    const off = adjustDriver(driver, { rules: new Map([[rule, 'off']]), costThreshold: 0 });
    const rulesOf = (d: typeof driver): string[] => [...d.findings, ...d.entryPoints.flatMap((e) => e.findings)].map((f) => f.rule);
    assert.ok(rulesOf(driver).includes(rule));
    assert.ok(!rulesOf(off).includes(rule));
    const other = severity === 'hint' ? 'error' : 'hint';
    const graded = adjustDriver(driver, { rules: new Map([[rule, other]]), costThreshold: 0 });
    assert.ok(graded.findings.filter((f) => f.rule === rule).every((f) => f.severity === other));
    assert.equal(driver.findings[0].severity, severity, 'the report itself stays');
  });

  it('makes a cost above a threshold a finding of its own rule, which can be switched off as well', () => {
    const dear = driver.entryPoints
      .filter((e) => e.isolatable)
      .sort((a, b) => b.cost.estimatedNanoseconds - a.cost.estimatedNanoseconds)[0];
    const costThreshold = dear.cost.estimatedNanoseconds - 1;
    const found = (adjusted: typeof driver): string[] =>
      adjusted.findings.filter((f) => f.rule === COST_RULE).flatMap((f) => f.entryPoints);
    const adjusted = adjustDriver(driver, { rules: new Map(), costThreshold });
    assert.ok(found(adjusted).includes(dear.name));
    assert.deepEqual(found(adjustDriver(driver, { rules: new Map(), costThreshold: dear.cost.estimatedNanoseconds })), []);
    assert.deepEqual(found(adjustDriver(driver, { rules: new Map([[COST_RULE, 'off']]), costThreshold })), []);
    assert.deepEqual(validateReport({ ...report, drivers: report.drivers.map((d) => (d === driver ? adjusted : d)) }), []);
    assert.ok(COST_RULE in ruleCatalogue);
  });

  it('is read from the command line', () => {
    assert.deepEqual(parseRuleSwitch('resync/poll=off'), ['resync/poll', 'off']);
    assert.deepEqual(parseRuleSwitch('resync/poll=info'), ['resync/poll', 'information']);
    for (const wrong of ['resync/poll', 'resync/poll=loud', 'poll=off', '=off']) assert.equal(parseRuleSwitch(wrong), undefined, wrong);
    assert.ok(!adjusts({ rules: new Map(), costThreshold: 0 }));
  });
});
