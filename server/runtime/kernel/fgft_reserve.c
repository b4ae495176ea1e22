// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for tables that are full, allocated when the module is loaded and used by all of its entry
 * points.
 */
#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/module.h>

#include "fgft_call.h"

static unsigned int pieces = 8;
module_param_named(fgft_reserve, pieces, uint, 0444);
MODULE_PARM_DESC(fgft_reserve,
		 "pieces of 256 KiB for calls whose tables are too small (default 8, up to 64)");

#define MOST_PIECES	64

static DECLARE_BITMAP(busy, MOST_PIECES);
static void *reserve[MOST_PIECES];

/**
 * fgft_reserve_create - allocate the reserve
 *
 * What cannot be had is left out: a table that is full is then a fault.
 */
void fgft_reserve_create(void)
{
	unsigned int i;

	for (i = 0; i < min_t(unsigned int, pieces, MOST_PIECES); i++)
		reserve[i] = kvmalloc(FGFT_RESERVE_BYTES, GFP_KERNEL | __GFP_NOWARN);
}

/**
 * fgft_reserve_destroy - free the reserve; no call may be running
 */
void fgft_reserve_destroy(void)
{
	unsigned int i;

	for (i = 0; i < MOST_PIECES; i++) {
		kvfree(reserve[i]);
		reserve[i] = NULL;
	}
}

/**
 * fgft_reserve_take - a piece of the reserve
 *
 * Return: FGFT_RESERVE_BYTES of memory; NULL if all are in use.
 */
void *fgft_reserve_take(void)
{
	unsigned int i;

	for (i = 0; i < MOST_PIECES; i++)
		if (reserve[i] && !test_and_set_bit_lock(i, busy))
			return reserve[i];
	return NULL;
}

/**
 * fgft_reserve_put - give a piece back
 * @memory: from fgft_reserve_take()
 */
void fgft_reserve_put(void *memory)
{
	unsigned int i;

	for (i = 0; i < MOST_PIECES; i++)
		if (reserve[i] == memory)
			clear_bit_unlock(i, busy);
}
