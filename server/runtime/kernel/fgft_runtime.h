/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fault-tolerant entry points: the interface between generated code and the runtime.
 *
 * A suspect entry point runs on copies of the fields that it touches. Every load and store of its
 * instrumented code is checked; kernel functions are reached through stubs that check, translate
 * and log. If all goes well, what changed is copied back. On any fault the call is unwound, the log
 * is walked backwards, the device is restored, and the stub returns an error. Every other entry
 * point of the driver runs natively, at full speed.
 *
 * Generated code uses this header in three places: the entry stubs and marshaling at the end of the
 * native copy of the driver, the kernel stubs, and the table of entry points.
 */
#ifndef _FGFT_RUNTIME_H
#define _FGFT_RUNTIME_H

#include <linux/bug.h>
#include <linux/cache.h>
#include <linux/device.h>
#include <linux/jump_label.h>
#include <linux/moduleparam.h>
#include <linux/spinlock_types.h>
#include <linux/stddef.h>

#include "fgft_core.h"

struct dentry;
struct device;
struct module;
struct task_struct;
struct fgft_pool;
struct fgft_statistics;

/* Modes of an entry point, the values of its module parameter. */
#define FGFT_OFF		0	/* native; costs one predictable branch */
#define FGFT_ON			1
#define FGFT_PREDICATE		2	/* isolated when the predicate in the source holds */

/* Flags of an entry point. */
#define FGFT_FALLBACK_FAIL	0x01	/* a call that cannot be isolated fails */
#define FGFT_EXACT_LOCALS	0x02	/* of the stack, only what FGFT_LOCAL() names is legal */
#define FGFT_EARLY_RELEASE	0x04	/* an unlock really unlocks, and publishes */
#define FGFT_RESTORE_UNLOCKED	0x08	/* @restore takes locks: drop the call's own first */
#define FGFT_RESTORE_NEEDED	0x10	/* @restore only if the log of writes is not enough */
#define FGFT_RESTORE_SLEEPS	0x20	/* @restore may sleep: not where the call must not */

/* What fgft_run() tells the entry stub. */
#define FGFT_DONE		0	/* ran, results are copied out */
#define FGFT_FAILED		1	/* faulted and was taken back: return the error */
#define FGFT_NATIVE		2	/* never ran: call the native function */

/**
 * struct fgft_sizes - how much memory one call needs; 0 takes a default
 * @arena:	bytes of all copies together; each record counts its size and the length of its
 *		writable fields, both rounded up to 16 (default 16384)
 * @objects:	originals with a copy, list nodes each (default 64)
 * @ranges:	ranges outside the copies: places, registers, memory from kmalloc() (default 64)
 * @effects:	logged effects of kernel calls, and as many deferred ones (default 64)
 * @locks:	different locks (default 8)
 * @allocations: blocks of memory allocated or freed (default 32)
 */
struct fgft_sizes {
	u32 arena;
	u16 objects;
	u16 ranges;
	u16 effects;
	u16 locks;
	u16 allocations;
};

/* What is known of a register. */
#define FGFT_REGISTER_READABLE	0x01	/* a read gives what was written, and does nothing else */
#define FGFT_REGISTER_EVENT	0x02	/* reports or starts something: no state */

/**
 * struct fgft_register - one register, or an array of them
 * @offset:	from where the driver counts its registers
 * @length:	bytes of an array of registers; 0 and 1: only an access at @offset is meant
 * @flags:	FGFT_REGISTER_*; 0 for one that can only be written
 * @name:	as the driver calls it
 */
struct fgft_register {
	u32 offset;
	u32 length;
	u32 flags;
	const char *name;
};

/* Where and why a call ended. */
struct fgft_fault {
	enum fgft_reason reason;
	u32 size;			/* bytes of the access, 0 if it was none */
	unsigned long address;		/* what was touched */
	unsigned long place;		/* in isolated code; behind the call of a check */
	bool trap;			/* @place is the instruction itself */
	const char *detail;		/* constant text, or NULL */
	u64 when;			/* local_clock() */
};

/**
 * struct fgft_entry - one suspect entry point; define it with DEFINE_FGFT_ENTRY()
 * @name:	the function
 * @file:	of its definition, as given to the compiler
 * @line:	of its definition
 * @flags:	FGFT_FALLBACK_FAIL, FGFT_EXACT_LOCALS ...
 * @sizes:	memory of one call
 * @budget:	checks and kernel calls that one call may make; 0 takes 10 million
 * @state_size:	bytes that @checkpoint fills in
 * @checkpoint:	saves the device before the call; gets the arguments given to fgft_run(). A return
 *		other than 0 means that the device could not be saved, and the call is not isolated.
 *		May be NULL
 * @restore:	brings the device back to what @checkpoint saved, after memory was rolled back. May
 *		be NULL. A return other than 0 means that it could not; it is counted
 * @registers:	of the device, ascending by offset; what is not among them cannot be taken back by
 *		the log of writes
 * @register_count: number of @registers
 * @routes:	driver functions that isolated code reaches through pointers, ascending by native
 *		address or not
 * @route_count: number of @routes
 *
 * The rest belongs to the runtime.
 */
struct fgft_entry {
	const char *name;
	const char *file;
	u32 line;
	u32 flags;
	struct fgft_sizes sizes;
	u32 budget;
	u32 state_size;
	int (*checkpoint)(void *arguments, void *state);
	int (*restore)(void *arguments, const void *state);
	const struct fgft_register *registers;
	u32 register_count;
	const struct fgft_route *routes;
	u32 route_count;

	struct static_key_false on;
	int mode;
	struct fgft_pool *pool;
	struct fgft_statistics __percpu *statistics;
	spinlock_t last_lock;		/* protects @last, @last_text and @last_recovery */
	struct fgft_fault last;
	u64 last_recovery;		/* nanoseconds from the fault to the answered error */
	char last_text[240];
	struct dentry *file_entry;
};

/**
 * DEFINE_FGFT_ENTRY - define an entry point and its module parameter
 * @symbol:	name of the struct fgft_entry
 * @parameter:	name of the module parameter: 0 off, 1 on, 2 predicate
 * @...:	designated initialisers of the generated members
 *
 * Entry points start in mode FGFT_ON.
 */
#define DEFINE_FGFT_ENTRY(symbol, parameter, ...)					\
	struct fgft_entry symbol = {							\
		.mode = FGFT_ON,							\
		.on = STATIC_KEY_FALSE_INIT,						\
		.last_lock = __SPIN_LOCK_UNLOCKED(symbol.last_lock),			\
		__VA_ARGS__								\
	};										\
	module_param_cb(parameter, &fgft_mode_parameter, &symbol, 0644);		\
	MODULE_PARM_DESC(parameter, "isolate this entry point: 0 off, 1 on, 2 predicate")

extern const struct kernel_param_ops fgft_mode_parameter;

/**
 * fgft_isolated - does this call run isolated?
 * @entry:	a struct fgft_entry, not a pointer to one
 * @predicate:	expression over the parameters, true if there is none
 *
 * With the entry point switched off this is one branch that is patched out of the code.
 */
#define fgft_isolated(entry, predicate)							\
	(static_branch_unlikely(&(entry).on) &&						\
	 (READ_ONCE((entry).mode) != FGFT_PREDICATE || (predicate)))

/*
 * Marshaling: from fgft_begin() to fgft_run(). All of these take a call that is NULL or has failed
 * and then do nothing, so that one test at the end is enough; what they return is then NULL, and
 * must be tested before it is dereferenced.
 */
struct fgft_call *fgft_begin(struct fgft_entry *entry);
bool fgft_failed(const struct fgft_call *call);
void fgft_give_up(struct fgft_call *call, int error, const char *what);

void *fgft_word_at(struct fgft_call *call, const void *original, unsigned long offset);
void *fgft_share(struct fgft_call *call, const struct fgft_shape *shape, const void *original);
void *fgft_share_array(struct fgft_call *call, const struct fgft_shape *shape, const void *original,
		       u32 count);
void *fgft_share_bytes(struct fgft_call *call, const void *original, u32 length, u16 rights,
		       const char *name);
void *fgft_share_string(struct fgft_call *call, const char *original, u32 most, const char *name);
void *fgft_fresh(struct fgft_call *call, u32 length, u16 rights);

void fgft_allow(struct fgft_call *call, const volatile void *start, unsigned long length,
		u16 rights);
void fgft_allow_follow(struct fgft_call *call, const volatile void *start, unsigned long length,
		       u16 rights, void (*follow)(struct fgft_call *call, void *field));
void fgft_allow_object(struct fgft_call *call, const void *pointer);
unsigned long fgft_extent(const void *pointer);
void fgft_follow_object(struct fgft_call *call, void *field);
void fgft_follow_io(struct fgft_call *call, const volatile void __iomem *base, u16 rights);
void fgft_follow_ports(struct fgft_call *call, unsigned long first, u16 rights);
unsigned long fgft_place_in_range(struct fgft_call *call, const void *address);
void fgft_allow_limited(struct fgft_call *call, const volatile void *start, u16 rights,
			void (*follow)(struct fgft_call *call, void *field),
			const struct fgft_field *field);
bool fgft_holds(struct fgft_core *core, const volatile void *pointer, u64 count, u32 size);
void fgft_allow_io(struct fgft_call *call, const volatile void __iomem *start, unsigned long length,
		   u16 rights);
void fgft_allow_ports(struct fgft_call *call, unsigned long first, unsigned long count, u16 rights);
void fgft_allow_percpu(struct fgft_call *call, const void __percpu *start, unsigned long length);
void fgft_caller_holds(struct fgft_call *call, const void *lock, const char *kind);

int fgft_run(struct fgft_call *call, void (*body)(void *arguments), void *arguments);
bool fgft_run_guarded(struct fgft_entry *entry, void (*body)(void *arguments), void *arguments);

/*
 * FGFT_FOLLOW - share what a pointer member points to, and point the copy's member there
 * @original, @copy: the record, as it is and its copy; @copy may be NULL after a failure
 */
#define FGFT_FOLLOW(call, original, copy, member, shape)				\
	({										\
		void *__target = fgft_share(call, shape, (original)->member);		\
											\
		if (!fgft_failed(call))							\
			(copy)->member = __target;					\
		__target;								\
	})

/*
 * FGFT_COPY_LIST - deep-copy a list up to a bound
 * @head: the original list head; @head_copy: its copy; @type, @member: of a node; @shape: of a
 *		node, with its links given as FGFT_READ | FGFT_POINTER fields; @most: a longer list
 *		gives the call up
 */
#define FGFT_COPY_LIST(call, head, head_copy, type, member, shape, most)		\
	fgft_share_list(call, head, head_copy, offsetof(type, member), shape, most)
struct list_head;
void fgft_share_list(struct fgft_call *call, const struct list_head *head,
		     struct list_head *head_copy, u32 link, const struct fgft_shape *shape,
		     u32 most);

/*
 * Kernel stubs: while isolated code runs. A stub is entered from suspect code alone, but that code
 * may also run outside any call (a pointer to it leaked): fgft_current() is NULL then, and every
 * function below takes NULL and acts as native code would: nothing is checked, translation is
 * identity, undo is forgotten, deferred effects happen now.
 */

/* FGFT_STUB - define what isolated code calls in place of a kernel function */
#define FGFT_STUB(type, name, ...)							\
	type fgft_k_##name(__VA_ARGS__);						\
	type __fgft_stub fgft_k_##name(__VA_ARGS__)
#define __fgft_stub __section(".fgft_stub") noinline

struct fgft_call *fgft_current(void);

/* The instruction in isolated code that called the stub; expand it in the stub itself. */
#define FGFT_PLACE_OF_CALL	((unsigned long)__builtin_return_address(0))

void fgft_need(struct fgft_call *call, const volatile void *start, unsigned long length, u16 rights,
	       const char *what, unsigned long place);
void fgft_need_string(struct fgft_call *call, const char *string, const char *what,
		      unsigned long place);
void fgft_need_value(struct fgft_call *call, bool holds, const char *what, unsigned long place);

unsigned long fgft_translate_out(struct fgft_call *call, unsigned long address);
unsigned long fgft_translate_in(struct fgft_call *call, unsigned long address);
unsigned long fgft_native_of(struct fgft_call *call, unsigned long function);

/* A pointer that isolated code holds, as the kernel knows it; what has no copy stays as it is. */
#define fgft_original(call, pointer)							\
	((__force typeof(pointer))fgft_translate_out(call, (__force unsigned long)(pointer)))
/* A pointer that the kernel returned, as isolated code may use it. */
#define fgft_copy_of(call, pointer)							\
	((__force typeof(pointer))fgft_translate_in(call, (__force unsigned long)(pointer)))
/* A callback given to the kernel: the native function, never the suspect one. */
#define fgft_native(call, function)							\
	((typeof(function))fgft_native_of(call, (unsigned long)(function)))

void fgft_need_object(struct fgft_call *call, const void *pointer, const char *what,
		      unsigned long place);

void fgft_room(struct fgft_call *call, u16 effects, unsigned long place);
void fgft_undo(struct fgft_call *call, fgft_action_t action, unsigned long a, unsigned long b,
	       unsigned long c);
void fgft_consumed(struct fgft_call *call, const void *object);
void fgft_defer(struct fgft_call *call, fgft_action_t action, unsigned long a, unsigned long b,
		unsigned long c);

void fgft_refresh(struct fgft_call *call);
void fgft_publish(struct fgft_call *call, unsigned long place);
void fgft_may_sleep(struct fgft_call *call, const char *what, unsigned long place);
void fgft_wait_begin(struct fgft_call *call, const char *what, unsigned long place);
void fgft_wait_end(struct fgft_call *call);
void fgft_release_locks(struct fgft_call *call, unsigned long place);

void fgft_allocated(struct fgft_call *call, void *memory, unsigned long length,
		    void (*release)(const void *memory));
void fgft_freed(struct fgft_call *call, const void *memory, void (*release)(const void *memory),
		unsigned long place);

void fgft_fault(struct fgft_call *call, enum fgft_reason reason, unsigned long address, u32 size,
		const char *detail, unsigned long place);

/* Generated code names the bus whose devices the module drives, if it wants to know them. */
extern struct bus_type *const fgft_bus;

/* For the restore function of an entry point: the device that the call was about. */
struct device *fgft_device_of(struct fgft_call *call);

/*
 * The module: generated code defines these two, the runtime's fgft_module.c uses them. The native
 * copy is compiled with -Dinit_module=fgft_native_init -Dcleanup_module=fgft_native_exit.
 */
extern struct fgft_entry *const fgft_entries[];
extern const unsigned int fgft_entry_count;

#endif /* _FGFT_RUNTIME_H */
