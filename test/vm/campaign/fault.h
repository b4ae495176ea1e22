/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Faults that are chosen at run time. The choice is read and taken back with inline assembly, which neither the compiler's
 * access callbacks nor the optimiser looks into: a fault that is not chosen changes nothing but time.
 */
#ifndef FGFT_CAMPAIGN_FAULT_H
#define FGFT_CAMPAIGN_FAULT_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Counts that fault NUMBER's place was reached. True if it is the chosen one; `once` takes the choice back. */
static __always_inline bool fgft_campaign_fault(int number, bool once)
{
	int chosen;

	asm volatile("incb fgft_campaign_reached(%1)\n\tmovl fgft_campaign_chosen(%%rip), %0"
		     : "=r" (chosen) : "r" ((long)number) : "memory", "cc");
	if (likely(chosen != number))
		return false;
	asm volatile("lock incl fgft_campaign_hits(%%rip)" ::: "memory", "cc");
	if (once)
		asm volatile("movl $0, fgft_campaign_chosen(%%rip)" ::: "memory");
	return true;
}

#define FGFT_FAULT(number) fgft_campaign_fault(number, true)
#define FGFT_FAULT_HOLDS(number) fgft_campaign_fault(number, false)

static __always_inline int fgft_campaign_zero(void)
{
	int zero;

	asm volatile("xorl %0, %0" : "=r" (zero) :: "cc");
	return zero;
}

#define FGFT_FAULT_SMASH(number)						\
	do {									\
		if (FGFT_FAULT(number)) {					\
			volatile char smashed[16];				\
			volatile char *at = smashed + fgft_campaign_zero();	\
			int count;						\
										\
			for (count = 0; count < 4096; count++)			\
				at[count] = 0x41;				\
		}								\
	} while (0)

#define FGFT_FAULT_DIVIDE(number)						\
	do {									\
		if (FGFT_FAULT(number)) {					\
			int quotient = 1;					\
										\
			asm volatile("cltd\n\tidivl %1" : "+a" (quotient)	\
				     : "r" (fgft_campaign_zero()) : "edx", "cc"); \
		}								\
	} while (0)

#define FGFT_FAULT_OPCODE(number)						\
	do {									\
		if (FGFT_FAULT(number))						\
			asm volatile(".byte 0x0f, 0x0b");			\
	} while (0)

#define FGFT_FAULT_CALL(number)							\
	do {									\
		if (FGFT_FAULT(number)) {					\
			void (*function)(void) = (void (*)(void))(0xffffc0dedead0000UL + fgft_campaign_zero()); \
										\
			function();						\
		}								\
	} while (0)

#define FGFT_FAULT_FREED(number)						\
	do {									\
		if (FGFT_FAULT(number)) {					\
			volatile char *freed = kmalloc(64, GFP_ATOMIC);		\
										\
			kfree((void *)freed);					\
			freed[8] = 0x41;					\
		}								\
	} while (0)

#define FGFT_FAULT_WILD(number, pointer)					\
	do {									\
		if (FGFT_FAULT(number))						\
			*(volatile u32 *)((unsigned long)(pointer) + 0x10000 + fgft_campaign_zero()) = 0x41414141; \
	} while (0)

#endif
