/*
 * allow: whom certty may contact at all (safety.hosts), and who without TLS (safety.plain-http),
 * asked before every exchange is sent.
 *
 * What a list names, net/hosts.h says; an empty one allows everybody, and whoever lists networks
 * alone has every name refused.
 */
#include "own.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/net/hosts.h>
#include <certty/net/place.h>

static bool refuse(const char *who, const char *key, const char *origin, const char *why,
		   GError **error)
{
	g_autofree char *shown = text_harmless_dup(who, 200);

	g_set_error(error, ERR, ERR_REFUSED, "%s %s: safety.%s (%s) does not name it", shown, why, key,
		    origin);
	return false;
}

/* Every list that was given must name it, the site's and one's own; an empty one names all. */
static bool check_host(const struct settings *settings, const char *who, const char *host,
		       GError **error)
{
	struct settings_limit limits[SETTINGS_LIMITS];
	unsigned n = settings_limits(settings, "hosts", limits);

	for (unsigned i = 0; i < n; i++)
		if (limits[i].list[0] && !(host && hosts_name(limits[i].list, host)))
			return refuse(who, "hosts", limits[i].origin, "may not be contacted", error);
	return true;
}

/* Whoever listens on the way reads what is not in TLS, tokens among it.  An empty list names
 * nobody here. */
static bool check_plain(const struct settings *settings, const char *who, const char *host,
			GError **error)
{
	struct settings_limit limits[SETTINGS_LIMITS];
	unsigned n = settings_limits(settings, "plain-http", limits);

	if (host && place_of_host(host) != PLACE_ELSEWHERE)
		return true;
	for (unsigned i = 0; i < n; i++)
		if (!(host && hosts_name(limits[i].list, host)))
			return refuse(who, "plain-http", limits[i].origin,
				      "may not be asked over plain http, which others on the way can "
				      "read; use https", error);
	return true;
}

bool allow_exchange(const struct settings *settings, const struct request_out *r,
		    GError **error)
{
	const char *url = r->url ? r->url : "";
	g_autofree char *host = r->host ? g_strdup(r->host) : place_host(url);
	const char *who = host ? host : url;

	return check_host(settings, who, host, error) &&
	       (r->host || !place_is_plain(url) || check_plain(settings, who, host, error));
}
