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
import { textAt } from './reviewedSupport';

interface Reviewed {
  rule: string;
  about: string;
  line: string;
  verdict: 'right' | 'wrong';
  reason: string;
}

/** Of what was right, as much may get lost as a change elsewhere may cost: nothing silently. */
const LEAST_KEPT = 0.99;

/** Of all certain and likely findings of these rules in the drivers; all were read once, and a change elsewhere may move a few. */
const LEAST_READ = 0.97;

describe('rules: findings about locks and marshaling that were read', function () {
  this.timeout(600_000);
  const file = join(repositoryRoot, 'test/differential/rulesReviewedLocks.yaml');
  const { drivers } = parse(readFileSync(file, 'utf8')) as { drivers: Record<string, Reviewed[]> };
  const source = kernelSource();
  let engine: Engine;
  const lost: string[] = [];
  const back: string[] = [];
  const unread: string[] = [];
  let all = 0;
  let kept = 0;

  before(async function () {
    const kernel = headersFolder();
    if (!existsSync(join(source, 'Makefile'))) skip(this, 'the kernel source (~/.cache/fgft/kernel/linux-source-6.1) is not unpacked');
    if (!kernel) skip(this, 'the linux-headers-6.1.0-*-amd64 package is not installed');
    engine = createEngine({ kernel, workingDirectory: source });
    for (const [driver, reviewed] of Object.entries(drivers)) {
      const { report } = await engine.analyze(join(source, driver), { detail: 'brief' });
      const findings = report.drivers
        .flatMap((d) => d.findings)
        .filter((f) => f.confidence !== 'possible' && /^(lock|marshal)\//.test(f.rule));
      const read = new Set<number>();
      const places = findings.map((f) => [f.location, ...f.trace.map((s) => s.location)].map((l) => textAt(source, l.file, l.line)));
      for (const { rule, about, line, verdict } of reviewed) {
        // What follows the first place comes into its trace: a change of order is no loss.
        const hits = findings.flatMap((f, i) => (f.rule === rule && f.message.includes(about) && places[i].includes(line) ? [i] : []));
        const found = hits.length > 0;
        for (const i of hits) read.add(i);
        if (found && verdict === 'right') kept++;
        else if (found === (verdict === 'wrong')) (found ? back : lost).push(`${driver}: ${rule}: ${line} (${about})`);
      }
      all += findings.length;
      unread.push(
        ...findings.flatMap((f, i) => (read.has(i) ? [] : [`${driver}: ${f.rule}: ${places[i][0]}: ${f.message.slice(0, 100)}`])),
      );
    }
  });
  after(() => engine?.dispose());

  it('are nearly all that these drivers have', () => {
    assert.ok(1 - unread.length / all >= LEAST_READ, unread.join('\n'));
  });

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

interface Sites {
  driver: string;
  kernel: string;
  places: { function: string; lock: string; kind: string; unlock: string; then: string }[];
}

/** The share of the sites that must be told; it is higher today. */
const LEAST_RECALL = 0.92;

describe('rules: places where an unlock would be deferred, found by reading', function () {
  this.timeout(600_000);
  const { sites } = parse(readFileSync(join(repositoryRoot, 'test/differential/rulesReviewedLockSites.yaml'), 'utf8')) as {
    sites: Sites[];
  };
  const total = { found: 0, missed: [] as string[] };

  for (const version of [...new Set(sites.map((s) => s.kernel))])
    it(`are told in drivers of Linux ${version}`, async function () {
      const source = kernelSource(version);
      const kernel = headersFolder(version);
      if (!existsSync(join(source, 'Makefile'))) skip(this, `${source} is not unpacked`);
      if (!kernel) skip(this, `no linux-headers-${version} package is installed`);
      const engine = createEngine({ kernel, workingDirectory: source });
      try {
        for (const { driver, places } of sites.filter((s) => s.kernel === version)) {
          const { report } = await engine.analyze(join(source, driver), { detail: 'brief' });
          const told = report.drivers
            .flatMap((d) => d.findings)
            .filter((f) => f.rule === 'lock/wait-under-deferred-lock' && f.confidence !== 'possible');
          for (const { function: name, lock, unlock, then } of places) {
            const isTold = told.some(
              ({ message, trace }) =>
                new RegExp(`\\b${lock}\\b`).test(message) &&
                trace.some((s) => s.message.includes(`${name} `) && textAt(source, s.location.file, s.location.line) === then),
            );
            if (isTold) total.found++;
            else total.missed.push(`${driver}: ${name}: ${unlock} … ${then}`);
          }
        }
      } finally {
        engine.dispose();
      }
    });

  it('are told nearly all', function () {
    const all = total.found + total.missed.length;
    if (all === 0) skip(this, 'no kernel source is there');
    assert.ok(total.found / all >= LEAST_RECALL, `${total.found} of ${all}; missed:\n${total.missed.join('\n')}`);
  });
});
