// SPDX-License-Identifier: GPL-2.0
/*
 * Undo of this_cpu_add() and its kin.
 *
 * Counters that are kept per processor are summed by whoever reads them, so an abort takes an
 * addition back on the processor that it happens to run on.
 */
#include <linux/percpu.h>

#include "fgft_call.h"

static void undo_add(struct fgft_call *call, unsigned long variable, unsigned long value,
		     unsigned long size)
{
	void __percpu *counter = (void __percpu *)variable;

	switch (size) {
	case 1:
		this_cpu_sub(*(u8 __percpu *)counter, (u8)value);
		break;
	case 2:
		this_cpu_sub(*(u16 __percpu *)counter, (u16)value);
		break;
	case 4:
		this_cpu_sub(*(u32 __percpu *)counter, (u32)value);
		break;
	case 8:
		this_cpu_sub(*(u64 __percpu *)counter, (u64)value);
		break;
	}
}

FGFT_STUB(void, this_cpu_added, const void __percpu *variable, unsigned long value,
	  unsigned long size)
{
	struct fgft_call *call = fgft_current();

	fgft_room(call, 1, FGFT_PLACE_OF_CALL);
	fgft_undo(call, undo_add, (__force unsigned long)variable, value, size);
}
