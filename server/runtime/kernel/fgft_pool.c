// SPDX-License-Identifier: GPL-2.0
/*
 * Calls, allocated when the module is loaded, so that an entry point never waits for memory.
 *
 * Each processor looks first at the slot that was allocated near it. If all are busy (calls that
 * sleep, interrupts on top) another one is tried for without waiting, and kept.
 */
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/topology.h>

#include "fgft_call.h"
#include "fgft_device.h"

#define MOST_CALLS	64

struct fgft_pool {
	DECLARE_BITMAP(busy, MOST_CALLS);
	struct fgft_call *calls[MOST_CALLS];
	u16 count;			/* slots that may hold a call */
	struct fgft_call none;		/* stands for "no call": has failed already */
};

static unsigned int pool_size;
module_param_named(fgft_pool, pool_size, uint, 0444);
MODULE_PARM_DESC(fgft_pool,
		 "calls per entry point made in advance (0: one per processor, up to 8)");

static u32 or_default(u32 value, u32 otherwise)
{
	return value ? value : otherwise;
}

/* Cuts a piece off the memory of a call. */
static void *cut(u8 **memory, size_t size)
{
	void *piece = *memory;

	*memory += ALIGN(size, 64);
	return piece;
}

static struct fgft_call *allocate(struct fgft_entry *entry, int node, gfp_t flags)
{
	const struct fgft_sizes *sizes = &entry->sizes;
	u32 arena = ALIGN(or_default(sizes->arena, 16384), 64);
	u16 objects = or_default(sizes->objects, 64), ranges = or_default(sizes->ranges, 64);
	u16 effects = or_default(sizes->effects, 64), locks = or_default(sizes->locks, 8);
	u16 blocks = or_default(sizes->allocations, 32);
	u32 map = arena / 8 + 8, views = 2 * objects;
	struct fgft_core *core;
	struct fgft_call *call;
	size_t size;
	u8 *memory;

	size = sizeof(*call) + arena + 2 * map +
	       objects * (sizeof(struct fgft_object) + sizeof(u16)) +
	       views * sizeof(struct fgft_view) + ranges * sizeof(struct fgft_range) +
	       2 * effects * sizeof(struct fgft_effect) + locks * sizeof(struct fgft_held_lock) +
	       blocks * sizeof(struct fgft_block) + entry->state_size +
	       entry->register_count * sizeof(struct fgft_register_state) + 17 * 64;
	memory = kvzalloc_node(size, flags, node);
	if (!memory)
		return NULL;
	call = cut(&memory, sizeof(*call));
	core = &call->core;
	core->arena.base = PTR_ALIGN(cut(&memory, arena + 64), 64);
	core->arena.size = arena;
	core->arena.readable = cut(&memory, map);
	core->arena.writable = cut(&memory, map);
	core->objects = cut(&memory, objects * sizeof(struct fgft_object));
	core->by_original = cut(&memory, objects * sizeof(u16));
	core->object_capacity = objects;
	core->views = cut(&memory, views * sizeof(struct fgft_view));
	core->view_capacity = views;
	core->ranges.ranges = cut(&memory, ranges * sizeof(struct fgft_range));
	core->ranges.capacity = ranges;
	core->undo.effects = cut(&memory, effects * sizeof(struct fgft_effect));
	core->undo.capacity = effects;
	core->deferred.effects = cut(&memory, effects * sizeof(struct fgft_effect));
	core->deferred.capacity = effects;
	core->routes = entry->routes;
	core->route_count = entry->route_count;
	call->locks = cut(&memory, locks * sizeof(struct fgft_held_lock));
	call->lock_capacity = locks;
	call->blocks = cut(&memory, blocks * sizeof(struct fgft_block));
	call->block_capacity = blocks;
	call->state = cut(&memory, entry->state_size);
	call->registers = cut(&memory,
			      entry->register_count * sizeof(struct fgft_register_state));
	call->entry = entry;
	call->pool = entry->pool;
	call->exact_locals = entry->flags & FGFT_EXACT_LOCALS;
	return call;
}

/**
 * fgft_pool_create - allocate the calls of an entry point
 * @entry: the entry point
 *
 * Return: 0 or -ENOMEM.
 */
int fgft_pool_create(struct fgft_entry *entry)
{
	unsigned int count = pool_size ? pool_size : min(num_online_cpus(), 8U), i;
	struct fgft_pool *pool = kzalloc(sizeof(*pool), GFP_KERNEL);

	if (!pool)
		return -ENOMEM;
	entry->pool = pool;
	pool->count = min_t(unsigned int, count, MOST_CALLS);
	pool->none.entry = entry;
	pool->none.core.error = -EBUSY;
	pool->none.core.error_place = "pool of calls";
	for (i = 0; i < pool->count; i++) {
		int node = i < nr_cpu_ids && cpu_possible(i) ? cpu_to_node(i) : NUMA_NO_NODE;

		pool->calls[i] = allocate(entry, node, GFP_KERNEL);
		if (!pool->calls[i]) {
			fgft_pool_destroy(entry);
			return -ENOMEM;
		}
		pool->calls[i]->slot = i;
	}
	return 0;
}

/**
 * fgft_pool_destroy - free the calls of an entry point; none may be running
 * @entry: the entry point
 */
void fgft_pool_destroy(struct fgft_entry *entry)
{
	unsigned int i;

	if (!entry->pool)
		return;
	for (i = 0; i < MOST_CALLS; i++)
		kvfree(entry->pool->calls[i]);
	kfree(entry->pool);
	entry->pool = NULL;
}

/* A slot that no call holds yet. */
static struct fgft_call *grow(struct fgft_pool *pool)
{
	unsigned int i;

	for (i = pool->count; i < MOST_CALLS; i++) {
		if (test_and_set_bit_lock(i, pool->busy))
			continue;
		if (!pool->calls[i])
			pool->calls[i] =
				allocate(pool->none.entry, NUMA_NO_NODE, GFP_NOWAIT | __GFP_NOWARN);
		if (pool->calls[i]) {
			pool->calls[i]->slot = i;
			return pool->calls[i];
		}
		clear_bit_unlock(i, pool->busy);
		break;
	}
	return &pool->none;
}

/**
 * fgft_pool_get - take a call
 * @entry: the entry point
 *
 * Return: an empty call; if there is none, one whose core.error is set and which nobody writes to.
 */
struct fgft_call *fgft_pool_get(struct fgft_entry *entry)
{
	struct fgft_pool *pool = entry->pool;
	unsigned int first = raw_smp_processor_id() % pool->count, i;

	for (i = 0; i < pool->count; i++) {
		unsigned int at = first + i < pool->count ? first + i : first + i - pool->count;

		if (!test_bit(at, pool->busy) && !test_and_set_bit_lock(at, pool->busy))
			return pool->calls[at];
	}
	return grow(pool);
}

/**
 * fgft_pool_put - give a call back
 * @call: from fgft_pool_get()
 */
void fgft_pool_put(struct fgft_call *call)
{
	if (call == &call->entry->pool->none)
		return;
	fgft_core_clear(&call->core);
	fgft_device_clear(call);
	call->lock_count = 0;
	call->block_count = 0;
	call->blocks = fgft_table_shrink(call->blocks, &call->block_capacity, &call->own_blocks);
	call->dirty = false;
	call->touched = false;
	call->bh_owed = 0;
	call->fault = (struct fgft_fault){ };
	call->phase = FGFT_IDLE;
	clear_bit_unlock(call->slot, call->pool->busy);
}
