/*
 * aws_planned_order: what ordering would do, and what would be done to that which waits: mails once
 * more, taking an order back, putting records into Route 53.
 */
#include "aws_planned.h"

#include <string.h>

#include "acm_request.h"
#include "route53.h"

/* ---- ordering from ACM ---- */

static void run_names(struct plan *p, const char *option, char *const *names)
{
	if (!*names)
		return;
	g_string_append_printf(p->line, " %s", option);
	for (; *names; names++)
		plan_word(p, *names);
}

static void run_tags(struct plan *p, char *const *tags)
{
	if (!tags || !*tags)
		return;
	g_string_append(p->line, " --tags");
	for (; *tags; tags++) {
		g_autofree char *key = g_strndup(*tags, strcspn(*tags, "="));
		g_autofree char *pair = g_strdup_printf("Key=%s,Value=%s", key,
							*tags + strlen(key) + 1);

		plan_word(p, pair);
	}
}

static void run_domains(struct plan *p, char *const *names, const char *domain)
{
	if (!*domain)
		return;
	g_string_append(p->line, " --domain-validation-options");
	for (; *names; names++) {
		g_autofree char *pair = g_strdup_printf("DomainName=%s,ValidationDomain=%s", *names,
							domain);

		plan_word(p, pair);
	}
}

static void run_order(struct op *op, struct plan *p, const struct args *asked, char *const *names)
{
	g_auto(GStrv) tags = args_list(asked, "tags");
	const char *ca = args_text(asked, "ca", "");

	aws_planned_run(op, p, AWS_ACM, "request-certificate");
	plan_option(p, "--domain-name", names[0]);
	run_names(p, "--subject-alternative-names", names + 1);
	plan_option(p, "--certificate-authority-arn", *ca ? ca : NULL);
	plan_option(p, "--validation-method", *ca ? NULL :
		    !strcmp(args_text(asked, "validation", ""), "email") ? "EMAIL" : "DNS");
	run_domains(p, names, args_text(asked, "validation-domain", ""));
	plan_option(p, "--key-algorithm", acm_order_algorithm(args_text(asked, "key", "")));
	if (args_bool(asked, "exportable"))
		plan_option(p, "--options", "Export=ENABLED");
	run_tags(p, tags);
}

static void say_validation(struct plan *p, const struct args *asked, char *const *names)
{
	const char *domain = args_text(asked, "validation-domain", "");
	const char *how = args_text(asked, "validation", "");

	if (!strcmp(how, "dns"))
		plan_not(p, "no DNS record is put anywhere: publish does that, once AWS has said which");
	if (strcmp(how, "email"))
		return;
	for (; *names; names++)
		plan_warn(p, "mails go to admin, administrator, hostmaster, postmaster and webmaster of %s",
			  *domain ? domain : g_str_has_prefix(*names, "*.") ? *names + 2 : *names);
	plan_not(p, "no mail is sent from here: AWS sends them");
}

static void say_costs(struct plan *p, const struct args *asked)
{
	if (args_bool(asked, "exportable"))
		plan_cost(p, "AWS charges for a public certificate whose key can be taken out, for each name "
			  "and again with each renewal");
	else if (*args_text(asked, "ca", ""))
		plan_cost(p, "AWS may charge for what a private CA issues");
	plan_cost(p, "it counts towards the account's yearly quota of certificates, also when it is "
		  "deleted later");
}

static bool plan_acm(struct op *op, struct plan *p, GError **error)
{
	g_auto(GStrv) names = NULL;
	g_autoptr(args) asked = acm_order_answers(op, &names, error);
	g_autofree char *what = asked ? g_strjoinv(", ", names) : NULL;
	const char *ca = args_text(asked ? asked : op->args, "ca", "");

	if (!asked)
		return false;
	if (*ca) {
		aws_planned_call(op, p, PLAN_ASKS, AWS_ACM_PCA, "DescribeCertificateAuthority", ca);
		aws_planned_call(op, p, PLAN_ASKS, AWS_ACM_PCA, "ListPermissions", ca);
	}
	aws_planned_call(op, p, PLAN_CHANGES, AWS_ACM, "RequestCertificate", what);
	aws_planned_call(op, p, PLAN_ASKS, AWS_ACM, "DescribeCertificate", "how it stands");
	aws_planned_call(op, p, PLAN_MAYBE, AWS_ACM, "GetCertificate", "as soon as it is issued");
	say_costs(p, asked);
	say_validation(p, asked, names);
	plan_not(p, "nothing is deployed, and no certificate of the same names is replaced or revoked");
	run_order(op, p, asked, names);
	return true;
}

/* ---- ordering from a private authority ---- */

static bool read_span(const struct op *op, int64_t *ret, GError **error)
{
	if (clock_read_span(args_text(op->args, "validity", "395d"), ret) && *ret > 0)
		return true;
	g_set_error(error, ERR, ERR_USAGE, "that validity is no span, as 90d is one");
	return false;
}

/* What holds for each request that a private authority signs, wherever that comes from. */
static void plan_issue(struct op *op, struct plan *p, const char *template)
{
	aws_planned_call(op, p, PLAN_ASKS, AWS_ACM_PCA, "DescribeCertificateAuthority",
			 op->store->address);
	aws_planned_call(op, p, PLAN_CHANGES, AWS_ACM_PCA, "IssueCertificate", template);
	aws_planned_call(op, p, PLAN_ASKS, AWS_ACM_PCA, "GetCertificate", "until it is there");
	plan_cost(p, "AWS charges for each certificate that a private CA issues");
}

static void run_issue(struct op *op, struct plan *p, const char *csr /* NULL: it is not known yet */,
		      const char *template, int64_t seconds)
{
	g_autofree char *validity =
		g_strdup_printf("Value=%" G_GINT64_FORMAT ",Type=ABSOLUTE", op->now + seconds);
	g_autoptr(acm_cert) ca = aws_planned_known(op, "");

	aws_planned_run(op, p, AWS_ACM_PCA, "issue-certificate");
	plan_option(p, "--certificate-authority-arn", op->store->address);
	plan_option(p, "--csr", csr);
	if (!csr)
		plan_variable(p, "--csr fileb://", "CSR_FILE", "the file of the request");
	if (ca && *ca->signature)
		plan_option(p, "--signing-algorithm", ca->signature);
	else
		plan_variable(p, "--signing-algorithm ", "SIGNING_ALGORITHM",
			      "that of the authority, as in SHA256WITHRSA");
	plan_option(p, "--template-arn", template);
	plan_option(p, "--validity", validity);
}

static bool plan_pca(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *csr = file_absolute(args_text(op->args, "csr", ""));
	g_autofree char *file = g_strconcat("fileb://", csr, NULL);
	g_autofree char *template = pca_order_template(op, args_text(op->args, "profile", "both"));
	int64_t seconds;

	if (!read_span(op, &seconds, error))
		return false;
	plan_call(p, PLAN_ASKS, "read", csr, "the request");
	plan_issue(op, p, template);
	plan_not(p, "%s stays as it is, and its key is not sent", csr);
	plan_not(p, "nothing is deployed");
	run_issue(op, p, file, template, seconds);
	return true;
}

bool aws_planned_enrol(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *template = pca_order_template(op, args_text(op->args, "profile", ""));
	int64_t seconds;

	if (strcmp(op->store->type, AWS_STORE_CA) != 0)
		return aws_planned_refuse(op, error);
	if (!read_span(op, &seconds, error))
		return false;
	plan_issue(op, p, template);
	plan_not(p, "the private key is not sent");
	run_issue(op, p, NULL, template, seconds);
	return true;
}

bool aws_planned_order(struct op *op, struct plan *p, GError **error)
{
	if (!strcmp(op->store->type, AWS_STORE_ACM))
		return plan_acm(op, p, error);
	if (!strcmp(op->store->type, AWS_STORE_CA))
		return plan_pca(op, p, error);
	return aws_planned_refuse(op, error);
}

/* ---- what waits ---- */

/* The ARN of the certificate that a row is about; NULL, with why. */
static char *arn_of(const struct op *op, const struct acm_kept *k, GError **error)
{
	if (op->store && *k->alias && !strcmp(op->store->type, AWS_STORE_ACM))
		return aws_arn(op->store, k->alias);
	g_set_error(error, ERR, ERR_NOT_FOUND, "AWS has no certificate of this request that it would "
		    "do that to");
	return NULL;
}

bool aws_planned_resend(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(acm_kept) k = acm_kept_read(op->request->kept);
	g_autofree char *arn = arn_of(op, k, error);
	g_autoptr(GPtrArray) waiting = arn ? acm_resend_waiting(op, k, error) : NULL;
	const char *said = args_text(op->args, "domain", "");

	for (guint i = 0; waiting && i < waiting->len; i++) {
		const struct acm_option *o = waiting->pdata[i];
		const char *domain = acm_resend_domain(o, said);

		aws_planned_call(op, p, PLAN_CHANGES, AWS_ACM, "ResendValidationEmail", o->name);
		plan_warn(p, "mails go to admin, administrator, hostmaster, postmaster and webmaster of %s",
			  domain);
		aws_planned_run(op, p, AWS_ACM, "resend-validation-email");
		plan_option(p, "--certificate-arn", arn);
		plan_option(p, "--domain", o->name);
		plan_option(p, "--validation-domain", domain);
	}
	if (waiting)
		plan_not(p, "no new order is made");
	return waiting;
}

bool aws_planned_withdraw(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(acm_kept) k = acm_kept_read(op->request->kept);
	g_autofree char *arn = arn_of(op, k, error);

	if (!arn)
		return false;
	if (!strcmp(op->request->type, "renewal")) {
		g_set_error(error, ERR, ERR_USAGE, "%s: a renewal cannot be withdrawn",
			    op->request->title);
		return false;
	}
	aws_planned_call(op, p, PLAN_ASKS, AWS_ACM, "DescribeCertificate", arn);
	aws_planned_call(op, p, PLAN_CHANGES, AWS_ACM, "DeleteCertificate", arn);
	plan_not(p, "DNS records that were put there stay: other certificates of the names need them");
	plan_not(p, "what has become a certificate meanwhile is not deleted");
	plan_not(p, "it is not given back to the yearly quota");
	aws_planned_run(op, p, AWS_ACM, "delete-certificate");
	plan_option(p, "--certificate-arn", arn);
	return true;
}

/* ---- Route 53 ---- */

bool aws_planned_publish(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *change = route53_change_json(op->records);

	(void)error;
	aws_planned_call(op, p, PLAN_ASKS, AWS_ROUTE53, "ListHostedZones", "which zone has the names");
	aws_planned_call(op, p, PLAN_MAYBE, AWS_ROUTE53, "ListResourceRecordSets",
			 "what stands there already, which stays");
	aws_planned_call(op, p, PLAN_CHANGES | PLAN_MAYBE, AWS_ROUTE53, "ChangeResourceRecordSets",
			 "UPSERT of the records, where it has the zone");
	aws_planned_call(op, p, PLAN_MAYBE, AWS_ROUTE53, "GetChange", "until its servers have them");
	aws_planned_run(op, p, AWS_ROUTE53, "list-hosted-zones");
	aws_planned_run(op, p, AWS_ROUTE53, "change-resource-record-sets");
	plan_variable(p, "--hosted-zone-id ", "ZONE_ID", "the ID of the zone, out of that list");
	plan_option(p, "--change-batch", change);
	return true;
}
