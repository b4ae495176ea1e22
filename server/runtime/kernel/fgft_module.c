// SPDX-License-Identifier: GPL-2.0
/*
 * Start and end of a module with isolated entry points.
 *
 * The driver's own init_module() and cleanup_module() are called fgft_native_init() and
 * fgft_native_exit() here, by macros on the compiler's command line.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/percpu.h>

#include "fgft_call.h"

int fgft_native_init(void) __weak;
void fgft_native_exit(void) __weak;

static void free_entries(void)
{
	unsigned int i;

	fgft_reserve_destroy();
	for (i = 0; i < fgft_entry_count; i++) {
		fgft_pool_destroy(fgft_entries[i]);
		free_percpu(fgft_entries[i]->statistics);
		fgft_entries[i]->statistics = NULL;
	}
}

static int allocate_entries(void)
{
	unsigned int i;

	fgft_reserve_create();
	for (i = 0; i < fgft_entry_count; i++) {
		struct fgft_entry *entry = fgft_entries[i];

		entry->statistics = alloc_percpu(struct fgft_statistics);
		if (!entry->statistics || fgft_pool_create(entry)) {
			free_entries();
			return -ENOMEM;
		}
	}
	return 0;
}

/* If something is missing, the driver runs as if nothing had been isolated. */
static bool traps_registered;

static void start(void)
{
	int rc = allocate_entries();

	if (!rc)
		rc = fgft_traps_register();
	if (rc) {
		free_entries();
		pr_warn("fgft: %s: nothing is isolated: error %d\n", KBUILD_MODNAME, rc);
		return;
	}
	traps_registered = true;
	fgft_report_create();
	fgft_switches_on();
}

static void stop(void)
{
	fgft_switches_off();
	if (!traps_registered)
		return;
	fgft_report_destroy();
	fgft_traps_unregister();
	free_entries();
}

static int __init fgft_module_init(void)
{
	int rc;

	start();
	fgft_devices_listen();
	rc = fgft_native_init ? fgft_native_init() : 0;
	if (rc) {
		fgft_devices_ignore();
		stop();
	}
	return rc;
}
module_init(fgft_module_init);

static void __exit fgft_module_exit(void)
{
	if (fgft_native_exit)
		fgft_native_exit();
	fgft_devices_ignore();
	stop();
}
module_exit(fgft_module_exit);
