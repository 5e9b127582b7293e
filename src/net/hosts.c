/*
 * hosts: whether a list of hosts, as settings have them, names one.
 */
#include <certty/net/hosts.h>

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

/* ---- names ---- */

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

bool hosts_name(const char *const *list, const char *host)
{
	struct address address;
	bool is_address = read_address(host, &address);

	for (; *list; list++)
		if (is_address ? is_inside(*list, &address) : is_named(*list, host))
			return true;
	return false;
}
