/*
 * aws_pace: how many calls a second AWS lets through, by service and operation, per account and
 * region.
 *
 * The figures are those of ACM's and Private CA's quotas and of Route 53's limits; where none is
 * documented, a careful guess.  Four fifths of them are asked for, since others use the account
 * too.  An account whose quotas were raised says so in its answer `rates`.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/text.h>

#define SHARE 0.8
#define BURST 5		/* of what may be asked more often than once a second */

/* clang-format off */
static const struct allowed {
	enum aws_service service;
	const char *operation;	/* NULL: all others of the service share one bucket */
	double rate;		/* a second, as documented */
} allowed[] = {
	{ AWS_ACM, "ListCertificates",          1 },
	{ AWS_ACM, "SearchCertificates",        5 },
	{ AWS_ACM, "DescribeCertificate",      10 },
	{ AWS_ACM, "GetCertificate",           10 },
	{ AWS_ACM, "RequestCertificate",        5 },
	{ AWS_ACM, "ResendValidationEmail",     1 },
	{ AWS_ACM, "ImportCertificate",         1 },
	{ AWS_ACM, "ExportCertificate",         5 },
	{ AWS_ACM, "RenewCertificate",          5 },
	{ AWS_ACM, "RevokeCertificate",         1 },
	{ AWS_ACM, "DeleteCertificate",        10 },
	{ AWS_ACM, "AddTagsToCertificate",      5 },
	{ AWS_ACM, "RemoveTagsFromCertificate", 5 },
	{ AWS_ACM, "ListTagsForCertificate",   10 },
	{ AWS_ACM, "GetAccountConfiguration",   1 },
	{ AWS_ACM, "PutAccountConfiguration",   1 },
	{ AWS_ACM_PCA, "IssueCertificate",     25 },
	{ AWS_ACM_PCA, "GetCertificate",       75 },
	{ AWS_ACM_PCA, "RevokeCertificate",    20 },
	{ AWS_ACM_PCA, "ListCertificateAuthorities",    20 },
	{ AWS_ACM_PCA, "DescribeCertificateAuthority",  20 },
	{ AWS_ACM_PCA, "GetCertificateAuthorityCertificate", 10 },
	{ AWS_ACM_PCA, "ListPermissions",      10 },
	{ AWS_ROUTE53, NULL,                    5 },
	{ AWS_IAM, NULL,                       15 },
	{ AWS_STS, NULL,                       50 },
	{ AWS_EC2, NULL,                       20 },
	{ AWS_ACCOUNT, NULL,                    5 },
};
/* clang-format on */

static const struct allowed *find(enum aws_service service, const char *operation)
{
	for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++)
		if (allowed[i].service == service &&
		    (!allowed[i].operation || !strcmp(allowed[i].operation, operation)))
			return &allowed[i];
	return NULL;
}

/* "ListCertificates", "acm-pca.GetCertificate", "route53"; a plain name is that of the first
 * service that has it. */
static const struct allowed *find_name(const char *name, size_t len)
{
	g_autofree char *text = g_strndup(name, len);
	const char *dot = strchr(text, '.'), *operation = dot ? dot + 1 : text;

	for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++) {
		const char *service = aws_place_services[allowed[i].service].name;
		bool is_service = dot && strlen(service) == (size_t)(dot - text) &&
				  !strncmp(service, text, strlen(service));

		if (!allowed[i].operation && !strcmp(text, service))
			return &allowed[i];
		if (allowed[i].operation && (!dot || is_service) &&
		    !strcmp(allowed[i].operation, operation))
			return &allowed[i];
	}
	return NULL;
}

bool aws_pace_check(const char *rates, GError **error)
{
	g_auto(GStrv) pairs = g_strsplit_set(rates, ", \t\n", -1);

	for (char **pair = pairs; *pair; pair++) {
		size_t len = strcspn(*pair, "=");

		if (!**pair || ((*pair)[len] && find_name(*pair, len) &&
				g_ascii_strtod(*pair + len + 1, NULL) > 0))
			continue;
		g_set_error(error, ERR, ERR_USAGE, "rate '%s' is not OPERATION=CALLS with an operation "
			    "such as ListCertificates, acm-pca.GetCertificate or route53, and calls a "
			    "second", *pair);
		return false;
	}
	return true;
}

/* What the account says of it; 0: nothing. */
static double own_rate(const struct args *with, const struct allowed *a)
{
	g_auto(GStrv) pairs = g_strsplit_set(args_text(with, "rates", ""), ", \t\n", -1);
	double rate = 0;

	for (char **pair = pairs; *pair; pair++) {
		size_t len = strcspn(*pair, "=");

		if ((*pair)[len] && find_name(*pair, len) == a)
			rate = g_ascii_strtod(*pair + len + 1, NULL);
	}
	return rate;
}

void aws_pace_set(struct request_out *r, const struct args *with, enum aws_service service,
		  const char *operation)
{
	const struct allowed *a = find(service, operation);
	double own;

	if (!a)
		return;
	own = own_rate(with, a);
	g_free(r->pace.sort);
	/* The scope is service and region. */
	r->pace.sort = g_strconcat(r->scope, " ", a->operation ? a->operation : "requests", NULL);
	r->pace.rate = own > 0 ? own : a->rate * SHARE;
	r->pace.burst = (own > 0 ? own : a->rate) > 1 ? BURST : 1;
}
