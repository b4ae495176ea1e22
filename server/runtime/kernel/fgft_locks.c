// SPDX-License-Identifier: GPL-2.0
/*
 * Locks of isolated code: really taken when they are first taken, released when the call ends.
 *
 * Nobody sees what happens under a lock before the call succeeds, so nothing of it has to be taken
 * back. Where a lock cannot be held so long (the call sleeps, or waits for somebody who needs it),
 * it is released early: what was written so far is published, and the undo log takes the lock again
 * around what takes those stores back.
 */
#include <linux/irqflags.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>

#include "fgft_call.h"
#include "fgft_lock_kinds.h"

static struct fgft_held_lock *find(struct fgft_call *call, const void *lock)
{
	u16 i;

	for (i = 0; i < call->lock_count; i++)
		if (call->locks[i].lock == lock)
			return &call->locks[i];
	return NULL;
}

/* A call that runs within another one's kernel call would wait for that one's locks without end. */
static bool outer_holds(const struct fgft_call *call, const void *lock)
{
	struct fgft_call *outer;

	for (outer = call->outer; outer; outer = outer->outer) {
		const struct fgft_held_lock *held = find(outer, lock);

		if (held && held->state != FGFT_DROPPED)
			return true;
	}
	return false;
}

static void forget(struct fgft_call *call, struct fgft_held_lock *held)
{
	call->lock_count--;
	memmove(held, held + 1, (&call->locks[call->lock_count] - held) * sizeof(*held));
}

/* The lock that a pointer of isolated code means, NULL if it is none that the call may use. */
static void *real_lock(struct fgft_call *call, void *lock)
{
	unsigned long address = (unsigned long)lock, original;
	u16 rights;

	if (address - (unsigned long)call->core.arena.base < call->core.arena.used) {
		original = fgft_core_original(&call->core, address);
		return original == address ? NULL : (void *)original;
	}
	rights = fgft_ranges_rights(&call->core.ranges, address);
	return rights & (FGFT_WRITE | FGFT_PLACE) ? lock : NULL;
}

/**
 * fgft_irq_lock_held - do locks keep interrupts off?
 * @call: the call
 *
 * Return: true if a lock is really held that was taken with interrupts off: whoever takes it in an
 * interrupt would wait for us without end.
 */
bool fgft_irq_lock_held(const struct fgft_call *call)
{
	u16 i;

	for (i = 0; i < call->lock_count; i++)
		if (call->locks[i].irq_off && call->locks[i].state != FGFT_DROPPED)
			return true;
	return false;
}

/**
 * fgft_lock_pending - is a lock held that the suspect has released?
 * @call: the call
 *
 * Return: true if so.
 */
bool fgft_lock_pending(const struct fgft_call *call)
{
	u16 i;

	for (i = 0; i < call->lock_count; i++)
		if (call->locks[i].state == FGFT_PENDING)
			return true;
	return false;
}

/**
 * fgft_irq_set - the suspect switches interrupts on or off
 * @call: the running call
 * @on: what it wants
 *
 * They are really switched on when no lock needs them off any more.
 */
void fgft_irq_set(struct fgft_call *call, bool on)
{
	call->irq_on = on;
	if (!on)
		local_irq_disable();
	else if (!fgft_irq_lock_held(call))
		local_irq_enable();
}

/* What the suspect believes of interrupts and bottom halves comes true with the last lock. */
static void release_really(struct fgft_call *call, struct fgft_held_lock *held)
{
	enum fgft_lock_state state = held->state;

	held->kind->release(held->lock);
	held->state = FGFT_DROPPED;
	if (held->irq_off && call->irq_on && !fgft_irq_lock_held(call))
		local_irq_enable();
	while (call->bh_owed && !irqs_disabled() && !fgft_lock_pending(call)) {
		call->bh_owed--;
		local_bh_enable();
	}
	held->state = state;
}

static void acquire_really(const struct fgft_lock_kind *kind, void *lock)
{
	if (kind->irq)
		local_irq_disable();
	kind->acquire(lock);
}

/**
 * fgft_lock_acquire - isolated code takes a lock
 * @kind: of the lock
 * @lock: as isolated code points to it
 * @try: do not wait
 * @place: FGFT_PLACE_OF_CALL
 *
 * Fields are read again once the lock is held: what was copied in without it may be old.
 *
 * Return: true; false if @try and somebody else holds the lock.
 */
bool fgft_lock_acquire(const struct fgft_lock_kind *kind, void *lock, bool try, unsigned long place)
{
	struct fgft_call *call = fgft_current();
	struct fgft_held_lock *held;
	bool irq_off, foreign;
	void *real;

	if (!call) {
		if (try)
			return kind->try(lock);
		acquire_really(kind, lock);
		return true;
	}
	real = real_lock(call, lock);
	if (!real)
		fgft_fault(call, FGFT_BAD_LOCK, (unsigned long)lock, 0,
			   "not a lock that the call may take", place);
	held = find(call, real);
	if (held && held->state == FGFT_HELD) {
		if (try)
			return false;
		fgft_fault(call, FGFT_BAD_LOCK, (unsigned long)real, 0, "taken twice", place);
	}
	if (held && held->state == FGFT_PENDING) {
		held->state = FGFT_HELD;
		held->irq_off |= kind->irq;
		if (kind->irq)
			fgft_irq_set(call, false);
		return true;
	}
	if (outer_holds(call, real))
		fgft_fault(call, FGFT_BAD_LOCK, (unsigned long)real, 0,
			   "held by the call that this one is part of", place);
	if (!held && call->lock_count == call->lock_capacity)
		fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "locks", place);
	if (kind->sleeps)
		fgft_may_sleep(call, kind->name, place);
	irq_off = kind->irq || irqs_disabled();
	if (!try)
		acquire_really(kind, real);
	else if (!kind->try(real))
		return false;
	foreign = held && held->foreign;
	if (!held)
		held = &call->locks[call->lock_count++];
	*held = (struct fgft_held_lock){
		.lock = real, .kind = kind, .irq_off = irq_off, .foreign = foreign,
	};
	if (kind->irq)
		call->irq_on = false;
	fgft_refresh(call);
	return true;
}

/*
 * Undo actions around stores that were published under a lock; walked backwards, so "take" is
 * logged last.
 */
static void undo_take(struct fgft_call *call, unsigned long lock, unsigned long kind,
		      unsigned long unused)
{
	const struct fgft_lock_kind *of = (const void *)kind;

	/* A store that is taken back by compare and write needs no lock that cannot be had here. */
	if (find(call, (void *)lock) || (of->sleeps && (in_atomic() || irqs_disabled())))
		return;
	call->locks[call->lock_count++] = (struct fgft_held_lock){
		.lock = (void *)lock, .kind = of, .irq_off = of->irq || irqs_disabled(),
	};
	acquire_really(of, (void *)lock);
}

static void undo_drop(struct fgft_call *call, unsigned long lock, unsigned long kind,
		      unsigned long unused)
{
	struct fgft_held_lock *held = find(call, (void *)lock);

	/* Only what undo_take() took, and no lock that the call still held when it was aborted. */
	if (!held || held->state != FGFT_HELD || held->foreign ||
	    held != &call->locks[call->lock_count - 1])
		return;
	release_really(call, held);
	forget(call, held);
}

/* Releases a lock in the middle of the call; what was written so far becomes visible first. */
static void release_early(struct fgft_call *call, struct fgft_held_lock *held, unsigned long place)
{
	unsigned long lock = (unsigned long)held->lock, kind = (unsigned long)held->kind;

	fgft_room(call, 2, place);
	fgft_undo(call, undo_drop, lock, kind, 0);
	fgft_publish_changes(call, place);
	fgft_undo(call, undo_take, lock, kind, 0);
	release_really(call, held);
	if (held->foreign)
		held->state = FGFT_DROPPED;
	else
		forget(call, held);
}

/**
 * fgft_lock_release - isolated code releases a lock
 * @kind: of the lock
 * @lock: as isolated code points to it
 * @place: FGFT_PLACE_OF_CALL
 */
void fgft_lock_release(const struct fgft_lock_kind *kind, void *lock, unsigned long place)
{
	struct fgft_call *call = fgft_current();
	struct fgft_held_lock *held;
	void *real;

	if (!call) {
		kind->release(lock);
		return;
	}
	real = real_lock(call, lock);
	held = real ? find(call, real) : NULL;
	if (!held || held->state != FGFT_HELD)
		fgft_fault(call, FGFT_BAD_LOCK, (unsigned long)lock, 0, "released but not held",
			   place);
	held->state = FGFT_PENDING;
	if (call->entry->flags & FGFT_EARLY_RELEASE)
		release_early(call, held, place);
}

/**
 * fgft_locks_release_early - release locks that the suspect has released
 * @call: the running call
 * @all: those that may be held while sleeping, too
 * @place: FGFT_PLACE_OF_CALL
 *
 * A lock that the suspect still holds stays: whoever wants to sleep then finds out.
 */
void fgft_locks_release_early(struct fgft_call *call, bool all, unsigned long place)
{
	u16 i = call->lock_count;

	while (i--)
		if (call->locks[i].state == FGFT_PENDING && (all || !call->locks[i].kind->sleeps))
			release_early(call, &call->locks[i], place);
}

/**
 * fgft_caller_holds - the caller of the entry point holds a lock that the entry point releases
 * @call: the call, or NULL
 * @lock: the original
 * @kind: "spinlock", "mutex" ...
 */
void fgft_caller_holds(struct fgft_call *call, const void *lock, const char *kind)
{
	const struct fgft_lock_kind *of = fgft_lock_kind_named(kind);

	if (fgft_failed(call))
		return;
	if (!of || call->lock_count == call->lock_capacity) {
		fgft_give_up(call, of ? -ENOSPC : -EINVAL, "lock of the caller");
		return;
	}
	call->locks[call->lock_count++] = (struct fgft_held_lock){
		.lock = (void *)lock, .kind = of, .irq_off = irqs_disabled(), .foreign = true,
	};
}

/**
 * fgft_locks_balanced - has isolated code released what it took, and holds it what the caller held?
 * @call: a call that has returned
 *
 * Return: true if so.
 */
bool fgft_locks_balanced(const struct fgft_call *call)
{
	u16 i;

	for (i = 0; i < call->lock_count; i++) {
		bool held = call->locks[i].state == FGFT_HELD;

		if (held != call->locks[i].foreign)
			return false;
	}
	return true;
}

/**
 * fgft_locks_drop - the call ends: its locks go, the caller's are held again
 * @call: the call
 * @committed: it succeeded
 */
void fgft_locks_drop(struct fgft_call *call, bool committed)
{
	while (call->lock_count) {
		struct fgft_held_lock *held = &call->locks[call->lock_count - 1];

		if (!held->foreign)
			release_really(call, held);
		else if (held->state == FGFT_DROPPED)
			acquire_really(held->kind, held->lock);
		call->lock_count--;
	}
}
