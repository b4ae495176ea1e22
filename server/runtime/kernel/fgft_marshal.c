// SPDX-License-Identifier: GPL-2.0
/*
 * Marshaling, as generated code sees it: what is shared and what may be used in place.
 */
#include <linux/list.h>
#include <linux/uaccess.h>

#include "fgft_call.h"
#include "fgft_device.h"

/**
 * fgft_is_readable - may memory be read that a driver's pointer leads to?
 * @first: the first byte
 * @length: bytes, not 0; the first and the last byte are tried
 *
 * Return: true if both are kernel memory that is there.
 */
bool fgft_is_readable(unsigned long first, unsigned long length)
{
	unsigned long last = first + length - 1;
	u8 byte;

	/*
	 * Kernel addresses have all upper bits set: 47 bits of address, or 56 with five-level page
	 * tables.
	 */
	if (last < first || (long)first >> 56 != -1)
		return false;
	return !get_kernel_nofault(byte, (u8 *)first) && !get_kernel_nofault(byte, (u8 *)last);
}

/*
 * What a driver's pointer leads to is shared only if it is memory. A NULL, an error, a poison or a
 * user address stays what it is: isolated code faults if it really uses it.
 */
static bool can_share(struct fgft_call *call, const void *original, u64 length)
{
	const struct fgft_arena *arena;

	if (fgft_failed(call) || IS_ERR_OR_NULL(original))
		return false;
	arena = &call->core.arena;
	if ((unsigned long)original - (unsigned long)arena->base < arena->used)
		return false;
	/* Bigger than any arena: fgft_core_share() says so. */
	return length > arena->size || fgft_is_readable((unsigned long)original, length);
}

/* A pointer that isolated code holds may lead to a copy already. */
static const void *original_of(struct fgft_call *call, const void *pointer)
{
	return (void *)fgft_translate_out(fgft_failed(call) ? NULL : call, (unsigned long)pointer);
}

static void *unshared(const struct fgft_call *call, const void *original)
{
	return fgft_failed(call) ? NULL : (void *)original;
}

/*
 * Sharing while the call runs: point the new copies' pointers at copies, and end the call if a
 * table is full.
 */
static void shared_late(struct fgft_call *call, u16 first)
{
	if (call->phase != FGFT_RUNNING)
		return;
	if (call->core.error)
		fgft_fault(call, FGFT_TABLE_FULL, 0, 0, call->core.error_place, 0);
	fgft_core_link_from(&call->core, first);
}

/**
 * fgft_word_at - the pointer that stands in a record which may not be there
 * @call: the call, or NULL
 * @original: the record, or its copy
 * @offset: of the pointer in it
 *
 * Return: the pointer; NULL if it cannot be read or marshaling has failed.
 */
void *fgft_word_at(struct fgft_call *call, const void *original, unsigned long offset)
{
	const char *record = original_of(call, original);
	void *word;

	if (!can_share(call, record, 1) ||
	    get_kernel_nofault(word, (void **)(record + offset)))
		return NULL;
	return word;
}

static bool allow(struct fgft_call *call, unsigned long start, unsigned long length, u16 rights,
		  void (*follow)(struct fgft_call *call, void *field));

/*
 * A record around one that has a copy: it is used where it is, with the rights of its fields. What
 * its shape's functions follow are pointers of copies, so its own are followed as they are.
 */
static void share_in_place(struct fgft_call *call, const struct fgft_shape *shape,
			   unsigned long original)
{
	u32 i;

	allow(call, original, shape->size, FGFT_READ, fgft_follow_object);
	for (i = 0; i < shape->field_count; i++) {
		const struct fgft_field *field = &shape->fields[i];

		if (field->flags & (FGFT_WRITE | FGFT_PLACE))
			allow(call, original + field->offset, field->length,
			      FGFT_READ | FGFT_WRITE | FGFT_LOGGED, fgft_follow_object);
	}
}

/**
 * fgft_share - copy a record in
 * @call: the call, or NULL
 * @shape: what of the record travels
 * @original: the record, or its copy; what is not kernel memory (NULL, an error pointer, a poison)
 *		is returned as it is
 *
 * Return: the copy; NULL if marshaling has failed.
 */
void *fgft_share(struct fgft_call *call, const struct fgft_shape *shape, const void *original)
{
	return fgft_share_array(call, shape, original, 1);
}

/**
 * fgft_share_array - copy records in that stand one behind the other
 * @call: the call, or NULL
 * @shape: what of one record travels
 * @original: the first record; what is not kernel memory is returned as it is
 * @count: number; with 0, @original is returned
 *
 * Return: the copy of the first; NULL if marshaling has failed.
 */
void *fgft_share_array(struct fgft_call *call, const struct fgft_shape *shape, const void *original,
		       u32 count)
{
	void *copy;
	u16 first;

	original = original_of(call, original);
	if (!count || !can_share(call, original, (u64)shape->size * count))
		return unshared(call, original);
	if (count == 1 &&
	    fgft_object_is_around(&call->core, (unsigned long)original, shape->size)) {
		share_in_place(call, shape, (unsigned long)original);
		return (void *)original;
	}
	first = call->core.view_count;
	copy = fgft_core_share(&call->core, shape, (unsigned long)original, count);
	shared_late(call, first);
	return copy;
}

/**
 * fgft_share_bytes - copy a buffer in
 * @call: the call, or NULL
 * @original: the buffer; what is not kernel memory is returned as it is
 * @length: bytes; with 0, @original is returned
 * @rights: FGFT_READ, or FGFT_READ | FGFT_WRITE
 * @name: constant text for messages
 *
 * Return: the copy; NULL if marshaling has failed.
 */
void *fgft_share_bytes(struct fgft_call *call, const void *original, u32 length, u16 rights,
		       const char *name)
{
	void *copy;
	u16 first;

	original = original_of(call, original);
	if (!length || !can_share(call, original, length))
		return unshared(call, original);
	first = call->core.view_count;
	copy = fgft_core_share_bytes(&call->core, (unsigned long)original, length, rights, name);
	shared_late(call, first);
	return copy;
}

/**
 * fgft_share_string - copy a string in that is only read
 * @call: the call, or NULL
 * @original: the string; what is not kernel memory is returned as it is
 * @most: bytes with the NUL; a longer string makes marshaling fail
 * @name: constant text for messages
 *
 * Return: the copy; NULL if marshaling has failed.
 */
void *fgft_share_string(struct fgft_call *call, const char *original, u32 most, const char *name)
{
	u32 length;

	original = original_of(call, original);
	if (!can_share(call, original, 1))
		return unshared(call, original);
	for (length = 0; length < most; length++) {
		char byte;

		if (get_kernel_nofault(byte, original + length))
			break;
		if (!byte)
			return fgft_share_bytes(call, original, length + 1, FGFT_READ, name);
	}
	fgft_give_up(call, -E2BIG, name);
	return NULL;
}

/**
 * fgft_fresh - memory of the call that no original stands behind
 * @call: the call, or NULL
 * @length: bytes, not 0
 * @rights: FGFT_READ, FGFT_WRITE
 *
 * For results that the stub takes apart itself. It is zeroed.
 *
 * Return: the memory; NULL if marshaling has failed.
 */
void *fgft_fresh(struct fgft_call *call, u32 length, u16 rights)
{
	struct fgft_object *object;

	if (fgft_failed(call) || !length)
		return NULL;
	object = fgft_object_add(&call->core, 0, length, "fresh memory");
	if (!object)
		return NULL;
	memset((void *)object->copy, 0, length);
	fgft_arena_allow(&call->core.arena, object->copy - (unsigned long)call->core.arena.base,
			 length, rights);
	return (void *)object->copy;
}

/**
 * fgft_share_list - deep-copy a list; use FGFT_COPY_LIST()
 * @call: the call, or NULL
 * @head: the original head
 * @head_copy: its copy, in a record that was shared
 * @link: offset of the link in a node
 * @shape: of a node; its links are fields with FGFT_READ | FGFT_POINTER
 * @most: nodes; a longer list makes marshaling fail
 *
 * The caller holds whatever protects the list.
 */
void fgft_share_list(struct fgft_call *call, const struct list_head *head,
		     struct list_head *head_copy, u32 link, const struct fgft_shape *shape,
		     u32 most)
{
	const struct list_head *at;
	u32 count = 0;

	/*
	 * The links themselves are pointers between originals: linking turns them, the head's too
	 * if it is a field.
	 */
	for (at = head->next; !fgft_failed(call) && at != head; at = at->next) {
		if (count++ == most) {
			fgft_give_up(call, -E2BIG, shape->name);
			return;
		}
		if (!fgft_share(call, shape, (const char *)at - link))
			fgft_give_up(call, -EFAULT, shape->name);
	}
	if (fgft_failed(call) || !count)
		return;
	head_copy->next = (void *)fgft_core_copy(&call->core, (unsigned long)head->next);
	head_copy->prev = (void *)fgft_core_copy(&call->core, (unsigned long)head->prev);
}

/*
 * True if there is a new range for it. What is loaded again and again is followed each time, and
 * needs no second range; plain ranges are those of locals, which come and go.
 */
static bool allow(struct fgft_call *call, unsigned long start, unsigned long length, u16 rights,
		  void (*follow)(struct fgft_call *call, void *field))
{
	int rc;

	if (fgft_failed(call) || !length)
		return false;
	if (rights != (FGFT_READ | FGFT_WRITE) &&
	    fgft_ranges_has(&call->core.ranges, start, length, rights, follow))
		return false;
	rc = fgft_ranges_add(&call->core.ranges, start, length, rights);
	if (!rc)
		call->core.ranges.ranges[call->core.ranges.recent].follow = follow;
	else if (call->phase == FGFT_RUNNING)
		fgft_fault(call, FGFT_TABLE_FULL, start, 0, "ranges", 0);
	else
		fgft_give_up(call, rc, "ranges");
	return !rc;
}

/**
 * fgft_allow - let isolated code use memory where it is
 * @call: the call, or NULL
 * @start: first byte; NULL is passed over
 * @length: bytes; 0 is passed over
 * @rights: FGFT_READ, FGFT_WRITE, FGFT_LOGGED, FGFT_PLACE
 */
void fgft_allow(struct fgft_call *call, const volatile void *start, unsigned long length,
		u16 rights)
{
	if (start)
		allow(call, (unsigned long)start, length, rights, NULL);
}

/**
 * fgft_allow_follow - let isolated code use memory where it is, and follow the pointers that it
 * loads
 * @call: the call, or NULL
 * @start: first byte; NULL is passed over
 * @length: bytes; 0 is passed over
 * @rights: FGFT_READ, FGFT_WRITE, FGFT_LOGGED
 * @follow: called before each load of an aligned pointer with its address; it may allow or share
 *		what the pointer leads to
 */
void fgft_allow_follow(struct fgft_call *call, const volatile void *start, unsigned long length,
		       u16 rights, void (*follow)(struct fgft_call *call, void *field))
{
	if (start)
		allow(call, (unsigned long)start, length, rights, follow);
}

/**
 * fgft_place_in_range - how far into memory that was allowed in one piece does an address lie?
 * @call: the running call
 * @address: of a field that is followed
 *
 * Return: bytes from the start of the memory.
 */
unsigned long fgft_place_in_range(struct fgft_call *call, const void *address)
{
	const struct fgft_range *range = fgft_ranges_find(&call->core.ranges,
							  (unsigned long)address);

	return range ? (unsigned long)address - range->start : 0;
}

/**
 * fgft_allow_limited - fgft_allow_follow() for a member whose values have limits
 * @call: the call, or NULL
 * @start: the member; NULL is passed over
 * @rights: FGFT_READ, FGFT_WRITE, FGFT_LOGGED
 * @follow: as for fgft_allow_follow(), or NULL
 * @field: length, flags and limits of the member
 */
void fgft_allow_limited(struct fgft_call *call, const volatile void *start, u16 rights,
			void (*follow)(struct fgft_call *call, void *field),
			const struct fgft_field *field)
{
	if (!start || !allow(call, (unsigned long)start, field->length, rights, follow))
		return;
	call->core.ranges.ranges[call->core.ranges.recent].field = field;
	call->core.limited++;
}

/**
 * fgft_allow_io - let isolated code use device registers
 * @call: the call, or NULL
 * @start: the first register, from ioremap() or pci_iomap()
 * @length: bytes
 * @rights: FGFT_IO_READ, FGFT_IO_WRITE
 */
void fgft_allow_io(struct fgft_call *call, const volatile void __iomem *start, unsigned long length,
		   u16 rights)
{
	if (!start)
		return;
	fgft_device_base(call, (__force unsigned long)start);
	allow(call, (__force unsigned long)start, length, rights, NULL);
}

/**
 * fgft_allow_ports - let isolated code use I/O ports
 * @call: the call, or NULL
 * @first: the first port
 * @count: number
 * @rights: FGFT_PORT_READ, FGFT_PORT_WRITE
 */
void fgft_allow_ports(struct fgft_call *call, unsigned long first, unsigned long count, u16 rights)
{
	fgft_device_base(call, first);
	allow(call, first, count, rights, NULL);
}

/**
 * fgft_allow_percpu - let isolated code use a per-CPU variable with this_cpu operations
 * @call: the call, or NULL
 * @start: the variable; NULL is passed over
 * @length: bytes
 */
void fgft_allow_percpu(struct fgft_call *call, const void __percpu *start, unsigned long length)
{
	if ((__force void *)start)
		allow(call, (__force unsigned long)start, length, FGFT_PERCPU, NULL);
}
