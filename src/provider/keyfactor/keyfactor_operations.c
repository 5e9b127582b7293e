/*
 * keyfactor_operations: what was done to a certificate in Command: by whom, when, and with which words.
 *
 * It comes in pages, and may be asked for in a collection alone, so it is read for the one certificate that
 * is asked about.  The newest comes first.
 */
#include "keyfactor_places.h"

#include <string.h>

#include <certty/base/clock.h>

#define READING	  "reading the history of the certificate (GET /Certificates/…/History)"
#define PAGE	  "500"
#define PAGES_MAX 20
#define SHOWN	  2000		/* lines */

struct entry {
	int64_t id, start, end;
	char *action, *user, *comment;
};

struct telling {
	GPtrArray *entries;	/* struct entry */
	GHashTable *ids;	/* a page that comes again is none */
	uint64_t total;		/* 0: not told */
	int64_t id;
	guint page;
};

static step_fn page_heard;

/* ---- life ---- */

static void free_entry(void *entry)
{
	struct entry *e = entry;

	g_free(e->action);
	g_free(e->user);
	g_free(e->comment);
	g_free(e);
}

static void telling_done(void *telling)
{
	struct telling *t = telling;

	if (t->entries)
		g_ptr_array_unref(t->entries);
	if (t->ids)
		g_hash_table_unref(t->ids);
	g_free(t);
}

static struct telling *mine(struct op *op)
{
	return keyfactor_call_mine(op, sizeof(struct telling), telling_done);
}

/* ---- asking ---- */

/* In a store of an agent, a certificate's number is one of what its inventory told. */
static int64_t id_of(const struct op *op)
{
	const char *alias = op->cert.alias ? op->cert.alias : "";
	g_autoptr(keyfactor_place) p = NULL;
	const struct keyfactor_entry *e;

	if (!keyfactor_is_place(op->store))
		return strspn(alias, "0123456789") == strlen(alias) ? g_ascii_strtoll(alias, NULL, 10) : 0;
	p = keyfactor_place_read(op->memo);
	e = keyfactor_place_find(p, alias);
	return e ? e->id : 0;
}

static struct next ask_page(struct op *op)
{
	struct telling *t = mine(op);
	g_autofree char *path = g_strdup_printf("/Certificates/%" G_GINT64_FORMAT "/History", t->id);
	g_autofree char *page = g_strdup_printf("%u", ++t->page);

	return next_send(keyfactor_call_get(op, path, "query.pageReturned", page, "query.returnLimit", PAGE,
					    NULL), page_heard);
}

struct next keyfactor_operations(struct op *op, const struct reply *none)
{
	struct telling *t = mine(op);

	(void)none;
	t->id = id_of(op);
	if (t->id <= 0)
		return next_fail(op, ERR_USAGE, "Command has no number for this certificate: refresh its "
				 "store");
	t->entries = g_ptr_array_new_with_free_func(free_entry);
	t->ids = g_hash_table_new(g_int64_hash, g_int64_equal);
	return ask_page(op);
}

/* ---- telling ---- */

/* The newest first, and of those of one moment the one that came last. */
static gint by_time(gconstpointer a, gconstpointer b)
{
	const struct entry *one = *(const struct entry *const *)a, *other = *(const struct entry *const *)b;

	if (one->start != other->start)
		return one->start < other->start ? 1 : -1;
	return one->id == other->id ? 0 : one->id < other->id ? 1 : -1;
}

static void tell_entry(struct detail *d, const struct entry *e)
{
	g_autoptr(GString) when = g_string_new(NULL), ended = g_string_new(NULL);
	g_autoptr(GString) said = g_string_new(*e->action ? e->action : "an operation without a name");

	if (e->start)
		clock_say_utc(when, e->start);
	if (*e->user)
		g_string_append_printf(said, ", by %s", e->user);
	if (e->end > e->start) {
		clock_say_utc(ended, e->end);
		g_string_append_printf(said, ", until %s", ended->str);
	}
	if (*e->comment)
		g_string_append_printf(said, ": %s", e->comment);
	detail_add(d, TONE_PLAIN, when->len ? when->str : "at a time not told", "%s", said->str);
}

static struct next tell(struct op *op)
{
	const struct telling *t = mine(op);
	g_autofree char *id = g_strconcat(OBJECT_HISTORY, op->target, NULL);
	g_autofree char *title = g_strdup_printf("certificate %" G_GINT64_FORMAT " of Command's", t->id);
	struct detail *d = detail_new(id, title);
	guint n = t->entries->len;

	detail_add(d, TONE_PLAIN, "account", "%s", op->store->account);
	detail_add(d, TONE_PLAIN, "Operations", "%s", "");
	g_ptr_array_sort(t->entries, by_time);
	for (guint i = 0; i < MIN(n, SHOWN); i++)
		tell_entry(d, t->entries->pdata[i]);
	if (!n)
		detail_add(d, TONE_DIM, "", "Command tells of none");
	if (n > SHOWN || t->total > n)
		detail_add(d, TONE_WARN, "", "%" G_GUINT64_FORMAT " more are not shown: look in "
			   "Command's portal", MAX(t->total, n) - MIN(n, SHOWN));
	d->made = op->now;
	op->detail = d;
	op_say(op, "what was done to certificate %" G_GINT64_FORMAT " of Command's: %u operations", t->id, n);
	return next_done();
}

static void take(struct telling *t, const struct json *j)
{
	struct entry *e;
	int64_t id;

	if (!keyfactor_int(j, "Id", &id) || g_hash_table_contains(t->ids, &id))
		return;
	e = g_new0(struct entry, 1);
	e->id = id;
	e->start = keyfactor_time(j, "OperationStart");
	e->end = keyfactor_time(j, "OperationEnd");
	e->action = keyfactor_text(j, "Action", KEYFACTOR_TEXT_MAX);
	e->user = keyfactor_text(j, "Username", KEYFACTOR_TEXT_MAX);
	e->comment = keyfactor_text(j, "Comment", KEYFACTOR_TEXT_MAX);
	g_ptr_array_add(t->entries, e);
	g_hash_table_add(t->ids, &e->id);
}

static struct next page_heard(struct op *op, const struct reply *r)
{
	struct telling *t = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', READING, &error);
	const char *total = r->error ? NULL : reply_header(r, "x-total-count");
	guint before = t->entries->len;

	if (!j)
		return next_fail_error(op, error);
	t->total = total ? g_ascii_strtoull(total, NULL, 10) : t->total;
	for (size_t i = 0; i < json_count(j); i++)
		take(t, json_at(j, i));
	if (t->entries->len > before && t->page < PAGES_MAX && (!t->total || t->entries->len < t->total))
		return ask_page(op);
	return tell(op);
}
