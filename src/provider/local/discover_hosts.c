/*
 * discover_hosts: which hosts and ports a discovery asks, within its bound.
 */
#include "discover.h"

#include <arpa/inet.h>
#include <string.h>

#include <certty/base/text.h>

/* ---- networks ---- */

struct network {
	int family;
	uint8_t address[16];
	size_t bytes;		/* 4 or 16 */
	unsigned bits;		/* of the prefix */
};

static bool read_network(const char *text, struct network *ret)
{
	g_auto(GStrv) parts = g_strsplit(text, "/", 2);
	guint64 bits;

	*ret = (struct network){ .family = AF_INET, .bytes = 4 };
	if (!parts[0])
		return false;
	if (inet_pton(AF_INET, parts[0], ret->address) != 1) {
		ret->family = AF_INET6;
		ret->bytes = 16;
		if (inet_pton(AF_INET6, parts[0], ret->address) != 1)
			return false;
	}
	bits = ret->bytes * 8;
	if (parts[1] && !g_ascii_string_to_unsigned(parts[1], 10, 0, bits, &bits, NULL))
		return false;
	ret->bits = (unsigned)bits;
	return true;
}

static void clear_host_part(struct network *n)
{
	for (size_t i = 0; i < n->bytes; i++) {
		unsigned kept = n->bits > i * 8 ? MIN(8, n->bits - (unsigned)i * 8) : 0;

		n->address[i] &= (uint8_t)(0xff00 >> kept);
	}
}

static void count_up(struct network *n)
{
	for (size_t i = n->bytes; i-- > 0;)
		if (++n->address[i])
			break;
}

bool discover_network(const char *network, size_t limit, GPtrArray *addresses, GError **error)
{
	struct network n;
	unsigned host_bits;
	uint64_t count, first = 0;

	if (!read_network(network, &n)) {
		g_autofree char *shown = text_harmless_dup(network, 80);

		g_set_error(error, ERR, ERR_USAGE, "%s is no network: write it as in "
			    "10.1.2.0/24", shown);
		return false;
	}
	clear_host_part(&n);
	host_bits = (unsigned)n.bytes * 8 - n.bits;
	count = host_bits >= 63 ? UINT64_MAX : UINT64_C(1) << host_bits;
	if (n.family == AF_INET && host_bits >= 2) {	/* the network's own and broadcast */
		first = 1;
		count--;
		count_up(&n);
	}
	for (uint64_t i = first; i < count && i - first < limit; i++, count_up(&n)) {
		char text[INET6_ADDRSTRLEN];

		inet_ntop(n.family, n.address, text, sizeof(text));
		g_ptr_array_add(addresses, g_strdup(text));
	}
	return true;
}

/* ---- targets ---- */

static void target_done(void *p)
{
	g_free(((struct target *)p)->host);
}

static GArray *read_ports(const char *const *ports, GPtrArray *troubles)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(uint16_t));

	for (; ports && *ports; ports++) {
		g_autofree char *shown = text_harmless_dup(*ports, 40);
		guint64 n;
		uint16_t port;

		if (!g_ascii_string_to_unsigned(*ports, 10, 1, UINT16_MAX, &n, NULL)) {
			g_ptr_array_add(troubles, g_strdup_printf("%s is no port", shown));
			continue;
		}
		port = (uint16_t)n;
		g_array_append_val(all, port);
	}
	return all;
}

static GPtrArray *read_hosts(const char *const *hosts, const char *const *networks, size_t limit,
			     GPtrArray *troubles, bool *ret_is_cut)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(g_free);

	for (; hosts && *hosts; hosts++) {
		g_autoptr(GError) error = NULL;
		const struct starttls *starttls;
		char *host;
		uint16_t port;

		if (exchange_read_endpoint(*hosts, &host, &port, &starttls, &error))
			g_ptr_array_add(all, host);
		else
			g_ptr_array_add(troubles, g_strdup(error->message));
	}
	for (; networks && *networks && all->len <= limit; networks++) {
		g_autoptr(GError) error = NULL;

		if (!discover_network(*networks, limit + 1 - MIN(limit, all->len), all, &error))
			g_ptr_array_add(troubles, g_strdup(error->message));
	}
	*ret_is_cut |= all->len > limit;
	return all;
}

GArray *discover_targets(const char *const *hosts, const char *const *networks,
			 const char *const *ports, size_t limit, GPtrArray *troubles,
			 bool *ret_is_cut)
{
	GArray *targets = g_array_new(FALSE, FALSE, sizeof(struct target));
	g_autoptr(GArray) numbers = read_ports(ports, troubles);
	g_autoptr(GPtrArray) all = read_hosts(hosts, networks, limit, troubles, ret_is_cut);

	g_array_set_clear_func(targets, target_done);
	for (guint h = 0; h < all->len; h++)
		for (guint p = 0; p < numbers->len; p++) {
			struct target t = { .port = g_array_index(numbers, uint16_t, p) };

			if (targets->len >= limit) {
				*ret_is_cut = true;
				return targets;
			}
			t.host = g_strdup(all->pdata[h]);
			g_array_append_val(targets, t);
		}
	return targets;
}

const struct starttls *discover_starttls(uint16_t port)
{
	for (const struct starttls *const *s = starttls_table; *s; s++)
		if ((*s)->port == port)
			return *s;
	return NULL;
}

char *discover_address(const struct target *t)
{
	const struct starttls *s = discover_starttls(t->port);

	return g_strdup_printf(strchr(t->host, ':') ? "%s%s[%s]:%u" : "%s%s%s:%u",
			       s ? s->name : "", s ? "://" : "", t->host, t->port);
}
