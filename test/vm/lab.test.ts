/** The laboratory itself: Debian's own drivers work in it, and a broken kernel is noticed. */
import { strict as assert } from 'node:assert';
import { labDriver } from './lab/drivers';
import { imageOrReason } from './lab/ready';
import type { KernelImage } from './lab/kernelImage';
import { runMachine } from './lab/machine';
import { resultsOf, stableOutput } from './lab/results';
import { runWorkload } from './lab/workload';
import { skip } from '../support/skip';

describe('the laboratory', function () {
  this.timeout(300_000);
  let image: KernelImage;

  before(function (): void {
    const found = imageOrReason('6.1');
    if (typeof found === 'string') skip(this, found);
    image = found;
  });

  for (const name of ['8139too', 'snd_ens1370']) {
    it(`runs Debian's ${name} under its workload`, async () => {
      const run = await runWorkload({ image, driver: labDriver(name) });
      const { steps, alarms } = resultsOf(run);
      assert.equal(run.ended, 'end', run.console.slice(-2000));
      assert.deepEqual(
        steps.filter((s) => s.status !== 0),
        [],
      );
      assert.deepEqual(alarms, []);
      assert.ok(stableOutput(steps).length > 10);
    });
  }

  it('notices a kernel that dies', async () => {
    const script = 'step before true\necho c >/proc/sysrq-trigger\nstep after true\n';
    const run = await runMachine({ image, modules: [], own: new Map(), devices: [], processors: 1, limit: 120, script });
    assert.equal(run.ended, 'died');
    assert.match(run.console, /sysrq/);
    assert.deepEqual(
      resultsOf(run).steps.map((s) => s.name),
      ['before'],
    );
  });

  it('ends a machine that hangs', async () => {
    const run = await runMachine({
      image,
      modules: [],
      own: new Map(),
      devices: [],
      processors: 1,
      limit: 25,
      script: 'step hang sleep 1000\n',
    });
    assert.equal(run.ended, 'time-out');
    assert.deepEqual(resultsOf(run).steps, [{ name: 'hang', status: null, milliseconds: 0, output: [] }]);
  });
});
