// SPDX-License-Identifier: GPL-2.0
/*
 * Copying records in and, once all that changed is known to be good, what changed of them out.
 */
#include "fgft_units.h"

static int write_number(struct fgft_core *core, const struct fgft_unit *number, u64 value)
{
	fgft_store(number->original, number->length, value);
	return 0;
}

/* Writes a changed unit to the original. */
static void write_out(struct fgft_core *core, const struct fgft_unit *unit)
{
	u64 value, now, mask;

	if (!fgft_is_scalar(unit->length)) {
		fgft_walk_changes(core, unit, write_number);
		return;
	}
	value = fgft_outward(core, unit);
	if (unit->length == sizeof(unsigned long))
		value = fgft_word_outward(core, unit, value);
	if (unit->field->flags & FGFT_BITS) {
		now = fgft_load(unit->original, unit->length);
		mask = value ^ fgft_load(unit->old, unit->length);
		value = (now & ~mask) | (value & mask);
	}
	fgft_store(unit->original, unit->length, value);
}

static int copy_in(struct fgft_core *core, const struct fgft_unit *unit)
{
	u32 offset = (u32)(unit->copy - core->arena.base);
	u16 rights = 0;

	if (fgft_is_scalar(unit->length)) {
		u64 value = fgft_load(unit->original, unit->length);

		if (unit->old)
			fgft_store(unit->old, unit->length, value);
		fgft_store(unit->copy, unit->length, value);
	} else {
		memcpy(unit->copy, unit->original, unit->length);
		if (unit->old)
			memcpy(unit->old, unit->copy, unit->length);
	}
	/*
	 * What is written on every path may be read behind that, so a writable field is always
	 * readable, too.
	 */
	if (!unit->field->follow)
		rights |= FGFT_READ;
	if (unit->old)
		rights |= FGFT_WRITE;
	fgft_arena_allow(&core->arena, offset, unit->length, rights);
	return 0;
}

/* All flags of a shape's fields together, and how many bytes of them can be written. */
static u16 all_flags(const struct fgft_shape *shape, u32 *writable)
{
	u16 flags = 0;
	u32 i;

	*writable = 0;
	for (i = 0; i < shape->field_count; i++) {
		flags |= shape->fields[i].flags;
		if (shape->fields[i].flags & FGFT_WRITE)
			*writable += shape->fields[i].length;
	}
	return flags;
}

static bool has_view(const struct fgft_core *core, const struct fgft_view *view)
{
	u16 i;

	for (i = 0; i < core->view_count; i++) {
		const struct fgft_view *other = &core->views[i];

		if (other->shape == view->shape && other->object == view->object &&
		    other->offset == view->offset && other->count >= view->count)
			return true;
	}
	return false;
}

/* Lays a shape over an original, which gets a copy if it has none. */
static void *share(struct fgft_core *core, struct fgft_view *view, unsigned long original,
		   const char *name)
{
	u64 size = (u64)view->shape->size * view->count, old;
	u16 known = core->object_count;
	struct fgft_object *object;
	u32 writable;
	void *copy;

	if (core->error)
		return NULL;
	if (!size || size > core->arena.size) {
		fgft_core_fail(core, size ? -ENOSPC : -EOVERFLOW, name);
		return NULL;
	}
	object = fgft_object_add(core, original, (u32)size, name);
	if (!object)
		return NULL;
	copy = (void *)(object->copy + (original - object->original));
	view->object = (u16)(object - core->objects);
	view->offset = (u32)(original - object->original);
	if (known == core->object_count && has_view(core, view))
		return copy;
	view->flags = all_flags(view->shape, &writable);
	old = (u64)writable * view->count;
	view->old = old <= core->arena.size ? fgft_arena_take(&core->arena, (u32)old, 8) : NULL;
	if (!view->old || core->view_count == core->view_capacity) {
		fgft_core_fail(core, -ENOSPC, name);
		return NULL;
	}
	core->views[core->view_count++] = *view;
	return copy;
}

/**
 * fgft_core_share - copy records in
 * @core: the call's data
 * @shape: of one record
 * @original: the first record; readable over its whole size
 * @count: records that stand one behind the other, not 0
 *
 * A record that has a copy already gets the fields of this shape in addition.
 *
 * Return: the copy; NULL with core->error set if a table is full (-ENOSPC), the size overflows or
 * the record is larger than one that was shared before and lies in it (-EOVERFLOW).
 */
void *fgft_core_share(struct fgft_core *core, const struct fgft_shape *shape,
		      unsigned long original, u32 count)
{
	struct fgft_view view = { .shape = shape, .count = count };
	u16 known = core->view_count;
	void *copy = share(core, &view, original, shape->name);

	if (known != core->view_count)
		fgft_walk_view(core, &view, FGFT_READ | FGFT_WRITE, true, copy_in);
	return copy;
}

/**
 * fgft_core_share_bytes - copy plain memory in
 * @core: the call's data
 * @original: the memory
 * @length: bytes, not 0
 * @rights: FGFT_READ, or FGFT_READ | FGFT_WRITE; written bytes travel back one by one
 * @name: constant text for messages
 *
 * Return: the copy; NULL with core->error set as fgft_core_share() does.
 */
void *fgft_core_share_bytes(struct fgft_core *core, unsigned long original, u32 length, u16 rights,
			    const char *name)
{
	/* The shape of one byte, so that bytes need no field table of their own. */
	static const struct fgft_field readable = { .length = 1,
						    .flags = FGFT_READ,
						    .name = "bytes" };
	static const struct fgft_field writable = { .length = 1,
						    .flags = FGFT_READ | FGFT_WRITE,
						    .name = "bytes" };
	static const struct fgft_shape shapes[] = {
		{ .name = "memory", .size = 1, .field_count = 1, .fields = &readable },
		{ .name = "memory", .size = 1, .field_count = 1, .fields = &writable },
	};
	struct fgft_view view = { .shape = &shapes[rights & FGFT_WRITE ? 1 : 0],
				  .count = length,
				  .plain = true };
	u16 known = core->view_count;
	u8 *copy = share(core, &view, original, name);

	if (known != core->view_count) {
		fgft_read_plain(core, &view);
		fgft_arena_allow(&core->arena, (u32)(copy - core->arena.base), length,
				 rights | FGFT_READ);
	}
	return copy;
}

static int link_unit(struct fgft_core *core, const struct fgft_unit *unit)
{
	u64 value;

	if (!(unit->field->flags & (FGFT_READ | FGFT_WRITE)))
		return 0;
	value = fgft_load(unit->copy, unit->length);
	fgft_store(unit->copy, unit->length, fgft_inward(core, unit, value));
	return 0;
}

/**
 * fgft_core_link_from - point pointers of records that were shared late at copies
 * @core: the call's data
 * @first: number of views that are linked already
 */
void fgft_core_link_from(struct fgft_core *core, u16 first)
{
	for (; first < core->view_count; first++)
		fgft_walk_view(core, &core->views[first], FGFT_POINTER | FGFT_FUNCTION, false,
			       link_unit);
}

/**
 * fgft_core_link - point the copies' pointers at copies
 * @core: the call's data
 *
 * Called once, when everything is shared: so the order of sharing does not matter.
 */
void fgft_core_link(struct fgft_core *core)
{
	fgft_walk(core, FGFT_POINTER | FGFT_FUNCTION, link_unit);
}

static int copy_out_unit(struct fgft_core *core, const struct fgft_unit *unit)
{
	if (fgft_changed(core, unit))
		write_out(core, unit);
	return 0;
}

/**
 * fgft_copy_out - write what changed to the originals
 * @core: the call's data
 */
void fgft_copy_out(struct fgft_core *core)
{
	fgft_walk(core, FGFT_WRITE, copy_out_unit);
}
