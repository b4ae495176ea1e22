/** Which file of a module holds the functions over an object's type. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isolateModules } from '../../../server/src/engine';
import { repositoryRoot } from '../../support/repository';

const kernel = join(repositoryRoot, 'test/fixtures/minikernel');

const MAIN = `#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include "two.h"

struct two_private { struct pci_dev *pdev; u32 led; u32 big[5000]; };

struct two_table { u32 first; };
static struct { struct two_table *current_table; } two_state;

void two_set_led(struct two_private *tp, u32 value)
{
	tp->led = value + two_state.current_table->first;
	tp->pdev->irq = value;
}

static netdev_tx_t two_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct two_private *tp = netdev_priv(dev);

	if (skb_vlan_tag_present(skb))
		tp->led = skb->len;
	return NETDEV_TX_OK;
}

static const struct net_device_ops two_ops = { .ndo_start_xmit = two_xmit };
`;

/** It sees neither the private record nor a PCI device. */
const LEDS = `#include <linux/netdevice.h>
#include <linux/ethtool.h>
#include "two.h"

static int two_set_wol(struct net_device *dev, struct ethtool_wolinfo *wol)
{
	struct two_private *tp = netdev_priv(dev);

	two_set_led(tp, wol->wolopts + dev->flags);
	return 0;
}

const struct ethtool_ops two_ethtool_ops = { .set_wol = two_set_wol };
`;

describe('codegen: a module of several files', () => {
  let folder: string;
  let files: Map<string, string>;
  let refused: string[];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fgft-two-'));
    writeFileSync(join(folder, 'Makefile'), 'obj-m := two.o\ntwo-y := main.o leds.o\n');
    writeFileSync(join(folder, 'two.h'), 'struct two_private;\nvoid two_set_led(struct two_private *tp, u32 value);\n');
    writeFileSync(join(folder, 'main.c'), MAIN);
    writeFileSync(join(folder, 'leds.c'), LEDS);
    const { modules } = await isolateModules(folder, null, { kernel });
    refused = modules[0].plan.refused.map((r) => r.name);
    files = new Map(modules[0].files.map((f) => [f.path, f.text]));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('has the functions over a type where the type is seen, and over what leads to it too', () => {
    const leds = files.get('native/leds.c')!;
    const main = files.get('native/main.c')!;
    assert.match(leds, /fgft_native_two_set_wol/);
    for (const type of ['two_private', 'pci_dev'])
      assert.doesNotMatch(
        leds.split('isolated entry points')[1],
        new RegExp(`(sizeof|offsetof)\\(struct ${type}\\b`),
        `${type} is not whole here`,
      );
    assert.match(main, /for two_set_wol\(\)/);
    assert.match(main, /\.size = sizeof\(struct pci_dev\)/);
    assert.match(main, /netdev_priv\(\) lies behind it, or in it[^]*sizeof\(struct two_private\)/);
  });

  it('has room for copies of types that the file of the entry point does not see', () => {
    const [, arena] = /\.arena = ([^\n]*),/.exec(files.get('native/leds.c')!) ?? [];
    assert.ok(Number(arena.match(/\d{5,}(?= \+| ?\))/)?.[0]) > 20000, arena);
  });

  it('asks the other file for a pointer among its variables', () => {
    const [leds, main] = ['leds', 'main'].map((f) => files.get(`native/${f}.c`)!);
    assert.doesNotMatch(leds, /\btwo_state\b/);
    const [, name] =
      /\tif \((fgft_held_\d+_two_state_current_table)\(\)\)\n\t\tfgft_two_set_wol_share_\d+\(arguments\.call, \(void \*\)\1\(\)\);/.exec(
        leds,
      ) ?? [];
    assert.ok(name, leds);
    assert.ok(main.includes(`void *${name}(void)\n{\n\treturn (void *)two_state.current_table;\n}`));
  });

  it('takes no offence at what a kernel function touches in other kernels only', () => {
    assert.deepEqual(refused, []);
  });
});
