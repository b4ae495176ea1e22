// SPDX-License-Identifier: GPL-2.0
/*
 * The checks that the compiler puts before every load and store of isolated code.
 *
 * gcc -fsanitize=thread calls __tsan_read4() and so on; the object's symbols are renamed to
 * fgft_tsan_read4() because objtool has rules of its own for the names of the sanitizers.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <asm/pgtable.h>

#include "fgft_call.h"
#include "fgft_data.h"

#define THIS_PLACE	((unsigned long)__builtin_return_address(0))

static bool within(unsigned long address, unsigned long length, const void *start,
		   unsigned long size)
{
	unsigned long offset = address - (unsigned long)start;

	return offset < size && length <= size - offset;
}

/*
 * Constants of the kernel and its modules, such as tables of operations that inline functions call
 * through: the page tables protect them from everybody.
 */
static bool is_protected(unsigned long address)
{
	unsigned int level;
	pte_t *entry;

	if (address < __START_KERNEL_map)
		return false;
	entry = lookup_address(address, &level);
	return entry && pte_present(*entry) && !pte_write(*entry) && pte_flags(*entry) & _PAGE_NX;
}

/**
 * fgft_is_page - is it the kernel's record of a page of memory?
 * @address: any
 *
 * Inline functions find it by computing, from the address of the memory.
 *
 * Return: true within such a record.
 */
bool fgft_is_page(unsigned long address)
{
	return address >= (unsigned long)vmemmap &&
	       pfn_valid((address - (unsigned long)vmemmap) / sizeof(struct page));
}

/**
 * fgft_is_constant_data - may anybody read these bytes?
 * @address: first byte
 * @length: bytes
 *
 * Return: true for constants of this module and of the kernel, for the kernel's records of pages,
 * and for the kernel's data that the driver names.
 */
bool fgft_is_constant_data(unsigned long address, unsigned long length)
{
	unsigned int i;

	if (within(address, length, (const void *)&jiffies, sizeof(jiffies)) ||
	    within(address, length, kmalloc_caches, sizeof(kmalloc_caches)))
		return true;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	if (within(address, length, THIS_MODULE->mem[MOD_RODATA].base,
		   THIS_MODULE->mem[MOD_RODATA].size))
		return true;
#else
	if (within(address, length,
		   THIS_MODULE->core_layout.base + THIS_MODULE->core_layout.text_size,
		   THIS_MODULE->core_layout.ro_size - THIS_MODULE->core_layout.text_size))
		return true;
#endif
	for (i = 0; i < fgft_kernel_data_count; i++)
		if (within(address, length, (void *)fgft_kernel_data[i].start,
			   fgft_kernel_data[i].length))
			return true;
	if (!length)
		return false;
	return (is_protected(address) && is_protected(address + length - 1)) ||
	       (fgft_is_page(address) && fgft_is_page(address + length - 1));
}

/**
 * fgft_access_reason - why is an access a fault?
 * @call: the call
 * @address: first byte
 * @rights: what was asked for
 *
 * Return: the reason that says most.
 */
enum fgft_reason fgft_access_reason(struct fgft_call *call, unsigned long address, u16 rights)
{
	bool readable;
	u16 have;

	if (address < PAGE_SIZE && !(rights & (FGFT_PORT_READ | FGFT_PORT_WRITE)))
		return FGFT_NULL_ACCESS;
	have = fgft_ranges_rights(&call->core.ranges, address);
	if ((rights & (FGFT_IO_READ | FGFT_IO_WRITE | FGFT_PORT_READ | FGFT_PORT_WRITE)) ||
	    (have & (FGFT_IO_READ | FGFT_IO_WRITE)))
		return FGFT_BAD_IO;
	if (!(rights & FGFT_WRITE))
		return FGFT_BAD_READ;
	readable = have & FGFT_READ || fgft_is_constant_data(address, 1) ||
		   fgft_arena_allows(&call->core.arena,
				     address - (unsigned long)call->core.arena.base, 1, FGFT_READ);
	return readable ? FGFT_READ_ONLY : FGFT_BAD_WRITE;
}

/* A field whose target is shared when it is first loaded. */
static bool follow_field(struct fgft_call *call, unsigned long address, unsigned long length)
{
	const struct fgft_field *field = fgft_field_at(&call->core, address, NULL);
	unsigned long word = address & ~7UL;

	if (!field || !field->follow || address + length > word + 8)
		return false;
	fgft_arena_allow(&call->core.arena, word - (unsigned long)call->core.arena.base, 8,
			 FGFT_READ);
	field->follow(call, (void *)word);
	return true;
}

/*
 * A plain load from what is used where it is (an inline function of the kernel tests a bit of it):
 * each one sees the original as it is at that moment.
 */
static bool load_of_place(struct fgft_call *call, unsigned long address, unsigned long length)
{
	unsigned long original;

	if (length > sizeof(u64) ||
	    !fgft_place_original(&call->core, address, (u32)length, &original))
		return false;
	memcpy((void *)address, (const void *)original, length);
	return true;
}

/* What the fast path did not find: memory used in place. */
static noinline bool slow_access(struct fgft_call *call, unsigned long address,
				 unsigned long length, u16 rights)
{
	const struct fgft_range *range;
	u16 have;

	if (!length)
		return true;
	if (address - (unsigned long)call->core.arena.base < call->core.arena.used) {
		if (rights != FGFT_READ)
			return false;
		if (follow_field(call, address, length) || load_of_place(call, address, length))
			return true;
		if (length > U32_MAX || !fgft_core_late(&call->core, address, length))
			return false;
		this_cpu_inc(call->entry->statistics->late);
		return true;
	}
	if (!fgft_ranges_allow(&call->core.ranges, address, length, rights))
		return rights == FGFT_READ && fgft_is_constant_data(address, length);
	range = fgft_ranges_find(&call->core.ranges, address);
	if (!range)
		return true;
	/* Another range over the byte may be what lets it be written, and want it logged. */
	have = range->rights & FGFT_WRITE ? range->rights :
					    fgft_ranges_rights(&call->core.ranges, address);
	if (rights & FGFT_WRITE && have & FGFT_LOGGED) {
		fgft_settle(&call->core);
		if (fgft_undo_store(&call->core, address, length))
			fgft_fault(call, FGFT_TABLE_FULL, address, length, "undo log", 0);
	}
	if (rights & ~(FGFT_READ | FGFT_WRITE)) {
		/* The device is told something: whom it wakes looks at what was stored before. */
		if (rights & (FGFT_IO_WRITE | FGFT_PORT_WRITE))
			fgft_publish_changes(call, 0);
		return true;
	}
	if (range->follow && rights == FGFT_READ && length == 8 && address % 8 == 0)
		range->follow(call, (void *)address);
	/* Constants, and the kernel's own, lead to nothing that the call has stored. */
	if (have & FGFT_WRITE)
		fgft_lend(&call->core, address, length, rights & FGFT_WRITE);
	return true;
}

/**
 * fgft_may_access - may isolated code touch these bytes?
 * @call: the running call
 * @address: first byte
 * @length: bytes
 * @rights: FGFT_READ, FGFT_WRITE ...
 *
 * Stores to logged memory are logged. The call's own stack is legal from the caller's frame up to
 * where it began.
 *
 * Return: true if the access is legal.
 */
bool fgft_may_access(struct fgft_call *call, unsigned long address, unsigned long length,
		     u16 rights)
{
	unsigned long offset = address - (unsigned long)call->core.arena.base;
	unsigned long frame = (unsigned long)__builtin_frame_address(0);

	if (unlikely(call->core.has_lent))
		fgft_lent_later(&call->core);
	if (offset < call->core.arena.used && length <= U32_MAX &&
	    fgft_arena_allows(&call->core.arena, offset, length, rights)) {
		call->dirty |= rights & FGFT_WRITE;
		return true;
	}
	if (!call->exact_locals && address >= frame && address < call->stack_pointer &&
	    length <= call->stack_pointer - address)
		return true;
	return slow_access(call, address, length, rights);
}

static noinline void refuse(struct fgft_call *call, unsigned long address, unsigned long length,
			    u16 rights, unsigned long place)
{
	if (!call)
		return;
	fgft_fault(call, fgft_access_reason(call, address, rights), address, length, NULL, place);
}

static __always_inline void check(const void *start, unsigned long length, u16 rights,
				  unsigned long place)
{
	struct fgft_call *call = fgft_current();

	if (unlikely(!call))
		return;
	if (unlikely(!call->budget)) {
		fgft_fault(call, FGFT_RUNAWAY, 0, 0, NULL, place);
		return;
	}
	call->budget--;
	if (unlikely(!fgft_may_access(call, (unsigned long)start, length, rights)))
		refuse(call, (unsigned long)start, length, rights, place);
}

#define CHECK(name, size, rights)					\
	void fgft_tsan_##name(const void *start);			\
	void fgft_tsan_##name(const void *start)			\
	{								\
		check(start, size, rights, THIS_PLACE);			\
	}

#define CHECKS(size)							\
	CHECK(read##size, size, FGFT_READ)				\
	CHECK(write##size, size, FGFT_WRITE)				\
	CHECK(unaligned_read##size, size, FGFT_READ)			\
	CHECK(unaligned_write##size, size, FGFT_WRITE)			\
	CHECK(volatile_read##size, size, FGFT_READ)			\
	CHECK(volatile_write##size, size, FGFT_WRITE)			\
	CHECK(unaligned_volatile_read##size, size, FGFT_READ)		\
	CHECK(unaligned_volatile_write##size, size, FGFT_WRITE)

CHECKS(1)
CHECKS(2)
CHECKS(4)
CHECKS(8)
CHECKS(16)

void fgft_tsan_read_range(const void *start, unsigned long length);
void fgft_tsan_read_range(const void *start, unsigned long length)
{
	check(start, length, FGFT_READ, THIS_PLACE);
}

void fgft_tsan_write_range(const void *start, unsigned long length);
void fgft_tsan_write_range(const void *start, unsigned long length)
{
	check(start, length, FGFT_WRITE, THIS_PLACE);
}

/* Called from a constructor, which the kernel never runs. */
void fgft_tsan_init(void);
void fgft_tsan_init(void)
{
}

/*
 * Loops that touch no memory pass no check. The compiler calls fgft_trace_block() (fgft_thunks.S)
 * in every basic block of isolated code, which counts down on the processor that it runs on and
 * comes here when so many have gone by.
 */
#define BLOCKS_AT_ONCE	4096

DEFINE_PER_CPU(int, fgft_blocks) = BLOCKS_AT_ONCE;

/**
 * fgft_blocks_passed - BLOCKS_AT_ONCE basic blocks of isolated code ran on this processor
 * @place: in the last one
 *
 * Calls that interrupt each other share the count: the first time may be another's.
 */
void fgft_blocks_passed(unsigned long place)
{
	struct fgft_call *call = fgft_current();
	u64 spent;

	this_cpu_write(fgft_blocks, BLOCKS_AT_ONCE);
	if (!call)
		return;
	spent = local_clock() - call->started;
	if (call->passed > fgft_budget(call->entry) || spent > call->waited + FGFT_MOST_TIME ||
	    (call->context ? spent : current->se.sum_exec_runtime - call->runtime) >
		    FGFT_MOST_RUNTIME)
		fgft_fault(call, FGFT_RUNAWAY, 0, 0, NULL, place);
	call->passed += BLOCKS_AT_ONCE;
}

/**
 * fgft_check_access - check an access that the compiler did not see: inline assembly
 * @start: first byte
 * @length: bytes
 * @rights: FGFT_READ, FGFT_WRITE or both
 */
void fgft_check_access(const volatile void *start, unsigned long length, u16 rights);
void fgft_check_access(const volatile void *start, unsigned long length, u16 rights)
{
	if (rights & FGFT_READ)
		check((const void *)start, length, FGFT_READ, THIS_PLACE);
	if (rights & FGFT_WRITE)
		check((const void *)start, length, FGFT_WRITE, THIS_PLACE);
}
