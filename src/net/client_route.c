/*
 * Whom to trust, what to show and which way to go.
 *
 * The system's trust is what curl was built with, or what OpenSSL's own variables name; a route
 * that names CAs trusts those alone.  A TLS name is put into the URL and the connection pointed at
 * the real host, since curl has no other way to verify a name that it does not connect to; the
 * Host header stays what was signed.
 */
#include "net/client_route.h"

#include <string.h>

#include <certty/net/place.h>

#include "net/exchange_own.h"
#include "net/url.h"

static const char *environment(const char *name)
{
	const char *value = g_getenv(name);

	return value && *value ? value : NULL;
}

static void set_trust(const struct curl_late *curl, CURL *easy, const struct route *route)
{
	const char *file = environment("SSL_CERT_FILE"), *folder = environment("SSL_CERT_DIR");

	if (file)
		curl->easy_setopt(easy, CURLOPT_PROXY_CAINFO, file);
	if (folder)
		curl->easy_setopt(easy, CURLOPT_PROXY_CAPATH, folder);
	if (route && (route->ca_file || route->ca_folder)) {
		curl->easy_setopt(easy, CURLOPT_CAINFO, route->ca_file);
		curl->easy_setopt(easy, CURLOPT_CAPATH, route->ca_folder);
		return;
	}
	if (file)
		curl->easy_setopt(easy, CURLOPT_CAINFO, file);
	if (folder)
		curl->easy_setopt(easy, CURLOPT_CAPATH, folder);
}

/* Without a passphrase of ours OpenSSL would ask for one on the terminal. */
static void set_own_certificate(const struct curl_late *curl, CURL *easy, const struct route *route)
{
	curl->easy_setopt(easy, CURLOPT_SSLCERT, route->cert_file);
	curl->easy_setopt(easy, CURLOPT_KEYPASSWD, "");
	if (route->key) {
		struct curl_blob blob = { (void *)route->key->bytes, route->key->len,
					  CURL_BLOB_NOCOPY };

		curl->easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &blob);
	} else if (route->key_file) {
		curl->easy_setopt(easy, CURLOPT_SSLKEY, route->key_file);
	}
}

/* The environment's proxy is for the world outside; and nobody stands between us and the cloud's
 * own services, who would get its credentials. */
static void set_proxy(const struct curl_late *curl, CURL *easy, const struct request_out *r)
{
	const char *proxy = r->route ? r->route->proxy : NULL;
	enum place_kind place = place_of_url(r->url);

	if (place == PLACE_CLOUD || (place == PLACE_HERE && (!proxy || place_is_plain(r->url)))) {
		curl->easy_setopt(easy, CURLOPT_PROXY, "");
	} else if (proxy) {
		curl->easy_setopt(easy, CURLOPT_PROXY, proxy);
		curl->easy_setopt(easy, CURLOPT_NOPROXY, "");
	}
	curl->easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static bool set_name(struct client_route *way, const struct curl_late *curl, CURL *easy,
		     const struct request_out *r)
{
	g_autofree char *host = place_host(r->url), *url = NULL, *to = NULL;
	const char *name = r->route->server_name, *start, *rest;
	struct url parts;

	if (!exchange_is_host(name) || !host || !url_read(r->url, &parts, NULL))
		return false;
	start = strstr(r->url, "://") + strlen("://");
	rest = start + strlen(host) + (*start == '[' ? strlen("[]") : 0);
	url = g_strdup_printf("%.*s%s%s", (int)(start - r->url), r->url, name, rest);
	to = g_strdup_printf(*start == '[' ? "::[%s]:" : "::%s:", host);
	way->host = g_strdup_printf("Host: %s", parts.host);
	way->connect = curl->slist_append(NULL, to);
	curl->easy_setopt(easy, CURLOPT_URL, url);
	curl->easy_setopt(easy, CURLOPT_CONNECT_TO, way->connect);
	url_done(&parts);
	return true;
}

bool client_route_set(struct client_route *way, const struct curl_late *curl, CURL *easy,
		      const struct request_out *r)
{
	const struct route *route = r->route;

	set_trust(curl, easy, route);
	set_proxy(curl, easy, r);
	if (route && route->cert_file)
		set_own_certificate(curl, easy, route);
	if (route && route->negotiates) {
		curl->easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_NEGOTIATE);
		curl->easy_setopt(easy, CURLOPT_USERPWD, ":");
		curl->easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	}
	if (route && route->server_name && !place_is_plain(r->url))
		return set_name(way, curl, easy, r);
	curl->easy_setopt(easy, CURLOPT_URL, r->url);
	return true;
}

void client_route_done(struct client_route *way, const struct curl_late *curl)
{
	g_clear_pointer(&way->host, g_free);
	g_clear_pointer(&way->connect, curl->slist_free_all);
}
