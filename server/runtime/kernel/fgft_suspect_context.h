/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before isolated code: interrupts are not switched on while a lock that needs them off is
 * still held, and counters per processor can be taken back.
 */
#ifndef _FGFT_SUSPECT_CONTEXT_H
#define _FGFT_SUSPECT_CONTEXT_H

#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/typecheck.h>

void fgft_k_local_irq_enable(void);
void fgft_k_local_irq_disable(void);
unsigned long fgft_k_local_irq_save(void);
void fgft_k_local_irq_restore(unsigned long flags);

#undef local_irq_enable
#undef local_irq_disable
#undef local_irq_save
#undef local_irq_restore
#define local_irq_enable()		fgft_k_local_irq_enable()
#define local_irq_disable()		fgft_k_local_irq_disable()
#define local_irq_restore(flags)	fgft_k_local_irq_restore(flags)
#define local_irq_save(flags)				\
	do {						\
		typecheck(unsigned long, flags);	\
		flags = fgft_k_local_irq_save();	\
	} while (0)

void fgft_k_this_cpu_added(const void __percpu *variable, unsigned long value, unsigned long size);

#undef this_cpu_add
#undef this_cpu_sub
#undef this_cpu_inc
#undef this_cpu_dec
#define this_cpu_add(variable, value)								\
	do {											\
		fgft_k_this_cpu_added(&(variable), (unsigned long)(value), sizeof(variable));	\
		__pcpu_size_call(this_cpu_add_, variable, value);				\
	} while (0)
#define this_cpu_sub(variable, value)	this_cpu_add(variable, -(typeof(variable))(value))
#define this_cpu_inc(variable)		this_cpu_add(variable, 1)
#define this_cpu_dec(variable)		this_cpu_add(variable, -1)

#endif /* _FGFT_SUSPECT_CONTEXT_H */
