import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMerge } from '../../../server/src/cli/merge';
import { jsonStream } from '../../../server/src/cli/writers/stream';
import type { Report } from '../../../server/src/report/model';
import { validateReport } from '../../../server/src/report/validate';
import { sampleReport } from './sampleReport';
import { terminalForTests } from './terminalForTests';

/** A report about drivers of the given names. */
function reportOf(...names: string[]): Report {
  const report = sampleReport();
  const [driver] = report.drivers;
  return { ...report, drivers: names.map((name) => ({ ...driver, name, files: [`drivers/${name}.c`] })) };
}

/** As a run over a folder writes it. */
async function streamed(report: Report): Promise<string> {
  let text = '';
  const sink = jsonStream((part) => void (text += part));
  await sink.begin(report);
  for (const driver of report.drivers) await sink.driver(JSON.stringify(driver));
  await sink.end(report.summary);
  return text;
}

describe('cli: merge', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'fgft-merge-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function merged(texts: string[], output?: string): Promise<{ status: number; out: string; error: string }> {
    const names = texts.map((text, i) => {
      writeFileSync(join(folder, `${i}.json`), text);
      return `${i}.json`;
    });
    const { terminal, printed } = terminalForTests({ workingDirectory: folder });
    const status = await runMerge(names, output, terminal);
    return { status, ...printed };
  }

  it('joins reports of either form in the order of their files, each driver once, with a new summary', async () => {
    const { status, out, error } = await merged([await streamed(reportOf('c', 'a')), JSON.stringify(reportOf('b', 'c'), null, 2)]);
    assert.deepEqual([status, error], [0, '']);
    const report = JSON.parse(out) as Report;
    assert.deepEqual(
      report.drivers.map((d) => d.name),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(validateReport(report), []);
    const one = sampleReport().summary;
    assert.deepEqual(report.summary, {
      drivers: 3,
      entryPoints: 6,
      withResynchronization: 3,
      isolatable: 3,
      milliseconds: 2 * one.milliseconds,
    });
  });

  it('of a report alone is that report', async () => {
    const text = await streamed({
      ...reportOf('a', 'b'),
      summary: { ...sampleReport().summary, drivers: 2, entryPoints: 4, withResynchronization: 2, isolatable: 2 },
    });
    assert.equal((await merged([text])).out, text);
    const { status, out } = await merged([text], 'all.json');
    assert.deepEqual([status, out], [0, '']);
    assert.equal(readFileSync(join(folder, 'all.json'), 'utf8'), text);
  });

  it('refuses what does not belong together, what is no report, what is cut off, and its own output', async () => {
    const good = await streamed(reportOf('a'));
    const other = (change: (report: Report) => void): string => {
      const report = reportOf('b');
      change(report);
      return JSON.stringify(report);
    };
    const cases: [texts: string[], says: RegExp][] = [
      [[good, other((r) => (r.tool.version = '9.9.9'))], /1\.json was made by fgft 9\.9\.9, 0\.json by/],
      [[good, other((r) => (r.kernel.release = '9.9'))], /1\.json was made against .*9\.9.*, 0\.json against/],
      [['{}'], /0\.json is no report of fgft/],
      [['nothing'], /0\.json is no JSON report/],
      [[good.slice(0, -40)], /0\.json is no JSON report/],
    ];
    for (const [texts, says] of cases) {
      const { status, out, error } = await merged(texts);
      assert.deepEqual([status, out], [2, '']);
      assert.match(error, says);
    }
    assert.match((await merged([good], '0.json')).error, /is one of the reports/);
    const { terminal, printed } = terminalForTests({ workingDirectory: folder });
    assert.equal(await runMerge(['missing.json'], undefined, terminal), 2);
    assert.match(printed.error, /missing\.json cannot be read: there is no such file/);
  });
});
