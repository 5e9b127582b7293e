/*
 * aws_describe: what AWS tells of a certificate beyond its bytes, out of its store's memo: for a
 * person, in lines.
 */
#include "acm.h"

#include <string.h>


#define USERS_SHOWN 50		/* one line each */

typedef void part_fn(struct detail *d, const struct acm_cert *c, int64_t now);

static void add_text(struct detail *d, const char *label, const char *text)
{
	if (*text)
		detail_add(d, TONE_PLAIN, label, "%s", text);
}

static enum tone tone_of_status(const struct acm_cert *c)
{
	static const char *const bad[] = { "REVOKED", "FAILED", "VALIDATION_TIMED_OUT", "EXPIRED",
					   "DELETED", NULL };
	static const char *const good[] = { "ISSUED", "ACTIVE", NULL };

	if (g_strv_contains(bad, c->status))
		return TONE_BAD;
	return g_strv_contains(good, c->status) ? TONE_GOOD : TONE_NOTICE;
}

static void add_revoked(struct detail *d, const struct acm_cert *c)
{
	if (c->is_revoked)
		detail_add(d, TONE_BAD, "Revoked", "by its private authority");
	add_text(d, "Revoked because", c->revocation_reason);
}

static void add_status(struct detail *d, const struct acm_cert *c, int64_t now)
{
	(void)now;
	if (*c->status)
		detail_add(d, tone_of_status(c), "Status", "%s", acm_cert_say_status(c));
	detail_add(d, TONE_PLAIN, "Type", "%s", acm_cert_type_word(c));
	if (*c->failure)
		detail_add(d, TONE_BAD, "Failure", "%s (%s)", acm_cert_say_failure(c->failure),
			   c->failure);
	add_revoked(d, c);
	if (c->is_missed)
		detail_add(d, TONE_NOTICE, "Last list", "had it no more: it was deleted, or will be back "
							"in the next one");
}

/* ---- who uses it ---- */

/* What people call those that use most certificates. */
static const struct {
	const char *service, *begins, *word;
} users[] = {
	{ "elasticloadbalancing", "loadbalancer/", "load balancer" },
	{ "cloudfront", "distribution/", "CloudFront distribution" },
	{ "apigateway", "/domainnames/", "API Gateway domain" },
};

char *aws_describe_user(const char *arn)
{
	g_auto(GStrv) parts = g_strsplit(arn, ":", 6);
	const char *word, *name;

	if (g_strv_length(parts) != 6)
		return g_strdup(arn);
	word = parts[2];
	name = parts[5];
	for (size_t i = 0; i < G_N_ELEMENTS(users); i++) {
		if (strcmp(parts[2], users[i].service) || !g_str_has_prefix(parts[5], users[i].begins))
			continue;
		word = users[i].word;
		name = parts[5] + strlen(users[i].begins);
	}
	return g_strdup_printf("%s %s%s%s", word, name, *parts[3] ? " in " : "", parts[3]);
}

static void add_user(struct detail *d, const char *label, const char *arn)
{
	g_autofree char *text = aws_describe_user(arn);

	detail_add(d, TONE_PLAIN, label, "%s", text);
}

static void add_users(struct detail *d, const struct acm_cert *c, int64_t now)
{
	guint n = g_strv_length(c->in_use_by);

	(void)now;
	for (guint i = 0; i < MIN(n, USERS_SHOWN); i++)
		add_user(d, i ? "" : "In use by", c->in_use_by[i]);
	if (n > USERS_SHOWN)
		detail_add(d, TONE_DIM, "", "and %u more", n - USERS_SHOWN);
	if (n)
		detail_add(d, TONE_DIM, "", "as of when its details were read; others may have come since");
	else if (c->is_in_use && c->has_details)
		detail_add(d, TONE_PLAIN, "In use by", "an AWS service, but AWS does not say which");
	else if (c->is_in_use)
		detail_add(d, TONE_PLAIN, "In use by", "an AWS service; which one is not known here, since "
						       "its details were not read");
	else if (*c->status)
		detail_add(d, TONE_DIM, "In use by", "nothing that AWS knows of");
}

/* ---- renewal ---- */

static const struct {
	const char *status, *sentence;
	enum tone tone;
} renewals[] = {
	{ "PENDING_AUTO_RENEWAL", "AWS is renewing it", TONE_NOTICE },
	{ "PENDING_VALIDATION", "waits for a proof of control of its names: records or mails", TONE_WARN },
	{ "SUCCESS", "the last one worked", TONE_GOOD },
	{ "FAILED", "failed: it will end", TONE_BAD },
};

static void add_renewal(struct detail *d, const struct acm_cert *c, int64_t now)
{
	g_autofree char *eligibility = acm_cert_say_eligibility(c, now);
	const char *said = c->renewal;
	enum tone tone = TONE_PLAIN;

	detail_add(d, TONE_PLAIN, "Renewal by AWS", "%s", eligibility);
	for (size_t i = 0; i < G_N_ELEMENTS(renewals); i++)
		if (!strcmp(c->renewal, renewals[i].status)) {
			said = renewals[i].sentence;
			tone = renewals[i].tone;
		}
	if (*said)
		detail_add(d, tone, "Renewal", "%s", said);
	if (*c->renewal_reason)
		detail_add(d, TONE_BAD, "", "%s (%s)", acm_cert_say_failure(c->renewal_reason),
			   c->renewal_reason);
}

static void add_options(struct detail *d, const struct acm_cert *c, int64_t now)
{
	const GPtrArray *options = c->renewal_options->len ? c->renewal_options : c->options;

	(void)now;
	for (guint i = 0; i < options->len; i++) {
		const struct acm_option *o = options->pdata[i];

		if (*o->record_name)
			detail_add(d, TONE_PLAIN, i ? "" : "Validation", "%s by %s %s %s", o->name,
				   o->record_name, o->record_type, o->record_value);
		else if (*o->method)
			detail_add(d, TONE_PLAIN, i ? "" : "Validation", "%s by %s%s%s", o->name,
				   !strcmp(o->method, "EMAIL") ? "mail" : o->method,
				   *o->domain ? " to " : "", o->domain);
	}
}

/* ---- the rest ---- */

static void add_origin(struct detail *d, const struct acm_cert *c, int64_t now)
{
	(void)now;
	add_text(d, "Authority", c->ca_arn);
	add_text(d, "Managed by", c->managed_by);
	if (!strcmp(c->export, "ENABLED"))
		detail_add(d, TONE_PLAIN, "Private key", "may be exported, for a price%s",
			   c->was_exported ? "; it was, since it was last issued" : "");
	else if (!strcmp(c->type, "PRIVATE"))
		detail_add(d, TONE_PLAIN, "Private key", "may be exported%s",
			   c->was_exported ? "; it was, since it was last issued" : "");
	else
		detail_add(d, TONE_DIM, "Private key", "stays with AWS: this one cannot be exported");
}

static void add_times(struct detail *d, const struct acm_cert *c, int64_t now)
{
	(void)now;
	detail_add_time(d, "Requested", !strcmp(c->type, "IMPORTED") ? 0 : c->created);
	detail_add_time(d, "Issued", c->issued);
	detail_add_time(d, "Imported", c->imported);
	detail_add_time(d, "Revoked at", c->revoked);
}

static void add_iam(struct detail *d, const struct acm_cert *c, int64_t now)
{
	(void)now;
	detail_add(d, TONE_PLAIN, "Type", "IAM server certificate");
	add_text(d, "Name in IAM", c->name);
	add_text(d, "ID", c->managed_by);
	detail_add_time(d, "Uploaded", c->imported);
	detail_add(d, TONE_PLAIN, "Renewal by AWS", "no: it was uploaded; upload its successor under "
						    "another name, or move it to ACM");
}

static void add_authority(struct detail *d, const struct acm_cert *c, int64_t now)
{
	g_autofree char *key = acm_cert_say_key(c->key);

	(void)now;
	detail_add(d, tone_of_status(c), "Status", "%s", acm_cert_say_status(c));
	detail_add(d, TONE_PLAIN, "Type", "private authority%s%s", *c->origin ? ", " : "",
		   !strcmp(c->origin, "ROOT") ? "a root" :
		   !strcmp(c->origin, "SUBORDINATE") ? "below another one" : c->origin);
	add_text(d, "Failure", c->failure);
	add_text(d, "Authority's key", key);
	add_text(d, "It signs with", c->signature);
	if (!strcmp(c->managed_by, "SHORT_LIVED_CERTIFICATE"))
		detail_add(d, TONE_PLAIN, "It issues", "for seven days at most");
	detail_add_time(d, "Created", c->created);
}

static void add_issued(struct detail *d, const struct acm_cert *c, int64_t now)
{
	(void)now;
	add_revoked(d, c);
	detail_add_time(d, "Revoked at", c->revoked);
	detail_add(d, TONE_PLAIN, "Type", "issued by this private authority, without ACM");
	detail_add(d, TONE_PLAIN, "Renewal by AWS", "no: ACM does not know it; request another one");
}

/* By the type of store; an authority's own certificate is told from those that it issued. */
static const struct {
	const char *store;
	part_fn *parts[7];
} views[] = {
	{ AWS_STORE_ACM, { add_status, add_users, add_renewal, add_options, add_origin, add_times } },
	{ AWS_STORE_IAM, { add_iam } },
	{ AWS_STORE_CA,  { add_issued } },
};

void aws_describe(struct detail *d, const struct store *s, const char *alias, GBytes *memo, int64_t now)
{
	g_autoptr(GHashTable) certs = acm_memo_read(memo);
	const struct acm_cert *c = g_hash_table_lookup(certs, alias);
	g_autofree char *arn = aws_arn(s, alias);

	detail_add(d, TONE_PLAIN, "ARN", "%s", arn);
	if (!c)
		return;
	if (!strcmp(c->type, ACM_TYPE_CA)) {
		add_authority(d, c, now);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(views); i++)
		for (part_fn *const *p = views[i].parts; !strcmp(views[i].store, s->type) && *p; p++)
			(*p)(d, c, now);
}
