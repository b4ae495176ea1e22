// SPDX-License-Identifier: GPL-2.0
/*
 * What a call did to the world and how to take it back; what it asked for and gets only when it
 * succeeds.
 */
#include "fgft_core.h"

/**
 * fgft_log_has_room - do so many more effects fit?
 * @log: the log
 * @effects: number
 *
 * Asked before an effect is made, so that one that was made can always be logged.
 */
bool fgft_log_has_room(struct fgft_log *log, u16 effects)
{
	struct fgft_effect *more;

	if (log->capacity - log->count >= effects)
		return true;
	more = fgft_table_grow(log->effects, &log->capacity, &log->own, sizeof(*more));
	if (!more)
		return false;
	log->effects = more;
	return log->capacity - log->count >= effects;
}

/**
 * fgft_log_is_last - was this logged last?
 * @log: the log
 * @action: the action
 * @a: its first argument
 * @c: its last argument
 *
 * Return: true if the newest effect is this one, whatever its second argument.
 */
bool fgft_log_is_last(const struct fgft_log *log, fgft_action_t action, unsigned long a,
		      unsigned long c)
{
	const struct fgft_effect *last;

	if (!log->count)
		return false;
	last = &log->effects[log->count - 1];
	return last->action == action && last->a == a && last->c == c;
}

/**
 * fgft_log_clear - forget all effects
 * @log: the log
 */
void fgft_log_clear(struct fgft_log *log)
{
	log->count = 0;
	log->effects = fgft_table_shrink(log->effects, &log->capacity, &log->own);
}

/**
 * fgft_log_add - log an effect
 * @log: the log
 * @action: what to do when the log is walked
 * @a: for @action
 * @b: for @action
 * @c: for @action
 *
 * Return: 0; -ENOSPC if the log is full.
 */
int fgft_log_add(struct fgft_log *log, fgft_action_t action, unsigned long a, unsigned long b,
		 unsigned long c)
{
	if (!fgft_log_has_room(log, 1))
		return -ENOSPC;
	log->effects[log->count++] =
		(struct fgft_effect){ .action = action, .a = a, .b = b, .c = c };
	return 0;
}

static void write_back(struct fgft_call *call, unsigned long address, unsigned long bytes,
		       unsigned long length)
{
	memcpy((void *)address, &bytes, length);
}

static void nothing(struct fgft_call *call, unsigned long a, unsigned long b, unsigned long c)
{
}

/**
 * fgft_log_cancel - the effects on one object are not to be taken back any more
 * @log: the log
 * @value: what one of the arguments of the actions is
 *
 * Stores in memory stay logged: their arguments are bytes, which may look like anything.
 */
void fgft_log_cancel(struct fgft_log *log, unsigned long value)
{
	u16 i;

	for (i = 0; i < log->count; i++) {
		struct fgft_effect *effect = &log->effects[i];

		if (effect->action == write_back)
			continue;
		if (effect->a == value || effect->b == value || effect->c == value)
			effect->action = nothing;
	}
}

/**
 * fgft_undo_holds - has the call stored there, where it is?
 * @core: the call's data
 * @address: first byte
 * @length: bytes
 *
 * Return: true if one of the bytes was written.
 */
bool fgft_undo_holds(const struct fgft_core *core, unsigned long address, u32 length)
{
	u16 i;

	for (i = 0; i < core->undo.count; i++) {
		const struct fgft_effect *effect = &core->undo.effects[i];

		if (effect->action == write_back && effect->a < address + length &&
		    address < effect->a + effect->c)
			return true;
	}
	return false;
}

/**
 * fgft_log_forwards - run all actions in order and empty the log
 * @log: the log
 * @call: for the actions
 */
void fgft_log_forwards(struct fgft_log *log, struct fgft_call *call)
{
	u16 i;

	for (i = 0; i < log->count; i++)
		log->effects[i].action(call, log->effects[i].a, log->effects[i].b,
				       log->effects[i].c);
	log->count = 0;
}

/**
 * fgft_log_backwards - run all actions, the last one first, and empty the log
 * @log: the log
 * @call: for the actions
 */
void fgft_log_backwards(struct fgft_log *log, struct fgft_call *call)
{
	while (log->count) {
		const struct fgft_effect effect = log->effects[--log->count];

		effect.action(call, effect.a, effect.b, effect.c);
	}
}

/**
 * fgft_undo_store - remember memory that is about to be written in place
 * @core: the call's data
 * @address: first byte
 * @length: bytes
 *
 * A store that was logged lately is not logged again: the first of its values is the one that
 * counts.
 *
 * Return: 0; -ENOSPC if the log has no room: then nothing was logged and the store must not happen.
 */
int fgft_undo_store(struct fgft_core *core, unsigned long address, u32 length)
{
	unsigned long key = address ^ ((unsigned long)length << 56);
	unsigned long *seen = &core->logged[(address / 4) % FGFT_LOGGED_SLOTS];
	u32 at, piece;

	if (*seen == key)
		return 0;
	if (length / sizeof(unsigned long) >= 0xffff ||
	    !fgft_log_has_room(&core->undo, (u16)(length / sizeof(unsigned long) + 1)))
		return -ENOSPC;
	*seen = key;
	core->has_logged = true;
	for (at = 0; at < length; at += piece) {
		unsigned long bytes = 0;

		piece = min_t(u32, length - at, sizeof(bytes));
		memcpy(&bytes, (void *)(address + at), piece);
		fgft_log_add(&core->undo, write_back, address + at, bytes, piece);
	}
	return 0;
}

/**
 * fgft_reason_text - why a call ended, for people
 * @reason: the reason
 *
 * Return: constant text without a full stop.
 */
const char *fgft_reason_text(enum fgft_reason reason)
{
	static const char *const texts[FGFT_REASONS] = {
		[FGFT_NO_FAULT] = "no fault",
		[FGFT_BAD_READ] = "read outside the marshaled fields",
		[FGFT_BAD_WRITE] = "write outside the marshaled fields",
		[FGFT_READ_ONLY] = "write to a field that may only be read",
		[FGFT_NULL_ACCESS] = "NULL pointer access",
		[FGFT_BAD_IO] = "device access outside the device's registers",
		[FGFT_BAD_ARGUMENT] = "bad argument to a kernel function",
		[FGFT_BAD_VALUE] = "value outside its limits",
		[FGFT_BAD_CALL] = "call through a bad function pointer",
		[FGFT_BAD_LOCK] = "misuse of a lock",
		[FGFT_BAD_FREE] = "bad free",
		[FGFT_RUNAWAY] = "runaway loop",
		[FGFT_TABLE_FULL] = "table of the call is full",
		[FGFT_STACK_SMASHED] = "stack smashed",
		[FGFT_PAGE_FAULT] = "page fault",
		[FGFT_DIVIDE] = "divide error",
		[FGFT_INVALID_OPCODE] = "invalid opcode or BUG",
		[FGFT_PROTECTION] = "general protection fault",
		[FGFT_STACK_SEGMENT] = "stack segment fault",
		[FGFT_OTHER_TRAP] = "processor trap",
		[FGFT_KERNEL_TRAP] = "trap in a kernel function",
	};

	if ((unsigned int)reason >= FGFT_REASONS)
		return "unknown";
	return texts[reason];
}
