// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of the locks.
 */
#include <linux/irqflags.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>
#include <asm/processor-flags.h>

#include "fgft_call.h"
#include "fgft_lock_kinds.h"

/*
 * Three functions of one type for each kind. Interrupts are the runtime's business: it turns them
 * off and on around the plain functions. sparse counts spinlocks, but nothing that sleeps.
 */
#define LOCKING(symbol, spelling, type, sleep, interrupts, take, attempt, give, taken, given)	\
	static void symbol##_acquire(void *lock) taken(lock)				\
	{										\
		take((type *)lock);							\
	}										\
	static bool symbol##_try(void *lock)						\
	{										\
		return attempt((type *)lock);						\
	}										\
	static void symbol##_release(void *lock) given(lock)				\
	{										\
		give((type *)lock);							\
	}										\
	const struct fgft_lock_kind symbol = {						\
		.name = spelling,							\
		.sleeps = sleep,							\
		.irq = interrupts,							\
		.acquire = symbol##_acquire,						\
		.try = symbol##_try,							\
		.release = symbol##_release,						\
	}

#define down_succeeds(semaphore)	(!down_trylock(semaphore))
#define uncounted(lock)

LOCKING(fgft_spinlock, "spinlock", raw_spinlock_t, false, false,
	_raw_spin_lock, _raw_spin_trylock, _raw_spin_unlock, __acquires, __releases);
LOCKING(fgft_spinlock_irq, "spinlock_irq", raw_spinlock_t, false, true,
	_raw_spin_lock, _raw_spin_trylock, _raw_spin_unlock, __acquires, __releases);
LOCKING(fgft_spinlock_bh, "spinlock_bh", raw_spinlock_t, false, false,
	_raw_spin_lock_bh, _raw_spin_trylock_bh, _raw_spin_unlock_bh, __acquires, __releases);
LOCKING(fgft_read_lock, "read_lock", rwlock_t, false, false,
	_raw_read_lock, _raw_read_trylock, _raw_read_unlock, __acquires, __releases);
LOCKING(fgft_read_lock_irq, "read_lock_irq", rwlock_t, false, true,
	_raw_read_lock, _raw_read_trylock, _raw_read_unlock, __acquires, __releases);
LOCKING(fgft_read_lock_bh, "read_lock_bh", rwlock_t, false, false,
	_raw_read_lock_bh, _raw_read_trylock, _raw_read_unlock_bh, __acquires, __releases);
LOCKING(fgft_write_lock, "write_lock", rwlock_t, false, false,
	_raw_write_lock, _raw_write_trylock, _raw_write_unlock, __acquires, __releases);
LOCKING(fgft_write_lock_irq, "write_lock_irq", rwlock_t, false, true,
	_raw_write_lock, _raw_write_trylock, _raw_write_unlock, __acquires, __releases);
LOCKING(fgft_write_lock_bh, "write_lock_bh", rwlock_t, false, false,
	_raw_write_lock_bh, _raw_write_trylock, _raw_write_unlock_bh, __acquires, __releases);
LOCKING(fgft_mutex, "mutex", struct mutex, true, false,
	mutex_lock, mutex_trylock, mutex_unlock, uncounted, uncounted);
LOCKING(fgft_semaphore, "semaphore", struct semaphore, true, false,
	down, down_succeeds, up, uncounted, uncounted);
LOCKING(fgft_read_semaphore, "read_semaphore", struct rw_semaphore, true, false,
	down_read, down_read_trylock, up_read, uncounted, uncounted);
LOCKING(fgft_write_semaphore, "write_semaphore", struct rw_semaphore, true, false,
	down_write, down_write_trylock, up_write, uncounted, uncounted);

/**
 * fgft_lock_kind_named - a kind by its name
 * @name: "spinlock", "spinlock_irq", "mutex" ...
 *
 * Return: the kind, or NULL.
 */
const struct fgft_lock_kind *fgft_lock_kind_named(const char *name)
{
	static const struct fgft_lock_kind *const kinds[] = {
		&fgft_spinlock,	       &fgft_spinlock_irq, &fgft_spinlock_bh, &fgft_read_lock,
		&fgft_read_lock_irq,   &fgft_read_lock_bh, &fgft_write_lock,  &fgft_write_lock_irq,
		&fgft_write_lock_bh,   &fgft_mutex,	   &fgft_semaphore,   &fgft_read_semaphore,
		&fgft_write_semaphore,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}

#define ACQUIRE(name, type, kind)							\
	FGFT_STUB(void, name, type *lock)						\
	{										\
		fgft_lock_acquire(&(kind), lock, false, FGFT_PLACE_OF_CALL);		\
	}

/* The flags as the suspect believes them to be: interrupts may still be off for a lock of ours. */
static unsigned long believed_flags(void)
{
	const struct fgft_call *call = fgft_current();
	unsigned long flags;

	local_save_flags(flags);
	return call && call->irq_on ? flags | X86_EFLAGS_IF : flags;
}

#define ACQUIRE_FLAGS(name, type, kind)							\
	FGFT_STUB(unsigned long, name, type *lock)					\
	{										\
		unsigned long flags = believed_flags();					\
											\
		fgft_lock_acquire(&(kind), lock, false, FGFT_PLACE_OF_CALL);		\
		return flags;								\
	}

#define TRY(name, type, kind)								\
	FGFT_STUB(int, name, type *lock)						\
	{										\
		return fgft_lock_acquire(&(kind), lock, true, FGFT_PLACE_OF_CALL);	\
	}

/* After the lock: interrupts as the suspect wants them. */
static void set_interrupts(bool on)
{
	struct fgft_call *call = fgft_current();

	if (call)
		fgft_irq_set(call, on);
	else if (on)
		local_irq_enable();
}

#define RELEASE(name, type, kind)							\
	FGFT_STUB(void, name, type *lock)						\
	{										\
		fgft_lock_release(&(kind), lock, FGFT_PLACE_OF_CALL);			\
		if ((kind).irq)								\
			set_interrupts(true);						\
	}

#define RELEASE_FLAGS(name, type, kind)							\
	FGFT_STUB(void, name, type *lock, unsigned long flags)				\
	{										\
		fgft_lock_release(&(kind), lock, FGFT_PLACE_OF_CALL);			\
		set_interrupts(!irqs_disabled_flags(flags));				\
	}

#define FAMILY(name, type, kind)							\
	ACQUIRE(_raw_##name##_lock, type, kind)						\
	ACQUIRE(_raw_##name##_lock_irq, type, kind##_irq)				\
	ACQUIRE(_raw_##name##_lock_bh, type, kind##_bh)					\
	ACQUIRE_FLAGS(_raw_##name##_lock_irqsave, type, kind##_irq)			\
	TRY(_raw_##name##_trylock, type, kind)						\
	RELEASE(_raw_##name##_unlock, type, kind)					\
	RELEASE(_raw_##name##_unlock_irq, type, kind##_irq)				\
	RELEASE(_raw_##name##_unlock_bh, type, kind##_bh)				\
	RELEASE_FLAGS(_raw_##name##_unlock_irqrestore, type, kind##_irq)

FAMILY(spin, raw_spinlock_t, fgft_spinlock)
FAMILY(read, rwlock_t, fgft_read_lock)
FAMILY(write, rwlock_t, fgft_write_lock)
TRY(_raw_spin_trylock_bh, raw_spinlock_t, fgft_spinlock_bh)

ACQUIRE(mutex_lock, struct mutex, fgft_mutex)
TRY(mutex_trylock, struct mutex, fgft_mutex)
RELEASE(mutex_unlock, struct mutex, fgft_mutex)
ACQUIRE(down, struct semaphore, fgft_semaphore)
RELEASE(up, struct semaphore, fgft_semaphore)
ACQUIRE(down_read, struct rw_semaphore, fgft_read_semaphore)
TRY(down_read_trylock, struct rw_semaphore, fgft_read_semaphore)
RELEASE(up_read, struct rw_semaphore, fgft_read_semaphore)
ACQUIRE(down_write, struct rw_semaphore, fgft_write_semaphore)
TRY(down_write_trylock, struct rw_semaphore, fgft_write_semaphore)
RELEASE(up_write, struct rw_semaphore, fgft_write_semaphore)

/* 1 if it would have to wait, as the kernel's. */
FGFT_STUB(int, down_trylock, struct semaphore *lock)
{
	return !fgft_lock_acquire(&fgft_semaphore, lock, true, FGFT_PLACE_OF_CALL);
}

/*
 * A wait that a signal may end is made here without one: an isolated call that is interrupted in
 * the middle would return an error that its caller may not know. Locks are held for short times.
 */
FGFT_STUB(int, mutex_lock_interruptible, struct mutex *lock)
{
	fgft_lock_acquire(&fgft_mutex, lock, false, FGFT_PLACE_OF_CALL);
	return 0;
}

FGFT_STUB(int, mutex_lock_killable, struct mutex *lock)
{
	fgft_lock_acquire(&fgft_mutex, lock, false, FGFT_PLACE_OF_CALL);
	return 0;
}

FGFT_STUB(int, down_interruptible, struct semaphore *lock)
{
	fgft_lock_acquire(&fgft_semaphore, lock, false, FGFT_PLACE_OF_CALL);
	return 0;
}
