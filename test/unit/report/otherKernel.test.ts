/** What is known of a kernel function comes from several kernels: of their members, a report has those that this one's records have. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../../../server/src/engine';
import { miniKernel } from '../../fixtures/support/fixtures';

const DRIVER = `#include <linux/netdevice.h>
static int foo_open(struct net_device *dev)
{
	netif_start_queue(dev);
	return 0;
}
static const struct net_device_ops foo_ops = { .ndo_open = foo_open };
`;
const ROWS = `kind: functions
rows:
  netif_start_queue:
    source: include/linux/netdevice.h
    parameters: 1
    touches: [{ argument: 0, record: net_device, field: flags, access: RW }, { argument: 0, record: net_device, field: of_a_newer_kernel, access: W }]
`;

describe('report: members of other kernels', () => {
  it('are left out where only the kernel would touch them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fgft-members-'));
    mkdirSync(join(folder, '.fgft/knowledge'), { recursive: true });
    writeFileSync(join(folder, '.fgft/knowledge/net.yaml'), ROWS);
    writeFileSync(join(folder, 'foo.c'), DRIVER);
    const engine = createEngine({ kernel: miniKernel, workingDirectory: folder });
    try {
      const { report, problems } = await engine.analyze(join(folder, 'foo.c'));
      assert.deepEqual(problems, []);
      assert.deepEqual(
        report.drivers[0].entryPoints[0].fields.map((f) => `${f.record}.${f.field} ${f.via}`),
        ['net_device.flags kernel:netif_start_queue'],
      );
    } finally {
      engine.dispose();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
