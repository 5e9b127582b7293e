/*
 * hush: messages of GLib and its users, kept back while the screen is open.
 */
#include <certty/ui/hush.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include <glib.h>

#include <certty/base/queue.h>
#include "panic.h"

#define KEPT_MAX 64

struct kept {
	struct queue_link link;
	char *text;
};

static struct queue kept;
static atomic_int count;	/* of all since hush_begin(), kept or not */
static atomic_bool is_open;
static GLogWriterFunc other;	/* set before threads */

static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields,
				  gsize n_fields, gpointer nothing);

static void install(void)
{
	static bool installed;

	if (!installed)
		g_log_set_writer_func(write_log, NULL, NULL);
	installed = true;
}

void hush_also(GLogWriterFunc also)
{
	other = also;
	install();
}

void hush_begin(void)
{
	install();
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

static GLogWriterOutput write_log(GLogLevelFlags level, const GLogField *fields,
				  gsize n_fields, gpointer nothing)
{
	const GLogLevelFlags fatal = G_LOG_FLAG_FATAL | G_LOG_LEVEL_ERROR;
	struct kept *k;

	if (other)
		other(level, fields, n_fields, nothing);
	/* One that ends the program has to be seen. */
	if (level & fatal)
		panic_give_back();
	if (!atomic_load(&is_open) || level & fatal)
		return g_log_writer_default(level, fields, n_fields, NULL);
	if (g_log_writer_default_would_drop(level, G_LOG_DOMAIN))
		return G_LOG_WRITER_HANDLED;
	if (atomic_fetch_add(&count, 1) >= KEPT_MAX)
		return G_LOG_WRITER_HANDLED;
	k = g_new(struct kept, 1);
	k->text = g_log_writer_format_fields(level, fields, n_fields, FALSE);
	queue_put(&kept, &k->link);
	return G_LOG_WRITER_HANDLED;
}
