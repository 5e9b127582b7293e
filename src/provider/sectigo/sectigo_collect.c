/*
 * sectigo_collect: the bytes of a certificate, with its issuers or alone; it is written to a file, or
 * revoked.
 *
 * The order of what comes is not to be trusted, and that it is not ready yet is told as a refusal, as an
 * empty answer, and also of what is issued.
 */
#include "sectigo_certs.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/model/mark.h>
#include <certty/model/x509.h>

#include "provider/bundle_out.h"

#define COLLECTING "collecting the certificate (GET /ssl/collect)"
#define REVOKING   "revoking it (POST /ssl/revoke)"
#define REASON_MAX 512

static step_fn collected, revoked;

struct request_out *sectigo_collect_ask(const struct op *op, const char *alias, const char *format)
{
	g_autofree char *path = g_strdup_printf("/ssl/%s/collect/%s?format=%s", sectigo_call_version(op),
						alias, format);
	struct request_out *r = sectigo_call(op, "GET", path, NULL);

	exchange_set_header(r, "Accept", "*/*");
	return r;
}

static GPtrArray *scan(const struct reply *r)
{
	gsize len = 0;
	const uint8_t *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	g_autoptr(GPtrArray) items = bytes ? x509_scan(bytes, len, NULL, NULL) : NULL;
	GPtrArray *certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT)
			g_ptr_array_add(certs, g_bytes_ref(item->der));
	}
	return certs;
}

GPtrArray *sectigo_collect_read(const struct reply *r, bool *ret_waits, GError **error)
{
	g_autoptr(GPtrArray) certs = NULL;
	g_autoptr(GError) why = NULL;
	g_autoptr(json) j = NULL;
	bool is_good = !r->error && r->status == 200;

	*ret_waits = is_good && (!r->body || !g_bytes_get_size(r->body));
	if (*ret_waits)
		return NULL;
	certs = is_good ? scan(r) : NULL;
	if (certs && certs->len)
		return g_steal_pointer(&certs);
	if (is_good) {
		g_set_error(error, ERR, ERR_REPLY, COLLECTING ": there is no certificate in the answer");
		return NULL;
	}
	j = sectigo_refusal_or_json(r, COLLECTING, NULL, &why);
	*ret_waits = g_error_matches(why, ERR, ERR_PENDING);
	if (!*ret_waits)
		g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

static bool is_authority(GBytes *der)
{
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	struct facts f = { 0 };
	bool is = x509_facts(bytes, len, &f, NULL) && (f.marks & MARK_CA);

	facts_done(&f);
	return is;
}

struct bundle *sectigo_collect_bundle(GPtrArray *certs, GError **error)
{
	struct bundle *b;
	guint leaf = 0;

	while (leaf + 1 < certs->len && is_authority(certs->pdata[leaf]))
		leaf++;
	b = bundle_new(certs->pdata[leaf], NULL, 0, NULL, error);
	if (b)
		bundle_link(b, (GBytes *const *)certs->pdata, certs->len);
	return b;
}

/* ---- written to a file ---- */

bool sectigo_collect_check(const struct op *op, GError **error)
{
	const char *alias = op->cert.alias ? op->cert.alias : "";

	if (!*alias || strspn(alias, "0123456789") != strlen(alias))
		g_set_error(error, ERR, ERR_USAGE, "Sectigo has no number for this certificate: refresh the "
			    "store");
	else if (args_bool(op->args, "with-key"))
		g_set_error(error, ERR, ERR_REFUSED, "Sectigo keeps no key of it: its key is where its request "
			    "was made");
	else
		return true;
	return false;
}

struct next sectigo_export(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	if (!bundle_file_form(op->args, &error) || !sectigo_collect_check(op, &error))
		return next_fail_error(op, error);
	return next_send(sectigo_collect_ask(op, op->cert.alias, "pemia"), collected);
}

/* What is exported is what was looked at. */
static struct next collected(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	bool waits;
	g_autoptr(GPtrArray) certs = sectigo_collect_read(r, &waits, &error);
	struct bundle *b = certs ? sectigo_collect_bundle(certs, &error) : NULL;

	if (waits)
		return next_fail(op, ERR_PENDING, "Sectigo's certificate %s is not ready yet: try again in a "
				 "minute", op->cert.alias);
	if (!b)
		return next_fail_error(op, error);
	if (!op->cert.der || g_bytes_equal(op->cert.der, b->cert))
		return bundle_out(op, bundle_file_form(op->args, NULL), b);
	bundle_free(b);
	return next_fail(op, ERR_REPLY, "what Sectigo gives for its number %s is another certificate: refresh "
			 "the store", op->cert.alias);
}

bool sectigo_planned_export(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *to = file_absolute(args_text(op->args, "file", ""));
	g_autofree char *path = NULL;

	if (!bundle_file_form(op->args, error) || !sectigo_collect_check(op, error))
		return false;
	path = g_strdup_printf("/ssl/%s/collect/%s?format=pemia", sectigo_call_version(op), op->cert.alias);
	sectigo_planned_call(op, p, PLAN_ASKS, "GET", path, "it and its issuers");
	plan_call(p, PLAN_CHANGES, "write", to, "without its key");
	if (!args_bool(op->args, "replace"))
		plan_not(p, "a file that is there already is not replaced");
	plan_not(p, "nothing is changed at Sectigo, and nothing is deployed");
	return true;
}

/* ---- revoked ---- */

/* clang-format off */
static const struct { const char *reason; int number; } reasons[] = {
	{ "unspecified", 0 },	     { "key-compromise", 1 },	      { "affiliation-changed", 3 },
	{ "superseded", 4 },	     { "cessation-of-operation", 5 },
};
/* clang-format on */

/* The number is one at the older door, and a text at the newer. */
static char *revocation(const struct op *op, GError **error)
{
	const char *reason = args_text(op->args, "reason", ""), *comment = args_text(op->args, "comment", "");
	struct json_writer w = { .out = NULL };
	size_t i = 0;

	while (i < G_N_ELEMENTS(reasons) && strcmp(reasons[i].reason, reason))
		i++;
	if (i == G_N_ELEMENTS(reasons) || strlen(comment) > REASON_MAX || !sectigo_collect_check(op, error)) {
		if (!error || !*error)
			g_set_error(error, ERR, ERR_USAGE, i == G_N_ELEMENTS(reasons) ?
				    "Sectigo does not revoke for that reason" :
				    "the comment is longer than Sectigo takes");
		return NULL;
	}
	w.out = g_string_new(NULL);
	json_open(&w, NULL, '{');
	if (!strcmp(sectigo_call_version(op), "v1")) {
		json_put_int(&w, "reasonCode", reasons[i].number);
	} else {
		const char number[] = { (char)('0' + reasons[i].number), '\0' };

		json_put_str(&w, "reasonCode", number);
	}
	json_put_str(&w, "reason", *comment ? comment : reason);
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static char *revocation_path(const struct op *op)
{
	return g_strdup_printf("/ssl/%s/revoke/%s", sectigo_call_version(op), op->cert.alias);
}

struct next sectigo_revoke(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	g_autofree char *body = revocation(op, &error), *path = NULL;

	(void)none;
	if (!body)
		return next_fail_error(op, error);
	path = revocation_path(op);
	return next_send(sectigo_call(op, "POST", path, body), revoked);
}

static struct next revoked(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	op_touch(op, op->store->id);
	if (!sectigo_refusal_or_done(r, REVOKING, NULL, &error)) {
		if (r->error || r->status >= 500 || r->status < 300)
			g_prefix_error(&error, "whether it is revoked is not known; a refresh tells: ");
		return next_fail_error(op, error);
	}
	op_say(op, "Sectigo's certificate %s is revoked", op->cert.alias);
	return next_done();
}

bool sectigo_planned_revoke(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *body = revocation(op, error), *path = body ? revocation_path(op) : NULL;

	if (!body)
		return false;
	sectigo_planned_call(op, p, PLAN_CHANGES, "POST", path, op->cert.alias);
	plan_warn(p, "it cannot be undone");
	plan_not(p, "nothing takes its place where it is in use");
	sectigo_planned_run(op, p, "POST", path, body);
	return true;
}
