/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small network card that exists nowhere: the register map, the descriptors and the private data that the two
 * source files of this example driver share.
 */
#ifndef DEMO_NIC_H
#define DEMO_NIC_H

#include <linux/bits.h>
#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#define DEMO_NIC_NAME		"fgft_demo_nic"
#define DEMO_NIC_VENDOR		0x1234
#define DEMO_NIC_DEVICE		0xf617

/* Registers of BAR 0, 32 bits each. */
enum demo_register {
	DEMO_COMMAND		= 0x00,
	DEMO_STATUS		= 0x04,
	DEMO_INTERRUPT_STATUS	= 0x08,		/* write 1 to clear */
	DEMO_INTERRUPT_MASK	= 0x0c,
	DEMO_RX_FILTER		= 0x10,
	DEMO_ADDRESS_LOW	= 0x14,
	DEMO_ADDRESS_HIGH	= 0x18,
	DEMO_PHY_COMMAND	= 0x1c,
	DEMO_PHY_DATA		= 0x20,
	DEMO_RX_RING		= 0x24,
	DEMO_TX_RING		= 0x28,
	DEMO_TX_KICK		= 0x2c,		/* write only */
	DEMO_COALESCE		= 0x30,
	DEMO_WAKE		= 0x34,
	DEMO_WAKE_PATTERN	= 0x38,		/* write only, one byte at a time */
	DEMO_MULTICAST_LOW	= 0x3c,
	DEMO_MULTICAST_HIGH	= 0x40,
	DEMO_REGISTERS_END	= 0x44,
};

#define DEMO_COMMAND_RESET	BIT(0)
#define DEMO_COMMAND_RX		BIT(1)
#define DEMO_COMMAND_TX		BIT(2)

#define DEMO_STATUS_BUSY	BIT(0)
#define DEMO_STATUS_LINK	BIT(1)

#define DEMO_INTERRUPT_RX	BIT(0)
#define DEMO_INTERRUPT_TX	BIT(1)
#define DEMO_INTERRUPT_LINK	BIT(2)
#define DEMO_INTERRUPT_PHY	BIT(3)
#define DEMO_INTERRUPTS_RING	(DEMO_INTERRUPT_RX | DEMO_INTERRUPT_TX)
#define DEMO_INTERRUPTS_ALL	(DEMO_INTERRUPTS_RING | DEMO_INTERRUPT_LINK | DEMO_INTERRUPT_PHY)

#define DEMO_FILTER_UNICAST	BIT(0)
#define DEMO_FILTER_BROADCAST	BIT(1)
#define DEMO_FILTER_MULTICAST	BIT(2)
#define DEMO_FILTER_ALL		BIT(3)

#define DEMO_PHY_WRITE		BIT(31)
#define DEMO_WAKE_MAGIC		BIT(0)
#define DEMO_WAKE_LINK		BIT(1)

#define DEMO_RING_SIZE		64		/* a power of two */
#define DEMO_BUFFER_SIZE	1536

#define DEMO_OWNED_BY_DEVICE	BIT(31)
#define DEMO_LENGTH_MASK	0x7ff

/* What the device reads and writes in memory. */
struct demo_descriptor {
	__le32 address;
	__le32 control;
};

struct demo_buffer {
	struct sk_buff *skb;
	dma_addr_t address;
};

struct demo_ring {
	struct demo_descriptor *descriptors;
	dma_addr_t address;
	struct demo_buffer buffers[DEMO_RING_SIZE];
	unsigned int next;			/* the next one to fill (transmit) or to look at (receive) */
	unsigned int dirty;			/* transmit only: the oldest one not taken back */
};

struct demo_counters {
	u64 interrupts;
	u64 polls;
	u64 link_changes;
	u64 phy_accesses;
	u64 phy_timeouts;
};

struct demo_nic {
	struct net_device *netdev;
	struct pci_dev *pdev;
	void __iomem *registers;
	struct napi_struct napi;

	spinlock_t lock;			/* the filter registers and the counters */
	u32 interrupt_mask;
	u32 rx_filter;
	u32 message_level;

	struct demo_ring rx;
	struct demo_ring tx;

	struct mutex phy_mutex;			/* one PHY access at a time */
	struct completion phy_done;		/* completed by the interrupt handler */
	u32 phy_data;				/* the interrupt handler leaves what was read here */

	struct work_struct link_work;
	struct timer_list link_timer;
	unsigned long last_link_change;

	u32 wake_options;
	u8 *wake_pattern;
	size_t wake_pattern_length;

	u32 coalesce_microseconds;
	struct demo_counters counters;
	struct dentry *debugfs;
};

#define demo_read(nic, offset)		ioread32((nic)->registers + (offset))
#define demo_write(nic, offset, value)	iowrite32((value), (nic)->registers + (offset))

/* demo_nic_main.c */
int demo_phy_read(struct demo_nic *nic, unsigned int reg);
int demo_phy_write(struct demo_nic *nic, unsigned int reg, u16 value);

/* demo_nic_control.c */
extern const struct ethtool_ops demo_ethtool_ops;
extern const struct attribute_group *demo_attribute_groups[];
int demo_ioctl(struct net_device *netdev, struct ifreq *request, int command);
void demo_load_wake_pattern(struct demo_nic *nic);
void demo_debugfs_add(struct demo_nic *nic);
void demo_debugfs_remove(struct demo_nic *nic);

#endif /* DEMO_NIC_H */
