// SPDX-License-Identifier: GPL-2.0
/*
 * How long functions of another module run, by kretprobes: the same probe on a driver's own function and on the stub of its
 * isolated one, so that what the probe costs is in both. What is left of it is measured on an empty function and taken off.
 *
 * debugfs fgft_measure/functions: "NAME ADDRESS" (hexadecimal) begins to measure, "forget" ends it for all, "reset" drops what was counted.
 * Reading gives a line for each: NAME calls missed and, in nanoseconds on the processor, least, lower quartile, median, upper quartile;
 * then the median of the time that passed.
 * debugfs fgft_measure/clock: nanoseconds that passed, and those of them in which the processor was idle.
 *
 * For one processor: a probe that fires within another one's function is taken off by a counter of this processor.
 */
#include <linux/debugfs.h>
#include <linux/kprobes.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include <linux/tick.h>
#include <linux/uaccess.h>

#define KEPT		1024	/* the last calls of each function */
#define ACTIVE		64	/* calls of one function under way */
#define REPETITIONS	1000

struct measured {
	struct list_head list;
	struct kretprobe probe;
	char name[64];
	u64 calls;
	u32 ran[KEPT];		/* nanoseconds on the processor */
	u32 passed[KEPT];
};

/* At the beginning of a call. */
struct start {
	u64 passed;
	u64 ran;
	u64 probes;
	bool task;
};

static LIST_HEAD(all);
static DEFINE_MUTEX(lock);
static struct dentry *folder;

/* Calls that probes have seen end. One processor: no lock. */
static u64 probes;
/* Nanoseconds that a probe adds to what it measures, and to what is around it. */
static u64 inside;
static u64 around;

/* Time on the processor; for an interrupt, time. */
static u64 ran_until(u64 now, bool task)
{
	return task ? current->se.sum_exec_runtime + now - current->se.exec_start : now;
}
NOKPROBE_SYMBOL(ran_until);

static int on_call(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct start *start = (struct start *)instance->data;

	start->probes = probes;
	start->task = in_task();
	start->passed = local_clock();
	start->ran = ran_until(start->passed, start->task);
	return 0;
}
NOKPROBE_SYMBOL(on_call);

static u32 without_probes(u64 spent, u64 nested)
{
	u64 ours = inside + nested * around;

	return spent > ours ? min_t(u64, spent - ours, U32_MAX) : 0;
}
NOKPROBE_SYMBOL(without_probes);

static int on_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	u64 now = local_clock();
	struct start *start = (struct start *)instance->data;
	struct kretprobe *probe = get_kretprobe(instance);
	struct measured *m;
	u64 nested = probes - start->probes;
	u32 at;

	probes++;
	if (!probe)
		return 0;
	m = container_of(probe, struct measured, probe);
	at = m->calls++ % KEPT;
	m->passed[at] = without_probes(now - start->passed, nested);
	m->ran[at] = without_probes(ran_until(now, start->task) - start->ran, nested);
	return 0;
}
NOKPROBE_SYMBOL(on_return);

static int add(const char *name, void *address)
{
	struct measured *m = kvzalloc(sizeof(*m), GFP_KERNEL);
	int rc;

	if (!m)
		return -ENOMEM;
	strscpy(m->name, name, sizeof(m->name));
	m->probe.kp.addr = address;
	m->probe.entry_handler = on_call;
	m->probe.handler = on_return;
	m->probe.data_size = sizeof(struct start);
	m->probe.maxactive = ACTIVE;
	rc = register_kretprobe(&m->probe);
	if (rc) {
		kvfree(m);
		return rc;
	}
	list_add_tail(&m->list, &all);
	return 0;
}

static void forget(void)
{
	struct measured *m, *next;

	list_for_each_entry_safe(m, next, &all, list) {
		unregister_kretprobe(&m->probe);
		list_del(&m->list);
		kvfree(m);
	}
}

static int ascending(const void *a, const void *b)
{
	return *(const u32 *)a < *(const u32 *)b ? -1 : *(const u32 *)a > *(const u32 *)b;
}

static void print_one(struct seq_file *file, const struct measured *m, u32 *sorted)
{
	u32 count = min_t(u64, m->calls, KEPT);

	seq_printf(file, "%s %llu %u", m->name, m->calls, m->probe.nmissed);
	if (count) {
		memcpy(sorted, m->ran, count * sizeof(u32));
		sort(sorted, count, sizeof(u32), ascending, NULL);
		seq_printf(file, " %u %u %u %u", sorted[0], sorted[count / 4], sorted[count / 2],
			   sorted[count * 3 / 4]);
		memcpy(sorted, m->passed, count * sizeof(u32));
		sort(sorted, count, sizeof(u32), ascending, NULL);
		seq_printf(file, " %u", sorted[count / 2]);
	}
	seq_putc(file, '\n');
}

static int functions_show(struct seq_file *file, void *unused)
{
	u32 *sorted = kvmalloc_array(KEPT, sizeof(u32), GFP_KERNEL);
	const struct measured *m;

	if (!sorted)
		return -ENOMEM;
	mutex_lock(&lock);
	list_for_each_entry(m, &all, list)
		print_one(file, m, sorted);
	mutex_unlock(&lock);
	kvfree(sorted);
	return 0;
}

static int functions_open(struct inode *inode, struct file *file)
{
	return single_open_size(file, functions_show, NULL, 64 * 1024);
}

static ssize_t functions_write(struct file *file, const char __user *from, size_t length, loff_t *at)
{
	char text[128], name[64];
	unsigned long address;
	struct measured *m;
	int rc = 0;

	if (length >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, length))
		return -EFAULT;
	text[length] = '\0';
	mutex_lock(&lock);
	if (!strncmp(text, "forget", 6))
		forget();
	else if (!strncmp(text, "reset", 5))
		list_for_each_entry(m, &all, list)
			m->calls = 0;
	else if (sscanf(text, "%63s %lx", name, &address) == 2)
		rc = add(name, (void *)address);
	else
		rc = -EINVAL;
	mutex_unlock(&lock);
	return rc ? rc : length;
}

static const struct file_operations functions_operations = {
	.owner = THIS_MODULE,
	.open = functions_open,
	.read = seq_read,
	.write = functions_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int clock_show(struct seq_file *file, void *unused)
{
	u64 now = local_clock();

	seq_printf(file, "%llu %llu\n", now, get_cpu_idle_time_us(0, NULL) * NSEC_PER_USEC);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(clock);

/* What the probe is tried on. */
static noinline void nothing(void)
{
	asm volatile("");
}

static u64 time_of_nothing(void)
{
	u64 start;
	int i;

	for (i = 0; i < 100; i++)
		nothing();
	start = local_clock();
	for (i = 0; i < REPETITIONS; i++)
		nothing();
	return div_u64(local_clock() - start, REPETITIONS);
}

static int calibrate(void)
{
	u64 bare = time_of_nothing();
	struct measured *m;
	u32 *sorted;
	int rc = add("nothing", nothing);

	if (rc)
		return rc;
	around = time_of_nothing() - bare;
	m = list_first_entry(&all, struct measured, list);
	sorted = m->ran;
	sort(sorted, min_t(u64, m->calls, KEPT), sizeof(u32), ascending, NULL);
	inside = sorted[min_t(u64, m->calls, KEPT) / 2];
	forget();
	pr_info("measure: a probe costs %llu ns, %llu of them inside\n", around, inside);
	return 0;
}

static int __init measure_init(void)
{
	int rc = calibrate();

	if (rc)
		return rc;
	folder = debugfs_create_dir("fgft_measure", NULL);
	debugfs_create_file("functions", 0600, folder, NULL, &functions_operations);
	debugfs_create_file("clock", 0400, folder, NULL, &clock_fops);
	return 0;
}
module_init(measure_init);

static void __exit measure_exit(void)
{
	debugfs_remove(folder);
	mutex_lock(&lock);
	forget();
	mutex_unlock(&lock);
}
module_exit(measure_exit);

MODULE_DESCRIPTION("How long functions of another module run");
MODULE_LICENSE("GPL");
