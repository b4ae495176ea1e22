// SPDX-License-Identifier: GPL-2.0
/*
 * The isolated entry points and the ways between native and isolated code.
 *
 * Made by fgft 0.1.0 for the module sample, read against Linux 6.1.999-mini, from
 *   test/fixtures/isolate/sample/sample.c (sha256 67584a34d7c41369)
 * Edits will be lost when it is made again.
 */

#include <linux/kernel.h>
#include "fgft_runtime.h"
#include "fgft_generated.h"

extern struct fgft_entry fgft_entry_sample_set_wol;
extern struct fgft_entry fgft_entry_sample_set_rx_mode;

struct fgft_entry *const fgft_entries[] = {
	&fgft_entry_sample_set_wol,
	&fgft_entry_sample_set_rx_mode,
};

const unsigned int fgft_entry_count = ARRAY_SIZE(fgft_entries);

void fgft_n_0_sample_set_wol(void);
void fgft_s_0_sample_set_wol(void);
void fgft_n_0_sample_set_rx_mode(void);
void fgft_s_0_sample_set_rx_mode(void);

/* A function pointer that isolated code follows leads to the checked version, one that it hands out to the native one. */
const struct fgft_route fgft_module_routes[] = {
	{ .native = (unsigned long)fgft_n_0_sample_set_wol, .suspect = (unsigned long)fgft_s_0_sample_set_wol },
	{ .native = (unsigned long)fgft_n_0_sample_set_rx_mode, .suspect = (unsigned long)fgft_s_0_sample_set_rx_mode },
};

/* Registers that the driver writes, and what taking a write back may do with them. */
const struct fgft_register fgft_module_registers[] = {
	{ .offset = 0x4, .length = 0, .flags = 0, .name = "priv->registers + 4" },
};
