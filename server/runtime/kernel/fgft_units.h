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

/* A word at a place without a type, as the original would hold it: it may be a pointer. */
static inline u64 fgft_word_outward(struct fgft_core *core, const struct fgft_unit *unit, u64 word)
{
	return unit->field->flags & FGFT_SCAN ?
		       fgft_core_native(core, fgft_core_original(core, word)) :
		       word;
}

static inline bool fgft_changed(struct fgft_core *core, const struct fgft_unit *unit)
{
	if (fgft_is_scalar(unit->length))
		return fgft_outward(core, unit) != fgft_load(unit->old, unit->length);
	return memcmp(unit->copy, unit->old, unit->length) != 0;
}

/* What to do with one unit; a return other than 0 ends the walk. */
typedef int (*fgft_visit_t)(struct fgft_core *core, const struct fgft_unit *unit);

/* Words of memory without a type: as many bytes of a unit as may be loaded at once there. */
static inline struct fgft_unit fgft_word_at(const struct fgft_unit *unit, u32 at)
{
	bool whole = unit->length - at >= sizeof(u64) &&
		     (unsigned long)(unit->copy + at) % sizeof(u64) == 0;

	return (struct fgft_unit){ .field = unit->field,
				   .copy = unit->copy + at,
				   .original = unit->original + at,
				   .old = unit->old ? unit->old + at : NULL,
				   .length = whole ? sizeof(u64) : 1 };
}

/*
 * Cuts a word down to the smallest aligned number that holds all bytes in which two values of it
 * differ. What stands beside it may be somebody else's. Bytes of low value come first.
 */
static inline void fgft_narrow(struct fgft_unit *word, u64 difference)
{
	while (word->length > 1) {
		u32 half = word->length / 2;
		u64 low = difference & ((1ULL << (8 * half)) - 1);

		if (low && low != difference)
			return;
		if (!low) {
			word->copy += half;
			word->original += half;
			word->old += half;
			difference >>= 8 * half;
		}
		word->length = half;
	}
}

/* What to do with a number that the call has changed, given in the original's form. */
typedef int (*fgft_number_t)(struct fgft_core *core, const struct fgft_unit *number, u64 value);

/*
 * Visits what has changed of a writable unit that is no number itself: a record without members, a
 * buffer. Others may write to it meanwhile, so what was left alone must not travel.
 */
static __always_inline int fgft_walk_changes(struct fgft_core *core, const struct fgft_unit *unit,
					     fgft_number_t visit)
{
	u32 at, step;
	int rc;

	for (at = 0; at < unit->length; at += step) {
		struct fgft_unit word = fgft_word_at(unit, at);
		u64 held = fgft_load(word.copy, word.length), value = held, old;

		step = word.length;
		if (step == sizeof(u64))
			value = fgft_word_outward(core, unit, held);
		old = fgft_load(word.old, step);
		if (value == old)
			continue;
		if (value == held) {
			fgft_narrow(&word, value ^ old);
			value = fgft_load(word.copy, word.length);
		}
		rc = visit(core, &word, value);
		if (rc)
			return rc;
	}
	return 0;
}

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
