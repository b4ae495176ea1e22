// SPDX-License-Identifier: GPL-2.0
/*
 * Round trips of records with layouts that a test made up: layouts.h. The members are read and
 * written through the compiler's own idea of the record, so offsets and sizes of the field tables
 * are tested against it.
 */
#include <stdio.h>

#include "memory.h"
#include "layouts.h"

static u64 state = 0x2545f4914f6cdd1dULL;

static u64 pick(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static bool allows(struct fgft_core *core, const u8 *at, u16 rights)
{
	return fgft_arena_allows(&core->arena, (u32)(at - core->arena.base), 1, rights);
}

/* Bytes of a record that some field holds, and those that one may write. */
static void expect_rights(const struct layout *layout, u32 at, bool *readable, bool *writable)
{
	u32 i;

	*readable = false;
	*writable = false;
	for (i = 0; i < layout->shape->field_count; i++) {
		const struct fgft_field *field = &layout->shape->fields[i];

		if (at < field->offset || at - field->offset >= field->length)
			continue;
		*readable |= field->flags & (FGFT_READ | FGFT_WRITE);
		*writable |= field->flags & FGFT_WRITE;
	}
}

/* Records may ask for an alignment that malloc() does not give. */
static void *aligned(u32 bytes)
{
	return aligned_alloc(64, (bytes + 63) & ~63U);
}

static int round_trip(const struct layout *layout, u32 count)
{
	u32 size = layout->shape->size, i, at;
	u8 *original = aligned(size * count), *before = aligned(size * count), *copy;
	struct fgft_core *core = test_core(1 << 20, 4, 4, 4);
	int bad = 0;

	for (at = 0; at < size * count; at++)
		original[at] = (u8)pick();
	memcpy(before, original, size * count);
	copy = fgft_core_share(core, layout->shape, (unsigned long)original, count);
	if (!copy)
		return 1;
	fgft_core_link(core);
	for (at = 0; at < size * count; at++) {
		bool readable, writable;

		expect_rights(layout, at % size, &readable, &writable);
		bad |= allows(core, copy + at, FGFT_READ) != readable;
		bad |= allows(core, copy + at, FGFT_WRITE) != writable;
	}
	for (i = 0; i < count; i++)
		for (at = 0; at < layout->member_count; at++) {
			const struct member *member = &layout->members[at];
			u64 value = pick();

			if (member->travels_in)
				bad |= member->get(copy + i * size) !=
				       member->get(original + i * size);
			if (!member->travels_out || pick() % 3 == 0)
				continue;
			/*
			 * The same store on a copy of the record that was there before is what must
			 * come out.
			 */
			member->set(copy + i * size, value);
			member->set(before + i * size, value);
		}
	/* What isolated code may not write does not travel back, whatever is there. */
	for (at = 0; at < size * count; at++)
		if (!allows(core, copy + at, FGFT_WRITE))
			copy[at] ^= 0xff;
	fgft_copy_out(core);
	bad |= memcmp(original, before, size * count) != 0;
	test_core_free(core);
	free(original);
	free(before);
	return bad;
}

int main(void)
{
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(layouts); i++)
		for (n = 0; n < 20; n++)
			if (round_trip(&layouts[i], 1 + n % 4)) {
				printf("FAILED: %s, round %u\n", layouts[i].shape->name, n);
				return 1;
			}
	printf("%zu layouts survive\n", ARRAY_SIZE(layouts));
	return 0;
}
