/** The findings of the lock and marshaling rules that were read by hand: what was right is still found, what was wrong is not found again. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createEngine, type Engine } from '../../server/src/engine';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';
import { headersFolder } from './layoutsSupport';
import { kernelSource } from './oracleSupport';

interface Reviewed {
  rule: string;
  about: string;
  line: string;
  verdict: 'right' | 'wrong';
  reason: string;
}

/** Of what was right, as much may get lost as a change elsewhere may cost: nothing silently. */
const LEAST_KEPT = 0.99;

describe('rules: findings about locks and marshaling that were read', function () {
  this.timeout(600_000);
  const file = join(repositoryRoot, 'test/differential/rulesReviewedLocks.yaml');
  const { drivers } = parse(readFileSync(file, 'utf8')) as { drivers: Record<string, Reviewed[]> };
  const source = kernelSource();
  let engine: Engine;
  const lost: string[] = [];
  const back: string[] = [];
  let kept = 0;

  before(async function () {
    const kernel = headersFolder();
    if (!existsSync(join(source, 'Makefile'))) skip(this, 'the kernel source (~/.cache/fgft/kernel/linux-source-6.1) is not unpacked');
    if (!kernel) skip(this, 'the linux-headers-6.1.0-*-amd64 package is not installed');
    engine = createEngine({ kernel, workingDirectory: source });
    for (const [driver, reviewed] of Object.entries(drivers)) {
      const { report } = await engine.analyze(join(source, driver), { detail: 'brief' });
      const findings = report.drivers.flatMap((d) => d.findings).map((f) => ({ ...f, line: textAt(f.location.file, f.location.line) }));
      for (const { rule, about, line, verdict } of reviewed) {
        const found = findings.some((f) => f.rule === rule && f.line === line && f.confidence !== 'possible' && f.message.includes(about));
        if (found && verdict === 'right') kept++;
        else if (found === (verdict === 'wrong')) (found ? back : lost).push(`${driver}: ${rule}: ${line} (${about})`);
      }
    }
  });
  after(() => engine?.dispose());

  const texts = new Map<string, string[]>();
  function textAt(path: string, line: number): string {
    const absolute = path.startsWith('/') ? path : join(source, path);
    let lines = texts.get(absolute);
    if (!lines) texts.set(absolute, (lines = existsSync(absolute) ? readFileSync(absolute, 'utf8').split('\n') : []));
    return (lines[line - 1] ?? '').trim();
  }

  it('covers the oracle and thirty further drivers', () => {
    assert.ok(Object.keys(drivers).length >= 40, `${Object.keys(drivers).length} drivers`);
    assert.ok(
      Object.values(drivers)
        .flat()
        .filter((r) => r.verdict === 'right').length >= 300,
    );
  });

  it('finds again what is right', () => {
    assert.ok(kept / (kept + lost.length) >= LEAST_KEPT, lost.join('\n'));
  });

  it('does not find again what was wrong', () => {
    assert.deepEqual(back, []);
  });
});
