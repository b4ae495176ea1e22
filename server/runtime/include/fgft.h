/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Annotations for fault-tolerant entry points.
 *
 * Every macro below expands to nothing: a driver that uses them compiles to the same code, with any compiler, whether
 * or not the tool that reads them is at hand. All stand in prefix position, before the whole declaration, because that
 * is where gcc and clang accept an attribute on a function definition.
 *
 * Expressions in annotations are read, never compiled. A name in one is looked up among the members of the record that
 * the annotated member belongs to, then among the parameters of the annotated function.
 *
 * The kernel's own annotations (__counted_by, __iomem, __user, __percpu, __rcu, __must_hold, __acquires, __releases)
 * are read as they are and need no repetition here.
 */
#ifndef _FGFT_H
#define _FGFT_H

/*
 * __fgft_suspect - this entry point may be faulty: run it as a transaction
 *
 * It works on copies of the fields that it touches. A fault drops the copies, undoes its kernel calls, restores the
 * device from a checkpoint and returns an error; the driver goes on. It says nothing about the functions that it calls:
 * they belong to the transaction when called from here, and run at full speed when called from elsewhere.
 *
 *	__fgft_suspect static int foo_set_wol(struct net_device *dev, struct ethtool_wolinfo *wol)
 *	{
 */
#define __fgft_suspect

/*
 * __fgft_suspect_if(expression) - suspect only for those calls for which the expression over the parameters holds
 *
 * All other calls run at full speed. The expression is evaluated before the call, on the caller's data.
 *
 *	__fgft_suspect_if(command == SIOCSMIIREG)
 *	static int foo_ioctl(struct net_device *dev, struct ifreq *request, int command)
 */
#define __fgft_suspect_if(expression)

/*
 * __fgft_count(expression) - how many elements this pointer points to
 *
 * Without it the length of an array that was allocated elsewhere cannot be told, and the array cannot be copied.
 * In units of elements, not of bytes.
 *
 *	struct foo {
 *		size_t pattern_length;
 *		__fgft_count(pattern_length) u8 *pattern;
 *	};
 *
 *	static void foo_load(struct foo *foo, __fgft_count(length) const u32 *words, size_t length)
 */
#define __fgft_count(expression)

/*
 * __fgft_string - this character pointer points to text that ends with a NUL
 *
 *	struct foo {
 *		__fgft_string const char *label;
 *	};
 */
#define __fgft_string

/*
 * __fgft_opaque - this pointer, or integer that holds one, is passed on and never followed
 *
 * Its value travels, its target does not. Following it inside a transaction is a fault.
 *
 *	struct foo {
 *		__fgft_opaque void *firmware_cookie;
 *	};
 */
#define __fgft_opaque

/*
 * __fgft_shared - other contexts or the device change this while a call runs: use it where it is, never copy it
 *
 * For what the kernel's types do not say by themselves (locks, completions, atomics and I/O memory need no mark). A
 * rollback takes back the call's own writes to it and keeps those of others.
 *
 *	struct foo {
 *		__fgft_shared unsigned int transmitted;	 // advanced by the interrupt handler
 *	};
 */
#define __fgft_shared

/*
 * __fgft_live_if(expression) - this member of a union is the live one if the expression holds
 *
 * The expression is over the members of the record around the union. A pointer in a union is followed by its type only
 * where that is stated for every pointer that the driver uses there.
 *
 *	struct foo {
 *		enum foo_kind kind;
 *		union {
 *			__fgft_live_if(kind == FOO_BUFFER) struct foo_buffer *buffer;
 *			unsigned long cookie;
 *		};
 *	};
 */
#define __fgft_live_if(expression)

/*
 * __fgft_checkpoint - this function saves the device's state before a transaction
 *
 * For drivers whose suspend code gives no checkpoint. It takes one pointer to the driver's private data or to its
 * device, must leave the device running, and must not sleep if a suspect entry point is called in atomic context.
 *
 *	__fgft_checkpoint static void foo_save(struct foo *foo)
 */
#define __fgft_checkpoint

/*
 * __fgft_restore - this function brings the device back to what the checkpoint saved
 *
 * Called after the call's writes to memory are undone. The same parameter as the checkpoint; a negative return value
 * says that the device could not be restored.
 *
 *	__fgft_restore static int foo_restore(struct foo *foo)
 */
#define __fgft_restore

#endif /* _FGFT_H */
