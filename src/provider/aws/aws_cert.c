/*
 * aws_cert: one certificate in AWS: asking the region of its store, and reading what comes back.
 *
 * What a user may not do is said as what is missing: AWS's own sentence names the action, and
 * where it does not, we know which one it was.
 */
#include "aws_cert.h"

#include <string.h>

#include <certty/base/text.h>

#define USERS_MAX 3	/* named of those that use a certificate */

/* ---- asking ---- */

char *aws_cert_region(const struct op *op)
{
	return aws_arn_region(op->store->address);
}

char *aws_cert_json(const struct op *op, const char *alias)
{
	g_autofree char *arn = aws_arn(op->store, alias);
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_str(&w, "CertificateArn", arn);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static const struct args *with_of(const struct op *op, GError **error)
{
	if (op->access)
		return op->access->with;
	g_set_error(error, ERR, ERR_SIGN_IN, "the account is not open");
	return NULL;
}

static struct next send_it(struct op *op, struct request_out *r, bool is_repeatable, step_fn *step,
			   GError *error)
{
	if (!r)
		return next_fail_error(op, error);
	r->is_repeatable = is_repeatable;
	return next_send(r, step);
}

struct request_out *aws_cert_make(struct op *op, enum aws_service service, const char *region,
				  const char *operation, GBytes *body, GError **error)
{
	const struct args *with = with_of(op, error);

	if (with)
		return aws_call_json_body(with, service, region, operation, body, error);
	g_bytes_unref(body);
	return NULL;
}

struct next aws_cert_send_body(struct op *op, enum aws_service service, const char *operation,
			       GBytes *body, bool is_repeatable, step_fn *step)
{
	g_autofree char *region = aws_cert_region(op);
	GError *error = NULL;
	struct request_out *r = aws_cert_make(op, service, region, operation, body, &error);

	return send_it(op, r, is_repeatable, step, error);
}

struct next aws_cert_send(struct op *op, enum aws_service service, const char *operation,
			  const char *json, bool is_repeatable, step_fn *step)
{
	return aws_cert_send_body(op, service, operation, g_bytes_new(json, strlen(json)),
				  is_repeatable, step);
}

struct next aws_cert_query(struct op *op, const char *action, struct aws_form *form,
			   bool is_repeatable, step_fn *step)
{
	GError *error = NULL;
	const struct args *with = with_of(op, &error);
	struct request_out *r = with ? aws_call_query(with, AWS_IAM, NULL, action, form, &error) :
				       NULL;

	if (!with)
		aws_form_free(form);
	return send_it(op, r, is_repeatable, step, error);
}

struct request_out *aws_cert_ask(struct op *op, const char *operation, const char *alias,
				 GError **error)
{
	g_autofree char *region = aws_cert_region(op);
	g_autofree char *json = aws_cert_json(op, alias);
	struct request_out *r = aws_cert_make(op, AWS_ACM, region, operation,
					      g_bytes_new(json, strlen(json)), error);

	if (r)
		r->is_repeatable = true;
	return r;
}

struct next aws_cert_describe(struct op *op, step_fn *step)
{
	g_autofree char *json = aws_cert_json(op, op->cert.alias);

	return aws_cert_send(op, AWS_ACM, "DescribeCertificate", json, true, step);
}

struct acm_cert *aws_cert_described(struct op *op, const struct reply *r, const char *what,
				    GError **error)
{
	g_autoptr(json) j = NULL;
	struct acm_cert *c;

	if (!aws_cert_check(r, what, "acm:DescribeCertificate", error))
		return NULL;
	j = aws_call_read_json(r, what, error);
	if (!j)
		return NULL;
	c = acm_cert_read(json_get(j, "Certificate"), op->store);
	if (!c)
		g_set_error(error, ERR, ERR_REPLY, "%s: the description is of no certificate here",
			    what);
	return c;
}

/* ---- what came back ---- */

bool aws_cert_is(const struct reply *r, const char *code)
{
	struct aws_error e;
	bool is;

	if (r->error || !aws_error_read(r, &e))
		return false;
	is = aws_error_is(&e, code);
	aws_error_done(&e);
	return is;
}

bool aws_cert_is_lost(const struct reply *r)
{
	return r->error || r->status >= 500;
}

static const struct {
	const char *service, *policy;
} policies[] = {
	{ "acm:", "AWSCertificateManagerFullAccess" },
	{ "acm-pca:", "AWSPrivateCAFullAccess" },
	{ "iam:", "IAMFullAccess" },
};

static const char *policy_of(const char *action)
{
	for (size_t i = 0; i < G_N_ELEMENTS(policies); i++)
		if (g_str_has_prefix(action, policies[i].service))
			return policies[i].policy;
	return NULL;
}

/* "… is not authorized to perform: acm:ImportCertificate on resource …"; a new string. */
static char *action_of(const char *message, const char *action)
{
	static const char sign[] = "to perform: ";
	const char *at = strstr(message, sign);
	size_t len = at ? strspn(at + strlen(sign), "abcdefghijklmnopqrstuvwxyz"
				 "ABCDEFGHIJKLMNOPQRSTUVWXYZ-:") : 0;

	return len ? g_strndup(at + strlen(sign), len) : g_strdup(action);
}

static GError *say_denied(const struct aws_error *e, const char *what, const char *action)
{
	g_autofree char *missing = action_of(e->message, action);
	const char *policy = policy_of(missing);
	g_autoptr(GString) s = g_string_new(NULL);

	g_string_printf(s, "%s: this user may not do that: %s is missing", what, missing);
	if (policy)
		g_string_append_printf(s, " (%s would allow it, and much more)", policy);
	if (*e->message)
		g_string_append_printf(s, "; AWS says \"%s\"", e->message);
	return g_error_new_literal(ERR, ERR_REFUSED, s->str);
}

bool aws_cert_check(const struct reply *r, const char *what, const char *action, GError **error)
{
	struct aws_error e;

	if (r->error || !aws_error_read(r, &e))
		return aws_error_check(r, what, error);
	if (aws_error_is(&e, "AccessDenied"))
		g_propagate_error(error, say_denied(&e, what, action));
	else
		g_propagate_error(error, aws_error_say(&e, what));
	aws_error_done(&e);
	return false;
}

struct next aws_cert_fail(struct op *op, GError *error, const char *hint)
{
	g_autoptr(GError) taken = error;

	return next_fail(op, (enum err)taken->code, "%s; %s", taken->message, hint);
}

bool aws_cert_read_pem(const char *text, const char *what, GPtrArray *to, GError **error)
{
	g_autoptr(GPtrArray) items = NULL;

	if (!text)
		return true;
	items = x509_scan((const uint8_t *)text, strlen(text), NULL, error);
	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT)
			g_ptr_array_add(to, g_bytes_ref(item->der));
	}
	if (!items)
		g_prefix_error(error, "%s: ", what);
	return items;
}

char *aws_cert_users(char **arns)
{
	GString *s = g_string_new(NULL);
	guint n = g_strv_length(arns);

	for (guint i = 0; i < n && i < USERS_MAX; i++) {
		g_autofree char *shown = text_harmless_dup(arns[i], 300);

		g_string_append_printf(s, "%s%s", i ? ", " : "", shown);
	}
	if (n > USERS_MAX)
		g_string_append_printf(s, " and %u more", n - USERS_MAX);
	return g_string_free(s, FALSE);
}

const char *aws_cert_iam_name(const char *alias)
{
	const char *slash = strrchr(alias, '/');

	return slash ? slash + 1 : alias;
}
