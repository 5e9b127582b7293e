/*
 * kv_call: requests to a vault, the pages of its lists, and its challenge.
 *
 * A vault's own answers decide little: where a request goes is made of the vault's name and of the
 * account's cloud, also for the next page of a list, of which only the query is taken.  A challenge may
 * name another tenant, for vaults of others; what a token is for is never taken from it, and a server
 * that asks for anything else than vaults do gets none.
 */
#include "kv.h"

#include <string.h>

#include <certty/base/text.h>

/* A vault lets through 4000 transactions in ten seconds, the Resource Manager 25 reads a second and 250
 * at once, Resource Graph 15 queries in five seconds; others use them too. */
#define VAULT_RATE  320.0
#define VAULT_BURST 64
#define ARM_RATE    20.0
#define ARM_BURST   100
#define GRAPH_RATE  2.4
#define GRAPH_BURST 8

#define LINK_MAX    8192
#define TENANT_MAX  120

/* ---- what an operation keeps ---- */

void kv_call_done(struct azure *a)
{
	if (a->at) {
		kv_place_done(&a->at->place);
		g_free(a->at->base);
		g_free(a->at->scope);
	}
	g_clear_pointer(&a->at, g_free);
	if (a->mine)
		a->free_mine(a->mine);
	a->mine = NULL;
}

const struct kv_at *kv_call_at(const struct op *op)
{
	return ((const struct azure *)op->scratch)->at;
}

void *kv_call_mine(struct op *op, size_t size, GDestroyNotify done)
{
	struct azure *a = azure_of(op);

	if (!a->mine) {
		a->mine = g_malloc0(size);
		a->free_mine = done;
	}
	return a->mine;
}

static char *scope_of(GBytes *memo)
{
	struct kv_memo m;
	char *scope;

	kv_memo_read(&m, memo);
	scope = *m.tenant ? g_strconcat(AZURE_VAULT " ", m.tenant, NULL) : g_strdup(AZURE_VAULT);
	kv_memo_done(&m);
	return scope;
}

struct next kv_call_begin_at(struct op *op, const struct kv_place *p, step_fn *then)
{
	struct azure *a = azure_of(op);
	g_autoptr(azure_cloud) cloud = azure_cloud_new(op->access->with, NULL);

	a->at = g_new0(struct kv_at, 1);
	a->at->place = (struct kv_place){ g_strdup(p->subscription), g_strdup(p->group), g_strdup(p->name) };
	a->at->base = kv_place_base(p, cloud);
	a->at->scope = g_strdup(AZURE_VAULT);
	return azure_token(op, a->at->scope, then);
}

struct next kv_call_begin(struct op *op, step_fn *then)
{
	struct azure *a = azure_of(op);
	g_autoptr(azure_cloud) cloud = NULL;
	GError *error = NULL;

	if (!op->access)
		return next_fail(op, ERR_SIGN_IN, "the account is not signed in");
	cloud = azure_cloud_new(op->access->with, &error);
	if (!cloud)
		return next_fail_error(op, error);
	a->at = g_new0(struct kv_at, 1);
	if (!kv_place_read(op->store->address, cloud, &a->at->place, &error))
		return next_fail_error(op, error);
	a->at->base = kv_place_base(&a->at->place, cloud);
	a->at->scope = scope_of(op->memo);
	return azure_token(op, a->at->scope, then);
}

/* ---- asking ---- */

static void set_pace(struct request_out *r, const char *who, const char *what, double rate, unsigned burst)
{
	g_free(r->pace.sort);
	r->pace.sort = g_strdup_printf("%s %s", who, what);
	r->pace.rate = rate;
	r->pace.burst = burst;
}

static struct request_out *ask(struct op *op, const char *url)
{
	const struct kv_at *at = kv_call_at(op);
	struct request_out *r = exchange_get(url);

	exchange_header(r, "Accept", "application/json");
	g_free(r->scope);
	r->scope = g_strdup(at->scope);
	r->is_repeatable = true;
	set_pace(r, at->place.name, "transactions", VAULT_RATE, VAULT_BURST);
	return r;
}

struct request_out *kv_call_get(struct op *op, const char *path, ...)
{
	g_autoptr(GString) url = g_string_new(kv_call_at(op)->base);
	const char *name;
	va_list more;

	g_string_append_printf(url, "%s?api-version=" KV_API, path);
	va_start(more, path);
	while ((name = va_arg(more, const char *)) != NULL) {
		g_string_append_printf(url, "&%s=", name);
		g_string_append_uri_escaped(url, va_arg(more, const char *), NULL, FALSE);
	}
	va_end(more);
	return ask(op, url->str);
}

static char *scope_of_arm(struct op *op)
{
	const char *tenant = azure_of(op)->tenant;

	return tenant ? g_strconcat(AZURE_ARM " ", tenant, NULL) : g_strdup(AZURE_ARM);
}

struct next kv_call_enter(struct op *op, const char *tenant, step_fn *then)
{
	struct azure *a = azure_of(op);
	g_autofree char *scope = NULL;

	g_free(a->tenant);
	a->tenant = g_strdup(tenant);
	scope = scope_of_arm(op);
	return azure_token_try(op, scope, then);
}

struct request_out *kv_call_arm(struct op *op, const char *path)
{
	const struct access *access = op->opened ? op->opened : op->access;
	g_autoptr(azure_cloud) cloud = azure_cloud_new(access->with, NULL);
	g_autofree char *url = strstr(path, "://") ? g_strdup(path) :
						     g_strconcat(cloud ? cloud->arm : "", path, NULL);
	struct request_out *r = exchange_get(url);
	bool is_graph = strstr(path, "/Microsoft.ResourceGraph/") != NULL;

	exchange_header(r, "Accept", "application/json");
	g_free(r->scope);
	r->scope = scope_of_arm(op);
	r->is_repeatable = true;
	if (is_graph)
		set_pace(r, "Resource-Graph", "queries", GRAPH_RATE, GRAPH_BURST);
	else
		set_pace(r, "Resource-Manager", "reads", ARM_RATE, ARM_BURST);
	return r;
}

/* ---- pages ---- */

static bool has_parameter(const char *query, const char *name)
{
	g_auto(GStrv) parts = g_strsplit(query, "&", -1);

	for (char **part = parts; *part; part++)
		if (g_str_has_prefix(*part, name) && (*part)[strlen(name)] == '=')
			return true;
	return false;
}

/* Links have a port where none is needed, which says no more than there being none. */
static bool is_ours(const struct kv_at *at, const char *link)
{
	g_autoptr(GUri) uri = g_uri_parse(link, G_URI_FLAGS_ENCODED, NULL);
	g_autoptr(GUri) base = g_uri_parse(at->base, G_URI_FLAGS_ENCODED, NULL);
	int port = uri ? g_uri_get_port(uri) : 0, own = g_uri_get_port(base);

	return uri && !strcmp(g_uri_get_scheme(uri), "https") && g_uri_get_host(uri) &&
	       !g_ascii_strcasecmp(g_uri_get_host(uri), g_uri_get_host(base)) &&
	       (port < 0 ? 443 : port) == (own < 0 ? 443 : own);
}

struct request_out *kv_call_next(struct op *op, const char *link, const char *path, bool with_pending,
				 GError **error)
{
	const struct kv_at *at = kv_call_at(op);
	g_autoptr(GUri) uri = strlen(link) <= LINK_MAX ? g_uri_parse(link, G_URI_FLAGS_ENCODED, NULL) : NULL;
	const char *query = uri ? g_uri_get_query(uri) : NULL;
	g_autoptr(GString) url = g_string_new(at->base);

	if (!query || !is_ours(at, link) || g_ascii_strcasecmp(g_uri_get_path(uri), path)) {
		g_set_error(error, ERR, ERR_REPLY, "the vault %s: its list goes on at another address than its "
			    "own, which is not asked", at->place.name);
		return NULL;
	}
	g_string_append_printf(url, "%s?%s", path, query);
	if (!has_parameter(query, "api-version"))
		g_string_append(url, "&api-version=" KV_API);
	if (with_pending && !has_parameter(query, "includePending"))
		g_string_append(url, "&includePending=true");
	return ask(op, url->str);
}

/* ---- the challenge ---- */

/* The value behind a key of a challenge, with or without quotation marks. */
static char *value_of(const char *challenge, const char *key)
{
	size_t len = strlen(key);

	for (const char *at = challenge; (at = strchr(at, '=')) != NULL; at++) {
		const char *start = at - len, *value = at + 1;
		bool is_key = (size_t)(at - challenge) >= len && !g_ascii_strncasecmp(start, key, len) &&
			      (start == challenge || strchr(" ,\t", start[-1]));

		if (!is_key)
			continue;
		if (*value == '"')
			return g_strndup(value + 1, strcspn(value + 1, "\""));
		return g_strndup(value, strcspn(value, ", \t"));
	}
	return NULL;
}

static char *value_of_either(const char *challenge, const char *key, const char *other)
{
	char *value = value_of(challenge, key);

	return value ? value : value_of(challenge, other);
}

/* Its last part: before it may stand what sort of directory it is. */
static char *tenant_in(const char *authorization)
{
	g_autoptr(GUri) uri = g_uri_parse(authorization, G_URI_FLAGS_NONE, NULL);
	g_auto(GStrv) parts = g_strsplit(uri ? g_uri_get_path(uri) : "", "/", -1);
	const char *last = "";

	for (char **part = parts; *part; part++)
		if (**part)
			last = *part;
	if (!*last || strlen(last) > TENANT_MAX ||
	    strspn(last, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != strlen(last))
		return NULL;
	return g_ascii_strdown(last, -1);
}

static bool is_resource(const char *asked, const char *resource)
{
	size_t len = strlen(resource);

	return !g_ascii_strncasecmp(asked, resource, len) &&
	       (!strcmp(asked + len, "") || !strcmp(asked + len, "/") || !strcmp(asked + len, "/.default"));
}

char *kv_call_tenant(const char *challenge, const char *resource, GError **error)
{
	g_autofree char *where = value_of_either(challenge, "authorization", "authorization_uri");
	g_autofree char *asked = value_of_either(challenge, "resource", "scope"), *shown = NULL;
	char *tenant = where ? tenant_in(where) : NULL;

	if (asked && !is_resource(asked, resource)) {
		shown = text_harmless_dup(asked, 200);
		g_free(tenant);
		g_set_error(error, ERR, ERR_REFUSED, "the vault asks for a token that is for %s, and the "
			"vaults "
			    "of this cloud take those for %s: it gets none; check the cloud and the suffix of "
			    "its vaults", shown, resource);
		return NULL;
	}
	if (!tenant || !asked)
		g_set_error(error, ERR, ERR_REPLY, "the vault does not say whose token it wants");
	return asked ? tenant : (g_free(tenant), NULL);
}

/* The account's own tenant, as its token tells it. */
static char *own_tenant(const struct op *op)
{
	const struct access *access = op->opened ? op->opened : op->access;
	g_autoptr(json) j = azure_token_told(op, AZURE_VAULT);
	const char *tid = json_str(j, "tid");

	return g_ascii_strdown(tid ? tid : args_text(access->with, "tenant", ""), -1);
}

bool kv_call_challenged(struct op *op, const struct reply *r, step_fn *again, struct next *ret)
{
	struct kv_at *at = azure_of(op)->at;
	const char *challenge = r->error || r->status != 401 ? NULL : reply_header(r, "WWW-Authenticate");
	g_autoptr(azure_cloud) cloud = azure_cloud_new(op->access->with, NULL);
	g_autofree char *tenant = NULL, *own = NULL;
	GError *error = NULL;

	if (!challenge || at->was_challenged || !cloud)
		return false;
	at->was_challenged = true;
	tenant = kv_call_tenant(challenge, cloud->vault_resource, &error);
	if (!tenant) {
		*ret = next_fail_error(op, error);
		return true;
	}
	own = own_tenant(op);
	g_free(at->scope);
	at->scope = !strcmp(tenant, own) ? g_strdup(AZURE_VAULT) : g_strconcat(AZURE_VAULT " ", tenant, NULL);
	*ret = azure_token(op, at->scope, again);
	return true;
}

struct json *kv_call_json(const struct op *op, const struct reply *r, const char *deed, const char *about,
			  GError **error)
{
	const struct kv_at *at = kv_call_at(op);
	gsize len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	struct json *j;

	if (r->error || r->status < 200 || r->status > 299) {
		kv_refusal_set(&at->place, r, deed, about, error);
		return NULL;
	}
	j = json_parse(bytes ? bytes : "", len, EXCHANGE_BODY_MAX, error);
	if (!j)
		g_prefix_error(error, "the vault %s: the answer is not understood: ", at->place.name);
	return j;
}
