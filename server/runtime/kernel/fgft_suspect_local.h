/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Local variables whose address is taken, and local arrays.
 *
 * Where an entry point is generated with FGFT_EXACT_LOCALS, only what is named here is legal of the
 * stack. To name an array also makes the compiler check its elements: it leaves out arrays whose
 * address goes nowhere.
 */
#ifndef _FGFT_SUSPECT_LOCAL_H
#define _FGFT_SUSPECT_LOCAL_H

#include <linux/compiler.h>

struct fgft_local {
	const volatile void *start;
	unsigned long length;
};

void fgft_local_enter(const volatile void *start, unsigned long length);
void fgft_local_leave(const volatile void *start, unsigned long length);

static __always_inline struct fgft_local fgft_local_begin(const volatile void *start,
							  unsigned long length)
{
	fgft_local_enter(start, length);
	return (struct fgft_local){ .start = start, .length = length };
}

static __always_inline void fgft_local_end(const struct fgft_local *local)
{
	fgft_local_leave(local->start, local->length);
}

/* After the declaration of @variable: legal until the end of its scope. */
#define FGFT_LOCAL(variable)								\
	const struct fgft_local fgft_local_##variable					\
		__maybe_unused __attribute__((__cleanup__(fgft_local_end))) =		\
		fgft_local_begin(&(variable), sizeof(variable))

#endif /* _FGFT_SUSPECT_LOCAL_H */
