// SPDX-License-Identifier: GPL-2.0
/*
 * The module parameters of the entry points.
 */
#include <linux/mutex.h>
#include <linux/sysfs.h>

#include "fgft_call.h"

static DEFINE_MUTEX(lock);
static bool running;

static void apply(struct fgft_entry *entry)
{
	if (running && entry->pool && entry->mode != FGFT_OFF)
		static_branch_enable(&entry->on);
	else
		static_branch_disable(&entry->on);
}

/* Parameters are set before the module is started, too: then only the mode is kept. */
static int set_mode(const char *text, const struct kernel_param *parameter)
{
	struct fgft_entry *entry = parameter->arg;
	unsigned int mode;
	int rc = kstrtouint(text, 0, &mode);

	if (rc)
		return rc;
	if (mode > FGFT_PREDICATE)
		return -EINVAL;
	mutex_lock(&lock);
	WRITE_ONCE(entry->mode, mode);
	if (running)
		apply(entry);
	mutex_unlock(&lock);
	return 0;
}

static int get_mode(char *buffer, const struct kernel_param *parameter)
{
	const struct fgft_entry *entry = parameter->arg;

	return sysfs_emit(buffer, "%d\n", READ_ONCE(entry->mode));
}

const struct kernel_param_ops fgft_mode_parameter = {
	.set = set_mode,
	.get = get_mode,
};

/**
 * fgft_switches_on - isolate the entry points that are not switched off
 */
void fgft_switches_on(void)
{
	unsigned int i;

	mutex_lock(&lock);
	running = true;
	for (i = 0; i < fgft_entry_count; i++)
		apply(fgft_entries[i]);
	mutex_unlock(&lock);
}

/**
 * fgft_switches_off - run every entry point natively from now on
 */
void fgft_switches_off(void)
{
	unsigned int i;

	mutex_lock(&lock);
	running = false;
	for (i = 0; i < fgft_entry_count; i++)
		apply(fgft_entries[i]);
	mutex_unlock(&lock);
}
