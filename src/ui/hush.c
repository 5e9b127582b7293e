/*
 * hush: messages of certty and its libraries, kept back while the screen is open.
 */
#include "hush.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include <glib.h>

#include <certty/base/queue.h>
#include <certty/ui/ui.h>

#include "panic.h"

#define KEPT_MAX 64

struct kept {
	struct queue_link link;
	char *text;
};

static struct queue kept;
static atomic_int count;	/* of all since hush_begin(), kept or not */
static atomic_bool is_open;

void hush_begin(void)
{
	atomic_store(&is_open, true);
}

void hush_end(void)
{
	struct queue_link *next;
	int left;

	atomic_store(&is_open, false);
	for (struct queue_link *link = queue_take_all(&kept); link; link = next) {
		struct kept *k = (struct kept *)link;

		next = link->next;
		fprintf(stderr, "%s\n", k->text);
		g_free(k->text);
		g_free(k);
	}
	left = atomic_exchange(&count, 0) - KEPT_MAX;
	if (left > 0)
		fprintf(stderr, "(and %d messages more)\n", left);
}

bool ui_keep_message(const char *text, bool is_fatal)
{
	struct kept *k;

	/* One that ends the program has to be seen. */
	if (is_fatal)
		panic_give_back();
	if (is_fatal || !atomic_load(&is_open))
		return false;
	if (atomic_fetch_add(&count, 1) >= KEPT_MAX)
		return true;
	k = g_new(struct kept, 1);
	k->text = g_strdup(text);
	queue_put(&kept, &k->link);
	return true;
}
