import assert from 'node:assert/strict';
import type { EntryPoint, Report } from '../../../server/src/report/model';
import { parseFindings } from '../../../server/src/report/otherTools/parse';
import { placeFindings } from '../../../server/src/report/otherTools/place';
import { sampleReport } from '../cli/sampleReport';

const places = (text: string): string[] =>
  parseFindings(text).map((f) => `${f.file ?? '-'}:${f.line ?? '-'} ${f.function ?? '-'} ${f.severity} ${f.tool}: ${f.message}`);

describe('findings of other tools', () => {
  it('reads gcc and clang, without notes, contexts and include chains', () => {
    const text = [
      'In file included from drivers/net/foo.h:3,',
      '                 from drivers/net/foo.c:12:',
      'drivers/net/foo.c: In function ‘foo_open’:',
      'drivers/net/foo.c:40:12: warning: variable ‘x’ set but not used [-Wunused-but-set-variable]',
      '   40 |         int x;',
      "drivers/net/foo.c:41:3: note: in expansion of macro 'bar'",
      'drivers/net/foo.c:50:1: fatal error: no way',
    ].join('\n');
    assert.deepEqual(places(text), [
      'drivers/net/foo.c:40 - warning compiler: variable ‘x’ set but not used [-Wunused-but-set-variable]',
      'drivers/net/foo.c:50 - error unknown: no way',
    ]);
  });

  it('reads sparse, whose second lines explain the first', () => {
    const text = [
      'drivers/net/foo.c:7:9: warning: incorrect type in argument 1 (different address spaces)',
      'drivers/net/foo.c:7:9:    expected void volatile [noderef] __iomem *addr',
      'drivers/net/foo.c:7:9:    got void *base',
    ].join('\n');
    assert.deepEqual(places(text), ['drivers/net/foo.c:7 - warning unknown: incorrect type in argument 1 (different address spaces)']);
  });

  it('reads smatch', () => {
    assert.deepEqual(places("drivers/net/foo.c:61 foo_probe() error: uninitialized symbol 'err'."), [
      "drivers/net/foo.c:61 foo_probe error smatch: uninitialized symbol 'err'.",
    ]);
  });

  it('reads both forms of coccinelle', () => {
    const text = [
      './drivers/net/foo.c:9:5-12: ERROR: reference preceded by free on line 8',
      '* TODO [[view:drivers/net/foo.c::face=ovl-face1::linb=12::colb=1::cole=5][missing put]]',
    ].join('\n');
    assert.deepEqual(places(text), [
      'drivers/net/foo.c:9 - error coccinelle: reference preceded by free on line 8',
      'drivers/net/foo.c:12 - warning coccinelle: missing put',
    ]);
  });

  it('reads SARIF, without what was suppressed there', () => {
    const result = (line: number, more = {}): object => ({
      level: 'error',
      message: { text: 'leak' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'file:///src/drivers/a%20b/foo.c' }, region: { startLine: line } } }],
      ...more,
    });
    const log = {
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'T' } }, results: [result(3), result(4, { suppressions: [{ kind: 'inSource' }] })] }],
    };
    assert.deepEqual(places(JSON.stringify(log)), ['/src/drivers/a b/foo.c:3 - error T: leak']);
  });

  it('takes the driver out of a stack trace, not the frames that only lie about', () => {
    const text = [
      '[  101.204211] BUG: KASAN: slab-out-of-bounds in foo_xmit.isra.0+0x1a2/0x300 [foo_nic]',
      '[  101.204215] Write of size 4 at addr ffff888006c8e5f0 by task ping/301',
      '[  101.204220] Call Trace:',
      '[  101.204222]  <TASK>',
      '[  101.204225]  dump_stack_lvl+0x48/0x60',
      '[  101.204230]  ? old_frame+0x10/0x20 [foo_nic]',
      '[  101.204239]  foo_xmit.isra.0+0x1a2/0x300 [foo_nic]',
      '[  101.204244]  dev_hard_start_xmit+0x9a/0x240',
      '[  101.204250]  </TASK>',
      '',
      'unrelated',
    ].join('\n');
    const [finding, ...more] = parseFindings(text);
    assert.deepEqual(more, []);
    assert.deepEqual([finding.function, finding.module, finding.tool, finding.severity], ['foo_xmit', 'foo_nic', 'KASAN', 'error']);
  });

  it('finds nothing in any other text', () => {
    for (const text of ['', 'hello\nworld', '{', '{"runs": 3}', '[]', 'a.c', 'x.c:12']) assert.deepEqual(parseFindings(text), [], text);
  });
});

describe('from findings to entry points', () => {
  const report = withSpans(sampleReport());
  const [driver] = report.drivers;
  const [entry] = driver.entryPoints;
  const place = (line: string): ReturnType<typeof placeFindings> => placeFindings(report, parseFindings(line));

  it('by file and line, however the tool names the file', () => {
    const { file } = driver.functions![0];
    for (const name of [file, `./${file}`, `/home/someone/linux/${file}`, file.split('/').at(-1)!]) {
      const { findings, suspects, untouched } = place(`${name}:101:1: warning: w`);
      assert.deepEqual(findings[0]?.function, entry.name, name);
      assert.deepEqual(suspects[0].name, entry.name);
      assert.equal(untouched, report.drivers.reduce((n, d) => n + d.entryPoints.length, 0) - suspects.length);
    }
  });

  it('says why a finding has no place', () => {
    assert.match(place('somewhere/else.c:5:1: warning: w').unplaced[0].reason, /no function/);
    assert.match(place(`${driver.functions![0].file}:99999:1: warning: w`).unplaced[0].reason, /no function/);
    assert.match(place(`${driver.functions![0].file}:901:1: warning: w`).unplaced[0].reason, /no entry point .* reaches lonely/);
  });

  it('ranks by severity, then by number, then by price', () => {
    const { file } = driver.functions![0];
    const { suspects } = place(`${file}:101:1: warning: a\n${file}:102:1: warning: b\n${file}:201:1: error: c`);
    assert.equal(suspects[0].severity, 'error');
    assert.ok(suspects.findIndex((s) => s.findings.length === 2) > 0);
  });
});

/** Each entry point's function gets a hundred lines of its own; one function is reached by nobody. */
function withSpans(report: Report): Report {
  return {
    ...report,
    drivers: report.drivers.map((driver) => ({
      ...driver,
      entryPoints: driver.entryPoints.map((e): EntryPoint => ({ ...e, functions: [e.name] })),
      functions: [
        ...driver.entryPoints.map((e, i) => ({
          name: e.name,
          file: driver.files[0],
          line: 100 * (i + 1),
          column: 1,
          endLine: 100 * (i + 1) + 50,
        })),
        { name: 'lonely', file: driver.files[0], line: 900, column: 1, endLine: 950 },
      ],
    })),
  };
}
