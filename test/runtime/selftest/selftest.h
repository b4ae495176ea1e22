/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The device of the self-test, and what its driver can be made to do.
 */
#ifndef _SELFTEST_H
#define _SELFTEST_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define SELFTEST_REGISTERS	0x40	/* bytes */

struct selftest_node {
	struct list_head link;
	u32 weight;
	u32 visits;
};

struct selftest_device {
	spinlock_t lock;
	spinlock_t other;
	struct mutex mutex;
	u32 input;
	u32 output;		/* 0 to 1000 */
	u32 hidden;		/* not marshaled */
	u32 constant;		/* marshaled, read-only */
	u32 zero;
	u8 buffer[16];
	u32 behind;		/* not marshaled */
	struct selftest_node *node;
	struct list_head nodes;
	atomic_t references;
	unsigned long flags;
	void *memory;
	void __iomem *registers;
	int (*helper)(struct selftest_device *device, int value);
	struct completion asked;
	struct completion answered;
};

/* What selftest_act() does after it has changed everything that it may change. */
enum selftest_action {
	ACT_WELL,
	ACT_READ_HIDDEN,
	ACT_WRITE_HIDDEN,
	ACT_WRITE_CONSTANT,
	ACT_OVERRUN,
	ACT_NULL,
	ACT_WILD,
	ACT_RAW_NULL,
	ACT_RAW_WILD,
	ACT_RAW_NON_CANONICAL,
	ACT_RAW_STACK_SEGMENT,
	ACT_DIVIDE,
	ACT_BUG,
	ACT_INVALID_OPCODE,
	ACT_RUNAWAY,
	ACT_SPIN,
	ACT_SPIN_DISABLED,
	ACT_SPIN_EMPTY,
	ACT_CALL_NULL,
	ACT_CALL_DATA,
	ACT_CALL_USER,
	ACT_CALL_NATIVE,
	ACT_CALL_HELPER,
	ACT_REGISTER,
	ACT_REGISTER_PLAIN,
	ACT_MEMCPY,
	ACT_LIMIT,
	ACT_LOCK_TWICE,
	ACT_UNLOCK,
	ACT_KEEP_LOCK,
	ACT_SLEEP_LOCKED,
	ACT_DISABLED,
	ACT_FREE_TWICE,
	ACT_FREE_WILD,
	ACT_FREE_THEN_FAULT,
	ACT_FREE,
	ACT_SMASH,
	ACT_NEST,
	ACT_NEST_FAULT,
	ACT_WAIT,
	ACT_WAIT_FAULT,
	ACT_ATOMIC_HIDDEN,
	ACT_LIST_BROKEN,
	ACT_PRINT_WILD,
	ACT_CALLER_LOCK,
	ACT_CALLER_LOCK_FAULT,
	ACT_IRQ_SECTION,
	ACT_KERNEL_TRAP,
};

/* Registers of the log of writes, and what selftest_poke() writes before it goes wrong. */
#define POKE_VALUE		0x08	/* gives back what was written */
#define POKE_ARRAY		0x0c	/* two of the kind */
#define POKE_PAGE		0x14	/* can only be written, as far as the table says */
#define POKE_EVENT		0x18	/* reports an event */
#define POKE_UNKNOWN		0x1c	/* is not in the table */

enum selftest_poke {
	POKE_READABLE,
	POKE_IN_ORDER,
	POKE_WRITE_ONLY,
	POKE_UNDESCRIBED,
	POKE_BYTES,
};

int selftest_act(struct selftest_device *device, int action, long argument);
int selftest_poke(struct selftest_device *device, int action, long fault);
int selftest_exact(struct selftest_device *device, long index);
int selftest_tick(struct selftest_device *device, long fault);
int selftest_double(struct selftest_device *device, int value);
int selftest_unrouted(struct selftest_device *device, int value);

struct fgft_entry;
extern struct fgft_entry fgft_entry_selftest_act, fgft_entry_selftest_exact;
extern struct fgft_entry fgft_entry_selftest_tick, fgft_entry_selftest_poke;

/* How often the device was set up anew after a call of selftest_poke(). */
extern unsigned int selftest_restarts;

/* Plays the kernel: calls back into the driver. */
int selftest_kernel_call(struct selftest_device *device, int action);

#endif /* _SELFTEST_H */
