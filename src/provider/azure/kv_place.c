/*
 * kv_place: which vault is meant.
 *
 * People copy vaults from portals, from scripts and from other tools, so several forms are read; all
 * come to a name, which is unique in a cloud, and to subscription and group where those are said.
 */
#include "kv.h"

#include <string.h>

#define NAME_SHORT 3
#define NAME_LONG 24
#define GROUP_MAX 90

bool kv_place_is_name(const char *name)
{
	size_t len = strlen(name);

	if (len < NAME_SHORT || len > NAME_LONG || !g_ascii_isalpha(*name) ||
	    !g_ascii_isalnum(name[len - 1]) || strstr(name, "--"))
		return false;
	for (const char *c = name; *c; c++)
		if (!g_ascii_isalnum(*c) && *c != '-')
			return false;
	return true;
}

static bool is_subscription(const char *s)
{
	g_autofree char *lower = g_ascii_strdown(s, -1);

	return g_uuid_string_is_valid(lower);
}

/* What Azure allows, of ASCII: a group becomes a part of an address. */
static bool is_group(const char *s)
{
	size_t len = strlen(s);

	for (const char *c = s; *c; c++)
		if (!g_ascii_isalnum(*c) && !strchr("-_.()", *c))
			return false;
	return len > 0 && len <= GROUP_MAX && s[len - 1] != '.';
}

static bool fill(struct kv_place *ret, const char *subscription, const char *group, const char *name)
{
	if (!kv_place_is_name(name) || (*subscription && !is_subscription(subscription)) ||
	    (*group && !is_group(group)))
		return false;
	ret->subscription = g_ascii_strdown(subscription, -1);
	ret->group = g_strdup(group);
	ret->name = g_ascii_strdown(name, -1);
	return true;
}

/* The words of a resource id stand in any case. */
static bool read_id(const char *text, struct kv_place *ret)
{
	static const char *const words[] = { "", "subscriptions", NULL, "resourceGroups", NULL, "providers",
					     "Microsoft.KeyVault", "vaults", NULL };
	g_auto(GStrv) parts = g_strsplit(text, "/", -1);
	guint n = g_strv_length(parts);

	if (n == G_N_ELEMENTS(words) + 1 && !*parts[n - 1])
		n--;
	if (n != G_N_ELEMENTS(words))
		return false;
	for (guint i = 0; i < n; i++)
		if (words[i] && g_ascii_strcasecmp(words[i], parts[i]))
			return false;
	return fill(ret, parts[2], parts[4], parts[8]);
}

/* Only an address of the account's own cloud is one of its vaults. */
static bool read_url(const char *text, const struct azure_cloud *cloud, struct kv_place *ret)
{
	g_autoptr(GUri) uri = g_uri_parse(text, G_URI_FLAGS_NONE, NULL);
	const char *host = uri ? g_uri_get_host(uri) : NULL;
	g_autofree char *name = host ? g_strndup(host, strcspn(host, ".")) : NULL, *base = NULL;

	if (!host || strcmp(g_uri_get_scheme(uri), "https") || strlen(g_uri_get_path(uri)) > 1 ||
	    g_uri_get_query(uri) || g_uri_get_userinfo(uri) || !azure_cloud_owns(cloud, AZURE_VAULT, text))
		return false;
	base = g_strdup_printf("%s.%s", name, cloud->vault_suffix);
	return g_str_has_prefix(base, host) && fill(ret, "", "", name);
}

static bool read_words(const char *text, struct kv_place *ret)
{
	g_auto(GStrv) parts = g_strsplit(text, ":", -1);

	switch (g_strv_length(parts)) {
	case 1:
		return fill(ret, "", "", parts[0]);
	case 2:
		return *parts[0] && fill(ret, parts[0], "", parts[1]);
	case 3:
		return *parts[0] && *parts[1] && fill(ret, parts[0], parts[1], parts[2]);
	}
	return false;
}

bool kv_place_read(const char *text, const struct azure_cloud *cloud, struct kv_place *ret, GError **error)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(text));
	bool is = *trimmed == '/'	   ? read_id(trimmed, ret) :
		  strstr(trimmed, "://") ? read_url(trimmed, cloud, ret) :
					     read_words(trimmed, ret);

	if (!is)
		g_set_error(error, ERR, ERR_USAGE, "%s is no vault of this account's cloud; a vault is named "
			    "by its resource id (/subscriptions/…), as subscription:group:vault, by its "
			    "address (https://NAME.%s/) or by its name: %d to %d letters, digits and single "
			    "hyphens", trimmed, cloud->vault_suffix, NAME_SHORT, NAME_LONG);
	return is;
}

void kv_place_done(struct kv_place *p)
{
	g_clear_pointer(&p->subscription, g_free);
	g_clear_pointer(&p->group, g_free);
	g_clear_pointer(&p->name, g_free);
}

bool kv_place_is_known(const struct kv_place *p)
{
	return *p->subscription && *p->group;
}

char *kv_place_id(const struct kv_place *p)
{
	return g_strdup_printf("/subscriptions/%s/resourceGroups/%s/providers/Microsoft.KeyVault/vaults/%s",
			       p->subscription, p->group, p->name);
}

char *kv_place_base(const struct kv_place *p, const struct azure_cloud *cloud)
{
	return g_strdup_printf("https://%s.%s", p->name, cloud->vault_suffix);
}
