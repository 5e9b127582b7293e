/*
 * aws_renew: having a certificate renewed before AWS would do it by itself.
 *
 * ACM can be told so for what was exported alone, since it keeps all else in order without being
 * asked; of the rest it is said why not, and what happens instead.  The ARN stays, and renewal
 * status and end lag behind: that the serial has changed is the one sure sign.
 */
#include "aws_cert.h"

#include <string.h>

#define ACTION    "acm:RenewCertificate"
#define LOOK_MS   10000
#define LOOKS_MAX 18	/* three minutes: a private CA needs seconds */

struct renewing {
	char *what, *serial;
	bool is_public, had_failed;	/* an earlier renewal had */
	GError *lost;		/* why nobody knows whether it was asked for */
	guint looks;
};

static step_fn described, asked, look, looked;

static void renewing_done(void *p)
{
	struct renewing *m = p;

	g_free(m->what);
	g_free(m->serial);
	g_clear_error(&m->lost);
}

static struct renewing *mine(struct op *op)
{
	return aws_mine(op, sizeof(struct renewing), renewing_done);
}

/* ---- what a rule may propose ---- */

/* What AWS takes care of by itself, or has under way, is nobody's work; of the rest it renews what
 * was exported since it was issued. */
static bool is_renewable(const struct acm_cert *c)
{
	bool is_left = strcmp(c->eligibility, "ELIGIBLE") || !strcmp(c->renewal, "FAILED");

	return !strcmp(c->status, "ISSUED") && is_left && c->was_exported &&
	       strcmp(c->type, "IMPORTED") && strcmp(c->origin, "ACME") &&
	       !g_str_has_prefix(c->renewal, "PENDING");
}

GHashTable *aws_find_renewable(const struct store *s, GBytes *memo, int64_t now)
{
	GHashTable *ret = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, renewable_free);
	g_autoptr(GHashTable) certs = !strcmp(s->type, AWS_STORE_ACM) ? acm_memo_read(memo) : NULL;
	GHashTableIter i;
	void *alias, *value;

	(void)now;
	if (!certs)
		return ret;
	g_hash_table_iter_init(&i, certs);
	while (g_hash_table_iter_next(&i, &alias, &value)) {
		const struct acm_cert *c = value;

		if (is_renewable(c))
			g_hash_table_replace(ret, g_strdup(alias),
					     renewable_new(strcmp(c->type, "PRIVATE") ?
						"AWS charges for it as for a new one" : ""));
	}
	return ret;
}

/* ---- renewing ---- */

struct next aws_renew(struct op *op, const struct reply *none)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);

	(void)none;
	if (!strcmp(op->store->type, AWS_STORE_IAM))
		return next_fail(op, ERR_REFUSED, "%s: IAM renews nothing: get a new certificate, add "
				 "it under a name of its own, and point to it what uses this one", arn);
	if (strcmp(op->store->type, AWS_STORE_ACM))
		return next_fail(op, ERR_REFUSED, "%s: a private CA renews nothing that was asked of it "
				 "with a request of one's own: order a new one", arn);
	mine(op)->what = g_strconcat("renewing ", arn, NULL);
	return aws_cert_describe(op, described);
}

/* Why AWS would not; NULL: it may.  Whether it was exported, AWS itself knows best. */
static char *why_not(const struct acm_cert *c, int64_t now)
{
	g_autofree char *eligibility = NULL;

	if (!strcmp(c->type, "IMPORTED"))
		return g_strdup("ACM renews nothing that was imported: get a new one from its issuer "
				"and deploy it in this one's place");
	if (!strcmp(c->origin, "ACME"))
		return g_strdup("it came by ACME, and its ACME client renews it");
	if (strcmp(c->status, "ISSUED"))
		return g_strdup_printf("it is %s, and only issued ones are renewed: order a new one",
				       c->status);
	if (!strcmp(c->type, "PRIVATE") || !strcmp(c->export, "ENABLED"))
		return NULL;
	eligibility = acm_cert_say_eligibility(c, now);
	return g_strdup_printf("AWS renews public certificates that cannot be exported by itself alone: %s",
			       eligibility);
}

static struct next described(struct op *op, const struct reply *r)
{
	struct renewing *m = mine(op);
	GError *error = NULL;
	g_autoptr(acm_cert) c = aws_cert_described(op, r, m->what, &error);
	g_autofree char *json = aws_cert_json(op, op->cert.alias), *why = NULL;

	if (!c)
		return next_fail_error(op, error);
	why = why_not(c, op->now);
	if (why)
		return next_fail(op, ERR_REFUSED, "%s: %s", m->what, why);
	if (strcmp(c->type, "PRIVATE") && !args_bool(op->args, "charge"))
		return next_fail(op, ERR_REFUSED, "%s: AWS charges for the renewal of a public certificate "
				 "whose key may leave it as for a new one, for each name: accept that "
				 "(charge) to go on; nothing was renewed", m->what);
	m->serial = g_strdup(c->serial);
	m->is_public = strcmp(c->type, "PRIVATE");
	m->had_failed = !strcmp(c->renewal, "FAILED");
	/* Asked once: a second time after a lost answer could be a second renewal. */
	return aws_cert_send(op, AWS_ACM, "RenewCertificate", json, false, asked);
}

static struct next asked(struct op *op, const struct reply *r)
{
	struct renewing *m = mine(op);
	GError *error = NULL;

	if (aws_cert_check(r, m->what, ACTION, &error))
		return next_wait(LOOK_MS, look);
	if (aws_cert_is(r, "RequestInProgress")) {
		g_error_free(error);
		return look(op, NULL);
	}
	if (aws_cert_is_lost(r)) {	/* the serial will tell */
		m->lost = error;
		return look(op, NULL);
	}
	if (!aws_cert_is(r, "Validation"))
		return next_fail_error(op, error);
	return aws_cert_fail(op, error, "AWS renews on demand only what was exported since it was "
			     "issued: export it with its private key first");
}

/* ---- until it has another serial ---- */

static struct next look(struct op *op, const struct reply *none)
{
	(void)none;
	return aws_cert_describe(op, looked);
}

static struct next renewed(struct op *op)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);

	op_touch(op, op->store->id);
	op_say(op, "%s is renewed; what was exported before is of the old one: export it again%s", arn,
	       mine(op)->is_public ? "; AWS charges for it as for a new one" : "");
	return next_done();
}

static struct next goes_on(struct op *op)
{
	g_autofree char *arn = aws_arn(op->store, op->cert.alias);
	struct renewing *m = mine(op);

	op_touch(op, op->store->id);
	if (m->lost)
		return aws_cert_fail(op, g_steal_pointer(&m->lost), "whether AWS took it is not known; "
				     "it is not renewed yet");
	op_say(op, "%s is being renewed; that goes on in AWS, and a refresh will show it", arn);
	return next_done();
}

static struct next looked(struct op *op, const struct reply *r)
{
	struct renewing *m = mine(op);
	GError *error = NULL;
	g_autoptr(acm_cert) c = aws_cert_described(op, r, m->what, &error);

	if (!c)
		return next_fail_error(op, error);
	if (*c->serial && strcmp(c->serial, m->serial))
		return renewed(op);
	if (!m->had_failed && !strcmp(c->renewal, "FAILED")) {
		op_touch(op, op->store->id);
		return next_fail(op, ERR_FAILED, "%s: AWS could not: %s", m->what,
				 acm_cert_say_failure(c->renewal_reason));
	}
	if (++m->looks >= LOOKS_MAX)
		return goes_on(op);
	return next_wait(LOOK_MS, look);
}
