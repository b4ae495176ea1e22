// SPDX-License-Identifier: GPL-2.0
/*
 * A driver that can go wrong in every way. Compiled twice, as every driver is: natively and with
 * checks.
 */
#include <linux/bug.h>
#include <linux/io.h>
#include <linux/llist.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "selftest.h"

#ifndef FGFT_LOCAL
#define FGFT_LOCAL(variable)
#endif

#define UNCHECKED	__no_sanitize_thread noinline

static UNCHECKED void write_raw(unsigned long address)
{
	*(volatile u32 *)address = 1;
}

/* Every pointer is good that the kernel function is given; the one that it finds is not. */
static noinline void take_from_broken_list(void)
{
	struct llist_node *(*volatile take)(struct llist_head *list) = llist_del_first;
	struct llist_head list = { .first = (struct llist_node *)8 };

	take(&list);
}

/* Processors blame the stack segment for what goes through the frame register. */
static UNCHECKED void read_stack_segment(void)
{
	unsigned long address = 0x1234000000000000UL;

	asm volatile("xchg %%rbp, %0\n\t"
		     "movl (%%rbp), %%eax\n\t"
		     "xchg %%rbp, %0"
		     : "+r" (address) : : "eax", "memory");
}

static UNCHECKED void smash(unsigned long *frame, unsigned long words)
{
	unsigned long i;

	for (i = 0; i < words; i++)
		((volatile unsigned long *)frame)[i] = 0x5a5a5a5a5a5a5a5aUL;
}

static noinline void smash_own_stack(unsigned long words)
{
	unsigned long frame[4];

	smash(frame, words);
}

int selftest_double(struct selftest_device *device, int value)
{
	device->input += 0;
	return 2 * value;
}

static int freeing(struct selftest_device *device, int action)
{
	void *memory = device->memory;

	switch (action) {
	case ACT_FREE_TWICE:
		kfree(memory);
		kfree(memory);
		break;
	case ACT_FREE_WILD:
		kfree((void *)0x5a5a5a5a5a5a5a5aUL);
		break;
	case ACT_FREE_THEN_FAULT:
		kfree(memory);
		device->memory = NULL;
		device->hidden = 1;
		break;
	default:
		kfree(memory);
		device->memory = NULL;
		break;
	}
	return 0;
}

static int locking(struct selftest_device *device, int action)
{
	unsigned long flags;

	switch (action) {
	case ACT_LOCK_TWICE:
		spin_lock(&device->other);
		spin_lock(&device->other);
		break;
	case ACT_UNLOCK:
		spin_unlock(&device->other);
		break;
	case ACT_KEEP_LOCK:
		spin_lock(&device->other);
		break;
	case ACT_SLEEP_LOCKED:
		spin_lock(&device->other);
		mutex_lock(&device->mutex);
		break;
	case ACT_DISABLED:
		rcu_read_lock();
		local_bh_disable();
		preempt_disable();
		spin_lock_irqsave(&device->other, flags);
		device->hidden = 1;
		break;
	}
	return 0;
}

static int calling(struct selftest_device *device, int action)
{
	int (*target)(struct selftest_device *device, int value) = NULL;

	switch (action) {
	case ACT_CALL_DATA:
		target = (void *)device;
		break;
	case ACT_CALL_USER:
		target = (void *)0x400000UL;
		break;
	case ACT_CALL_NATIVE:
	case ACT_CALL_HELPER:
		target = device->helper;
		break;
	}
	OPTIMIZER_HIDE_VAR(target);
	return target(device, 21);
}

static int waiting(struct selftest_device *device, int action)
{
	spin_lock(&device->other);
	device->output = 77;
	spin_unlock(&device->other);
	complete(&device->asked);
	if (!wait_for_completion_timeout(&device->answered, HZ))
		return -ETIMEDOUT;
	if (action == ACT_WAIT_FAULT)
		device->hidden = 1;
	return device->input;
}

static noinline void spin(bool empty)
{
	if (empty)
		while (1)
			;
	for (;;)
		cpu_relax();
}

static noinline void spin_locked(struct selftest_device *device, bool empty)
{
	local_irq_disable();
	spin_lock(&device->other);
	spin(empty);
}

static int misbehave(struct selftest_device *device, int action, long argument)
{
	char text[24] = "";

	switch (action) {
	case ACT_READ_HIDDEN:
		return device->hidden;
	case ACT_WRITE_HIDDEN:
		device->hidden = 1;
		break;
	case ACT_WRITE_CONSTANT:
		device->constant = 1;
		break;
	case ACT_OVERRUN:
		((volatile u8 *)device->buffer)[argument] = 1;
		break;
	case ACT_NULL:
		((volatile struct selftest_device *)(argument & 1))->output = 1;
		break;
	case ACT_WILD:
		*(volatile u32 *)((char *)device + 0x123450) = 1;
		break;
	case ACT_RAW_NULL:
		write_raw(0x10);
		break;
	case ACT_RAW_WILD:
		write_raw(0xffffc8ffffff0000UL);
		break;
	case ACT_RAW_NON_CANONICAL:
		write_raw(0x1234000000000000UL);
		break;
	case ACT_RAW_STACK_SEGMENT:
		read_stack_segment();
		break;
	case ACT_DIVIDE:
		return 100 / (int)device->zero;
	case ACT_BUG:
		BUG_ON(!device->zero);
		break;
	case ACT_INVALID_OPCODE:
		/*
		 * Leaves a mode that the processor is not in; objtool takes ud2 for the end of the
		 * code.
		 */
		asm volatile("rsm");
		break;
	case ACT_RUNAWAY:
		while (READ_ONCE(device->input))
			cpu_relax();
		break;
	case ACT_SPIN_DISABLED:
	case ACT_SPIN_EMPTY:
		spin_locked(device, action == ACT_SPIN_EMPTY);
		break;
	case ACT_SPIN:
		spin(false);
		break;
	case ACT_KERNEL_TRAP:
		take_from_broken_list();
		break;
	case ACT_REGISTER:
		writel(1, device->registers + SELFTEST_REGISTERS);
		break;
	case ACT_REGISTER_PLAIN:
		*(volatile u32 __force *)device->registers = 1;
		break;
	case ACT_MEMCPY:
		memcpy(device->buffer, text, argument);
		break;
	case ACT_LIMIT:
		device->output = 5000;
		break;
	case ACT_SMASH:
		smash_own_stack(argument);
		break;
	case ACT_ATOMIC_HIDDEN:
		atomic_inc((atomic_t *)&device->hidden);
		break;
	case ACT_LIST_BROKEN:
		device->node->link.next = NULL;
		list_del(&device->node->link);
		break;
	case ACT_CALLER_LOCK:
	case ACT_CALLER_LOCK_FAULT:
		spin_unlock(&device->other);
		if (action == ACT_CALLER_LOCK_FAULT)
			device->hidden = 1;
		spin_lock(&device->other);
		break;
	case ACT_IRQ_SECTION:
		local_irq_disable();
		spin_lock(&device->other);
		spin_unlock(&device->other);
		local_irq_enable();
		return irqs_disabled();
	case ACT_PRINT_WILD:
		pr_info("%s\n", (char *)device + 0x123450);
		break;
	}
	return 0;
}

int selftest_act(struct selftest_device *device, int action, long argument)
{
	struct selftest_node *node;
	unsigned long flags;
	u32 sum = 0;

	spin_lock_irqsave(&device->lock, flags);
	device->output = device->input + 1;
	device->buffer[0]++;
	device->buffer[15] = 15;
	atomic_inc(&device->references);
	set_bit(3, &device->flags);
	device->node->visits++;
	list_for_each_entry(node, &device->nodes, link)
		sum += node->weight;
	spin_unlock_irqrestore(&device->lock, flags);
	writel(readl(device->registers) + 1, device->registers + 4);
	if (action < ACT_FREE_TWICE || action > ACT_FREE) {
		kfree(device->memory);
		device->memory = kzalloc(64, GFP_ATOMIC);
		if (device->memory)
			*(struct selftest_device **)device->memory = device;
	}
	switch (action) {
	case ACT_WELL:
		return sum;
	case ACT_CALL_NULL ... ACT_CALL_HELPER:
		return calling(device, action);
	case ACT_LOCK_TWICE ... ACT_DISABLED:
		return locking(device, action);
	case ACT_FREE_TWICE ... ACT_FREE:
		return freeing(device, action);
	case ACT_NEST:
		return selftest_kernel_call(device, ACT_WELL);
	case ACT_NEST_FAULT:
		return selftest_kernel_call(device, ACT_NULL);
	case ACT_WAIT:
	case ACT_WAIT_FAULT:
		return waiting(device, action);
	default:
		return misbehave(device, action, argument);
	}
}

/* Writes registers, some of them more than once, and goes wrong then. */
int selftest_poke(struct selftest_device *device, int action, long fault)
{
	u8 bytes[4] = { 9, 9, 9, 9 };

	switch (action) {
	case POKE_READABLE:
		writel(1, device->registers + POKE_VALUE);
		writel(2, device->registers + POKE_VALUE);
		writew(3, device->registers + POKE_ARRAY + 4);
		iowrite32be(4, device->registers + POKE_ARRAY);
		writel(5, device->registers + POKE_EVENT);
		break;
	case POKE_IN_ORDER:
		writel(1, device->registers + POKE_PAGE);
		writel(2, device->registers + POKE_VALUE);
		writel(3, device->registers + POKE_PAGE);
		writel(4, device->registers + POKE_ARRAY);
		break;
	case POKE_WRITE_ONLY:
		writel(6, device->registers + POKE_PAGE);
		break;
	case POKE_UNDESCRIBED:
		writel(7, device->registers + POKE_UNKNOWN);
		break;
	case POKE_BYTES:
		memcpy_toio(device->registers + POKE_VALUE, bytes, sizeof(bytes));
		break;
	}
	if (fault)
		device->hidden = 1;
	return 0;
}

/* Runs with FGFT_EXACT_LOCALS. */
int selftest_exact(struct selftest_device *device, long index)
{
	u8 local[8];
	FGFT_LOCAL(local);
	int sum = 0, i;

	for (i = 0; i < 8; i++)
		((volatile u8 *)local)[i] = i;
	for (i = 0; i <= index; i++)
		sum += ((volatile u8 *)local)[i];
	device->output = sum;
	return sum;
}

/* Called from a timer's interrupt, on top of whatever runs. */
int selftest_tick(struct selftest_device *device, long fault)
{
	atomic_inc(&device->references);
	if (fault)
		device->hidden = 1;
	return 0;
}
