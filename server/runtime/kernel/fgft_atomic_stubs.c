// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of atomic_t, atomic64_t and atomic_long_t.
 *
 * All operations are one of three: add, change bits, exchange. The variants that promise less
 * ordering get the full one.
 */
#include <linux/atomic.h>

#include "fgft_atomic.h"

#define PLACE	FGFT_PLACE_OF_CALL

#define FAMILY(name, type, word)							\
	static void undo_##name##_add(struct fgft_call *call, unsigned long where,	\
				      unsigned long delta,				\
				      unsigned long unused)				\
	{										\
		name##_sub((word)delta, (type *)where);					\
	}										\
											\
	static void undo_##name##_bits(struct fgft_call *call, unsigned long where,	\
				       unsigned long set,				\
				       unsigned long cleared)				\
	{										\
		name##_andnot((word)set, (type *)where);				\
		name##_or((word)cleared, (type *)where);				\
	}										\
											\
	static void undo_##name##_value(struct fgft_call *call, unsigned long where,	\
					unsigned long was,				\
					unsigned long became)				\
	{										\
		name##_cmpxchg((type *)where, (word)became, (word)was);			\
	}										\
											\
	static word name##_do_add(const type *v, word delta, unsigned long place)	\
	{										\
		struct fgft_atomic at = fgft_atomic_find(v, sizeof(word), place);	\
		word was = name##_fetch_add(delta, (type *)at.where);			\
											\
		if (at.mirror)								\
			name##_set((type *)at.mirror, was + delta);			\
		if (at.call)								\
			fgft_undo(at.call, undo_##name##_add, (unsigned long)at.where,	\
				  delta, 0);						\
		return was;								\
	}										\
											\
	static word name##_do_bits(const type *v, word set, word clear, word flip,	\
				   unsigned long place)					\
	{										\
		struct fgft_atomic at = fgft_atomic_find(v, sizeof(word), place);	\
		word was = name##_read((type *)at.where), now;				\
											\
		do {									\
			now = ((was | set) & ~clear) ^ flip;				\
		} while (!name##_try_cmpxchg((type *)at.where, &was, now));		\
		if (at.mirror)								\
			name##_set((type *)at.mirror, now);				\
		if (at.call)								\
			fgft_undo(at.call, undo_##name##_bits, (unsigned long)at.where,	\
				  now & ~was, was & ~now);				\
		return was;								\
	}										\
											\
	static word name##_do_exchange(const type *v, bool always, word old, word now,	\
				       unsigned long place)				\
	{										\
		struct fgft_atomic at = fgft_atomic_find(v, sizeof(word), place);	\
		word was = always ? name##_xchg((type *)at.where, now) :		\
				    name##_cmpxchg((type *)at.where, old, now);		\
		bool done = always || was == old;					\
											\
		if (at.mirror)								\
			name##_set((type *)at.mirror, done ? now : was);		\
		if (at.call && done)							\
			fgft_undo(at.call, undo_##name##_value, (unsigned long)at.where,	\
				  was, now);						\
		return was;								\
	}										\
											\
	static word name##_do_read(const type *v, unsigned long place)			\
	{										\
		struct fgft_call *call = fgft_current();				\
		unsigned long original;							\
											\
		if (call && fgft_place_original(&call->core, (unsigned long)v,		\
						sizeof(word), &original))		\
			return name##_read((type *)original);				\
		fgft_need(call, v, sizeof(word), FGFT_READ, "atomic", place);		\
		return name##_read(v);							\
	}										\
											\
	static bool name##_do_try(const type *v, word *from, word to, unsigned long place)	\
	{										\
		word expected = *from, was = name##_do_exchange(v, false, expected, to, place);	\
											\
		*from = was;								\
		return was == expected;							\
	}										\
											\
	static word name##_do_unless(const type *v, word by, word unless, unsigned long place)	\
	{										\
		word was = name##_do_read(v, place);					\
											\
		while (was != unless && !name##_do_try(v, &was, was + by, place))	\
			cpu_relax();							\
		return was;								\
	}										\
											\
	FGFT_STUB(word, name##_read, const type *v)					\
	{										\
		return name##_do_read(v, PLACE);					\
	}										\
											\
	FGFT_STUB(word, name##_read_acquire, const type *v)				\
	{										\
		return name##_do_read(v, PLACE);					\
	}										\
											\
	FGFT_STUB(void, name##_set, type *v, word to)					\
	{										\
		name##_do_exchange(v, true, 0, to, PLACE);				\
	}										\
											\
	FGFT_STUB(void, name##_set_release, type *v, word to)				\
	{										\
		name##_do_exchange(v, true, 0, to, PLACE);				\
	}										\
											\
	FGFT_STUB(void, name##_add, word by, type *v)					\
	{										\
		name##_do_add(v, by, PLACE);						\
	}										\
											\
	FGFT_STUB(void, name##_sub, word by, type *v)					\
	{										\
		name##_do_add(v, -by, PLACE);						\
	}										\
											\
	FGFT_STUB(void, name##_inc, type *v)						\
	{										\
		name##_do_add(v, 1, PLACE);						\
	}										\
											\
	FGFT_STUB(void, name##_dec, type *v)						\
	{										\
		name##_do_add(v, -1, PLACE);						\
	}										\
											\
	FGFT_STUB(word, name##_add_return, word by, type *v)				\
	{										\
		return name##_do_add(v, by, PLACE) + by;				\
	}										\
											\
	FGFT_STUB(word, name##_sub_return, word by, type *v)				\
	{										\
		return name##_do_add(v, -by, PLACE) - by;				\
	}										\
											\
	FGFT_STUB(word, name##_inc_return, type *v)					\
	{										\
		return name##_do_add(v, 1, PLACE) + 1;					\
	}										\
											\
	FGFT_STUB(word, name##_dec_return, type *v)					\
	{										\
		return name##_do_add(v, -1, PLACE) - 1;					\
	}										\
											\
	FGFT_STUB(word, name##_fetch_add, word by, type *v)				\
	{										\
		return name##_do_add(v, by, PLACE);					\
	}										\
											\
	FGFT_STUB(word, name##_fetch_add_relaxed, word by, type *v)			\
	{										\
		return name##_do_add(v, by, PLACE);					\
	}										\
											\
	FGFT_STUB(word, name##_fetch_sub, word by, type *v)				\
	{										\
		return name##_do_add(v, -by, PLACE);					\
	}										\
											\
	FGFT_STUB(word, name##_fetch_sub_release, word by, type *v)			\
	{										\
		return name##_do_add(v, -by, PLACE);					\
	}										\
											\
	FGFT_STUB(word, name##_fetch_inc, type *v)					\
	{										\
		return name##_do_add(v, 1, PLACE);					\
	}										\
											\
	FGFT_STUB(word, name##_fetch_dec, type *v)					\
	{										\
		return name##_do_add(v, -1, PLACE);					\
	}										\
											\
	FGFT_STUB(bool, name##_sub_and_test, word by, type *v)				\
	{										\
		return name##_do_add(v, -by, PLACE) == by;				\
	}										\
											\
	FGFT_STUB(bool, name##_dec_and_test, type *v)					\
	{										\
		return name##_do_add(v, -1, PLACE) == 1;				\
	}										\
											\
	FGFT_STUB(bool, name##_inc_and_test, type *v)					\
	{										\
		return name##_do_add(v, 1, PLACE) == -1;				\
	}										\
											\
	FGFT_STUB(bool, name##_add_negative, word by, type *v)				\
	{										\
		return name##_do_add(v, by, PLACE) + by < 0;				\
	}										\
											\
	FGFT_STUB(void, name##_and, word with, type *v)					\
	{										\
		name##_do_bits(v, 0, ~with, 0, PLACE);					\
	}										\
											\
	FGFT_STUB(void, name##_or, word with, type *v)					\
	{										\
		name##_do_bits(v, with, 0, 0, PLACE);					\
	}										\
											\
	FGFT_STUB(void, name##_xor, word with, type *v)					\
	{										\
		name##_do_bits(v, 0, 0, with, PLACE);					\
	}										\
											\
	FGFT_STUB(void, name##_andnot, word with, type *v)				\
	{										\
		name##_do_bits(v, 0, with, 0, PLACE);					\
	}										\
											\
	FGFT_STUB(word, name##_fetch_and, word with, type *v)				\
	{										\
		return name##_do_bits(v, 0, ~with, 0, PLACE);				\
	}										\
											\
	FGFT_STUB(word, name##_fetch_or, word with, type *v)				\
	{										\
		return name##_do_bits(v, with, 0, 0, PLACE);				\
	}										\
											\
	FGFT_STUB(word, name##_fetch_xor, word with, type *v)				\
	{										\
		return name##_do_bits(v, 0, 0, with, PLACE);				\
	}										\
											\
	FGFT_STUB(word, name##_fetch_andnot, word with, type *v)			\
	{										\
		return name##_do_bits(v, 0, with, 0, PLACE);				\
	}										\
											\
	FGFT_STUB(word, name##_xchg, type *v, word to)					\
	{										\
		return name##_do_exchange(v, true, 0, to, PLACE);			\
	}										\
											\
	FGFT_STUB(word, name##_cmpxchg, type *v, word from, word to)			\
	{										\
		return name##_do_exchange(v, false, from, to, PLACE);			\
	}										\
											\
	FGFT_STUB(bool, name##_try_cmpxchg, type *v, word *from, word to)		\
	{										\
		return name##_do_try(v, from, to, PLACE);				\
	}										\
											\
	FGFT_STUB(bool, name##_try_cmpxchg_relaxed, type *v, word *from, word to)	\
	{										\
		return name##_do_try(v, from, to, PLACE);				\
	}										\
											\
	FGFT_STUB(bool, name##_try_cmpxchg_acquire, type *v, word *from, word to)	\
	{										\
		return name##_do_try(v, from, to, PLACE);				\
	}										\
											\
	FGFT_STUB(bool, name##_try_cmpxchg_release, type *v, word *from, word to)	\
	{										\
		return name##_do_try(v, from, to, PLACE);				\
	}										\
											\
	FGFT_STUB(word, name##_fetch_add_unless, type *v, word by, word unless)		\
	{										\
		return name##_do_unless(v, by, unless, PLACE);				\
	}										\
											\
	FGFT_STUB(bool, name##_add_unless, type *v, word by, word unless)		\
	{										\
		return name##_do_unless(v, by, unless, PLACE) != unless;		\
	}										\
											\
	FGFT_STUB(bool, name##_inc_not_zero, type *v)					\
	{										\
		return name##_do_unless(v, 1, 0, PLACE) != 0;				\
	}

FAMILY(atomic, atomic_t, int)
FAMILY(atomic64, atomic64_t, s64)
FAMILY(atomic_long, atomic_long_t, long)
