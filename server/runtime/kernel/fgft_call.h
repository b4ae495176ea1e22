/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One call and what belongs to it. Private to the runtime.
 */
#ifndef _FGFT_CALL_H
#define _FGFT_CALL_H

#include <linux/hardirq.h>
#include <linux/percpu.h>
#include <linux/preempt.h>

#include "fgft_runtime.h"

enum fgft_phase {
	FGFT_IDLE,		/* in the pool */
	FGFT_MARSHALING,
	FGFT_RUNNING,		/* a fault unwinds */
	FGFT_GUARDED,		/* native code runs: a trap unwinds */
	FGFT_ENDING,		/* committing or rolling back */
};

struct fgft_lock_kind {
	const char *name;
	bool sleeps;
	bool irq;		/* interrupts are off while it is held */
	void (*acquire)(void *lock);
	bool (*try)(void *lock);
	void (*release)(void *lock);
};

enum fgft_lock_state {
	FGFT_HELD,		/* by the suspect's reckoning and really */
	FGFT_PENDING,		/* the suspect released it, we did not yet */
	FGFT_DROPPED,		/* the caller's lock, really released: to be taken again */
};

struct fgft_held_lock {
	void *lock;
	const struct fgft_lock_kind *kind;
	enum fgft_lock_state state;
	bool irq_off;			/* taken while interrupts were off: they stay off */
	bool foreign;			/* the caller took it */
};

struct fgft_block {
	unsigned long address;
	unsigned long length;		/* 0: not allocated by this call */
	void (*release)(const void *memory);
	bool freed;
};

/* What a call wrote to a register that cannot be read. */
struct fgft_register_state {
	unsigned long address;
	u64 value;
	u32 how;
};

/* Code that no check sees, and what must be as before for it to be left: a kernel function. */
struct fgft_away {
	unsigned long place;		/* the instruction behind the call; 0: not there */
	const char *name;		/* of the function, or NULL */
	int preempt_count;
	int rcu_depth;
};

#define FGFT_BASES	4

struct fgft_call {
	unsigned long stack_pointer;	/* must be first: fgft_enter.S */
	struct fgft_core core;
	struct fgft_entry *entry;
	struct fgft_call *outer;	/* call that this one interrupted or is called by */
	enum fgft_phase phase;
	u32 budget;			/* checks and kernel calls that are left */
	u32 passed;			/* basic blocks that ran, more or less */
	u32 context;			/* interrupt bits of preempt_count() */
	bool dirty;			/* a copy was written since the last publish */
	bool exact_locals;
	bool irq_on;			/* the suspect believes that interrupts are on */
	u16 bh_owed;			/* local_bh_enable() that wait for a lock */
	bool touched;			/* the device was written, or an effect logged */
	u16 lock_count, lock_capacity;
	u16 block_count, block_capacity;
	struct fgft_held_lock *locks;
	struct fgft_block *blocks;
	struct fgft_own own_blocks;
	void *state;			/* the checkpoint */
	struct fgft_register_state *registers;	/* one for each row of the entry's */
	unsigned long bases[FGFT_BASES];	/* what the driver counts its registers from */
	u16 base_count;
	bool registers_known;		/* @registers is not all 0 */
	bool device_changed;		/* the log does not bring the device back */
	unsigned long irq_flags;
	int preempt_count;
	int rcu_depth;
	u64 started;
	u64 runtime;			/* of the task when the call began */
	u64 waiting_since, waited;
	struct fgft_away away;
	struct fgft_fault fault;
	struct fgft_pool *pool;
	u16 slot;			/* in the pool */
};

/*
 * An isolated call makes some 10^8 checks per second: so much runs for a tenth of a second and then
 * is a runaway.
 */
#define FGFT_DEFAULT_BUDGET	10000000

/*
 * A loop whose every round waits for the device stays below every count for hours. Nanoseconds: on
 * the processor, below the 20 s after which the kernel complains of a stall; and without what was
 * spent in waits for others, beyond the longest resets and firmware downloads.
 */
#define FGFT_MOST_RUNTIME	(10ULL * NSEC_PER_SEC)
#define FGFT_MOST_TIME		(40ULL * NSEC_PER_SEC)

static inline u32 fgft_budget(const struct fgft_entry *entry)
{
	return entry->budget ? entry->budget : FGFT_DEFAULT_BUDGET;
}

/* What an entry point counts; one per processor. */
struct fgft_statistics {
	u64 calls;			/* isolated calls that began to run */
	u64 faults;
	u64 fallbacks;			/* calls that could not be isolated */
	u64 checks;
	u64 late;			/* words of lenient records that no field names */
	u64 restores;			/* faults after which the device was set up anew */
	u64 unrestored;			/* ... and after which it may be left changed */
	u64 histogram[32];		/* calls by log2 of nanoseconds */
};

/* interrupt context, so that an interrupt on top is never taken for the call below it */
#define FGFT_CONTEXT_MASK	(NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET)

/* fgft_enter.S: 0 after @body returned, 1 after fgft_abort() */
int fgft_enter(struct fgft_call *call, void (*body)(void *arguments), void *arguments);
void fgft_abort(struct fgft_call *call);
void fgft_return(void);
extern char fgft_text_begin[], fgft_text_end[];
extern char fgft_stub_begin[], fgft_stub_end[];

static inline void fgft_go_away(struct fgft_call *call, const char *name, unsigned long place)
{
	call->away = (struct fgft_away){
		.name = name,
		.preempt_count = preempt_count(),
		.rcu_depth = rcu_preempt_depth(),
	};
	WRITE_ONCE(call->away.place, place);
}

static inline bool fgft_is_suspect_text(unsigned long address)
{
	return address >= (unsigned long)fgft_text_begin && address < (unsigned long)fgft_text_end;
}

static inline bool fgft_is_stub_text(unsigned long address)
{
	return address >= (unsigned long)fgft_stub_begin && address < (unsigned long)fgft_stub_end;
}

/* fgft_context.c */
int fgft_context_push(struct fgft_call *call);
void fgft_context_pop(struct fgft_call *call);
struct fgft_call *fgft_running_call(void);

/* fgft_pool.c */
int fgft_pool_create(struct fgft_entry *entry);
void fgft_pool_destroy(struct fgft_entry *entry);
struct fgft_call *fgft_pool_get(struct fgft_entry *entry);
void fgft_pool_put(struct fgft_call *call);

/* fgft_reserve.c */
void fgft_reserve_create(void);
void fgft_reserve_destroy(void);

/* fgft_traps.c */
int fgft_traps_register(void);
void fgft_traps_unregister(void);

/* fgft_checks.c */
bool fgft_may_access(struct fgft_call *call, unsigned long address, unsigned long length,
		     u16 rights);
bool fgft_is_page(unsigned long address);
bool fgft_is_constant_data(unsigned long address, unsigned long length);
enum fgft_reason fgft_access_reason(struct fgft_call *call, unsigned long address, u16 rights);

/* fgft_thunks.S calls it */
DECLARE_PER_CPU(int, fgft_blocks);
void fgft_blocks_passed(unsigned long place);

/* fgft_stubs.c */
void fgft_publish_changes(struct fgft_call *call, unsigned long place);

/* fgft_locks.c */
bool fgft_lock_acquire(const struct fgft_lock_kind *kind, void *lock, bool try,
		       unsigned long place);
void fgft_lock_release(const struct fgft_lock_kind *kind, void *lock, unsigned long place);
bool fgft_irq_lock_held(const struct fgft_call *call);
bool fgft_lock_pending(const struct fgft_call *call);
void fgft_irq_set(struct fgft_call *call, bool on);
bool fgft_locks_balanced(const struct fgft_call *call);
void fgft_locks_drop(struct fgft_call *call, bool committed);
void fgft_locks_release_early(struct fgft_call *call, bool all, unsigned long place);
const struct fgft_lock_kind *fgft_lock_kind_named(const char *name);

/* fgft_marshal.c */
bool fgft_is_readable(unsigned long first, unsigned long length);

/* fgft_gate.c */
bool fgft_gate_undoes(const struct fgft_call *call, unsigned long function, unsigned long first);

/* fgft_target.c */
bool fgft_is_executable(unsigned long address);

/* fgft_devices.c */
void fgft_devices_listen(void);
void fgft_devices_ignore(void);

/* fgft_memory.c */
void fgft_blocks_commit(struct fgft_call *call);
void fgft_blocks_abort(struct fgft_call *call);

/* fgft_report.c */
void fgft_report_fault(struct fgft_call *call);
void fgft_report_recovery(struct fgft_call *call);
void fgft_report_fallback(struct fgft_call *call, int error, const char *what);
void fgft_report_create(void);
void fgft_report_destroy(void);
void fgft_report_entry(struct fgft_entry *entry);

/* fgft_switch.c */
void fgft_switches_on(void);
void fgft_switches_off(void);

static inline u32 fgft_context_now(void)
{
	return preempt_count() & FGFT_CONTEXT_MASK;
}

#endif /* _FGFT_CALL_H */
