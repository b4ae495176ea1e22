// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of the copies, and one bit per byte and right that says what of it may be touched.
 *
 * Unaligned loads of the bit maps are what makes a check short: the bits of eight bytes lie within
 * 16 bits from the byte that holds the first. The maps are 8 bytes longer than needed so that such
 * a load never leaves them.
 */
#include "fgft_core.h"

/* Bits of up to 56 bytes of the arena, from an offset on. */
static __always_inline u64 bits_from(const u8 *map, u32 offset)
{
	u64 word;

	memcpy(&word, map + offset / 8, sizeof(word));
	return word >> (offset % 8);
}

/* Sets or clears the bits of a span, whole bytes of the map at once. */
static void mark(u8 *map, u32 offset, u32 length, bool set)
{
	while (length) {
		u32 first = offset % 8, count = min(length, 8 - first);
		u8 mask = (u8)(((1U << count) - 1) << first);

		if (set)
			map[offset / 8] |= mask;
		else
			map[offset / 8] &= (u8)~mask;
		offset += count;
		length -= count;
		if (length >= 8 && offset % 8 == 0) {
			memset(map + offset / 8, set ? 0xff : 0, length / 8);
			offset += length & ~7U;
			length &= 7;
		}
	}
}

/**
 * fgft_arena_clear - give all memory back and forbid every byte
 * @arena: the arena
 */
void fgft_arena_clear(struct fgft_arena *arena)
{
	u32 bytes = (arena->used + 7) / 8;

	memset(arena->readable, 0, bytes);
	memset(arena->writable, 0, bytes);
	arena->used = 0;
}

/**
 * fgft_arena_take - take memory
 * @arena: the arena
 * @size: bytes
 * @align: a power of two, at most that of the arena itself
 *
 * The memory may not be touched by isolated code until fgft_arena_allow(), and keeps what an
 * earlier call left there.
 *
 * Return: the memory; NULL if the arena is full.
 */
void *fgft_arena_take(struct fgft_arena *arena, u32 size, u32 align)
{
	u32 at = (arena->used + align - 1) & ~(align - 1);

	if (at < arena->used || at > arena->size || size > arena->size - at)
		return NULL;
	arena->used = at + size;
	return arena->base + at;
}

/**
 * fgft_arena_allow - allow access to bytes of the arena
 * @arena: the arena
 * @offset: of the first byte, from the start of the arena; the span must lie in memory that was
 *		taken
 * @length: bytes
 * @rights: FGFT_READ, FGFT_WRITE; others have no meaning here
 */
void fgft_arena_allow(struct fgft_arena *arena, u32 offset, u32 length, u16 rights)
{
	if (rights & FGFT_READ)
		mark(arena->readable, offset, length, true);
	if (rights & FGFT_WRITE)
		mark(arena->writable, offset, length, true);
}

/**
 * fgft_arena_forbid - take all rights back
 * @arena: the arena
 * @offset: of the first byte, from the start of the arena
 * @length: bytes
 */
void fgft_arena_forbid(struct fgft_arena *arena, u32 offset, u32 length)
{
	mark(arena->readable, offset, length, false);
	mark(arena->writable, offset, length, false);
}

static bool all_set(const u8 *map, u32 offset, u32 length)
{
	while (length) {
		u32 count = min_t(u32, length, 56);
		u64 mask = ((u64)1 << count) - 1;

		if ((bits_from(map, offset) & mask) != mask)
			return false;
		offset += count;
		length -= count;
	}
	return true;
}

/**
 * fgft_arena_allows - may these bytes be accessed?
 * @arena: the arena
 * @offset: of the first byte, from the start of the arena
 * @length: bytes
 * @rights: FGFT_READ, FGFT_WRITE or both; any other right is refused
 *
 * Return: true if every byte has all the rights.
 */
bool fgft_arena_allows(const struct fgft_arena *arena, u32 offset, u32 length, u16 rights)
{
	if (offset > arena->used || length > arena->used - offset)
		return false;
	if (rights & ~(FGFT_READ | FGFT_WRITE))
		return false;
	if ((rights & FGFT_READ) && !all_set(arena->readable, offset, length))
		return false;
	return !(rights & FGFT_WRITE) || all_set(arena->writable, offset, length);
}

/**
 * fgft_arena_any - has any of a few bytes any right?
 * @arena: the arena
 * @offset: of the first byte, from the start of the arena
 * @length: bytes, at most 56
 *
 * Return: true if so.
 */
bool fgft_arena_any(const struct fgft_arena *arena, u32 offset, u32 length)
{
	u64 mask = ((u64)1 << length) - 1;

	return ((bits_from(arena->readable, offset) | bits_from(arena->writable, offset)) & mask) !=
	       0;
}
