/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel data that isolated code reads by name (jiffies, processor masks ...): a table that is made
 * when the module is built, from the relocations of the suspect object.
 */
#ifndef _FGFT_DATA_H
#define _FGFT_DATA_H

struct fgft_kernel_datum {
	unsigned long start;
	unsigned long length;
};

extern const struct fgft_kernel_datum fgft_kernel_data[];
extern const unsigned int fgft_kernel_data_count;

#endif /* _FGFT_DATA_H */
