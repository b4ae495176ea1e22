// SPDX-License-Identifier: GPL-2.0
/*
 * Which copy stands for which original.
 *
 * Copies come from the arena one behind the other, so the objects are sorted by copy as they are
 * added. A second array of indices is sorted by original. Originals never overlap: what lies inside
 * a known object is that object.
 */
#include "fgft_core.h"

/**
 * fgft_core_clear - forget a call
 * @core: the call's data; capacities and memory stay
 */
void fgft_core_clear(struct fgft_core *core)
{
	fgft_arena_clear(&core->arena);
	fgft_ranges_clear(&core->ranges);
	core->object_count = 0;
	core->original_count = 0;
	core->view_count = 0;
	fgft_log_clear(&core->undo);
	fgft_log_clear(&core->deferred);
	if (core->has_logged)
		memset(core->logged, 0, sizeof(core->logged));
	core->has_logged = false;
	core->limited = 0;
	core->has_lent = false;
	core->lent[0].length = 0;
	core->lent[1].length = 0;
	core->error = 0;
	core->error_place = NULL;
	core->bad_field = NULL;
	core->bad_shape = NULL;
}

/**
 * fgft_object_of_copy - the object whose copy holds an address
 * @core: the call's data
 * @address: anywhere in the copy
 *
 * Return: the object, or NULL.
 */
struct fgft_object *fgft_object_of_copy(struct fgft_core *core, unsigned long address)
{
	u16 low = 0, high = core->object_count;

	while (low < high) {
		u16 middle = low + (high - low) / 2;

		if (core->objects[middle].copy <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address - core->objects[low - 1].copy >= core->objects[low - 1].size)
		return NULL;
	return &core->objects[low - 1];
}

/* Place in by_original of the first object that starts behind an address. */
static u16 original_behind(const struct fgft_core *core, unsigned long address)
{
	u16 low = 0, high = core->original_count;

	while (low < high) {
		u16 middle = low + (high - low) / 2;

		if (core->objects[core->by_original[middle]].original <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/**
 * fgft_object_of_original - the object whose original holds an address
 * @core: the call's data
 * @address: anywhere in the original
 *
 * Return: the object, or NULL.
 */
struct fgft_object *fgft_object_of_original(struct fgft_core *core, unsigned long address)
{
	u16 at = original_behind(core, address);
	struct fgft_object *object;

	if (!at)
		return NULL;
	object = &core->objects[core->by_original[at - 1]];
	return address - object->original < object->size ? object : NULL;
}

/**
 * fgft_core_original - the kernel's address of what isolated code points to
 * @core: the call's data
 * @address: a pointer in isolated code
 *
 * Return: the address in the original; @address if it is in no copy.
 */
unsigned long fgft_core_original(struct fgft_core *core, unsigned long address)
{
	const struct fgft_object *object;

	if (address - (unsigned long)core->arena.base >= core->arena.used)
		return address;
	object = fgft_object_of_copy(core, address);
	return object && object->original ? object->original + (address - object->copy) : address;
}

/**
 * fgft_core_copy - the address that isolated code uses for the kernel's
 * @core: the call's data
 * @address: a pointer of the kernel
 *
 * Return: the address in the copy; @address if nothing is copied there.
 */
unsigned long fgft_core_copy(struct fgft_core *core, unsigned long address)
{
	const struct fgft_object *object = fgft_object_of_original(core, address);

	return object ? object->copy + (address - object->original) : address;
}

/**
 * fgft_object_is_around - does memory hold a known object behind its start?
 * @core: the call's data
 * @original: the memory
 * @size: bytes
 *
 * Return: true if it can have no copy of its own: isolated code may hold pointers to the copy of
 * what lies in it.
 */
bool fgft_object_is_around(struct fgft_core *core, unsigned long original, u64 size)
{
	u16 at = original_behind(core, original);

	return !fgft_object_of_original(core, original) && at < core->original_count &&
	       core->objects[core->by_original[at]].original - original < size;
}

/**
 * fgft_object_add - get memory for the copy of an original
 * @core: the call's data
 * @original: the original; 0 for memory that has none
 * @size: bytes, not 0
 * @name: constant text for messages
 *
 * If the original lies inside a known object, that object is the answer. The copy has the
 * original's alignment modulo 64, since code may align addresses within a record.
 *
 * Return: the object; NULL with core->error set to -ENOSPC if a table or the arena is full,
 * -EOVERFLOW if the original is larger than a known object that it overlaps.
 */
struct fgft_object *fgft_object_add(struct fgft_core *core, unsigned long original, u32 size,
				    const char *name)
{
	struct fgft_object *object;
	u32 padding;
	u16 at;

	object = original ? fgft_object_of_original(core, original) : NULL;
	if (object && size <= object->size - (original - object->original))
		return object;
	at = original_behind(core, original);
	if (object || (original && at < core->original_count &&
		       core->objects[core->by_original[at]].original - original < size)) {
		fgft_core_fail(core, -EOVERFLOW, name);
		return NULL;
	}
	padding = (u32)((original - (unsigned long)core->arena.base - core->arena.used) % 64);
	if (core->object_count == core->object_capacity ||
	    !fgft_arena_take(&core->arena, padding, 1)) {
		fgft_core_fail(core, -ENOSPC, name);
		return NULL;
	}
	object = &core->objects[core->object_count];
	object->copy = (unsigned long)fgft_arena_take(&core->arena, size, 1);
	if (!object->copy) {
		fgft_core_fail(core, -ENOSPC, name);
		return NULL;
	}
	object->original = original;
	object->size = size;
	object->dead = false;
	object->name = name;
	if (original) {
		memmove(&core->by_original[at + 1], &core->by_original[at],
			(core->original_count - at) * sizeof(core->by_original[0]));
		core->by_original[at] = core->object_count;
		core->original_count++;
	}
	core->object_count++;
	return object;
}

/**
 * fgft_core_fail - marshaling failed
 * @core: the call's data
 * @error: negative error number; the first one stays
 * @place: constant text that says what failed
 */
void fgft_core_fail(struct fgft_core *core, int error, const char *place)
{
	if (core->error)
		return;
	core->error = error;
	core->error_place = place;
}

/* The field of a shape that holds an offset, or NULL. */
static const struct fgft_field *field_holding(const struct fgft_shape *shape, u32 offset)
{
	u32 low = 0, high = shape->field_count;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (shape->fields[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || offset - shape->fields[low - 1].offset >= shape->fields[low - 1].length)
		return NULL;
	return &shape->fields[low - 1];
}

/* Is the byte of an object under a view? Then its offset within the element is given. */
static bool view_holds(const struct fgft_view *view, u16 object, u32 offset, u32 *within)
{
	u32 at = offset - view->offset;

	if (view->object != object || offset < view->offset ||
	    at / view->shape->size >= view->count)
		return false;
	*within = at % view->shape->size;
	return true;
}

/**
 * fgft_field_at - which marshaled field is at an address of a copy?
 * @core: the call's data
 * @copy: the address
 * @shape: gets the shape of the record there, NULL if there is none; may be NULL
 *
 * Return: the field; NULL if no marshaled field holds the byte.
 */
const struct fgft_field *fgft_field_at(struct fgft_core *core, unsigned long copy,
				       const struct fgft_shape **shape)
{
	const struct fgft_object *object = fgft_object_of_copy(core, copy);
	const struct fgft_field *field = NULL;
	u32 within;
	u16 i;

	if (shape)
		*shape = NULL;
	if (!object)
		return NULL;
	for (i = 0; i < core->view_count && !field; i++) {
		if (!view_holds(&core->views[i], object - core->objects, copy - object->copy,
				&within))
			continue;
		if (shape)
			*shape = core->views[i].shape;
		field = field_holding(core->views[i].shape, within);
	}
	return field;
}

/**
 * fgft_place_original - the original of something that is used where it is
 * @core: the call's data
 * @copy: its address as isolated code computes it
 * @length: bytes
 * @original: gets the address in the original
 *
 * Return: true if the bytes belong to a field with FGFT_PLACE.
 */
bool fgft_place_original(struct fgft_core *core, unsigned long copy, u32 length,
			 unsigned long *original)
{
	const struct fgft_object *object = fgft_object_of_copy(core, copy);
	u32 within;
	u16 i;

	if (!object || object->dead)
		return false;
	for (i = 0; i < core->view_count; i++) {
		const struct fgft_field *field;

		if (!view_holds(&core->views[i], object - core->objects, copy - object->copy,
				&within))
			continue;
		field = field_holding(core->views[i].shape, within);
		if (!field || !(field->flags & FGFT_PLACE) ||
		    length > field->length - (within - field->offset))
			continue;
		*original = object->original + (copy - object->copy);
		return true;
	}
	return false;
}

/**
 * fgft_core_late - copy in what was forgotten of a lenient record
 * @core: the call's data
 * @copy: first byte that is to be read
 * @length: bytes
 *
 * Whole aligned words come in, where they are not readable yet; pointers to originals become those
 * to copies.
 *
 * Return: true; false if the bytes are not all of records with a lenient shape.
 */
bool fgft_core_late(struct fgft_core *core, unsigned long copy, u32 length)
{
	const struct fgft_object *object = fgft_object_of_copy(core, copy);
	unsigned long at, end = (copy + length + 7) & ~7UL;
	const struct fgft_shape *shape;

	if (!object || !object->original || length > object->size - (copy - object->copy))
		return false;
	fgft_field_at(core, copy, &shape);
	if (!shape || !shape->lenient)
		return false;
	for (at = copy & ~7UL; at < end; at++) {
		u32 offset = (u32)(at - (unsigned long)core->arena.base);
		unsigned long original = object->original + (at - object->copy);

		if (at < object->copy || at - object->copy >= object->size)
			continue;
		if (fgft_arena_allows(&core->arena, offset, 1, FGFT_READ))
			continue;
		if (at % 8 == 0 && object->size - (at - object->copy) >= 8 &&
		    !fgft_arena_any(&core->arena, offset, 8)) {
			unsigned long word;

			memcpy(&word, (void *)original, sizeof(word));
			word = fgft_core_copy(core, word);
			memcpy((void *)at, &word, sizeof(word));
			fgft_arena_allow(&core->arena, offset, 8, FGFT_READ);
		} else {
			*(u8 *)at = *(u8 *)original;
			fgft_arena_allow(&core->arena, offset, 1, FGFT_READ);
		}
	}
	return true;
}
