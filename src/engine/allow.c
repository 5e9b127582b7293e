/*
 * allow: whom certty may contact at all (safety.hosts), asked before every exchange is sent.
 *
 * A list of host names, *.domains and networks; an empty one allows everybody.  A name is
 * allowed by its name and an address by its network: what a name resolves to is its owner's
 * business, but whoever names networks only has every name refused.
 */
#include "own.h"

#include <arpa/inet.h>
#include <string.h>

#include <certty/base/text.h>

/* ---- names ---- */

/* The host of an http(s) URL, or NULL.  Narrower than any URL parser, so that curl cannot
 * read another host out of it than we do. */
static char *host_of_url(const char *url)
{
	const char *start = strstr(url, "://");
	size_t len, host;

	if (!start)
		return NULL;
	start += strlen("://");
	len = strcspn(start, "/?#");
	if (start[0] == '[') {
		host = strspn(start + 1, "0123456789abcdefABCDEF:.");
		if (start[1 + host] != ']')
			return NULL;
		start++;
		len--;
	} else {
		host = strspn(start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789-._");
	}
	if (!host || host > len || !strchr(":/?#]", start[host]))
		return NULL;
	return g_strndup(start, host);
}

/* Without the dot that may end a name. */
static char *plain_name(const char *host)
{
	char *name = g_ascii_strdown(host, -1);
	size_t len = strlen(name);

	if (len && name[len - 1] == '.')
		name[len - 1] = '\0';
	return name;
}

static bool is_named(const char *rule, const char *host)
{
	g_autofree char *name = plain_name(host), *want = plain_name(rule);

	if (!strcmp(want, "*") || !strcmp(want, name))
		return true;
	return g_str_has_prefix(want, "*.") && strlen(name) > strlen(want + 1) &&
	       g_str_has_suffix(name, want + 1);
}

/* ---- networks ---- */

struct address {
	unsigned bits;		/* 32 or 128 */
	uint8_t byte[16];
};

/* An IPv4 address in IPv6's clothes is an IPv4 address. */
static bool read_address(const char *text, struct address *ret)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	ret->bits = 32;
	if (inet_pton(AF_INET, text, ret->byte) == 1)
		return true;
	ret->bits = 128;
	if (inet_pton(AF_INET6, text, ret->byte) != 1)
		return false;
	if (!memcmp(ret->byte, mapped, sizeof(mapped))) {
		memmove(ret->byte, ret->byte + sizeof(mapped), 4);
		ret->bits = 32;
	}
	return true;
}

/* "10.1.0.0/16", "2001:db8::/32", or one address. */
static bool is_inside(const char *rule, const struct address *address)
{
	const char *slash = strchr(rule, '/');
	g_autofree char *start = slash ? g_strndup(rule, (gsize)(slash - rule)) : g_strdup(rule);
	struct address net;
	guint64 bits;

	if (!read_address(start, &net) || net.bits != address->bits)
		return false;
	bits = net.bits;
	if (slash && !g_ascii_string_to_unsigned(slash + 1, 10, 0, net.bits, &bits, NULL))
		return false;
	for (unsigned i = 0; i < bits; i++)
		if ((net.byte[i / 8] ^ address->byte[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

/* ---- asking ---- */

static bool is_allowed(const char *const *rules, const char *host)
{
	struct address address;
	bool is_address = read_address(host, &address);

	for (; *rules; rules++)
		if (is_address ? is_inside(*rules, &address) : is_named(*rules, host))
			return true;
	return false;
}

bool allow_exchange(const struct settings *settings, const struct request_out *r,
		    GError **error)
{
	const char *const *rules = settings_list(settings, "safety", "hosts");
	g_autofree char *host = NULL, *shown = NULL;

	if (!rules || !*rules)
		return true;
	host = r->host ? g_strdup(r->host) : host_of_url(r->url ? r->url : "");
	if (host && is_allowed(rules, host))
		return true;
	shown = text_harmless_dup(host ? host : r->url ? r->url : "", 200);
	g_set_error(error, ERR, ERR_REFUSED,
		    "%s may not be contacted: safety.hosts (%s) does not name it", shown,
		    settings_origin(settings, "safety", "hosts"));
	return false;
}
