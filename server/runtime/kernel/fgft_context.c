// SPDX-License-Identifier: GPL-2.0
/*
 * Which call is running here?
 *
 * Calls are found by the task that they run on, because a call in process context may sleep and
 * move to another processor. A call that interrupts another one on the same task, or is called from
 * it, stands before it in a chain.
 */
#include <linux/irqflags.h>
#include <linux/sched.h>

#include "fgft_call.h"

#define SLOT_BITS	10
#define PROBES		16

struct slot {
	struct task_struct *task;
	struct fgft_call *top;
};

static struct slot slots[(1 << SLOT_BITS) + PROBES] ____cacheline_aligned;

static __always_inline struct slot *first_slot(const struct task_struct *task)
{
	/* Tasks are aligned to 64 bytes; the multiplier is 2^64 divided by the golden ratio. */
	return &slots[((unsigned long)task >> 6) * 0x9e3779b97f4a7c15UL >> (64 - SLOT_BITS)];
}

static __always_inline struct slot *find_slot(const struct task_struct *task)
{
	struct slot *slot = first_slot(task);
	unsigned int i;

	for (i = 0; i < PROBES; i++)
		if (READ_ONCE(slot[i].task) == task)
			return &slot[i];
	return NULL;
}

/**
 * fgft_running_call - the call whose code runs on this stack
 *
 * Return: the call; NULL if there is none, or if an interrupt stands between it and us.
 */
struct fgft_call *fgft_running_call(void)
{
	struct slot *slot = find_slot(current);
	struct fgft_call *call = slot ? slot->top : NULL;

	if (unlikely(!call || call->context != fgft_context_now()))
		return NULL;
	return call;
}

/**
 * fgft_current - the call that isolated code belongs to
 *
 * Return: the call; NULL outside any.
 */
struct fgft_call *fgft_current(void)
{
	struct fgft_call *call = fgft_running_call();

	return call && call->phase == FGFT_RUNNING ? call : NULL;
}

/**
 * fgft_context_push - a call begins to run on this task
 * @call: the call
 *
 * Return: 0; -EBUSY if too many tasks run calls at once.
 */
int fgft_context_push(struct fgft_call *call)
{
	struct slot *slot;
	unsigned long flags;
	unsigned int i;

	/* An interrupt that runs a call of its own here must find the slot either taken or free. */
	local_irq_save(flags);
	slot = find_slot(current);
	for (i = 0; !slot && i < PROBES; i++) {
		struct slot *candidate = first_slot(current) + i;

		if (!READ_ONCE(candidate->task) && !cmpxchg(&candidate->task, NULL, current))
			slot = candidate;
	}
	if (slot) {
		call->outer = slot->top;
		slot->top = call;
	}
	local_irq_restore(flags);
	return slot ? 0 : -EBUSY;
}

/**
 * fgft_context_pop - a call has ended
 * @call: the call that was pushed last on this task
 */
void fgft_context_pop(struct fgft_call *call)
{
	struct slot *slot;
	unsigned long flags;

	local_irq_save(flags);
	slot = find_slot(current);
	slot->top = call->outer;
	if (!call->outer) {
		/* whoever takes the slot next must see its chain empty */
		smp_store_release(&slot->task, NULL);
	}
	local_irq_restore(flags);
}
