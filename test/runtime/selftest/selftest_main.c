// SPDX-License-Identifier: GPL-2.0
/*
 * Makes the driver of the self-test go wrong and looks at what is left.
 *
 * Prints one line per test, "selftest: NAME: ok" or "selftest: NAME: FAILED: what", and a last one
 * with the counts.
 */
#include <linux/hrtimer.h>
#include <linux/io.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <linux/vmalloc.h>

#include "fgft_runtime.h"
#include "selftest.h"

static struct selftest_device *device;
static struct selftest_node nodes[3];
static unsigned int passed, failed;

int selftest_unrouted(struct selftest_device *on, int value)
{
	return value;
}

int selftest_kernel_call(struct selftest_device *on, int action)
{
	return selftest_act(on, action, 1);
}

static void result(const char *name, const char *problem)
{
	if (problem) {
		failed++;
		pr_err("selftest: %s: FAILED: %s\n", name, problem);
	} else {
		passed++;
		pr_info("selftest: %s: ok\n", name);
	}
}

static void reset(void)
{
	unsigned int i;

	kfree(device->memory);
	device->memory = kzalloc(64, GFP_KERNEL);
	device->input = 10;
	device->output = 20;
	device->hidden = 30;
	device->constant = 40;
	device->zero = 0;
	device->behind = 50;
	memset(device->buffer, 0xaa, sizeof(device->buffer));
	device->helper = selftest_double;
	device->flags = 0;
	atomic_set(&device->references, 5);
	INIT_LIST_HEAD(&device->nodes);
	for (i = 0; i < ARRAY_SIZE(nodes); i++) {
		nodes[i].weight = i + 1;
		nodes[i].visits = 0;
		list_add_tail(&nodes[i].link, &device->nodes);
	}
	device->node = &nodes[1];
	writel(100, device->registers);
	writel(200, device->registers + 4);
	reinit_completion(&device->asked);
	reinit_completion(&device->answered);
}

/* What is not as reset() made it; NULL if everything is. */
static const char *difference(const void *memory)
{
	if (device->output != 20 || device->hidden != 30 || device->constant != 40 ||
	    device->behind != 50)
		return "a field kept what the aborted call wrote";
	if (device->buffer[0] != 0xaa || device->buffer[15] != 0xaa)
		return "an array kept what the aborted call wrote";
	if (atomic_read(&device->references) != 5)
		return "a reference count is off";
	if (device->flags)
		return "a flag stayed set";
	if (nodes[1].visits || nodes[0].link.next != &nodes[1].link ||
	    nodes[1].link.prev != &nodes[0].link)
		return "a list node changed";
	if (device->memory != memory)
		return "a pointer changed";
	if (readl(device->registers) != 100 || readl(device->registers + 4) != 200)
		return "a device register was not restored";
	if (spin_is_locked(&device->lock) || spin_is_locked(&device->other) ||
	    mutex_is_locked(&device->mutex))
		return "a lock is still held";
	return NULL;
}

static const char *processor(void)
{
	if (irqs_disabled())
		return "interrupts are off";
	if (rcu_preempt_depth())
		return "in an RCU reader";
	return preempt_count() ? "preemption or bottom halves are off" : NULL;
}

/* A call that must fault for a reason and leave nothing behind. */
static void must_fault(const char *name, int action, long argument, enum fgft_reason reason)
{
	const char *problem;
	void *memory;
	int rc;

	reset();
	memory = device->memory;
	fgft_entry_selftest_act.last.reason = FGFT_NO_FAULT;
	rc = selftest_act(device, action, argument);
	problem = rc == -EIO ? NULL : "no error returned";
	if (!problem && fgft_entry_selftest_act.last.reason != reason)
		problem = fgft_reason_text(fgft_entry_selftest_act.last.reason);
	if (!problem)
		problem = processor();
	if (!problem)
		problem = difference(memory);
	result(name, problem);
}

static void test_faults(void)
{
	must_fault("read of a field that is not marshaled", ACT_READ_HIDDEN, 0, FGFT_BAD_READ);
	must_fault("write to a field that is not marshaled", ACT_WRITE_HIDDEN, 0, FGFT_BAD_WRITE);
	must_fault("write to a read-only field", ACT_WRITE_CONSTANT, 0, FGFT_READ_ONLY);
	must_fault("array overrun", ACT_OVERRUN, 16, FGFT_BAD_WRITE);
	must_fault("array underrun", ACT_OVERRUN, -1, FGFT_READ_ONLY);
	must_fault("NULL pointer, checked", ACT_NULL, 0, FGFT_NULL_ACCESS);
	must_fault("wild pointer, checked", ACT_WILD, 0, FGFT_BAD_WRITE);
	must_fault("NULL pointer, trap", ACT_RAW_NULL, 0, FGFT_NULL_ACCESS);
	must_fault("wild pointer, trap", ACT_RAW_WILD, 0, FGFT_PAGE_FAULT);
	must_fault("non-canonical address", ACT_RAW_NON_CANONICAL, 0, FGFT_PROTECTION);
	must_fault("divide error", ACT_DIVIDE, 0, FGFT_DIVIDE);
	must_fault("BUG", ACT_BUG, 0, FGFT_INVALID_OPCODE);
	must_fault("invalid opcode", ACT_INVALID_OPCODE, 0, FGFT_INVALID_OPCODE);
	must_fault("runaway loop", ACT_RUNAWAY, 0, FGFT_RUNAWAY);
	must_fault("loop without an access", ACT_SPIN, 0, FGFT_RUNAWAY);
	must_fault("loop without an access, interrupts off", ACT_SPIN_DISABLED, 0, FGFT_RUNAWAY);
	must_fault("loop of nothing, interrupts off", ACT_SPIN_EMPTY, 0, FGFT_INVALID_OPCODE);
	must_fault("call of NULL", ACT_CALL_NULL, 0, FGFT_BAD_CALL);
	must_fault("call of data", ACT_CALL_DATA, 0, FGFT_BAD_CALL);
	must_fault("call of a user address", ACT_CALL_USER, 0, FGFT_BAD_CALL);
	must_fault("register outside the device", ACT_REGISTER, 0, FGFT_BAD_IO);
	must_fault("register without accessor", ACT_REGISTER_PLAIN, 0, FGFT_BAD_IO);
	must_fault("memcpy over the end of a field", ACT_MEMCPY, 17, FGFT_BAD_ARGUMENT);
	must_fault("value outside its limits", ACT_LIMIT, 0, FGFT_BAD_VALUE);
	must_fault("lock taken twice", ACT_LOCK_TWICE, 0, FGFT_BAD_LOCK);
	must_fault("unlock without lock", ACT_UNLOCK, 0, FGFT_BAD_LOCK);
	must_fault("return with a lock held", ACT_KEEP_LOCK, 0, FGFT_BAD_LOCK);
	must_fault("sleep under a spinlock", ACT_SLEEP_LOCKED, 0, FGFT_BAD_LOCK);
	must_fault("fault with interrupts, preemption, bottom halves off", ACT_DISABLED, 0,
		   FGFT_BAD_WRITE);
	must_fault("double free", ACT_FREE_TWICE, 0, FGFT_BAD_FREE);
	must_fault("wild free", ACT_FREE_WILD, 0, FGFT_BAD_FREE);
	must_fault("fault after a free", ACT_FREE_THEN_FAULT, 0, FGFT_BAD_WRITE);
	must_fault("stack smashed", ACT_SMASH, 6, FGFT_STACK_SMASHED);
	must_fault("atomic operation outside", ACT_ATOMIC_HIDDEN, 0, FGFT_BAD_WRITE);
	must_fault("broken list", ACT_LIST_BROKEN, 0, FGFT_NULL_ACCESS);
	must_fault("wild string to print", ACT_PRINT_WILD, 0, FGFT_BAD_ARGUMENT);
	must_fault("trap in a kernel function", ACT_KERNEL_TRAP, 0, FGFT_KERNEL_TRAP);
}

static void trip(void *arguments)
{
	local_irq_disable();
	*(int *)arguments = 7;
	*(volatile int *)(unsigned long)READ_ONCE(device->zero) = 1;
}

static void walk(void *arguments)
{
	*(int *)arguments = 8;
}

/* The native function of a call that failed meets what made it fail. */
static void test_guard(void)
{
	const char *problem = NULL;
	int value = 0;

	reset();
	fgft_entry_selftest_act.last.reason = FGFT_NO_FAULT;
	if (fgft_run_guarded(&fgft_entry_selftest_act, trip, &value) || value != 7)
		problem = "a native function that trapped counts as done";
	else if (fgft_entry_selftest_act.last.reason != FGFT_PAGE_FAULT)
		problem = fgft_reason_text(fgft_entry_selftest_act.last.reason);
	else
		problem = processor();
	result("native function that traps", problem);
	problem = NULL;
	if (!fgft_run_guarded(&fgft_entry_selftest_act, walk, &value) || value != 8)
		problem = "it was not run";
	result("native function under guard", problem);
}

/* Emulators raise a general protection fault where processors blame the stack segment. */
static void test_stack_segment(void)
{
	void *memory;
	int rc;

	reset();
	memory = device->memory;
	rc = selftest_act(device, ACT_RAW_STACK_SEGMENT, 0);
	if (rc == -EIO && fgft_entry_selftest_act.last.reason == FGFT_PROTECTION)
		pr_info("selftest: note: this processor raises no stack segment fault\n");
	else if (fgft_entry_selftest_act.last.reason != FGFT_STACK_SEGMENT)
		rc = 0;
	result("stack segment fault", rc == -EIO ? difference(memory) : "no error returned");
}

static void test_success(void)
{
	const char *problem = NULL;
	int rc;

	reset();
	rc = selftest_act(device, ACT_WELL, 0);
	if (rc != 6)
		problem = "wrong result";
	else if (device->output != 11 || device->buffer[0] != 0xab || device->buffer[15] != 15 ||
		 nodes[1].visits != 1)
		problem = "a field was not copied out";
	else if (device->buffer[1] != 0xaa || device->hidden != 30)
		problem = "a field changed that should not";
	else if (atomic_read(&device->references) != 6 || device->flags != 8)
		problem = "an atomic operation got lost";
	else if (!device->memory || *(struct selftest_device **)device->memory != device)
		problem = "allocated memory holds the address of a copy";
	else if (readl(device->registers + 4) != 101)
		problem = "a register was not written";
	else if (nodes[0].link.next != &nodes[1].link)
		problem = "a list link is wrong";
	result("success", problem ? problem : processor());
	reset();
	rc = selftest_act(device, ACT_CALL_HELPER, 0);
	result("call of a routed function", rc == 42 ? NULL : "wrong result");
	reset();
	device->helper = selftest_unrouted;
	rc = selftest_act(device, ACT_CALL_NATIVE, 0);
	result("call of a native function without a route",
	       rc == -EIO && fgft_entry_selftest_act.last.reason == FGFT_BAD_CALL ? NULL :
										    "not refused");
	reset();
	rc = selftest_act(device, ACT_FREE, 0);
	result("free", !rc && !device->memory ? NULL : "not freed");
	reset();
	rc = selftest_act(device, ACT_MEMCPY, 16);
	result("memcpy within a field", !rc && !device->buffer[1] ? NULL : "not copied");
}

static void test_nesting(void)
{
	int rc;

	reset();
	rc = selftest_act(device, ACT_NEST, 0);
	result("nested call",
	       rc == 6 && atomic_read(&device->references) == 7 && device->buffer[0] == 0xac ?
		       processor() :
		       "wrong result");
	reset();
	rc = selftest_act(device, ACT_NEST_FAULT, 0);
	result("fault in a nested call",
	       rc == -EIO && atomic_read(&device->references) == 6 && device->output == 11 ?
		       processor() :
		       "the outer call did not go on");
}

static void test_locals(void)
{
	int rc;

	reset();
	rc = selftest_exact(device, 7);
	result("local array", rc == 28 && device->output == 28 ? NULL : "wrong result");
	reset();
	rc = selftest_exact(device, 8);
	result("local array overrun", rc == -EIO && device->output == 20 &&
	       fgft_entry_selftest_exact.last.reason == FGFT_BAD_READ ? NULL : "not refused");
}

static u32 seen;

/* The other side of a wait: sees what was written before it and answers with a field. */
static int answer(void *unused)
{
	wait_for_completion_timeout(&device->asked, HZ);
	spin_lock(&device->other);
	seen = device->output;
	device->input = 99;
	spin_unlock(&device->other);
	complete(&device->answered);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void test_wait(void)
{
	struct task_struct *other;
	int rc;

	reset();
	seen = 0;
	other = kthread_run(answer, NULL, "selftest");
	rc = selftest_act(device, ACT_WAIT, 0);
	kthread_stop(other);
	result("wait: publish", seen == 77 ? NULL : "the other side saw an old value");
	result("wait: refresh",
	       rc == 99 && device->output == 77 ? processor() : "the call saw an old value");
	reset();
	other = kthread_run(answer, NULL, "selftest");
	rc = selftest_act(device, ACT_WAIT_FAULT, 0);
	kthread_stop(other);
	result("wait: fault behind it",
	       rc == -EIO && device->output == 20 && !spin_is_locked(&device->other) ?
		       processor() :
		       "what was published was not taken back");
}

static void test_locks(void)
{
	const char *problem;
	void *memory;
	int rc;

	reset();
	spin_lock(&device->other);
	rc = selftest_act(device, ACT_CALLER_LOCK, 0);
	problem = spin_is_locked(&device->other) ? NULL : "the caller's lock is gone";
	spin_unlock(&device->other);
	result("lock of the caller", rc ? "wrong result" : problem ? problem : processor());
	reset();
	memory = device->memory;
	spin_lock(&device->other);
	rc = selftest_act(device, ACT_CALLER_LOCK_FAULT, 0);
	problem = spin_is_locked(&device->other) ? NULL : "the caller's lock is gone";
	spin_unlock(&device->other);
	if (!problem)
		problem = difference(memory);
	result("fault without the caller's lock", rc != -EIO ? "wrong result" : problem);
	reset();
	rc = selftest_act(device, ACT_IRQ_SECTION, 0);
	result("interrupts stay off under a deferred lock", rc == 1 ? processor() : "they were on");
	fgft_entry_selftest_act.flags = FGFT_EARLY_RELEASE;
	reset();
	rc = selftest_act(device, ACT_IRQ_SECTION, 0);
	result("interrupts come back with an early release", !rc ? processor() : "they stayed off");
	reset();
	rc = selftest_act(device, ACT_WELL, 0);
	result("early release", rc == 6 && device->output == 11 && nodes[1].visits == 1 ?
	       processor() : "wrong result");
	must_fault("early release, fault behind it", ACT_NULL, 0, FGFT_NULL_ACCESS);
	must_fault("early release, trap behind it", ACT_RAW_NULL, 0, FGFT_NULL_ACCESS);
	fgft_entry_selftest_act.flags = FGFT_RESTORE_UNLOCKED;
	must_fault("restore without locks", ACT_DISABLED, 0, FGFT_BAD_WRITE);
	fgft_entry_selftest_act.flags = 0;
}

/* What a register holds after a call that went wrong, or did not. */
struct poked {
	const char *name;
	int action;
	bool fault;
	u32 value, array, second, page, event, unknown;
	bool restarted;
};

static void test_registers(void)
{
	static const struct poked tests[] = {
		{ "registers: writes that stay", POKE_READABLE, false,
		  2, 0x04000000, 3, 40, 5, 60, false },
		{ "registers: taken back", POKE_READABLE, true, 10, 20, 30, 40, 5, 60, false },
		{ "registers: taken back one by one", POKE_IN_ORDER, true,
		  10, 20, 30, 1, 50, 60, true },
		{ "registers: one that cannot be read", POKE_WRITE_ONLY, true,
		  10, 20, 30, 6, 50, 60, true },
		{ "registers: one that nobody described", POKE_UNDESCRIBED, true,
		  10, 20, 30, 40, 50, 7, true },
		{ "registers: a stream of bytes", POKE_BYTES, true,
		  0x09090909, 20, 30, 40, 50, 60, true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		const struct poked *t = &tests[i];
		const char *problem = NULL;
		int rc;

		reset();
		selftest_restarts = 0;
		writel(10, device->registers + POKE_VALUE);
		writel(20, device->registers + POKE_ARRAY);
		writel(30, device->registers + POKE_ARRAY + 4);
		writel(40, device->registers + POKE_PAGE);
		writel(50, device->registers + POKE_EVENT);
		writel(60, device->registers + POKE_UNKNOWN);
		rc = selftest_poke(device, t->action, t->fault);
		if (rc != (t->fault ? -EIO : 0))
			problem = "wrong result";
		else if (readl(device->registers + POKE_VALUE) != t->value)
			problem = "the value is wrong";
		else if (readl(device->registers + POKE_ARRAY) != t->array ||
			 readl(device->registers + POKE_ARRAY + 4) != t->second)
			problem = "the array is wrong";
		else if (readl(device->registers + POKE_PAGE) != t->page)
			problem = "the register that can only be written is wrong";
		else if (readl(device->registers + POKE_EVENT) != t->event)
			problem = "the event is wrong";
		else if (readl(device->registers + POKE_UNKNOWN) != t->unknown)
			problem = "the unknown register is wrong";
		else if (selftest_restarts != t->restarted)
			problem = "set up anew without need, or not though needed";
		result(t->name, problem);
	}
}

/* Memory that faulting calls allocate and free goes back to where it came from. */
static void test_leaks(void)
{
	const unsigned int rounds = 20000;
	unsigned long before, after;
	unsigned int i;

	reset();
	before = global_node_page_state(NR_SLAB_UNRECLAIMABLE_B);
	for (i = 0; i < rounds; i++)
		selftest_act(device, i & 1 ? ACT_RAW_NULL : ACT_WRITE_HIDDEN, 0);
	after = global_node_page_state(NR_SLAB_UNRECLAIMABLE_B);
	pr_info("selftest: note: %lu pages of slabs before %u faults, %lu after\n", before, rounds,
		after);
	/* One block of 64 bytes that leaked in each call would be 312 pages. */
	result("no memory is lost", after < before + 64 ? NULL : "slabs have grown");
}

static void test_switches(void)
{
	int rc;

	reset();
	fgft_entry_selftest_act.mode = FGFT_PREDICATE;
	rc = selftest_act(device, ACT_READ_HIDDEN, 4711);
	result("predicate that does not hold", rc == 30 ? NULL : "isolated");
	rc = selftest_act(device, ACT_READ_HIDDEN, 0);
	result("predicate that holds", rc == -EIO ? NULL : "not isolated");
	fgft_entry_selftest_act.mode = FGFT_ON;
	static_branch_disable(&fgft_entry_selftest_act.on);
	rc = selftest_act(device, ACT_READ_HIDDEN, 0);
	result("switched off", rc == 30 ? NULL : "isolated");
	static_branch_enable(&fgft_entry_selftest_act.on);
}

static void test_fallback(void)
{
	struct selftest_node more[8] = { };
	unsigned int i;
	int rc;

	reset();
	for (i = 0; i < ARRAY_SIZE(more); i++)
		list_add_tail(&more[i].link, &device->nodes);
	rc = selftest_act(device, ACT_READ_HIDDEN, 0);
	result("list longer than its bound runs natively", rc == 30 ? NULL : "did not");
	fgft_entry_selftest_act.flags = FGFT_FALLBACK_FAIL;
	rc = selftest_act(device, ACT_READ_HIDDEN, 0);
	result("list longer than its bound fails", rc == -EIO ? NULL : "did not");
	fgft_entry_selftest_act.flags = 0;
	reset();
}

/*
 * Many processors, each with calls that succeed and calls that fault, and a timer's interrupt on
 * top of them.
 */
#define ROUNDS	2000

static atomic_t unexpected, ticks;

static int hammer(void *unused)
{
	struct selftest_device *own = kzalloc(sizeof(*own), GFP_KERNEL);
	struct selftest_node *node = kzalloc(sizeof(*node), GFP_KERNEL);
	unsigned int i;

	if (own && node) {
		spin_lock_init(&own->lock);
		spin_lock_init(&own->other);
		mutex_init(&own->mutex);
		INIT_LIST_HEAD(&own->nodes);
		list_add(&node->link, &own->nodes);
		node->weight = 9;
		own->node = node;
		own->registers = device->registers;
		for (i = 0; i < ROUNDS; i++) {
			int action = i % 4 == 1 ? ACT_RAW_NULL :
				     i % 4 == 3 ? ACT_WRITE_HIDDEN :
						  ACT_WELL;
			int rc = selftest_act(own, action, 0);

			if (rc != (action == ACT_WELL ? 9 : -EIO))
				atomic_inc(&unexpected);
		}
		if (atomic_read(&own->references) != ROUNDS / 2 || node->visits != ROUNDS / 2)
			atomic_inc(&unexpected);
		kfree(own->memory);
	}
	kfree(own);
	kfree(node);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	int n = atomic_inc_return(&ticks), rc = selftest_tick(device, n & 1);

	if (rc != (n & 1 ? -EIO : 0))
		atomic_inc(&unexpected);
	hrtimer_forward_now(timer, ns_to_ktime(100000));
	return HRTIMER_RESTART;
}

static void test_concurrency(void)
{
	struct task_struct *tasks[4];
	struct hrtimer timer;
	unsigned int i;
	u64 began = ktime_get_ns();

	reset();
	atomic_set(&device->references, 0);
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = tick;
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		tasks[i] = kthread_run(hammer, NULL, "selftest-%u", i);
	hrtimer_start(&timer, ns_to_ktime(100000), HRTIMER_MODE_REL);
	for (i = 0; i < ARRAY_SIZE(tasks); i++)
		kthread_stop(tasks[i]);
	hrtimer_cancel(&timer);
	pr_info("selftest: note: %d calls in interrupts, %llu us\n", atomic_read(&ticks),
		(ktime_get_ns() - began) / 1000);
	result("concurrency", atomic_read(&unexpected) ? "a call went wrong" : NULL);
	result("interrupts on top", atomic_read(&ticks) > 10 && atomic_read(&device->references) ==
	       atomic_read(&ticks) / 2 ? NULL : "a call went wrong");
}

static void measure(void)
{
	const unsigned int rounds = 20000;
	u64 began, native, isolated;
	unsigned int i;

	reset();
	began = ktime_get_ns();
	for (i = 0; i < rounds; i++)
		selftest_act(device, ACT_WELL, 4711);
	isolated = ktime_get_ns() - began;
	static_branch_disable(&fgft_entry_selftest_act.on);
	began = ktime_get_ns();
	for (i = 0; i < rounds; i++)
		selftest_act(device, ACT_WELL, 4711);
	native = ktime_get_ns() - began;
	static_branch_enable(&fgft_entry_selftest_act.on);
	pr_info("selftest: note: native %llu ns, isolated %llu ns per call\n", native / rounds,
		isolated / rounds);
}

static int __init selftest_init(void)
{
	device = kzalloc(sizeof(*device), GFP_KERNEL);
	if (!device)
		return -ENOMEM;
	device->registers = (void __iomem __force *)vzalloc(PAGE_SIZE);
	if (!device->registers) {
		kfree(device);
		return -ENOMEM;
	}
	spin_lock_init(&device->lock);
	spin_lock_init(&device->other);
	mutex_init(&device->mutex);
	init_completion(&device->asked);
	init_completion(&device->answered);
	test_success();
	test_faults();
	test_stack_segment();
	test_guard();
	test_nesting();
	test_locals();
	test_wait();
	test_locks();
	test_registers();
	test_leaks();
	test_switches();
	test_fallback();
	test_concurrency();
	measure();
	pr_info("selftest: %u passed, %u failed, die taint %d\n", passed, failed,
		test_taint(TAINT_DIE));
	return 0;
}
module_init(selftest_init);

static void __exit selftest_exit(void)
{
	kfree(device->memory);
	vfree((void __force *)device->registers);
	kfree(device);
}
module_exit(selftest_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Self-test of the fault-tolerant entry points runtime");
