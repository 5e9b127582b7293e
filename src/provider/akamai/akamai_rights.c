/*
 * akamai_rights: what an API client may do, as Identity Management tells it of itself.
 *
 * That wants a grant of its own.  Without it nobody can tell whether a client that reads may change anything
 * but by changing something, which a test must not do.
 */
#include "own.h"

#include <string.h>

#include <certty/base/json.h>
#include <certty/base/text.h>

#define APIS_MAX   1000
#define LEVEL_MAX  40
#define READ_WRITE "READ-WRITE"
#define READ_ONLY  "READ-ONLY"

/* An API is named by where it is, which is written in several ways, and by a title. */
struct api {
	const char *root, *title;
};

static const struct api cps = { "cps", "Certificate Provisioning System" };
static const struct api edge_dns = { "config-dns", "Zone Record Management" };

static bool is_api(const struct json *j, const struct api *api)
{
	const char *at = json_str(j, "endPoint"), *title = json_str(j, "apiName");
	size_t len = strlen(api->root);

	at = at ? at + strspn(at, "/") : "";
	return (!strncmp(at, api->root, len) && (at[len] == '/' || !at[len])) ||
	       (title && strstr(title, api->title));
}

/* "" when none is named; harmless, new. */
static char *level_of(const struct json *apis, const struct api *api)
{
	for (size_t i = 0; i < MIN(json_count(apis), APIS_MAX); i++) {
		const struct json *j = json_at(apis, i);

		if (is_api(j, api) && json_str(j, "accessLevel"))
			return text_harmless_dup(json_str(j, "accessLevel"), LEVEL_MAX);
	}
	return g_strdup("");
}

struct request_out *akamai_rights_ask(const struct access *a)
{
	return akamai_ask(a, "/identity-management/v3/api-clients/self?apiAccess=true", NULL);
}

static struct json *read_apis(const struct reply *r)
{
	gsize len = 0;
	const void *bytes = !r->error && r->status == 200 && r->body ? g_bytes_get_data(r->body, &len) : NULL;

	return len ? json_parse(bytes, len, EXCHANGE_BODY_MAX, NULL) : NULL;
}

char *akamai_rights_say(const struct reply *r)
{
	g_autoptr(json) self = read_apis(r);
	const struct json *apis = json_get(json_get(self, "apiAccess"), "apis");
	g_autofree char *level = level_of(apis, &cps), *dns = level_of(apis, &edge_dns);
	GString *out;

	if (!apis)
		return g_strdup("whether its API client may change enrollments Akamai tells only clients with "
				"a grant for Identity Management: where it may not, the first change is "
				"refused, and says so");
	out = g_string_new(NULL);
	if (!strcmp(level, READ_WRITE))
		g_string_append(out, "its API client may read and change enrollments (" READ_WRITE ")");
	else if (!strcmp(level, READ_ONLY))
		g_string_append(out, "its API client may read enrollments and change none (" READ_ONLY "): "
				"that wants " READ_WRITE " for Certificate Provisioning System, which whoever "
				"manages API clients in Control Center can give");
	else
		g_string_append_printf(out, "for enrollments Akamai names %s%s", *level ? "the grant " :
				       "no grant of its API client", level);
	if (*dns)
		g_string_append_printf(out, "; Edge DNS: %s", dns);
	return g_string_free(out, FALSE);
}
