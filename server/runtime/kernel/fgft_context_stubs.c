// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of what changes the state of the processor, waits or ends the call.
 */
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <asm/processor-flags.h>

#include "fgft_call.h"

#define PLACE	FGFT_PLACE_OF_CALL

FGFT_STUB(void, __rcu_read_lock, void)
{
	__rcu_read_lock();
}

FGFT_STUB(void, __rcu_read_unlock, void)
{
	struct fgft_call *call = fgft_current();

	if (call && rcu_preempt_depth() <= call->rcu_depth)
		fgft_fault(call, FGFT_BAD_LOCK, 0, 0, "rcu_read_unlock() without rcu_read_lock()",
			   PLACE);
	__rcu_read_unlock();
}

/* Interrupts stay off while a lock is held that isolated code has released and we have not. */
static void set_interrupts(bool on)
{
	struct fgft_call *call = fgft_current();

	if (call)
		fgft_irq_set(call, on);
	else if (on)
		local_irq_enable();
	else
		local_irq_disable();
}

FGFT_STUB(void, local_irq_enable, void)
{
	set_interrupts(true);
}

FGFT_STUB(void, local_irq_disable, void)
{
	set_interrupts(false);
}

FGFT_STUB(unsigned long, local_irq_save, void)
{
	const struct fgft_call *call = fgft_current();
	unsigned long flags;

	local_save_flags(flags);
	if (call && call->irq_on)
		flags |= X86_EFLAGS_IF;
	set_interrupts(false);
	return flags;
}

FGFT_STUB(void, local_irq_restore, unsigned long flags)
{
	set_interrupts(!irqs_disabled_flags(flags));
}

/* As with interrupts: a spinlock that bottom halves take, too, may still be held. */
FGFT_STUB(void, __local_bh_enable_ip, unsigned long ip, unsigned int count)
{
	struct fgft_call *call = fgft_current();

	if (call && fgft_lock_pending(call))
		call->bh_owed++;
	else
		__local_bh_enable_ip(ip, count);
}

/* Delays: of the same length, but not without end. */
static void spend(void)
{
	fgft_need(fgft_current(), NULL, 0, FGFT_READ, "delay", PLACE);
}

FGFT_STUB(void, __const_udelay, unsigned long loops)
{
	spend();
	__const_udelay(loops);
}

FGFT_STUB(void, __udelay, unsigned long microseconds)
{
	spend();
	__udelay(microseconds);
}

FGFT_STUB(void, __ndelay, unsigned long nanoseconds)
{
	spend();
	__ndelay(nanoseconds);
}

FGFT_STUB(void, msleep, unsigned int milliseconds)
{
	struct fgft_call *call = fgft_current();

	fgft_wait_begin(call, "msleep", PLACE);
	msleep(milliseconds);
	fgft_wait_end(call);
}

FGFT_STUB(void, usleep_range_state, unsigned long least, unsigned long most, unsigned int state)
{
	struct fgft_call *call = fgft_current();

	fgft_wait_begin(call, "usleep_range", PLACE);
	usleep_range_state(least, most, state);
	fgft_wait_end(call);
}

FGFT_STUB(void, __might_sleep, const char *file, int line)
{
}

FGFT_STUB(void, __might_resched, const char *file, int line, unsigned int offsets)
{
}

FGFT_STUB(void, __stack_chk_fail, void)
{
	struct fgft_call *call = fgft_current();

	fgft_fault(call, FGFT_STACK_SMASHED, 0, 0, NULL, PLACE);
	/* Only if there is no call to end. */
	panic("stack of isolated code smashed outside a call");
}

/* User memory. The kernel's check of the object is made by the range table, exactly. */
FGFT_STUB(void, __check_object_size, const void *pointer, unsigned long length, bool to_user)
{
	fgft_need(fgft_current(), pointer, length, to_user ? FGFT_READ : FGFT_WRITE, "user copy",
		  PLACE);
}

FGFT_STUB(unsigned long, _copy_from_user, void *to, const void __user *from, unsigned long length)
{
	struct fgft_call *call = fgft_current();

	fgft_need(call, to, length, FGFT_WRITE, "destination", PLACE);
	fgft_may_sleep(call, "copy_from_user", PLACE);
	return _copy_from_user(to, from, length);
}

FGFT_STUB(unsigned long, _copy_to_user, void __user *to, const void *from, unsigned long length)
{
	struct fgft_call *call = fgft_current();

	fgft_need(call, from, length, FGFT_READ, "source", PLACE);
	fgft_may_sleep(call, "copy_to_user", PLACE);
	return _copy_to_user(to, from, length);
}

/* The list checks of hardened kernels: a broken list is a fault here, not a report. */
static bool list_links(const struct list_head *prev, const struct list_head *next,
		       unsigned long place)
{
	struct fgft_call *call = fgft_current();

	fgft_need(call, &prev->next, sizeof(prev->next), FGFT_READ, "list", place);
	fgft_need(call, &next->prev, sizeof(next->prev), FGFT_READ, "list", place);
	return prev->next == next && next->prev == prev;
}

static bool may_add(const struct list_head *new, const struct list_head *prev,
		    const struct list_head *next, unsigned long place)
{
	if (!list_links(prev, next, place) || new == prev || new == next)
		fgft_fault(fgft_current(), FGFT_BAD_VALUE, (unsigned long)new, 0, "list is broken",
			   place);
	return true;
}

static bool may_delete(const struct list_head *entry, unsigned long place)
{
	fgft_need(fgft_current(), entry, sizeof(*entry), FGFT_READ, "list", place);
	if (!list_links(entry->prev, entry, place) || !list_links(entry, entry->next, place))
		fgft_fault(fgft_current(), FGFT_BAD_VALUE, (unsigned long)entry, 0,
			   "list is broken", place);
	return true;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
FGFT_STUB(bool, __list_add_valid_or_report, struct list_head *new, struct list_head *prev,
	  struct list_head *next)
#else
FGFT_STUB(bool, __list_add_valid, struct list_head *new, struct list_head *prev,
	  struct list_head *next)
#endif
{
	return may_add(new, prev, next, PLACE);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
FGFT_STUB(bool, __list_del_entry_valid_or_report, struct list_head *entry)
#else
FGFT_STUB(bool, __list_del_entry_valid, struct list_head *entry)
#endif
{
	return may_delete(entry, PLACE);
}
