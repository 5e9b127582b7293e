/*
 * What somebody may have meant who wrote the name of a setting that does not exist.
 */
#include "settings_guess.h"

#include <string.h>

#include "certty/base/settings.h"

bool settings_is_group(const char *group)
{
	for (const struct setting *row = settings_table; row->group; row++)
		if (strcmp(row->group, group) == 0)
			return true;
	return false;
}

/* How many letters must change to make b out of a. */
static size_t distance(const char *a, const char *b)
{
	size_t n = strlen(b), row[64];

	if (n >= G_N_ELEMENTS(row))
		return G_MAXSIZE;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			size_t change = corner + (a[i] != b[j]);

			corner = row[j + 1];
			row[j + 1] = MIN(change, MIN(corner, row[j]) + 1);
		}
	}
	return row[n];
}

static bool is_nearer(const char *name, const char *candidate, size_t *best)
{
	size_t d = distance(name, candidate);

	if (d >= *best || d > MAX(2, strlen(name) / 3))
		return false;
	*best = d;
	return true;
}

char *settings_guess(const char *group, const char *key)
{
	const struct setting *near = NULL, *elsewhere = NULL, *near_group = NULL;
	size_t best = G_MAXSIZE, best_group = G_MAXSIZE;

	for (const struct setting *row = settings_table; row->group; row++) {
		if (strcmp(row->group, group) == 0 && is_nearer(key, row->key, &best))
			near = row;
		if (strcmp(row->key, key) == 0 && !elsewhere)
			elsewhere = row;
		if (is_nearer(group, row->group, &best_group))
			near_group = row;
	}
	if (near)
		return g_strdup_printf("; did you mean %s?", near->key);
	if (elsewhere)
		return g_strdup_printf("; %s stands in [%s]", key, elsewhere->group);
	if (near_group && !settings_is_group(group))
		return g_strdup_printf("; did you mean [%s]?", near_group->group);
	return g_strdup("");
}

char *settings_nearest(const char *key, const char *const *keys)
{
	const char *near = NULL;
	size_t best = G_MAXSIZE;

	for (; *keys; keys++)
		if (is_nearer(key, *keys, &best))
			near = *keys;
	return near ? g_strdup_printf("; did you mean %s?", near) : g_strdup("");
}
