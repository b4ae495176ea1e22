/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the portable part of the runtime needs from its surroundings.
 *
 * fgft_ranges.c, fgft_objects.c, fgft_copy.c and fgft_undo.c are the same files in the kernel and
 * in the user-space tests. In the kernel this header includes the kernel's; elsewhere it supplies
 * the handful of names they use.
 */
#ifndef _FGFT_PORTABLE_H
#define _FGFT_PORTABLE_H

#ifdef __KERNEL__

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

#else

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile __typeof__(x) *)&(x) = (value))
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#define IS_ERR_OR_NULL(pointer)	(!(pointer) || (unsigned long)(pointer) >= -4095UL)
#define min(a, b)		((a) < (b) ? (a) : (b))
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max(a, b)		((a) > (b) ? (a) : (b))

#endif /* __KERNEL__ */
#endif /* _FGFT_PORTABLE_H */
