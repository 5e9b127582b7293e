/*
 * acm_find: which of ACM's imported certificates are the one that is about to be imported, or of
 * the same names.
 *
 * ACM knows neither an order's token nor a duplicate: the same bytes imported twice are two
 * certificates.  So it is looked before anything is sent, and again when nobody knows whether
 * what was sent has arrived; then the tag that went along tells.  Its list leaves out all keys
 * but RSA's two smallest unless every kind is named.
 */
#include "acm_import.h"

#include <string.h>

#define FOUND_MAX  50
#define PAGES_MAX  100

static step_fn heard_list, looked;

static void found_free(void *p)
{
	struct acm_found *f = p;

	g_free(f->alias);
	acm_cert_free(f->cert);
	g_free(f);
}

void acm_find_done(struct acm_import *m)
{
	g_clear_pointer(&m->found, g_ptr_array_unref);
	g_clear_pointer(&m->token, g_free);
	g_clear_error(&m->error);
}

static void add(struct acm_import *m, const char *alias)
{
	struct acm_found *f = g_new0(struct acm_found, 1);

	f->alias = g_strdup(alias);
	g_ptr_array_add(m->found, f);
}

/* Whether it can be the same as far as a list tells. */
static bool may_be(const struct aws_upload *u, const struct acm_cert *c)
{
	if (strcmp(c->type, "IMPORTED"))
		return false;
	if (c->has_more_names || !*c->key)
		return aws_upload_shares_name(u, c);
	return aws_upload_is_same(u, c);
}

/* ---- a closer look ---- */

static bool is_settling(const struct acm_import *m)
{
	return m->lost;
}

/* Two questions about each: what it is (or its tags), and its bytes. */
static struct ask ask(struct op *op, size_t i)
{
	struct acm_import *m = acm_import_state(op);
	const struct acm_found *f = m->found->pdata[i / 2];
	const char *what = i % 2 ? "GetCertificate" :
			   is_settling(m) ? "ListTagsForCertificate" : "DescribeCertificate";

	return (struct ask){ .send = aws_cert_ask(op, what, f->alias,
						  m->error ? NULL : &m->error) };
}

static void keep_error(struct acm_import *m, GError *error)
{
	if (m->error)
		g_error_free(error);
	else
		m->error = error;
}

static void hear_description(struct op *op, struct acm_import *m, struct acm_found *f,
			     const struct reply *r)
{
	GError *error = NULL;

	if (aws_cert_is(r, "ResourceNotFound"))
		return;
	f->cert = aws_cert_described(op, r, m->what, &error);
	if (error)
		keep_error(m, error);
}

static void hear_tags(struct acm_import *m, struct acm_found *f, const struct reply *r)
{
	g_autoptr(json) j = aws_call_read_json(r, m->what, NULL);
	const struct json *tags = json_get(j, "Tags");

	for (size_t i = 0; i < json_count(tags); i++)
		if (!g_strcmp0(json_str(json_at(tags, i), "Key"), ACM_IMPORT_TAG) &&
		    !g_strcmp0(json_str(json_at(tags, i), "Value"), m->id))
			f->is_tagged = true;
}

static void hear_bytes(struct op *op, struct acm_import *m, struct acm_found *f,
		       const struct reply *r)
{
	const struct aws_upload *u = aws_import_upload(op);
	g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(json) j = aws_call_read_json(r, m->what, NULL);

	f->has_no_bytes = !j;
	if (aws_cert_read_pem(json_str(j, "Certificate"), m->what, certs, NULL) && certs->len)
		f->is_exact = g_bytes_equal(certs->pdata[0], u->bundle->cert);
}

static void hear(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct acm_import *m = acm_import_state(op);
	struct acm_found *f = m->found->pdata[i / 2];

	(void)none;
	if (i % 2)
		hear_bytes(op, m, f, r);
	else if (is_settling(m))
		hear_tags(m, f, r);
	else
		hear_description(op, m, f, r);
}

/* Who may describe but not read is helped by the serial, which an issuer gives out once. */
static void judge(const struct aws_upload *u, struct acm_found *f)
{
	if (f->has_no_bytes && f->cert && *f->cert->serial)
		f->is_exact = !strcmp(f->cert->serial, u->bundle->facts.serial) &&
			      aws_upload_is_same(u, f->cert);
}

static struct next looked(struct op *op, const struct reply *none)
{
	struct acm_import *m = acm_import_state(op);
	const struct aws_upload *u = aws_import_upload(op);

	(void)none;
	for (guint i = 0; i < m->found->len; i++)
		judge(u, m->found->pdata[i]);
	for (guint i = m->found->len; i-- > 0 && !m->is_chosen && !is_settling(m);) {
		const struct acm_found *f = m->found->pdata[i];

		if (!f->cert || strcmp(f->cert->type, "IMPORTED") ||
		    !(f->is_exact || aws_upload_is_same(u, f->cert)))
			g_ptr_array_remove_index(m->found, i);
	}
	return m->then(op, NULL);
}

static struct next look(struct op *op)
{
	struct acm_import *m = acm_import_state(op);

	if (m->found->len > FOUND_MAX)
		g_set_error(&m->error, ERR, ERR_LIMIT, "%s: more than %d certificates there have "
			    "these names: say which is meant by its ARN (name)", m->what, FOUND_MAX);
	if (m->error)
		return m->then(op, NULL);
	return next_each(2 * m->found->len, ask, hear, looked);
}

/* ---- from the list ---- */

static char *list_json(const struct op *op, const struct acm_import *m, const char *key)
{
	static const char *const all[] = { "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096",
					   "EC_prime256v1", "EC_secp384r1", "EC_secp521r1" };
	struct json_writer w = { .out = g_string_new(NULL) };

	(void)op;
	json_open(&w, NULL, '{');
	json_open(&w, "Includes", '{');
	json_open(&w, "keyTypes", '[');
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		if (!m->own_key_only || !strcmp(all[i], key))
			json_put_str(&w, NULL, all[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	json_put_int(&w, "MaxItems", 1000);
	if (m->token)
		json_put_str(&w, "NextToken", m->token);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static struct next list(struct op *op)
{
	struct acm_import *m = acm_import_state(op);
	g_autofree char *json = list_json(op, m, aws_import_upload(op)->key);

	return aws_cert_send(op, AWS_ACM, "ListCertificates", json, true, heard_list);
}

static void take_page(struct op *op, struct acm_import *m, const struct json *page)
{
	const struct json *certs = json_get(page, "CertificateSummaryList");

	for (size_t i = 0; i < json_count(certs); i++) {
		g_autoptr(acm_cert) c = acm_cert_read(json_at(certs, i), op->store);

		if (c && may_be(aws_import_upload(op), c))
			add(m, c->alias);
	}
}

static struct next heard_list(struct op *op, const struct reply *r)
{
	struct acm_import *m = acm_import_state(op);
	g_autoptr(json) j = NULL;
	const char *token;

	if (!m->own_key_only && aws_cert_is(r, "Validation")) {
		m->own_key_only = true;
		return list(op);
	}
	if (!aws_cert_check(r, m->what, "acm:ListCertificates", &m->error))
		return m->then(op, NULL);
	j = aws_call_read_json(r, m->what, &m->error);
	if (!j)
		return m->then(op, NULL);
	take_page(op, m, j);
	token = json_str(j, "NextToken");
	if (!token)
		return look(op);
	if (!g_strcmp0(token, m->token)) {
		g_set_error(&m->error, ERR, ERR_REPLY, "%s: the list does not go on: it gave the "
			    "same token twice", m->what);
		return m->then(op, NULL);
	}
	g_free(m->token);
	m->token = g_strdup(token);
	return list(op);
}

struct next acm_find(struct op *op, step_fn *then)
{
	struct acm_import *m = acm_import_state(op);

	acm_find_done(m);
	m->found = g_ptr_array_new_with_free_func(found_free);
	m->then = then;
	if (m->place)
		add(m, m->place);
	return m->place ? look(op) : list(op);
}
