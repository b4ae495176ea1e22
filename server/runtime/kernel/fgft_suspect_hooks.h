/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stands in for <linux/instrumented.h>: the kernel calls these before accesses in inline assembly,
 * for sanitizers such as this one.
 */
#ifndef _FGFT_SUSPECT_HOOKS_H
#define _FGFT_SUSPECT_HOOKS_H

#define _LINUX_INSTRUMENTED_H

#include <linux/compiler.h>
#include <linux/types.h>

/* FGFT_READ and FGFT_WRITE of fgft_core.h, which is not included into drivers. */
#define FGFT_HOOK_READ	1
#define FGFT_HOOK_WRITE	2

void fgft_check_access(const volatile void *start, unsigned long length, u16 rights);

static __always_inline void instrument_read(const volatile void *v, size_t size)
{
	fgft_check_access(v, size, FGFT_HOOK_READ);
}

static __always_inline void instrument_write(const volatile void *v, size_t size)
{
	fgft_check_access(v, size, FGFT_HOOK_WRITE);
}

static __always_inline void instrument_read_write(const volatile void *v, size_t size)
{
	fgft_check_access(v, size, FGFT_HOOK_READ | FGFT_HOOK_WRITE);
}

static __always_inline void instrument_atomic_read(const volatile void *v, size_t size)
{
	fgft_check_access(v, size, FGFT_HOOK_READ);
}

static __always_inline void instrument_atomic_write(const volatile void *v, size_t size)
{
	fgft_check_access(v, size, FGFT_HOOK_WRITE);
}

static __always_inline void instrument_atomic_read_write(const volatile void *v, size_t size)
{
	fgft_check_access(v, size, FGFT_HOOK_READ | FGFT_HOOK_WRITE);
}

/* Copies from and to user memory are functions with stubs of their own. */
static __always_inline void instrument_copy_to_user(void __user *to, const void *from,
						    unsigned long n)
{
}

static __always_inline void
instrument_copy_from_user_before(const void *to, const void __user *from, unsigned long n)
{
}

static __always_inline void instrument_copy_from_user_after(const void *to, const void __user *from,
							    unsigned long n, unsigned long left)
{
}

static __always_inline void instrument_memcpy_before(void *to, const void *from, unsigned long n)
{
}

static __always_inline void instrument_memcpy_after(void *to, const void *from, unsigned long n,
						    unsigned long left)
{
}

#define instrument_get_user(to)				\
({							\
})

#define instrument_put_user(from, ptr, size)		\
({							\
})

#endif /* _FGFT_SUSPECT_HOOKS_H */
