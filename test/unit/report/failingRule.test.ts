import assert from 'node:assert/strict';
import { join } from 'node:path';
import { LocalEngine } from '../../../server/src/engine/localEngine';
import type { DriverState } from '../../../server/src/engine/driver';
import { buildDriverReport, newReportCache } from '../../../server/src/report/build';
import type { DriverReport } from '../../../server/src/report/model';
import { ReportMemory } from '../../../server/src/report/memory';
import { RULES } from '../../../server/src/report/rules';
import type { Rule } from '../../../server/src/report/rules/rule';
import { repositoryRoot } from '../../support/repository';
import { miniKernel } from '../../fixtures/support/fixtures';

describe('a rule that fails', function () {
  this.timeout(60_000);
  const broken: Rule = {
    ...RULES[0],
    id: 'test/broken',
    check: () => {
      throw new TypeError('nothing has a name');
    },
  };
  let state: DriverState;
  let whole: DriverReport;

  const build = (rules: readonly Rule[], driver = state.driver): DriverReport =>
    buildDriverReport({
      name: whole.name,
      files: state.files.module.files,
      headers: [],
      driver,
      cache: newReportCache(),
      brief: false,
      rules,
    });

  before(async () => {
    const engine = new LocalEngine({ kernel: miniKernel });
    const { report } = await engine.analyze(join(repositoryRoot, 'examples/fgft_demo_nic/demo_nic_control.c'));
    [whole] = report.drivers;
    [state] = (engine as unknown as { drivers: Map<string, DriverState> }).drivers.values();
  });

  it('costs its own findings and nothing else, and is named', () => {
    const { findings, entryPoints } = build([...RULES, broken]);
    const [failed, ...others] = findings.filter((f) => f.message.includes('test/broken'));
    assert.deepEqual(others, []);
    assert.equal(failed.rule, 'analysis/partial');
    assert.match(failed.message, /test\/broken failed \(nothing has a name\)/);
    assert.deepEqual(
      findings.filter((f) => f !== failed),
      whole.findings,
    );
    assert.deepEqual(entryPoints, whole.entryPoints);
  });

  it('may be the analysis of the checkpoint: the rules that ask for it say so', () => {
    const { powerManagement, checkpoint, findings, entryPoints } = build(RULES, {
      ...state.driver,
      checkpoint: undefined,
      memory: new ReportMemory(),
      statementsOf: () => {
        throw new Error('no statements');
      },
    });
    assert.deepEqual(
      [powerManagement.suspend, checkpoint.status, checkpoint.split],
      [null, 'unresolved', []],
      'the example has power management, whose statements are asked for',
    );
    const failed = findings.filter((f) => f.message.includes('no statements'));
    assert.ok(failed.length > 0 && failed.every((f) => f.message.includes('checkpoint/')), JSON.stringify(failed));
    assert.equal(entryPoints.length, whole.entryPoints.length);
  });
});
