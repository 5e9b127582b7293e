/*
 * iam_refresh: the server certificates that IAM has, of before there was ACM.
 *
 * A list, and each certificate once: what has an ID of IAM's never changes.
 */
#include "acm.h"

#include <string.h>

#include <certty/base/text.h>

#define WHAT	  "listing IAM's server certificates"
#define PAGES_MAX 200
#define TEXT_MAX  1024

struct refresh {
	struct acm_rows rows;
	GHashTable *known, *certs;
	GPtrArray *order, *wanted;	/* struct acm_cert, borrowed */
	GHashTable *markers;
	char *marker;
	bool is_cut;
};

static step_fn read_page, end;

static void refresh_done(void *refresh)
{
	struct refresh *f = refresh;

	acm_rows_done(&f->rows);
	g_hash_table_unref(f->known);
	g_hash_table_unref(f->certs);
	g_hash_table_unref(f->markers);
	g_ptr_array_unref(f->order);
	g_ptr_array_unref(f->wanted);
	g_free(f->marker);
}

static struct refresh *mine(struct op *op)
{
	return ((struct aws_op *)op->scratch)->mine;
}

/* ---- the list ---- */

static struct next ask_page(struct op *op)
{
	struct aws_form *form = aws_form_new();
	GError *error = NULL;
	struct request_out *r;

	aws_form_add(form, "MaxItems", "1000");
	aws_form_add(form, "Marker", mine(op)->marker);
	r = aws_call_query(op->access->with, AWS_IAM, NULL, "ListServerCertificates", form, &error);
	if (!r)
		return next_fail_error(op, error);
	r->is_repeatable = true;
	return next_send(r, read_page);
}

struct next iam_refresh(struct op *op, const struct reply *none)
{
	struct refresh *f = aws_mine(op, sizeof(*f), refresh_done);

	(void)none;
	acm_rows_init(&f->rows);
	f->known = acm_memo_read(op->memo);
	f->certs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)acm_cert_free);
	f->markers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->order = g_ptr_array_new();
	f->wanted = g_ptr_array_new();
	return ask_page(op);
}

static void take_text(char **to, const struct xml *x, const char *name)
{
	const char *text = xml_str(x, name);

	if (!text)
		return;
	g_free(*to);
	*to = text_harmless_dup(text, TEXT_MAX);
}

static void take(struct op *op, const struct xml *x)
{
	struct refresh *f = mine(op);
	const char *arn = xml_str(x, "Arn"), *ends = xml_str(x, "Expiration");
	const char *uploaded = xml_str(x, "UploadDate");
	const char *alias = arn && strlen(arn) <= TEXT_MAX ? aws_arn_alias(op->store, arn) : NULL;
	struct acm_cert *c;

	if (!alias || !*alias || !xml_str(x, "ServerCertificateName"))
		return;
	c = acm_cert_new();
	g_free(c->alias);
	c->alias = text_harmless_dup(alias, TEXT_MAX);
	store_set(&c->type, ACM_TYPE_IAM);
	take_text(&c->name, x, "ServerCertificateName");
	take_text(&c->managed_by, x, "ServerCertificateId");
	c->not_after = ends ? aws_keys_time(ends) : 0;
	c->imported = uploaded ? aws_keys_time(uploaded) : 0;
	if (g_hash_table_contains(f->certs, c->alias)) {
		acm_cert_free(c);
		return;
	}
	g_hash_table_insert(f->certs, c->alias, c);
	g_ptr_array_add(f->order, c);
}

/* True: there is one more page. */
static bool take_marker(struct op *op, const struct xml *result)
{
	struct refresh *f = mine(op);
	const char *marker = xml_str(result, "Marker");

	if (g_strcmp0(xml_str(result, "IsTruncated"), "true"))
		return false;
	if (marker && *marker && g_hash_table_size(f->markers) < PAGES_MAX &&
	    g_hash_table_add(f->markers, g_strdup(marker))) {
		g_free(f->marker);
		f->marker = g_strdup(marker);
		return true;
	}
	f->is_cut = true;
	op_trouble(op, WHAT ": the list does not end; there may be more than the %u that were read",
		   f->order->len);
	return false;
}

/* ---- each one ---- */

static struct ask ask_one(struct op *op, size_t i)
{
	const struct acm_cert *c = mine(op)->wanted->pdata[i];
	struct aws_form *form = aws_form_new();
	struct request_out *r;

	aws_form_add(form, "ServerCertificateName", c->name);
	r = aws_call_query(op->access->with, AWS_IAM, NULL, "GetServerCertificate", form, NULL);
	if (r)
		r->is_repeatable = true;
	return (struct ask){ .send = r };
}

/* A change takes a while to be known everywhere. */
static bool is_passing(const struct reply *r)
{
	struct aws_error e = { 0 };
	bool is = aws_error_read(r, &e) && aws_error_is(&e, "NoSuchEntity");

	aws_error_done(&e);
	return is;
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct refresh *f = mine(op);
	struct acm_cert *c = f->wanted->pdata[i];
	g_autofree char *what = g_strdup_printf("reading %s of IAM", c->name);
	g_autoptr(GError) error = NULL;
	g_autoptr(xml) x = NULL;

	(void)none;
	op_progress(op, op->done + 1, f->wanted->len);
	if (is_passing(r))
		return;
	x = aws_call_xml(r, what, &error);
	if (!x)
		op_trouble(op, "%s", error->message);
	else if (!acm_rows_take(&f->rows, op, c,
				xml_str(x, "GetServerCertificateResult/ServerCertificate/"
					   "CertificateBody")))
		op_trouble(op, "%s: the answer has no certificate", what);
}

static void plan(struct op *op)
{
	struct refresh *f = mine(op);

	acm_rows_find(&f->rows, op);
	for (guint i = 0; i < f->order->len; i++) {
		struct acm_cert *c = f->order->pdata[i];
		const struct acm_cert *old = g_hash_table_lookup(f->known, c->alias);

		if (old && !strcmp(old->managed_by, c->managed_by) &&
		    acm_rows_is_read(&f->rows, op, old)) {
			memcpy(c->sha256, old->sha256, sizeof(c->sha256));
			c->has_digest = true;
		} else {
			g_ptr_array_add(f->wanted, c);
		}
	}
	acm_rows_miss(f->known, f->certs, f->order, f->is_cut);
}

static struct next read_page(struct op *op, const struct reply *r)
{
	struct refresh *f = mine(op);
	GError *error = NULL;
	g_autoptr(xml) x = aws_call_xml(r, WHAT, &error);
	const struct xml *result = xml_get(x, "ListServerCertificatesResult");
	const struct xml *list = xml_get(result, "ServerCertificateMetadataList");

	if (!x)
		return next_fail_error(op, error);
	if (!list)
		return next_fail(op, ERR_REPLY, WHAT ": the answer has no list: is that IAM?");
	for (size_t i = 0; i < xml_count(list); i++)
		take(op, xml_at(list, i));
	if (take_marker(op, result))
		return ask_page(op);
	plan(op);
	op_progress(op, 0, f->wanted->len);
	return next_each(f->wanted->len, ask_one, hear_one, end);
}

static struct next end(struct op *op, const struct reply *none)
{
	struct refresh *f = mine(op);
	guint n = f->order->len;

	(void)none;
	for (guint i = 0; i < n; i++)
		acm_rows_put(&f->rows, op, f->order->pdata[i]);
	op_memo(op, acm_memo_write(f->certs, NULL));
	op_say(op, "%u server certificate%s in IAM", n, n == 1 ? "" : "s");
	return next_done();
}
