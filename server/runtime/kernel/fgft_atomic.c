// SPDX-License-Identifier: GPL-2.0
/*
 * Atomic operations of isolated code.
 *
 * Reference counts, flags and the like are used in place: others change them while the call runs.
 * What the call did to them is logged as its reverse (an increment by a decrement, a bit by its old
 * value), so that an abort leaves the changes of others alone.
 */
#include "fgft_atomic.h"

/* A count in the copy of a page's record: others count there all the time. */
static bool page_original(struct fgft_call *call, unsigned long address, unsigned long *original)
{
	*original = fgft_core_original(&call->core, address);
	return *original != address && fgft_is_page(*original);
}

/**
 * fgft_atomic_find - where does an atomic operation go?
 * @word: as isolated code points to it
 * @size: bytes
 * @place: FGFT_PLACE_OF_CALL
 *
 * Does not return if the call may not change the word.
 *
 * Return: the word, and what follows from where it is.
 */
struct fgft_atomic fgft_atomic_find(const volatile void *word, u32 size, unsigned long place)
{
	struct fgft_call *call = fgft_current();
	struct fgft_atomic atomic = { .where = (void *)word };
	unsigned long address = (unsigned long)word, original, offset;

	if (!call)
		return atomic;
	if (!call->budget)
		fgft_fault(call, FGFT_RUNAWAY, 0, 0, NULL, place);
	call->budget--;
	if (!fgft_log_has_room(&call->core.undo, 1))
		fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "log of effects", place);
	offset = address - (unsigned long)call->core.arena.base;
	if (offset < call->core.arena.used) {
		if (fgft_place_original(&call->core, address, size, &original) ||
		    page_original(call, address, &original)) {
			atomic.where = (void *)original;
			atomic.mirror = (void *)word;
			atomic.call = call;
		} else if (!fgft_arena_allows(&call->core.arena, offset, size,
					      FGFT_READ | FGFT_WRITE)) {
			fgft_fault(call, fgft_access_reason(call, address, FGFT_WRITE), address,
				   size, "atomic", place);
		}
		call->dirty = true;
		return atomic;
	}
	if (fgft_ranges_allow(&call->core.ranges, address, size, FGFT_WRITE) ||
	    fgft_ranges_allow(&call->core.ranges, address, size, FGFT_PLACE)) {
		if (fgft_ranges_rights(&call->core.ranges, address) & (FGFT_LOGGED | FGFT_PLACE))
			atomic.call = call;
		return atomic;
	}
	/* Counts of pages are taken and given back wherever memory is handed on. */
	if (fgft_is_page(address)) {
		atomic.call = call;
		return atomic;
	}
	/* A word on the stack of the call, or no word of the call's. */
	if (!fgft_may_access(call, address, size, FGFT_WRITE))
		fgft_fault(call, fgft_access_reason(call, address, FGFT_WRITE), address, size,
			   "atomic", place);
	return atomic;
}
