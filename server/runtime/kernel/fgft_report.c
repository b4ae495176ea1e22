// SPDX-License-Identifier: GPL-2.0
/*
 * What people get to see: one line in the log per fault, counters and the last fault in debugfs.
 *
 * The line reads "fgft: FILE:LINE: FUNCTION: REASON [...]", so that an editor can lead to the
 * place.
 */
#include <linux/dcache.h>
#include <linux/debugfs.h>
#include <linux/kallsyms.h>
#include <linux/module.h>
#include <linux/ratelimit.h>
#include <linux/sched/clock.h>
#include <linux/seq_file.h>

#include "fgft_call.h"
#include "fgft_lines.h"

const struct fgft_line fgft_lines[] __weak = { { 0 } };
const unsigned int fgft_line_count __weak;
char fgft_suspect_text[] __weak = { 0 };

static struct dentry *folder;

/* The row of the line table for an instruction, NULL if there is none. */
static const struct fgft_line *find_line(unsigned long place)
{
	unsigned long offset = place - (unsigned long)fgft_suspect_text;
	unsigned int low = 0, high = fgft_line_count;

	if (!fgft_is_suspect_text(place))
		return NULL;
	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (fgft_lines[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &fgft_lines[low - 1] : NULL;
}

/* What stands at the address: a member of a record that was shared, or nothing that has a name. */
static int print_target(char *text, size_t size, struct fgft_call *call)
{
	unsigned long address = call->fault.address;
	const struct fgft_object *object = fgft_object_of_copy(&call->core, address);
	const struct fgft_field *field;
	const struct fgft_shape *shape;

	if (!address)
		return 0;
	if (!object)
		return scnprintf(text, size, ", address 0x%lx", address);
	field = fgft_field_at(&call->core, address, &shape);
	if (field)
		return scnprintf(text, size, ", %s.%s", shape->name, field->name);
	return scnprintf(text, size, ", %s at offset %lu", object->name, address - object->copy);
}

static void format_fault(char *text, size_t size, struct fgft_call *call)
{
	const struct fgft_fault *fault = &call->fault;
	const struct fgft_entry *entry = call->entry;
	/* A return address is behind the call, which may be the last instruction of its line. */
	const struct fgft_line *line = find_line(fault->place - !fault->trap);
	int at;

	at = scnprintf(text, size, "fgft: %s:%u: %s: %s", line ? line->file : entry->file,
		       line ? line->line : entry->line, entry->name,
		       fgft_reason_text(fault->reason));
	if (fault->detail)
		at += scnprintf(text + at, size - at, " (%s)", fault->detail);
	if (fault->size)
		at += scnprintf(text + at, size - at, ", %u bytes", fault->size);
	at += print_target(text + at, size - at, call);
	if (fault->place)
		scnprintf(text + at, size - at, ", at %pS", (void *)fault->place);
}

/**
 * fgft_report_fault - a call was taken back
 * @call: the call
 */
void fgft_report_fault(struct fgft_call *call)
{
	struct fgft_entry *entry = call->entry;
	static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 20);
	char text[sizeof(entry->last_text)];
	unsigned long flags;

	format_fault(text, sizeof(text), call);
	spin_lock_irqsave(&entry->last_lock, flags);
	entry->last = call->fault;
	strscpy(entry->last_text, text, sizeof(entry->last_text));
	spin_unlock_irqrestore(&entry->last_lock, flags);
	if (__ratelimit(&limit))
		pr_err("%s\n", text);
}

/**
 * fgft_report_recovery - the error is about to be answered
 * @call: the call
 *
 * Counted are unwinding, the walk of the log, the device's restore, and the line in the log.
 */
void fgft_report_recovery(struct fgft_call *call)
{
	struct fgft_entry *entry = call->entry;
	unsigned long flags;

	spin_lock_irqsave(&entry->last_lock, flags);
	entry->last_recovery = local_clock() - call->fault.when;
	spin_unlock_irqrestore(&entry->last_lock, flags);
}

/**
 * fgft_report_fallback - a call could not be isolated
 * @call: the call
 * @error: why
 * @what: constant text, or NULL
 */
void fgft_report_fallback(struct fgft_call *call, int error, const char *what)
{
	const struct fgft_entry *entry = call->entry;

	pr_warn_ratelimited("fgft: %s:%u: %s: not isolated: %s: error %d\n", entry->file,
			    entry->line, entry->name, what ? what : "marshaling", error);
}

static void sum(const struct fgft_entry *entry, struct fgft_statistics *total)
{
	unsigned int i;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct fgft_statistics *one = per_cpu_ptr(entry->statistics, cpu);

		total->calls += one->calls;
		total->faults += one->faults;
		total->fallbacks += one->fallbacks;
		total->checks += one->checks;
		total->late += one->late;
		total->restores += one->restores;
		total->unrestored += one->unrestored;
		for (i = 0; i < ARRAY_SIZE(total->histogram); i++)
			total->histogram[i] += one->histogram[i];
	}
}

static int entry_show(struct seq_file *file, void *unused)
{
	struct fgft_entry *entry = file->private;
	struct fgft_statistics total = { 0 };
	char text[sizeof(entry->last_text)];
	enum fgft_reason reason;
	unsigned long flags;
	unsigned int i;
	u64 recovery;

	sum(entry, &total);
	spin_lock_irqsave(&entry->last_lock, flags);
	reason = entry->last.reason;
	recovery = entry->last_recovery;
	strscpy(text, entry->last_text, sizeof(text));
	spin_unlock_irqrestore(&entry->last_lock, flags);
	seq_printf(file, "function: %s\nsource: %s:%u\nmode: %d\n", entry->name, entry->file,
		   entry->line, READ_ONCE(entry->mode));
	seq_printf(file,
		   "calls: %llu\nfaults: %llu\nfallbacks: %llu\nchecks: %llu\nlate_fields: %llu\n",
		   total.calls, total.faults, total.fallbacks, total.checks, total.late);
	seq_printf(file, "device_restores: %llu\ndevice_unrestored: %llu\n", total.restores,
		   total.unrestored);
	for (i = 0; i < ARRAY_SIZE(total.histogram); i++)
		if (total.histogram[i])
			seq_printf(file, "latency_ns: %lu-%lu %llu\n", 1UL << i, (2UL << i) - 1,
				   total.histogram[i]);
	if (reason != FGFT_NO_FAULT)
		seq_printf(file, "last_reason: %s\nlast_fault: %s\nlast_recovery_ns: %llu\n",
			   fgft_reason_text(reason), text, recovery);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(entry);

/**
 * fgft_report_create - make the files in debugfs: fgft/MODULE/FUNCTION
 *
 * debugfs may be missing, which is no error.
 */
void fgft_report_create(void)
{
	struct dentry *root, *known;
	unsigned int i;

	/*
	 * Every module with isolated entry points has a copy of this code: whoever comes first
	 * makes the folder.
	 */
	root = debugfs_lookup("fgft", NULL);
	known = root;
	if (!root)
		root = debugfs_create_dir("fgft", NULL);
	if (IS_ERR_OR_NULL(root))
		return;
	folder = debugfs_create_dir(KBUILD_MODNAME, root);
	dput(known);
	for (i = 0; i < fgft_entry_count; i++)
		debugfs_create_file(fgft_entries[i]->name, 0444, folder, fgft_entries[i],
				    &entry_fops);
}

/**
 * fgft_report_destroy - remove the files
 */
void fgft_report_destroy(void)
{
	debugfs_remove(folder);
	folder = NULL;
}
