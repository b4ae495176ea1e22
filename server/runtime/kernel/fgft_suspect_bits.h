/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before isolated code: atomic bit operations become calls of stubs.
 */
#ifndef _FGFT_SUSPECT_BITS_H
#define _FGFT_SUSPECT_BITS_H

#include <linux/bitops.h>

void fgft_k_set_bit(long number, volatile unsigned long *bits);
void fgft_k_clear_bit(long number, volatile unsigned long *bits);
void fgft_k_change_bit(long number, volatile unsigned long *bits);
void fgft_k_clear_bit_unlock(long number, volatile unsigned long *bits);
bool fgft_k_test_and_set_bit(long number, volatile unsigned long *bits);
bool fgft_k_test_and_set_bit_lock(long number, volatile unsigned long *bits);
bool fgft_k_test_and_clear_bit(long number, volatile unsigned long *bits);
bool fgft_k_test_and_change_bit(long number, volatile unsigned long *bits);

#undef set_bit
#undef clear_bit
#undef change_bit
#undef clear_bit_unlock
#undef test_and_set_bit
#undef test_and_set_bit_lock
#undef test_and_clear_bit
#undef test_and_change_bit
#define set_bit			fgft_k_set_bit
#define clear_bit		fgft_k_clear_bit
#define change_bit		fgft_k_change_bit
#define clear_bit_unlock	fgft_k_clear_bit_unlock
#define test_and_set_bit	fgft_k_test_and_set_bit
#define test_and_set_bit_lock	fgft_k_test_and_set_bit_lock
#define test_and_clear_bit	fgft_k_test_and_clear_bit
#define test_and_change_bit	fgft_k_test_and_change_bit

#endif /* _FGFT_SUSPECT_BITS_H */
