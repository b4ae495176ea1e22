// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of the allocators.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/version.h>
#include <linux/vmalloc.h>

#include "fgft_call.h"

static void free_kmalloc(const void *memory)
{
	kfree(memory);
}

static void free_kvmalloc(const void *memory)
{
	kvfree(memory);
}

static void free_vmalloc(const void *memory)
{
	vfree(memory);
}

/* Room for the block and its range is made sure of before memory is taken. */
static struct fgft_call *before(gfp_t flags, unsigned long place)
{
	struct fgft_call *call = fgft_current();

	if (call && gfpflags_allow_blocking(flags))
		fgft_may_sleep(call, "allocation that may sleep", place);
	return call;
}

#define ALLOCATE(name, parameters, size, flags, allocation, free)			\
	FGFT_STUB(void *, name, __UNPACK parameters)					\
	{										\
		struct fgft_call *call = before(flags, FGFT_PLACE_OF_CALL);		\
		void *memory = allocation;						\
											\
		fgft_allocated(call, memory, size, free);				\
		return memory;								\
	}
#define __UNPACK(...)	__VA_ARGS__

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
ALLOCATE(__kmalloc_noprof, (size_t size, gfp_t flags), size, flags, kmalloc_noprof(size, flags),
	 free_kmalloc)
ALLOCATE(__kmalloc_cache_noprof, (struct kmem_cache *cache, gfp_t flags, size_t size), size, flags,
	 kmalloc_noprof(size, flags), free_kmalloc)
ALLOCATE(__kmalloc_large_noprof, (size_t size, gfp_t flags), size, flags,
	 kmalloc_noprof(size, flags), free_kmalloc)
ALLOCATE(__kvmalloc_node_noprof, (size_t size, gfp_t flags, int node), size, flags,
	 kvmalloc_node_noprof(size, flags, node), free_kvmalloc)
ALLOCATE(vmalloc_noprof, (unsigned long size), size, GFP_KERNEL, vmalloc_noprof(size), free_vmalloc)
ALLOCATE(vzalloc_noprof, (unsigned long size), size, GFP_KERNEL, vzalloc_noprof(size), free_vmalloc)
#define fgft_kmalloc(size, flags)	kmalloc_noprof(size, flags)
#else
ALLOCATE(__kmalloc, (size_t size, gfp_t flags), size, flags, __kmalloc(size, flags), free_kmalloc)
ALLOCATE(kmalloc_trace, (struct kmem_cache *cache, gfp_t flags, size_t size), size, flags,
	 __kmalloc(size, flags), free_kmalloc)
ALLOCATE(kmalloc_large, (size_t size, gfp_t flags), size, flags, __kmalloc(size, flags),
	 free_kmalloc)
ALLOCATE(kvmalloc_node, (size_t size, gfp_t flags, int node), size, flags,
	 kvmalloc_node(size, flags, node), free_kvmalloc)
ALLOCATE(vmalloc, (unsigned long size), size, GFP_KERNEL, vmalloc(size), free_vmalloc)
ALLOCATE(vzalloc, (unsigned long size), size, GFP_KERNEL, vzalloc(size), free_vmalloc)
#define fgft_kmalloc(size, flags)	__kmalloc(size, flags)
#endif

/* Memory that a copy of what isolated code may read is made in. */
static void *duplicate(struct fgft_call *call, const void *from, size_t length, gfp_t flags)
{
	void *memory = fgft_kmalloc(length, flags);

	if (memory)
		memcpy(memory, from, length);
	fgft_allocated(call, memory, length, free_kmalloc);
	return memory;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
FGFT_STUB(void *, kmemdup_noprof, const void *from, size_t length, gfp_t flags)
#else
FGFT_STUB(void *, kmemdup, const void *from, size_t length, gfp_t flags)
#endif
{
	struct fgft_call *call = before(flags, FGFT_PLACE_OF_CALL);

	fgft_need(call, from, length, FGFT_READ, "source", FGFT_PLACE_OF_CALL);
	return duplicate(call, from, length, flags);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
FGFT_STUB(char *, kstrdup_noprof, const char *from, gfp_t flags)
#else
FGFT_STUB(char *, kstrdup, const char *from, gfp_t flags)
#endif
{
	struct fgft_call *call = before(flags, FGFT_PLACE_OF_CALL);

	if (!from)
		return NULL;
	fgft_need_string(call, from, "string", FGFT_PLACE_OF_CALL);
	return duplicate(call, from, strlen(from) + 1, flags);
}

FGFT_STUB(void, kfree, const void *memory)
{
	fgft_freed(fgft_current(), memory, free_kmalloc, FGFT_PLACE_OF_CALL);
}

FGFT_STUB(void, kvfree, const void *memory)
{
	fgft_freed(fgft_current(), memory, free_kvmalloc, FGFT_PLACE_OF_CALL);
}

FGFT_STUB(void, vfree, const void *memory)
{
	fgft_freed(fgft_current(), memory, free_vmalloc, FGFT_PLACE_OF_CALL);
}

static void free_zeroed(const void *memory)
{
	kfree_sensitive(memory);
}

FGFT_STUB(void, kfree_sensitive, const void *memory)
{
	fgft_freed(fgft_current(), memory, free_zeroed, FGFT_PLACE_OF_CALL);
}
