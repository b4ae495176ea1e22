// SPDX-License-Identifier: GPL-2.0
/*
 * Meeting others in the middle of a call: reading again what they changed, and showing them what
 * the call changed.
 */
#include "fgft_units.h"

/* Of a unit that is no number, the bytes are read again that the call has not changed. */
static void refresh_words(struct fgft_core *core, const struct fgft_unit *unit)
{
	u32 at, step, i;

	for (at = 0; at < unit->length; at += step) {
		struct fgft_unit word = fgft_word_at(unit, at);
		u64 now = fgft_load(word.original, word.length);
		u64 old = fgft_load(word.old, word.length);
		u64 held = fgft_load(word.copy, word.length), value = held, own = 0;

		step = word.length;
		if (now == old)
			continue;
		if (step == sizeof(u64))
			value = fgft_word_outward(core, unit, held);
		for (i = 0; i < step; i++)
			if ((value ^ old) >> (8 * i) & 0xff)
				own |= 0xffULL << (8 * i);
		/* A pointer of the call's own is one thing, whichever of its bytes differ. */
		if (own && value != held)
			continue;
		fgft_store(word.copy, step, (value & own) | (now & ~own));
		fgft_store(word.old, step, now);
	}
}

static int refresh_unit(struct fgft_core *core, const struct fgft_unit *unit)
{
	u64 now, value, mask;

	if (!fgft_is_scalar(unit->length)) {
		if (unit->old)
			refresh_words(core, unit);
		else
			memcpy(unit->copy, unit->original, unit->length);
		return 0;
	}
	now = fgft_load(unit->original, unit->length);
	if (unit->old && unit->field->flags & FGFT_BITS) {
		value = fgft_load(unit->copy, unit->length);
		mask = value ^ fgft_load(unit->old, unit->length);
		fgft_store(unit->copy, unit->length, (now & ~mask) | (value & mask));
		fgft_store(unit->old, unit->length, now);
		return 0;
	}
	if (unit->old) {
		if (fgft_changed(core, unit))
			return 0;
		fgft_store(unit->old, unit->length, now);
	}
	value = fgft_inward(core, unit, now);
	if (value == fgft_load(unit->copy, unit->length))
		return 0;
	fgft_store(unit->copy, unit->length, value);
	if (unit->field->follow && value == now) {
		/* Another pointer than the one that was followed. */
		fgft_arena_forbid(&core->arena, unit->copy - core->arena.base, unit->length);
		if (unit->old)
			fgft_arena_allow(&core->arena, unit->copy - core->arena.base, unit->length,
					 FGFT_WRITE);
	}
	return 0;
}

/**
 * fgft_core_refresh - read fields again that the call has not changed
 * @core: the call's data
 *
 * After a lock was taken, after a wait: what others wrote meanwhile is seen. What the call itself
 * changed stays.
 */
void fgft_core_refresh(struct fgft_core *core)
{
	u16 i;

	for (i = 0; i < core->view_count; i++) {
		const struct fgft_view *view = &core->views[i];
		const struct fgft_object *object = &core->objects[view->object];

		if (view->plain && !object->dead && fgft_plain_unchanged(core, view))
			fgft_read_plain(core, view);
	}
	fgft_walk(core, FGFT_READ | FGFT_WRITE, refresh_unit);
}

static void put_back(unsigned long address, u64 old, u64 new, u32 length)
{
	if (fgft_load((u8 *)address, length) ==
	    (length == 8 ? new : new & ((1ULL << (8 * length)) - 1)))
		fgft_store((u8 *)address, length, old);
}

/* Taking back a published value: only while nobody wrote another one since. */
static void unpublish1(struct fgft_call *call, unsigned long address, unsigned long old,
		       unsigned long new)
{
	put_back(address, old, new, 1);
}

static void unpublish2(struct fgft_call *call, unsigned long address, unsigned long old,
		       unsigned long new)
{
	put_back(address, old, new, 2);
}

static void unpublish4(struct fgft_call *call, unsigned long address, unsigned long old,
		       unsigned long new)
{
	put_back(address, old, new, 4);
}

static void unpublish8(struct fgft_call *call, unsigned long address, unsigned long old,
		       unsigned long new)
{
	put_back(address, old, new, 8);
}

/* Publishes the piece of a unit that is to be taken back by one effect. */
static int publish_piece(struct fgft_core *core, u64 value, u8 *original, u32 length)
{
	static const fgft_action_t actions[] = { unpublish1, unpublish2, NULL, unpublish4,
						 NULL,	     NULL,	 NULL, unpublish8 };
	u64 was = fgft_load(original, length);
	int rc;

	if (was == value)
		return 0;
	rc = fgft_log_add(&core->undo, actions[length - 1], (unsigned long)original, was, value);
	if (!rc)
		fgft_store(original, length, value);
	return rc;
}

static int publish_number(struct fgft_core *core, const struct fgft_unit *number, u64 value)
{
	int rc = publish_piece(core, value, number->original, number->length);

	if (!rc)
		fgft_store(number->old, number->length, value);
	return rc;
}

static int publish_unit(struct fgft_core *core, const struct fgft_unit *unit)
{
	u64 value, mask;
	int rc;

	if (!fgft_changed(core, unit))
		return 0;
	if (!fgft_is_scalar(unit->length))
		return fgft_walk_changes(core, unit, publish_number);
	value = fgft_outward(core, unit);
	if (unit->field->flags & FGFT_BITS) {
		mask = value ^ fgft_load(unit->old, unit->length);
		value = (fgft_load(unit->original, unit->length) & ~mask) | (value & mask);
	}
	rc = publish_piece(core, value, unit->original, unit->length);
	if (!rc)
		fgft_store(unit->old, unit->length, value);
	return rc;
}

/**
 * fgft_core_publish - let others see what the call changed so far
 * @core: the call's data
 *
 * Every change is logged: an abort writes the old value back unless somebody else wrote a third
 * one.
 *
 * Return: 0; -ENOSPC if the log is full: what was published until then is in the log.
 */
int fgft_core_publish(struct fgft_core *core)
{
	return fgft_walk(core, FGFT_WRITE, publish_unit);
}
