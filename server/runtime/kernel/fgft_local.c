// SPDX-License-Identifier: GPL-2.0
/*
 * Local variables of isolated code that have a range of their own.
 */
#include "fgft_call.h"

void fgft_local_enter(const volatile void *start, unsigned long length);
void fgft_local_leave(const volatile void *start, unsigned long length);

/**
 * fgft_local_enter - a variable comes into scope
 * @start: the variable
 * @length: bytes
 */
void fgft_local_enter(const volatile void *start, unsigned long length)
{
	struct fgft_call *call = fgft_current();

	if (call && call->exact_locals)
		fgft_allow(call, start, length, FGFT_READ | FGFT_WRITE);
}

/**
 * fgft_local_leave - a variable goes out of scope
 * @start: the variable
 * @length: bytes
 */
void fgft_local_leave(const volatile void *start, unsigned long length)
{
	struct fgft_call *call = fgft_current();

	if (call && call->exact_locals)
		fgft_ranges_remove(&call->core.ranges, (unsigned long)start, length);
}
