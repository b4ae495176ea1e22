// SPDX-License-Identifier: GPL-2.0
/*
 * The universal kernel stub. Arguments that point to copies reach the kernel as their originals,
 * with what the call has changed in them; what the kernel changed is read again afterwards; a
 * pointer that comes back may be used.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "fgft_call.h"
#include "fgft_gate.h"

/*
 * Registers and words that the function does not take hold anything, return addresses in isolated
 * code too: what has no native version stays as it is.
 */
static unsigned long outward(struct fgft_call *call, unsigned long value)
{
	return fgft_core_native(&call->core, fgft_translate_out(call, value));
}

/*
 * The kernel follows a pointer to a record or a string without a test: what leads nowhere must not
 * reach it. NULL and errors are values that it may expect.
 */
static void check_pointers(struct fgft_call *call, const struct fgft_gate_frame *frame, u32 flags)
{
	unsigned int i;

	for (i = 0; flags >> FGFT_GATE_POINTER_SHIFT && i < FGFT_GATE_REGISTERS; i++) {
		bool record = flags & BIT(FGFT_GATE_POINTER_SHIFT + i);
		bool string = flags & BIT(FGFT_GATE_STRING_SHIFT + i);
		unsigned long value = frame->registers[i];

		if ((!record && !string) || IS_ERR_OR_NULL((void *)value) ||
		    (string && value >= PAGE_SIZE && value < TASK_SIZE_MAX) ||
		    fgft_is_readable(value, 1))
			continue;
		fgft_fault(call, value < PAGE_SIZE ? FGFT_NULL_ACCESS : FGFT_BAD_ARGUMENT, value, 0,
			   frame->row->name, frame->place);
	}
}

static void call_later(struct fgft_call *call, unsigned long function, unsigned long arguments,
		       unsigned long atomic)
{
	unsigned long (*target)(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
				unsigned long e, unsigned long f);
	unsigned long *values = (unsigned long *)arguments;

	target = (void *)(atomic && (in_atomic() || irqs_disabled()) ? atomic : function);
	target(values[0], values[1], values[2], values[3], values[4], values[5]);
	kfree(values);
}

/*
 * What takes an effect back may sleep, or want interrupts on: where the call holds locks that it
 * began without, that waits until they are gone.
 */
static void take_back(struct fgft_call *call, unsigned long function, unsigned long arguments,
		      unsigned long atomic)
{
	bool was_atomic = call->preempt_count || irqs_disabled_flags(call->irq_flags);

	if (!was_atomic && (in_atomic() || irqs_disabled()) &&
	    !fgft_log_add(&call->core.deferred, call_later, function, arguments, atomic))
		return;
	call_later(call, function, arguments, atomic);
}

static void forget(struct fgft_call *call, unsigned long arguments, unsigned long unused,
		   unsigned long unused_too)
{
	kfree((void *)arguments);
}

/* Arguments for later. The calls of the log take three words, a kernel function up to six. */
static unsigned long *keep(struct fgft_call *call, const unsigned long *values, unsigned long place)
{
	unsigned long *kept = kmemdup(values, FGFT_GATE_REGISTERS * sizeof(*values), GFP_ATOMIC);

	if (!kept)
		fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "no memory to log a kernel call", place);
	return kept;
}

/* One argument of the function that takes the call back. */
static unsigned long undo_argument(const struct fgft_gate_frame *frame, u8 from,
				   unsigned long result)
{
	unsigned long value, word;

	if (from == FGFT_GATE_RESULT)
		return result;
	if (from & FGFT_GATE_CONSTANT)
		return from & ~FGFT_GATE_CONSTANT;
	value = frame->registers[min_t(u8, from & ~FGFT_GATE_POINTED, FGFT_GATE_REGISTERS - 1)];
	if (!(from & FGFT_GATE_POINTED))
		return value;
	return get_kernel_nofault(word, (unsigned long *)value) ? 0 : word;
}

/* The arguments of the function that a row names beside its own. */
static void arguments_of_other(const struct fgft_gate_frame *frame, unsigned long result,
			       unsigned long *values)
{
	const struct fgft_gate_row *row = frame->row;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(row->undo_arguments); i++)
		values[i] = undo_argument(frame, row->undo_arguments[i], result);
}

/* The function, or the one that stands for it then, is called when the call has succeeded. */
static void put_off(struct fgft_call *call, struct fgft_gate_frame *frame)
{
	unsigned long other[FGFT_GATE_REGISTERS] = { }, function = frame->function, *kept;

	if (frame->row->undo) {
		function = frame->row->undo;
		arguments_of_other(frame, 0, other);
		kept = keep(call, other, frame->place);
	} else {
		kept = keep(call, frame->registers, frame->place);
	}
	fgft_undo(call, forget, (unsigned long)kept, 0, 0);
	fgft_defer(call, call_later, function, (unsigned long)kept, 0);
	frame->function = 0;
	frame->registers[0] = !!(frame->row->flags & FGFT_GATE_RESULT_ONE);
}

/*
 * From here on a trap may be the kernel function's. One that waits is not left: others count on
 * what it has done so far.
 */
static void go_away(struct fgft_call *call, const struct fgft_gate_frame *frame, u32 flags)
{
	if (flags & FGFT_GATE_WAITS)
		return;
	fgft_go_away(call, frame->row ? frame->row->name : NULL, frame->place);
}

/**
 * fgft_gate_enter - before the kernel function
 * @frame: filled in by fgft_gate_entry.S but for @words; arguments are translated in it
 */
void fgft_gate_enter(struct fgft_gate_frame *frame)
{
	struct fgft_call *call = fgft_current();
	const struct fgft_gate_row *row = frame->row;
	u32 flags = row ? row->flags : 0;
	unsigned int i;

	for (i = 0; i < FGFT_GATE_WORDS; i++)
		frame->words[i] = frame->stack[i];
	if (!call)
		return;
	fgft_settle(&call->core);
	/* Now nothing sleeps or waits, and nobody sees what was written. */
	if (flags & FGFT_GATE_DEFERRED)
		flags = (flags & ~(FGFT_GATE_SLEEPS | FGFT_GATE_WAITS)) | FGFT_GATE_PURE;
	if (flags & FGFT_GATE_SLEEPS)
		fgft_may_sleep(call, row->name, frame->place);
	fgft_room(call, 2, frame->place);
	if (flags & FGFT_GATE_WAITS)
		fgft_wait_begin(call, row->name, frame->place);
	else if (!(flags & FGFT_GATE_PURE))
		fgft_publish(call, frame->place);
	for (i = 0; i < FGFT_GATE_REGISTERS; i++)
		frame->registers[i] = outward(call, frame->registers[i]);
	for (i = 0; i < FGFT_GATE_WORDS; i++)
		frame->words[i] = outward(call, frame->words[i]);
	check_pointers(call, frame, flags);
	if (flags & FGFT_GATE_DEFERRED)
		put_off(call, frame);
	else
		go_away(call, frame, flags);
}

static void log_undo(struct fgft_call *call, const struct fgft_gate_frame *frame,
		     unsigned long result)
{
	const struct fgft_gate_row *row = frame->row;
	unsigned long values[FGFT_GATE_REGISTERS] = { }, *kept;

	if (!row || !row->undo ||
	    !(row->flags & (result ? FGFT_GATE_UNDO_NONZERO : FGFT_GATE_UNDO_ZERO)))
		return;
	/* What would be freed is an error instead. */
	if ((row->flags & FGFT_GATE_UNDO) == FGFT_GATE_UNDO_NONZERO && IS_ERR_VALUE(result))
		return;
	arguments_of_other(frame, result, values);
	kept = keep(call, values, frame->place);
	fgft_undo(call, take_back, row->undo, (unsigned long)kept, row->undo_atomic);
	fgft_defer(call, forget, (unsigned long)kept, 0, 0);
}

/**
 * fgft_gate_undoes - would an abort call a kernel function?
 * @call: the running call
 * @function: what takes back what the call has done
 * @first: its first argument
 *
 * Return: true if the call has done it and not taken it back itself.
 */
bool fgft_gate_undoes(const struct fgft_call *call, unsigned long function, unsigned long first)
{
	const struct fgft_log *undo = &call->core.undo;
	u16 i;

	for (i = undo->count; i > 0; i--) {
		const struct fgft_effect *effect = &undo->effects[i - 1];

		if (effect->action == take_back && effect->a == function &&
		    *(unsigned long *)effect->b == first)
			return true;
	}
	return false;
}

/*
 * Memory that was allocated, of whichever kind: skb_put() gives a place in a page. The kernel's own
 * image, which page numbers are known for as well, is none.
 */
static bool is_memory(unsigned long address)
{
	void *pointer = (void *)address;

	return !IS_ERR_OR_NULL(pointer) && address < __START_KERNEL_map &&
	       virt_addr_valid(pointer) && !PageReserved(virt_to_page(pointer));
}

/* Is the result taken back as a whole? Then what it leads to need not be logged byte by byte. */
static bool is_new(const struct fgft_gate_row *row)
{
	unsigned int i;

	if (!row || !row->undo)
		return false;
	for (i = 0; i < ARRAY_SIZE(row->undo_arguments); i++)
		if (row->undo_arguments[i] == FGFT_GATE_RESULT)
			return true;
	return false;
}

/* What a pointer in new memory leads to: the data of a packet. */
static void follow_new(struct fgft_call *call, void *field)
{
	void *pointer = *(void **)field;

	if (IS_ERR_OR_NULL(pointer) || !virt_addr_valid(pointer) ||
	    fgft_copy_of(call, pointer) != pointer)
		return;
	fgft_allow(call, pointer, fgft_extent(pointer), FGFT_READ | FGFT_WRITE);
}

/**
 * fgft_gate_leave - after the kernel function
 * @frame: as it was for the call
 * @result: what the function returned
 *
 * Return: the result as isolated code may use it.
 */
unsigned long fgft_gate_leave(struct fgft_gate_frame *frame, unsigned long result)
{
	struct fgft_call *call = fgft_current();
	u32 flags = frame->row ? frame->row->flags : 0;
	unsigned long inward;

	if (!call)
		return result;
	WRITE_ONCE(call->away.place, 0);
	if (!(flags & FGFT_GATE_DEFERRED))
		log_undo(call, frame, result);
	if (flags & FGFT_GATE_WAITS)
		fgft_wait_end(call);
	else if (!(flags & FGFT_GATE_PURE))
		fgft_refresh(call);
	inward = fgft_translate_in(call, result);
	if (inward != result || (flags & FGFT_GATE_NUMBER))
		return inward;
	if (flags & FGFT_GATE_FRESH && !IS_ERR_OR_NULL((void *)result))
		fgft_allow_follow(call, (void *)result,
				  frame->registers[flags >> FGFT_GATE_SIZE_SHIFT & 7],
				  FGFT_READ | FGFT_WRITE, fgft_follow_object);
	else if (is_memory(result))
		fgft_allow_follow(call, (void *)result, fgft_extent((void *)result),
				  FGFT_READ | FGFT_WRITE | FGFT_LOGGED,
				  is_new(frame->row) ? follow_new : fgft_follow_object);
	return result;
}
