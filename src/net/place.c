/*
 * Where a host is.  Only addresses in their usual form and the one name count, so that nothing
 * that a resolver or another parser reads differently passes for this machine.
 */
#include <certty/net/place.h>

#include <arpa/inet.h>
#include <string.h>

/* clang-format off */
static const struct {
	const char *net;
	unsigned bits;
	enum place_kind place;
} nets[] = {
	{ "127.0.0.0",       8, PLACE_HERE },
	{ "::1",           128, PLACE_HERE },
	{ "169.254.0.0",    16, PLACE_CLOUD },
	{ "fd00:ec2::254", 128, PLACE_CLOUD },	/* AWS: instance metadata */
	{ "fd00:ec2::23",  128, PLACE_CLOUD },	/* AWS: credentials of pods */
};
/* clang-format on */

char *place_host(const char *url)
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

static bool is_inside(const char *host, const char *net, unsigned bits)
{
	int family = strchr(net, ':') ? AF_INET6 : AF_INET;
	unsigned char a[16] = { 0 }, b[16] = { 0 };

	if (inet_pton(family, host, a) != 1 || inet_pton(family, net, b) != 1)
		return false;
	return memcmp(a, b, bits / 8) == 0;
}

enum place_kind place_of_host(const char *host)
{
	if (g_ascii_strcasecmp(host, "localhost") == 0)
		return PLACE_HERE;
	for (size_t i = 0; i < G_N_ELEMENTS(nets); i++)
		if (is_inside(host, nets[i].net, nets[i].bits))
			return nets[i].place;
	return PLACE_ELSEWHERE;
}

enum place_kind place_of_url(const char *url)
{
	g_autofree char *host = place_host(url);

	return host ? place_of_host(host) : PLACE_ELSEWHERE;
}

bool place_is_plain(const char *url)
{
	return g_ascii_strncasecmp(url, "https://", strlen("https://")) != 0;
}
