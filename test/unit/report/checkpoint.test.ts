/** Power management in its spellings, the parts of suspend and resume, verdicts, conversions and coverage, on small drivers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine } from '../../../server/src/engine';
import type { DriverReport } from '../../../server/src/report/model';
import { validateReport } from '../../../server/src/report/validate';
import { miniKernel } from '../../fixtures/support/fixtures';

const HEAD = `#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/pci.h>
#include <linux/usb.h>
#include <linux/pm.h>
#include <linux/slab.h>
#include <linux/delay.h>
#include <linux/rtnetlink.h>

#define CONTROL 0x04
#define MODE 0x08
#define SECRET 0x0c
struct foo { void __iomem *base; struct mutex lock; u32 saved; u32 mode; u32 *table; };

static int foo_open(struct net_device *dev)
{
	struct foo *f = netdev_priv(dev);
	writel(1, f->base + CONTROL);
	writel(readl(f->base + MODE) | 1, f->base + MODE);
	writel(7, f->base + SECRET);
	return 0;
}
static int foo_stop(struct net_device *dev) { return 0; }
static const struct net_device_ops foo_ops = { .ndo_open = foo_open, .ndo_stop = foo_stop };
`;
const PLAIN = `
static int foo_suspend(struct device *d) { struct foo *f = dev_get_drvdata(d); writel(0, f->base + CONTROL); return 0; }
static int foo_resume(struct device *d) { struct foo *f = dev_get_drvdata(d); writel(1, f->base + CONTROL); return 0; }
`;

describe('report: checkpoint', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fgft-checkpoint-'));
  let engine: Engine;
  let count = 0;
  before(() => {
    engine = createEngine({ kernel: miniKernel, workingDirectory: folder });
  });
  after(() => {
    engine.dispose();
    rmSync(folder, { recursive: true });
  });

  async function driverOf(code: string, head = HEAD): Promise<DriverReport> {
    const path = join(folder, `d${count++}.c`);
    writeFileSync(path, head + code);
    const { report, problems } = await engine.analyze(path);
    assert.deepEqual(problems, []);
    assert.deepEqual(validateReport(report), []);
    return report.drivers[0];
  }

  const parts = (driver: DriverReport, phase: string): string[] =>
    driver.checkpoint.split.filter((s) => s.phase === phase && s.part !== 'neutral').map((s) => `${s.part} ${s.text}`);

  describe('finds power management', () => {
    const spellings: Record<string, [code: string, declaredBy: string]> = {
      SIMPLE_DEV_PM_OPS: ['static SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);', 'dev_pm_ops'],
      DEFINE_SIMPLE_DEV_PM_OPS: ['static DEFINE_SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);', 'dev_pm_ops'],
      UNIVERSAL_DEV_PM_OPS: ['static UNIVERSAL_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume, NULL);', 'dev_pm_ops'],
      EXPORT_GPL_SIMPLE_DEV_PM_OPS: ['EXPORT_GPL_SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);', 'dev_pm_ops'],
      SET_SYSTEM_SLEEP_PM_OPS: [
        'static const struct dev_pm_ops foo_pm = { SET_SYSTEM_SLEEP_PM_OPS(foo_suspend, foo_resume) };',
        'dev_pm_ops',
      ],
      SET_RUNTIME_PM_OPS: ['static const struct dev_pm_ops foo_pm = { SET_RUNTIME_PM_OPS(foo_suspend, foo_resume, NULL) };', 'dev_pm_ops'],
      'designated members through pm_sleep_ptr': [
        'static const struct dev_pm_ops foo_pm = { .suspend = pm_sleep_ptr(foo_suspend), .resume = pm_sleep_ptr(foo_resume) };',
        'dev_pm_ops',
      ],
      'freeze and thaw alone': ['static const struct dev_pm_ops foo_pm = { .freeze = foo_suspend, .restore = foo_resume };', 'dev_pm_ops'],
    };
    for (const [name, [code, declaredBy]] of Object.entries(spellings)) {
      it(name, async () => {
        const { powerManagement } = await driverOf(PLAIN + code);
        assert.deepEqual(powerManagement, { suspend: 'foo_suspend', resume: 'foo_resume', declaredBy, table: 'foo_pm' });
      });
    }

    it('legacy callbacks of a bus', async () => {
      const { powerManagement, checkpoint } = await driverOf(`
static int foo_suspend(struct pci_dev *p, pm_message_t m) { struct foo *f = pci_get_drvdata(p); writel(0, f->base + CONTROL); return 0; }
static int foo_resume(struct pci_dev *p) { struct foo *f = pci_get_drvdata(p); writel(1, f->base + CONTROL); return 0; }
static struct pci_driver foo_driver = { .name = "foo", .suspend = foo_suspend, .resume = foo_resume };`);
      assert.deepEqual(powerManagement, { suspend: 'foo_suspend', resume: 'foo_resume', declaredBy: 'pci_driver', table: 'foo_driver' });
      assert.equal(checkpoint.status, 'derivable');
      assert.deepEqual(checkpoint.bus, { saves: 'PCI configuration space', save: 'pci_save_state', restore: 'pci_restore_state' });
    });

    it('a table of a subsystem that nobody described', async () => {
      const { powerManagement } = await driverOf(`
struct odd_ops { int (*start)(void *); int (*suspend)(void *); int (*resume)(void *); };
static int foo_suspend(void *p) { struct foo *f = p; writel(0, f->base + CONTROL); return 0; }
static int foo_resume(void *p) { struct foo *f = p; writel(1, f->base + CONTROL); return 0; }
static const struct odd_ops foo_odd = { .suspend = foo_suspend, .resume = foo_resume };`);
      assert.deepEqual(powerManagement, { suspend: 'foo_suspend', resume: 'foo_resume', declaredBy: 'odd_ops', table: 'foo_odd' });
    });

    it('callbacks stored at run time', async () => {
      const { powerManagement } = await driverOf(`
static int foo_suspend(struct usb_interface *i, pm_message_t m) { return 0; }
static int foo_resume(struct usb_interface *i) { return 0; }
static struct usb_driver foo_driver;
static int __init foo_init(void) { foo_driver.suspend = foo_suspend; foo_driver.resume = foo_resume; return 0; }
module_init(foo_init);`);
      assert.deepEqual(
        [powerManagement.suspend, powerManagement.resume, powerManagement.declaredBy],
        ['foo_suspend', 'foo_resume', 'usb_driver'],
      );
    });

    it("the module's own pair before one of another module", async () => {
      const { powerManagement } = await driverOf(`${PLAIN}
extern int other_suspend(struct usb_interface *, pm_message_t);
static struct usb_driver other_driver = { .suspend = other_suspend };
static SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);`);
      assert.equal(powerManagement.suspend, 'foo_suspend');
    });

    it('functions and tables of another module, which stay unresolved', async () => {
      const functions = await driverOf(
        'extern int other_suspend(struct usb_interface *, pm_message_t);\nstatic struct usb_driver foo_driver = { .suspend = other_suspend };',
      );
      assert.equal(functions.powerManagement.suspend, 'other_suspend');
      assert.equal(functions.checkpoint.status, 'unresolved');
      const table = await driverOf(
        'extern const struct dev_pm_ops other_pm;\nstatic struct pci_driver foo_driver = { .driver.pm = &other_pm };',
      );
      assert.deepEqual(table.powerManagement, { suspend: null, resume: null, declaredBy: 'dev_pm_ops', table: 'other_pm' });
      assert.equal(table.checkpoint.status, 'unresolved');
    });
  });

  describe('splits', () => {
    it('saving, stopping, quiescing and power; what reads and delays are for', async () => {
      const driver = await driverOf(`
static int foo_suspend(struct device *d)
{
	struct net_device *dev = dev_get_drvdata(d);
	struct foo *f = netdev_priv(dev);
	u32 value;

	f->saved = readl(f->base + MODE);
	netif_device_detach(dev);
	value = readl(f->base + CONTROL);
	value &= ~1;
	writel(value, f->base + CONTROL);
	udelay(10);
	device_set_wakeup_enable(d, true);
	return 0;
}
static int foo_resume(struct device *d)
{
	struct net_device *dev = dev_get_drvdata(d);
	struct foo *f = netdev_priv(dev);

	writel(f->saved, f->base + MODE);
	foo_open(dev);
	netif_device_attach(dev);
	return 0;
}
static SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);`);
      assert.deepEqual(parts(driver, 'suspend'), [
        'save f->saved = readl(f->base + MODE);',
        'stop netif_device_detach(dev);',
        'quiesce value = readl(f->base + CONTROL);',
        'quiesce value &= ~1;',
        'quiesce writel(value, f->base + CONTROL);',
        'quiesce udelay(10);',
        'power device_set_wakeup_enable(d, true);',
      ]);
      assert.deepEqual(parts(driver, 'resume'), [
        'reinitialise writel(f->saved, f->base + MODE);',
        'reinitialise foo_open(dev);',
        'restart netif_device_attach(dev);',
      ]);
      assert.equal(driver.checkpoint.status, 'derivable');
      assert.ok(driver.checkpoint.saved.includes('foo.saved'));
      assert.deepEqual([...new Set(driver.checkpoint.split.map((s) => s.use))].sort(), ['checkpoint', 'context', 'omitted', 'restore']);
    });

    it('through driver functions that do several things, and under conditions on wake-up', async () => {
      const driver = await driverOf(`
static void foo_down(struct net_device *dev)
{
	struct foo *f = netdev_priv(dev);
	netif_stop_queue(dev);
	writel(0, f->base + CONTROL);
}
static int foo_suspend(struct device *d)
{
	struct net_device *dev = dev_get_drvdata(d);
	struct foo *f = netdev_priv(dev);
	foo_down(dev);
	if (f->mode & 1 /* wol */ && device_may_wakeup(d))
		writel(3, f->base + MODE);
	return 0;
}
static int foo_resume(struct device *d) { foo_open(dev_get_drvdata(d)); return 0; }
static SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);`);
      const split = driver.checkpoint.split.filter((s) => s.part !== 'neutral' && s.phase === 'suspend');
      assert.deepEqual(
        split.map((s) => [s.part, s.depth, s.function]),
        [
          ['mixed', 0, 'foo_suspend'],
          ['stop', 1, 'foo_down'],
          ['quiesce', 1, 'foo_down'],
          ['power', 0, 'foo_suspend'],
        ],
      );
      assert.match(split[3].conditions[0], /wakeup/);
    });
  });

  describe('judges', () => {
    const unsafe = async (code: string): Promise<string> => {
      const { checkpoint } = await driverOf(`${code}\nstatic SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);`);
      assert.equal(checkpoint.status, 'unsafe');
      return checkpoint.reason;
    };

    it('unsafe: a lock that the callers of an entry point hold', async () => {
      const reason = await unsafe(`
static int foo_suspend(struct device *d) { struct foo *f = dev_get_drvdata(d); rtnl_lock(); writel(0, f->base + CONTROL); rtnl_unlock(); return 0; }
static int foo_resume(struct device *d) { return 0; }`);
      assert.match(reason, /rtnl/);
    });

    it('unsafe: saved after the device was stopped', async () => {
      const reason = await unsafe(`
static int foo_suspend(struct device *d) { struct foo *f = dev_get_drvdata(d); writel(0, f->base + CONTROL); f->saved = readl(f->base + MODE); return 0; }
static int foo_resume(struct device *d) { struct foo *f = dev_get_drvdata(d); writel(f->saved, f->base + MODE); return 0; }`);
      assert.match(reason, /foo\.saved is saved after/);
    });

    it('unsafe: suspend is close and resume is open', async () => {
      assert.match(
        await unsafe(`
static int foo_suspend(struct device *d) { foo_stop(dev_get_drvdata(d)); return 0; }
static int foo_resume(struct device *d) { foo_open(dev_get_drvdata(d)); return 0; }`),
        /foo_stop/,
      );
      assert.match(
        await unsafe(`
static int foo_suspend(struct device *d) { struct foo *f = dev_get_drvdata(d); writel(0, f->base + CONTROL); kfree(f->table); return 0; }
static int foo_resume(struct device *d) { struct foo *f = dev_get_drvdata(d); f->table = kzalloc(64, GFP_KERNEL); return 0; }`),
        /kfree/,
      );
    });

    it('not unsafe: a temporary that is freed', async () => {
      const { checkpoint } = await driverOf(`
static int foo_suspend(struct device *d) { struct foo *f = dev_get_drvdata(d); void *p = kzalloc(8, GFP_KERNEL); writel(0, f->base + CONTROL); kfree(p); return 0; }
static int foo_resume(struct device *d) { void *p = kzalloc(8, GFP_KERNEL); kfree(p); return 0; }
static SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);`);
      assert.equal(checkpoint.status, 'stateless');
    });

    it('stateless, missing and not needed', async () => {
      assert.equal((await driverOf(`${PLAIN}static SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);`)).checkpoint.status, 'stateless');
      const missing = await driverOf('');
      assert.equal(missing.checkpoint.status, 'missing');
      assert.deepEqual(missing.checkpoint.saved, []);
      const none = await driverOf(
        'static int foo_open(struct net_device *dev) { return 0; }\nstatic const struct net_device_ops o = { .ndo_open = foo_open };',
        '#include <linux/netdevice.h>\n',
      );
      assert.equal(none.checkpoint.status, 'not-needed');
    });
  });

  it('tells for each register who brings it back', async () => {
    const { checkpoint } = await driverOf(`
static int foo_suspend(struct device *d) { struct foo *f = dev_get_drvdata(d); writel(0, f->base + CONTROL); return 0; }
static int foo_resume(struct device *d)
{
	struct net_device *dev = dev_get_drvdata(d);
	struct foo *f = netdev_priv(dev);
	if (!netif_running(dev))
		return 0;
	writel(1, f->base + CONTROL);
	return 0;
}
static SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);`);
    const writes = checkpoint.entryPoints.find((e) => e.entryPoint === 'foo_open')!.writes;
    assert.deepEqual(
      writes.map((w) => [w.name, w.offset, w.covered]),
      [
        ['CONTROL', 4, 'conditional'],
        ['MODE', 8, 'checkpoint'],
        ['SECRET', 12, 'left'],
      ],
    );
    assert.match(writes[0].condition!, /!\(!netif_running\(dev\)\)/);
    assert.deepEqual(checkpoint.notRestored, ['SECRET']);
  });

  it('names a register where a wrapper is told which it is', async () => {
    const { checkpoint } = await driverOf(`
static void foo_write(struct foo *f, int reg, u32 value) { writel(value, f->base + reg); }
static int foo_change_mtu(struct net_device *dev, int mtu) { foo_write(netdev_priv(dev), SECRET, mtu); return 0; }
static const struct net_device_ops more_ops = { .ndo_change_mtu = foo_change_mtu };
${PLAIN}static SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);`);
    const writes = checkpoint.entryPoints.find((e) => e.entryPoint === 'foo_change_mtu')!.writes;
    assert.deepEqual(
      writes.map((w) => w.name),
      ['SECRET'],
    );
  });

  it('says sleeping calls without sleeping, in their own unit, or refuses them', async () => {
    const { checkpoint } = await driverOf(`
static int foo_suspend(struct device *d) { struct foo *f = dev_get_drvdata(d); writel(0, f->base + CONTROL); return 0; }
static int foo_resume(struct device *d)
{
	struct foo *f = dev_get_drvdata(d);
	u32 *t;
	writel(1, f->base + CONTROL);
	msleep(5);
	usleep_range(100, 200);
	usleep_range(5000, 6000);
	msleep(750);
	mutex_lock(&f->lock);
	t = kzalloc(64, GFP_KERNEL);
	f->table = t;
	mutex_unlock(&f->lock);
	return 0;
}
static SIMPLE_DEV_PM_OPS(foo_pm, foo_suspend, foo_resume);`);
    assert.deepEqual(
      checkpoint.sleeps.map((s) => [s.text, s.replacement, s.unit]),
      [
        ['msleep(5)', 'mdelay(5)', 'milliseconds'],
        ['usleep_range(100, 200)', 'udelay(100)', 'microseconds'],
        ['usleep_range(5000, 6000)', 'mdelay(DIV_ROUND_UP(5000, 1000))', 'microseconds'],
        ['msleep(750)', null, 'milliseconds'],
        ['mutex_lock(&f->lock)', null, null],
        ['kzalloc(64, GFP_KERNEL)', 'kzalloc(64, GFP_ATOMIC)', null],
      ],
    );
  });
});
