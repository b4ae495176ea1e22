/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Accesses to a device, as the log of its writes knows them. Private to the runtime.
 */
#ifndef _FGFT_DEVICE_H
#define _FGFT_DEVICE_H

#include <linux/types.h>

struct fgft_call;

/* How a register is accessed: bytes, and bits. */
#define FGFT_ACCESS_SIZE	0x0f
#define FGFT_ACCESS_SWAPPED	0x10	/* the accessor swaps the bytes */
#define FGFT_ACCESS_READABLE	0x20	/* a read gives what was written, and does nothing else */

/*
 * Port numbers as ioport_map() gives them out: above all of memory that could be an accident, below
 * all mappings.
 */
#define FGFT_FIRST_COOKIE	0x10000UL
#define FGFT_LAST_COOKIE	0x40000UL

bool fgft_device_undoes(void);
bool fgft_device_port(unsigned long address, unsigned long *port);
void fgft_device_base(struct fgft_call *call, unsigned long base);
void fgft_device_note(struct fgft_call *call);
void fgft_device_write(struct fgft_call *call, unsigned long address, u32 how, u64 value,
		       unsigned long place);
void fgft_device_clear(struct fgft_call *call);

#endif /* _FGFT_DEVICE_H */
