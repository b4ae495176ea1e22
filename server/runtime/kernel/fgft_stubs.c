// SPDX-License-Identifier: GPL-2.0
/*
 * What kernel stubs are made of: checking arguments, translating pointers, logging effects.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>

#include "fgft_call.h"

static void spend(struct fgft_call *call, unsigned long place)
{
	if (!call->budget)
		fgft_fault(call, FGFT_RUNAWAY, 0, 0, NULL, place);
	call->budget--;
}

/**
 * fgft_need - the memory that an argument points to must be the call's to use
 * @call: the running call, or NULL
 * @start: the argument
 * @length: bytes; 0 is always right
 * @rights: FGFT_READ, FGFT_WRITE ...
 * @what: name of the argument
 * @place: FGFT_PLACE_OF_CALL
 *
 * Does not return if it is not.
 */
void fgft_need(struct fgft_call *call, const volatile void *start, unsigned long length, u16 rights,
	       const char *what, unsigned long place)
{
	if (!call)
		return;
	spend(call, place);
	if (!fgft_may_access(call, (unsigned long)start, length, rights))
		fgft_fault(call,
			   (unsigned long)start < PAGE_SIZE ? FGFT_NULL_ACCESS : FGFT_BAD_ARGUMENT,
			   (unsigned long)start, length, what, place);
}

/**
 * fgft_need_string - an argument must be a string that the call may read
 * @call: the running call, or NULL
 * @string: the argument
 * @what: name of the argument
 * @place: FGFT_PLACE_OF_CALL
 */
void fgft_need_string(struct fgft_call *call, const char *string, const char *what,
		      unsigned long place)
{
	unsigned long at;

	if (!call)
		return;
	for (at = 0; at < PAGE_SIZE; at++) {
		fgft_need(call, string + at, 1, FGFT_READ, what, place);
		if (!string[at])
			return;
	}
	fgft_fault(call, FGFT_BAD_ARGUMENT, (unsigned long)string, at, what, place);
}

/**
 * fgft_need_value - a condition on an argument must hold
 * @call: the running call, or NULL
 * @holds: the condition
 * @what: name of the argument
 * @place: FGFT_PLACE_OF_CALL
 */
void fgft_need_value(struct fgft_call *call, bool holds, const char *what, unsigned long place)
{
	if (call && !holds)
		fgft_fault(call, FGFT_BAD_ARGUMENT, 0, 0, what, place);
}

/**
 * fgft_need_object - an argument must point to something that the kernel can use
 * @call: the running call, or NULL
 * @pointer: the argument
 * @what: name of the argument
 * @place: FGFT_PLACE_OF_CALL
 *
 * That is a copy with an original, memory that may be used in place, or a kernel address that was
 * handed in as it is. NULL, user addresses and memory of the call without an original are not.
 */
void fgft_need_object(struct fgft_call *call, const void *pointer, const char *what,
		      unsigned long place)
{
	unsigned long address = (unsigned long)pointer;

	if (!call)
		return;
	spend(call, place);
	if (address - (unsigned long)call->core.arena.base < call->core.arena.used) {
		if (fgft_core_original(&call->core, address) != address)
			return;
	} else if (virt_addr_valid(pointer) || is_vmalloc_addr(pointer) ||
		   address >= __START_KERNEL_map) {
		return;
	}
	fgft_fault(call, address < PAGE_SIZE ? FGFT_NULL_ACCESS : FGFT_BAD_ARGUMENT, address, 0,
		   what, place);
}

/**
 * fgft_translate_out - an address as the kernel knows it; use fgft_original()
 * @call: the call, or NULL
 * @address: in isolated code
 *
 * Return: the original's address, or @address.
 */
unsigned long fgft_translate_out(struct fgft_call *call, unsigned long address)
{
	return call ? fgft_core_original(&call->core, address) : address;
}

/**
 * fgft_translate_in - an address as isolated code may use it; use fgft_copy_of()
 * @call: the call, or NULL
 * @address: of the kernel
 *
 * Return: the copy's address, or @address.
 */
unsigned long fgft_translate_in(struct fgft_call *call, unsigned long address)
{
	return call ? fgft_core_copy(&call->core, address) : address;
}

/**
 * fgft_native_of - a function as the kernel may call it; use fgft_native()
 * @call: the call, or NULL
 * @function: in isolated code
 *
 * A suspect function that has no native version is a fault: the kernel must never run it.
 *
 * Return: the native version.
 */
unsigned long fgft_native_of(struct fgft_call *call, unsigned long function)
{
	unsigned long native = call ? fgft_core_native(&call->core, function) : function;

	if (call && fgft_is_suspect_text(native))
		fgft_fault(call, FGFT_BAD_CALL, function, 0, "callback without a native version",
			   function);
	return native;
}

/**
 * fgft_room - make sure that effects can be logged
 * @call: the running call, or NULL
 * @effects: number, of each kind
 * @place: FGFT_PLACE_OF_CALL
 *
 * Called before an effect is made. Does not return if there is no room.
 */
void fgft_room(struct fgft_call *call, u16 effects, unsigned long place)
{
	if (!call)
		return;
	spend(call, place);
	fgft_settle(&call->core);
	if (!fgft_log_has_room(&call->core.undo, effects) ||
	    !fgft_log_has_room(&call->core.deferred, effects))
		fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "log of effects", place);
}

/**
 * fgft_undo - what takes an effect back if the call is aborted
 * @call: the running call, or NULL
 * @action: called with the call
 * @a: for @action
 * @b: for @action
 * @c: for @action
 */
void fgft_undo(struct fgft_call *call, fgft_action_t action, unsigned long a, unsigned long b,
	       unsigned long c)
{
	if (!call)
		return;
	call->touched = true;
	if (fgft_log_add(&call->core.undo, action, a, b, c))
		fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "log of effects", 0);
}

/**
 * fgft_consumed - the kernel has taken an object over
 * @call: the running call, or NULL
 * @object: as the kernel knows it
 *
 * It may be gone: what was logged to take it back is dropped, and isolated code may not touch it.
 */
void fgft_consumed(struct fgft_call *call, const void *object)
{
	unsigned long address = (unsigned long)object;
	const struct fgft_range *range;

	if (!call)
		return;
	call->touched = true;
	fgft_log_cancel(&call->core.undo, address);
	range = fgft_ranges_find(&call->core.ranges, address);
	if (range && range->start == address)
		fgft_ranges_remove(&call->core.ranges, address, range->end - address);
}

/**
 * fgft_defer - an effect that happens when the call succeeds
 * @call: the running call, or NULL: then it happens now
 * @action: called with the call, or NULL
 * @a: for @action
 * @b: for @action
 * @c: for @action
 */
void fgft_defer(struct fgft_call *call, fgft_action_t action, unsigned long a, unsigned long b,
		unsigned long c)
{
	if (!call)
		action(NULL, a, b, c);
	else if (fgft_log_add(&call->core.deferred, action, a, b, c))
		fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "log of deferred effects", 0);
}

/**
 * fgft_refresh - see what others wrote
 * @call: the running call, or NULL
 *
 * After a kernel function that writes to an original, after a lock was taken.
 */
void fgft_refresh(struct fgft_call *call)
{
	if (!call)
		return;
	fgft_core_refresh(&call->core);
}

/**
 * fgft_publish_changes - let others see what the call wrote so far
 * @call: the running call
 * @place: FGFT_PLACE_OF_CALL
 *
 * An abort takes it back, unless somebody wrote another value since.
 */
void fgft_publish_changes(struct fgft_call *call, unsigned long place)
{
	fgft_settle(&call->core);
	if (!call->dirty)
		return;
	if (!fgft_validate(&call->core))
		fgft_fault(call, FGFT_BAD_VALUE, 0, 0, call->core.bad_field->name, place);
	if (fgft_core_publish(&call->core))
		fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "undo log", place);
	call->dirty = false;
}

/**
 * fgft_publish - hand over to the kernel: let others see what the call wrote so far
 * @call: the running call, or NULL
 * @place: FGFT_PLACE_OF_CALL
 *
 * Before a kernel function that reads an original, calls the driver back, or switches interrupts as
 * it believes them to be: locks that the suspect has released, and we have not, are released, too.
 */
void fgft_publish(struct fgft_call *call, unsigned long place)
{
	if (!call)
		return;
	fgft_locks_release_early(call, true, place);
	fgft_publish_changes(call, place);
}

/**
 * fgft_may_sleep - a kernel function that may sleep is about to be called
 * @call: the running call, or NULL
 * @what: name of the function
 * @place: FGFT_PLACE_OF_CALL
 *
 * Spinlocks that the suspect has released, and we have not, are released now, with what was written
 * under them.
 */
void fgft_may_sleep(struct fgft_call *call, const char *what, unsigned long place)
{
	if (!call)
		return;
	fgft_locks_release_early(call, false, place);
	if (in_atomic() || irqs_disabled())
		fgft_fault(call, FGFT_BAD_LOCK, 0, 0, what, place);
}

/**
 * fgft_release_locks - a kernel function that may call the driver back is about to be called
 * @call: the running call, or NULL
 * @place: FGFT_PLACE_OF_CALL
 *
 * Locks that the suspect has released, and we have not, are released now: the driver's functions
 * may take them.
 */
void fgft_release_locks(struct fgft_call *call, unsigned long place)
{
	if (call)
		fgft_locks_release_early(call, true, place);
}

/**
 * fgft_wait_begin - a wait for another context is about to begin
 * @call: the running call, or NULL
 * @what: name of the function
 * @place: FGFT_PLACE_OF_CALL
 *
 * What the call changed is published: the other side may need it to end the wait.
 */
void fgft_wait_begin(struct fgft_call *call, const char *what, unsigned long place)
{
	if (!call)
		return;
	fgft_publish(call, place);
	fgft_may_sleep(call, what, place);
	call->waiting_since = local_clock();
}

/**
 * fgft_wait_end - the wait is over
 * @call: the running call, or NULL
 */
void fgft_wait_end(struct fgft_call *call)
{
	if (call)
		call->waited += local_clock() - call->waiting_since;
	fgft_refresh(call);
}
