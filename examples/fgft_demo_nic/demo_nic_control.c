// SPDX-License-Identifier: GPL-2.0
/*
 * Example driver for a network card that exists nowhere: what a user controls by hand (ethtool, ioctl, sysfs, debugfs).
 * These are the rarely run, little tested entry points that one would fence off first.
 */
#include <linux/debugfs.h>
#include <linux/ethtool.h>
#include <linux/mii.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "demo_nic.h"

/* ethtool */

static void demo_get_drvinfo(struct net_device *netdev, struct ethtool_drvinfo *info)
{
	struct demo_nic *nic = netdev_priv(netdev);

	strscpy(info->driver, DEMO_NIC_NAME, sizeof(info->driver));
	strscpy(info->bus_info, pci_name(nic->pdev), sizeof(info->bus_info));
}

static u32 demo_get_msglevel(struct net_device *netdev)
{
	struct demo_nic *nic = netdev_priv(netdev);

	return nic->message_level;
}

static void demo_set_msglevel(struct net_device *netdev, u32 level)
{
	struct demo_nic *nic = netdev_priv(netdev);

	nic->message_level = level;
}

static int demo_nway_reset(struct net_device *netdev)
{
	struct demo_nic *nic = netdev_priv(netdev);
	int control = demo_phy_read(nic, MII_BMCR);

	if (control < 0)
		return control;
	if (!(control & BMCR_ANENABLE))
		return -EINVAL;
	return demo_phy_write(nic, MII_BMCR, control | BMCR_ANRESTART);
}

static void demo_get_wol(struct net_device *netdev, struct ethtool_wolinfo *wol)
{
	struct demo_nic *nic = netdev_priv(netdev);

	wol->supported = WAKE_MAGIC | WAKE_PHY;
	wol->wolopts = 0;
	spin_lock_irq(&nic->lock);
	if (nic->wake_options & DEMO_WAKE_MAGIC)
		wol->wolopts |= WAKE_MAGIC;
	if (nic->wake_options & DEMO_WAKE_LINK)
		wol->wolopts |= WAKE_PHY;
	spin_unlock_irq(&nic->lock);
}

static int demo_set_wol(struct net_device *netdev, struct ethtool_wolinfo *wol)
{
	struct demo_nic *nic = netdev_priv(netdev);
	u32 options = 0;

	if (wol->wolopts & ~(WAKE_MAGIC | WAKE_PHY))
		return -EOPNOTSUPP;
	if (wol->wolopts & WAKE_MAGIC)
		options |= DEMO_WAKE_MAGIC;
	if (wol->wolopts & WAKE_PHY)
		options |= DEMO_WAKE_LINK;

	spin_lock_irq(&nic->lock);
	nic->wake_options = options;
	demo_write(nic, DEMO_WAKE, options);
	spin_unlock_irq(&nic->lock);
	device_set_wakeup_enable(&nic->pdev->dev, options != 0);
	return 0;
}

static const char demo_counter_names[][ETH_GSTRING_LEN] = {
	"interrupts",
	"polls",
	"link_changes",
	"phy_accesses",
	"phy_timeouts",
};

static int demo_get_sset_count(struct net_device *netdev, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(demo_counter_names) : -EOPNOTSUPP;
}

static void demo_get_strings(struct net_device *netdev, u32 set, u8 *data)
{
	if (set == ETH_SS_STATS)
		memcpy(data, demo_counter_names, sizeof(demo_counter_names));
}

static void demo_get_ethtool_stats(struct net_device *netdev, struct ethtool_stats *stats, u64 *data)
{
	struct demo_nic *nic = netdev_priv(netdev);

	spin_lock_irq(&nic->lock);
	data[0] = nic->counters.interrupts;
	data[1] = nic->counters.polls;
	data[2] = nic->counters.link_changes;
	data[3] = nic->counters.phy_accesses;
	data[4] = nic->counters.phy_timeouts;
	spin_unlock_irq(&nic->lock);
}

const struct ethtool_ops demo_ethtool_ops = {
	.get_drvinfo		= demo_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_msglevel		= demo_get_msglevel,
	.set_msglevel		= demo_set_msglevel,
	.nway_reset		= demo_nway_reset,
	.get_wol		= demo_get_wol,
	.set_wol		= demo_set_wol,
	.get_sset_count		= demo_get_sset_count,
	.get_strings		= demo_get_strings,
	.get_ethtool_stats	= demo_get_ethtool_stats,
};

/* ioctl: the PHY's registers */

int demo_ioctl(struct net_device *netdev, struct ifreq *request, int command)
{
	struct demo_nic *nic = netdev_priv(netdev);
	struct mii_ioctl_data *mii = if_mii(request);
	int value;

	switch (command) {
	case SIOCGMIIPHY:
		mii->phy_id = 1;
		return 0;
	case SIOCGMIIREG:
		value = demo_phy_read(nic, mii->reg_num);
		if (value < 0)
			return value;
		mii->val_out = value;
		return 0;
	case SIOCSMIIREG:
		return demo_phy_write(nic, mii->reg_num, mii->val_in);
	default:
		return -EOPNOTSUPP;
	}
}

/* sysfs: below /sys/class/net/NAME/demo */

static struct demo_nic *demo_from_device(struct device *device)
{
	return netdev_priv(to_net_dev(device));
}

static ssize_t coalesce_show(struct device *device, struct device_attribute *attribute, char *text)
{
	struct demo_nic *nic = demo_from_device(device);

	return sysfs_emit(text, "%u\n", nic->coalesce_microseconds);
}

static ssize_t coalesce_store(struct device *device, struct device_attribute *attribute, const char *text, size_t length)
{
	struct demo_nic *nic = demo_from_device(device);
	unsigned int microseconds;
	int error = kstrtouint(text, 0, &microseconds);

	if (error)
		return error;
	if (microseconds > 1000)
		return -EINVAL;
	nic->coalesce_microseconds = microseconds;
	demo_write(nic, DEMO_COALESCE, microseconds);
	return length;
}
static DEVICE_ATTR_RW(coalesce);

static ssize_t wake_pattern_store(struct device *device, struct device_attribute *attribute, const char *text, size_t length)
{
	struct demo_nic *nic = demo_from_device(device);
	u8 *pattern, *old;

	if (length > 128)
		return -EINVAL;
	pattern = kmemdup(text, length, GFP_KERNEL);
	if (!pattern)
		return -ENOMEM;
	spin_lock_irq(&nic->lock);
	old = nic->wake_pattern;
	nic->wake_pattern = pattern;
	nic->wake_pattern_length = length;
	spin_unlock_irq(&nic->lock);
	kfree(old);
	return length;
}
static DEVICE_ATTR_WO(wake_pattern);

static struct attribute *demo_attributes[] = {
	&dev_attr_coalesce.attr,
	&dev_attr_wake_pattern.attr,
	NULL
};

static const struct attribute_group demo_attribute_group = {
	.name	= "demo",
	.attrs	= demo_attributes,
};

const struct attribute_group *demo_attribute_groups[] = {
	&demo_attribute_group,
	NULL
};

/* Nothing but the loop says that wake_pattern_length counts the bytes of wake_pattern. */
void demo_load_wake_pattern(struct demo_nic *nic)
{
	size_t index;

	for (index = 0; index < nic->wake_pattern_length; index++)
		demo_write(nic, DEMO_WAKE_PATTERN, nic->wake_pattern[index]);
}

/* debugfs: the registers that can be read without side effects */

static int registers_show(struct seq_file *file, void *unused)
{
	struct demo_nic *nic = file->private;
	unsigned int offset;

	for (offset = DEMO_COMMAND; offset < DEMO_REGISTERS_END; offset += 4) {
		if (offset == DEMO_TX_KICK || offset == DEMO_WAKE_PATTERN)
			continue;
		seq_printf(file, "%02x %08x\n", offset, demo_read(nic, offset));
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(registers);

void demo_debugfs_add(struct demo_nic *nic)
{
	nic->debugfs = debugfs_create_dir(netdev_name(nic->netdev), NULL);
	debugfs_create_file("registers", 0400, nic->debugfs, nic, &registers_fops);
}

void demo_debugfs_remove(struct demo_nic *nic)
{
	debugfs_remove_recursive(nic->debugfs);
}
