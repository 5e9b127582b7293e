/*
 * Requests and replies as values, and endpoints as people write them.
 *
 * An endpoint is read strictly: what passes is a host name of A-labels or an address in its
 * usual form, so that nothing below has to doubt it again.  Header values may hold tokens and
 * are wiped when they go.
 */
#include "net/exchange_own.h"

#include <arpa/inet.h>
#include <string.h>

#include <certty/base/secret.h>
#include <certty/base/text.h>

#include "net/wiped.h"

/* Names of schemes that mean TLS from the first byte, with the port they use. */
struct plain_scheme {
	const char *name;
	uint16_t port;
};

/* clang-format off */
static const struct plain_scheme plain_schemes[] = {
	{ "https", 443 },
	{ "tls",   443 },
	{ "smtps", 465 },
	{ "ldaps", 636 },
	{ "ftps",  990 },
	{ "imaps", 993 },
	{ "pop3s", 995 },
};
/* clang-format on */

static void wipe_header(void *item)
{
	struct header *h = item;

	g_free(h->name);
	if (h->value)
		secret_wipe(h->value, strlen(h->value));
}

GArray *exchange_headers(void)
{
	GArray *headers = g_array_new(FALSE, TRUE, sizeof(struct header));

	g_array_set_clear_func(headers, wipe_header);
	return headers;
}

struct route *route_new(void)
{
	struct route *r = g_new0(struct route, 1);

	ref_init(&r->ref);
	return r;
}

struct route *route_dup(const struct route *r)
{
	struct route *copy = route_new();

	copy->ca_file = g_strdup(r->ca_file);
	copy->ca_folder = g_strdup(r->ca_folder);
	copy->cert_file = g_strdup(r->cert_file);
	copy->key = r->key ? secret_dup(r->key) : NULL;
	copy->key_file = g_strdup(r->key_file);
	copy->server_name = g_strdup(r->server_name);
	copy->proxy = g_strdup(r->proxy);
	copy->negotiates = r->negotiates;
	return copy;
}

struct route *route_ref(struct route *r)
{
	ref_hold(&r->ref);
	return r;
}

void route_unref(struct route *r)
{
	if (!r || !ref_drop(&r->ref))
		return;
	g_free(r->ca_file);
	g_free(r->ca_folder);
	g_free(r->cert_file);
	secret_free(r->key);
	g_free(r->key_file);
	g_free(r->server_name);
	g_free(r->proxy);
	g_free(r);
}

static struct request_out *request_new(void)
{
	struct request_out *r = g_new0(struct request_out, 1);

	r->headers = exchange_headers();
	r->timeout_ms = 30000;
	r->max = EXCHANGE_BODY_MAX;
	return r;
}

struct request_out *exchange_get(const char *url)
{
	struct request_out *r = request_new();

	r->method = g_strdup("GET");
	r->url = g_strdup(url);
	return r;
}

void exchange_set_body(struct request_out *r, const void *body, size_t len)
{
	struct wiped copy = { 0 };

	if (len)
		wiped_append(&copy, body, len);
	g_clear_pointer(&r->body, g_bytes_unref);
	r->body = wiped_put(&copy);
}

struct request_out *exchange_post(const char *url, const char *type, const void *body, size_t len)
{
	struct request_out *r = request_new();

	r->method = g_strdup("POST");
	r->url = g_strdup(url);
	exchange_set_body(r, body, len);
	exchange_header(r, "Content-Type", type);
	return r;
}

struct request_out *exchange_probe(const char *host, uint16_t port,
				   const struct starttls *starttls)
{
	struct request_out *r = request_new();

	r->host = g_strdup(host);
	r->port = port;
	r->starttls = starttls;
	r->timeout_ms = 10000;
	return r;
}

struct request_out *exchange_dup(const struct request_out *r)
{
	struct request_out *copy = request_new();

	copy->method = g_strdup(r->method);
	copy->url = g_strdup(r->url);
	for (guint i = 0; i < r->headers->len; i++) {
		const struct header *h = &g_array_index(r->headers, struct header, i);

		exchange_header(copy, h->name, h->value);
	}
	copy->body = r->body ? g_bytes_ref(r->body) : NULL;
	copy->host = g_strdup(r->host);
	copy->port = r->port;
	copy->server_name = g_strdup(r->server_name);
	copy->starttls = r->starttls;
	copy->keys = r->keys;
	copy->timeout_ms = r->timeout_ms;
	copy->max = r->max;
	copy->is_repeatable = r->is_repeatable;
	copy->is_unsigned = r->is_unsigned;
	copy->scope = g_strdup(r->scope);
	copy->pace = r->pace;
	copy->pace.sort = g_strdup(r->pace.sort);
	copy->route = r->route ? route_ref(r->route) : NULL;
	return copy;
}

void exchange_header(struct request_out *r, const char *name, const char *value)
{
	struct header h = { g_strdup(name), g_strdup(value) };

	g_array_append_val(r->headers, h);
}

void exchange_set_header(struct request_out *r, const char *name, const char *value)
{
	for (guint i = r->headers->len; i-- > 0;)
		if (g_ascii_strcasecmp(g_array_index(r->headers, struct header, i).name, name) == 0)
			g_array_remove_index(r->headers, i);
	if (value)
		exchange_header(r, name, value);
}

void exchange_free(struct request_out *r)
{
	if (!r)
		return;
	g_free(r->method);
	g_free(r->url);
	g_clear_pointer(&r->headers, g_array_unref);
	g_clear_pointer(&r->body, g_bytes_unref);
	route_unref(r->route);
	g_free(r->scope);
	g_free(r->pace.sort);
	g_free(r->host);
	g_free(r->server_name);
	g_free(r);
}

bool exchange_is_address(const char *host)
{
	struct in6_addr any;

	return inet_pton(AF_INET, host, &any) == 1 || inet_pton(AF_INET6, host, &any) == 1;
}

/* Labels of 1 to 63 letters, digits, '-' and '_'.  A last label of digits alone would be read
 * as an address in one of the old notations, and mean a host nobody wrote. */
static bool is_host_name(const char *host)
{
	size_t label = 0;
	bool digits = true;

	if (strlen(host) > 253)
		return false;
	for (const char *c = host; *c; c++) {
		if (*c == '.') {
			if (label == 0)
				return false;
			label = 0;
			digits = true;
		} else if (!g_ascii_isalnum(*c) && *c != '-' && *c != '_') {
			return false;
		} else if (label == 0 && *c == '-') {
			return false;
		} else {
			digits = digits && g_ascii_isdigit(*c);
			if (++label > 63)
				return false;
		}
	}
	return label > 0 && !digits &&
	       !g_str_has_prefix(strrchr(host, '.') ? strrchr(host, '.') + 1 : host, "0x");
}

bool exchange_is_host(const char *host)
{
	return exchange_is_address(host) || is_host_name(host);
}

/* A name or value with a line break would smuggle a header of somebody else's. */
bool exchange_is_header(const struct header *h)
{
	if (!*h->name || strpbrk(h->value, "\r\n"))
		return false;
	for (const char *s = h->name; *s; s++) {
		if (!g_ascii_isalnum(*s) && !strchr("!#$%&'*+-.^_`|~", *s))
			return false;
	}
	return true;
}

/* A query, and what stands before an '@', may hold what is nobody's business. */
char *exchange_say(const struct request_out *r)
{
	g_autofree char *bare = NULL, *shown = NULL, *harmless = NULL;
	const char *host, *at;

	if (r->host)
		return g_strdup_printf(strchr(r->host, ':') ? "%s%s[%s]:%u" : "%s%s%s:%u",
				       r->starttls ? r->starttls->name : "",
				       r->starttls ? "://" : "", r->host, r->port);
	bare = g_strndup(r->url, strcspn(r->url, "?#"));
	host = strstr(bare, "://") ? strstr(bare, "://") + 3 : bare;
	at = g_strrstr_len(host, (gssize)strcspn(host, "/"), "@");
	shown = g_strdup_printf("%.*s%s", (int)(host - bare), bare, at ? at + 1 : host);
	harmless = text_harmless_dup(shown, 200);
	return g_strdup_printf("%s %s", r->method, harmless);
}

/* Takes "name://" off s: the port that the scheme uses, and what is said before TLS. */
static bool read_scheme(const char **s, uint16_t *port, const struct starttls **starttls)
{
	const char *end = strstr(*s, "://");
	g_autofree char *name = NULL;

	if (!end)
		return true;
	name = g_ascii_strdown(*s, end - *s);
	*s = end + strlen("://");
	*starttls = starttls_find(name);
	if (*starttls) {
		*port = (*starttls)->port;
		return true;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(plain_schemes); i++) {
		if (strcmp(plain_schemes[i].name, name) == 0) {
			*port = plain_schemes[i].port;
			return true;
		}
	}
	return false;
}

/* Cuts "host", "host:port", "[address]" and "[address]:port"; a bare address of many colons
 * is a host.  *ret_port stays NULL when none is given. */
static bool cut_port(const char *s, char **ret_host, const char **ret_port)
{
	const char *colon = strchr(s, ':');

	if (*s == '[') {
		const char *end = strchr(s, ']');
		struct in6_addr any;

		if (!end || (end[1] && end[1] != ':'))
			return false;
		*ret_host = g_strndup(s + 1, (size_t)(end - s - 1));
		*ret_port = end[1] ? end + 2 : NULL;
		return inet_pton(AF_INET6, *ret_host, &any) == 1;
	}
	if (colon && !strchr(colon + 1, ':')) {
		*ret_host = g_strndup(s, (size_t)(colon - s));
		*ret_port = colon + 1;
	} else {
		*ret_host = g_strdup(s);
	}
	return true;
}

static bool read_port(const char *s, uint16_t *ret)
{
	guint64 n;

	if (!g_ascii_string_to_unsigned(s, 10, 1, UINT16_MAX, &n, NULL))
		return false;
	*ret = (uint16_t)n;
	return true;
}

/* The host in A-labels and lower case, without the dot that ends a complete name; NULL when
 * it is none. */
static char *read_host(const char *written)
{
	g_autofree char *host = NULL, *lower = NULL;
	size_t len;

	if (exchange_is_address(written))
		return g_ascii_strdown(written, -1);
	host = g_str_is_ascii(written) ? g_strdup(written) : text_idn_ascii(written, NULL);
	if (!host)
		return NULL;
	lower = g_ascii_strdown(host, -1);
	len = strlen(lower);
	if (len > 1 && lower[len - 1] == '.')
		lower[len - 1] = '\0';
	return is_host_name(lower) ? g_steal_pointer(&lower) : NULL;
}

static bool endpoint_error(const char *s, const char *what, GError **error)
{
	g_autofree char *harmless = text_harmless_dup(s, 200);

	g_set_error(error, ERR, ERR_USAGE,
		    "\"%s\" is not an endpoint: %s; write it like mail.example.org:443 or "
		    "smtp://mail.example.org", harmless, what);
	return false;
}

bool exchange_read_endpoint(const char *s, char **ret_host, uint16_t *ret_port,
			    const struct starttls **ret_starttls, GError **error)
{
	g_autofree char *trimmed = NULL, *written = NULL, *host = NULL;
	const struct starttls *starttls = NULL;
	const char *rest, *port_text = NULL;
	uint16_t port = 443;
	char *path;

	if (strlen(s) > 1024)
		return endpoint_error(s, "it is too long", error);
	trimmed = g_strstrip(g_strdup(s));
	rest = trimmed;
	if (!read_scheme(&rest, &port, &starttls))
		return endpoint_error(s, "its scheme is not known", error);
	path = rest == trimmed ? NULL : strpbrk(rest, "/?#");
	if (path)
		*path = '\0';
	if (!cut_port(rest, &written, &port_text))
		return endpoint_error(s, "what stands in [ ] has to be an IPv6 address", error);
	if (port_text && !read_port(port_text, &port))
		return endpoint_error(s, "the port has to be from 1 to 65535", error);
	host = read_host(written);
	if (!host)
		return endpoint_error(s, "the host is neither a name nor an address", error);
	*ret_host = g_steal_pointer(&host);
	*ret_port = port;
	*ret_starttls = starttls;
	return true;
}
