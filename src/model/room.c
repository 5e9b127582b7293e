/*
 * Huge pages are asked for, not depended on: without them all is the same, only slower.
 */
#include <certty/model/room.h>

#include <glib.h>
#include <stdint.h>
#include <sys/mman.h>

#include <certty/base/ref.h>

#define HUGE ((uintptr_t)2 << 20)	/* as on most machines; elsewhere merely a round number */
#define PAGE ((uintptr_t)64 << 10)	/* no system's pages are larger */
#define ALIGN ((size_t)64)

struct room {
	struct ref ref;
	char *piece;		/* as mapped */
	size_t piece_len;
	char *at, *end;		/* what is free, from a border of huge pages on */
};

static char *up(char *at, uintptr_t to)
{
	return at + (-(uintptr_t)at & (to - 1));
}

struct room *room_new(size_t bytes)
{
	size_t len = (bytes + 2 * HUGE - 1) & ~(HUGE - 1);
	char *piece = mmap(NULL, len, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	struct room *r;

	if (piece == MAP_FAILED)
		return NULL;
	r = g_new0(struct room, 1);
	ref_init(&r->ref);
	r->piece = piece;
	r->piece_len = len;
	r->at = up(piece, HUGE);
	r->end = piece + len;
	madvise(r->at, (size_t)(r->end - r->at), MADV_HUGEPAGE);
	return r;
}

void room_unref(struct room *r)
{
	if (!r || !ref_drop(&r->ref))
		return;
	munmap(r->piece, r->piece_len);
	g_free(r);
}

void *room_take(struct room *r, size_t bytes)
{
	char *at;

	if (!r || bytes > (size_t)(r->end - r->at))
		return NULL;
	at = r->at;
	r->at += MIN((bytes + ALIGN - 1) & ~(ALIGN - 1), (size_t)(r->end - at));
	ref_hold(&r->ref);
	return at;
}

/* Its neighbours may share the first page and the last. */
void room_give(struct room *r, void *at, size_t bytes)
{
	char *from = up(at, PAGE), *to = (char *)at + bytes;

	to -= (uintptr_t)to & (PAGE - 1);
	if (from < to)
		madvise(from, (size_t)(to - from), MADV_DONTNEED);
	room_unref(r);
}
