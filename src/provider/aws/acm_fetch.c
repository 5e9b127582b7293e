/*
 * acm_fetch: asking for one certificate, and reading what comes back, for orders and what waits.
 */
#include "acm_request.h"

#include <string.h>

#define WIDE "AWSCertificateManagerFullAccess"
#define CHAIN_MAX 32
#define TEXT_MAX  (4u << 20)

/* ---- asking ---- */

void acm_body_begin(struct acm_body *b)
{
	b->text = g_string_new(NULL);
	b->w = (struct json_writer){ .out = b->text };
	json_open(&b->w, NULL, '{');
}

struct request_out *acm_body_end(struct acm_body *b, const struct op *op, enum aws_service service,
				 const char *operation, GError **error)
{
	g_autofree char *region = aws_arn_region(op->store->address), *text = NULL;
	struct request_out *r;

	json_close(&b->w, '}');
	text = g_string_free(b->text, FALSE);
	if (!op->access) {
		g_set_error(error, ERR, ERR_SIGN_IN, "the account is not open");
		return NULL;
	}
	r = aws_call_json(op->access->with, service, region, operation, text, error);
	if (r)
		r->is_repeatable = true;
	return r;
}

struct next acm_body_send(struct acm_body *b, struct op *op, enum aws_service service,
			  const char *operation, step_fn *step)
{
	GError *error = NULL;
	struct request_out *r = acm_body_end(b, op, service, operation, &error);

	return r ? next_send(r, step) : next_fail_error(op, error);
}

struct next acm_fetch_ask(struct op *op, const char *operation, const char *alias, step_fn *step)
{
	g_autofree char *arn = aws_arn(op->store, alias);
	struct acm_body b;

	acm_body_begin(&b);
	json_put_str(&b.w, "CertificateArn", arn);
	return acm_body_send(&b, op, AWS_ACM, operation, step);
}

/* ---- what came back ---- */

bool acm_fetch_is(const struct reply *r, const char *code)
{
	struct aws_error e;
	bool is;

	if (!aws_error_read(r, &e))
		return false;
	is = aws_error_is(&e, code);
	aws_error_done(&e);
	return is;
}

bool acm_fetch_is_lost(const struct reply *r)
{
	return r->error || r->status >= 500 || acm_fetch_is(r, "InternalFailure") ||
	       acm_fetch_is(r, "InternalServer");
}

bool acm_fetch_check(const struct reply *r, const char *what, const char *action, GError **error)
{
	GError *why = NULL;

	if (aws_error_check(r, what, &why))
		return true;
	if (acm_fetch_is(r, "AccessDenied") && !strstr(why->message, action))
		g_set_error(error, ERR, ERR_REFUSED, "%s; what it takes is %s, which " WIDE
			    " has as well", why->message, action);
	else
		g_propagate_error(error, g_steal_pointer(&why));
	g_clear_error(&why);
	return false;
}

struct acm_cert *acm_fetch_read(struct op *op, const struct reply *r, const char *what,
				GError **error)
{
	g_autoptr(json) j = acm_fetch_check(r, what, "acm:DescribeCertificate", error) ?
		aws_call_read_json(r, what, error) : NULL;
	struct acm_cert *c = j ? acm_cert_read(j, op->store) : NULL;

	if (j && !c)
		g_set_error(error, ERR, ERR_REPLY, "%s: the answer is about no certificate of %s",
			    what, op->store->title);
	return c;
}

/* The certificates in a PEM text. */
static bool add_certs(GPtrArray *to, const char *pem, const char *what, GError **error)
{
	g_autoptr(GPtrArray) items = strlen(pem) <= TEXT_MAX ?
		x509_scan((const uint8_t *)pem, strlen(pem), NULL, error) : NULL;

	if (!items && error && !*error)
		g_set_error(error, ERR, ERR_LIMIT, "%s: a certificate that is too long", what);
	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT && to->len < CHAIN_MAX)
			g_ptr_array_add(to, g_bytes_ref(item->der));
	}
	return items != NULL;
}

struct bundle *acm_fetch_bundle(const struct reply *r, const char *what, GError **error)
{
	g_autoptr(json) j = aws_call_read_json(r, what, error);
	const char *cert = json_str(j, "Certificate"), *chain = json_str(j, "CertificateChain");
	g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	guint leaves;

	if (!j || !add_certs(certs, cert ? cert : "", what, error))
		return NULL;
	leaves = certs->len;
	if (leaves != 1) {
		g_set_error(error, ERR, ERR_REPLY, "%s: the answer has no certificate", what);
		return NULL;
	}
	if (!add_certs(certs, chain ? chain : "", what, error))
		return NULL;
	return bundle_new(certs->pdata[0], (GBytes **)certs->pdata + 1, certs->len - 1, NULL, error);
}
