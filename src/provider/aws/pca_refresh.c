/*
 * pca_refresh: a private authority: how it stands, its own certificate, and those that it issued
 * for us.
 *
 * No call lists what an authority has issued: what is known are the certificates that came of
 * requests made here.  Such a certificate never changes, so it is read once.
 */
#include "acm.h"

#include <string.h>

#include <certty/base/text.h>

#define ISSUED	   "/certificate/"
#define ISSUED_MAX 100000
#define KEPT_MAX   (1u << 20)

struct refresh {
	struct acm_rows rows;
	GHashTable *known, *certs;
	GPtrArray *wanted;	/* struct acm_cert, borrowed */
	char *region;
};

static step_fn read_authority, plan, end;

static void refresh_done(void *refresh)
{
	struct refresh *f = refresh;

	acm_rows_done(&f->rows);
	g_hash_table_unref(f->known);
	g_hash_table_unref(f->certs);
	g_ptr_array_unref(f->wanted);
	g_free(f->region);
}

static struct refresh *mine(struct op *op)
{
	return ((struct aws_op *)op->scratch)->mine;
}

/* One of the two calls that are about the authority or a certificate of it. */
static struct request_out *call(struct op *op, const char *operation, const char *alias, GError **error)
{
	g_autofree char *arn = aws_arn(op->store, alias);
	g_autoptr(GString) body = g_string_new(NULL);
	struct json_writer w = { .out = body };
	struct request_out *r;

	json_open(&w, NULL, '{');
	json_put_str(&w, "CertificateAuthorityArn", op->store->address);
	if (*alias)
		json_put_str(&w, "CertificateArn", arn);
	json_close(&w, '}');
	r = aws_call_json(op->access->with, AWS_ACM_PCA, mine(op)->region, operation, body->str, error);
	if (r)
		r->is_repeatable = true;
	return r;
}

struct next pca_refresh(struct op *op, const struct reply *none)
{
	struct refresh *f = aws_mine(op, sizeof(*f), refresh_done);
	GError *error = NULL;
	struct request_out *r;

	(void)none;
	acm_rows_init(&f->rows);
	f->known = acm_memo_read(op->memo);
	f->certs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)acm_cert_free);
	f->wanted = g_ptr_array_new();
	f->region = aws_arn_region(op->store->address);
	r = call(op, "DescribeCertificateAuthority", "", &error);
	return r ? next_send(r, read_authority) : next_fail_error(op, error);
}

/* ---- the authority ---- */

static void take_text(char **to, const struct json *j, const char *key)
{
	const char *text = json_str(j, key);

	if (!text)
		return;
	g_free(*to);
	*to = text_harmless_dup(text, FACTS_TEXT);
}

static void take_time(int64_t *to, const struct json *j, const char *key)
{
	int64_t when;

	if (json_floor(j, key, &when) && when > 0)
		*to = when;
}

static void take_authority(struct acm_cert *c, const struct json *j)
{
	const struct json *config = json_get(j, "CertificateAuthorityConfiguration");

	take_text(&c->origin, j, "Type");
	take_text(&c->status, j, "Status");
	take_text(&c->failure, j, "FailureReason");
	take_text(&c->managed_by, j, "UsageMode");
	take_text(&c->serial, j, "Serial");
	take_text(&c->key, config, "KeyAlgorithm");
	take_text(&c->signature, config, "SigningAlgorithm");
	take_text(&c->name, json_get(config, "Subject"), "Organization");
	take_text(&c->name, json_get(config, "Subject"), "CommonName");
	take_time(&c->not_before, j, "NotBefore");
	take_time(&c->not_after, j, "NotAfter");
	take_time(&c->created, j, "CreatedAt");
}

static struct acm_cert *add(struct refresh *f, const char *alias)
{
	struct acm_cert *c = acm_cert_new();

	store_set(&c->alias, alias);
	store_set(&c->type, *alias ? "PRIVATE" : ACM_TYPE_CA);
	g_hash_table_insert(f->certs, c->alias, c);
	return c;
}

static struct next read_authority(struct op *op, const struct reply *r)
{
	struct refresh *f = mine(op);
	g_autofree char *what = g_strconcat("describing the authority in ", f->region, NULL);
	GError *error = NULL;
	g_autoptr(json) j = aws_call_read_json(r, what, &error);
	const struct json *authority = json_get(j, "CertificateAuthority");

	if (!j)
		return next_fail_error(op, error);
	if (g_strcmp0(json_str(authority, "Arn"), op->store->address))
		return next_fail(op, ERR_REPLY, "%s: the answer is of another one, or of none", what);
	take_authority(add(f, ""), authority);
	return plan(op, NULL);
}

/* ---- what is read of it ---- */

static void want(struct op *op, struct acm_cert *c)
{
	struct refresh *f = mine(op);
	const struct acm_cert *old = g_hash_table_lookup(f->known, c->alias);

	if (old && !strcmp(old->serial, c->serial) && old->not_after == c->not_after &&
	    acm_rows_is_read(&f->rows, op, old))
		acm_cert_keep(c, old);
	else
		g_ptr_array_add(f->wanted, c);
}

static void want_issued(struct op *op, const char *alias)
{
	struct refresh *f = mine(op);
	g_autofree char *shown = NULL;

	if (!alias || !g_str_has_prefix(alias, ISSUED) || strlen(alias) > FACTS_TEXT ||
	    g_hash_table_contains(f->certs, alias) || g_hash_table_size(f->certs) > ISSUED_MAX)
		return;
	shown = text_harmless_dup(alias, FACTS_TEXT);
	if (!strcmp(shown, alias))
		want(op, add(f, alias));
}

static void want_of_request(struct op *op, const struct request *r)
{
	g_autoptr(json) kept = NULL;

	if (strcmp(r->store, op->store->id) || !*r->kept)
		return;
	kept = json_parse(r->kept, strlen(r->kept), KEPT_MAX, NULL);
	want_issued(op, json_str(kept, "alias"));
}

/* An authority that was never given its certificate has none to read. */
static bool has_certificate(const struct acm_cert *c)
{
	static const char *const without[] = { "CREATING", "PENDING_CERTIFICATE", "FAILED", NULL };

	return !g_strv_contains(without, c->status);
}

static struct ask ask_one(struct op *op, size_t i)
{
	const struct acm_cert *c = mine(op)->wanted->pdata[i];
	const char *operation = *c->alias ? "GetCertificate" : "GetCertificateAuthorityCertificate";

	return (struct ask){ .send = call(op, operation, c->alias, NULL) };
}

static bool is_passing(const struct reply *r)
{
	struct aws_error e = { 0 };
	bool is = aws_error_read(r, &e) &&
		  (aws_error_is(&e, "RequestInProgress") || aws_error_is(&e, "InvalidState"));

	aws_error_done(&e);
	return is;
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct refresh *f = mine(op);
	struct acm_cert *c = f->wanted->pdata[i];
	g_autofree char *what = g_strdup_printf("reading %s", *c->alias ? c->alias :
									 "the authority's certificate");
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;

	(void)none;
	op_progress(op, op->done + 1, f->wanted->len);
	if (is_passing(r))
		return;
	j = aws_call_read_json(r, what, &error);
	if (!j)
		op_trouble(op, "%s", error->message);
	else if (!acm_rows_take(&f->rows, op, c, json_str(j, "Certificate")))
		op_trouble(op, "%s: the answer has no certificate", what);
}

static struct next plan(struct op *op, const struct reply *none)
{
	struct refresh *f = mine(op);
	struct acm_cert *authority = g_hash_table_lookup(f->certs, "");
	GHashTableIter iter;
	gpointer alias;

	(void)none;
	acm_rows_find(&f->rows, op);
	if (has_certificate(authority))
		want(op, authority);
	for (size_t i = 0; op->requests && i < op->requests->n; i++)
		want_of_request(op, op->requests->item[i]);
	g_hash_table_iter_init(&iter, f->known);
	while (g_hash_table_iter_next(&iter, &alias, NULL))
		want_issued(op, alias);
	op_progress(op, 0, f->wanted->len);
	return next_each(f->wanted->len, ask_one, hear_one, end);
}

/* ---- the end ---- */

static struct next end(struct op *op, const struct reply *none)
{
	struct refresh *f = mine(op);
	const struct acm_cert *authority = g_hash_table_lookup(f->certs, "");
	g_autoptr(GList) aliases = g_list_sort(g_hash_table_get_keys(f->certs), (GCompareFunc)strcmp);
	guint issued = 0;

	(void)none;
	for (GList *at = aliases; at; at = at->next) {
		const struct acm_cert *c = g_hash_table_lookup(f->certs, at->data);

		issued += *c->alias != 0;
		if (c->has_digest)
			acm_rows_put(&f->rows, op, c);
	}
	op_memo(op, acm_memo_write(f->certs, NULL));
	op_say(op, "%s is %s; %u certificate%s known that it issued", authority->name,
	       acm_cert_say_status(authority), issued, issued == 1 ? " is" : "s are");
	return next_done();
}
