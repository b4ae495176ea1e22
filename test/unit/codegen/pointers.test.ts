/** Pointers that do not look like one, and records that are met in the middle. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isolateModules } from '../../../server/src/engine';
import type { EntryPlan } from '../../../server/src/report/isolation/model';
import { repositoryRoot } from '../../support/repository';

const kernel = join(repositoryRoot, 'test/fixtures/minikernel');

const DRIVER = `#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/ethtool.h>
#include <linux/interrupt.h>
#include <linux/fs.h>

struct odd_part { u32 level; };
struct page { unsigned long flags; u32 uses; };
struct odd_ring { struct odd_part *part; u32 filled; };
struct odd_table { u32 count; struct odd_part entries[]; };
struct odd_private;
struct odd_set { struct odd_private *owner; u32 maps; };
struct odd_private {
	unsigned long bank;
	u32 limit;
	struct odd_set set;
	struct odd_table *table;
	struct odd_ring *rings;
	struct sk_buff **packets;
	struct page *page;
	unsigned long scratch[4];
	u32 last;
};

#define ODD_LEVEL(name, value) static u32 odd_least_##name = value; static u32 odd_most_##name = value + 1
ODD_LEVEL(low, 3);
ODD_LEVEL(high, 9);

static u32 odd_at(struct net_device *dev, size_t offset)
{
	struct odd_private *p = netdev_priv(dev);

	return *(u32 *)((char *)p + offset) + p->limit;
}

static inline int odd_set_wol(struct net_device *dev, struct ethtool_wolinfo *wol)
{
	struct odd_private *p = netdev_priv(dev);
	struct odd_part *part = (struct odd_part *)p->bank;

	part->level = wol->wolopts;
	p->table->entries[wol->wolopts].level = 1;
	return odd_at(dev, wol->wolopts);
}

static netdev_tx_t odd_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct odd_private *p = netdev_priv(dev);

	p->rings[skb->len].part->level++;
	((struct odd_part *)p->scratch)->level = 1;
	p->rings[skb->len].filled += p->packets[skb->len]->len;
	return NETDEV_TX_OK;
}

static irqreturn_t odd_interrupt(int irq, void *data)
{
	struct odd_set *set = data;

	set->maps = set->owner->limit;
	return IRQ_HANDLED;
}

static int odd_open(struct net_device *dev)
{
	struct odd_private *p = netdev_priv(dev);

	p->page->uses++;
	p->limit = odd_least_low++ + odd_most_high;
	return request_irq(dev->irq, odd_interrupt, 0, "odd", &p->set);
}

static long odd_control(struct file *file, unsigned int command, unsigned long arg)
{
	((struct odd_part *)arg)->level = command;
	return 0;
}

static const struct file_operations odd_file_ops = { .unlocked_ioctl = odd_control };
static const struct ethtool_ops odd_ethtool_ops = { .set_wol = odd_set_wol };
static const struct net_device_ops odd_ops = { .ndo_open = odd_open, .ndo_start_xmit = odd_xmit };
`;

describe('codegen: pointers that do not look like one', () => {
  let folder: string;
  let entries: Map<string, EntryPlan>;
  let native: string;
  let suspect: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fgft-odd-'));
    writeFileSync(join(folder, 'Makefile'), 'obj-m := odd.o\n');
    writeFileSync(join(folder, 'odd.c'), DRIVER);
    const { modules } = await isolateModules(folder, null, { kernel });
    entries = new Map(modules[0].plan.entries.map((e) => [e.name, e]));
    native = modules[0].files.find((f) => f.path === 'native/odd.c')!.text;
    suspect = modules[0].files.find((f) => f.path === 'suspect/odd.c')!.text;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const field = (entry: string, type: string, text: string) =>
    entries
      .get(entry)!
      .objects.find((o) => o.type === type)
      ?.fields.find((f) => f.text === text);

  it('follows a number that the driver follows', () => {
    assert.equal(field('odd_set_wol', 'struct odd_private', 'bank')?.pointer, true);
    assert.match(native, /fgft_odd_set_wol_follow_\d+_bank\(struct fgft_call/);
  });

  it('shares a record in which a computed offset leads anywhere as one record', () => {
    const own = entries.get('odd_set_wol')!.objects.filter((o) => o.type === 'struct odd_private' || o.type === 'char');
    assert.deepEqual(
      own.map((o) => [o.type, o.lenient]),
      [['struct odd_private', true]],
    );
  });

  it('lets an array of records at the end of another reach as far as its memory', () => {
    assert.equal(field('odd_set_wol', 'struct odd_table', 'entries')?.flexible, true);
    assert.doesNotMatch(native, /FGFT_MEMBER\(struct odd_table, entries\)/);
  });

  it('takes the record first that holds the one which leads to it', () => {
    assert.match(
      native,
      /copy = fgft_word_at\(call, original, offsetof\(struct odd_set, owner\)\);\n\tif \(copy && \(void \*\)&\(\(struct odd_private \*\)copy\)->set == original\)\n\t\tfgft_odd_interrupt_share_/,
    );
  });

  it('knows what a pointer in an element of an array leads to', () => {
    const [, body] = /fgft_odd_xmit_follow_\d+_elements\(struct fgft_call \*call, void \*field\)\n\{([^]*?)\n\}/.exec(native) ?? [];
    assert.match(body, /at = fgft_place_in_range\(call, field\) % sizeof\(struct odd_ring\)/);
    assert.match(body, /at >= offsetof\(struct odd_ring, part\)[^]*?fgft_odd_xmit_share_\d+\(call, original\)/);
    assert.match(body, /fgft_follow_object\(call, field\)/);
  });

  it('copies the whole of a record that keeps an area for the driver in its middle', () => {
    assert.match(
      native,
      /max_t\(u32, sizeof\(struct odd_private\), \(char \*\)\(void \*\)&\(\(struct odd_private \*\)original\)->scratch -/,
    );
  });

  it('has no variables of its own, not even those that a macro of the driver makes', () => {
    for (const name of ['odd_least_low', 'odd_most_low', 'odd_least_high', 'odd_most_high']) {
      assert.ok(native.includes(`extern __typeof__(${name}) fgft_data_0_${name} __attribute__((alias("${name}")));`), name);
      assert.match(suspect, new RegExp(`#define ${name} fgft_data_0_${name}\n`));
    }
    // Every line behind them is where it was.
    const line = DRIVER.split('\n').findIndex((l) => l.startsWith('ODD_LEVEL(high'));
    assert.match(suspect, new RegExp(`ODD_LEVEL\\(high, 9\\);\n[^]*#line ${line + 1} `));
  });

  it('uses records of pages where they are', () => {
    assert.deepEqual(
      entries
        .get('odd_open')!
        .objects.filter((o) => o.type === 'struct page')
        .map((o) => [o.mode, o.because]),
      [['place', 'others change it at any time']],
    );
  });

  it('gives a number back as a number', () => {
    assert.match(native, /arguments\.arg = \(unsigned long\)fgft_odd_control_share_/);
  });

  it('does not ask for a function that is inline and is not', () => {
    assert.match(native, /; noinline static\s+int fgft_native_odd_set_wol/);
    assert.doesNotMatch(native, /inline int (fgft_native_)?odd_set_wol/);
  });
});
