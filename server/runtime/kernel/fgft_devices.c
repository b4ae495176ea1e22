// SPDX-License-Identifier: GPL-2.0
/*
 * The devices that this module drives: whoever sets a device up anew after a fault must know which
 * one the call was about.
 *
 * The bus tells when a device is bound to a driver of this module and when it is let go. At the end
 * of a call only the table is read, so that is possible in any context.
 */
#include <linux/device.h>
#include <linux/module.h>
#include <linux/notifier.h>

#include "fgft_call.h"

#define MOST_DEVICES	32

struct bus_type *const fgft_bus __weak;

static DEFINE_RAW_SPINLOCK(lock);
static struct device *devices[MOST_DEVICES];
static bool too_many;

static void add(struct device *device)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&lock, flags);
	for (i = 0; i < MOST_DEVICES && devices[i]; i++)
		;
	if (i < MOST_DEVICES)
		devices[i] = device;
	else
		too_many = true;
	raw_spin_unlock_irqrestore(&lock, flags);
}

static void drop(const struct device *device)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&lock, flags);
	for (i = 0; i < MOST_DEVICES; i++)
		if (devices[i] == device)
			devices[i] = NULL;
	raw_spin_unlock_irqrestore(&lock, flags);
}

static int on_bus(struct notifier_block *block, unsigned long event, void *data)
{
	struct device *device = data;

	if (!device->driver || device->driver->owner != THIS_MODULE)
		return NOTIFY_DONE;
	if (event == BUS_NOTIFY_BOUND_DRIVER)
		add(device);
	else if (event == BUS_NOTIFY_UNBIND_DRIVER)
		drop(device);
	return NOTIFY_DONE;
}

static struct notifier_block bus_block = { .notifier_call = on_bus };
static bool listening;

/**
 * fgft_devices_listen - begin to know the module's devices, before its driver is registered
 */
void fgft_devices_listen(void)
{
	listening = fgft_bus && !bus_register_notifier(fgft_bus, &bus_block);
}

/**
 * fgft_devices_ignore - stop; the module's driver is not registered any more
 */
void fgft_devices_ignore(void)
{
	if (listening)
		bus_unregister_notifier(fgft_bus, &bus_block);
	listening = false;
}

/* Does the call work on something of this device's? */
static bool knows(struct fgft_call *call, const struct device *device)
{
	unsigned long data = (unsigned long)dev_get_drvdata(device);

	if (fgft_object_of_original(&call->core, (unsigned long)device))
		return true;
	return data && (fgft_object_of_original(&call->core, data) ||
			fgft_ranges_find(&call->core.ranges, data));
}

/**
 * fgft_device_of - the device that a call is about
 * @call: a call that ends
 *
 * It is the only one of the module's, or the only one that something belongs to which the call
 * shares.
 *
 * Return: the device; NULL if that cannot be told.
 */
struct device *fgft_device_of(struct fgft_call *call)
{
	struct device *found = NULL, *only = NULL;
	unsigned int i, count = 0, known = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&lock, flags);
	for (i = 0; i < MOST_DEVICES; i++) {
		if (!devices[i])
			continue;
		only = devices[i];
		count++;
		if (knows(call, devices[i])) {
			found = devices[i];
			known++;
		}
	}
	raw_spin_unlock_irqrestore(&lock, flags);
	if (known == 1)
		return found;
	return count == 1 && !too_many ? only : NULL;
}
