// SPDX-License-Identifier: GPL-2.0
/*
 * Tables that are full.
 *
 * The tables of a call are as large as most calls need. The few calls that fill a ring with
 * buffers, or empty one, need more by far: their tables go on in a piece of the reserve, which is
 * memory that was allocated before.
 */
#include "fgft_core.h"

/**
 * fgft_table_grow - let a full table go on in the reserve
 * @table: its memory
 * @capacity: its elements; gets the new number
 * @own: gets the memory that the table had
 * @element: bytes of one element
 *
 * Return: the table's new memory; NULL if it stands in the reserve already or none is left.
 */
void *fgft_table_grow(void *table, u16 *capacity, struct fgft_own *own, u32 element)
{
	void *more = own->memory ? NULL : fgft_reserve_take();

	if (!more)
		return NULL;
	memcpy(more, table, (size_t)*capacity * element);
	*own = (struct fgft_own){ .memory = table, .capacity = *capacity };
	*capacity = min_t(u32, FGFT_RESERVE_BYTES / element, 0xffff);
	return more;
}

/**
 * fgft_table_shrink - a table is empty: it goes back to its own memory
 * @table: its memory
 * @capacity: its elements; gets what it had before it grew
 * @own: the memory that it had, if it has grown
 *
 * Return: the table's memory from now on.
 */
void *fgft_table_shrink(void *table, u16 *capacity, struct fgft_own *own)
{
	void *memory = own->memory;

	if (!memory)
		return table;
	fgft_reserve_put(table);
	*capacity = own->capacity;
	own->memory = NULL;
	return memory;
}
