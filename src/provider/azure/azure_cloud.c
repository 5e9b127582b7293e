/*
 * Azure's clouds are separate worlds with hosts of their own.  Anything but the three that are
 * listed here is "custom" and told by its addresses: Azure Stack, a test server.
 */
#include "own.h"

#include <string.h>

/* clang-format off */
static const struct known {
	const char *name, *cli, *authority, *other_authority, *arm, *arm_resource, *vault_suffix;
} known[] = {
	{ "public", "AzureCloud", "https://login.microsoftonline.com", "https://login.windows.net",
	  "https://management.azure.com", "https://management.azure.com", "vault.azure.net" },
	{ "usgov", "AzureUSGovernment", "https://login.microsoftonline.us", NULL,
	  "https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net",
	  "vault.usgovcloudapi.net" },
	{ "government", NULL, "https://login.microsoftonline.us", NULL,
	  "https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net",
	  "vault.usgovcloudapi.net" },
	{ "china", "AzureChinaCloud", "https://login.chinacloudapi.cn",
	  "https://login.partner.microsoftonline.cn", "https://management.chinacloudapi.cn",
	  "https://management.core.chinacloudapi.cn", "vault.azure.cn" },
};
/* clang-format on */

static char *without_slash(const char *url)
{
	size_t len = strlen(url);

	while (len && url[len - 1] == '/')
		len--;
	return g_strndup(url, len);
}

static const char *without_dot(const char *suffix)
{
	return *suffix == '.' ? suffix + 1 : suffix;
}

static bool is_same_url(const char *a, const char *b)
{
	g_autofree char *x = without_slash(a), *y = without_slash(b);

	return !g_ascii_strcasecmp(x, y);
}

static bool is_url(const char *s)
{
	g_autoptr(GUri) uri = g_uri_parse(s, G_URI_FLAGS_NONE, NULL);
	const char *host = uri ? g_uri_get_host(uri) : NULL;

	return host && *host && !g_uri_get_userinfo(uri) && !g_uri_get_query(uri) &&
	       (!strcmp(g_uri_get_scheme(uri), "https") || !strcmp(g_uri_get_scheme(uri), "http"));
}

static struct azure_cloud *custom(const struct args *answers, GError **error)
{
	const char *authority = args_text(answers, "authority", "");
	const char *arm = args_text(answers, "arm", ""), *suffix;
	struct azure_cloud *c;

	if (!is_url(authority) || (*arm && !is_url(arm))) {
		g_set_error(error, ERR, ERR_USAGE,
			    "a cloud of one's own is told by the addresses of its sign-in "
			    "(authority) and of its Resource Manager (arm), as in "
			    "https://login.example");
		return NULL;
	}
	c = g_new0(struct azure_cloud, 1);
	suffix = without_dot(args_text(answers, "vault-suffix", ""));
	c->authority = without_slash(authority);
	c->arm = without_slash(arm);
	c->arm_resource = without_slash(args_text(answers, "arm-audience", arm));
	c->vault_suffix = g_strdup(suffix);
	c->vault_resource = *suffix ? g_strconcat("https://", suffix, NULL) : g_strdup("");
	if (*args_text(answers, "vault-audience", "")) {
		g_free(c->vault_resource);
		c->vault_resource = without_slash(args_text(answers, "vault-audience", ""));
	}
	return c;
}

struct azure_cloud *azure_cloud_new(const struct args *answers, GError **error)
{
	const char *name = args_text(answers, "cloud", "public");
	struct azure_cloud *c;

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		const struct known *k = &known[i];

		if (strcmp(k->name, name))
			continue;
		c = g_new0(struct azure_cloud, 1);
		c->authority = g_strdup(k->authority);
		c->arm = g_strdup(k->arm);
		c->arm_resource = g_strdup(k->arm_resource);
		c->vault_resource = g_strconcat("https://", k->vault_suffix, NULL);
		c->vault_suffix = g_strdup(without_dot(args_text(answers, "vault-suffix",
								 k->vault_suffix)));
		return c;
	}
	return custom(answers, error);
}

void azure_cloud_free(struct azure_cloud *c)
{
	if (!c)
		return;
	g_free(c->authority);
	g_free(c->arm);
	g_free(c->arm_resource);
	g_free(c->vault_resource);
	g_free(c->vault_suffix);
	g_free(c);
}

const char *azure_cloud_of_authority(const char *url)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (is_same_url(known[i].authority, url) ||
		    (known[i].other_authority && is_same_url(known[i].other_authority, url)))
			return known[i].name;
	return NULL;
}

const char *azure_cloud_of_cli(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (known[i].cli && !strcmp(known[i].cli, name))
			return known[i].name;
	return NULL;
}

/* A scope may go on with a tenant. */
static bool is_arm(const char *scope)
{
	return strcspn(scope, " ") == strlen(AZURE_ARM) && g_str_has_prefix(scope, AZURE_ARM);
}

bool azure_cloud_resource(const struct azure_cloud *c, const char *scope, const char **ret_resource,
			  const char **ret_tenant, GError **error)
{
	const char *tenant = strchr(scope, ' ');
	const char *resource = is_arm(scope) ? c->arm_resource : c->vault_resource;

	if (!*resource) {
		g_set_error(error, ERR, ERR_USAGE, "where %s is in this cloud is not told; add %s "
			    "to the account", resource == c->arm_resource ?
			    "the Resource Manager" : "a vault",
			    resource == c->arm_resource ? "arm" : "vault-suffix");
		return false;
	}
	*ret_resource = resource;
	*ret_tenant = tenant ? tenant + 1 : NULL;
	return true;
}

static bool is_at(GUri *uri, const char *base)
{
	g_autoptr(GUri) at = g_uri_parse(base, G_URI_FLAGS_NONE, NULL);

	return at && !g_ascii_strcasecmp(g_uri_get_host(uri), g_uri_get_host(at)) &&
	       g_uri_get_port(uri) == g_uri_get_port(at) &&
	       !strcmp(g_uri_get_scheme(uri), g_uri_get_scheme(at));
}

/* A vault's name and its cloud's suffix, which may have a port where it is a test's. */
static bool is_vault(GUri *uri, const char *suffix)
{
	g_autofree char *host = g_uri_get_port(uri) < 0 ? g_strdup(g_uri_get_host(uri)) :
		g_strdup_printf("%s:%d", g_uri_get_host(uri), g_uri_get_port(uri));
	size_t n = strlen(host), m = strlen(suffix);

	return m && n > m + 1 && host[n - m - 1] == '.' &&
	       !g_ascii_strcasecmp(host + n - m, suffix);
}

bool azure_cloud_owns(const struct azure_cloud *c, const char *scope, const char *url)
{
	g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);

	if (!uri || !g_uri_get_host(uri))
		return false;
	return is_arm(scope) ? is_at(uri, c->arm) : is_vault(uri, c->vault_suffix);
}
