/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory for the portable part in user space.
 */
#ifndef _TEST_MEMORY_H
#define _TEST_MEMORY_H

#include <stdlib.h>

#include "fgft_core.h"

/* Pieces that the reserve still has; none unless a test says so. */
static u32 reserve_left __attribute__((unused));

void *fgft_reserve_take(void)
{
	if (!reserve_left)
		return NULL;
	reserve_left--;
	return malloc(FGFT_RESERVE_BYTES);
}

void fgft_reserve_put(void *memory)
{
	reserve_left++;
	free(memory);
}

static inline struct fgft_core *test_core(u32 arena, u16 objects, u16 ranges, u16 effects)
{
	struct fgft_core *core = calloc(1, sizeof(*core));

	/* Exactly as much as is used: a sanitizer sees every byte too far. */
	core->arena.base = aligned_alloc(64, arena);
	core->arena.size = arena;
	core->arena.readable = calloc(1, arena / 8 + 8);
	core->arena.writable = calloc(1, arena / 8 + 8);
	memset(core->arena.base, 0x5a, arena);
	core->objects = calloc(objects, sizeof(*core->objects));
	core->by_original = calloc(objects, sizeof(*core->by_original));
	core->object_capacity = objects;
	core->views = calloc(2 * objects, sizeof(*core->views));
	core->view_capacity = 2 * objects;
	core->ranges.ranges = calloc(ranges, sizeof(*core->ranges.ranges));
	core->ranges.capacity = ranges;
	core->undo.effects = calloc(effects, sizeof(*core->undo.effects));
	core->undo.capacity = effects;
	core->deferred.effects = calloc(effects, sizeof(*core->deferred.effects));
	core->deferred.capacity = effects;
	return core;
}

static inline void test_core_free(struct fgft_core *core)
{
	free(core->arena.base);
	free(core->arena.readable);
	free(core->arena.writable);
	free(core->objects);
	free(core->by_original);
	free(core->views);
	free(core->ranges.ranges);
	free(core->undo.effects);
	free(core->deferred.effects);
	free(core);
}

#endif /* _TEST_MEMORY_H */
