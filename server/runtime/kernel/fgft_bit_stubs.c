// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of the atomic bit operations.
 */
#include <linux/bitops.h>

#include "fgft_atomic.h"

static void undo_change(struct fgft_call *call, unsigned long where, unsigned long bit,
			unsigned long was)
{
	if (was)
		set_bit(bit, (unsigned long *)where);
	else
		clear_bit(bit, (unsigned long *)where);
}

/* Makes a bit 1 or 0, or flips it (to < 0). Says what it was. */
static bool change(long number, volatile unsigned long *bits, int to, unsigned long place)
{
	volatile unsigned long *word = bits + BIT_WORD(number);
	struct fgft_atomic at = fgft_atomic_find(word, sizeof(*word), place);
	unsigned long bit = number % BITS_PER_LONG;
	bool was, now;

	if (to < 0)
		was = test_and_change_bit(bit, at.where);
	else
		was = to ? test_and_set_bit(bit, at.where) : test_and_clear_bit(bit, at.where);
	now = to < 0 ? !was : to;
	if (at.mirror) {
		if (now)
			set_bit(bit, at.mirror);
		else
			clear_bit(bit, at.mirror);
	}
	if (at.call && was != now)
		fgft_undo(at.call, undo_change, (unsigned long)at.where, bit, was);
	return was;
}

#define CHANGE(name, to)								\
	FGFT_STUB(void, name, long number, volatile unsigned long *bits)		\
	{										\
		change(number, bits, to, FGFT_PLACE_OF_CALL);				\
	}

#define TEST_AND_CHANGE(name, to)							\
	FGFT_STUB(bool, name, long number, volatile unsigned long *bits)		\
	{										\
		return change(number, bits, to, FGFT_PLACE_OF_CALL);			\
	}

CHANGE(set_bit, 1)
CHANGE(clear_bit, 0)
CHANGE(change_bit, -1)
CHANGE(clear_bit_unlock, 0)
TEST_AND_CHANGE(test_and_set_bit, 1)
TEST_AND_CHANGE(test_and_set_bit_lock, 1)
TEST_AND_CHANGE(test_and_clear_bit, 0)
TEST_AND_CHANGE(test_and_change_bit, -1)
