// SPDX-License-Identifier: GPL-2.0
/*
 * Ranges of memory that isolated code uses where it is: device registers, memory it allocated,
 * places, its stack.
 *
 * They are few, so they stand in an array that is sorted by start. Ranges may overlap and come and
 * go in any order; "reach" (the greatest end so far) tells a search that walks down when nothing
 * further down can matter.
 */
#include "fgft_core.h"

void fgft_ranges_clear(struct fgft_range_table *table)
{
	table->count = 0;
	table->recent = 0;
	table->ranges = fgft_table_shrink(table->ranges, &table->capacity, &table->own);
}

static bool grow(struct fgft_range_table *table)
{
	struct fgft_range *more = fgft_table_grow(table->ranges, &table->capacity, &table->own,
						  sizeof(*more));

	if (more)
		table->ranges = more;
	return more;
}

/* Index of the first range that starts behind an address. */
static u16 first_behind(const struct fgft_range_table *table, unsigned long address)
{
	u16 low = 0, high = table->count;

	while (low < high) {
		u16 middle = low + (high - low) / 2;

		if (table->ranges[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void renew_reach(struct fgft_range_table *table, u16 from)
{
	unsigned long reach = from ? table->ranges[from - 1].reach : 0;
	u16 i;

	for (i = from; i < table->count; i++) {
		reach = max(reach, table->ranges[i].end);
		table->ranges[i].reach = reach;
	}
}

/**
 * fgft_ranges_add - allow access to memory
 * @table: the table
 * @start: first byte
 * @length: bytes, not 0
 * @rights: FGFT_READ, FGFT_WRITE ...
 *
 * Return: 0; -EINVAL if the range is empty or wraps; -ENOSPC if the table is full.
 */
int fgft_ranges_add(struct fgft_range_table *table, unsigned long start, unsigned long length,
		    u16 rights)
{
	unsigned long end = start + length;
	u16 at;

	if (!length || end < start)
		return -EINVAL;
	if (table->count == table->capacity && !grow(table))
		return -ENOSPC;
	at = first_behind(table, start);
	memmove(&table->ranges[at + 1], &table->ranges[at],
		(table->count - at) * sizeof(table->ranges[0]));
	table->ranges[at].start = start;
	table->ranges[at].end = end;
	table->ranges[at].rights = rights;
	table->ranges[at].follow = NULL;
	table->ranges[at].field = NULL;
	table->count++;
	table->recent = at;
	renew_reach(table, at);
	return 0;
}

/**
 * fgft_ranges_has - is there exactly such a range?
 * @table: the table
 * @start: first byte
 * @length: bytes
 * @rights: that it gives, and perhaps others
 * @follow: called for its pointers, or NULL
 *
 * Return: true if adding it would add nothing.
 */
bool fgft_ranges_has(const struct fgft_range_table *table, unsigned long start,
		     unsigned long length, u16 rights,
		     void (*follow)(struct fgft_call *call, void *field))
{
	u16 at = first_behind(table, start);

	while (at && table->ranges[at - 1].start == start) {
		const struct fgft_range *range = &table->ranges[--at];

		if (range->end - start == length && (range->rights & rights) == rights &&
		    range->follow == follow)
			return true;
	}
	return false;
}

/**
 * fgft_ranges_remove - take back what one fgft_ranges_add() allowed
 * @table: the table
 * @start: as it was added
 * @length: as it was added
 *
 * Of several equal ranges one goes, the one added last.
 *
 * Return: 0; -ENOENT if there is no such range.
 */
int fgft_ranges_remove(struct fgft_range_table *table, unsigned long start, unsigned long length)
{
	u16 at = first_behind(table, start);

	while (at && table->ranges[at - 1].start == start) {
		at--;
		if (table->ranges[at].end - start != length)
			continue;
		table->count--;
		memmove(&table->ranges[at], &table->ranges[at + 1],
			(table->count - at) * sizeof(table->ranges[0]));
		table->recent = 0;
		renew_reach(table, at);
		return 0;
	}
	return -ENOENT;
}

/*
 * First byte behind the ranges that hold an address and give a right; the address itself if none
 * does.
 */
static unsigned long allowed_until(struct fgft_range_table *table, unsigned long address, u16 right)
{
	unsigned long until = address;
	u16 i = first_behind(table, address);

	while (i && table->ranges[i - 1].reach > until) {
		const struct fgft_range *range = &table->ranges[--i];

		if (range->end > until && (range->rights & right)) {
			until = range->end;
			table->recent = i;
		}
	}
	return until;
}

/**
 * fgft_ranges_allow - may these bytes be accessed?
 * @table: the table
 * @start: first byte
 * @length: bytes; 0 is always allowed
 * @rights: all that are needed
 *
 * Every byte must have every right from some range over it; neighbours add up, so that a copy of a
 * whole record is legal when all of its fields are.
 *
 * Return: true if the access is legal.
 */
bool fgft_ranges_allow(struct fgft_range_table *table, unsigned long start, unsigned long length,
		       u16 rights)
{
	const struct fgft_range *recent = &table->ranges[table->recent];
	unsigned long end = start + length;
	u16 right;

	if (end < start)
		return false;
	if (table->recent < table->count && start >= recent->start && end <= recent->end &&
	    (recent->rights & rights) == rights)
		return true;
	for (right = 1; right && right <= rights; right <<= 1) {
		unsigned long at = start;

		if (!(rights & right))
			continue;
		while (at < end) {
			unsigned long until = allowed_until(table, at, right);

			if (until == at)
				return false;
			at = until;
		}
	}
	return true;
}

/**
 * fgft_ranges_rights - all rights that ranges give to one byte
 * @table: the table
 * @address: the byte
 *
 * Return: rights; 0 if no range holds the byte.
 */
u16 fgft_ranges_rights(const struct fgft_range_table *table, unsigned long address)
{
	u16 i = first_behind(table, address), rights = 0;

	while (i && table->ranges[i - 1].reach > address) {
		i--;
		if (table->ranges[i].end > address)
			rights |= table->ranges[i].rights;
	}
	return rights;
}

/**
 * fgft_ranges_find - a range that holds a byte
 * @table: the table
 * @address: the byte
 *
 * Return: the range that starts last; NULL if none holds the byte.
 */
const struct fgft_range *fgft_ranges_find(const struct fgft_range_table *table,
					  unsigned long address)
{
	u16 i = first_behind(table, address);

	while (i && table->ranges[i - 1].reach > address)
		if (table->ranges[--i].end > address)
			return &table->ranges[i];
	return NULL;
}
