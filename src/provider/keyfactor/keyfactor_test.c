/*
 * keyfactor_test: who are we there?
 *
 * Asked by GET /Status/Endpoints, a list of what the API offers, with the product's version in a
 * header.  Command has no call that says who asks; the name is the one that we signed in with,
 * or the one in the token.
 */
#include "keyfactor_own.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/net/token.h>

static step_fn heard;

struct next keyfactor_test(struct op *op, const struct reply *none)
{
	struct keyfactor *k = op->scratch;
	g_autofree char *url = NULL;
	struct request_out *r;

	(void)none;
	k->at = g_strdup(args_get(op->access->with, "at"));
	url = g_strconcat(k->at, "/Status/Endpoints", NULL);
	r = exchange_get(url);
	r->is_repeatable = true;
	return next_send(r, heard);
}

/* Of the claims that identity providers use, the one that people know best. */
static char *name_in(const struct secret *jwt)
{
	static const char *const claims[] = { "preferred_username", "upn", "unique_name", "name",
					      "client_id", "azp", "appid", "sub" };
	GBytes *bytes = jwt ? token_claims(jwt, NULL) : NULL;
	g_autoptr(json) j = NULL;
	char *name = NULL;

	if (!bytes)
		return NULL;
	j = json_parse(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), PASTE_MAX, NULL);
	for (size_t i = 0; !name && i < G_N_ELEMENTS(claims); i++)
		name = g_strdup(json_str(j, claims[i]));
	g_bytes_unref(bytes);
	return name;
}

static char *name_of(const struct access *a)
{
	const char *name = args_text(a->with, "name", "");

	if (!strcmp(args_text(a->with, "auth", ""), "kerberos"))
		return g_strdup("the Kerberos ticket of this session");
	return *name ? g_strdup(name) : name_in(args_secret(a->with, "token"));
}

static struct next heard(struct op *op, const struct reply *r)
{
	const struct keyfactor *k = op->scratch;
	g_autoptr(json) j = keyfactor_json(r);
	const char *header = r->error ? NULL : reply_header(r, "x-keyfactor-product-version");
	g_autofree char *version = text_harmless_dup(header, 60), *name = name_of(op->access);

	if (!j && !r->error && r->status == 200)
		return next_fail(op, ERR_REPLY, "%s does not answer as Keyfactor Command does; check "
				 "host and API path", k->at);
	if (!j)
		return keyfactor_fail(op, r, "reading /Status/Endpoints");
	if (name && *name)
		op_who(op, "%s", name);
	op_say(op, "Keyfactor Command%s%s at %s: signed in, with %zu endpoints", version ? " " : "",
	       version ? version : "", k->at, json_count(j));
	return next_done();
}
