// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that isolated code allocates and frees.
 *
 * What it allocates is real memory that it uses where it is, and that goes back when the call is
 * aborted. What it frees is freed when the call succeeds.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <asm/pgtable.h>

#include "fgft_call.h"
#include "fgft_data.h"

/*
 * Generated code may name kernel data that is read by name; none by default. Not in the file that
 * reads the table: the compiler would take the length from here.
 */
const struct fgft_kernel_datum fgft_kernel_data[] __weak = { { 0 } };
const unsigned int fgft_kernel_data_count __weak;

static struct fgft_block *find(struct fgft_call *call, unsigned long address)
{
	u16 i;

	for (i = 0; i < call->block_count; i++)
		if (call->blocks[i].address == address && !call->blocks[i].freed)
			return &call->blocks[i];
	return NULL;
}

static bool was_freed(const struct fgft_call *call, unsigned long address)
{
	u16 i;

	for (i = 0; i < call->block_count; i++)
		if (call->blocks[i].address == address && call->blocks[i].freed)
			return true;
	return false;
}

static struct fgft_block *new_block(struct fgft_call *call, unsigned long address,
				    unsigned long length, void (*release)(const void *memory))
{
	struct fgft_block *block;

	if (call->block_count == call->block_capacity) {
		block = fgft_table_grow(call->blocks, &call->block_capacity, &call->own_blocks,
					sizeof(*block));
		if (!block)
			return NULL;
		call->blocks = block;
	}
	block = &call->blocks[call->block_count++];
	*block = (struct fgft_block){ .address = address, .length = length, .release = release };
	return block;
}

/**
 * fgft_allocated - the call allocated memory
 * @call: the running call, or NULL
 * @memory: what a kernel function returned; NULL and error pointers are passed over
 * @length: bytes
 * @release: frees it
 *
 * If there is no room to remember it, it is freed and the call ends.
 */
void fgft_allocated(struct fgft_call *call, void *memory, unsigned long length,
		    void (*release)(const void *memory))
{
	if (!call || IS_ERR_OR_NULL(memory) || !length)
		return;
	if (new_block(call, (unsigned long)memory, length, release) &&
	    !fgft_ranges_add(&call->core.ranges, (unsigned long)memory, length,
			     FGFT_READ | FGFT_WRITE))
		return;
	if (call->block_count &&
	    call->blocks[call->block_count - 1].address == (unsigned long)memory)
		call->block_count--;
	release(memory);
	fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "allocations", 0);
}

/*
 * May memory that the call did not allocate be what it says? Wild pointers must not reach the
 * allocator.
 */
static bool is_plausible(const void *memory)
{
	unsigned long address = (unsigned long)memory;

	if (address % sizeof(long))
		return false;
	return virt_addr_valid(memory) || is_vmalloc_addr(memory);
}

/**
 * fgft_freed - the call frees memory
 * @call: the running call, or NULL
 * @memory: as isolated code points to it; NULL is passed over
 * @release: frees it, when the call succeeds
 * @place: FGFT_PLACE_OF_CALL
 *
 * It may not be touched any more. Freeing twice is a fault.
 */
void fgft_freed(struct fgft_call *call, const void *memory, void (*release)(const void *memory),
		unsigned long place)
{
	unsigned long address = fgft_translate_out(call, (unsigned long)memory);
	struct fgft_object *object;
	struct fgft_block *block;

	if (!call) {
		release(memory);
		return;
	}
	if (!memory)
		return;
	block = find(call, address);
	if (!block) {
		if (was_freed(call, address) || !is_plausible((void *)address) ||
		    address - (unsigned long)call->core.arena.base < call->core.arena.used)
			fgft_fault(call, FGFT_BAD_FREE, address, 0,
				   "freed twice, or not memory to be freed", place);
		block = new_block(call, address, 0, release);
		if (!block)
			fgft_fault(call, FGFT_TABLE_FULL, 0, 0, "allocations", place);
	}
	block->freed = true;
	block->release = release;
	while (fgft_ranges_find(&call->core.ranges, address) &&
	       fgft_ranges_find(&call->core.ranges, address)->start == address)
		fgft_ranges_remove(&call->core.ranges, address,
				   fgft_ranges_find(&call->core.ranges, address)->end - address);
	object = fgft_object_of_original(&call->core, address);
	if (object && object->original == address) {
		object->dead = true;
		fgft_arena_forbid(&call->core.arena,
				  object->copy - (unsigned long)call->core.arena.base,
				  object->size);
	}
}

/**
 * fgft_blocks_commit - free what the call freed
 * @call: a call that succeeded
 */
void fgft_blocks_commit(struct fgft_call *call)
{
	u16 i;

	for (i = 0; i < call->block_count; i++)
		if (call->blocks[i].freed)
			call->blocks[i].release((void *)call->blocks[i].address);
}

/**
 * fgft_blocks_abort - free what the call allocated, and nothing that it freed
 * @call: a call that was aborted
 */
void fgft_blocks_abort(struct fgft_call *call)
{
	u16 i;

	for (i = 0; i < call->block_count; i++)
		if (call->blocks[i].length)
			call->blocks[i].release((void *)call->blocks[i].address);
}

/* Bytes of memory (not the device's) that are mapped in one piece: @length and what follows. */
static unsigned long mapped(const void *pointer, unsigned long length)
{
	unsigned int level;
	pte_t *entry;

	for (;; length += PAGE_SIZE) {
		entry = lookup_address((unsigned long)pointer + length, &level);
		if (!entry || !pte_present(*entry) || !pfn_valid(pte_pfn(*entry)))
			return length;
	}
}

/**
 * fgft_extent - bytes from an address to the end of the memory it lies in
 * @pointer: kernel memory
 *
 * For slab memory the size of its cache's objects (exact if @pointer is an object's start, too much
 * if it is not); for the rest of the kernel's memory the end of the (compound) page; for vmalloc
 * memory the unmapped page that stands behind every area.
 *
 * Return: bytes; 0 if it is no memory of these.
 */
unsigned long fgft_extent(const void *pointer)
{
	unsigned long in_page = PAGE_SIZE - offset_in_page(pointer);
	struct page *head;

	if (is_vmalloc_addr(pointer))
		return mapped(pointer, in_page);
	if (fgft_is_page((unsigned long)pointer))
		return sizeof(struct page) - ((unsigned long)pointer - (unsigned long)vmemmap) %
					     sizeof(struct page);
	if (!virt_addr_valid(pointer))
		return 0;
	head = virt_to_head_page(pointer);
	if (PageSlab(head)) {
		unsigned long size = ksize(pointer),
			      rest = page_address(head) + page_size(head) - pointer;

		return min(size, rest);
	}
	return page_address(head) + page_size(head) - pointer;
}

/**
 * fgft_holds - do so many elements fit where a pointer leads to?
 * @core: the call's data
 * @pointer: to the first element, as isolated code has it
 * @count: elements
 * @size: bytes of one
 *
 * Return: false if @pointer is NULL, or leads to an allocation that is known to be smaller.
 */
bool fgft_holds(struct fgft_core *core, const volatile void *pointer, u64 count, u32 size)
{
	unsigned long original = fgft_core_original(core, (unsigned long)pointer);
	struct page *head;

	if (!count || !original)
		return !count;
	if (!virt_addr_valid(original))
		return true;
	head = virt_to_head_page((void *)original);
	/* Pages may belong together without saying so. */
	if (!PageSlab(head) && !PageCompound(head))
		return true;
	return count <= fgft_extent((void *)original) / size;
}

/**
 * fgft_allow_object - let isolated code use an object that a kernel function returned
 * @call: the call, or NULL
 * @pointer: its start; what is not memory, or known already, is passed over
 */
void fgft_allow_object(struct fgft_call *call, const void *pointer)
{
	if (!call || IS_ERR_OR_NULL(pointer) ||
	    fgft_core_copy(&call->core, (unsigned long)pointer) != (unsigned long)pointer)
		return;
	if (fgft_ranges_rights(&call->core.ranges, (unsigned long)pointer) & FGFT_WRITE)
		return;
	fgft_allow(call, pointer, fgft_extent(pointer), FGFT_READ | FGFT_WRITE | FGFT_LOGGED);
}

/**
 * fgft_follow_object - a ready-made follow function: what the pointer leads to is used in place
 * @call: the running call
 * @field: of the pointer
 */
void fgft_follow_object(struct fgft_call *call, void *field)
{
	fgft_allow_object(call, *(void **)field);
}
