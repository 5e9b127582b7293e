/*
 * acm_import: a certificate with its key goes into ACM: as a new one, or under the ARN of the same
 * one there, so that whatever uses that goes on with it.
 *
 * Sending a new one twice makes two, so it is sent once: when the connection breaks, the list and
 * the tag that went along tell whether it arrived.  Sending under an ARN twice does no harm.
 */
#include "acm_import.h"

#include <string.h>

#include <certty/base/text.h>

#define ACTION        "acm:ImportCertificate"
#define CONFLICT_MS   5000
#define CONFLICTS_MAX 12
#define SETTLE_MS     5000
#define SETTLES_MAX   3
#define VERIFY_MS     2000
#define VERIFIES_MAX  10

const struct aws_limits acm_import_limits = { "ACM", 32768, 5120, 2097152 };

static step_fn decide, send_it, sent, settle, settled, verify, verified;

static void state_done(void *p)
{
	struct acm_import *m = p;

	acm_find_done(m);
	g_clear_error(&m->lost);
	g_free(m->what);
	g_free(m->place);
	g_free(m->title);
	g_free(m->id);
}

struct acm_import *acm_import_state(struct op *op)
{
	return aws_import_more(op, sizeof(struct acm_import), state_done);
}

static struct next fail(struct op *op, enum err code, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

static struct next fail(struct op *op, enum err code, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list args;

	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	return next_fail(op, code, "%s: %s", acm_import_state(op)->what, why);
}

/* ---- what is meant: a deployment's place (op->cert), what a person named, or the same ---- */

/* An answer to `name` that means one that is there: its ARN, what follows the store's address in
 * it, or the UUID alone. */
static char *place_of(const struct op *op, const char *name)
{
	const char *alias = aws_arn_alias(op->store, name);

	if (alias)
		return g_strdup(alias);
	if (g_str_has_prefix(name, "certificate/"))
		return g_strdup(name);
	return g_uuid_string_is_valid(name) ? g_strconcat("certificate/", name, NULL) : NULL;
}

static enum acm_import_mode mode_of(const struct op *op)
{
	const char *replace = args_text(op->args, "replace", op->bundle ? "same" : "no");

	if (!strcmp(replace, "new"))
		return ACM_IMPORT_NEW;
	return !strcmp(replace, "same") || args_bool(op->args, "replace") ? ACM_IMPORT_SAME :
									    ACM_IMPORT_CAREFUL;
}

struct next acm_import(struct op *op, const struct reply *none)
{
	struct acm_import *m = acm_import_state(op);
	g_autofree char *region = aws_cert_region(op);
	const char *name = args_get(op->args, "name");

	(void)none;
	m->what = g_strconcat("importing into ACM in ", region, NULL);
	m->mode = mode_of(op);
	if (name && g_str_has_prefix(name, "arn:") && !aws_arn_alias(op->store, name))
		return fail(op, ERR_USAGE, "that ARN is of another account or region; nothing was "
			    "sent");
	m->place = op->cert.alias ? g_strdup(op->cert.alias) : name ? place_of(op, name) : NULL;
	m->is_chosen = m->place;
	m->title = m->place || !name || !*name ? NULL : g_strdup(name);
	if (m->mode == ACM_IMPORT_NEW && !m->place)
		return send_it(op, NULL);
	return acm_find(op, decide);
}

/* ---- what is done ---- */

static struct next is_there(struct op *op, const struct acm_found *f)
{
	const struct bundle *b = aws_import_upload(op)->bundle;
	g_autofree char *arn = aws_arn(op->store, f->alias);

	op_placed(op, f->alias, b->facts.sha256);
	op_touch(op, op->store->id);
	op_say(op, "%s is there already, as %s; nothing was sent", b->facts.name, arn);
	return next_done();
}

/* What AWS lets an ARN be used for again. */
static struct next check_place(struct op *op, const struct acm_found *f)
{
	const struct aws_upload *u = aws_import_upload(op);
	g_autofree char *arn = aws_arn(op->store, f->alias);

	if (!f->cert)
		return fail(op, ERR_NOT_FOUND, "%s is not there", arn);
	if (strcmp(f->cert->type, "IMPORTED"))
		return fail(op, ERR_REFUSED, "%s was not imported (%s), and only imported ones can "
			    "be replaced; nothing was sent", arn, acm_cert_type_word(f->cert));
	if (f->is_exact)
		return is_there(op, f);
	if (!aws_upload_is_key(u, f->cert))
		return fail(op, ERR_REFUSED, "%s has a key %s and the new one %s, and a certificate "
			    "keeps the kind of its key: import it as a new one (replace new), move "
			    "what uses the old one over, and remove that; nothing was sent", arn,
			    f->cert->key, u->key);
	if (!aws_upload_shares_name(u, f->cert))
		return fail(op, ERR_REFUSED, "%s shares no name with the new one; nothing was sent",
			    arn);
	return send_it(op, NULL);
}

static struct next choose(struct op *op)
{
	struct acm_import *m = acm_import_state(op);
	g_autoptr(GString) arns = g_string_new(NULL);

	for (guint i = 0; i < m->found->len; i++) {
		const struct acm_found *f = m->found->pdata[i];

		g_string_append_printf(arns, "%s%s%s", i ? ", " : "", op->store->address, f->alias);
	}
	if (m->mode == ACM_IMPORT_CAREFUL)
		return fail(op, ERR_EXISTS, "there is one of the same names and key: %s; to take its "
			    "place say so (replace); nothing was sent", arns->str);
	return fail(op, ERR_USAGE, "several have the same names and key: %s; say which by its ARN "
		    "(name), or make a new one (replace new); nothing was sent", arns->str);
}

static struct next decide(struct op *op, const struct reply *none)
{
	struct acm_import *m = acm_import_state(op);

	(void)none;
	if (m->error)
		return next_fail_error(op, g_steal_pointer(&m->error));
	if (m->is_chosen)
		return check_place(op, m->found->pdata[0]);
	for (guint i = 0; i < m->found->len; i++)
		if (((struct acm_found *)m->found->pdata[i])->is_exact)
			return is_there(op, m->found->pdata[i]);
	if (m->found->len > 1 || (m->found->len && m->mode == ACM_IMPORT_CAREFUL))
		return choose(op);
	if (m->found->len)
		m->place = g_strdup(((struct acm_found *)m->found->pdata[0])->alias);
	return send_it(op, NULL);
}

/* ---- sending ---- */

static void put_base64(struct json_writer *w, const char *key, const char *text)
{
	g_autofree char *coded = text ? g_base64_encode((const guchar *)text, strlen(text)) : NULL;

	if (coded)
		json_put_str(w, key, coded);
}

static void put_tag(struct json_writer *w, const char *key, const char *value)
{
	json_open(w, NULL, '{');
	json_put_str(w, "Key", key);
	json_put_str(w, "Value", value);
	json_close(w, '}');
}

static GBytes *body(struct op *op)
{
	struct acm_import *m = acm_import_state(op);
	const struct aws_upload *u = aws_import_upload(op);
	g_autofree char *arn = m->place ? aws_arn(op->store, m->place) : NULL;
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	put_base64(&w, "Certificate", u->cert_pem);
	put_base64(&w, "CertificateChain", u->chain_pem);
	if (arn) {
		json_put_str(&w, "CertificateArn", arn);
	} else {
		json_open(&w, "Tags", '[');
		put_tag(&w, ACM_IMPORT_TAG, m->id);
		if (m->title)
			put_tag(&w, "Name", m->title);
		json_close(&w, ']');
	}
	json_close(&w, '}');
	return aws_call_body(out->str, "PrivateKey", u->key_pem);
}

static struct next send_it(struct op *op, const struct reply *none)
{
	struct acm_import *m = acm_import_state(op);

	(void)none;
	if (!m->place && !m->id)
		m->id = g_uuid_string_random();
	return aws_cert_send_body(op, AWS_ACM, "ImportCertificate", body(op), m->place, sent);
}

static struct next say_refused(struct op *op, const struct reply *r)
{
	struct acm_import *m = acm_import_state(op);
	GError *error = NULL;
	const char *hint = NULL;

	aws_cert_check(r, m->what, ACTION, &error);
	if (aws_cert_is(r, "LimitExceeded"))
		hint = "that is a quota of the account in this region, where also what was removed "
		       "counts for a year: it can be raised, and trying again does not help";
	else if (aws_cert_is(r, "Conflict"))
		hint = "another change of it has been under way for a minute: try again later";
	else if (aws_import_upload(op)->is_mixed && aws_cert_is(r, "Validation"))
		hint = "its key is of another family than its issuer's, which AWS says that it "
		       "does not support";
	return hint ? aws_cert_fail(op, error, hint) : next_fail_error(op, error);
}

static struct next sent(struct op *op, const struct reply *r)
{
	struct acm_import *m = acm_import_state(op);
	g_autoptr(json) j = NULL;
	const char *arn, *alias;

	if (aws_cert_is(r, "Conflict") && ++m->waits < CONFLICTS_MAX)
		return next_wait(CONFLICT_MS, send_it);
	if (!aws_cert_is_lost(r) && (r->status < 200 || r->status >= 300))
		return say_refused(op, r);
	m->waits = 0;
	j = aws_call_read_json(r, m->what, &m->lost);
	arn = json_str(j, "CertificateArn");
	alias = arn ? aws_arn_alias(op->store, arn) : NULL;
	if (!alias && !m->lost)
		g_set_error(&m->lost, ERR, ERR_REPLY, "%s: the answer names no certificate of this "
			    "region", m->what);
	if (!m->lost || m->place) {	/* what was sent under an ARN is there or is not */
		if (!m->place)
			m->place = g_strdup(alias);
		return verify(op, NULL);
	}
	return settle(op, NULL);
}

/* ---- when nobody knows ---- */

static struct next settle(struct op *op, const struct reply *none)
{
	(void)none;
	return acm_find(op, settled);
}

static struct next say_lost(struct op *op, const char *how)
{
	struct acm_import *m = acm_import_state(op);

	op_touch(op, op->store->id);
	return next_fail(op, (enum err)m->lost->code, "%s; %s; importing it again sends nothing when "
			 "it has arrived meanwhile", m->lost->message, how);
}

/* Where this user may not read tags: the same bytes were not there before. */
static bool is_ours(const struct acm_import *m, const struct acm_found *f)
{
	return f->is_tagged || (f->is_exact && m->mode != ACM_IMPORT_NEW);
}

static struct next settled(struct op *op, const struct reply *none)
{
	struct acm_import *m = acm_import_state(op);

	(void)none;
	if (m->error)
		return say_lost(op, "whether it arrived could not be found out");
	for (guint i = 0; i < m->found->len; i++) {
		const struct acm_found *f = m->found->pdata[i];

		if (!is_ours(m, f))
			continue;
		m->place = g_strdup(f->alias);
		g_clear_error(&m->lost);
		m->waits = 0;
		return verify(op, NULL);
	}
	if (++m->waits < SETTLES_MAX)
		return next_wait(SETTLE_MS, settle);
	return say_lost(op, "it is not among the certificates there");
}

/* ---- what is there now ---- */

static struct next verify(struct op *op, const struct reply *none)
{
	g_autofree char *json = aws_cert_json(op, acm_import_state(op)->place);

	(void)none;
	return aws_cert_send(op, AWS_ACM, "GetCertificate", json, true, verified);
}

static bool is_sent(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = aws_call_read_json(r, "", NULL);
	g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	return aws_cert_read_pem(json_str(j, "Certificate"), "", certs, NULL) && certs->len &&
	       g_bytes_equal(certs->pdata[0], aws_import_upload(op)->bundle->cert);
}

static struct next finish(struct op *op)
{
	struct acm_import *m = acm_import_state(op);
	const struct bundle *b = aws_import_upload(op)->bundle;
	g_autofree char *region = aws_cert_region(op);
	g_autofree char *arn = aws_arn(op->store, m->place);

	op_placed(op, m->place, b->facts.sha256);
	op_touch(op, op->store->id);
	op_say(op, "%s is in ACM in %s, %s %s", b->facts.name, region,
	       m->id ? "as" : "in the place of what was", arn);
	return next_done();
}

static struct next verified(struct op *op, const struct reply *r)
{
	struct acm_import *m = acm_import_state(op);
	g_autofree char *arn = aws_arn(op->store, m->place);
	bool is_denied = aws_cert_is(r, "AccessDenied");
	GError *error = NULL;

	if (is_sent(op, r))
		return finish(op);
	if (!is_denied && ++m->waits < VERIFIES_MAX)
		return next_wait(VERIFY_MS, verify);
	if (m->lost)
		return say_lost(op, "what is there is not what was sent");
	op_touch(op, op->store->id);
	if (aws_cert_check(r, m->what, "acm:GetCertificate", &error))
		return fail(op, ERR_REPLY, "ACM took it as %s, but shows another certificate there",
			    arn);
	/* It was taken, and that it cannot be read back is no reason to send it again. */
	op_trouble(op, "not compared with what was sent: %s", error->message);
	g_error_free(error);
	return finish(op);
}
