// SPDX-License-Identifier: GPL-2.0
/*
 * The range table and the arena's maps against a table that is too simple to be wrong: a million
 * random operations.
 */
#include <stdio.h>

#include "memory.h"

#define SPACE	512		/* bytes that the model knows */
#define MOST	40		/* ranges at a time */

struct naive {
	unsigned long start, length;
	u16 rights;
};

static u64 state;

static u32 pick(u32 below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (u32)(state >> 20) % below;
}

static bool naive_allows(const struct naive *table, int count, unsigned long start,
			 unsigned long length, u16 rights)
{
	unsigned long at;
	int i;

	for (at = start; at < start + length; at++) {
		u16 have = 0;

		for (i = 0; i < count; i++)
			if (at >= table[i].start && at - table[i].start < table[i].length)
				have |= table[i].rights;
		if ((have & rights) != rights)
			return false;
	}
	return true;
}

static int ranges_match(long operations)
{
	struct fgft_core *core = test_core(64, 1, MOST, 1);
	struct naive table[MOST];
	const unsigned long base = 0x7f0000001000UL;
	int count = 0, most = 0;
	long n;

	for (n = 0; n < operations; n++) {
		unsigned long start = base + pick(SPACE), length = 1 + pick(pick(8) ? 16 : 200);
		u16 rights = 1 + pick(15);
		int i;

		switch (pick(8)) {
		case 0:
			i = fgft_ranges_add(&core->ranges, start, length, rights);
			if (i != (count == MOST ? -ENOSPC : 0)) {
				printf("operation %ld: add gave %d with %d ranges\n", n, i, count);
				return 1;
			}
			if (!i)
				table[count++] = (struct naive){ start, length, rights };
			most = max(most, count);
			break;
		case 1:
			/*
			 * Of ranges with the same place the last one goes: take one whose rights
			 * agree with all such.
			 */
			if (!count)
				break;
			i = pick(count);
			for (int j = count - 1; j > i; j--)
				if (table[j].start == table[i].start &&
				    table[j].length == table[i].length) {
					i = j;
					break;
				}
			if (fgft_ranges_remove(&core->ranges, table[i].start, table[i].length)) {
				printf("operation %ld: range not found\n", n);
				return 1;
			}
			memmove(&table[i], &table[i + 1], (--count - i) * sizeof(table[0]));
			break;
		case 2:
			if (fgft_ranges_remove(&core->ranges, base + SPACE + 300, 1) != -ENOENT) {
				printf("operation %ld: removed what was never there\n", n);
				return 1;
			}
			break;
		default:
			length = pick(20);
			if (fgft_ranges_allow(&core->ranges, start, length, rights) !=
			    naive_allows(table, count, start, length, rights)) {
				printf("operation %ld: %lu bytes at %lu, rights %u: wrong answer\n",
				       n, length, start - base, rights);
				return 1;
			}
			for (i = 1; i <= 8; i <<= 1)
				if (!!(fgft_ranges_rights(&core->ranges, start) & i) !=
				    naive_allows(table, count, start, 1, i)) {
					printf("operation %ld: rights of a byte differ\n", n);
					return 1;
				}
		}
	}
	test_core_free(core);
	/* A run in which the table never filled up would say little. */
	return most == MOST ? 0 : 1;
}

static int arena_matches(long operations)
{
	struct fgft_core *core = test_core(SPACE, 1, 1, 1);
	u8 rights[SPACE] = { 0 };
	long n;

	fgft_arena_take(&core->arena, SPACE, 1);
	for (n = 0; n < operations; n++) {
		u32 offset = pick(SPACE), length = pick(pick(4) ? 20 : SPACE), i;
		u16 which = 1 + pick(3);
		bool allowed = true;

		length = min(length, SPACE - offset);
		switch (pick(4)) {
		case 0:
			fgft_arena_allow(&core->arena, offset, length, which);
			for (i = 0; i < length; i++)
				rights[offset + i] |= which;
			break;
		case 1:
			fgft_arena_forbid(&core->arena, offset, length);
			memset(rights + offset, 0, length);
			break;
		default:
			for (i = 0; i < length; i++)
				allowed = allowed && (rights[offset + i] & which) == which;
			if (fgft_arena_allows(&core->arena, offset, length, which) != allowed) {
				printf("operation %ld: arena, %u bytes at %u: wrong answer\n", n,
				       length, offset);
				return 1;
			}
		}
	}
	if (fgft_arena_allows(&core->arena, SPACE - 1, 2, FGFT_READ) ||
	    fgft_arena_allows(&core->arena, 0xfffffff0U, 0x20, FGFT_READ) ||
	    fgft_arena_allows(&core->arena, 0, 1, FGFT_IO_READ))
		return 1;
	test_core_free(core);
	return 0;
}

static int edges(void)
{
	struct fgft_core *core = test_core(64, 1, 4, 1);
	struct fgft_range_table *table = &core->ranges;
	int bad = 0;

	bad |= fgft_ranges_add(table, 100, 0, FGFT_READ) != -EINVAL;
	bad |= fgft_ranges_add(table, -8UL, 16, FGFT_READ) != -EINVAL;
	bad |= fgft_ranges_allow(table, 100, 1, FGFT_READ);
	bad |= fgft_ranges_add(table, 100, 4, FGFT_READ) != 0;
	bad |= fgft_ranges_add(table, 104, 4, FGFT_READ | FGFT_WRITE) != 0;
	bad |= !fgft_ranges_allow(table, 100, 8, FGFT_READ);
	bad |= fgft_ranges_allow(table, 100, 8, FGFT_WRITE);
	bad |= fgft_ranges_allow(table, 99, 2, FGFT_READ);
	bad |= fgft_ranges_allow(table, 107, 2, FGFT_READ);
	bad |= fgft_ranges_allow(table, -4UL, 8, FGFT_READ);
	test_core_free(core);
	return bad;
}

int main(int argc, char **argv)
{
	long operations = argc > 1 ? atol(argv[1]) : 1000000;

	/* The seed makes a failure repeatable. */
	state = argc > 2 ? strtoull(argv[2], NULL, 0) : 0x9e3779b97f4a7c15ULL;
	if (edges() || ranges_match(operations) || arena_matches(operations)) {
		printf("FAILED\n");
		return 1;
	}
	printf("%ld operations agree\n", operations);
	return 0;
}
