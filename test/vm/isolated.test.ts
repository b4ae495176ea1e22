/** Real drivers, all isolatable entry points isolated: they build without a warning, work as Debian's own do, and survive faults. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from '../support/skip';
import type { DriverCampaign } from './campaign/keep';
import type { Verdict } from './campaign/outcome';
import { campaignOf } from './campaign/run';
import { FAULT_KINDS, SILENT_KINDS } from './campaign/kinds';
import { labDriver } from './lab/drivers';
import { vmFolder } from './lab/folders';
import { buildModule, isolate, kernelSource } from './lab/isolated';
import type { KernelImage } from './lab/kernelImage';
import { imageOrReason } from './lab/ready';
import { disturbed, resultsOf, stableOutput } from './lab/results';
import { runWorkload } from './lab/workload';
import { median } from './measure/statistics';

/** Those that `npm test` has time for, and with `FGFT_ISOLATED=all` all that are known to work. `npm run campaign` takes any of the laboratory. */
const DRIVERS = ['i6300esb', 'snd_ens1370', '8139too', 'e1000'];
if (process.env.FGFT_ISOLATED === 'all')
  DRIVERS.push('8139cp', 'snd_intel8x0', 'usb_storage', 'ne2k_pci', 'pcnet32', 'virtio_net', 'virtio_blk', 'psmouse', 'usbhid');
const CAMPAIGN = ['i6300esb', 'snd_ens1370'];
/** Verdicts of a fault that was not survived as it should be. */
const LOST: ReadonlySet<Verdict> = new Set(['not-recovered', 'undetected', 'hung', 'kernel-died']);
const LINE = '6.1';

describe('isolated drivers in a running kernel', function () {
  this.timeout(900_000);
  let image: KernelImage;

  before(function (): void {
    const found = imageOrReason(LINE);
    if (typeof found === 'string') skip(this, found);
    try {
      kernelSource(LINE);
    } catch (error) {
      skip(this, error instanceof Error ? error.message : String(error));
    }
    if (!existsSync(join(vmFolder, '../../dist/cli.cjs'))) skip(this, 'the command is not built: npm run build');
    image = found;
  });

  for (const name of DRIVERS) {
    it(`${name} works isolated as it does natively`, async () => {
      const driver = labDriver(name);
      const folder = mkdtempSync(join(tmpdir(), 'fgft-isolated-'));
      try {
        isolate(driver, LINE, image, folder);
        const { module, warnings } = buildModule(folder, image);
        assert.deepEqual(warnings, []);
        const native = resultsOf(await runWorkload({ image, driver }));
        const run = await runWorkload({ image, driver, replacement: module });
        const isolated = resultsOf(run);
        assert.equal(run.ended, 'end', run.console.slice(-3000));
        assert.deepEqual(stableOutput(isolated.steps), stableOutput(native.steps));
        assert.deepEqual(isolated.alarms, []);
        // Isolated means that: no call was answered natively or not at all.
        assert.deepEqual(disturbed(isolated.entries), []);
        assert.ok(isolated.entries.some((e) => e.calls > 0));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  /** One fault of each kind that the driver has a place for, spread over its entry points. */
  const shortCampaign = (name: string): Promise<DriverCampaign> =>
    campaignOf(labDriver(name), image, {
      line: LINE,
      seed: 1,
      perKind: 1,
      control: false,
      most: FAULT_KINDS.length,
      leakChecks: 0,
      say: () => undefined,
    });
  const kept = new Map<string, DriverCampaign>();

  for (const name of CAMPAIGN) {
    it(`${name} survives faults of each kind`, async () => {
      const result = await shortCampaign(name);
      kept.set(name, result);
      const { outcomes, reloads } = result;
      const wrong = outcomes.filter((o) => LOST.has(o.verdict) && !(SILENT_KINDS.has(o.kind) && o.verdict === 'undetected'));
      assert.deepEqual(
        wrong.map((o) => `${o.kind} at ${o.file}:${o.line} (${o.text}): ${o.verdict} ${o.lastWords ?? ''}`),
        [],
      );
      assert.ok(outcomes.filter((o) => o.verdict === 'recovered').length >= 10, JSON.stringify(outcomes.map((o) => [o.kind, o.verdict])));
      // The driver can go and come again, and its recoveries were faster.
      const times = outcomes.flatMap((o) => (o.recovery === null ? [] : [o.recovery]));
      assert.deepEqual(
        reloads.map((r) => [r.status, r.alarms]),
        [[0, 0]],
      );
      assert.ok(
        20 * median(times) < reloads[0].unload + reloads[0].load,
        `recovery ${median(times)} ns, reload ${JSON.stringify(reloads)}`,
      );
    });
  }

  it('the same seed gives the same verdicts', async function () {
    const [name] = CAMPAIGN;
    const first = kept.get(name);
    if (!first) skip(this, 'the campaign that it repeats did not come to its end');
    const verdicts = (c: DriverCampaign): string[] => c.outcomes.map((o) => `${o.number} ${o.kind} ${o.file}:${o.line} ${o.verdict}`);
    assert.deepEqual(verdicts(await shortCampaign(name)), verdicts(first));
  });
});
