/*
 * An address taken apart, no more than signing needs: curl reads it again for itself, and what
 * curl would change (dot segments) it is told to leave alone.
 */
#include "net/url.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/text.h>

/* Schemes with the port that stands for itself. */
static const struct {
	const char *name, *port;
} schemes[] = {
	{ "https", ":443" },
	{ "http", ":80" },
};

static char *read_host(const char *start, size_t len, const char *usual)
{
	char *host = g_ascii_strdown(start, (gssize)len);

	if (g_str_has_suffix(host, usual))
		host[len - strlen(usual)] = '\0';
	return host;
}

static bool refuse(const char *text, GError **error)
{
	g_autofree char *bare = g_strndup(text, strcspn(text, "?#"));
	g_autofree char *shown = text_harmless_dup(bare, 200);

	g_set_error(error, ERR, ERR_USAGE,
		    "\"%s\" is no address that can be signed; write it like "
		    "https://api.example.org/path", shown);
	return false;
}

bool url_read(const char *text, struct url *ret, GError **error)
{
	const char *start = strstr(text, "://");
	size_t len, path, i;

	if (!start)
		return refuse(text, error);
	for (i = 0; i < G_N_ELEMENTS(schemes); i++)
		if (g_ascii_strncasecmp(text, schemes[i].name, (size_t)(start - text)) == 0 &&
		    strlen(schemes[i].name) == (size_t)(start - text))
			break;
	start += strlen("://");
	len = strcspn(start, "/?#");
	if (i == G_N_ELEMENTS(schemes) || !len || *start == ':' || memchr(start, '@', len))
		return refuse(text, error);
	ret->scheme = g_strdup(schemes[i].name);
	ret->host = read_host(start, len, schemes[i].port);
	start += len;
	path = strcspn(start, "?#");
	ret->path = path ? g_strndup(start, path) : g_strdup("/");
	start += path;
	ret->query = *start == '?' ? g_strndup(start + 1, strcspn(start + 1, "#")) : NULL;
	return true;
}

void url_done(struct url *u)
{
	g_free(u->scheme);
	g_free(u->host);
	g_free(u->path);
	g_free(u->query);
}
