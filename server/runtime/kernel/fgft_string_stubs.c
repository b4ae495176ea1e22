// SPDX-License-Identifier: GPL-2.0
/*
 * Kernel stubs of the functions on memory and strings. They are compiled here, without checks, so
 * what they touch is checked first.
 */
#include <linux/string.h>

#include "fgft_call.h"

#define PLACE	FGFT_PLACE_OF_CALL

static void need(const void *start, size_t length, u16 rights, unsigned long place)
{
	fgft_need(fgft_current(), start, length, rights, "memory", place);
}

static void need_string(const char *string, unsigned long place)
{
	fgft_need_string(fgft_current(), string, "string", place);
}

/* A string that is read up to a bound at most. */
static void need_bounded(const char *string, size_t most, unsigned long place)
{
	struct fgft_call *call = fgft_current();
	size_t at;

	for (at = 0; call && at < most; at++) {
		fgft_need(call, string + at, 1, FGFT_READ, "string", place);
		if (!string[at])
			break;
	}
}

#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strnlen

static void *copy(void *to, const void *from, size_t length, unsigned long place)
{
	need(from, length, FGFT_READ, place);
	need(to, length, FGFT_WRITE, place);
	return __memmove(to, from, length);
}

FGFT_STUB(void *, memcpy, void *to, const void *from, size_t length)
{
	return copy(to, from, length, PLACE);
}

FGFT_STUB(void *, __memcpy, void *to, const void *from, size_t length)
{
	return copy(to, from, length, PLACE);
}

FGFT_STUB(void *, memmove, void *to, const void *from, size_t length)
{
	return copy(to, from, length, PLACE);
}

FGFT_STUB(void *, __memmove, void *to, const void *from, size_t length)
{
	return copy(to, from, length, PLACE);
}

FGFT_STUB(void *, memset, void *to, int value, size_t length)
{
	need(to, length, FGFT_WRITE, PLACE);
	return __memset(to, value, length);
}

FGFT_STUB(void *, __memset, void *to, int value, size_t length)
{
	need(to, length, FGFT_WRITE, PLACE);
	return __memset(to, value, length);
}

FGFT_STUB(int, memcmp, const void *one, const void *other, size_t length)
{
	need(one, length, FGFT_READ, PLACE);
	need(other, length, FGFT_READ, PLACE);
	return memcmp(one, other, length);
}

FGFT_STUB(size_t, strlen, const char *string)
{
	need_string(string, PLACE);
	return strlen(string);
}

FGFT_STUB(size_t, strnlen, const char *string, size_t most)
{
	need_bounded(string, most, PLACE);
	return strnlen(string, most);
}

FGFT_STUB(int, strcmp, const char *one, const char *other)
{
	need_string(one, PLACE);
	need_string(other, PLACE);
	return strcmp(one, other);
}

FGFT_STUB(int, strncmp, const char *one, const char *other, size_t most)
{
	need_bounded(one, most, PLACE);
	need_bounded(other, most, PLACE);
	return strncmp(one, other, most);
}

FGFT_STUB(char *, strchr, const char *string, int character)
{
	need_string(string, PLACE);
	return strchr(string, character);
}

FGFT_STUB(char *, strrchr, const char *string, int character)
{
	need_string(string, PLACE);
	return strrchr(string, character);
}

FGFT_STUB(char *, strstr, const char *string, const char *part)
{
	need_string(string, PLACE);
	need_string(part, PLACE);
	return strstr(string, part);
}

/* Copies of strings: as much is written as is read. */
static size_t bounded_length(const char *from, size_t most, unsigned long place)
{
	need_bounded(from, most, place);
	return strnlen(from, most);
}

FGFT_STUB(ssize_t, strscpy, char *to, const char *from, size_t size)
{
	size_t length = bounded_length(from, size, PLACE);

	need(to, min(length + 1, size), FGFT_WRITE, PLACE);
	if (!size)
		return -E2BIG;
	if (length == size)
		length--;
	__memmove(to, from, length);
	to[length] = 0;
	return from[length] ? -E2BIG : (ssize_t)length;
}

FGFT_STUB(size_t, strlcpy, char *to, const char *from, size_t size)
{
	size_t length, fits;

	need_string(from, PLACE);
	length = strlen(from);
	if (!size)
		return length;
	fits = min(length, size - 1);
	need(to, fits + 1, FGFT_WRITE, PLACE);
	__memmove(to, from, fits);
	to[fits] = 0;
	return length;
}

FGFT_STUB(char *, strcpy, char *to, const char *from)
{
	size_t length;

	need_string(from, PLACE);
	length = strlen(from) + 1;
	need(to, length, FGFT_WRITE, PLACE);
	return __memmove(to, from, length);
}

FGFT_STUB(char *, strncpy, char *to, const char *from, size_t size)
{
	size_t length = bounded_length(from, size, PLACE);

	need(to, size, FGFT_WRITE, PLACE);
	__memmove(to, from, length);
	__memset(to + length, 0, size - length);
	return to;
}
