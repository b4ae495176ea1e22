/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included before isolated code: atomic operations become calls of stubs.
 *
 * The kernel's functions are known by now, so the names can be given away: in headers and drivers
 * that follow, and in the kernel's own inline functions among them, the stubs are meant.
 */
#ifndef _FGFT_SUSPECT_ATOMIC_H
#define _FGFT_SUSPECT_ATOMIC_H

#include <linux/atomic.h>

int fgft_k_atomic_read(const atomic_t *v);
int fgft_k_atomic_read_acquire(const atomic_t *v);
void fgft_k_atomic_set(atomic_t *v, int to);
void fgft_k_atomic_set_release(atomic_t *v, int to);
void fgft_k_atomic_add(int by, atomic_t *v);
void fgft_k_atomic_sub(int by, atomic_t *v);
void fgft_k_atomic_inc(atomic_t *v);
void fgft_k_atomic_dec(atomic_t *v);
int fgft_k_atomic_add_return(int by, atomic_t *v);
int fgft_k_atomic_sub_return(int by, atomic_t *v);
int fgft_k_atomic_inc_return(atomic_t *v);
int fgft_k_atomic_dec_return(atomic_t *v);
int fgft_k_atomic_fetch_add(int by, atomic_t *v);
int fgft_k_atomic_fetch_add_relaxed(int by, atomic_t *v);
int fgft_k_atomic_fetch_sub(int by, atomic_t *v);
int fgft_k_atomic_fetch_sub_release(int by, atomic_t *v);
int fgft_k_atomic_fetch_inc(atomic_t *v);
int fgft_k_atomic_fetch_dec(atomic_t *v);
bool fgft_k_atomic_sub_and_test(int by, atomic_t *v);
bool fgft_k_atomic_dec_and_test(atomic_t *v);
bool fgft_k_atomic_inc_and_test(atomic_t *v);
bool fgft_k_atomic_add_negative(int by, atomic_t *v);
void fgft_k_atomic_and(int with, atomic_t *v);
void fgft_k_atomic_or(int with, atomic_t *v);
void fgft_k_atomic_xor(int with, atomic_t *v);
void fgft_k_atomic_andnot(int with, atomic_t *v);
int fgft_k_atomic_fetch_and(int with, atomic_t *v);
int fgft_k_atomic_fetch_or(int with, atomic_t *v);
int fgft_k_atomic_fetch_xor(int with, atomic_t *v);
int fgft_k_atomic_fetch_andnot(int with, atomic_t *v);
int fgft_k_atomic_xchg(atomic_t *v, int to);
int fgft_k_atomic_cmpxchg(atomic_t *v, int from, int to);
bool fgft_k_atomic_try_cmpxchg(atomic_t *v, int *from, int to);
bool fgft_k_atomic_try_cmpxchg_relaxed(atomic_t *v, int *from, int to);
bool fgft_k_atomic_try_cmpxchg_acquire(atomic_t *v, int *from, int to);
bool fgft_k_atomic_try_cmpxchg_release(atomic_t *v, int *from, int to);
int fgft_k_atomic_fetch_add_unless(atomic_t *v, int by, int unless);
bool fgft_k_atomic_add_unless(atomic_t *v, int by, int unless);
bool fgft_k_atomic_inc_not_zero(atomic_t *v);
s64 fgft_k_atomic64_read(const atomic64_t *v);
s64 fgft_k_atomic64_read_acquire(const atomic64_t *v);
void fgft_k_atomic64_set(atomic64_t *v, s64 to);
void fgft_k_atomic64_set_release(atomic64_t *v, s64 to);
void fgft_k_atomic64_add(s64 by, atomic64_t *v);
void fgft_k_atomic64_sub(s64 by, atomic64_t *v);
void fgft_k_atomic64_inc(atomic64_t *v);
void fgft_k_atomic64_dec(atomic64_t *v);
s64 fgft_k_atomic64_add_return(s64 by, atomic64_t *v);
s64 fgft_k_atomic64_sub_return(s64 by, atomic64_t *v);
s64 fgft_k_atomic64_inc_return(atomic64_t *v);
s64 fgft_k_atomic64_dec_return(atomic64_t *v);
s64 fgft_k_atomic64_fetch_add(s64 by, atomic64_t *v);
s64 fgft_k_atomic64_fetch_add_relaxed(s64 by, atomic64_t *v);
s64 fgft_k_atomic64_fetch_sub(s64 by, atomic64_t *v);
s64 fgft_k_atomic64_fetch_sub_release(s64 by, atomic64_t *v);
s64 fgft_k_atomic64_fetch_inc(atomic64_t *v);
s64 fgft_k_atomic64_fetch_dec(atomic64_t *v);
bool fgft_k_atomic64_sub_and_test(s64 by, atomic64_t *v);
bool fgft_k_atomic64_dec_and_test(atomic64_t *v);
bool fgft_k_atomic64_inc_and_test(atomic64_t *v);
bool fgft_k_atomic64_add_negative(s64 by, atomic64_t *v);
void fgft_k_atomic64_and(s64 with, atomic64_t *v);
void fgft_k_atomic64_or(s64 with, atomic64_t *v);
void fgft_k_atomic64_xor(s64 with, atomic64_t *v);
void fgft_k_atomic64_andnot(s64 with, atomic64_t *v);
s64 fgft_k_atomic64_fetch_and(s64 with, atomic64_t *v);
s64 fgft_k_atomic64_fetch_or(s64 with, atomic64_t *v);
s64 fgft_k_atomic64_fetch_xor(s64 with, atomic64_t *v);
s64 fgft_k_atomic64_fetch_andnot(s64 with, atomic64_t *v);
s64 fgft_k_atomic64_xchg(atomic64_t *v, s64 to);
s64 fgft_k_atomic64_cmpxchg(atomic64_t *v, s64 from, s64 to);
bool fgft_k_atomic64_try_cmpxchg(atomic64_t *v, s64 *from, s64 to);
bool fgft_k_atomic64_try_cmpxchg_relaxed(atomic64_t *v, s64 *from, s64 to);
bool fgft_k_atomic64_try_cmpxchg_acquire(atomic64_t *v, s64 *from, s64 to);
bool fgft_k_atomic64_try_cmpxchg_release(atomic64_t *v, s64 *from, s64 to);
s64 fgft_k_atomic64_fetch_add_unless(atomic64_t *v, s64 by, s64 unless);
bool fgft_k_atomic64_add_unless(atomic64_t *v, s64 by, s64 unless);
bool fgft_k_atomic64_inc_not_zero(atomic64_t *v);
long fgft_k_atomic_long_read(const atomic_long_t *v);
long fgft_k_atomic_long_read_acquire(const atomic_long_t *v);
void fgft_k_atomic_long_set(atomic_long_t *v, long to);
void fgft_k_atomic_long_set_release(atomic_long_t *v, long to);
void fgft_k_atomic_long_add(long by, atomic_long_t *v);
void fgft_k_atomic_long_sub(long by, atomic_long_t *v);
void fgft_k_atomic_long_inc(atomic_long_t *v);
void fgft_k_atomic_long_dec(atomic_long_t *v);
long fgft_k_atomic_long_add_return(long by, atomic_long_t *v);
long fgft_k_atomic_long_sub_return(long by, atomic_long_t *v);
long fgft_k_atomic_long_inc_return(atomic_long_t *v);
long fgft_k_atomic_long_dec_return(atomic_long_t *v);
long fgft_k_atomic_long_fetch_add(long by, atomic_long_t *v);
long fgft_k_atomic_long_fetch_add_relaxed(long by, atomic_long_t *v);
long fgft_k_atomic_long_fetch_sub(long by, atomic_long_t *v);
long fgft_k_atomic_long_fetch_sub_release(long by, atomic_long_t *v);
long fgft_k_atomic_long_fetch_inc(atomic_long_t *v);
long fgft_k_atomic_long_fetch_dec(atomic_long_t *v);
bool fgft_k_atomic_long_sub_and_test(long by, atomic_long_t *v);
bool fgft_k_atomic_long_dec_and_test(atomic_long_t *v);
bool fgft_k_atomic_long_inc_and_test(atomic_long_t *v);
bool fgft_k_atomic_long_add_negative(long by, atomic_long_t *v);
void fgft_k_atomic_long_and(long with, atomic_long_t *v);
void fgft_k_atomic_long_or(long with, atomic_long_t *v);
void fgft_k_atomic_long_xor(long with, atomic_long_t *v);
void fgft_k_atomic_long_andnot(long with, atomic_long_t *v);
long fgft_k_atomic_long_fetch_and(long with, atomic_long_t *v);
long fgft_k_atomic_long_fetch_or(long with, atomic_long_t *v);
long fgft_k_atomic_long_fetch_xor(long with, atomic_long_t *v);
long fgft_k_atomic_long_fetch_andnot(long with, atomic_long_t *v);
long fgft_k_atomic_long_xchg(atomic_long_t *v, long to);
long fgft_k_atomic_long_cmpxchg(atomic_long_t *v, long from, long to);
bool fgft_k_atomic_long_try_cmpxchg(atomic_long_t *v, long *from, long to);
bool fgft_k_atomic_long_try_cmpxchg_relaxed(atomic_long_t *v, long *from, long to);
bool fgft_k_atomic_long_try_cmpxchg_acquire(atomic_long_t *v, long *from, long to);
bool fgft_k_atomic_long_try_cmpxchg_release(atomic_long_t *v, long *from, long to);
long fgft_k_atomic_long_fetch_add_unless(atomic_long_t *v, long by, long unless);
bool fgft_k_atomic_long_add_unless(atomic_long_t *v, long by, long unless);
bool fgft_k_atomic_long_inc_not_zero(atomic_long_t *v);

#undef atomic_read
#undef atomic_read_acquire
#undef atomic_set
#undef atomic_set_release
#undef atomic_add
#undef atomic_sub
#undef atomic_inc
#undef atomic_dec
#undef atomic_add_return
#undef atomic_sub_return
#undef atomic_inc_return
#undef atomic_dec_return
#undef atomic_fetch_add
#undef atomic_fetch_add_relaxed
#undef atomic_fetch_sub
#undef atomic_fetch_sub_release
#undef atomic_fetch_inc
#undef atomic_fetch_dec
#undef atomic_sub_and_test
#undef atomic_dec_and_test
#undef atomic_inc_and_test
#undef atomic_add_negative
#undef atomic_and
#undef atomic_or
#undef atomic_xor
#undef atomic_andnot
#undef atomic_fetch_and
#undef atomic_fetch_or
#undef atomic_fetch_xor
#undef atomic_fetch_andnot
#undef atomic_xchg
#undef atomic_cmpxchg
#undef atomic_try_cmpxchg
#undef atomic_try_cmpxchg_relaxed
#undef atomic_try_cmpxchg_acquire
#undef atomic_try_cmpxchg_release
#undef atomic_fetch_add_unless
#undef atomic_add_unless
#undef atomic_inc_not_zero
#undef atomic64_read
#undef atomic64_read_acquire
#undef atomic64_set
#undef atomic64_set_release
#undef atomic64_add
#undef atomic64_sub
#undef atomic64_inc
#undef atomic64_dec
#undef atomic64_add_return
#undef atomic64_sub_return
#undef atomic64_inc_return
#undef atomic64_dec_return
#undef atomic64_fetch_add
#undef atomic64_fetch_add_relaxed
#undef atomic64_fetch_sub
#undef atomic64_fetch_sub_release
#undef atomic64_fetch_inc
#undef atomic64_fetch_dec
#undef atomic64_sub_and_test
#undef atomic64_dec_and_test
#undef atomic64_inc_and_test
#undef atomic64_add_negative
#undef atomic64_and
#undef atomic64_or
#undef atomic64_xor
#undef atomic64_andnot
#undef atomic64_fetch_and
#undef atomic64_fetch_or
#undef atomic64_fetch_xor
#undef atomic64_fetch_andnot
#undef atomic64_xchg
#undef atomic64_cmpxchg
#undef atomic64_try_cmpxchg
#undef atomic64_try_cmpxchg_relaxed
#undef atomic64_try_cmpxchg_acquire
#undef atomic64_try_cmpxchg_release
#undef atomic64_fetch_add_unless
#undef atomic64_add_unless
#undef atomic64_inc_not_zero
#undef atomic_long_read
#undef atomic_long_read_acquire
#undef atomic_long_set
#undef atomic_long_set_release
#undef atomic_long_add
#undef atomic_long_sub
#undef atomic_long_inc
#undef atomic_long_dec
#undef atomic_long_add_return
#undef atomic_long_sub_return
#undef atomic_long_inc_return
#undef atomic_long_dec_return
#undef atomic_long_fetch_add
#undef atomic_long_fetch_add_relaxed
#undef atomic_long_fetch_sub
#undef atomic_long_fetch_sub_release
#undef atomic_long_fetch_inc
#undef atomic_long_fetch_dec
#undef atomic_long_sub_and_test
#undef atomic_long_dec_and_test
#undef atomic_long_inc_and_test
#undef atomic_long_add_negative
#undef atomic_long_and
#undef atomic_long_or
#undef atomic_long_xor
#undef atomic_long_andnot
#undef atomic_long_fetch_and
#undef atomic_long_fetch_or
#undef atomic_long_fetch_xor
#undef atomic_long_fetch_andnot
#undef atomic_long_xchg
#undef atomic_long_cmpxchg
#undef atomic_long_try_cmpxchg
#undef atomic_long_try_cmpxchg_relaxed
#undef atomic_long_try_cmpxchg_acquire
#undef atomic_long_try_cmpxchg_release
#undef atomic_long_fetch_add_unless
#undef atomic_long_add_unless
#undef atomic_long_inc_not_zero
#define atomic_read		fgft_k_atomic_read
#define atomic_read_acquire	fgft_k_atomic_read_acquire
#define atomic_set		fgft_k_atomic_set
#define atomic_set_release	fgft_k_atomic_set_release
#define atomic_add		fgft_k_atomic_add
#define atomic_sub		fgft_k_atomic_sub
#define atomic_inc		fgft_k_atomic_inc
#define atomic_dec		fgft_k_atomic_dec
#define atomic_add_return	fgft_k_atomic_add_return
#define atomic_sub_return	fgft_k_atomic_sub_return
#define atomic_inc_return	fgft_k_atomic_inc_return
#define atomic_dec_return	fgft_k_atomic_dec_return
#define atomic_fetch_add		fgft_k_atomic_fetch_add
#define atomic_fetch_add_relaxed	fgft_k_atomic_fetch_add_relaxed
#define atomic_fetch_sub		fgft_k_atomic_fetch_sub
#define atomic_fetch_sub_release	fgft_k_atomic_fetch_sub_release
#define atomic_fetch_inc		fgft_k_atomic_fetch_inc
#define atomic_fetch_dec		fgft_k_atomic_fetch_dec
#define atomic_sub_and_test	fgft_k_atomic_sub_and_test
#define atomic_dec_and_test	fgft_k_atomic_dec_and_test
#define atomic_inc_and_test	fgft_k_atomic_inc_and_test
#define atomic_add_negative	fgft_k_atomic_add_negative
#define atomic_and		fgft_k_atomic_and
#define atomic_or		fgft_k_atomic_or
#define atomic_xor		fgft_k_atomic_xor
#define atomic_andnot		fgft_k_atomic_andnot
#define atomic_fetch_and		fgft_k_atomic_fetch_and
#define atomic_fetch_or		fgft_k_atomic_fetch_or
#define atomic_fetch_xor		fgft_k_atomic_fetch_xor
#define atomic_fetch_andnot	fgft_k_atomic_fetch_andnot
#define atomic_xchg		fgft_k_atomic_xchg
#define atomic_cmpxchg		fgft_k_atomic_cmpxchg
#define atomic_try_cmpxchg	fgft_k_atomic_try_cmpxchg
#define atomic_try_cmpxchg_relaxed	fgft_k_atomic_try_cmpxchg_relaxed
#define atomic_try_cmpxchg_acquire	fgft_k_atomic_try_cmpxchg_acquire
#define atomic_try_cmpxchg_release	fgft_k_atomic_try_cmpxchg_release
#define atomic_fetch_add_unless	fgft_k_atomic_fetch_add_unless
#define atomic_add_unless	fgft_k_atomic_add_unless
#define atomic_inc_not_zero	fgft_k_atomic_inc_not_zero
#define atomic64_read		fgft_k_atomic64_read
#define atomic64_read_acquire	fgft_k_atomic64_read_acquire
#define atomic64_set		fgft_k_atomic64_set
#define atomic64_set_release	fgft_k_atomic64_set_release
#define atomic64_add		fgft_k_atomic64_add
#define atomic64_sub		fgft_k_atomic64_sub
#define atomic64_inc		fgft_k_atomic64_inc
#define atomic64_dec		fgft_k_atomic64_dec
#define atomic64_add_return	fgft_k_atomic64_add_return
#define atomic64_sub_return	fgft_k_atomic64_sub_return
#define atomic64_inc_return	fgft_k_atomic64_inc_return
#define atomic64_dec_return	fgft_k_atomic64_dec_return
#define atomic64_fetch_add	fgft_k_atomic64_fetch_add
#define atomic64_fetch_add_relaxed	fgft_k_atomic64_fetch_add_relaxed
#define atomic64_fetch_sub	fgft_k_atomic64_fetch_sub
#define atomic64_fetch_sub_release	fgft_k_atomic64_fetch_sub_release
#define atomic64_fetch_inc	fgft_k_atomic64_fetch_inc
#define atomic64_fetch_dec	fgft_k_atomic64_fetch_dec
#define atomic64_sub_and_test	fgft_k_atomic64_sub_and_test
#define atomic64_dec_and_test	fgft_k_atomic64_dec_and_test
#define atomic64_inc_and_test	fgft_k_atomic64_inc_and_test
#define atomic64_add_negative	fgft_k_atomic64_add_negative
#define atomic64_and		fgft_k_atomic64_and
#define atomic64_or		fgft_k_atomic64_or
#define atomic64_xor		fgft_k_atomic64_xor
#define atomic64_andnot		fgft_k_atomic64_andnot
#define atomic64_fetch_and	fgft_k_atomic64_fetch_and
#define atomic64_fetch_or	fgft_k_atomic64_fetch_or
#define atomic64_fetch_xor	fgft_k_atomic64_fetch_xor
#define atomic64_fetch_andnot	fgft_k_atomic64_fetch_andnot
#define atomic64_xchg		fgft_k_atomic64_xchg
#define atomic64_cmpxchg		fgft_k_atomic64_cmpxchg
#define atomic64_try_cmpxchg	fgft_k_atomic64_try_cmpxchg
#define atomic64_try_cmpxchg_relaxed	fgft_k_atomic64_try_cmpxchg_relaxed
#define atomic64_try_cmpxchg_acquire	fgft_k_atomic64_try_cmpxchg_acquire
#define atomic64_try_cmpxchg_release	fgft_k_atomic64_try_cmpxchg_release
#define atomic64_fetch_add_unless	fgft_k_atomic64_fetch_add_unless
#define atomic64_add_unless	fgft_k_atomic64_add_unless
#define atomic64_inc_not_zero	fgft_k_atomic64_inc_not_zero
#define atomic_long_read		fgft_k_atomic_long_read
#define atomic_long_read_acquire	fgft_k_atomic_long_read_acquire
#define atomic_long_set		fgft_k_atomic_long_set
#define atomic_long_set_release	fgft_k_atomic_long_set_release
#define atomic_long_add		fgft_k_atomic_long_add
#define atomic_long_sub		fgft_k_atomic_long_sub
#define atomic_long_inc		fgft_k_atomic_long_inc
#define atomic_long_dec		fgft_k_atomic_long_dec
#define atomic_long_add_return	fgft_k_atomic_long_add_return
#define atomic_long_sub_return	fgft_k_atomic_long_sub_return
#define atomic_long_inc_return	fgft_k_atomic_long_inc_return
#define atomic_long_dec_return	fgft_k_atomic_long_dec_return
#define atomic_long_fetch_add	fgft_k_atomic_long_fetch_add
#define atomic_long_fetch_add_relaxed	fgft_k_atomic_long_fetch_add_relaxed
#define atomic_long_fetch_sub	fgft_k_atomic_long_fetch_sub
#define atomic_long_fetch_sub_release	fgft_k_atomic_long_fetch_sub_release
#define atomic_long_fetch_inc	fgft_k_atomic_long_fetch_inc
#define atomic_long_fetch_dec	fgft_k_atomic_long_fetch_dec
#define atomic_long_sub_and_test	fgft_k_atomic_long_sub_and_test
#define atomic_long_dec_and_test	fgft_k_atomic_long_dec_and_test
#define atomic_long_inc_and_test	fgft_k_atomic_long_inc_and_test
#define atomic_long_add_negative	fgft_k_atomic_long_add_negative
#define atomic_long_and		fgft_k_atomic_long_and
#define atomic_long_or		fgft_k_atomic_long_or
#define atomic_long_xor		fgft_k_atomic_long_xor
#define atomic_long_andnot	fgft_k_atomic_long_andnot
#define atomic_long_fetch_and	fgft_k_atomic_long_fetch_and
#define atomic_long_fetch_or	fgft_k_atomic_long_fetch_or
#define atomic_long_fetch_xor	fgft_k_atomic_long_fetch_xor
#define atomic_long_fetch_andnot	fgft_k_atomic_long_fetch_andnot
#define atomic_long_xchg		fgft_k_atomic_long_xchg
#define atomic_long_cmpxchg	fgft_k_atomic_long_cmpxchg
#define atomic_long_try_cmpxchg	fgft_k_atomic_long_try_cmpxchg
#define atomic_long_try_cmpxchg_relaxed	fgft_k_atomic_long_try_cmpxchg_relaxed
#define atomic_long_try_cmpxchg_acquire	fgft_k_atomic_long_try_cmpxchg_acquire
#define atomic_long_try_cmpxchg_release	fgft_k_atomic_long_try_cmpxchg_release
#define atomic_long_fetch_add_unless	fgft_k_atomic_long_fetch_add_unless
#define atomic_long_add_unless	fgft_k_atomic_long_add_unless
#define atomic_long_inc_not_zero	fgft_k_atomic_long_inc_not_zero

#endif /* _FGFT_SUSPECT_ATOMIC_H */
