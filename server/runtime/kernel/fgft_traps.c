// SPDX-License-Identifier: GPL-2.0
/*
 * Faults of the processor, without a change to the kernel.
 *
 * Most traps reach the die notifiers before anything is printed. A page fault at an address that
 * nothing maps does not: its notifier comes after the report and the taint. So a kprobe stands at
 * the head of page_fault_oops(), which every such fault goes through, and sends it home when the
 * fault is ours.
 */
#include <linux/kdebug.h>
#include <linux/kprobes.h>
#include <linux/ptrace.h>
#include <linux/sched/clock.h>
#include <asm/processor-flags.h>
#include <asm/trapnr.h>

#include "fgft_call.h"

/* What the one who tells us of a trap has added to the counts of the code that trapped. */
struct catcher {
	int preempt_count;
	int rcu_depth;
};

static enum fgft_reason trap_reason(long trap)
{
	switch (trap) {
	case X86_TRAP_DE:
		return FGFT_DIVIDE;
	case X86_TRAP_UD:
		return FGFT_INVALID_OPCODE;
	case X86_TRAP_SS:
		return FGFT_STACK_SEGMENT;
	case X86_TRAP_GP:
		return FGFT_PROTECTION;
	default:
		return FGFT_OTHER_TRAP;
	}
}

/* The instruction in isolated code that is to blame, 0 if none is. */
static unsigned long place_of(struct pt_regs *regs)
{
	unsigned long caller;

	if (user_mode(regs))
		return 0;
	if (fgft_is_suspect_text(regs->ip))
		return regs->ip;
	/*
	 * A call to a bad address traps there. The return address on top of the stack says who
	 * called; an address that is kernel text would be a trap of that function.
	 */
	if (regs->sp & 7 || fgft_is_executable(regs->ip))
		return 0;
	caller = *(unsigned long *)regs->sp;
	return fgft_is_suspect_text(caller) ? caller : 0;
}

/*
 * The call of a kernel function that trapped, 0 if the trap is none of ours. Where the function, or
 * an interrupt on top of it, holds a spinlock or is in a read section, nobody but itself can leave
 * it; interrupts that are off come on again when the call is aborted.
 */
static unsigned long __kprobes place_of_kernel_call(const struct fgft_call *call,
						    struct pt_regs *regs,
						    const struct catcher *by)
{
	const struct fgft_away *away = &call->away;

	if (user_mode(regs) || !READ_ONCE(away->place) ||
	    away->preempt_count != preempt_count() - by->preempt_count ||
	    away->rcu_depth != rcu_preempt_depth() - by->rcu_depth)
		return 0;
	return away->place;
}

/* If a trap belongs to a call, the return from the trap is made to end the call. */
static bool __kprobes take(struct pt_regs *regs, enum fgft_reason reason, unsigned long address,
			   const struct catcher *by)
{
	struct fgft_call *call = fgft_running_call();
	unsigned long place = place_of(regs);
	const char *detail = NULL;

	if (!call || (call->phase != FGFT_RUNNING && call->phase != FGFT_GUARDED))
		return false;
	if (place && place != regs->ip) {
		reason = FGFT_BAD_CALL;
	} else if (place && reason == FGFT_PAGE_FAULT && address < PAGE_SIZE) {
		reason = FGFT_NULL_ACCESS;
	} else if (!place) {
		place = place_of_kernel_call(call, regs, by);
		if (!place)
			return false;
		if (call->phase == FGFT_RUNNING)
			reason = FGFT_KERNEL_TRAP;
		detail = call->away.name;
	}
	call->away.place = 0;
	call->fault = (struct fgft_fault){ .reason = reason, .address = address, .place = place,
					  .trap = place == regs->ip, .detail = detail,
					  .when = local_clock() };
	regs->di = (unsigned long)call;
	regs->ip = (unsigned long)fgft_abort;
	regs->flags &= ~(X86_EFLAGS_DF | X86_EFLAGS_AC);
	return true;
}

static int __kprobes on_die(struct notifier_block *block, unsigned long event, void *data)
{
	/* The chain is called in a read section. */
	static const struct catcher by = { .rcu_depth = 1 };
	struct die_args *args = data;

	if ((event == DIE_TRAP || event == DIE_GPF) &&
	    take(args->regs, event == DIE_GPF ? FGFT_PROTECTION : trap_reason(args->trapnr), 0,
		 &by))
		return NOTIFY_STOP;
	return NOTIFY_DONE;
}

static struct notifier_block die_block = {
	.notifier_call = on_die,
	.priority = INT_MAX - 1,
};

/* page_fault_oops(regs, error_code, address) */
static int __kprobes before_oops(struct kprobe *probe, struct pt_regs *regs)
{
	/* Called from the function's head, or by a breakpoint there, which counts as an NMI. */
	const struct catcher by = {
		.preempt_count = PREEMPT_OFFSET +
				 (kprobe_ftrace(probe) ? 0 : NMI_OFFSET + HARDIRQ_OFFSET),
	};

	if (!take((struct pt_regs *)regs->di, FGFT_PAGE_FAULT, regs->dx, &by))
		return 0;
	regs->ip = (unsigned long)fgft_return;
	return 1;
}

/*
 * A probe with a post handler is not turned into a jump, whose handler could not change where it
 * returns to.
 */
static void after_oops(struct kprobe *probe, struct pt_regs *regs, unsigned long flags)
{
}

static struct kprobe oops_probe = {
	.symbol_name = "page_fault_oops",
	.pre_handler = before_oops,
	.post_handler = after_oops,
};

/**
 * fgft_traps_register - begin to catch traps of isolated code
 *
 * Return: 0 or a negative error number: then nothing is caught and no entry point may be isolated.
 */
int fgft_traps_register(void)
{
	int rc = register_die_notifier(&die_block);

	if (rc)
		return rc;
	rc = register_kprobe(&oops_probe);
	if (rc)
		unregister_die_notifier(&die_block);
	return rc;
}

/**
 * fgft_traps_unregister - stop catching traps; no call may be running
 */
void fgft_traps_unregister(void)
{
	unregister_kprobe(&oops_probe);
	unregister_die_notifier(&die_block);
}
