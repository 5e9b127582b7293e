/*
 * sectigo_cert_read: all certificates, in the least calls: one report tells of all of them, with states
 * and dates.  Who may not run reports gets them from lists, one for each state, and asks about each that
 * was not known in that state.
 *
 * Their bytes never change, so they are collected once, behind all else that a refresh shows.
 */
#include "sectigo_certs.h"

#include <string.h>

#include <certty/model/mark.h>
#include <certty/model/x509.h>

#define REPORTING "reporting on certificates (POST /report/v1/ssl-certificates)"
#define LISTING	  "listing certificates (GET /ssl)"
#define READING	  "reading a certificate (GET /ssl/ID)"
#define REPORT_MAX (256u << 20)
#define SHOWN	  500		/* collected, after which what has come is shown */

/* The newer door has a blank in it. */
#define SA_APPROVED "SAApproved"

/* clang-format off */
static const char *const states[] = {
	"Issued", "Requested", "Approved", "Applied", "Init", "Revoked", "Expired", "Replaced", "Declined",
	"Rejected", "Invalid", SA_APPROVED,
};
/* clang-format on */

struct certs {
	step_fn *then;
	GHashTable *known;	/* the memo's, by alias */
	GPtrArray *all;		/* struct sectigo_cert */
	GHashTable *by_alias;	/* of those */
	GPtrArray *asked;	/* aliases (char *) that are asked about alone */
	GHashTable *rows;	/* row in op->old, and one, by alias */
	GHashTable *facts;	/* struct facts by alias, of bytes that came now */
	GPtrArray *wanted;	/* struct sectigo_cert whose bytes are not there */
	guint state, heard, failed;
	char *trouble;		/* of the first that failed */
};

static step_fn reported, state_listed, asked, collected;

static void free_facts(void *facts)
{
	facts_done(facts);
	g_free(facts);
}

static void certs_free(void *p)
{
	struct certs *c = p;

	g_hash_table_unref(c->known);
	g_hash_table_unref(c->by_alias);
	g_hash_table_unref(c->rows);
	g_hash_table_unref(c->facts);
	g_ptr_array_unref(c->wanted);
	g_ptr_array_unref(c->asked);
	g_ptr_array_unref(c->all);
	g_free(c->trouble);
	g_free(c);
}

static struct certs *of(struct op *op)
{
	return sectigo_of(op)->certs;
}

struct next sectigo_cert_list(struct op *op, step_fn *then)
{
	struct certs *c = g_new0(struct certs, 1);
	struct request_out *r = sectigo_call(op, "POST", "/report/v1/ssl-certificates", "{}");

	sectigo_of(op)->certs = c;
	sectigo_of(op)->free_certs = certs_free;
	c->then = then;
	c->known = sectigo_cert_memo_read(op->memo);
	c->all = g_ptr_array_new_with_free_func(sectigo_cert_free);
	c->by_alias = g_hash_table_new(g_str_hash, g_str_equal);
	c->asked = g_ptr_array_new_with_free_func(g_free);
	c->rows = g_hash_table_new(g_str_hash, g_str_equal);
	c->facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_facts);
	c->wanted = g_ptr_array_new();
	r->is_repeatable = true;	/* it changes nothing */
	r->max = REPORT_MAX;
	return next_send(r, reported);
}

/* ---- rows ---- */

static void find_rows(struct op *op)
{
	struct certs *c = of(op);

	g_hash_table_remove_all(c->rows);
	for (uint32_t i = 0; op->old && i < op->old->n; i++)
		g_hash_table_insert(c->rows, op->old->aliases + op->old->alias[i], GUINT_TO_POINTER(i + 1));
}

/* A row that was made of its bytes, and one; 0: none. */
static guint old_row(struct op *op, const struct sectigo_cert *cert)
{
	guint row = GPOINTER_TO_UINT(g_hash_table_lookup(of(op)->rows, cert->alias));

	return row && op->old->print[row - 1] ? row : 0;
}

static void put_row(struct op *op, const struct sectigo_cert *cert)
{
	const struct facts *known = g_hash_table_lookup(of(op)->facts, cert->alias);
	uint32_t marks = sectigo_cert_marks(cert);
	guint row = *cert->sha256 && !known ? old_row(op, cert) : 0;
	struct facts f;

	if (known) {
		op_row(op, known, cert->alias, known->marks | marks);
	} else if (row) {
		op_old_row(op, row - 1, (op->old->marks[row - 1] & ~(uint32_t)MARK_REVOKED) | marks);
	} else {
		sectigo_cert_facts(cert, &f);
		op_row(op, &f, cert->alias, f.marks | marks);
		facts_done(&f);
	}
}

static void put_all(struct op *op, const GPtrArray *all)
{
	find_rows(op);
	for (guint i = 0; i < all->len; i++)
		if (sectigo_cert_is_row(all->pdata[i]))
			put_row(op, all->pdata[i]);
	op_memo(op, sectigo_cert_memo_write(all));
}

static void put_rows(struct op *op)
{
	put_all(op, of(op)->all);
}

/* What has come, and of all else what was known before: whoever reads on later need not ask for it again. */
static void show_so_far(struct op *op)
{
	struct certs *c = of(op);
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	GHashTableIter iter;
	gpointer alias, old;

	g_ptr_array_extend(all, c->all, NULL, NULL);
	g_hash_table_iter_init(&iter, c->known);
	while (g_hash_table_iter_next(&iter, &alias, &old))
		if (!g_hash_table_contains(c->by_alias, alias))
			g_ptr_array_add(all, old);
	put_all(op, all);
	op_show_rows(op);
}

/* Bytes are of what they were collected for as long as its serial number is the same. */
static void add(struct op *op, struct sectigo_cert *cert /* taken */)
{
	struct certs *c = of(op);
	const struct sectigo_cert *old = g_hash_table_lookup(c->known, cert->alias);

	if (g_hash_table_contains(c->by_alias, cert->alias)) {
		sectigo_cert_free(cert);
		return;
	}
	if (old && sectigo_cert_is_serial(old, cert->serial)) {
		store_set(&cert->sha256, old->sha256);
		if (!*cert->csr_sha256)
			store_set(&cert->csr_sha256, old->csr_sha256);
	}
	if (old && !*cert->validation)
		store_set(&cert->validation, old->validation);
	g_ptr_array_add(c->all, cert);
	g_hash_table_insert(c->by_alias, cert->alias, cert);
}

/* ---- the bytes ---- */

static struct ask ask_bytes(struct op *op, size_t i)
{
	const struct sectigo_cert *cert = of(op)->wanted->pdata[i];

	return (struct ask){ .send = sectigo_collect_ask(op, cert->alias, "x509CO") };
}

static bool take_bytes(struct op *op, struct sectigo_cert *cert, GBytes *der)
{
	struct facts *f = g_new0(struct facts, 1);
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	g_autofree char *sha1 = g_compute_checksum_for_data(G_CHECKSUM_SHA1, bytes, len);

	if (!x509_facts(bytes, len, f, NULL) ||
	    (*cert->sha1 && g_ascii_strcasecmp(sha1, cert->sha1))) {
		g_free(f);
		return false;
	}
	g_free(cert->sha256);
	cert->sha256 = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, len);
	op_fresh(op, f->sha256, der);
	g_hash_table_replace(of(op)->facts, g_strdup(cert->alias), f);
	return true;
}

static void fail(struct op *op, const char *why)
{
	struct certs *c = of(op);

	c->failed++;
	if (!c->trouble)
		c->trouble = g_strdup(why);
}

static void hear_bytes(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct certs *c = of(op);
	struct sectigo_cert *cert = c->wanted->pdata[i];
	g_autoptr(GError) error = NULL;
	bool waits;
	g_autoptr(GPtrArray) certs = sectigo_collect_read(r, &waits, &error);

	(void)none;
	op_progress(op, ++c->heard, c->wanted->len);
	if (certs && !take_bytes(op, cert, certs->pdata[0]))
		fail(op, "what Sectigo gives for one is another one");
	else if (error && !g_error_matches(error, ERR, ERR_NOT_FOUND))	/* revoked ones are not given out */
		fail(op, error->message);
	if (c->heard % SHOWN == 0) {
		put_rows(op);
		op_show_rows(op);
	}
}

static struct next collected(struct op *op, const struct reply *none)
{
	struct certs *c = of(op);

	(void)none;
	put_rows(op);
	if (c->failed)
		op_trouble(op, "the bytes of %u certificate%s could not be read: %s", c->failed,
			   c->failed == 1 ? "" : "s", c->trouble);
	return c->then(op, NULL);
}

struct next sectigo_cert_bytes(struct op *op, step_fn *then)
{
	struct certs *c = of(op);

	c->then = then;
	if (c->wanted->len) {
		put_rows(op);
		op_show_rows(op);
	}
	return next_each(c->wanted->len, ask_bytes, hear_bytes, collected);
}

/* ---- what waits ---- */

static void put_requests(struct op *op)
{
	struct certs *c = of(op);

	for (guint i = 0; i < c->all->len; i++) {
		const struct sectigo_cert *cert = c->all->pdata[i];
		const struct request *old = sectigo_order_find(op, cert->alias);
		struct request *r = sectigo_order_row(op, cert, old);

		if (r)
			op_put_request(op, r);
	}
}

static struct next all_known(struct op *op)
{
	struct certs *c = of(op);
	guint news = 0;

	find_rows(op);
	for (guint i = 0; i < c->all->len; i++) {
		struct sectigo_cert *cert = c->all->pdata[i];

		if (!sectigo_cert_is_row(cert) || (*cert->sha256 && old_row(op, cert)))
			continue;
		news += !g_hash_table_contains(c->rows, cert->alias);
		if (strcmp(cert->status, "REVOKED") != 0)
			g_ptr_array_add(c->wanted, cert);
	}
	put_requests(op);
	if (news) {
		put_rows(op);
		op_show_rows(op);
	}
	return c->then(op, NULL);
}

/* ---- one by one ---- */

static struct ask ask_details(struct op *op, size_t i)
{
	return (struct ask){ .send = sectigo_call_cert(op, of(op)->asked->pdata[i]) };
}

static void hear_details(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct certs *c = of(op);
	const char *alias = c->asked->pdata[i];
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = sectigo_refusal_or_json(r, READING, NULL, &error);
	struct sectigo_cert *cert = j ? sectigo_cert_read(op, j) : NULL;
	struct sectigo_cert *before = g_hash_table_lookup(c->by_alias, alias);

	(void)none;
	if (error)
		fail(op, error->message);
	if (cert && !strcmp(cert->alias, alias) && before) {	/* a report told less of it */
		g_hash_table_remove(c->by_alias, alias);
		g_ptr_array_remove(c->all, before);
		add(op, cert);
	} else if (cert && !strcmp(cert->alias, alias)) {
		add(op, cert);
	} else {
		sectigo_cert_free(cert);
	}
	op_progress(op, i + 1, c->asked->len);
	if ((i + 1) % SHOWN == 0)
		show_so_far(op);
}

static struct next asked(struct op *op, const struct reply *none)
{
	(void)none;
	return all_known(op);
}

static struct next ask_alone(struct op *op)
{
	return next_each(of(op)->asked->len, ask_details, hear_details, asked);
}

/* ---- lists, for who may not run reports ---- */

static void take_listed(struct op *op, const struct json *j)
{
	struct certs *c = of(op);
	g_autofree char *alias = sectigo_call_text(j, "sslId", 18);
	struct sectigo_cert *old = g_hash_table_lookup(c->known, alias);
	g_autofree char *word = g_ascii_strup(states[c->state], -1);

	if (!*alias || strspn(alias, "0123456789") != strlen(alias))
		return;
	if (old && !strcmp(old->status, word) && sectigo_cert_is_row(old)) {
		g_hash_table_steal(c->known, alias);
		add(op, old);
	} else {
		g_ptr_array_add(c->asked, g_steal_pointer(&alias));
	}
}

static struct next list_state(struct op *op)
{
	const char *version = sectigo_call_version(op), *state = states[of(op)->state];
	bool has_blank = !strcmp(version, "v2") && !strcmp(state, SA_APPROVED);
	g_autofree char *path = g_strdup_printf("/ssl/%s?status=%s", version,
						has_blank ? "SA%20Approved" : state);

	return sectigo_call_list(op, path, LISTING, take_listed, state_listed);
}

/* What was known and not listed this time stays as it was. */
static struct next broken_off(struct op *op, const char *why, bool is_denied)
{
	struct certs *c = of(op);
	GHashTableIter iter;
	gpointer alias, old;

	op_trouble(op, "%s%s", why, is_denied ? "" : "; the list broke off there: what has come is kept, "
		   "what was known of the rest stays, and the next refresh asks for what is missing");
	g_hash_table_iter_init(&iter, c->known);
	while (g_hash_table_iter_next(&iter, &alias, &old)) {
		if (!sectigo_cert_is_row(old))
			continue;	/* how an order stands now, its row knows better */
		g_hash_table_iter_steal(&iter);
		add(op, old);
	}
	return ask_alone(op);
}

static struct next state_listed(struct op *op, const struct reply *none)
{
	int64_t code;
	const GError *error = sectigo_call_list_error(op, &code);

	(void)none;
	if (g_error_matches(error, ERR, ERR_SIGN_IN))
		return next_fail_error(op, g_error_copy(error));
	if (error)
		return broken_off(op, error->message, sectigo_refusal_is_denied(code));
	return ++of(op)->state < G_N_ELEMENTS(states) ? list_state(op) : ask_alone(op);
}

/* ---- the report ---- */

static bool is_report(const struct json *j)
{
	int64_t status = -1;

	return json_int(j, "statusCode", &status) && !status && json_get(j, "reports");
}

/* On a slow day a list of thousands, each of which is asked about alone, would make it slower for all. */
static bool is_passing(struct op *op, const GError *error)
{
	static const enum err passing[] = { ERR_BUSY, ERR_TIMEOUT, ERR_NETWORK };

	for (size_t i = 0; i < G_N_ELEMENTS(passing); i++)
		if (g_error_matches(error, ERR, (int)passing[i]))
			return g_hash_table_size(of(op)->known) > 0;
	return false;
}

static struct next reported(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = NULL;
	const struct json *all;
	gsize len = 0;
	const void *bytes = !r->error && r->status == 200 && r->body ? g_bytes_get_data(r->body, &len) : NULL;

	j = bytes ? json_parse(bytes, len, REPORT_MAX, NULL) : NULL;
	if (!is_report(j)) {
		g_autoptr(GError) error = NULL;
		g_autoptr(json) none = bytes ? NULL : sectigo_refusal_or_json(r, REPORTING, NULL, &error);

		return is_passing(op, error) ? broken_off(op, error->message, false) : list_state(op);
	}
	all = json_get(j, "reports");
	for (size_t i = 0; i < json_count(all); i++) {
		struct sectigo_cert *cert = sectigo_cert_read(op, json_at(all, i));

		if (!cert)
			continue;
		add(op, cert);
	}
	for (guint i = 0; i < of(op)->all->len; i++) {
		const struct sectigo_cert *cert = of(op)->all->pdata[i];

		if (sectigo_cert_is_waiting(cert))	/* whoever decides has to see all of it */
			g_ptr_array_add(of(op)->asked, g_strdup(cert->alias));
	}
	return ask_alone(op);
}
