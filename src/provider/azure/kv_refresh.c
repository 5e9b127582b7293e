/*
 * kv_refresh: reading a vault: its list, the bundles of what is new in it, and how its operations stand.
 *
 * A list is a call for 25 certificates and a bundle a call for one, so bundles are asked for only where
 * the list says that something is new or different: a version never changes, and its attributes and tags
 * do not without its `updated`.  What the list has is shown before the bundles come, which are asked for
 * while further pages are on their way.  A list that breaks off after its first page says of nothing that
 * it is gone.
 */
#include "kv.h"

#include <string.h>

#include <certty/model/mark.h>

#define LIST	  "/certificates"
#define PAGES_MAX 40000
#define SHOWN	  1000		/* bundles after which what has come is shown */
#define PAGE	  UINT32_MAX

/* One call about one certificate. */
struct errand {
	struct kv_cert *cert;
	char *link;		/* the next page of its versions; NULL: the first */
	bool is_versions;	/* else its bundle */
};

struct refresh {
	struct kv_memo memo;
	GPtrArray *certs;	/* struct kv_cert, in the order of the list */
	GHashTable *names;	/* of them */
	struct kv_rows rows;
	GArray *errands;
	GArray *asked;		/* by number of the call: which errand, or PAGE */
	guint taken;		/* errands that were asked for */
	guint planned;		/* of certs */
	char *link;		/* of the next page; NULL: the first */
	GHashTable *links;	/* of all pages that were asked for */
	guint pages, heard, failed;
	bool has_more, page_is_due, has_begun_anew, is_cut, is_denied;
	char *trouble;		/* of the first bundle that failed */
};

static step_fn ask_first, read_first, pending, deleted, look, end;
static ask_fn ask_next;
static each_fn hear;

static void errand_done(void *errand)
{
	g_free(((struct errand *)errand)->link);
}

static void refresh_done(void *refresh)
{
	struct refresh *f = refresh;

	kv_memo_done(&f->memo);
	g_ptr_array_unref(f->certs);
	g_hash_table_unref(f->names);
	kv_rows_done(&f->rows);
	g_array_unref(f->errands);
	g_array_unref(f->asked);
	g_hash_table_unref(f->links);
	g_free(f->link);
	g_free(f->trouble);
	g_free(f);
}

static struct refresh *mine(struct op *op)
{
	return azure_of(op)->mine;
}

struct next kv_refresh(struct op *op, const struct reply *none)
{
	struct refresh *f = kv_call_mine(op, sizeof(*f), refresh_done);

	(void)none;
	kv_memo_read(&f->memo, op->memo);
	f->certs = g_ptr_array_new_with_free_func((GDestroyNotify)kv_cert_free);
	f->names = g_hash_table_new(g_str_hash, g_str_equal);
	kv_rows_init(&f->rows);
	f->errands = g_array_new(FALSE, TRUE, sizeof(struct errand));
	g_array_set_clear_func(f->errands, errand_done);
	f->asked = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	f->links = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return kv_call_begin(op, ask_first);
}

/* ---- rows ---- */

/* One that was never finished is no certificate: it waits, or is what is left of that. */
static bool is_row(const struct kv_cert *c)
{
	return *c->print != '\0';
}

/* What a list that broke off has not told of stays as it was, in the memo too. */
static void put_untold(struct op *op, GPtrArray *noted)
{
	const struct refresh *f = mine(op);
	GHashTableIter iter;
	gpointer name, cert;

	for (uint32_t i = 0; op->old && i < op->old->n; i++)
		if (!g_hash_table_contains(f->names, op->old->aliases + op->old->alias[i])) {
			op_old_row(op, i, op->old->marks[i]);
			op->keys += (op->old->marks[i] & MARK_KEY) != 0;
		}
	g_hash_table_iter_init(&iter, f->memo.certs);
	while (g_hash_table_iter_next(&iter, &name, &cert))
		if (!g_hash_table_contains(f->names, name))
			g_ptr_array_add(noted, cert);
}

static void put_rows(struct op *op)
{
	struct refresh *f = mine(op);
	g_autoptr(GPtrArray) noted = g_ptr_array_new();

	kv_rows_find(&f->rows, op);
	op->keys = 0;
	for (guint i = 0; i < f->certs->len; i++) {
		g_ptr_array_add(noted, f->certs->pdata[i]);
		if (is_row(f->certs->pdata[i]))
			kv_rows_put(&f->rows, op, f->certs->pdata[i]);
	}
	if (f->is_cut)
		put_untold(op, noted);
	op_memo(op, kv_memo_write(&f->memo, noted));
}

/* A part of the list must not take the place of all that was known. */
static void show_rows(struct op *op)
{
	const struct refresh *f = mine(op);

	if (f->has_more && op->old && op->old->n)
		return;
	put_rows(op);
	op_show_rows(op);
}

/* ---- what has to be asked ---- */

static void add_errand(struct refresh *f, struct kv_cert *c, bool is_versions, const char *link)
{
	struct errand e = { c, g_strdup(link), is_versions };

	g_array_append_val(f->errands, e);
}

static void plan_one(struct op *op, struct kv_cert *c)
{
	struct refresh *f = mine(op);
	const struct kv_cert *old = g_hash_table_lookup(f->memo.certs, c->name);
	bool wants_versions = args_bool(op->access->with, KV_VERSIONS);
	bool is_same = old && kv_cert_is_same(c, old);

	if (old && !strcmp(c->print, old->print))
		kv_cert_keep(c, old);
	c->has_digest = kv_rows_is_read(&f->rows, op, c);
	if (!is_row(c))
		return;
	if (!is_same || !c->has_bundle || !c->has_digest)
		add_errand(f, c, false, NULL);
	if (wants_versions && (!is_same || !*c->versions))
		add_errand(f, c, true, NULL);
}

static bool has_new_rows(const struct refresh *f)
{
	for (guint i = 0; i < f->certs->len; i++) {
		const struct kv_cert *c = f->certs->pdata[i];

		if (is_row(c) && !g_hash_table_contains(f->rows.rows, c->name))
			return true;
	}
	return false;
}

/* What has come of the list since the last time; how many calls more that makes. */
static size_t plan(struct op *op)
{
	struct refresh *f = mine(op);
	guint before = f->errands->len;

	kv_rows_find(&f->rows, op);
	for (; f->planned < f->certs->len; f->planned++)
		plan_one(op, f->certs->pdata[f->planned]);
	f->page_is_due = f->has_more;
	if (f->errands->len && has_new_rows(f))
		show_rows(op);
	return f->errands->len - before + f->page_is_due;
}

/* ---- the list ---- */

static struct request_out *first_page(struct op *op)
{
	return kv_call_get(op, LIST, "includePending", "true", "maxresults", "25", NULL);
}

static struct next ask_first(struct op *op, const struct reply *none)
{
	(void)none;
	return next_send(first_page(op), read_first);
}

static void cut(struct op *op, const char *why)
{
	struct refresh *f = mine(op);

	f->has_more = false;
	f->is_cut = true;
	op_trouble(op, "%s; there may be more than the %u certificates that were read", why, f->certs->len);
}

/* Vaults may move a page's end while others write; a name that comes twice is taken once. */
static void take_page(struct op *op, const struct json *j)
{
	struct refresh *f = mine(op);
	const struct json *list = json_get(j, "value");
	const char *link = json_str(j, "nextLink");

	for (size_t i = 0; i < json_count(list); i++) {
		struct kv_cert *c = f->certs->len < TABLE_ROWS ? kv_cert_read(json_at(list, i)) : NULL;

		if (!c || g_hash_table_contains(f->names, c->name)) {
			kv_cert_free(c);
			continue;
		}
		g_ptr_array_add(f->certs, c);
		g_hash_table_add(f->names, c->name);
	}
	f->has_more = link && *link;
	g_free(f->link);
	f->link = f->has_more ? g_strdup(link) : NULL;
	if (f->has_more && (++f->pages >= PAGES_MAX || !g_hash_table_add(f->links, g_strdup(link))))
		cut(op, "the vault's list does not end: a page leads back to one before it");
}

static struct next read_first(struct op *op, const struct reply *r)
{
	struct kv_at *at = azure_of(op)->at;
	g_autoptr(json) j = NULL;
	struct next next;
	GError *error = NULL;
	size_t n;

	if (kv_call_challenged(op, r, ask_first, &next))
		return next;
	j = kv_call_json(op, r, "list", NULL, &error);
	if (j && !json_get(j, "value"))
		return next_fail(op, ERR_REPLY, "the vault %s: the answer has no list in it; is there a proxy "
				 "before it?", at->place.name);
	if (!j)
		return next_fail_error(op, error);
	store_set(&mine(op)->memo.tenant, strchr(at->scope, ' ') ? strchr(at->scope, ' ') + 1 : "");
	take_page(op, j);
	n = plan(op);
	op_progress(op, 0, mine(op)->errands->len);
	return n ? next_each(n, ask_next, hear, pending) : pending(op, NULL);
}

/* A place in a list does not last for ever; from its beginning nothing is lost, and nothing comes twice. */
static bool begins_anew(struct refresh *f, const struct reply *r)
{
	bool is_lost = !r->error && (r->status == 400 || r->status == 404 || r->status == 410);

	if (!is_lost || f->has_begun_anew)
		return false;
	f->has_begun_anew = true;
	g_clear_pointer(&f->link, g_free);
	g_hash_table_remove_all(f->links);
	return true;
}

static size_t hear_page(struct op *op, const struct reply *r)
{
	struct refresh *f = mine(op);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;

	if (begins_anew(f, r)) {
		f->page_is_due = true;
		return 1;
	}
	j = kv_call_json(op, r, "list", NULL, &error);
	if (j)
		take_page(op, j);
	else
		cut(op, error->message);
	return plan(op);
}

/* ---- bundles and versions ---- */

static struct ask ask_page(struct op *op)
{
	struct refresh *f = mine(op);
	g_autoptr(GError) error = NULL;
	struct request_out *r;

	f->page_is_due = false;
	r = f->link ? kv_call_next(op, f->link, LIST, true, &error) : first_page(op);
	if (!r)
		cut(op, error->message);
	return (struct ask){ .send = r };
}

static struct ask ask_errand(struct op *op, const struct errand *e)
{
	const struct refresh *f = mine(op);
	g_autofree char *path = g_strconcat(LIST "/", e->cert->name, e->is_versions ? "/versions" : NULL, NULL);

	if (f->is_denied)
		return (struct ask){ 0 };
	if (e->link)
		return (struct ask){ .send = kv_call_next(op, e->link, path, false, NULL) };
	return (struct ask){ .send = e->is_versions ? kv_call_get(op, path, "maxresults", "25", NULL) :
						      kv_call_get(op, path, NULL) };
}

/* Numbers are given in order. */
static struct ask ask_next(struct op *op, size_t i)
{
	struct refresh *f = mine(op);
	uint32_t which = f->page_is_due ? PAGE : f->taken++;

	(void)i;
	g_array_append_val(f->asked, which);
	return which == PAGE ? ask_page(op) : ask_errand(op, &g_array_index(f->errands, struct errand, which));
}

static void fail(struct refresh *f, const struct reply *r, const char *why)
{
	f->is_denied = f->is_denied || kv_refusal_is_denied(r);
	f->failed++;
	if (!f->trouble)
		f->trouble = g_strdup(why);
}

static void take_bundle(struct op *op, struct kv_cert *c, const struct json *j, const struct reply *r)
{
	struct refresh *f = mine(op);
	g_autoptr(GBytes) der = kv_cert_add(c, j);

	if (der && !kv_rows_take(&f->rows, op, c, der))
		fail(f, r, "what the vault gives for it is another certificate, or none");
}

static int newest_first(const void *a, const void *b)
{
	return strcmp(*(const char *const *)b, *(const char *const *)a);
}

/* A page of them; how many calls more there are. */
static size_t take_versions(struct refresh *f, struct kv_cert *c, const struct json *j, bool is_first)
{
	const struct json *list = json_get(j, "value");
	const char *link = json_str(j, "nextLink");
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);

	for (char **old = c->versions; !is_first && *old; old++)
		g_ptr_array_add(all, g_strdup(*old));
	for (size_t i = 0; i < json_count(list); i++) {
		char *line = kv_cert_version_line(json_at(list, i));

		if (line)
			g_ptr_array_add(all, line);
	}
	g_ptr_array_sort(all, newest_first);
	if (all->len > KV_LIST_MAX)
		g_ptr_array_set_size(all, KV_LIST_MAX);
	g_strfreev(c->versions);
	g_ptr_array_add(all, NULL);
	c->versions = g_strdupv((char **)all->pdata);
	if (!link || !*link || !g_hash_table_add(f->links, g_strdup(link)))
		return 0;
	add_errand(f, c, true, link);
	return 1;
}

static size_t hear_errand(struct op *op, const struct errand *e, const struct reply *r)
{
	struct refresh *f = mine(op);
	struct kv_cert *c = e->cert;
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;

	if (!r->error && r->status == 404)	/* it went meanwhile: the next list will tell */
		return 0;
	j = kv_call_json(op, r, e->is_versions ? "versions" : "get", c->name, &error);
	if (!j)
		fail(f, r, error->message);
	else if (e->is_versions)
		return take_versions(f, c, j, !e->link);
	else
		take_bundle(op, c, j, r);
	return 0;
}

static void hear(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct refresh *f = mine(op);
	uint32_t which = g_array_index(f->asked, uint32_t, i);
	struct errand e;
	size_t more;

	(void)none;
	if (which == PAGE) {
		op_more(op, hear_page(op, r));
	} else {
		e = g_array_index(f->errands, struct errand, which);
		more = hear_errand(op, &e, r);
		op_more(op, more);
		if (++f->heard % SHOWN == 0)
			show_rows(op);
	}
	op_progress(op, f->heard, f->errands->len);
}

/* ---- the end ---- */

static struct next pending(struct op *op, const struct reply *none)
{
	(void)none;
	return kv_pending(op, mine(op)->certs, mine(op)->is_cut, deleted);
}

static struct next deleted(struct op *op, const struct reply *none)
{
	(void)none;
	return kv_look_deleted(op, look);
}

static struct next look(struct op *op, const struct reply *none)
{
	(void)none;
	return kv_look(op, &mine(op)->memo, end);
}

static void say(struct op *op)
{
	const struct refresh *f = mine(op);
	g_autofree char *waits = kv_pending_said(op);
	guint rows = 0, disabled = 0;

	for (guint i = 0; i < f->certs->len; i++) {
		const struct kv_cert *c = f->certs->pdata[i];

		rows += is_row(c);
		disabled += is_row(c) && !c->is_enabled;
	}
	op_say(op, "%u certificate%s in %s", rows, rows == 1 ? "" : "s", kv_call_at(op)->place.name);
	if (disabled)
		op_say(op, "%s, %u of them disabled", op->said, disabled);
	op_say(op, "%s%s", op->said, waits);
}

static struct next end(struct op *op, const struct reply *none)
{
	const struct refresh *f = mine(op);

	(void)none;
	put_rows(op);
	if (f->trouble)
		op_trouble(op, "the details of %u certificate%s could not be read: %s", f->failed,
			   f->failed == 1 ? "" : "s", f->trouble);
	say(op);
	return next_done();
}
