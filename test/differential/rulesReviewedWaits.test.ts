/** Waits for other contexts in drivers that no rule was made with, labelled by reading before any rule saw them: how many are told. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createEngine } from '../../server/src/engine';
import type { Finding } from '../../server/src/report/model';
import { repositoryRoot } from '../support/repository';
import { skip } from '../support/skip';
import { headersFolder } from './layoutsSupport';
import { kernelSource } from './oracleSupport';
import { textAt } from './reviewedSupport';

interface Site {
  driver: string;
  kernel: string;
  places: { rule: string; function: string; line: string }[];
  silent?: { function: string; line: string; reason: string }[];
}

/** The share of the labelled waits that each rule must tell as certain or likely; it is higher today. */
const LEAST_RECALL: Record<string, number> = { 'resync/completion': 0.97, 'resync/wait-queue': 0.97, 'resync/poll': 0.95 };

describe('rules: waits for other contexts, found by reading', function () {
  this.timeout(300_000);
  const { sites } = parse(readFileSync(join(repositoryRoot, 'test/differential/rulesReviewedWaits.yaml'), 'utf8')) as { sites: Site[] };
  const told = new Map<string, number>();
  const missed = new Map<string, string[]>();
  const wrong: string[] = [];

  for (const version of [...new Set(sites.map((s) => s.kernel))])
    it(`are told in drivers of Linux ${version}`, async function () {
      const source = kernelSource(version);
      const kernel = headersFolder(version);
      if (!existsSync(join(source, 'Makefile'))) skip(this, `${source} is not unpacked`);
      if (!kernel) skip(this, `no linux-headers-${version} package is installed`);
      const engine = createEngine({ kernel, workingDirectory: source });
      const isAt = (f: Finding, name: string, line: string): boolean =>
        f.message.startsWith(`${name} `) &&
        [f.location, ...f.trace.map((s) => s.location)].some((l) => textAt(source, l.file, l.line) === line);
      try {
        for (const { driver, places, silent = [] } of sites.filter((s) => s.kernel === version)) {
          const { report, problems } = await engine.analyze(join(source, driver), { detail: 'brief' });
          assert.deepEqual(problems, []);
          const findings = report.drivers.flatMap((d) => d.findings).filter((f) => f.rule in LEAST_RECALL && f.confidence !== 'possible');
          for (const { rule, function: name, line } of places)
            if (findings.some((f) => f.rule === rule && isAt(f, name, line))) told.set(rule, (told.get(rule) ?? 0) + 1);
            else missed.set(rule, [...(missed.get(rule) ?? []), `${driver}: ${name}: ${line}`]);
          for (const { function: name, line, reason } of silent)
            if (findings.some((f) => isAt(f, name, line.trim()))) wrong.push(`${driver}: ${name}: ${line} (${reason})`);
        }
      } finally {
        engine.dispose();
      }
    });

  for (const [rule, least] of Object.entries(LEAST_RECALL))
    it(`are told nearly all by ${rule}`, function () {
      const found = told.get(rule) ?? 0;
      const lost = missed.get(rule) ?? [];
      if (found + lost.length === 0) skip(this, 'no kernel source is there');
      assert.ok(found / (found + lost.length) >= least, `${found} of ${found + lost.length}; missed:\n${lost.join('\n')}`);
    });

  it('are not told where there are none', () => {
    assert.deepEqual(wrong, []);
  });
});
