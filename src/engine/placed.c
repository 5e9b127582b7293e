/*
 * placed: what certty itself put into DNS: which record into which zone, by which account, when, and
 * for which request.
 *
 * Only what is written down here is ever taken away again.  One setting for each request, one line for
 * each record; it outlives the request's row, which its provider may drop.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>

#define PLACED "placed/"

static void placed_free(void *p)
{
	struct placed *placed = p;

	g_free(placed->account);
	g_free(placed->zone);
	g_free(placed->line);
	g_free(placed);
}

static char *key_of(const char *request)
{
	return g_strconcat(PLACED, request, NULL);
}

static struct placed *read_line(const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, " ", 4);
	struct placed *p;

	if (g_strv_length(parts) != 4)
		return NULL;
	p = g_new0(struct placed, 1);
	p->account = g_strdup(parts[0]);
	p->zone = g_strdup(parts[1]);
	p->since = g_ascii_strtoll(parts[2], NULL, 10);
	p->line = g_strcompress(parts[3]);
	return p;
}

GPtrArray *placed_read(const struct engine *e, const char *request)
{
	g_autofree char *key = key_of(request), *text = keep_recall(e, key);
	g_auto(GStrv) lines = text ? g_strsplit(text, "\n", -1) : NULL;
	GPtrArray *all = g_ptr_array_new_with_free_func(placed_free);

	for (char **line = lines; line && *line; line++) {
		struct placed *p = read_line(*line);

		if (p)
			g_ptr_array_add(all, p);
	}
	return all;
}

static bool write_all(struct engine *e, const char *request, const GPtrArray *all)
{
	g_autofree char *key = key_of(request);
	g_autoptr(GString) s = g_string_new(NULL);

	for (guint i = 0; i < all->len; i++) {
		const struct placed *p = all->pdata[i];
		g_autofree char *line = g_strescape(p->line, NULL);

		g_string_append_printf(s, "%s%s %s %" G_GINT64_FORMAT " %s", i ? "\n" : "", p->account,
				       p->zone, p->since, line);
	}
	if (s->len > DB_SETTING_MAX)
		return false;
	keep_setting(e, key, s->len ? s->str : NULL);
	return true;
}

static void drop_line(GPtrArray *all, const char *line)
{
	for (guint i = all->len; i-- > 0;)
		if (!strcmp(((const struct placed *)all->pdata[i])->line, line))
			g_ptr_array_remove_index(all, i);
}

bool placed_note(struct engine *e, const char *request, const char *account, const struct dns_placed *now)
{
	g_autoptr(GPtrArray) all = placed_read(e, request);
	struct placed *p = g_new0(struct placed, 1);

	drop_line(all, now->line);
	p->account = g_strdup(account);
	p->zone = g_strdup(now->zone);
	p->since = clock_now();
	p->line = g_strdup(now->line);
	g_ptr_array_add(all, p);
	return write_all(e, request, all);
}

void placed_forget(struct engine *e, const char *request, const char *line)
{
	g_autoptr(GPtrArray) all = placed_read(e, request);

	drop_line(all, line);
	write_all(e, request, all);
}
