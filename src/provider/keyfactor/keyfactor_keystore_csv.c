/*
 * keyfactor_keystore_csv: Command's certificate stores as rows of a file, in the columns that kfutil has for
 * them, so that either can read what the other wrote.
 *
 * Secrets are columns too, and come out empty: whoever makes stores of the file fills them in.
 */
#include "keyfactor_keystores.h"

#include <string.h>

#include <certty/base/text.h>

#define PROPERTY "Properties."
#define ROWS_MAX 10000
#define CELL_MAX 8192

enum sort { FLAG, NUMBER, TIME, DAYS };

/* clang-format off */
static const struct schedule_column {
	const char *head, *sort, *member;	/* member NULL: a truth */
	enum sort kind;
} schedules[] = {
	{ "InventorySchedule.Immediate",        "Immediate",   NULL,      FLAG },
	{ "InventorySchedule.Interval.Minutes", "Interval",    "Minutes", NUMBER },
	{ "InventorySchedule.Daily.Time",       "Daily",       "Time",    TIME },
	{ "InventorySchedule.Weekly.Days",      "Weekly",      "Days",    DAYS },
	{ "InventorySchedule.Weekly.Time",      "Weekly",      "Time",    TIME },
	{ "InventorySchedule.Monthly.Day",      "Monthly",     "Day",     NUMBER },
	{ "InventorySchedule.Monthly.Time",     "Monthly",     "Time",    TIME },
	{ "InventorySchedule.ExactlyOnce.Time", "ExactlyOnce", "Time",    TIME },
};

static const struct text_column {
	const char *head, *member;	/* of a store as it is told */
	size_t at;			/* in a wish */
} texts[] = {
	{ "ContainerName",   "ContainerName",   offsetof(struct keyfactor_wish, container) },
	{ "ClientMachine",   "ClientMachine",   offsetof(struct keyfactor_wish, machine) },
	{ "StorePath",       "Storepath",       offsetof(struct keyfactor_wish, path) },
	{ "CreateIfMissing", "CreateIfMissing", offsetof(struct keyfactor_wish, creates) },
	{ "AgentId",         "AgentId",         offsetof(struct keyfactor_wish, agent) },
};

/* What other tools write beside these, and what a store that is made has no use for. */
static const char *const left_out[] = { "Id", "CertStoreType", "Approved", "Errors", "DisplayName" };
/* clang-format on */

#define AT(w, of) ((char **)(void *)((char *)(w) + (of)))

/* ---- written ---- */

void keyfactor_csv_head(GString *out, const struct keyfactor_kind *k)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		csv_put(out, texts[i].head, i == 0);
	for (size_t i = 0; i < G_N_ELEMENTS(schedules); i++)
		csv_put(out, schedules[i].head, false);
	for (guint i = 0; i < k->properties->len; i++) {
		const struct keyfactor_property *p = k->properties->pdata[i];
		g_autofree char *head = g_strconcat(PROPERTY, p->name, NULL);

		csv_put(out, head, false);
	}
	csv_put(out, "Password", false);
	g_string_append_c(out, '\n');
}

static const char *text_of(const struct json *j, const char *key, char **plain)
{
	const char *text = json_text(keyfactor_get(j, key));

	*plain = text ? NULL : keyfactor_text(j, key, CELL_MAX);
	return text ? text : *plain;
}

static char *days_of(const struct json *days)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < MIN(json_count(days), 7); i++) {
		int64_t number;
		g_autofree char *one = json_int_at(days, i, &number) ?
			g_strdup_printf("%" G_GINT64_FORMAT, number) : g_strdup(json_text(json_at(days, i)));

		g_string_append_printf(out, "%s%s", out->len ? " " : "", one ? one : "");
	}
	return g_string_free(out, FALSE);
}

static void put_schedule(GString *out, const struct json *schedule)
{
	for (size_t i = 0; i < G_N_ELEMENTS(schedules); i++) {
		const struct schedule_column *c = &schedules[i];
		const struct json *j = keyfactor_get(schedule, c->sort);
		g_autofree char *plain = NULL, *days = NULL;
		const char *text = "";

		if (!c->member)
			text = keyfactor_bool(schedule, c->sort) ? "true" : "";
		else if (c->kind == DAYS)
			text = days = days_of(keyfactor_get(j, c->member));
		else
			text = text_of(j, c->member, &plain);
		csv_put(out, text, false);
	}
}

static void put_property(GString *out, const struct json *properties, const char *name)
{
	const struct json *j = keyfactor_get(properties, name);
	bool is_inside = keyfactor_get(j, "value") != NULL;
	g_autofree char *plain = NULL;

	csv_put(out, text_of(is_inside ? j : properties, is_inside ? "value" : name, &plain), false);
}

bool keyfactor_csv_row(GString *out, const struct keyfactor_kind *k, const struct json *store)
{
	g_autoptr(json) properties = keyfactor_keystore_properties(store);
	bool is_whole = !keyfactor_keystore_has_password(store);

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *plain = NULL;

		csv_put(out, text_of(store, texts[i].member, &plain), i == 0);
	}
	put_schedule(out, keyfactor_get(store, "InventorySchedule"));
	for (guint i = 0; i < k->properties->len; i++) {
		const struct keyfactor_property *p = k->properties->pdata[i];

		if (p->is_secret)
			csv_put(out, "", false);
		else
			put_property(out, properties, p->name);
		is_whole = is_whole && !(p->is_secret && keyfactor_keystore_has_secret(properties, p->name));
	}
	csv_put(out, "", false);
	g_string_append_c(out, '\n');
	return is_whole;
}

/* ---- read: schedules ---- */

static bool put_number(struct json_writer *w, const char *key, const char *text)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT32, &number, NULL))
		return false;
	json_put_int(w, key, (int64_t)number);
	return true;
}

static bool put_days(struct json_writer *w, const char *key, const char *text)
{
	g_auto(GStrv) days = g_strsplit_set(text, " ,;", -1);
	guint n = 0;

	json_open(w, key, '[');
	for (char **day = days; *day; day++) {
		guint64 number;

		if (!**day)
			continue;
		if (g_ascii_string_to_unsigned(*day, 10, 0, 6, &number, NULL))
			json_put_int(w, NULL, (int64_t)number);
		else
			json_put_str(w, NULL, *day);	/* a name, which becomes its number when it is sent */
		n++;
	}
	json_close(w, ']');
	return n > 0;
}

static bool put_time(struct json_writer *w, const char *key, const char *text)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(text, utc);
	g_autoptr(GDateTime) there = at ? g_date_time_to_utc(at) : NULL;
	g_autofree char *words = there ? g_date_time_format(there, "%Y-%m-%dT%H:%M:%SZ") : NULL;

	if (!words)
		return false;
	json_put_str(w, key, words);
	return true;
}

static bool put_member(struct json_writer *w, const struct schedule_column *c, const char *text)
{
	switch (c->kind) {
	case NUMBER:
		return put_number(w, c->member, text);
	case DAYS:
		return put_days(w, c->member, text);
	default:
		return put_time(w, c->member, text);
	}
}

static const char *cell(const struct csv *c, size_t row, const char *head)
{
	gssize column = csv_find(c, head);

	return column < 0 ? "" : csv_cell(c, row, (size_t)column);
}

static bool is_off(const struct schedule_column *c, const char *text)
{
	return !*text ||
	       (c->kind == FLAG && g_ascii_strcasecmp(text, "true") && g_ascii_strcasecmp(text, "yes"));
}

/* The one sort of schedule that has cells; false: there are several, or one is wrong. */
static bool read_schedule(struct keyfactor_wish *w, const struct csv *c, size_t row)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer writer = { .out = out };
	const char *sort = NULL;

	json_open(&writer, NULL, '{');
	for (size_t i = 0; i < G_N_ELEMENTS(schedules); i++) {
		const struct schedule_column *s = &schedules[i];
		const char *text = cell(c, row, s->head);

		if (is_off(s, text))
			continue;
		if (!sort && s->member)
			json_open(&writer, s->sort, '{');
		else if (!sort)
			json_put_bool(&writer, s->sort, true);
		if ((sort && strcmp(sort, s->sort)) || (s->member && !put_member(&writer, s, text)))
			return false;
		sort = s->sort;
	}
	if (sort && strcmp(sort, "Immediate"))
		json_close(&writer, '}');
	json_close(&writer, '}');
	w->schedule = sort ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
	return true;
}

/* ---- read: the rest ---- */

/* What a column of properties is of depends on the type, which is not known yet: a secret is borrowed, and
 * is not a value that is said until it is known to be none. */
static void read_property(struct keyfactor_wish *w, const char *name, const char *text)
{
	if (*text)
		g_hash_table_replace(w->secrets.values, g_strdup(name), (char *)text);
}

static struct keyfactor_wish *read_row(const struct csv *c, size_t row)
{
	struct keyfactor_wish *w = keyfactor_wish_new();
	const char *id = cell(c, row, "ContainerId"), *password = cell(c, row, "Password");
	guint64 number = 0;

	w->line = csv_line(c, row);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *text = csv_unguarded(cell(c, row, texts[i].head));

		if (*text)
			*AT(w, texts[i].at) = g_strdup(text);
	}
	for (size_t i = 0; i < csv_columns(c); i++)
		if (!g_ascii_strncasecmp(csv_head(c, i), PROPERTY, strlen(PROPERTY)))
			read_property(w, csv_head(c, i) + strlen(PROPERTY), csv_cell(c, row, i));
	w->password = *password ? password : NULL;
	if (!w->machine || !w->path)
		w->wrong = g_strdup("it has no machine, or no path");
	else if (*id && strcmp(id, "0") && !g_ascii_string_to_unsigned(id, 10, 1, G_MAXINT32, &number, NULL))
		w->wrong = g_strdup("its container is told by no number");
	else if (!read_schedule(w, c, row))
		w->wrong = g_strdup("its inventory has several schedules, or one that cannot be read");
	w->container_id = (int64_t)number;
	return w;
}

static bool is_known(const char *head)
{
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		if (!g_ascii_strcasecmp(head, texts[i].head))
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(schedules); i++)
		if (!g_ascii_strcasecmp(head, schedules[i].head))
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(left_out); i++)
		if (!g_ascii_strcasecmp(head, left_out[i]))
			return true;
	return !g_ascii_strcasecmp(head, "Password") || !g_ascii_strcasecmp(head, "ContainerId") ||
	       (!g_ascii_strncasecmp(head, PROPERTY, strlen(PROPERTY)) && head[strlen(PROPERTY)]);
}

GPtrArray *keyfactor_csv_wishes(const struct csv *c, GError **error)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)keyfactor_wish_free);

	for (size_t i = 0; i < csv_columns(c); i++)
		if (!is_known(csv_head(c, i))) {
			g_autofree char *head = text_harmless_dup(csv_head(c, i), KEYFACTOR_SAID_MAX);

			g_set_error(error, ERR, ERR_FORMAT, "a store has no column %s; the template of its "
				    "type says which there are", head);
			return NULL;
		}
	if (csv_find(c, "ClientMachine") < 0 || csv_find(c, "StorePath") < 0) {
		g_set_error(error, ERR, ERR_FORMAT, "it has no columns ClientMachine and StorePath");
		return NULL;
	}
	if (csv_rows(c) > ROWS_MAX) {
		g_set_error(error, ERR, ERR_LIMIT, "it has %zu rows, and %d is the most that is taken at once",
			    csv_rows(c), ROWS_MAX);
		return NULL;
	}
	for (size_t i = 0; i < csv_rows(c); i++)
		g_ptr_array_add(all, read_row(c, i));
	return g_steal_pointer(&all);
}
