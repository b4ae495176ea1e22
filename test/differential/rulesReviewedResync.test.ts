/** Findings about other contexts and irreversible effects in real drivers, with the verdict of somebody who read the source. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createEngine, type Engine } from '../../server/src/engine';
import type { Finding } from '../../server/src/report/model';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';
import { headersFolder } from './layoutsSupport';
import { kernelSource } from './oracleSupport';

interface Row {
  rule: string;
  driver: string;
  file: string;
  function?: string;
  /** The text of the line that the finding points at. */
  line: string;
  verdict: 'right' | 'wrong';
  reason?: string;
}

const { drivers, rows } = parse(readFileSync(join(repositoryRoot, 'test/differential/rulesReviewedResync.yaml'), 'utf8')) as {
  drivers: string[];
  rows: Row[];
};

/** Rules all of whose certain and likely findings were read. */
const COMPLETE = new Set(['resync/completion', 'resync/wait-queue', 'resync/poll']);

describe('rules: findings about other contexts, read by hand', function () {
  this.timeout(300_000);
  let engine: Engine;
  const lines = new Map<string, string[]>();

  before(function () {
    const kernel = headersFolder();
    if (!kernel || !existsSync(join(kernelSource(), 'Makefile'))) return skip(this, 'the 6.1 source and headers are not there');
    engine = createEngine({ kernel });
  });
  after(() => engine?.dispose());

  const textOf = (finding: Finding): string => {
    const { file, line } = finding.location;
    let text = lines.get(file);
    if (!text) lines.set(file, (text = readFileSync(join(kernelSource(), file), 'utf8').split('\n')));
    return text[line - 1].trim();
  };
  const isAt = (finding: Finding, row: Row): boolean =>
    finding.confidence !== 'possible' &&
    finding.rule === row.rule &&
    finding.location.file === row.file &&
    textOf(finding) === row.line &&
    (row.function === undefined || finding.message.startsWith(`${row.function} `));

  for (const driver of drivers) {
    it(driver, async () => {
      const { report, problems } = await engine.analyze(join(kernelSource(), driver));
      assert.deepEqual(problems, []);
      const { findings } = report.drivers[0];
      const own = rows.filter((row) => row.driver === driver);
      for (const row of own) {
        const found = findings.some((f) => isAt(f, row));
        assert.equal(found, row.verdict === 'right', `${row.rule} ${row.file}: ${row.line} ${row.reason ?? ''}`);
      }
      // A finding that nobody has read yet.
      for (const finding of findings)
        if (COMPLETE.has(finding.rule) && finding.confidence !== 'possible')
          assert.ok(
            own.some((row) => isAt(finding, row)),
            `not read: ${finding.rule} ${finding.location.file}:${finding.location.line} ${textOf(finding)}`,
          );
    });
  }
});
