/**
 * What `fgft checkpoint` writes is C that compiles: appended to the driver's own source, without a warning, against Debian's headers. Where
 * nothing can be derived, a reason is given instead.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { checkpointModules } from '../../server/src/engine';
import { skip } from '../support/skip';

const sources = join(process.env.FGFT_KERNEL_SOURCES ?? join(homedir(), '.cache/fgft/kernel'), 'linux-source-6.1');
const headers = existsSync('/usr/src') ? readdirSync('/usr/src').find((n) => /^linux-headers-6\.1\..*(?<!-common)$/.test(n)) : undefined;

/** Drivers, and the object that holds suspend and resume; null: no checkpoint can be derived, for a reason that matches. */
const DRIVERS: readonly { path: string; object: string | null; reason?: RegExp }[] = [
  { path: 'drivers/net/ethernet/realtek/8139too.c', object: '8139too' },
  { path: 'drivers/net/ethernet/intel/e1000', object: 'e1000_main' },
  { path: 'sound/pci/ens1370.c', object: 'ens1370' },
  { path: 'drivers/net/ethernet/amd/pcnet32.c', object: null, reason: /is closed and opened/ },
  { path: 'drivers/watchdog/i6300esb.c', object: null, reason: /no power-management code/ },
  { path: 'drivers/block/virtio_blk.c', object: null, reason: /is close and .* is open/ },
];

/** Compiles one object of a copy of the driver's folder with the text behind its last line; what the compiler said. */
function compile(driver: string, object: string, text: string, kernel: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-checkpoint-'));
  try {
    const from = statSync(driver).isDirectory() ? driver : dirname(driver);
    for (const name of readdirSync(from)) if (/\.[ch]$/.test(name)) cpSync(join(from, name), join(folder, name));
    appendFileSync(join(folder, `${object}.c`), `\n#line 1 "checkpoint of ${object}"\n${text}`);
    writeFileSync(join(folder, 'Kbuild'), `obj-m := ${object}.o\n`);
    const made = spawnSync('make', ['-C', kernel, `M=${folder}`, 'W=1', `${object}.o`], { encoding: 'utf8', maxBuffer: 1 << 26 });
    const said = `${made.stdout}${made.stderr}`.split('\n').filter((l) => /warning|error|undefined/i.test(l) && !/^make/.test(l));
    return made.status === 0 ? said : [...said, `make ended with ${made.status}`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('checkpoints that are written', function () {
  this.timeout(600_000);

  for (const { path, object, reason } of DRIVERS) {
    it(object ? `compile: ${basename(path)}` : `are refused with the reason: ${basename(path)}`, async function () {
      const driver = join(sources, path);
      if (!existsSync(driver) || headers === undefined) skip(this, 'Linux 6.1 or its headers are not there');
      const kernel = join('/usr/src', headers);
      const answer = await checkpointModules(driver, { kernel });
      const [{ outcome }] = answer.modules;
      if (object === null) {
        assert.ok('reason' in outcome && reason!.test(outcome.reason), JSON.stringify(outcome));
        return;
      }
      assert.ok('text' in outcome, JSON.stringify(outcome));
      assert.match(outcome.text, /fgft_checkpoint_\w+\(/);
      assert.match(outcome.text, /fgft_restore_\w+\(/);
      assert.deepEqual(compile(driver, object, outcome.text, kernel), []);
    });
  }
});
