/*
 * keyfactor_refresh: reading what Command knows: the list of its certificates, the bytes of those
 * that are new, what waits, and what this user may enrol with.
 *
 * Pages go by the number of the last certificate, not by their own, so that one that comes or goes
 * meanwhile makes nobody be missed or seen twice.  A list that breaks off, or is in no order, is none:
 * what was known stays.  Bytes never change, so they are asked for once.
 */
#include "keyfactor_enrol.h"
#include "keyfactor_things.h"

#include <stdlib.h>
#include <string.h>

#include <certty/model/mark.h>
#include <certty/model/x509.h>

#define LISTING "listing certificates (GET /Certificates)"
#define READING "reading a certificate (POST /Certificates/Download)"
#define PAGE	"1000"
#define SHOWN	1000		/* downloads after which what has come is shown */
#define CERTS_MAX 2000000
/* What Command says of it, and its bytes do not. */
#define OURS (MARK_IN_USE | MARK_REVOKED | MARK_EXPORTABLE)

struct refresh {
	GHashTable *known;	/* the memo's, by alias */
	GPtrArray *certs;	/* struct keyfactor_cert, by number */
	GPtrArray *wanted;	/* of them those whose bytes are not read, newest first */
	GHashTable *rows;	/* row in op->old, and one, by alias */
	GHashTable *facts;	/* struct facts by alias, of bytes that came now */
	int64_t last;		/* the number that the next page begins after */
	guint heard, failed;
	GPtrArray *rights;	/* of the last refresh */
	char *trouble;		/* of the first that failed */
	bool is_denied;
};

static step_fn ask_page, listed, read_pending, read_rights, read_things, end;

static void free_facts(void *facts)
{
	facts_done(facts);
	g_free(facts);
}

static void refresh_done(void *refresh)
{
	struct refresh *f = refresh;

	g_hash_table_unref(f->known);
	g_ptr_array_unref(f->certs);
	g_ptr_array_unref(f->wanted);
	g_hash_table_unref(f->rows);
	g_hash_table_unref(f->facts);
	g_ptr_array_unref(f->rights);
	g_free(f->trouble);
	g_free(f);
}

static struct refresh *mine(struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

struct next keyfactor_refresh(struct op *op, const struct reply *none)
{
	struct refresh *f;

	if (keyfactor_is_place(op->store))
		return keyfactor_place_refresh(op, none);
	f = keyfactor_call_mine(op, sizeof(*f), refresh_done);
	f->known = keyfactor_memo_read(op->memo);
	f->certs = g_ptr_array_new_with_free_func((GDestroyNotify)keyfactor_cert_free);
	f->wanted = g_ptr_array_new();
	f->rows = g_hash_table_new(g_str_hash, g_str_equal);
	f->rights = keyfactor_memo_rights(op->memo);
	f->facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_facts);
	return ask_page(op, none);
}

/* ---- rows ---- */

static void find_rows(struct op *op)
{
	struct refresh *f = mine(op);

	g_hash_table_remove_all(f->rows);
	for (uint32_t i = 0; op->old && i < op->old->n; i++)
		g_hash_table_insert(f->rows, op->old->aliases + op->old->alias[i],
				    GUINT_TO_POINTER(i + 1));
}

/* A row that was made of its bytes, and one; 0: none. */
static guint old_row(struct op *op, const char *alias)
{
	guint row = GPOINTER_TO_UINT(g_hash_table_lookup(mine(op)->rows, alias));

	return row && op->old->print[row - 1] ? row : 0;
}

static void put_row(struct op *op, const struct keyfactor_cert *c)
{
	const struct facts *known = g_hash_table_lookup(mine(op)->facts, c->alias);
	uint32_t marks = keyfactor_cert_marks(c);
	guint row = c->has_digest && !known ? old_row(op, c->alias) : 0;
	struct facts f;

	if (known) {
		op_row(op, known, c->alias, known->marks | marks);
	} else if (row) {
		op_old_row(op, row - 1, (op->old->marks[row - 1] & ~(uint32_t)OURS) | marks);
	} else {
		keyfactor_cert_facts(c, &f);
		op_row(op, &f, c->alias, f.marks | marks);
		facts_done(&f);
	}
}

static void put_rows(struct op *op)
{
	struct refresh *f = mine(op);
	const GPtrArray *rights = keyfactor_rights_found(op);

	find_rows(op);
	for (guint i = 0; i < f->certs->len; i++)
		put_row(op, f->certs->pdata[i]);
	op_memo(op, keyfactor_memo_write(f->certs, rights ? rights : f->rights));
}

static bool take_bytes(struct op *op, struct keyfactor_cert *c, GBytes *der)
{
	struct refresh *f = mine(op);
	struct facts *facts = g_new0(struct facts, 1);
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	g_autofree char *print = g_compute_checksum_for_data(G_CHECKSUM_SHA1, bytes, len);

	if ((*c->thumbprint && g_ascii_strcasecmp(print, c->thumbprint)) ||
	    !x509_facts(bytes, len, facts, NULL)) {
		g_free(facts);
		return false;
	}
	memcpy(c->sha256, facts->sha256, sizeof(c->sha256));
	c->has_digest = true;
	op_fresh(op, facts->sha256, der);
	g_hash_table_replace(f->facts, g_strdup(c->alias), facts);
	return true;
}

/* ---- the list ---- */

/* What of all that Command knows the account wants to see, in Command's own language; "" for all. */
static const char *query_of(const struct op *op)
{
	bool is_all = !strcmp(op->store->type, KEYFACTOR_STORE);

	return is_all && op->account ? args_text(op->account->answers, KEYFACTOR_QUERY, "") : "";
}

static struct next ask_page(struct op *op, const struct reply *none)
{
	const char *own = query_of(op);
	g_autofree char *query = g_strdup_printf("%s%s%sCertId -gt %" G_GINT64_FORMAT, *own ? "(" : "", own,
						 *own ? ") AND " : "", mine(op)->last);

	(void)none;
	return next_send(keyfactor_call_get(op, "/Certificates", "pq.queryString", query,
					    "pq.pageReturned", "1", "pq.returnLimit", PAGE, "pq.sortField",
					    "CertId", "pq.sortAscending", "0", "pq.includeRevoked", "true",
					    "pq.includeExpired", "true", "includeLocations", "true",
					    "includeMetadata", "true", "includeHasPrivateKey", "true", NULL),
			 listed);
}

/* Some answers have the bytes already, which is a download less. */
static void take_content(struct op *op, struct keyfactor_cert *c, const struct json *j)
{
	const char *coded = json_text(keyfactor_get(j, "ContentBytes"));
	g_autofree guchar *bytes = NULL;
	g_autoptr(GBytes) der = NULL;
	gsize len = 0;

	if (!coded || !*coded)
		return;
	bytes = g_base64_decode(coded, &len);
	der = g_bytes_new(bytes, len);
	take_bytes(op, c, der);
}

static void take_cert(struct op *op, struct keyfactor_cert *c, const struct json *j)
{
	struct refresh *f = mine(op);
	const struct keyfactor_cert *old = g_hash_table_lookup(f->known, c->alias);

	g_ptr_array_add(f->certs, c);
	if (old && old->has_digest && old_row(op, c->alias) && !strcmp(old->thumbprint, c->thumbprint)) {
		memcpy(c->sha256, old->sha256, sizeof(c->sha256));
		c->has_digest = true;
	} else {
		take_content(op, c, j);
	}
}

/* All of a page, whose numbers must go up from those before. */
static bool take_page(struct op *op, const struct json *page, GError **error)
{
	struct refresh *f = mine(op);

	find_rows(op);
	for (size_t i = 0; i < json_count(page); i++) {
		struct keyfactor_cert *c = keyfactor_cert_read(json_at(page, i));

		if (c && c->id > f->last && f->certs->len < CERTS_MAX) {
			f->last = c->id;
			take_cert(op, c, json_at(page, i));
			continue;
		}
		g_set_error(error, ERR, c && c->id > f->last ? ERR_LIMIT : ERR_REPLY,
			    "Keyfactor Command at %s: " LISTING ": %s", op->store->address,
			    !c ? "a certificate in it has no number" :
			    c->id > f->last ? "there are more than can be shown" :
			    "the list is not in the order that was asked for, so nobody knows what is "
			    "missing in it");
		keyfactor_cert_free(c);
		return false;
	}
	return true;
}

/* How many there are from this page on, as its header says; without one, until a page is empty. */
static bool is_last(const struct reply *r, size_t n)
{
	const char *total = reply_header(r, "x-total-count");

	return !n || (total && *total && strspn(total, "0123456789") == strlen(total) &&
		      g_ascii_strtoull(total, NULL, 10) <= n);
}

static struct ask ask_bytes(struct op *op, size_t i)
{
	const struct refresh *f = mine(op);
	const struct keyfactor_cert *c = f->wanted->pdata[i];

	return (struct ask){ .send = f->is_denied ? NULL : keyfactor_call_bytes(op, c->id, false) };
}

static void fail_bytes(struct op *op, const struct reply *r, GError *error)
{
	struct refresh *f = mine(op);

	f->is_denied = f->is_denied || keyfactor_call_is_denied(r);
	f->failed++;
	if (!f->trouble)
		f->trouble = g_strdup(error->message);
}

static void hear_bytes(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct refresh *f = mine(op);
	struct keyfactor_cert *c = f->wanted->pdata[i];
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) certs = NULL;

	(void)none;
	f->heard++;
	op_progress(op, f->heard, f->wanted->len);
	if (!r->error && r->status == 404)	/* it went meanwhile: the next list will tell */
		return;
	certs = keyfactor_call_download(op, r, READING, &error);
	if (certs && !take_bytes(op, c, certs->pdata[0]))
		error = g_error_new(ERR, ERR_REPLY, "Keyfactor Command at %s: " READING ": what it gives "
				    "for number %s is another one", op->store->address, c->alias);
	if (error)
		fail_bytes(op, r, error);
	if (f->heard % SHOWN == 0) {
		put_rows(op);
		op_show_rows(op);
	}
}

static bool has_new_rows(struct op *op)
{
	const struct refresh *f = mine(op);

	for (guint i = 0; i < f->wanted->len; i++) {
		const struct keyfactor_cert *c = f->wanted->pdata[i];

		if (!g_hash_table_contains(f->rows, c->alias))
			return true;
	}
	return false;
}

static struct next read_bytes(struct op *op)
{
	struct refresh *f = mine(op);

	for (guint i = f->certs->len; i > 0; i--) {
		struct keyfactor_cert *c = f->certs->pdata[i - 1];

		if (!c->has_digest)
			g_ptr_array_add(f->wanted, c);
	}
	if (has_new_rows(op)) {
		put_rows(op);
		op_show_rows(op);
	}
	op_progress(op, 0, f->wanted->len);
	return next_each(f->wanted->len, ask_bytes, hear_bytes, read_pending);
}

static struct next listed(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) page = keyfactor_call_json(op, r, '[', LISTING, &error);

	if (!page && *query_of(op) && !r->error && r->status == 400)
		g_prefix_error(&error, "Command may not take the query of this account, %s, which its answer "
			       "query has: ", query_of(op));
	if (!page || !take_page(op, page, &error))
		return next_fail_error(op, error);
	return is_last(r, json_count(page)) ? read_bytes(op) : ask_page(op, NULL);
}

/* ---- the end ---- */

static struct next read_pending(struct op *op, const struct reply *none)
{
	(void)none;
	if (keyfactor_call_collection(op))
		return end(op, none);	/* the rest is the whole's */
	return keyfactor_pending(op, mine(op)->certs, read_rights);
}

static struct next read_rights(struct op *op, const struct reply *none)
{
	(void)none;
	return keyfactor_rights(op, read_things);
}

static struct next read_things(struct op *op, const struct reply *none)
{
	(void)none;
	return keyfactor_thing_read(op, end);
}

static struct next end(struct op *op, const struct reply *none)
{
	struct refresh *f = mine(op);
	guint n = f->certs->len;
	g_autofree char *waits = keyfactor_pending_said(op);

	(void)none;
	put_rows(op);
	if (f->trouble)
		op_trouble(op, "the bytes of %u certificate%s could not be read: %s", f->failed,
			   f->failed == 1 ? "" : "s", f->trouble);
	op_say(op, "%u certificate%s in %s%s", n, n == 1 ? "" : "s",
	       keyfactor_call_collection(op) ? op->store->title : "Command", waits);
	return next_done();
}
