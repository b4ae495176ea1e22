// SPDX-License-Identifier: GPL-2.0
/*
 * The driver with stubs in place of its isolated entry points.
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

static int debug = 1;
static const u32 sample_masks[2] = { 0x0f, 0xf0 };
static u32 sample_calls;

static int sample_set_wol(struct net_device *dev, struct ethtool_wolinfo *wol); noinline static int fgft_native_sample_set_wol(struct net_device *dev, struct ethtool_wolinfo *wol)
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

static void sample_set_rx_mode(struct net_device *dev); noinline static void fgft_native_sample_set_rx_mode(struct net_device *dev)
{
	struct sample *priv = netdev_priv(dev);
	struct sample_filter *filter;
	u32 hash = 0;

	list_for_each_entry(filter, &priv->filters, link)
		hash |= filter->hash;
	iowrite32(hash, priv->registers);
}

static const struct ethtool_ops sample_ethtool_ops = {
	.set_wol = sample_set_wol,
};

static const struct net_device_ops sample_netdev_ops = {
	.ndo_set_rx_mode = sample_set_rx_mode,
};

void sample_setup(struct net_device *dev)
{
	dev->ethtool_ops = &sample_ethtool_ops;
	dev->netdev_ops = &sample_netdev_ops;
}

/* ---- isolated entry points of test/fixtures/isolate/sample/sample.c ---- */
#include "fgft_generated.h"

static const struct fgft_limit fgft_limit_0_1 __maybe_unused = { .least = 0, .most = 1 };

/* sample_set_wol(), test/fixtures/isolate/sample/sample.c:31: 7 fields of 4 objects copied, device touched */

extern __typeof__(fgft_native_sample_set_wol) fgft_s_0_sample_set_wol;

static void *fgft_sample_set_wol_share_0(struct fgft_call *call, void *original) __maybe_unused;
static void *fgft_sample_set_wol_share_1(struct fgft_call *call, void *original) __maybe_unused;
static void *fgft_sample_set_wol_share_2(struct fgft_call *call, void *original) __maybe_unused;
static void *fgft_sample_set_wol_share_3(struct fgft_call *call, void *original) __maybe_unused;
static const struct fgft_field fgft_sample_set_wol_shape_0_fields[] = {
	{ FGFT_MEMBER(struct ethtool_wolinfo, wolopts), .flags = FGFT_READ },
};

static struct fgft_shape fgft_sample_set_wol_shape_0 = {
	.name = "struct ethtool_wolinfo",
	.size = sizeof(struct ethtool_wolinfo),
	.field_count = ARRAY_SIZE(fgft_sample_set_wol_shape_0_fields),
	.fields = fgft_sample_set_wol_shape_0_fields,
};

static void *fgft_sample_set_wol_share_0(struct fgft_call *call, void *original)
{
	return fgft_share(call, &fgft_sample_set_wol_shape_0, original);
}

static struct fgft_shape fgft_sample_set_wol_shape_1 = {
	.name = "struct net_device",
	.size = sizeof(struct net_device),
	.lenient = true,
};

static void *fgft_sample_set_wol_share_1(struct fgft_call *call, void *original)
{
	void *copy;

	if (!original)
		return NULL;
	/* netdev_priv() lies behind it, or in it: one piece of memory */
	WRITE_ONCE(fgft_sample_set_wol_shape_1.size, max_t(u32, sizeof(struct net_device), (char *)netdev_priv(original) -
		   (char *)original + sizeof(struct sample)));
	copy = fgft_share(call, &fgft_sample_set_wol_shape_1, original);
	fgft_sample_set_wol_share_2(call, netdev_priv(original));
	return copy;
}

static void fgft_sample_set_wol_follow_2_registers(struct fgft_call *call, void *field)
{
	fgft_follow_io(call, *(void __iomem **)field, FGFT_IO_WRITE);
}

static void fgft_sample_set_wol_follow_2_bank(struct fgft_call *call, void *field)
{
	void **pointer = field;
	void *original = fgft_original(call, *pointer);
	void *copy;

	if (!original)
		return;
	copy = fgft_sample_set_wol_share_3(call, original);
	if (copy)
		*pointer = copy;
}

static const struct fgft_field fgft_sample_set_wol_shape_2_fields[] = {
	{ FGFT_MEMBER(struct sample, registers), .flags = FGFT_READ | FGFT_POINTER, .follow = fgft_sample_set_wol_follow_2_registers },
	{ FGFT_MEMBER(struct sample, lock), .flags = FGFT_PLACE },
	{ FGFT_MEMBER(struct sample, bank), .flags = FGFT_READ | FGFT_POINTER, .follow = fgft_sample_set_wol_follow_2_bank },
	{ FGFT_MEMBER(struct sample, armed), .flags = FGFT_WRITE, .limit = &fgft_limit_0_1 },
	{ FGFT_MEMBER(struct sample, options), .flags = FGFT_READ | FGFT_WRITE },
};

static struct fgft_shape fgft_sample_set_wol_shape_2 = {
	.name = "struct sample",
	.size = sizeof(struct sample),
	.field_count = ARRAY_SIZE(fgft_sample_set_wol_shape_2_fields),
	.fields = fgft_sample_set_wol_shape_2_fields,
};

static void *fgft_sample_set_wol_share_2(struct fgft_call *call, void *original)
{
	return fgft_share(call, &fgft_sample_set_wol_shape_2, original);
}

static const struct fgft_field fgft_sample_set_wol_shape_3_fields[] = {
	{ FGFT_MEMBER(struct sample_bank, base), .flags = FGFT_READ },
};

static struct fgft_shape fgft_sample_set_wol_shape_3 = {
	.name = "struct sample_bank",
	.size = sizeof(struct sample_bank),
	.field_count = ARRAY_SIZE(fgft_sample_set_wol_shape_3_fields),
	.fields = fgft_sample_set_wol_shape_3_fields,
};

static void *fgft_sample_set_wol_share_3(struct fgft_call *call, void *original)
{
	return fgft_share(call, &fgft_sample_set_wol_shape_3, original);
}

struct fgft_arguments_sample_set_wol {
	struct fgft_call *call;
	struct net_device *dev;
	struct ethtool_wolinfo *wol;
	int result;
};

static void fgft_body_sample_set_wol(void *context)
{
	struct fgft_arguments_sample_set_wol *arguments = context;

	arguments->result = fgft_s_0_sample_set_wol(arguments->dev, arguments->wol);
}

extern struct fgft_entry fgft_entry_sample_set_wol;
DEFINE_FGFT_ENTRY(fgft_entry_sample_set_wol, sample_set_wol,
	.name = "sample_set_wol",
	.file = "test/fixtures/isolate/sample/sample.c",
	.line = 31,
	.routes = fgft_module_routes,
	.route_count = FGFT_MODULE_ROUTES,
	.sizes = {
		.arena = 2 * (sizeof(struct ethtool_wolinfo) + sizeof(struct net_device) + sizeof(struct sample) + sizeof(struct sample_bank)) + 16384,
		.objects = 196,
		.ranges = 192,
		.effects = 512,
	},
	.registers = fgft_module_registers,
	.register_count = FGFT_MODULE_REGISTERS,
);

static noinline int fgft_isolated_sample_set_wol(struct net_device *dev, struct ethtool_wolinfo *wol)
{
	struct fgft_arguments_sample_set_wol arguments = {
		.dev = (struct net_device *)dev,
		.wol = (struct ethtool_wolinfo *)wol,
	};

	arguments.call = fgft_begin(&fgft_entry_sample_set_wol);
	arguments.wol = fgft_sample_set_wol_share_0(arguments.call, (void *)wol);
	arguments.dev = fgft_sample_set_wol_share_1(arguments.call, (void *)dev);
	fgft_allow(arguments.call, &sample_calls, sizeof(sample_calls), FGFT_READ | FGFT_WRITE | FGFT_LOGGED);
	fgft_allow(arguments.call, &debug, sizeof(debug), FGFT_READ);
	switch (fgft_run(arguments.call, fgft_body_sample_set_wol, &arguments)) {
	case FGFT_DONE:
		return arguments.result;
	case FGFT_NATIVE:
		return fgft_native_sample_set_wol(dev, wol);
	default:
		return -EIO;
	}
}

static int sample_set_wol(struct net_device *dev, struct ethtool_wolinfo *wol)
{
	if (fgft_isolated(fgft_entry_sample_set_wol, true))
		return fgft_isolated_sample_set_wol(dev, wol);
	return fgft_native_sample_set_wol(dev, wol);
}

/* sample_set_rx_mode(), test/fixtures/isolate/sample/sample.c:46: 6 fields of 3 objects copied, device touched */

extern __typeof__(fgft_native_sample_set_rx_mode) fgft_s_0_sample_set_rx_mode;

static void *fgft_sample_set_rx_mode_share_0(struct fgft_call *call, void *original) __maybe_unused;
static void *fgft_sample_set_rx_mode_share_1(struct fgft_call *call, void *original) __maybe_unused;
static void *fgft_sample_set_rx_mode_share_2(struct fgft_call *call, void *original) __maybe_unused;
static struct fgft_shape fgft_sample_set_rx_mode_shape_0 = {
	.name = "struct net_device",
	.size = sizeof(struct net_device),
	.lenient = true,
};

static void *fgft_sample_set_rx_mode_share_0(struct fgft_call *call, void *original)
{
	void *copy;

	if (!original)
		return NULL;
	/* netdev_priv() lies behind it, or in it: one piece of memory */
	WRITE_ONCE(fgft_sample_set_rx_mode_shape_0.size, max_t(u32, sizeof(struct net_device), (char *)netdev_priv(original) -
		   (char *)original + sizeof(struct sample)));
	copy = fgft_share(call, &fgft_sample_set_rx_mode_shape_0, original);
	fgft_sample_set_rx_mode_share_1(call, netdev_priv(original));
	return copy;
}

static void fgft_sample_set_rx_mode_follow_1_registers(struct fgft_call *call, void *field)
{
	fgft_follow_io(call, *(void __iomem **)field, FGFT_IO_WRITE);
}

static void fgft_sample_set_rx_mode_follow_1_filters_next(struct fgft_call *call, void *field)
{
	void **pointer = field;
	void *original = fgft_original(call, *pointer);
	void *copy;

	if (!original)
		return;
	/* the list's head, or a node met before */
	copy = fgft_copy_of(call, original);
	if (copy != original) {
		*pointer = copy;
		return;
	}
	copy = fgft_sample_set_rx_mode_share_2(call, (void *)((char *)original - offsetof(struct sample_filter, link)));
	if (copy)
		*pointer = (char *)copy + offsetof(struct sample_filter, link);
}

static const struct fgft_field fgft_sample_set_rx_mode_shape_1_fields[] = {
	{ FGFT_MEMBER(struct sample, registers), .flags = FGFT_READ | FGFT_POINTER, .follow = fgft_sample_set_rx_mode_follow_1_registers },
	{ FGFT_MEMBER(struct sample, filters.next), .flags = FGFT_READ | FGFT_POINTER, .follow = fgft_sample_set_rx_mode_follow_1_filters_next },
	{ FGFT_MEMBER(struct sample, filters.prev), .flags = FGFT_READ | FGFT_POINTER },
};

static struct fgft_shape fgft_sample_set_rx_mode_shape_1 = {
	.name = "struct sample",
	.size = sizeof(struct sample),
	.field_count = ARRAY_SIZE(fgft_sample_set_rx_mode_shape_1_fields),
	.fields = fgft_sample_set_rx_mode_shape_1_fields,
};

static void *fgft_sample_set_rx_mode_share_1(struct fgft_call *call, void *original)
{
	return fgft_share(call, &fgft_sample_set_rx_mode_shape_1, original);
}

static void fgft_sample_set_rx_mode_follow_2_link_next(struct fgft_call *call, void *field)
{
	void **pointer = field;
	void *original = fgft_original(call, *pointer);
	void *copy;

	if (!original)
		return;
	/* the list's head, or a node met before */
	copy = fgft_copy_of(call, original);
	if (copy != original) {
		*pointer = copy;
		return;
	}
	copy = fgft_sample_set_rx_mode_share_2(call, (void *)((char *)original - offsetof(struct sample_filter, link)));
	if (copy)
		*pointer = (char *)copy + offsetof(struct sample_filter, link);
}

static void fgft_sample_set_rx_mode_follow_2_link_prev(struct fgft_call *call, void *field)
{
	void **pointer = field;
	void *original = fgft_original(call, *pointer);
	void *copy;

	if (!original)
		return;
	/* the list's head, or a node met before */
	copy = fgft_copy_of(call, original);
	if (copy != original) {
		*pointer = copy;
		return;
	}
	copy = fgft_sample_set_rx_mode_share_2(call, (void *)((char *)original - offsetof(struct sample_filter, link)));
	if (copy)
		*pointer = (char *)copy + offsetof(struct sample_filter, link);
}

static const struct fgft_field fgft_sample_set_rx_mode_shape_2_fields[] = {
	{ FGFT_MEMBER(struct sample_filter, link.next), .flags = FGFT_READ | FGFT_POINTER, .follow = fgft_sample_set_rx_mode_follow_2_link_next },
	{ FGFT_MEMBER(struct sample_filter, link.prev), .flags = FGFT_READ | FGFT_POINTER, .follow = fgft_sample_set_rx_mode_follow_2_link_prev },
	{ FGFT_MEMBER(struct sample_filter, hash), .flags = FGFT_READ },
};

static struct fgft_shape fgft_sample_set_rx_mode_shape_2 = {
	.name = "struct sample_filter",
	.size = sizeof(struct sample_filter),
	.field_count = ARRAY_SIZE(fgft_sample_set_rx_mode_shape_2_fields),
	.fields = fgft_sample_set_rx_mode_shape_2_fields,
};

static void *fgft_sample_set_rx_mode_share_2(struct fgft_call *call, void *original)
{
	return fgft_share(call, &fgft_sample_set_rx_mode_shape_2, original);
}

struct fgft_arguments_sample_set_rx_mode {
	struct fgft_call *call;
	struct net_device *dev;
};

static void fgft_body_sample_set_rx_mode(void *context)
{
	struct fgft_arguments_sample_set_rx_mode *arguments = context;

	fgft_s_0_sample_set_rx_mode(arguments->dev);
}

extern struct fgft_entry fgft_entry_sample_set_rx_mode;
DEFINE_FGFT_ENTRY(fgft_entry_sample_set_rx_mode, sample_set_rx_mode,
	.name = "sample_set_rx_mode",
	.file = "test/fixtures/isolate/sample/sample.c",
	.line = 46,
	.routes = fgft_module_routes,
	.route_count = FGFT_MODULE_ROUTES,
	.sizes = {
		.arena = 2 * (sizeof(struct net_device) + sizeof(struct sample) + sizeof(struct sample_filter)) + 16384,
		.objects = 195,
		.ranges = 192,
		.effects = 512,
	},
	.registers = fgft_module_registers,
	.register_count = FGFT_MODULE_REGISTERS,
);

static noinline void fgft_isolated_sample_set_rx_mode(struct net_device *dev)
{
	struct fgft_arguments_sample_set_rx_mode arguments = {
		.dev = (struct net_device *)dev,
	};

	arguments.call = fgft_begin(&fgft_entry_sample_set_rx_mode);
	arguments.dev = fgft_sample_set_rx_mode_share_0(arguments.call, (void *)dev);
	switch (fgft_run(arguments.call, fgft_body_sample_set_rx_mode, &arguments)) {
	case FGFT_DONE:
		return;
	case FGFT_NATIVE:
		fgft_native_sample_set_rx_mode(dev);
		return;
	default:
		return;
	}
}

static void sample_set_rx_mode(struct net_device *dev)
{
	if (fgft_isolated(fgft_entry_sample_set_rx_mode, true))
		fgft_isolated_sample_set_rx_mode(dev);
	else
		fgft_native_sample_set_rx_mode(dev);
}

/* The driver's variables, for isolated code: it has none of its own. */
extern __typeof__(debug) fgft_data_0_debug __attribute__((alias("debug")));
extern __typeof__(sample_masks) fgft_data_0_sample_masks __attribute__((alias("sample_masks")));
extern __typeof__(sample_calls) fgft_data_0_sample_calls __attribute__((alias("sample_calls")));
extern __typeof__(sample_ethtool_ops) fgft_data_0_sample_ethtool_ops __attribute__((alias("sample_ethtool_ops")));
extern __typeof__(sample_netdev_ops) fgft_data_0_sample_netdev_ops __attribute__((alias("sample_netdev_ops")));

/* Functions that isolated code may reach through pointers. */
extern __typeof__(sample_set_wol) fgft_n_0_sample_set_wol __attribute__((alias("sample_set_wol")));
extern __typeof__(sample_set_rx_mode) fgft_n_0_sample_set_rx_mode __attribute__((alias("sample_set_rx_mode")));
