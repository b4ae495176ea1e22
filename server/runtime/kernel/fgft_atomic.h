/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where an atomic operation of isolated code really happens. Private to the runtime.
 */
#ifndef _FGFT_ATOMIC_H
#define _FGFT_ATOMIC_H

#include "fgft_call.h"

/*
 * @where:	the word to change: the original's if the field is used in place
 * @mirror:	the copy's word, which plain loads see, or NULL
 * @call:	logs an undo, or NULL if none is needed
 */
struct fgft_atomic {
	void *where;
	void *mirror;
	struct fgft_call *call;
};

struct fgft_atomic fgft_atomic_find(const volatile void *word, u32 size, unsigned long place);

#endif /* _FGFT_ATOMIC_H */
