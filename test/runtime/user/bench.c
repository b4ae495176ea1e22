// SPDX-License-Identifier: GPL-2.0
/*
 * How long the portable part takes on this machine. Prints nanoseconds; nothing is tested.
 */
#include <stdio.h>
#include <time.h>

#include "memory.h"

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

#define MEASURE(label, rounds, statement)				\
	do {								\
		double began = now();					\
		long i;							\
									\
		for (i = 0; i < (rounds); i++) {			\
			statement;					\
			__asm__ volatile("" : : : "memory");		\
		}							\
		printf("%-44s %8.1f ns\n", label, (now() - began) / (rounds));	\
	} while (0)

struct record {
	u32 words[64];
	void *pointers[16];
};

int main(void)
{
	static struct record original;
	static struct fgft_field fields[40];
	struct fgft_shape shape = {
		.name = "record", .size = sizeof(original), .fields = fields, .field_count = 40
	};
	struct fgft_core *core = test_core(16384, 64, 64, 64);
	u8 *copy;
	u32 j;

	for (j = 0; j < 40; j++) {
		fields[j].offset = j < 32 ? 8 * j : 256 + 16 * (j - 32);
		fields[j].length = j < 32 ? 4 : 8;
		fields[j].flags = FGFT_READ | (j % 2 ? FGFT_WRITE : 0) |
				  (j < 32 ? 0 : FGFT_POINTER);
		fields[j].name = "field";
	}
	MEASURE("clear", 1000000, fgft_core_clear(core));
	MEASURE("clear, share 40 fields", 200000, {
		fgft_core_clear(core);
		fgft_core_share(core, &shape, (unsigned long)&original, 1);
	});
	MEASURE("link 40 fields", 200000, fgft_core_link(core));
	MEASURE("validate 40 fields", 200000, fgft_validate(core));
	MEASURE("copy 40 fields out", 200000, fgft_copy_out(core));
	MEASURE("refresh 40 fields", 200000, fgft_core_refresh(core));
	copy = (u8 *)core->objects[0].copy;
	MEASURE("check of a copy", 10000000,
		fgft_arena_allows(&core->arena, copy - core->arena.base + 8 * (i % 32), 4,
				  FGFT_READ));
	for (j = 0; j < 16; j++)
		fgft_ranges_add(&core->ranges, 0x100000 + 0x1000 * j, 0x100,
				FGFT_READ | FGFT_WRITE);
	MEASURE("check of 16 ranges, same one", 10000000,
		fgft_ranges_allow(&core->ranges, 0x105010, 4, FGFT_READ));
	MEASURE("check of 16 ranges, in turn", 10000000,
		fgft_ranges_allow(&core->ranges, 0x100010 + 0x1000 * (i % 16), 4, FGFT_READ));
	test_core_free(core);
	return 0;
}
