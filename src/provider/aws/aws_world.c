/*
 * aws_world: region, partition and endpoints of an account: its own answers first, then the
 * environment, then its profile, in the order in which AWS's own tools look.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/text.h>

struct looking {
	const struct args *answers;
	const struct aws_shared *shared;	/* or NULL */
	const char *profile;			/* that `shared` has, or NULL */
};

const char *aws_world_env(const char *name)
{
	const char *value = g_getenv(name);

	return value && *value ? value : NULL;
}

const char *aws_world_profile(const struct args *answers)
{
	const char *said = args_get(answers, "profile");

	if (said && *said)
		return said;
	said = aws_world_env("AWS_PROFILE");
	if (!said)
		said = aws_world_env("AWS_DEFAULT_PROFILE");
	return said ? said : "default";
}

static const char *of_profile(const struct looking *l, const char *key)
{
	return l->profile ? aws_shared_get(l->shared, l->profile, key) : NULL;
}

/* ---- regions ---- */

static bool refuse_region(const char *region, const char *why, GError **error)
{
	g_autofree char *shown = text_harmless_dup(region, 60);

	g_set_error(error, ERR, ERR_USAGE, "region '%s' %s", shown, why);
	return false;
}

/* The regions that a person named, of which the first is asked for what is no region's. */
static bool take_regions(char **regions, const struct aws_partition *p, struct args *with,
			 GError **error)
{
	g_autofree char *all = g_strjoinv(",", regions);

	for (char **r = regions; *r; r++) {
		if (!strcmp(*r, "all"))
			continue;
		if (!aws_partition_is_region(*r))
			return refuse_region(*r, "is no region's name", error);
		if (p && aws_partition_of(*r) != p && aws_partition_region(*r))
			return refuse_region(*r, "is not in that partition", error);
		if (!args_get(with, "region"))
			args_set(with, "region", *r);
	}
	args_set(with, "regions", all);
	return true;
}

/* What environment and profile say, if it is a region of that partition. */
static const char *usual_region(const struct looking *l, const struct aws_partition *p)
{
	const char *const places[] = { aws_world_env("AWS_REGION"),
				       aws_world_env("AWS_DEFAULT_REGION"),
				       of_profile(l, "region") };

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
		if (places[i] && aws_partition_is_region(places[i]) &&
		    (!p || aws_partition_of(places[i]) == p))
			return places[i];
	return p ? p->first : aws_partition_table[0].first;
}

static bool find_regions(const struct looking *l, struct args *with, GError **error)
{
	const struct aws_partition *p = aws_partition_find(args_text(l->answers, "partition", ""));
	g_auto(GStrv) regions = args_list(l->answers, "regions");

	if (!take_regions(regions, p, with, error))
		return false;
	if (!args_get(with, "region"))
		args_set(with, "region", usual_region(l, p));
	if (!p)
		p = aws_partition_of(args_get(with, "region"));
	args_set(with, "partition", p->name);
	return true;
}

/* ---- endpoints ---- */

/* "sts=https://…" among the answers; a new string, or NULL. */
static char *own_endpoint(char **pairs, const char *service)
{
	size_t len = strlen(service);

	for (char **pair = pairs; *pair; pair++)
		if (!strncmp(*pair, service, len) && (*pair)[len] == '=')
			return g_strdup(*pair + len + 1);
	return NULL;
}

static bool is_ignored(const struct looking *l)
{
	const char *said = aws_world_env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");

	if (!said)
		said = of_profile(l, "ignore_configured_endpoint_urls");
	return said && !g_ascii_strcasecmp(said, "true");
}

static char *usual_endpoint(const struct looking *l, const struct aws_service_info *service)
{
	g_autofree char *variable = g_strconcat("AWS_ENDPOINT_URL_", service->variable, NULL);
	const char *services = of_profile(l, "services"), *said = aws_world_env(variable);
	char *url;

	if (!said)
		said = aws_world_env("AWS_ENDPOINT_URL");
	if (said)
		return g_strdup(said);
	url = services ? aws_shared_endpoint(l->shared, services, service->section) : NULL;
	return url ? url : g_strdup(of_profile(l, "endpoint_url"));
}

static bool check_pairs(char **pairs, GError **error)
{
	for (char **pair = pairs; *pair; pair++) {
		const char *equals = strchr(*pair, '=');
		g_autofree char *shown = text_harmless_dup(*pair, 120);
		bool is_known = false;

		for (size_t i = 0; equals && i < AWS_SERVICES; i++) {
			const char *name = aws_place_services[i].name;

			is_known |= strlen(name) == (size_t)(equals - *pair) &&
				    !strncmp(name, *pair, strlen(name));
		}
		if (is_known)
			continue;
		g_set_error(error, ERR, ERR_USAGE, "endpoint '%s' is not SERVICE=URL with a "
			    "service such as acm, acm-pca, iam, route53, sts, ec2, account or sso",
			    shown);
		return false;
	}
	return true;
}

static bool find_endpoints(const struct looking *l, struct args *with, GError **error)
{
	g_auto(GStrv) pairs = args_list(l->answers, "endpoints");
	const char *one = args_get(l->answers, "endpoint");
	bool ignored = is_ignored(l);

	if (!check_pairs(pairs, error))
		return false;
	for (size_t i = 0; i < AWS_SERVICES; i++) {
		const struct aws_service_info *service = &aws_place_services[i];
		g_autofree char *key = g_strconcat("endpoint-", service->name, NULL);
		g_autofree char *url = own_endpoint(pairs, service->name);

		if (!url && one && *one)
			url = g_strdup(one);
		if (!url && !ignored)
			url = usual_endpoint(l, service);
		if (url && !aws_place_is_url(url)) {
			g_autofree char *shown = text_harmless_dup(url, 120);

			g_set_error(error, ERR, ERR_USAGE, "endpoint '%s' of '%s' is no http or "
				    "https address", shown, service->name);
			return false;
		}
		args_set(with, key, url);
	}
	return true;
}

/* ---- switches ---- */

static void find_switch(const struct looking *l, const char *answer, const char *variable,
			const char *key, struct args *with)
{
	const char *said = args_get(l->answers, answer);

	if (said && *said) {
		args_set(with, answer, args_bool(l->answers, answer) ? "yes" : "no");
		return;
	}
	said = aws_world_env(variable);
	if (!said)
		said = of_profile(l, key);
	args_set(with, answer, said && !g_ascii_strcasecmp(said, "true") ? "yes" : "no");
}

bool aws_world_find(const struct args *answers, const struct aws_shared *shared,
		    const char *profile, struct args *with, GError **error)
{
	struct looking l = { .answers = answers, .shared = shared };

	if (shared && profile && aws_shared_has(shared, profile))
		l.profile = profile;
	find_switch(&l, "fips", "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", with);
	args_set(with, "rates", args_get(answers, "rates"));
	if (!aws_pace_check(args_text(with, "rates", ""), error))
		return false;
	find_switch(&l, "dual-stack", "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", with);
	return find_regions(&l, with, error) && find_endpoints(&l, with, error);
}
