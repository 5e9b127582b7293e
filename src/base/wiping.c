/*
 * wiping: the C library's allocator, asked for the size of what goes, so that all of it can be
 * wiped.  Growing moves always: a realloc in place might leave nothing to wipe, but one that
 * moves would leave the old copy behind.
 */
#define _GNU_SOURCE
#include "certty/base/wiping.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

void *wiping_malloc(size_t len)
{
	return malloc(len);
}

void *wiping_calloc(size_t n, size_t len)
{
	return calloc(n, len);
}

void wiping_free(void *bytes)
{
	if (bytes)
		explicit_bzero(bytes, malloc_usable_size(bytes));
	free(bytes);
}

void *wiping_realloc(void *bytes, size_t len)
{
	size_t old = bytes ? malloc_usable_size(bytes) : 0;
	void *fresh = malloc(len);

	if (!fresh || !bytes)
		return fresh;
	memcpy(fresh, bytes, old < len ? old : len);
	wiping_free(bytes);
	return fresh;
}

char *wiping_strdup(const char *s)
{
	size_t len = strlen(s) + 1;
	char *copy = malloc(len);

	return copy ? memcpy(copy, s, len) : NULL;
}
