import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { latencyAt, parseFaults, parseMeasurements } from '../../../server/src/report/otherTools/faultLog';
import { repositoryRoot } from '../../support/repository';

const lines = [
  '[   12.345678] e1000: loading out-of-tree module',
  '[   13.000001] fgft: drivers/net/foo.c:120: foo_ioctl: write outside of what was shared, 4 bytes, foo.mode, at foo_ioctl+0x12/0x34 [foo]',
  'Nov 23 16:00:00 host kernel: fgft: drivers/net/foo.c:120: foo_ioctl: write outside of what was shared, 4 bytes, foo.mode, at foo_ioctl+0x12/0x34 [foo]',
  '<4>fgft: drivers/net/foo.c:7: foo_open: not isolated: marshaling: error -7',
  'notfgft: a.c:1: x: y',
];

describe('what isolated modules say', () => {
  it('gives each fault once, with its place', () => {
    assert.deepEqual(
      parseFaults(lines.join('\n')).map((f) => [f.file, f.line, f.entryPoint, f.isFallback]),
      [
        ['drivers/net/foo.c', 120, 'foo_ioctl', false],
        ['drivers/net/foo.c', 7, 'foo_open', true],
      ],
    );
  });

  it("is matched by the manifest's problem matcher as well", () => {
    const { contributes } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
    const { pattern } = contributes.problemMatchers.find((m: { name: string }) => m.name === 'fgft-runtime');
    const match = new RegExp(pattern.regexp).exec(lines[1]);
    assert.deepEqual([match?.[pattern.file], match?.[pattern.line], match?.[pattern.code]], ['drivers/net/foo.c', '120', 'foo_ioctl']);
    assert.match(match?.[pattern.message] ?? '', /^write outside/);
    assert.equal(new RegExp(pattern.regexp).exec(lines[4]), null);
    const gcc = contributes.problemMatchers.find((m: { name: string }) => m.name === 'fgft-build').pattern;
    const found = new RegExp(gcc.regexp).exec("drivers/net/foo.c:12:5: error: 'x' undeclared");
    assert.deepEqual([found?.[gcc.file], found?.[gcc.line], found?.[gcc.severity]], ['drivers/net/foo.c', '12', 'error']);
  });

  it('measures each entry point, of a dump with several', () => {
    const dump =
      'function: a\nsource: a.c:1\nmode: 1\ncalls: 10\nfaults: 1\nfallbacks: 0\nlatency_ns: 1024-2047 9\nlatency_ns: 8192-16383 1\nfunction: b\ncalls: 0\n';
    const [a, b] = parseMeasurements(dump);
    assert.deepEqual([a.entryPoint, a.calls, a.faults], ['a', 10, 1]);
    assert.deepEqual(latencyAt(a, 0.5), { from: 1024, to: 2047 });
    assert.deepEqual(latencyAt(a, 0.99), { from: 8192, to: 16383 });
    assert.equal(latencyAt(b, 0.5), null);
  });
});
