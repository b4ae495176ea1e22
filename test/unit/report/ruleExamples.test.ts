/** Each rule's own examples, as its page shows them: it fires in the one and is silent in the other. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createEngine, type Engine } from '../../../server/src/engine';
import { RULES } from '../../../server/src/report/rules';
import { validateReport } from '../../../server/src/report/validate';
import { miniKernel } from '../../fixtures/support/fixtures';

describe('report: the examples of every rule', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-rules-'));
  let engine: Engine;
  before(() => {
    engine = createEngine({ kernel: miniKernel, workingDirectory: folder });
  });
  after(() => {
    engine.dispose();
    rmSync(folder, { recursive: true });
  });

  for (const rule of RULES) {
    for (const which of ['fires', 'silent'] as const) {
      it(`${rule.id} ${which === 'fires' ? 'fires' : 'is silent'}`, async () => {
        const path = join(folder, `${rule.id.replace('/', '-')}-${which}.c`);
        writeFileSync(path, rule[which].code);
        for (const [name, text] of Object.entries(rule[which].generated ?? {})) {
          const at = join(folder, 'fgft-isolated', `${rule.id.replace('/', '-')}-${which}`, name);
          mkdirSync(dirname(at), { recursive: true });
          writeFileSync(at, text);
        }
        const { report, problems } = await engine.analyze(path);
        assert.deepEqual(problems, []);
        assert.deepEqual(validateReport(report), []);
        const [driver] = report.drivers;
        assert.notEqual(driver.entryPoints.length, 0, 'the example has no entry point');
        const found = driver.findings.filter((f) => f.rule === rule.id);
        assert.equal(found.length > 0, which === 'fires', JSON.stringify(driver.findings, null, 1));
        for (const finding of found) {
          assert.notEqual(finding.trace.length, 0, 'a finding has a trace');
          assert.ok(finding.entryPoints.length > 0, 'a finding of the example concerns an entry point');
        }
      });
    }
  }
});
