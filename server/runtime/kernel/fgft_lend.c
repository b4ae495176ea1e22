// SPDX-License-Identifier: GPL-2.0
/*
 * Pointers to copies, in memory that is used where it is.
 *
 * Isolated code stores the address of a copy in a ring, and expects to find it there. Everybody
 * else must find the original's: once the device is told, the interrupt that empties the ring may
 * run before the call has ended. So such memory holds originals. A word that isolated code stores
 * is turned outward, and one that it loads is turned inward, for the moment between two checks in
 * which the access happens.
 */
#include "fgft_core.h"

/**
 * fgft_words_outward - pointers to copies become pointers to originals
 * @core: the call's data
 * @start: first byte
 * @length: bytes
 *
 * What lies in the arena is an address of a copy: no other data looks like one but by an accident
 * of 1 in 2^40.
 *
 * Return: true if one was changed.
 */
bool fgft_words_outward(struct fgft_core *core, unsigned long start, unsigned long length)
{
	unsigned long at = (start + 7) & ~7UL;
	bool changed = false;

	for (; at + sizeof(unsigned long) <= start + length; at += sizeof(unsigned long)) {
		unsigned long *word = (unsigned long *)at;
		unsigned long outward = fgft_core_native(core, fgft_core_original(core, *word));

		if (outward == *word)
			continue;
		WRITE_ONCE(*word, outward);
		changed = true;
	}
	return changed;
}

/**
 * fgft_words_inward - pointers to originals become pointers to their copies
 * @core: the call's data
 * @start: first byte
 * @length: bytes
 *
 * Functions stay native ones: a call through a pointer finds the isolated version by itself.
 *
 * Return: true if one was changed.
 */
bool fgft_words_inward(struct fgft_core *core, unsigned long start, unsigned long length)
{
	unsigned long at = (start + 7) & ~7UL;
	bool changed = false;

	for (; at + sizeof(unsigned long) <= start + length; at += sizeof(unsigned long)) {
		unsigned long *word = (unsigned long *)at;
		unsigned long inward = fgft_core_copy(core, *word);

		if (inward == *word)
			continue;
		WRITE_ONCE(*word, inward);
		changed = true;
	}
	return changed;
}

static void give_back(struct fgft_core *core, struct fgft_lent *lent)
{
	if (lent->length)
		fgft_words_outward(core, lent->start, lent->length);
	lent->length = 0;
}

/**
 * fgft_lend - isolated code is about to access words in place
 * @core: the call's data
 * @start: first byte
 * @length: bytes
 * @stored: it stores; else it loads
 */
void fgft_lend(struct fgft_core *core, unsigned long start, unsigned long length, bool stored)
{
	if (length < sizeof(unsigned long))
		return;
	if (!stored && !fgft_words_inward(core, start, length))
		return;
	give_back(core, &core->lent[0]);
	core->lent[0] = (struct fgft_lent){ .start = start, .length = length };
	core->has_lent = true;
}

/**
 * fgft_lent_later - isolated code has come to its next check
 * @core: the call's data
 *
 * An assignment of a record is checked twice, for the load and for the store, before it happens: so
 * words are given back at the second check behind theirs.
 */
void fgft_lent_later(struct fgft_core *core)
{
	give_back(core, &core->lent[1]);
	core->lent[1] = core->lent[0];
	core->lent[0].length = 0;
	core->has_lent = core->lent[1].length;
}

/**
 * fgft_settle - others are about to look: all words in place hold originals
 * @core: the call's data
 */
void fgft_settle(struct fgft_core *core)
{
	if (!core->has_lent)
		return;
	give_back(core, &core->lent[0]);
	give_back(core, &core->lent[1]);
	core->has_lent = false;
}
