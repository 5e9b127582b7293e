/*
 * aws_revoke: a certificate is revoked by whoever issued it: ACM for public ones whose key was
 * exported, the private CA for its own.  What nobody there can revoke is told to whom to go.
 *
 * A public one is revoked for few reasons only, and no lost answer does harm: what is revoked
 * already stays so.
 */
#include "aws_cert.h"

#include <string.h>

static step_fn described, acm_revoked, pca_revoked;

/* clang-format off */
static const struct {
	const char *ours, *theirs;
	bool is_public;		/* one that AWS takes for its public certificates */
} reasons[] = {
	{ "unspecified",            "UNSPECIFIED",            true },
	{ "key-compromise",         "KEY_COMPROMISE",         false },
	{ "affiliation-changed",    "AFFILIATION_CHANGED",    true },
	{ "superseded",             "SUPERSEDED",             true },
	{ "cessation-of-operation", "CESSATION_OF_OPERATION", true },
	{ "privilege-withdrawn",    "PRIVILEGE_WITHDRAWN",    false },
};
/* clang-format on */

const char *aws_revoke_reason(const struct args *args, bool *ret_is_public)
{
	const char *said = args_text(args, "reason", "");

	for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
		if (!strcmp(reasons[i].ours, said)) {
			*ret_is_public = reasons[i].is_public;
			return reasons[i].theirs;
		}
	}
	return NULL;
}

bool aws_revoke_check(const struct args *args, GError **error)
{
	bool is_public, has_comment = *args_text(args, "comment", "") != 0;

	if (!has_comment && aws_revoke_reason(args, &is_public))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "%s", has_comment ?
		    "AWS keeps no comment with a revocation: leave it out" : "there is no such reason");
	return false;
}

static char *what_of(const struct op *op)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);

	return g_strconcat("revoking ", arn, NULL);
}

static struct next revoked(struct op *op, const char *more)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);

	op_touch(op, op->store->id);
	op_say(op, "%s %s", arn, more);
	return next_done();
}

/* ---- by the private CA ---- */

/* Nobody tells of it again, so that it stays known here: when and why, if it was we. */
static struct next revoked_by_ca(struct op *op, bool is_ours, const char *more)
{
	g_autoptr(GHashTable) certs = acm_memo_read(op->memo);
	const struct acm_memo_note note = acm_memo_note(op->memo);
	struct acm_cert *c = g_hash_table_lookup(certs, op->cert.alias);
	bool is_public;

	if (c && !c->is_revoked) {
		c->is_revoked = true;
		c->revoked = is_ours ? op->now : 0;
		store_set(&c->revocation_reason, is_ours ? aws_revoke_reason(op->args, &is_public) : "");
		op_memo(op, acm_memo_write(certs, &note));
	}
	return revoked(op, more);
}

char *aws_revoke_serial(const char *serial)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; serial[i]; i++)
		g_string_append_printf(s, "%s%c", i && i % 2 == 0 ? ":" : "", serial[i]);
	return g_string_free(s, FALSE);
}

static struct next revoke_private(struct op *op, const char *ca, const char *serial)
{
	g_autofree char *region = aws_arn_region(ca), *coded = aws_revoke_serial(serial);
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };
	struct request_out *r;
	GError *error = NULL;
	bool is_public;

	json_open(&w, NULL, '{');
	json_put_str(&w, "CertificateAuthorityArn", ca);
	json_put_str(&w, "CertificateSerial", coded);
	json_put_str(&w, "RevocationReason", aws_revoke_reason(op->args, &is_public));
	json_close(&w, '}');
	r = aws_cert_make(op, AWS_ACM_PCA, region, "RevokeCertificate", g_bytes_new(out->str, out->len),
			  &error);
	if (!r)
		return next_fail_error(op, error);
	r->is_repeatable = true;
	return next_send(r, pca_revoked);
}

static struct next pca_revoked(struct op *op, const struct reply *r)
{
	g_autofree char *what = what_of(op);
	GError *error = NULL;

	if (aws_cert_is(r, "RequestAlreadyProcessed"))
		return revoked_by_ca(op, false, "was revoked already");
	if (aws_cert_is(r, "RequestInProgress"))
		return revoked_by_ca(op, false, "is being revoked already");
	if (!aws_cert_check(r, what, "acm-pca:RevokeCertificate", &error))
		return next_fail_error(op, error);
	return revoked_by_ca(op, true, "is revoked by its private CA; its revocation list says so within "
			     "half an hour, OCSP within an hour, where it has them");
}

static struct next revoke_row(struct op *op)
{
	g_autofree char *what = what_of(op), *serial = NULL;
	struct facts f = { 0 };
	GError *error = NULL;
	gsize len;
	const uint8_t *der;

	if (!*op->cert.alias)
		return next_fail(op, ERR_REFUSED, "%s: that is the authority's own certificate, which its "
				 "issuer revokes", what);
	if (!op->cert.der)
		return next_fail(op, ERR_NOT_FOUND, "%s: its bytes are not kept here: refresh its store",
				 what);
	der = g_bytes_get_data(op->cert.der, &len);
	if (!x509_facts(der, len, &f, &error))
		return next_fail_error(op, error);
	serial = g_strdup(f.serial);
	facts_done(&f);
	return revoke_private(op, op->store->address, serial);
}

/* ---- by ACM ---- */

static struct next revoke_public(struct op *op, const struct acm_cert *c)
{
	g_autofree char *what = what_of(op), *arn = aws_arn(op->store, op->cert.alias);
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };
	bool is_public = false;
	const char *reason = aws_revoke_reason(op->args, &is_public);

	if (strcmp(c->export, "ENABLED"))
		return next_fail(op, ERR_REFUSED, "%s: its key never leaves AWS, and so AWS revokes it not: "
				 "remove it instead", what);
	if (!is_public)
		return next_fail(op, ERR_REFUSED, "%s: AWS takes as reasons of a public certificate only "
				 "unspecified, affiliation-changed, superseded and cessation-of-operation; "
				 "a key in wrong hands is reported to Amazon Trust Services", what);
	json_open(&w, NULL, '{');
	json_put_str(&w, "CertificateArn", arn);
	json_put_str(&w, "RevocationReason", reason);
	json_close(&w, '}');
	return aws_cert_send(op, AWS_ACM, "RevokeCertificate", out->str, true, acm_revoked);
}

static struct next described(struct op *op, const struct reply *r)
{
	g_autofree char *what = what_of(op);
	GError *error = NULL;
	g_autoptr(acm_cert) c = aws_cert_described(op, r, what, &error);

	if (!c)
		return next_fail_error(op, error);
	if (!strcmp(c->status, "REVOKED"))
		return revoked(op, "was revoked already");
	if (!strcmp(c->type, "IMPORTED"))
		return next_fail(op, ERR_REFUSED, "%s: it was imported: its issuer revokes it, %s", what,
				 *c->issuer ? c->issuer : "not AWS");
	if (!strcmp(c->origin, "ACME"))
		return next_fail(op, ERR_REFUSED, "%s: it came by ACME: its ACME client revokes it", what);
	if (strcmp(c->type, "PRIVATE"))
		return revoke_public(op, c);
	if (!*c->ca_arn || !*c->serial)
		return next_fail(op, ERR_PENDING, "%s: ACM does not tell its authority and serial (yet)",
				 what);
	return revoke_private(op, c->ca_arn, c->serial);
}

static struct next acm_revoked(struct op *op, const struct reply *r)
{
	g_autofree char *what = what_of(op);
	GError *error = NULL;

	if (aws_cert_check(r, what, "acm:RevokeCertificate", &error))
		return revoked(op, "is revoked");
	if (aws_cert_is(r, "ResourceInUse"))
		return aws_cert_fail(op, error, "take it out of what uses it first");
	if (aws_cert_is(r, "Validation"))
		return aws_cert_fail(op, error, "AWS revokes a public certificate only once its key was "
				     "exported: remove it instead");
	return next_fail_error(op, error);
}

struct next aws_revoke(struct op *op, const struct reply *none)
{
	GError *error = NULL;

	(void)none;
	if (!aws_revoke_check(op->args, &error))
		return next_fail_error(op, error);
	if (!strcmp(op->store->type, AWS_STORE_ACM))
		return aws_cert_describe(op, described);
	if (!strcmp(op->store->type, AWS_STORE_CA))
		return revoke_row(op);
	return next_fail(op, ERR_REFUSED, "IAM only keeps what others issued: the issuer of %s revokes it",
			 aws_cert_iam_name(op->cert.alias));
}
