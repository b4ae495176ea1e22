// SPDX-License-Identifier: GPL-2.0
/*
 * What a call may leave behind: values within their limits, pointers that are not NULL where the
 * kernel does not look, counts that their arrays bear out. It is asked before others see a change.
 */
#include "fgft_units.h"

/* Is the value of a scalar one that the field may have? */
static bool within_limit(const struct fgft_field *field, u32 length, u64 value)
{
	unsigned int unused = 64 - 8 * length;
	s64 number = (s64)(value << unused) >> unused;

	if (!field->limit)
		return true;
	if (field->flags & FGFT_SIGNED)
		return number >= field->limit->least && number <= field->limit->most;
	return value >= (u64)field->limit->least && value <= (u64)field->limit->most;
}

static int validate_unit(struct fgft_core *core, const struct fgft_unit *unit)
{
	bool good = true;
	u64 value;

	if (!(unit->field->flags & (FGFT_NON_NULL | FGFT_POINTER)) && !unit->field->limit)
		return 0;
	if (!fgft_is_scalar(unit->length) || !fgft_changed(core, unit))
		return 0;
	value = fgft_outward(core, unit);
	if (unit->field->flags & FGFT_NON_NULL)
		good = value != 0;
	if (unit->field->flags & FGFT_POINTER)
		good = good && value - (unsigned long)core->arena.base >= core->arena.used;
	if (good && within_limit(unit->field, unit->length, value))
		return 0;
	core->bad_field = unit->field;
	return -EINVAL;
}

static int find_change(struct fgft_core *core, const struct fgft_unit *unit)
{
	return fgft_changed(core, unit);
}

/* The relations between members of one record, for records of which something changed. */
static bool relations_hold(struct fgft_core *core, const struct fgft_view *view)
{
	static const struct fgft_field counted = { .name = "a count of more than there is" };
	const struct fgft_object *object = &core->objects[view->object];
	u32 i, at;

	if (!view->shape->check || object->dead || !object->original ||
	    !fgft_walk_view(core, view, FGFT_WRITE, false, find_change))
		return true;
	for (i = 0; i < view->count; i++) {
		at = view->offset + i * view->shape->size;
		if (view->shape->check(core, (void *)(object->copy + at),
				       (void *)(object->original + at)))
			continue;
		core->bad_field = &counted;
		core->bad_shape = view->shape;
		return false;
	}
	return true;
}

/**
 * fgft_validate - may the changed fields be copied out?
 * @core: the call's data
 *
 * Changed values must be within their limits, not NULL where NULL is forbidden, and no pointer may
 * lead into memory of the call that has no original. Counts must fit what they count. Nothing is
 * written.
 *
 * Return: true; false with core->bad_field and core->bad_shape set.
 */
bool fgft_validate(struct fgft_core *core)
{
	u16 i;

	if (fgft_walk(core, FGFT_WRITE, validate_unit))
		return false;
	for (i = 0; i < core->view_count; i++)
		if (!relations_hold(core, &core->views[i]))
			return false;
	return fgft_validate_stores(core);
}

/**
 * fgft_validate_stores - may what was stored in place stay there?
 * @core: the call's data
 *
 * Only values that the call wrote are looked at.
 *
 * Return: true; false with core->bad_field set.
 */
bool fgft_validate_stores(struct fgft_core *core)
{
	u16 i, left = core->limited;

	for (i = 0; left && i < core->ranges.count; i++) {
		const struct fgft_range *range = &core->ranges.ranges[i];
		u32 length = (u32)(range->end - range->start);
		u64 value;

		if (!range->field)
			continue;
		left--;
		if (!fgft_is_scalar(length) || !fgft_undo_holds(core, range->start, length))
			continue;
		value = fgft_load((u8 *)range->start, length);
		if ((value || !(range->field->flags & FGFT_NON_NULL)) &&
		    within_limit(range->field, length, value))
			continue;
		core->bad_field = range->field;
		return false;
	}
	return true;
}
