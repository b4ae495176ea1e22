/** The self-test of the runtime in Debian's own kernels: every kind of fault recovered, nothing left behind. Half a minute each. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from '../support/skip';
import { runMachine } from '../vm/lab/machine';
import { imageOrReason } from '../vm/lab/ready';
import { buildSelftest } from './build';

const SCRIPT = `step load insmod /lab/modules/fgft_selftest.ko
step counters cat /sys/kernel/debug/fgft/fgft_selftest/selftest_act
step unload rmmod fgft_selftest
`;

describe('runtime in a kernel', function () {
  this.timeout(900_000);
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fgft-boot-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const version of ['6.1', '6.12']) {
    it(`recovers from every fault on ${version} and leaves nothing behind`, async function () {
      const image = imageOrReason(version);
      if (typeof image === 'string') skip(this, image);
      const built = buildSelftest(image.headers, { keep: folder });
      assert.equal(built.status, 0, built.remarks.join('\n'));
      const run = await runMachine({
        image,
        modules: ['fgft_selftest'],
        own: new Map([['fgft_selftest', join(folder, 'fgft_selftest.ko')]]),
        devices: [],
        processors: 2,
        limit: 300,
        script: SCRIPT,
      });
      assert.equal(run.ended, 'end', run.console.slice(-3000));
      const lines = run.console.split(/\r?\n/).map((line) => line.replace(/^\[ *[\d.]+\] /, ''));
      assert.deepEqual(
        lines.filter((line) => /selftest: .*FAILED/.test(line)),
        [],
      );
      const summary = lines.find((line) => /selftest: \d+ passed/.test(line)) ?? 'the self-test did not come to its end';
      assert.match(summary, /: \d{2,} passed, 0 failed, die taint 0/);
      // One line per fault, in the form that the editor's problem matcher reads.
      const fault = /^fgft: \S*selftest_driver\.c:\d+: selftest_act: write outside the marshaled fields, 4 bytes, struct selftest_device/;
      assert.ok(lines.some((line) => fault.test(line)));
      assert.ok(
        run.lines.some((line) => /^\| faults: \d{2,}/.test(line)),
        'debugfs shows no counters',
      );
      for (const step of ['load', 'counters', 'unload'])
        assert.ok(
          run.lines.some((l) => l.startsWith(`@@ step ${step} 0 `)),
          step,
        );
    });
  }
});
