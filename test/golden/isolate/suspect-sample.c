// SPDX-License-Identifier: GPL-2.0
/*
 * The driver as isolated code: compiled with checks, without data of its own.
 *
 * Made by fgft 0.1.0 for the module sample, read against Linux 6.1.999-mini, from
 *   test/fixtures/isolate/sample/sample.c (sha256 67584a34d7c41369)
 * Edits will be lost when it is made again.
 */
#line 1 "test/fixtures/isolate/sample/sample.c"
// SPDX-License-Identifier: GPL-2.0
/* One of everything that the generator must write: a private area, a pointer, a list, a bool, variables, a table, device registers. */
#include <linux/ethtool.h>
#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/spinlock.h>

struct sample_filter {
	struct list_head link;
	u32 hash;
};

struct sample_bank {
	u32 base;
	struct sample_bank *next;
};

struct sample {
	void __iomem *registers;
	spinlock_t lock;
	struct sample_bank *bank;
	struct list_head filters;
	bool armed;
	u32 options;
};

static int fgft_shape_debug = 1; extern __typeof__(fgft_shape_debug) debug asm("fgft_data_0_debug");
static const u32 fgft_shape_sample_masks[2] = { 0x0f, 0xf0 }; extern __typeof__(fgft_shape_sample_masks) sample_masks asm("fgft_data_0_sample_masks");
static u32 fgft_shape_sample_calls; extern __typeof__(fgft_shape_sample_calls) sample_calls asm("fgft_data_0_sample_calls");

static int sample_set_wol(struct net_device *dev, struct ethtool_wolinfo *wol)
{
	struct sample *priv = netdev_priv(dev);

	sample_calls++;
	if (wol->wolopts & ~sample_masks[debug & 1])
		return -EOPNOTSUPP;
	spin_lock(&priv->lock);
	priv->options = wol->wolopts | priv->bank->base;
	priv->armed = true;
	iowrite32(priv->options, priv->registers + 4);
	spin_unlock(&priv->lock);
	return 0;
}

static void sample_set_rx_mode(struct net_device *dev)
{
	struct sample *priv = netdev_priv(dev);
	struct sample_filter *filter;
	u32 hash = 0;

	list_for_each_entry(filter, &priv->filters, link)
		hash |= filter->hash;
	iowrite32(hash, priv->registers);
}

static const struct ethtool_ops fgft_shape_sample_ethtool_ops = {
	.set_wol = sample_set_wol,
}; extern __typeof__(fgft_shape_sample_ethtool_ops) sample_ethtool_ops asm("fgft_data_0_sample_ethtool_ops");

static const struct net_device_ops fgft_shape_sample_netdev_ops = {
	.ndo_set_rx_mode = sample_set_rx_mode,
}; extern __typeof__(fgft_shape_sample_netdev_ops) sample_netdev_ops asm("fgft_data_0_sample_netdev_ops");

void sample_setup(struct net_device *dev)
{
	dev->ethtool_ops = &sample_ethtool_ops;
	dev->netdev_ops = &sample_netdev_ops;
}

/* ---- for the stubs and the table of routes ---- */
extern __typeof__(sample_set_wol) fgft_s_0_sample_set_wol __attribute__((alias("sample_set_wol")));
extern __typeof__(sample_set_rx_mode) fgft_s_0_sample_set_rx_mode __attribute__((alias("sample_set_rx_mode")));
