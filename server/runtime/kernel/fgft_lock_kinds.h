/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kinds of locks that isolated code can take. Private to the runtime.
 */
#ifndef _FGFT_LOCK_KINDS_H
#define _FGFT_LOCK_KINDS_H

struct fgft_lock_kind;

extern const struct fgft_lock_kind fgft_spinlock, fgft_spinlock_irq, fgft_spinlock_bh;
extern const struct fgft_lock_kind fgft_read_lock, fgft_read_lock_irq, fgft_read_lock_bh;
extern const struct fgft_lock_kind fgft_write_lock, fgft_write_lock_irq, fgft_write_lock_bh;
extern const struct fgft_lock_kind fgft_mutex, fgft_semaphore, fgft_read_semaphore,
	fgft_write_semaphore;

#endif /* _FGFT_LOCK_KINDS_H */
