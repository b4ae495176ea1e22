/** Findings about other contexts and irreversible effects in real drivers, with the verdict of somebody who read the source. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createEngine, type Engine } from '../../server/src/engine';
import type { Finding, Grade } from '../../server/src/report/model';
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
  /** Of a wait: the grade that the source justifies. */
  grade?: Grade;
  /** Of an effect: what the transaction has to do, at one of the places with this text where there are several. */
  instead?: Treatment | Treatment[];
  /** What was found in the source. */
  reason: string;
  /** What the reading found wrong about a finding that is right as such, corrected since. */
  was?: string;
}

type Treatment = 'defer' | 'allow' | 'refuse';

/** How a finding says what the transaction does. */
const WORDS: Record<Treatment, string> = {
  defer: 'defers it to the commit',
  allow: 'makes it at once',
  refuse: 'does not roll back behind it',
};

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
        const found = findings.filter((f) => isAt(f, row));
        const what = `${row.rule} ${row.file}: ${row.line} ${row.reason}`;
        assert.equal(found.length > 0, row.verdict === 'right', what);
        if (row.grade)
          assert.ok(
            found.every((f) => f.grade === row.grade),
            `${what}: ${found.map((f) => f.grade).join(' ')}`,
          );
        const treatments = [row.instead ?? []].flat();
        for (const treatment of treatments)
          assert.ok(
            found.some((f) => f.message.includes(WORDS[treatment])),
            what,
          );
        if (treatments.length > 0)
          assert.ok(
            found.every((f) => treatments.some((t) => f.message.includes(WORDS[t]))),
            what,
          );
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
