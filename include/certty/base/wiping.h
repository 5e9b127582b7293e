/*
 * wiping: ordinary memory that is wiped when it goes or moves.
 *
 * For libraries that secrets pass through and that let us choose how they allocate: curl,
 * cJSON and OpenSSL.  What they keep of a token or a key is gone once they free it.  As the
 * functions of the C library otherwise; what one of these made, wiping_free() frees, or
 * free(), unwiped.  Any thread.
 */
#ifndef CERTTY_BASE_WIPING_H
#define CERTTY_BASE_WIPING_H

#include <stddef.h>

void *wiping_malloc(size_t len);
void *wiping_calloc(size_t n, size_t len);
void *wiping_realloc(void *bytes, size_t len);
char *wiping_strdup(const char *s);
void wiping_free(void *bytes);

#endif
