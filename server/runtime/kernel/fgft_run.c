// SPDX-License-Identifier: GPL-2.0
/*
 * A call from its start to its end.
 */
#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/log2.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>

#include "fgft_call.h"

/**
 * fgft_begin - begin to marshal a call
 * @entry: the entry point
 *
 * Every fgft_begin() must be followed by one fgft_run().
 *
 * Return: the call; NULL or a call that has failed if there is no memory for one.
 */
struct fgft_call *fgft_begin(struct fgft_entry *entry)
{
	struct fgft_call *call = fgft_pool_get(entry);

	if (call->core.error)
		return call;
	call->phase = FGFT_MARSHALING;
	call->budget = fgft_budget(entry);
	call->passed = 0;
	call->rcu_depth = rcu_preempt_depth();
	call->preempt_count = preempt_count();
	call->context = fgft_context_now();
	local_save_flags(call->irq_flags);
	call->irq_on = !irqs_disabled();
	return call;
}

/**
 * fgft_failed - has marshaling failed?
 * @call: the call, or NULL
 *
 * Return: true if nothing that was shared may be touched and fgft_run() will not run the call.
 */
bool fgft_failed(const struct fgft_call *call)
{
	return !call || call->core.error;
}

/**
 * fgft_give_up - marshaling cannot go on
 * @call: the call, or NULL
 * @error: negative error number
 * @what: constant text for the log
 */
void fgft_give_up(struct fgft_call *call, int error, const char *what)
{
	if (call && !call->core.error)
		fgft_core_fail(&call->core, error, what);
}

static int fall_back(struct fgft_call *call, int error, const char *what)
{
	bool fail;

	if (!call)
		return FGFT_NATIVE;
	fail = call->entry->flags & FGFT_FALLBACK_FAIL;
	this_cpu_inc(call->entry->statistics->fallbacks);
	fgft_report_fallback(call, error, what);
	fgft_pool_put(call);
	return fail ? FGFT_FAILED : FGFT_NATIVE;
}

/*
 * The state of the processor as it was when the call began; all of the call's own locks are
 * released.
 */
static void restore_processor(const struct fgft_call *call)
{
	while (rcu_preempt_depth() > call->rcu_depth)
		__rcu_read_unlock();
	local_irq_restore(call->irq_flags);
	if (!irqs_disabled())
		while (softirq_count() > (call->preempt_count & SOFTIRQ_MASK))
			local_bh_enable();
	if (preempt_count() != call->preempt_count)
		preempt_count_set(call->preempt_count);
}

/*
 * What isolated code must leave as it found it. Locks hold preemption and bottom halves off until
 * they are dropped.
 */
static bool is_balanced(const struct fgft_call *call)
{
	if (!fgft_locks_balanced(call))
		return false;
	if (call->lock_count)
		return rcu_preempt_depth() == call->rcu_depth;
	return rcu_preempt_depth() == call->rcu_depth && preempt_count() == call->preempt_count;
}

static bool may_commit(struct fgft_call *call)
{
	struct fgft_fault *fault = &call->fault;

	fgft_settle(&call->core);
	if (!is_balanced(call)) {
		*fault = (struct fgft_fault){
			.reason = FGFT_BAD_LOCK,
			.when = local_clock(),
			.detail = "returned with a lock held, or RCU or preemption unbalanced"
		};
		return false;
	}
	if (!fgft_validate(&call->core)) {
		*fault = (struct fgft_fault){ .reason = FGFT_BAD_VALUE,
					      .when = local_clock(),
					      .detail = call->core.bad_field->name };
		return false;
	}
	return true;
}

static void commit(struct fgft_call *call)
{
	fgft_copy_out(&call->core);
	fgft_locks_drop(call, true);
	restore_processor(call);
	/* What was put off may come back into the driver, and take the same locks. */
	fgft_log_forwards(&call->core.deferred, call);
	/* Freeing may take long and needs none of the locks. */
	fgft_blocks_commit(call);
}

/*
 * Sets the device up anew where the log of writes could not bring it back, or always if the entry
 * point says so.
 */
static void restore_device(struct fgft_call *call, void *arguments)
{
	struct fgft_entry *entry = call->entry;
	bool needed = call->device_changed || !(entry->flags & FGFT_RESTORE_NEEDED);
	bool possible = entry->restore && !(entry->flags & FGFT_RESTORE_SLEEPS &&
					    (in_atomic() || irqs_disabled()));

	if (!needed)
		return;
	if (possible && !entry->restore(arguments, call->state))
		this_cpu_inc(entry->statistics->restores);
	else if (call->device_changed)
		this_cpu_inc(entry->statistics->unrestored);
}

/*
 * Memory, registers and kernel objects go back first, in the reverse order of the effects, while
 * the locks that protect them are held. What must not be done under locks follows, and then what
 * the log cannot bring back, so that its code sees the driver's data as they were.
 */
static void roll_back(struct fgft_call *call, void *arguments)
{
	bool locked = call->lock_count && !(call->entry->flags & FGFT_RESTORE_UNLOCKED);

	this_cpu_inc(call->entry->statistics->faults);
	fgft_settle(&call->core);
	/* What was put off does not happen; what must not be undone under locks takes its place. */
	call->core.deferred.count = 0;
	fgft_log_backwards(&call->core.undo, call);
	if (locked)
		restore_device(call, arguments);
	fgft_locks_drop(call, false);
	restore_processor(call);
	fgft_log_forwards(&call->core.deferred, call);
	if (!locked)
		restore_device(call, arguments);
	fgft_blocks_abort(call);
	fgft_report_fault(call);
}

static void count_call(struct fgft_call *call)
{
	struct fgft_statistics __percpu *statistics = call->entry->statistics;
	u64 spent = local_clock() - call->started;

	this_cpu_inc(statistics->calls);
	this_cpu_add(statistics->checks, fgft_budget(call->entry) - call->budget);
	this_cpu_inc(statistics->histogram[min(ilog2(spent | 1), 31)]);
}

/**
 * fgft_run - run a call that was marshaled
 * @call: from fgft_begin()
 * @body: calls the suspect function and keeps its result
 * @arguments: for @body, and for the entry point's checkpoint and restore functions
 *
 * Ends the call: it must not be used any more.
 *
 * Return: FGFT_DONE, FGFT_FAILED if it faulted (or could not be isolated and the entry point says
 * FGFT_FALLBACK_FAIL), FGFT_NATIVE if it never ran and the native function is to be called.
 */
int fgft_run(struct fgft_call *call, void (*body)(void *arguments), void *arguments)
{
	bool done, again;
	int rc;

	if (fgft_failed(call))
		return fall_back(call, call ? call->core.error : -EBUSY,
				 call ? call->core.error_place : "");
	fgft_core_link(&call->core);
	if (call->entry->checkpoint) {
		rc = call->entry->checkpoint(arguments, call->state);
		if (rc)
			return fall_back(call, rc, "checkpoint");
	}
	rc = fgft_context_push(call);
	if (rc)
		return fall_back(call, rc, "table of tasks");
	call->started = local_clock();
	call->runtime = current->se.sum_exec_runtime;
	call->waited = 0;
	call->phase = FGFT_RUNNING;
	done = !fgft_enter(call, body, arguments);
	call->phase = FGFT_ENDING;
	done = done && may_commit(call);
	if (done)
		commit(call);
	else
		roll_back(call, arguments);
	fgft_context_pop(call);
	if (!done)
		fgft_report_recovery(call);
	count_call(call);
	/*
	 * A table that was too small says nothing about the driver: what left no trace may run
	 * natively.
	 */
	again = !done && call->fault.reason == FGFT_TABLE_FULL && !call->touched &&
		!(call->entry->flags & FGFT_FALLBACK_FAIL);
	if (again)
		this_cpu_inc(call->entry->statistics->fallbacks);
	fgft_pool_put(call);
	if (done)
		return FGFT_DONE;
	return again ? FGFT_NATIVE : FGFT_FAILED;
}

/**
 * fgft_run_guarded - run the native function in place of a call that failed
 * @entry: the entry point
 * @body: calls the native function and keeps its result
 * @arguments: for @body
 *
 * For the kernel takes no error and goes on as if the call had succeeded. What made the call fail
 * may be in the driver's data, and then the native function meets it, too: a trap ends it where it
 * holds no spinlock. Nothing is taken back then.
 *
 * Return: false if it trapped: it has no result.
 */
bool fgft_run_guarded(struct fgft_entry *entry, void (*body)(void *arguments), void *arguments)
{
	struct fgft_call *call = fgft_begin(entry);
	bool done;

	if (!call || call->core.error || fgft_context_push(call)) {
		body(arguments);
		if (call)
			fgft_pool_put(call);
		return true;
	}
	fgft_go_away(call, "in the native function that ran instead", (unsigned long)body);
	call->phase = FGFT_GUARDED;
	done = !fgft_enter(call, body, arguments);
	call->phase = FGFT_ENDING;
	call->away.place = 0;
	if (!done) {
		restore_processor(call);
		this_cpu_inc(entry->statistics->faults);
		fgft_report_fault(call);
	}
	fgft_context_pop(call);
	fgft_pool_put(call);
	return done;
}

/**
 * fgft_fault - end a call at a fault
 * @call: the running call, or NULL
 * @reason: why
 * @address: what was touched or given
 * @size: bytes of the access, or 0
 * @detail: constant text, or NULL
 * @place: instruction in isolated code
 *
 * Does not return, unless @call is NULL or is not running. The compiler is not told so: objtool
 * would then expect nothing behind the call of a function in another object that it cannot know
 * never returns.
 */
void fgft_fault(struct fgft_call *call, enum fgft_reason reason, unsigned long address, u32 size,
		const char *detail, unsigned long place)
{
	if (!call)
		return;
	if (call->phase != FGFT_RUNNING) {
		fgft_core_fail(&call->core, -EFAULT, detail ? detail : fgft_reason_text(reason));
		return;
	}
	call->fault = (struct fgft_fault){
		.reason = reason,
		.size = size,
		.address = address,
		.place = place,
		.detail = detail,
		.when = local_clock(),
	};
	fgft_abort(call);
}
