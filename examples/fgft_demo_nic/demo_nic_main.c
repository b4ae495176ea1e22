// SPDX-License-Identifier: GPL-2.0
/*
 * Example driver for a network card that exists nowhere: probing, the data path, the interrupt, power management.
 * It compiles as a real module; what a user controls by hand is in demo_nic_control.c.
 */
#include <linux/delay.h>
#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/module.h>

#include "demo_nic.h"

static int debug = -1;
module_param(debug, int, 0444);
MODULE_PARM_DESC(debug, "message level bits, -1 for the default");

/*
 * Each PHY access ends with an interrupt: the handler stores what was read and completes phy_done. A caller that works
 * on copies would read a stale phy_data after the wait.
 */
static int demo_phy_command(struct demo_nic *nic, u32 command)
{
	unsigned long left;
	int result;

	mutex_lock(&nic->phy_mutex);
	nic->counters.phy_accesses++;
	reinit_completion(&nic->phy_done);
	demo_write(nic, DEMO_PHY_COMMAND, command);
	left = wait_for_completion_timeout(&nic->phy_done, msecs_to_jiffies(20));
	if (!left) {
		nic->counters.phy_timeouts++;
		result = -ETIMEDOUT;
	} else {
		result = nic->phy_data & 0xffff;
	}
	mutex_unlock(&nic->phy_mutex);
	return result;
}

int demo_phy_read(struct demo_nic *nic, unsigned int reg)
{
	return demo_phy_command(nic, (reg & 0x1f) << 16);
}

int demo_phy_write(struct demo_nic *nic, unsigned int reg, u16 value)
{
	int result = demo_phy_command(nic, DEMO_PHY_WRITE | (reg & 0x1f) << 16 | value);

	return result < 0 ? result : 0;
}

/* Polls the device, not memory: nothing that isolation has to worry about. */
static int demo_reset(struct demo_nic *nic)
{
	int tries;

	demo_write(nic, DEMO_COMMAND, DEMO_COMMAND_RESET);
	for (tries = 0; tries < 100; tries++) {
		if (!(demo_read(nic, DEMO_STATUS) & DEMO_STATUS_BUSY))
			return 0;
		udelay(10);
	}
	return -EIO;
}

static void demo_set_interrupts(struct demo_nic *nic, u32 mask)
{
	nic->interrupt_mask = mask;
	demo_write(nic, DEMO_INTERRUPT_MASK, mask);
}

static void demo_write_address(struct demo_nic *nic)
{
	const u8 *address = nic->netdev->dev_addr;

	demo_write(nic, DEMO_ADDRESS_LOW, address[0] | address[1] << 8 | address[2] << 16 | (u32)address[3] << 24);
	demo_write(nic, DEMO_ADDRESS_HIGH, address[4] | address[5] << 8);
}

static void demo_set_rx_mode(struct net_device *netdev)
{
	struct demo_nic *nic = netdev_priv(netdev);
	struct netdev_hw_addr *entry;
	u32 filter = DEMO_FILTER_UNICAST | DEMO_FILTER_BROADCAST;
	u32 hash[2] = { 0, 0 };
	unsigned long flags;

	if (netdev->flags & IFF_PROMISC) {
		filter |= DEMO_FILTER_ALL;
	} else if (netdev->flags & IFF_ALLMULTI) {
		filter |= DEMO_FILTER_MULTICAST;
		hash[0] = hash[1] = ~0;
	} else {
		netdev_for_each_mc_addr(entry, netdev) {
			u32 bit = ether_crc(ETH_ALEN, entry->addr) >> 26;

			hash[bit >> 5] |= 1 << (bit & 31);
			filter |= DEMO_FILTER_MULTICAST;
		}
	}

	spin_lock_irqsave(&nic->lock, flags);
	demo_write(nic, DEMO_MULTICAST_LOW, hash[0]);
	demo_write(nic, DEMO_MULTICAST_HIGH, hash[1]);
	if (nic->rx_filter != filter) {
		nic->rx_filter = filter;
		demo_write(nic, DEMO_RX_FILTER, filter);
	}
	spin_unlock_irqrestore(&nic->lock, flags);
}

static int demo_refill(struct demo_nic *nic, unsigned int index)
{
	struct demo_buffer *buffer = &nic->rx.buffers[index];
	struct demo_descriptor *descriptor = &nic->rx.descriptors[index];
	struct sk_buff *skb = netdev_alloc_skb_ip_align(nic->netdev, DEMO_BUFFER_SIZE);
	dma_addr_t address;

	if (!skb)
		return -ENOMEM;
	address = dma_map_single(&nic->pdev->dev, skb->data, DEMO_BUFFER_SIZE, DMA_FROM_DEVICE);
	if (dma_mapping_error(&nic->pdev->dev, address)) {
		dev_kfree_skb_any(skb);
		return -ENOMEM;
	}
	buffer->skb = skb;
	buffer->address = address;
	descriptor->address = cpu_to_le32(lower_32_bits(address));
	dma_wmb();
	descriptor->control = cpu_to_le32(DEMO_OWNED_BY_DEVICE | DEMO_BUFFER_SIZE);
	return 0;
}

static void demo_drop_buffers(struct demo_nic *nic, struct demo_ring *ring, enum dma_data_direction direction)
{
	unsigned int index;

	for (index = 0; index < DEMO_RING_SIZE; index++) {
		struct demo_buffer *buffer = &ring->buffers[index];
		unsigned int length = DEMO_BUFFER_SIZE;

		if (!buffer->skb)
			continue;
		if (direction == DMA_TO_DEVICE)
			length = buffer->skb->len;
		dma_unmap_single(&nic->pdev->dev, buffer->address, length, direction);
		dev_kfree_skb_any(buffer->skb);
		buffer->skb = NULL;
	}
	ring->next = 0;
	ring->dirty = 0;
}

static int demo_start(struct demo_nic *nic)
{
	unsigned int index;
	int error;

	memset(nic->tx.descriptors, 0, DEMO_RING_SIZE * sizeof(*nic->tx.descriptors));
	for (index = 0; index < DEMO_RING_SIZE; index++) {
		error = demo_refill(nic, index);
		if (error)
			goto drop;
	}
	error = demo_reset(nic);
	if (error)
		goto drop;

	demo_write_address(nic);
	demo_write(nic, DEMO_RX_RING, lower_32_bits(nic->rx.address));
	demo_write(nic, DEMO_TX_RING, lower_32_bits(nic->tx.address));
	demo_write(nic, DEMO_COALESCE, nic->coalesce_microseconds);
	nic->rx_filter = 0;
	demo_set_rx_mode(nic->netdev);
	demo_write(nic, DEMO_COMMAND, DEMO_COMMAND_RX | DEMO_COMMAND_TX);
	demo_set_interrupts(nic, DEMO_INTERRUPTS_ALL);
	return 0;

drop:
	demo_drop_buffers(nic, &nic->rx, DMA_FROM_DEVICE);
	return error;
}

static void demo_halt(struct demo_nic *nic)
{
	demo_set_interrupts(nic, 0);
	demo_write(nic, DEMO_COMMAND, 0);
	demo_drop_buffers(nic, &nic->rx, DMA_FROM_DEVICE);
	demo_drop_buffers(nic, &nic->tx, DMA_TO_DEVICE);
}

static void demo_reclaim(struct demo_nic *nic)
{
	struct demo_ring *ring = &nic->tx;

	while (ring->dirty != ring->next) {
		unsigned int index = ring->dirty % DEMO_RING_SIZE;
		struct demo_buffer *buffer = &ring->buffers[index];

		if (le32_to_cpu(READ_ONCE(ring->descriptors[index].control)) & DEMO_OWNED_BY_DEVICE)
			break;
		nic->netdev->stats.tx_packets++;
		nic->netdev->stats.tx_bytes += buffer->skb->len;
		dma_unmap_single(&nic->pdev->dev, buffer->address, buffer->skb->len, DMA_TO_DEVICE);
		dev_consume_skb_any(buffer->skb);
		buffer->skb = NULL;
		WRITE_ONCE(ring->dirty, ring->dirty + 1);
	}
	if (netif_queue_stopped(nic->netdev) && ring->next - ring->dirty < DEMO_RING_SIZE / 2)
		netif_wake_queue(nic->netdev);
}

static bool demo_receive_one(struct demo_nic *nic)
{
	struct net_device *netdev = nic->netdev;
	unsigned int index = nic->rx.next % DEMO_RING_SIZE;
	struct demo_buffer received = nic->rx.buffers[index];
	u32 control = le32_to_cpu(READ_ONCE(nic->rx.descriptors[index].control));
	unsigned int length = control & DEMO_LENGTH_MASK;

	if (control & DEMO_OWNED_BY_DEVICE)
		return false;
	dma_rmb();
	nic->rx.next++;
	if (length > DEMO_BUFFER_SIZE || demo_refill(nic, index)) {
		netdev->stats.rx_dropped++;
		nic->rx.descriptors[index].control = cpu_to_le32(DEMO_OWNED_BY_DEVICE | DEMO_BUFFER_SIZE);
		return true;
	}
	dma_unmap_single(&nic->pdev->dev, received.address, DEMO_BUFFER_SIZE, DMA_FROM_DEVICE);
	skb_put(received.skb, length);
	received.skb->protocol = eth_type_trans(received.skb, netdev);
	netdev->stats.rx_packets++;
	netdev->stats.rx_bytes += length;
	napi_gro_receive(&nic->napi, received.skb);
	return true;
}

static int demo_poll(struct napi_struct *napi, int budget)
{
	struct demo_nic *nic = container_of(napi, struct demo_nic, napi);
	int done = 0;

	nic->counters.polls++;
	demo_reclaim(nic);
	while (done < budget && demo_receive_one(nic))
		done++;
	if (done < budget && napi_complete_done(napi, done))
		demo_set_interrupts(nic, DEMO_INTERRUPTS_ALL);
	return done;
}

static irqreturn_t demo_interrupt(int irq, void *data)
{
	struct demo_nic *nic = data;
	u32 status = demo_read(nic, DEMO_INTERRUPT_STATUS) & nic->interrupt_mask;

	if (!status)
		return IRQ_NONE;
	demo_write(nic, DEMO_INTERRUPT_STATUS, status);
	nic->counters.interrupts++;

	if (status & DEMO_INTERRUPT_PHY) {
		nic->phy_data = demo_read(nic, DEMO_PHY_DATA);
		complete(&nic->phy_done);
	}
	if (status & DEMO_INTERRUPT_LINK)
		schedule_work(&nic->link_work);
	if ((status & DEMO_INTERRUPTS_RING) && napi_schedule_prep(&nic->napi)) {
		demo_set_interrupts(nic, DEMO_INTERRUPTS_ALL & ~DEMO_INTERRUPTS_RING);
		__napi_schedule(&nic->napi);
	}
	return IRQ_HANDLED;
}

static void demo_link_work(struct work_struct *work)
{
	struct demo_nic *nic = container_of(work, struct demo_nic, link_work);
	bool up = demo_read(nic, DEMO_STATUS) & DEMO_STATUS_LINK;

	if (up == netif_carrier_ok(nic->netdev))
		return;
	spin_lock_irq(&nic->lock);
	nic->counters.link_changes++;
	nic->last_link_change = jiffies;
	spin_unlock_irq(&nic->lock);
	if (up)
		netif_carrier_on(nic->netdev);
	else
		netif_carrier_off(nic->netdev);
}

/* The card may lose a link interrupt; look once a second. */
static void demo_link_timer(struct timer_list *timer)
{
	struct demo_nic *nic = from_timer(nic, timer, link_timer);

	schedule_work(&nic->link_work);
	mod_timer(&nic->link_timer, jiffies + HZ);
}

static netdev_tx_t demo_start_xmit(struct sk_buff *skb, struct net_device *netdev)
{
	struct demo_nic *nic = netdev_priv(netdev);
	struct demo_ring *ring = &nic->tx;
	unsigned int index = ring->next % DEMO_RING_SIZE;
	dma_addr_t address;

	if (skb_put_padto(skb, ETH_ZLEN))
		return NETDEV_TX_OK;
	address = dma_map_single(&nic->pdev->dev, skb->data, skb->len, DMA_TO_DEVICE);
	if (dma_mapping_error(&nic->pdev->dev, address)) {
		netdev->stats.tx_dropped++;
		dev_kfree_skb_any(skb);
		return NETDEV_TX_OK;
	}
	ring->buffers[index].skb = skb;
	ring->buffers[index].address = address;
	ring->descriptors[index].address = cpu_to_le32(lower_32_bits(address));
	dma_wmb();
	ring->descriptors[index].control = cpu_to_le32(DEMO_OWNED_BY_DEVICE | skb->len);
	WRITE_ONCE(ring->next, ring->next + 1);
	if (ring->next - READ_ONCE(ring->dirty) >= DEMO_RING_SIZE)
		netif_stop_queue(netdev);
	demo_write(nic, DEMO_TX_KICK, index);
	return NETDEV_TX_OK;
}

static void demo_tx_timeout(struct net_device *netdev, unsigned int queue)
{
	struct demo_nic *nic = netdev_priv(netdev);

	netdev->stats.tx_errors++;
	netdev_warn(netdev, "queue %u: %u packets wait\n", queue, nic->tx.next - nic->tx.dirty);
	demo_write(nic, DEMO_TX_KICK, nic->tx.dirty % DEMO_RING_SIZE);
	napi_schedule(&nic->napi);
}

static int demo_set_mac_address(struct net_device *netdev, void *address)
{
	struct demo_nic *nic = netdev_priv(netdev);
	int error = eth_mac_addr(netdev, address);

	if (!error)
		demo_write_address(nic);
	return error;
}

static int demo_open(struct net_device *netdev)
{
	struct demo_nic *nic = netdev_priv(netdev);
	int error;

	error = request_irq(nic->pdev->irq, demo_interrupt, IRQF_SHARED, netdev->name, nic);
	if (error)
		return error;
	napi_enable(&nic->napi);
	error = demo_start(nic);
	if (error) {
		napi_disable(&nic->napi);
		free_irq(nic->pdev->irq, nic);
		return error;
	}
	mod_timer(&nic->link_timer, jiffies + HZ);
	netif_start_queue(netdev);
	return 0;
}

/*
 * Waits until the NAPI poll has taken back every packet. The loop looks at memory that only another context changes:
 * on a copy of the ring it would never end.
 */
static void demo_drain(struct demo_nic *nic)
{
	while (READ_ONCE(nic->tx.dirty) != READ_ONCE(nic->tx.next))
		msleep(1);
}

static int demo_stop(struct net_device *netdev)
{
	struct demo_nic *nic = netdev_priv(netdev);

	netif_stop_queue(netdev);
	if (netif_carrier_ok(netdev))
		demo_drain(nic);
	del_timer_sync(&nic->link_timer);
	cancel_work_sync(&nic->link_work);
	napi_disable(&nic->napi);
	demo_halt(nic);
	free_irq(nic->pdev->irq, nic);
	return 0;
}

static const struct net_device_ops demo_netdev_ops = {
	.ndo_open		= demo_open,
	.ndo_stop		= demo_stop,
	.ndo_start_xmit		= demo_start_xmit,
	.ndo_set_rx_mode	= demo_set_rx_mode,
	.ndo_set_mac_address	= demo_set_mac_address,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_eth_ioctl		= demo_ioctl,
	.ndo_tx_timeout		= demo_tx_timeout,
};

static int demo_suspend(struct device *device)
{
	struct demo_nic *nic = dev_get_drvdata(device);
	struct net_device *netdev = nic->netdev;

	if (!netif_running(netdev))
		return 0;
	netif_device_detach(netdev);
	del_timer_sync(&nic->link_timer);
	cancel_work_sync(&nic->link_work);
	napi_disable(&nic->napi);
	demo_halt(nic);
	demo_write(nic, DEMO_WAKE, nic->wake_options);
	demo_load_wake_pattern(nic);
	return 0;
}

static int demo_resume(struct device *device)
{
	struct demo_nic *nic = dev_get_drvdata(device);
	struct net_device *netdev = nic->netdev;
	int error;

	if (!netif_running(netdev))
		return 0;
	demo_write(nic, DEMO_WAKE, 0);
	napi_enable(&nic->napi);
	error = demo_start(nic);
	if (error) {
		napi_disable(&nic->napi);
		return error;
	}
	mod_timer(&nic->link_timer, jiffies + HZ);
	netif_device_attach(netdev);
	return 0;
}

static DEFINE_SIMPLE_DEV_PM_OPS(demo_pm_ops, demo_suspend, demo_resume);

static int demo_alloc_ring(struct demo_nic *nic, struct demo_ring *ring)
{
	size_t bytes = DEMO_RING_SIZE * sizeof(*ring->descriptors);

	ring->descriptors = dmam_alloc_coherent(&nic->pdev->dev, bytes, &ring->address, GFP_KERNEL);
	return ring->descriptors ? 0 : -ENOMEM;
}

static int demo_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct net_device *netdev;
	struct demo_nic *nic;
	int error;

	error = pcim_enable_device(pdev);
	if (error)
		return error;
	error = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	if (error)
		return error;
	netdev = devm_alloc_etherdev(&pdev->dev, sizeof(*nic));
	if (!netdev)
		return -ENOMEM;

	nic = netdev_priv(netdev);
	nic->netdev = netdev;
	nic->pdev = pdev;
	nic->message_level = netif_msg_init(debug, NETIF_MSG_DRV | NETIF_MSG_LINK);
	nic->registers = pcim_iomap(pdev, 0, DEMO_REGISTERS_END);
	if (!nic->registers)
		return -ENOMEM;
	error = demo_alloc_ring(nic, &nic->rx);
	if (!error)
		error = demo_alloc_ring(nic, &nic->tx);
	if (error)
		return error;

	spin_lock_init(&nic->lock);
	mutex_init(&nic->phy_mutex);
	init_completion(&nic->phy_done);
	INIT_WORK(&nic->link_work, demo_link_work);
	timer_setup(&nic->link_timer, demo_link_timer, 0);
	netif_napi_add(netdev, &nic->napi, demo_poll);

	netdev->netdev_ops = &demo_netdev_ops;
	netdev->ethtool_ops = &demo_ethtool_ops;
	netdev->sysfs_groups[0] = demo_attribute_groups[0];
	netdev->watchdog_timeo = 5 * HZ;
	SET_NETDEV_DEV(netdev, &pdev->dev);
	eth_hw_addr_random(netdev);
	pci_set_drvdata(pdev, nic);
	pci_set_master(pdev);

	error = demo_reset(nic);
	if (error)
		return error;
	netif_carrier_off(netdev);
	error = register_netdev(netdev);
	if (error)
		return error;
	demo_debugfs_add(nic);
	return 0;
}

static void demo_remove(struct pci_dev *pdev)
{
	struct demo_nic *nic = pci_get_drvdata(pdev);

	demo_debugfs_remove(nic);
	unregister_netdev(nic->netdev);
	netif_napi_del(&nic->napi);
	kfree(nic->wake_pattern);
}

static const struct pci_device_id demo_ids[] = {
	{ PCI_DEVICE(DEMO_NIC_VENDOR, DEMO_NIC_DEVICE) },
	{ }
};
MODULE_DEVICE_TABLE(pci, demo_ids);

static struct pci_driver demo_driver = {
	.name		= DEMO_NIC_NAME,
	.id_table	= demo_ids,
	.probe		= demo_probe,
	.remove		= demo_remove,
	.driver.pm	= pm_sleep_ptr(&demo_pm_ops),
};
module_pci_driver(demo_driver);

MODULE_DESCRIPTION("Example network driver with one of everything that fault-tolerant entry points have to deal with");
MODULE_LICENSE("GPL");
