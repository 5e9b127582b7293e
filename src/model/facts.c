/*
 * facts: frees what a certificate's facts hold, and compares their names; making them is up to
 * whoever knows it.
 */
#include <certty/model/facts.h>

#include <stdlib.h>
#include <string.h>

void facts_done(struct facts *f)
{
	if (!f)
		return;
	g_free(f->name);
	g_strfreev(f->names);
	g_free(f->issuer);
	g_free(f->key);
	g_free(f->signature);
	g_free(f->serial);
	memset(f, 0, sizeof *f);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **facts_sorted_names(const struct facts *f)
{
	guint n = f->names ? g_strv_length(f->names) : 0, kept = 0;
	char **all = g_new0(char *, (gsize)n + 2);

	for (guint i = 0; i < n; i++)
		all[i] = g_ascii_strdown(f->names[i], -1);
	all[n] = f->name ? g_ascii_strdown(f->name, -1) : g_strdup("");
	qsort(all, (size_t)n + 1, sizeof(all[0]), by_text);
	for (guint i = 0; i <= n; i++) {
		if (kept && !strcmp(all[kept - 1], all[i]))
			g_free(all[i]);
		else
			all[kept++] = all[i];
	}
	memset(all + kept, 0, (n + 2 - kept) * sizeof(all[0]));
	return all;
}

bool facts_same_names(const struct facts *a, const struct facts *b)
{
	g_auto(GStrv) of_a = facts_sorted_names(a), of_b = facts_sorted_names(b);

	return g_strv_equal((const char *const *)of_a, (const char *const *)of_b);
}
