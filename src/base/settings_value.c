/*
 * What the text of a setting means, by the kind of its row, and a sentence for a person whose
 * text means nothing.
 */
#include "settings_value.h"

#include <errno.h>
#include <string.h>

#include "certty/base/err.h"
#include "certty/base/text.h"

#define MOST_SHOWN 80

void settings_value_done(struct settings_value *v)
{
	g_free(v->text);
	g_free(v->origin);
	g_strfreev(v->list);
	g_strfreev(v->own_list);
	g_free(v->own_text);
	g_free(v->own_origin);
	memset(v, 0, sizeof(*v));
}

bool settings_value_is_limit(const struct setting *row)
{
	return row->kind == SETTING_LIST && strcmp(row->group, "safety") == 0;
}

void settings_value_take_own(struct settings_value *v, struct settings_value *from)
{
	g_strfreev(v->own_list);
	g_free(v->own_text);
	g_free(v->own_origin);
	v->own_list = g_steal_pointer(&from->list);
	v->own_text = g_steal_pointer(&from->text);
	v->own_origin = g_steal_pointer(&from->origin);
}

static bool read_bool(struct settings_value *v, const struct setting *row)
{
	static const char *const words[] = { "false", "true", "no", "yes", "off", "on", "0", "1" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_ascii_strcasecmp(v->text, words[i]) == 0) {
			v->number = i & 1;
			return true;
		}
	return false;
}

static bool read_int(struct settings_value *v, const struct setting *row)
{
	char *end;

	errno = 0;
	v->number = g_ascii_strtoll(v->text, &end, 10);
	return *v->text && !*end && errno == 0 && !g_ascii_isspace(*v->text) &&
	       v->number >= row->min && v->number <= row->max;
}

bool settings_value_is_plain(const struct settings_value *v)
{
	g_autofree char *harmless = text_harmless_dup(v->text, strlen(v->text));

	return strcmp(harmless, v->text) == 0;
}

static bool read_text(struct settings_value *v, const struct setting *row)
{
	return settings_value_is_plain(v);
}

/* Commas separate, or semicolons when there is one: folders may have commas in their names. */
static bool read_list(struct settings_value *v, const struct setting *row)
{
	g_auto(GStrv) parts = g_strsplit(v->text, strchr(v->text, ';') ? ";" : ",", -1);
	GPtrArray *list = g_ptr_array_new();

	for (char **p = parts; *p; p++)
		if (*g_strstrip(*p))
			g_ptr_array_add(list, g_strdup(*p));
	g_ptr_array_add(list, NULL);
	v->list = (char **)g_ptr_array_free(list, FALSE);
	return read_text(v, row);
}

static bool read_choice(struct settings_value *v, const struct setting *row)
{
	g_auto(GStrv) choices = g_strsplit(row->choices, " ", -1);

	return g_strv_contains((const char *const *)choices, v->text);
}

typedef bool read_fn(struct settings_value *v, const struct setting *row);

static const struct {
	read_fn *read;
	const char *wants;
} kinds[] = {
	[SETTING_BOOL] = { read_bool, "is neither true nor false" },
	[SETTING_INT] = { read_int, "is no number" },
	[SETTING_TEXT] = { read_text, "has characters that cannot be shown" },
	[SETTING_LIST] = { read_list, "has characters that cannot be shown" },
	[SETTING_CHOICE] = { read_choice, "is none" },
};

bool settings_value_read(struct settings_value *v, const struct setting *row)
{
	return kinds[row->kind].read(v, row);
}

bool settings_value_refuse(const struct setting *row, const char *text, GError **error)
{
	g_autofree char *shown = text_harmless_dup(text, MOST_SHOWN), *more = NULL;

	if (row->kind == SETTING_INT)
		more = g_strdup_printf(" from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
				       (gint64)row->min, (gint64)row->max);
	else if (row->kind == SETTING_CHOICE)
		more = g_strdup_printf(" of %s", row->choices);
	g_set_error(error, ERR, ERR_USAGE, "%s: \"%s\" %s%s", row->key, shown,
		    kinds[row->kind].wants, more ? more : "");
	return false;
}

void settings_value_extend(struct settings_value *v, const struct settings_value *old)
{
	g_autoptr(GStrvBuilder) all = g_strv_builder_new();

	if (!v->list || !v->list[0] || strcmp(v->list[0], "+") != 0)
		return;
	if (old && old->list)
		g_strv_builder_addv(all, (const char **)old->list);
	g_strv_builder_addv(all, (const char **)v->list + 1);
	g_strfreev(v->list);
	v->list = g_strv_builder_end(all);
	g_free(v->text);
	v->text = g_strjoinv("; ", v->list);
}
