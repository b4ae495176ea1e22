/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Units: what of a record travels at once. Private to the portable part.
 *
 * A field travels in units: itself, or its elements if they travel one by one. For every writable
 * unit the bytes that were copied in are kept, in the original's form, so that "changed" means:
 * differs, in the original's form, from what was copied in. Copying out, publishing and refreshing
 * are three ways to walk over the same units.
 */
#ifndef _FGFT_UNITS_H
#define _FGFT_UNITS_H

#include "fgft_core.h"

struct fgft_unit {
	const struct fgft_field *field;
	u8 *copy;
	u8 *original;
	u8 *old;		/* NULL if the field cannot be written */
	u32 length;
};

static inline bool fgft_is_scalar(u32 length)
{
	return length == 1 || length == 2 || length == 4 || length == 8;
}

static inline u64 fgft_load(const u8 *from, u32 length)
{
	switch (length) {
	case 1:
		return READ_ONCE(*from);
	case 2: {
		u16 value;

		memcpy(&value, from, sizeof(value));
		return value;
	}
	case 4: {
		u32 value;

		memcpy(&value, from, sizeof(value));
		return value;
	}
	default: {
		u64 value;

		memcpy(&value, from, sizeof(value));
		return value;
	}
	}
}

/* One store, so that others never see half a value. */
static inline void fgft_store(u8 *to, u32 length, u64 value)
{
	u16 half = (u16)value;
	u32 word = (u32)value;

	switch (length) {
	case 1:
		WRITE_ONCE(*to, (u8)value);
		break;
	case 2:
		memcpy(to, &half, sizeof(half));
		break;
	case 4:
		memcpy(to, &word, sizeof(word));
		break;
	default:
		memcpy(to, &value, sizeof(value));
		break;
	}
}

static inline u32 fgft_unit_length(const struct fgft_field *field)
{
	if (field->flags & (FGFT_POINTER | FGFT_FUNCTION))
		return sizeof(unsigned long);
	return field->element ? field->element : field->length;
}

/* The value of a scalar unit of a copy as the original would hold it. */
static inline u64 fgft_outward(struct fgft_core *core, const struct fgft_unit *unit)
{
	u64 value = fgft_load(unit->copy, unit->length);

	if (unit->field->flags & FGFT_POINTER)
		return fgft_core_original(core, value);
	if (unit->field->flags & FGFT_FUNCTION)
		return fgft_core_native(core, value);
	return value;
}

static inline u64 fgft_inward(struct fgft_core *core, const struct fgft_unit *unit, u64 value)
{
	if (unit->field->flags & FGFT_POINTER)
		return fgft_core_copy(core, value);
	if (unit->field->flags & FGFT_FUNCTION)
		return fgft_core_suspect(core, value);
	return value;
}

static inline bool fgft_changed(struct fgft_core *core, const struct fgft_unit *unit)
{
	if (fgft_is_scalar(unit->length))
		return fgft_outward(core, unit) != fgft_load(unit->old, unit->length);
	return memcmp(unit->copy, unit->old, unit->length) != 0;
}

/* What to do with one unit; a return other than 0 ends the walk. */
typedef int (*fgft_visit_t)(struct fgft_core *core, const struct fgft_unit *unit);

/*
 * Visits the units of fields with one of the flags @which. The elements of an array come one by one
 * only if one of them has changed; with @fresh, when @old holds nothing yet, they never do.
 */
static __always_inline int fgft_walk_view(struct fgft_core *core, const struct fgft_view *view,
					  u16 which, bool fresh, fgft_visit_t visit)
{
	const struct fgft_object *object = &core->objects[view->object];
	u8 *old = view->old;
	u32 i, j, at;
	int rc;

	for (i = 0; i < view->count; i++) {
		u32 base = view->offset + i * view->shape->size;

		for (j = 0; j < view->shape->field_count; j++) {
			const struct fgft_field *field = &view->shape->fields[j];
			struct fgft_unit unit;

			if (!(field->flags & which)) {
				if (old && field->flags & FGFT_WRITE)
					old += field->length;
				continue;
			}
			unit.field = field;
			unit.length = fgft_unit_length(field);
			at = base + field->offset;
			if (field->element && !(field->flags & (FGFT_POINTER | FGFT_FUNCTION)) &&
			    (fresh || !(field->flags & FGFT_WRITE) ||
			     !memcmp((u8 *)object->copy + at, old, field->length)))
				unit.length = field->length;
			for (at = 0; unit.length && at + unit.length <= field->length;
			     at += unit.length) {
				unit.copy = (u8 *)object->copy + base + field->offset + at;
				unit.original = (u8 *)object->original + base + field->offset + at;
				unit.old = field->flags & FGFT_WRITE ? old : NULL;
				if (unit.old)
					old += unit.length;
				rc = visit(core, &unit);
				if (rc)
					return rc;
			}
		}
	}
	return 0;
}

/* Have bytes without structure been left as they were copied in? */
static inline bool fgft_plain_unchanged(const struct fgft_core *core, const struct fgft_view *view)
{
	const void *copy = (void *)(core->objects[view->object].copy + view->offset);

	return view->plain && (!(view->shape->fields->flags & FGFT_WRITE) ||
			       !memcmp(copy, view->old, view->count));
}

/* Visits the units of fields with one of the flags, of all objects that still have an original. */
static __always_inline int fgft_walk(struct fgft_core *core, u16 which, fgft_visit_t visit)
{
	u16 i;

	for (i = 0; i < core->view_count; i++) {
		const struct fgft_object *object = &core->objects[core->views[i].object];
		int rc;

		if (object->dead || !object->original || !(core->views[i].flags & which) ||
		    fgft_plain_unchanged(core, &core->views[i]))
			continue;
		rc = fgft_walk_view(core, &core->views[i], which, false, visit);
		if (rc) {
			core->bad_shape = core->views[i].shape;
			return rc;
		}
	}
	return 0;
}

/* Copies bytes without structure in. */
static inline void fgft_read_plain(struct fgft_core *core, const struct fgft_view *view)
{
	const struct fgft_object *object = &core->objects[view->object];
	void *copy = (void *)(object->copy + view->offset);

	memcpy(copy, (void *)(object->original + view->offset), view->count);
	if (view->shape->fields->flags & FGFT_WRITE)
		memcpy(view->old, copy, view->count);
}

#endif /* _FGFT_UNITS_H */
