/*
 * keyfactor_pending: reading what waits: the lists, then each thing in them whole, then what was in
 * them the last time and is not any more.
 *
 * Who may not see a list has nothing to approve, which is said and is no trouble.  What is missing in
 * a list ends only by what is said about it alone.
 */
#include "keyfactor_certs.h"

#include <string.h>

#define PAGE	  "1000"
#define PAGES_MAX 50

static const struct {
	const char *path, *prefix, *sort;
	bool is_external;
} lists[] = {
	{ "/Workflow/Certificates/Pending", "pagedQuery.", KEYFACTOR_REQUEST, false },
	{ "/Workflow/Certificates/ExternalValidation", "pagedQuery.", KEYFACTOR_REQUEST, true },
	{ "/Workflow/Instances/AssignedToMe", "pq.", KEYFACTOR_WORKFLOW, false },
};

/* One that is asked about alone. */
struct matter {
	struct keyfactor_kept *kept;
	char *id;		/* of its row */
	bool is_missing;	/* in all lists, and its row waits */
};

struct keyfactor_pending {
	const GPtrArray *certs;
	step_fn *then;
	size_t list;
	guint page, got;
	GPtrArray *matters;	/* struct matter */
	GHashTable *seen;	/* ids of rows */
	GHashTable *unsure;	/* sorts of which not all may have been listed */
	GPtrArray *issued;	/* struct issue */
	GString *denied;
	guint waiting;
};

/* A certificate that came of an order of ours, which is to be kept. */
struct issue {
	struct request *row;
	int64_t id;
};

static step_fn ask_list, heard_list, end;

static void issue_free(void *p)
{
	struct issue *i = p;

	request_unref(i->row);
	g_free(i);
}

static void matter_free(void *p)
{
	struct matter *m = p;

	keyfactor_kept_free(m->kept);
	g_free(m->id);
	g_free(m);
}

void keyfactor_pending_done(struct keyfactor *k)
{
	struct keyfactor_pending *p = k->pending;

	if (!p)
		return;
	g_ptr_array_unref(p->matters);
	g_ptr_array_unref(p->issued);
	g_hash_table_unref(p->seen);
	g_hash_table_unref(p->unsure);
	g_string_free(p->denied, TRUE);
	g_clear_pointer(&k->pending, g_free);
}

static struct keyfactor_pending *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->pending;
}

struct next keyfactor_pending(struct op *op, const GPtrArray *certs, step_fn *then)
{
	struct keyfactor_pending *p = g_new0(struct keyfactor_pending, 1);

	((struct keyfactor *)op->scratch)->pending = p;
	p->certs = certs;
	p->then = then;
	p->matters = g_ptr_array_new_with_free_func(matter_free);
	p->issued = g_ptr_array_new_with_free_func(issue_free);
	p->seen = g_hash_table_new(g_str_hash, g_str_equal);
	p->unsure = g_hash_table_new(g_str_hash, g_str_equal);
	p->denied = g_string_new(NULL);
	return ask_list(op, NULL);
}

/* ---- the lists ---- */

static void add_matter(struct keyfactor_pending *p, struct keyfactor_kept *kept /* taken */, char *id /* too */,
		       bool is_missing)
{
	struct matter *m = g_new0(struct matter, 1);

	m->kept = kept;
	m->id = id;
	m->is_missing = is_missing;
	g_ptr_array_add(p->matters, m);
	g_hash_table_add(p->seen, m->id);
}

static void take_item(struct op *op, const struct json *j, size_t list)
{
	struct keyfactor_pending *p = mine(op);
	g_autoptr(request) r = keyfactor_row_read(op, j, lists[list].sort, NULL, NULL);
	struct keyfactor_kept *k;

	if (!r || g_hash_table_contains(p->seen, r->id))
		return;
	k = keyfactor_kept_read(r->kept);
	k->is_external = lists[list].is_external;
	add_matter(p, k, g_strdup(r->id), false);
}

static struct next next_list(struct op *op)
{
	mine(op)->list++;
	mine(op)->page = mine(op)->got = 0;
	return ask_list(op, NULL);
}

static struct next give_up_list(struct op *op, const struct reply *r, const char *tried, GError *error)
{
	struct keyfactor_pending *p = mine(op);

	g_hash_table_add(p->unsure, (char *)lists[p->list].sort);
	if (keyfactor_call_is_denied(r))
		g_string_append_printf(p->denied, "%s%s", p->denied->len ? ", " : "", tried);
	else if (r->error || r->status != 404)
		op_trouble(op, "%s", error->message);
	g_error_free(error);
	return next_list(op);
}

static struct next heard_list(struct op *op, const struct reply *r)
{
	struct keyfactor_pending *p = mine(op);
	g_autofree char *tried = g_strconcat("GET ", lists[p->list].path, NULL);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', tried, &error);
	const char *total = r->error ? NULL : reply_header(r, "x-total-count");
	size_t n = json_count(j);

	if (!j)
		return give_up_list(op, r, tried, error);
	for (size_t i = 0; i < n; i++)
		take_item(op, json_at(j, i), p->list);
	p->got += (guint)n;
	if (!n || (total && g_ascii_strtoull(total, NULL, 10) <= p->got))
		return next_list(op);
	if (p->page + 1 < PAGES_MAX) {
		p->page++;
		return ask_list(op, NULL);
	}
	g_hash_table_add(p->unsure, (char *)lists[p->list].sort);
	op_trouble(op, "%s: there is more that waits than can be shown", tried);
	return next_list(op);
}

/* ---- each alone ---- */

static bool is_ours(const struct op *op, const struct request *r)
{
	return !strcmp(r->store, op->store->id) && !strcmp(r->provider, "keyfactor") &&
	       request_is_waiting(r);
}

static void add_missing(struct op *op)
{
	struct keyfactor_pending *p = mine(op);

	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];
		struct keyfactor_kept *k;

		if (!is_ours(op, r) || g_hash_table_contains(p->seen, r->id))
			continue;
		k = keyfactor_kept_read(r->kept);
		if (*k->sort && !g_hash_table_contains(p->unsure, k->sort))
			add_matter(p, k, g_strdup(r->id), true);
		else
			keyfactor_kept_free(k);
	}
}

static struct ask ask_one(struct op *op, size_t i)
{
	const struct matter *m = mine(op)->matters->pdata[i];
	g_autofree char *path = keyfactor_row_path(m->kept);

	return (struct ask){ .send = keyfactor_call_get(op, path, NULL) };
}

static bool is_news(const struct request *known, const struct request *r)
{
	return !known || known->state != r->state || strcmp(known->digest, r->digest) ||
	       strcmp(known->theirs, r->theirs) || strcmp(known->oddities, r->oddities) ||
	       strcmp(known->can, r->can) || strcmp(known->kept, r->kept);
}

static const struct keyfactor_cert *cert_of(const struct keyfactor_pending *p, const struct matter *m)
{
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, m->kept->id);

	for (guint i = p->certs->len; i > 0; i--) {
		const struct keyfactor_cert *c = p->certs->pdata[i - 1];

		if (!strcmp(c->request, number))
			return c;
	}
	return NULL;
}

/* What was issued is told with its bytes, where they are known. */
static void set_result(const struct keyfactor_pending *p, const struct matter *m, struct request *r)
{
	const struct keyfactor_cert *c = cert_of(p, m);
	g_autoptr(GString) hex = g_string_new(NULL);

	for (size_t b = 0; c && c->has_digest && b < sizeof(c->sha256); b++)
		g_string_append_printf(hex, "%02x", c->sha256[b]);
	store_set(&r->result, hex->str);
}

/* One of ours that is over, well as it seems: its certificate is fetched, or sync looks for it. */
static void take_issued(struct op *op, const struct matter *m, struct request *r)
{
	const struct keyfactor_cert *c = cert_of(mine(op), m);
	struct issue *i;

	r->state = REQUEST_WAITS_CA;
	r->ended = 0;
	store_set(&r->can, "sync");
	if (!c)
		return;
	i = g_new0(struct issue, 1);
	i->row = request_ref(r);
	i->id = c->id;
	g_ptr_array_add(mine(op)->issued, i);
}

/* A workflow may end without saying how: its certificate is there, or it is not. */
static bool may_be_issued(const struct matter *m, const struct request *r)
{
	return m->kept->sent && m->kept->id > 0 &&
	       (r->state == REQUEST_ISSUED ||
		(r->state == REQUEST_GONE && !strcmp(m->kept->sort, KEYFACTOR_WORKFLOW)));
}

/* It waits, but not for us: for others who must approve it too, or for a list to come. */
static struct request *elsewhere(struct op *op, const struct matter *m, const struct json *j,
				 const struct request *before)
{
	struct request *r = keyfactor_row_read(op, j, m->kept->sort, before, NULL);

	if (r && !strcmp(m->kept->sort, KEYFACTOR_WORKFLOW)) {
		r->state = REQUEST_WAITS_PROVIDER;
		if (!strstr(r->can, "restart"))
			store_set(&r->can, "sync");
	}
	return r;
}

static void put_ended(struct op *op, const struct matter *m, const struct json *j,
		      const struct request *before)
{
	struct request *r = keyfactor_row_ended(op, j, before);

	if (!r)
		r = elsewhere(op, m, j, before);
	if (r && may_be_issued(m, r))
		take_issued(op, m, r);
	else if (r && r->state == REQUEST_ISSUED)
		set_result(mine(op), m, r);
	if (r && is_news(before, r))
		op_put_request(op, r);
	else
		request_unref(r);
}

static void put_waiting(struct op *op, const struct json *j, const struct matter *m,
			const struct request *before)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(request) base = before ? request_dup(before) : request_new(m->id);
	g_autoptr(keyfactor_kept) k = keyfactor_kept_read(base->kept);
	struct request *r;

	k->is_external = m->kept->is_external;
	keyfactor_row_set_kept(base, k);
	r = keyfactor_row_read(op, j, m->kept->sort, base, &error);
	if (!r) {
		op_trouble(op, "%s", error->message);
		return;
	}
	mine(op)->waiting++;
	if (is_news(before, r))
		op_put_request(op, r);
	else
		request_unref(r);
}

static void put_gone(struct op *op, const struct request *before)
{
	struct request *r = request_dup(before);

	keyfactor_row_end(r, REQUEST_GONE, "Gone", "Command knows it no more", op->now);
	op_put_request(op, r);
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	const struct matter *m = mine(op)->matters->pdata[i];
	const struct request *before = keyfactor_row_find(op, m->id);
	g_autofree char *path = keyfactor_row_path(m->kept), *tried = g_strconcat("GET ", path, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;

	(void)none;
	if (!r->error && r->status == 404) {
		if (before)
			put_gone(op, before);
		return;
	}
	j = keyfactor_call_json(op, r, '{', tried, &error);
	if (!j)
		op_trouble(op, "%s", error->message);
	else if (m->is_missing)
		put_ended(op, m, j, before);
	else
		put_waiting(op, j, m, before);
}

/* ---- certificates of ours ---- */

static struct ask ask_bytes(struct op *op, size_t i)
{
	const struct issue *issue = mine(op)->issued->pdata[i];

	return (struct ask){ .send = keyfactor_call_bytes(op, issue->id, true) };
}

static void hear_bytes(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	const struct issue *issue = mine(op)->issued->pdata[i];
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) certs = NULL;

	(void)none;
	certs = keyfactor_call_download(op, r, "POST /Certificates/Download", &error);
	if (!certs || !keyfactor_fetch_keep(op, issue->row, certs, &error))
		op_trouble(op, "%s", error->message);
}

static struct next fetch_issued(struct op *op, const struct reply *none)
{
	(void)none;
	return next_each(mine(op)->issued->len, ask_bytes, hear_bytes, end);
}

static struct next ask_list(struct op *op, const struct reply *none)
{
	struct keyfactor_pending *p = mine(op);
	g_autofree char *limit = NULL, *page = NULL, *number = NULL;

	(void)none;
	if (p->list == G_N_ELEMENTS(lists)) {
		add_missing(op);
		return next_each(p->matters->len, ask_one, hear_one, fetch_issued);
	}
	limit = g_strconcat(lists[p->list].prefix, "returnLimit", NULL);
	page = g_strconcat(lists[p->list].prefix, "pageReturned", NULL);
	number = g_strdup_printf("%u", p->page + 1);
	return next_send(keyfactor_call_get(op, lists[p->list].path, page, number, limit, PAGE, NULL),
			 heard_list);
}

static struct next end(struct op *op, const struct reply *none)
{
	return mine(op)->then(op, none);
}

char *keyfactor_pending_said(const struct op *op)
{
	const struct keyfactor_pending *p = mine(op);
	GString *s = g_string_new(NULL);

	if (!p)
		return g_string_free(s, FALSE);
	if (p->waiting)
		g_string_append_printf(s, "; %u request%s wait%s", p->waiting, p->waiting == 1 ? "" : "s",
				       p->waiting == 1 ? "s" : "");
	if (p->denied->len)
		g_string_append_printf(s, "; not allowed to list what waits (%s)", p->denied->str);
	return g_string_free(s, FALSE);
}
