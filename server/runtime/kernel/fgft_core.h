/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The portable part of the runtime: what one isolated call may touch, which copy stands for which
 * original, what changed, and what must be taken back.
 *
 * Nothing here allocates, sleeps, locks or knows about processors. All memory belongs to a struct
 * fgft_call that the caller sets up once and uses again and again; a table that is full is an error
 * that the caller sees.
 */
#ifndef _FGFT_CORE_H
#define _FGFT_CORE_H

#include "fgft_portable.h"

/*
 * Rights of a range, one bit each. A byte may be accessed if the ranges over it give all the rights
 * asked for. I/O rights are apart from memory rights so that a plain access to device memory is a
 * fault.
 */
#define FGFT_READ		0x0001	/* plain loads */
#define FGFT_WRITE		0x0002	/* plain stores */
#define FGFT_IO_READ		0x0004	/* readl(), ioread32() ... */
#define FGFT_IO_WRITE		0x0008
#define FGFT_PORT_READ		0x0010	/* inb() ...; addresses are port numbers */
#define FGFT_PORT_WRITE		0x0020
#define FGFT_PERCPU		0x0040	/* this_cpu operations; the address is the per-CPU offset */
#define FGFT_LOGGED		0x0080	/* a store first logs the old bytes, for an abort */

/*
 * How a field travels, besides FGFT_READ (copied in, readable) and FGFT_WRITE (writable, copied out
 * if changed).
 */
#define FGFT_PLACE		0x0100	/* used where it is: locks, atomics */
#define FGFT_POINTER		0x0200	/* translated between originals and copies */
#define FGFT_FUNCTION		0x0400	/* translated between native and suspect */
#define FGFT_SCAN		0x0800	/* pointers at unknown places: words go out translated */
#define FGFT_NON_NULL		0x1000	/* a NULL here is a fault before it reaches the kernel */
#define FGFT_BITS		0x2000	/* a storage unit of bit-fields: changed bits travel back */
#define FGFT_SIGNED		0x4000	/* the limits compare as signed values */

/* Why a call was ended. The order is the order of fgft_reason_text(). */
enum fgft_reason {
	FGFT_NO_FAULT,
	FGFT_BAD_READ,		/* load outside every range */
	FGFT_BAD_WRITE,		/* store outside every range */
	FGFT_READ_ONLY,		/* store to a range that can only be read */
	FGFT_NULL_ACCESS,	/* access within the first page */
	FGFT_BAD_IO,		/* register outside the device, or touched without accessor */
	FGFT_BAD_ARGUMENT,	/* argument of a kernel function */
	FGFT_BAD_VALUE,		/* a value outside its limits, met when the result was checked */
	FGFT_BAD_CALL,		/* call through a pointer that is no known function */
	FGFT_BAD_LOCK,		/* lock taken twice, released without being held, or slept under */
	FGFT_BAD_FREE,		/* freed twice, or memory that the call may not free */
	FGFT_RUNAWAY,		/* more checks than the budget allows */
	FGFT_TABLE_FULL,	/* a table of the call is full */
	FGFT_STACK_SMASHED,	/* the compiler's stack protector */
	FGFT_PAGE_FAULT,
	FGFT_DIVIDE,
	FGFT_INVALID_OPCODE,	/* ud2: BUG() and what the compiler takes for unreachable */
	FGFT_PROTECTION,	/* general protection: a non-canonical address, mostly */
	FGFT_STACK_SEGMENT,
	FGFT_OTHER_TRAP,
	FGFT_KERNEL_TRAP,	/* a trap in a kernel function that isolated code called */
	FGFT_REASONS
};

struct fgft_call;
struct fgft_core;

struct fgft_limit {
	s64 least, most;	/* both inclusive; unsigned unless the field is FGFT_SIGNED */
};

/**
 * struct fgft_field - one marshaled field of a record
 * @offset:	bytes from the start of the record
 * @length:	bytes
 * @flags:	FGFT_READ, FGFT_WRITE, FGFT_PLACE, FGFT_POINTER ...
 * @element:	bytes of one element if the field is an array of which elements travel one by one,
 *		else 0
 * @limit:	values that are allowed when the field travels back, or NULL; for lengths of 1, 2, 4
 *		and 8
 * @name:	for messages
 * @follow:	if given, the field is readable only after this was called with its address in the
 *		copy, which happens at the first load: it may share what the field points to and
 *		point the field there
 *
 * A field that is only FGFT_PLACE is not copied; FGFT_PLACE | FGFT_READ is copied in, so that plain
 * loads see a value, and never copied out.
 */
struct fgft_field {
	u32 offset;
	u32 length;
	u16 flags;
	u16 element;
	const struct fgft_limit *limit;
	const char *name;
	void (*follow)(struct fgft_call *call, void *field);
};

/**
 * struct fgft_shape - how one kind of record travels for one entry point
 * @name:	for messages, as C spells it: "struct net_device"
 * @size:	bytes of the whole record, whatever of it travels
 * @fields:	in ascending order of offset
 * @field_count: number of @fields
 * @check:	if given, tells whether members of a changed copy agree with each other
 * @lenient:	a load of anything else in the record copies that word in, and is counted, instead
 *		of being a fault
 */
struct fgft_shape {
	const char *name;
	u32 size;
	u32 field_count;
	const struct fgft_field *fields;
	bool (*check)(struct fgft_core *core, const void *copy, const void *original);
	bool lenient;
};

/*
 * FGFT_FIELD - a member of a record that is marshaled. Members of members: FGFT_FIELD(struct a,
 * b.c, ...)
 */
#define FGFT_FIELD(type, member, how)							\
	FGFT_FIELD_AT(0, type, member, how, 0, NULL)

/*
 * FGFT_FIELD_AT - the general form
 * @at: bytes from the start of the shape to the record of @type; for a private area, that of the
 *		area
 * @bytes: bytes of one element for arrays whose elements travel one by one, else 0
 * @limits: a struct fgft_limit, or NULL
 */
#define FGFT_FIELD_AT(at, type, member, how, bytes, limits)				\
	{										\
		.offset = (at) + offsetof(type, member),				\
		.length = sizeof_field(type, member),					\
		.flags = (how),								\
		.element = (bytes),							\
		.limit = (limits),							\
		.name = #member,							\
	}

/* FGFT_FOLLOWED - a pointer whose target is shared by @function when it is first loaded */
#define FGFT_FOLLOWED(at, type, member, how, function)					\
	{										\
		.offset = (at) + offsetof(type, member),				\
		.length = sizeof_field(type, member),					\
		.flags = (how) | FGFT_POINTER,						\
		.name = #member,							\
		.follow = (function),							\
	}

/*
 * FGFT_SPAN - bytes by number: what has no name of its own, such as the storage unit of a bit-field
 */
#define FGFT_SPAN(at, bytes, how, label)						\
	{										\
		.offset = (at),								\
		.length = (bytes),							\
		.flags = (how),								\
		.name = (label),							\
	}

/* FGFT_SHAPE - a shape from an array of fields */
#define FGFT_SHAPE(spelling, bytes, array)						\
	{										\
		.name = (spelling),							\
		.size = (bytes),							\
		.field_count = ARRAY_SIZE(array),					\
		.fields = (array),							\
	}

/* An original and the memory that stands for it during the call. */
struct fgft_object {
	unsigned long original;
	unsigned long copy;
	u32 size;
	bool dead;		/* freed by the call: nothing is copied out any more */
	const char *name;
};

/* One shape laid over an object: what is compared at the end. */
struct fgft_view {
	const struct fgft_shape *shape;
	u16 object;
	u32 offset;		/* of the first element within the object */
	u32 count;		/* elements of an array of records */
	u16 flags;		/* of all fields together */
	bool plain;		/* bytes without structure: compared and copied as a whole */
	u8 *old;		/* what was copied in of writable fields, in order */
};

struct fgft_range {
	unsigned long start;
	unsigned long end;	/* first byte behind */
	unsigned long reach;	/* greatest end of this range and all before it */
	/* called before every load of a pointer in it, or NULL */
	void (*follow)(struct fgft_call *call, void *field);
	/* limits of the value that stands there, or NULL */
	const struct fgft_field *field;
	u16 rights;
};

/* A table's own memory, while the table stands in the reserve; else @memory is NULL. */
struct fgft_own {
	void *memory;
	u16 capacity;
};

/* Bytes of one piece of the reserve. */
#define FGFT_RESERVE_BYTES	(256 * 1024)

struct fgft_range_table {
	struct fgft_range *ranges;	/* ascending start */
	struct fgft_own own;
	u16 count;
	u16 capacity;
	u16 recent;			/* index that answered last */
};

/*
 * Memory of the copies. One bit per byte and right says what may be touched, so a check costs the
 * same for one field and for a thousand.
 */
struct fgft_arena {
	u8 *base;
	u32 size;
	u32 used;
	u8 *readable;		/* (size + 7) / 8 bytes and 8 more */
	u8 *writable;
};

/**
 * typedef fgft_action_t - something to do at the end of a call
 * @call: the call
 * @a: as given when it was logged
 * @b: as given when it was logged
 * @c: as given when it was logged
 */
typedef void (*fgft_action_t)(struct fgft_call *call, unsigned long a, unsigned long b,
			      unsigned long c);

struct fgft_effect {
	fgft_action_t action;
	unsigned long a, b, c;
};

struct fgft_log {
	struct fgft_effect *effects;
	struct fgft_own own;
	u16 count;
	u16 capacity;
};

#define FGFT_LOGGED_SLOTS	64

/* Words in place that hold, or are about to get, addresses of copies; empty if @length is 0. */
struct fgft_lent {
	unsigned long start;
	unsigned long length;
};

/* The data of one call that the portable part works on. */
struct fgft_core {
	struct fgft_arena arena;
	struct fgft_range_table ranges;
	struct fgft_object *objects;	/* ascending copy */
	struct fgft_view *views;
	u16 *by_original;		/* objects that have an original, ascending original */
	u16 object_count, object_capacity;
	u16 original_count;
	u16 view_count, view_capacity;
	struct fgft_log undo;		/* walked backwards on abort */
	struct fgft_log deferred;	/* walked forwards on commit */
	unsigned long logged[FGFT_LOGGED_SLOTS];	/* stores that the undo log has */
	bool has_logged;		/* @logged is not all 0 */
	u16 limited;			/* ranges whose values have limits */
	bool has_lent;			/* one of @lent is not empty */
	struct fgft_lent lent[2];	/* since the last check, since the one before */
	const struct fgft_route *routes;
	u32 route_count;
	int error;			/* first failure of marshaling; stays */
	const char *error_place;	/* what failed, for the counters' log line */
	const struct fgft_field *bad_field;	/* set by fgft_validate() */
	const struct fgft_shape *bad_shape;
};

/**
 * struct fgft_route - a driver function and the version that isolated code calls
 * @native: as it stands in the kernel's and the driver's tables
 * @suspect: compiled with checks, or a kernel stub
 */
struct fgft_route {
	unsigned long native;
	unsigned long suspect;
};

/* tables that may go on in the reserve, which belongs to whoever uses the portable part */
void *fgft_reserve_take(void);
void fgft_reserve_put(void *memory);
void *fgft_table_grow(void *table, u16 *capacity, struct fgft_own *own, u32 element);
void *fgft_table_shrink(void *table, u16 *capacity, struct fgft_own *own);

/* ranges: memory that is used where it is */
void fgft_ranges_clear(struct fgft_range_table *table);
int fgft_ranges_add(struct fgft_range_table *table, unsigned long start, unsigned long length,
		    u16 rights);
bool fgft_ranges_has(const struct fgft_range_table *table, unsigned long start,
		     unsigned long length, u16 rights,
		     void (*follow)(struct fgft_call *call, void *field));
int fgft_ranges_remove(struct fgft_range_table *table, unsigned long start, unsigned long length);
bool fgft_ranges_allow(struct fgft_range_table *table, unsigned long start, unsigned long length,
		       u16 rights);
u16 fgft_ranges_rights(const struct fgft_range_table *table, unsigned long address);
const struct fgft_range *fgft_ranges_find(const struct fgft_range_table *table,
					  unsigned long address);

/* arena: memory of copies */
void fgft_arena_clear(struct fgft_arena *arena);
void *fgft_arena_take(struct fgft_arena *arena, u32 size, u32 align);
void fgft_arena_allow(struct fgft_arena *arena, u32 offset, u32 length, u16 rights);
void fgft_arena_forbid(struct fgft_arena *arena, u32 offset, u32 length);
bool fgft_arena_any(const struct fgft_arena *arena, u32 offset, u32 length);
bool fgft_arena_allows(const struct fgft_arena *arena, u32 offset, u32 length, u16 rights);

/* objects: originals and copies */
void fgft_core_clear(struct fgft_core *core);
struct fgft_object *fgft_object_of_copy(struct fgft_core *core, unsigned long address);
struct fgft_object *fgft_object_of_original(struct fgft_core *core, unsigned long address);
bool fgft_object_is_around(struct fgft_core *core, unsigned long original, u64 size);
struct fgft_object *fgft_object_add(struct fgft_core *core, unsigned long original, u32 size,
				    const char *name);
void fgft_core_fail(struct fgft_core *core, int error, const char *place);
unsigned long fgft_core_original(struct fgft_core *core, unsigned long address);
unsigned long fgft_core_copy(struct fgft_core *core, unsigned long address);
const struct fgft_field *fgft_field_at(struct fgft_core *core, unsigned long copy,
				       const struct fgft_shape **shape);
bool fgft_place_original(struct fgft_core *core, unsigned long copy, u32 length,
			 unsigned long *original);

/* copies */
void *fgft_core_share(struct fgft_core *core, const struct fgft_shape *shape,
		      unsigned long original, u32 count);
void *fgft_core_share_bytes(struct fgft_core *core, unsigned long original, u32 length, u16 rights,
			    const char *name);
void fgft_core_link(struct fgft_core *core);
void fgft_core_link_from(struct fgft_core *core, u16 first);
unsigned long fgft_core_native(const struct fgft_core *core, unsigned long function);
unsigned long fgft_core_suspect(const struct fgft_core *core, unsigned long function);
bool fgft_core_late(struct fgft_core *core, unsigned long copy, u32 length);
bool fgft_validate(struct fgft_core *core);
bool fgft_validate_stores(struct fgft_core *core);
void fgft_copy_out(struct fgft_core *core);
void fgft_core_refresh(struct fgft_core *core);
int fgft_core_publish(struct fgft_core *core);

/* effects */
int fgft_log_add(struct fgft_log *log, fgft_action_t action, unsigned long a, unsigned long b,
		 unsigned long c);
bool fgft_log_has_room(struct fgft_log *log, u16 effects);
void fgft_log_clear(struct fgft_log *log);
bool fgft_log_is_last(const struct fgft_log *log, fgft_action_t action, unsigned long a,
		      unsigned long c);
void fgft_log_cancel(struct fgft_log *log, unsigned long value);
void fgft_log_forwards(struct fgft_log *log, struct fgft_call *call);
void fgft_log_backwards(struct fgft_log *log, struct fgft_call *call);
int fgft_undo_store(struct fgft_core *core, unsigned long address, u32 length);
bool fgft_undo_holds(const struct fgft_core *core, unsigned long address, u32 length);
bool fgft_words_outward(struct fgft_core *core, unsigned long start, unsigned long length);
bool fgft_words_inward(struct fgft_core *core, unsigned long start, unsigned long length);

/* words in place */
void fgft_lend(struct fgft_core *core, unsigned long start, unsigned long length, bool stored);
void fgft_lent_later(struct fgft_core *core);
void fgft_settle(struct fgft_core *core);

/* names */
const char *fgft_reason_text(enum fgft_reason reason);

#endif /* _FGFT_CORE_H */
