/*
 * dns_api: requests to a DNS service whose API speaks JSON over HTTP.
 */
#include "provider/dns_api.h"

#include <string.h>

#define TIMEOUT_MS 60000

char *dns_api_url(const struct dns_api *api, const struct args *answers, const char *path)
{
	const char *start = args_text(answers, "url", api->url);
	size_t len = strlen(start);

	while (len && start[len - 1] == '/')
		len--;
	return g_strdup_printf("%.*s%s", (int)len, start, path);
}

struct request_out *dns_api_ask(const struct dns_api *api, const struct op *op, const char *method,
				const char *path, const char *body)
{
	g_autofree char *url = dns_api_url(api, op->access->with, path);
	struct request_out *r = body ? exchange_post(url, "application/json", body, strlen(body)) :
				exchange_get(url);

	g_free(r->method);
	r->method = g_strdup(method);
	exchange_header(r, "Accept", "application/json");
	r->timeout_ms = TIMEOUT_MS;
	r->max = DNS_API_REPLY_MAX;
	r->pace = (struct pace){ g_strdup(api->sort), api->rate, api->burst };
	r->is_repeatable = !body;
	return r;
}

bool dns_api_is_there(const struct dns_api *api, const struct request_out *r, const struct access *a,
		      GError **error)
{
	g_autofree char *base = dns_api_url(api, a->with, "/");

	if (g_str_has_prefix(r->url, base))
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "the sign-in is not sent to an address that is not below %s",
		    base);
	return false;
}

void dns_api_header(struct request_out *r, const char *name, const char *before,
		    const struct secret *s)
{
	/* Not printed: vasprintf may leave a copy of its own behind. */
	char *value = g_strconcat(before, s->bytes, NULL);

	exchange_set_header(r, name, value);
	secret_wipe(value, strlen(value));
}
