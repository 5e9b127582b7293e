/*
 * aws_place: where a service of a region is asked, and the region that is signed for.
 *
 * An endpoint that somebody configured is taken as it is.  Else the host is put together from
 * service, region and partition; where nobody knows a FIPS host for a service, a person who
 * asked for FIPS is told so and nothing else is used instead.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/text.h>

/* clang-format off */
const struct aws_service_info aws_place_services[AWS_SERVICES] = {
	[AWS_ACM]     = { "acm",     "ACM",      "acm",      NULL,         "CertificateManager" },
	[AWS_ACM_PCA] = { "acm-pca", "ACM_PCA",  "acm_pca",  NULL,         "ACMPrivateCA" },
	[AWS_IAM]     = { "iam",     "IAM",      "iam",      "2010-05-08", NULL },
	[AWS_ROUTE53] = { "route53", "ROUTE_53", "route_53", NULL,         NULL },
	[AWS_STS]     = { "sts",     "STS",      "sts",      "2011-06-15", NULL },
	[AWS_EC2]     = { "ec2",     "EC2",      "ec2",      "2016-11-15", NULL },
	[AWS_ACCOUNT] = { "account", "ACCOUNT",  "account",  NULL,         NULL },
	[AWS_SSO]     = { "sso",     "SSO",      "sso",      NULL,         NULL },
	[AWS_SSO_OIDC] = { "sso-oidc", "SSO_OIDC", "sso_oidc", NULL,       NULL },
};
/* clang-format on */

void aws_place_done(struct aws_place *p)
{
	g_clear_pointer(&p->url, g_free);
	g_clear_pointer(&p->region, g_free);
}

/* ---- hosts ---- */

struct wish {
	const struct aws_partition *partition;
	const char *region;
	bool fips, dual;
};

/* Hosts of GovCloud are FIPS hosts without saying so. */
static bool is_gov(const struct wish *w)
{
	return !strcmp(w->partition->name, "aws-us-gov");
}

static char *regional_host(enum aws_service service, const struct wish *w, GError **error)
{
	const struct aws_region *known = aws_partition_region(w->region);
	const char *name = aws_place_services[service].name;
	bool says_fips = w->fips && (w->dual || !is_gov(w));

	if (service == AWS_SSO)
		return g_strdup_printf("portal.sso.%s.%s", w->region, w->partition->suffix);
	if (service == AWS_SSO_OIDC)
		return g_strdup_printf("oidc.%s.%s", w->region, w->partition->suffix);
	if (service == AWS_ACM && w->fips && known && !known->has_acm_fips) {
		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "ACM has no FIPS endpoint in %s; switch FIPS off there, or give an "
			    "endpoint", w->region);
		return NULL;
	}
	return g_strdup_printf("%s%s.%s.%s", name, says_fips ? "-fips" : "", w->region,
			       w->dual ? w->partition->dual_suffix : w->partition->suffix);
}

/* The hosts of services that have one for everybody, beside the usual one. */
static const struct {
	enum aws_service service;
	const char *fips, *dual;
} global_hosts[] = {
	{ AWS_IAM, "iam-fips.amazonaws.com", "iam.global.api.aws" },
	{ AWS_ROUTE53, "route53-fips.amazonaws.com", "route53.global.api.aws" },
	{ AWS_ACCOUNT, NULL, NULL },
};

static char *global_host(size_t row, const struct aws_global *usual, const struct wish *w,
			 GError **error)
{
	bool is_aws = !strcmp(w->partition->name, "aws");
	const char *host = usual->host;
	const char *name = aws_place_services[global_hosts[row].service].name;

	if (!host) {
		g_set_error(error, ERR, ERR_NOT_FOUND, "there is no service '%s' in %s", name,
			    w->partition->name);
		return NULL;
	}
	if (w->fips && !is_gov(w)) {
		host = is_aws ? global_hosts[row].fips : NULL;
		if (!host)
			g_set_error(error, ERR, ERR_NOT_FOUND,
				    "no FIPS endpoint of '%s' in %s is known; switch FIPS off, or "
				    "give an endpoint", name, w->partition->name);
		return g_strdup(host);
	}
	return g_strdup(w->dual && is_aws && global_hosts[row].dual ? global_hosts[row].dual :
								      host);
}

static const struct aws_global *global_of(const struct aws_partition *p, enum aws_service service)
{
	switch (service) {
	case AWS_IAM:
		return &p->iam;
	case AWS_ROUTE53:
		return &p->route53;
	case AWS_ACCOUNT:
		return &p->account;
	default:
		return NULL;
	}
}

static char *host_of(enum aws_service service, const struct wish *w, GError **error)
{
	for (size_t i = 0; i < G_N_ELEMENTS(global_hosts); i++)
		if (global_hosts[i].service == service)
			return global_host(i, global_of(w->partition, service), w, error);
	return regional_host(service, w, error);
}

/* ---- the place ---- */

bool aws_place_is_url(const char *url)
{
	const char *host = strstr(url, "://");
	size_t len;

	if (strncmp(url, "https://", 8) && strncmp(url, "http://", 7))
		return false;
	host += strlen("://");
	len = strcspn(host, "/");
	for (const char *c = url; *c; c++)
		if (!g_ascii_isgraph(*c) || strchr("\"'<>\\^`{|}?#", *c))
			return false;
	return len && len < 256 && !memchr(host, '@', len);
}

bool aws_place_find(const struct args *with, enum aws_service service, const char *region,
		    struct aws_place *ret, GError **error)
{
	const struct aws_service_info *info = &aws_place_services[service];
	g_autofree char *key = g_strconcat("endpoint-", info->name, NULL), *host = NULL;
	const char *url = args_get(with, key);
	const struct aws_global *global;
	struct wish w = { .region = region ? region : args_text(with, "region", "us-east-1") };

	if (!aws_partition_is_region(w.region)) {
		g_autofree char *shown = text_harmless_dup(w.region, 80);

		g_set_error(error, ERR, ERR_USAGE, "'%s' is no region", shown);
		return false;
	}
	w.partition = aws_partition_find(args_text(with, "partition", ""));
	if (!w.partition)
		w.partition = aws_partition_of(w.region);
	w.fips = args_bool(with, "fips");
	w.dual = args_bool(with, "dual-stack");
	global = global_of(w.partition, service);
	if (!url && !(host = host_of(service, &w, error)))
		return false;
	ret->url = url ? g_strdup(url) : g_strconcat("https://", host, NULL);
	if (g_str_has_suffix(ret->url, "/"))
		ret->url[strlen(ret->url) - 1] = '\0';
	ret->region = g_strdup(global && global->region ? global->region : w.region);
	return true;
}
