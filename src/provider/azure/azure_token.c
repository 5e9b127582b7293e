/*
 * Signing in: which way it is, and what all ways have in common.
 *
 * Signing in gets a token for the Resource Manager, which every application may have, even one
 * without any role, so that it proves the credential.  Tokens for vaults come when they are
 * wanted.  An access is never changed: one more token makes a new one.
 */
#include "own.h"

#include <string.h>

static step_fn by_secret, read_token, signed_in;

static const struct source {
	const char *name;
	step_fn *begin;
	const char *sentence;	/* where the credential came from, when it is not the account's */
} sources[] = {
	{ "client-secret", by_secret, NULL },
	{ "client-certificate", azure_assertion_by_certificate, NULL },
	{ "workload-identity", azure_assertion_by_file, "the federated token" },
	{ "cli", azure_cli_begin, "the Azure CLI's login" },
	{ "managed-identity", azure_identity_begin, "this machine's managed identity" },
};

/* ---- tokens by scope ---- */

static char *token_key(const char *scope)
{
	return g_strconcat("token ", scope ? scope : AZURE_ARM, NULL);
}

static char *ends_key(const char *scope)
{
	return g_strconcat("ends ", scope ? scope : AZURE_ARM, NULL);
}

static bool is_ended(const struct args *with, const char *end, int64_t now)
{
	int64_t ends;

	return args_int(with, end, &ends) && ends && ends <= now + AZURE_EARLY;
}

static bool has_token(const struct access *access, const char *scope, int64_t now)
{
	g_autofree char *key = token_key(scope), *end = ends_key(scope);

	return access && args_secret(access->with, key) && !is_ended(access->with, end, now);
}

/* Those that nobody would use any more. */
static void drop_ended(struct args *with, int64_t now)
{
	g_auto(GStrv) keys = args_keys(with);

	for (char **key = keys; *key; key++) {
		g_autofree char *token = g_str_has_prefix(*key, "ends ") &&
						 is_ended(with, *key, now) ?
			token_key(*key + strlen("ends ")) : NULL;

		if (!token)
			continue;
		args_put_secret(with, token, NULL);
		args_set(with, *key, NULL);
	}
}

/* The end of the token that ends first. */
static int64_t first_end(const struct args *with)
{
	g_auto(GStrv) keys = args_keys(with);
	int64_t first = 0, end;

	for (char **key = keys; *key; key++)
		if (g_str_has_prefix(*key, "ends ") && args_int(with, *key, &end) && end &&
		    (!first || end < first))
			first = end;
	return first;
}

/* ---- what it is got with ---- */

static bool copy(struct azure *a, const struct args *from, GError **error)
{
	g_auto(GStrv) keys = args_secret_keys(from);

	args_free(a->with);
	a->with = args_dup(from);
	for (char **key = keys; *key; key++)
		if (!args_secret(a->with, *key)) {
			g_set_error(error, ERR, ERR_LIMIT, "the memory for secrets is full");
			return false;
		}
	return true;
}

static void take_variable(struct args *with, const char *name, const char *key, bool is_secret)
{
	const char *value = g_getenv(name);

	if (value && *value && is_secret)
		args_put_secret(with, key, secret_new(value, strlen(value)));
	else if (value && *value)
		args_set(with, key, value);
}

static void take_authority(struct args *with)
{
	const char *url = g_getenv("AZURE_AUTHORITY_HOST");
	g_autofree char *whole = NULL;
	const char *cloud;

	if (!url || !*url || !strcmp(args_text(with, "cloud", ""), "custom"))
		return;
	whole = strstr(url, "://") ? g_strdup(url) : g_strconcat("https://", url, NULL);
	cloud = azure_cloud_of_authority(whole);
	args_set(with, "cloud", cloud ? cloud : "custom");
	args_set(with, "authority", cloud ? NULL : whole);
}

/* What the variables of the Azure SDKs say now; the way in that they mean. */
static const char *take_environment(struct args *with)
{
	take_variable(with, "AZURE_TENANT_ID", "tenant", false);
	take_variable(with, "AZURE_CLIENT_ID", "client-id", false);
	take_variable(with, "AZURE_CLIENT_SECRET", "client-secret", true);
	take_variable(with, "AZURE_CLIENT_CERTIFICATE_PATH", "certificate-file", false);
	take_variable(with, "AZURE_CLIENT_CERTIFICATE_PASSWORD", "certificate-passphrase", true);
	take_variable(with, "AZURE_FEDERATED_TOKEN_FILE", "token-file", false);
	take_authority(with);
	return args_secret(with, "client-secret") ? "client-secret" :
	       args_get(with, "certificate-file") ? "client-certificate" :
	       args_get(with, "token-file")	  ? "workload-identity" : "";
}

/* Other tools say "managed" where the secret would stand. */
static bool is_managed(const struct args *with)
{
	const struct secret *s = args_secret(with, "client-secret");

	return s && !g_ascii_strcasecmp(s->bytes, "managed");
}

static const struct source *find_source(struct azure *a, GError **error)
{
	const char *from = args_text(a->with, "from", "client-secret");

	if (!strcmp(from, "environment"))
		from = take_environment(a->with);
	if (!strcmp(from, "client-secret") && is_managed(a->with)) {
		from = "managed-identity";
		args_set(a->with, "identity", args_get(a->with, "client-id"));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
		if (!strcmp(sources[i].name, from))
			return &sources[i];
	g_set_error(error, ERR, ERR_SIGN_IN, "the environment has neither AZURE_CLIENT_SECRET nor "
		    "AZURE_CLIENT_CERTIFICATE_PATH nor AZURE_FEDERATED_TOKEN_FILE; set one and start "
		    "certty again");
	return NULL;
}

static struct next begin(struct op *op, const struct args *with, const char *scope, step_fn *then)
{
	struct azure *a = azure_of(op);
	const struct source *s;
	GError *error = NULL;

	g_free(a->scope);
	a->scope = g_strdup(scope);
	a->then = then;
	a->tries = 0;
	g_clear_pointer(&a->cloud, azure_cloud_free);
	if (!copy(a, with, &error) || !(s = find_source(a, &error)) ||
	    !(a->cloud = azure_cloud_new(a->with, &error)))
		return next_fail_error(op, error);
	drop_ended(a->with, op->now);
	a->source = s->name;
	return s->begin(op, NULL);
}

struct json *azure_token_told(const struct op *op, const char *scope)
{
	const struct access *access = op->opened ? op->opened : op->access;
	g_autofree char *name = g_strconcat("token ", scope, NULL);
	const struct secret *token = args_secret(access->with, name);
	g_autoptr(GBytes) claims = token ? token_claims(token, NULL) : NULL;
	gsize len = 0;
	const void *bytes = claims ? g_bytes_get_data(claims, &len) : NULL;

	return bytes ? json_parse(bytes, len, AZURE_REPLY_MAX, NULL) : NULL;
}

struct next azure_token_sign_in(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, op->login, AZURE_ARM, signed_in);
}

/* A scope that the access which this one takes the place of had a token for, and this one has not.
 * Operations go on with the new one where they were. */
static char *scope_to_carry(struct op *op)
{
	struct azure *a = azure_of(op);
	g_auto(GStrv) keys = op->access ? args_keys(op->access->with) : NULL;

	if (!a->carried)
		a->carried = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (char **key = keys; key && *key; key++) {
		const char *scope = g_str_has_prefix(*key, "ends ") ? *key + strlen("ends ") : AZURE_ARM;

		if (strcmp(scope, AZURE_ARM) && g_hash_table_add(a->carried, g_strdup(scope)))
			return g_strdup(scope);
	}
	return NULL;
}

static struct next signed_in(struct op *op, const struct reply *none)
{
	g_autofree char *scope = scope_to_carry(op);

	(void)none;
	return scope ? begin(op, op->opened->with, scope, signed_in) : next_done();
}

static struct next get(struct op *op, const char *scope, bool is_tried, step_fn *then)
{
	const struct access *newest = op->opened ? op->opened : op->access;

	if (has_token(newest, scope, op->now))
		return then(op, NULL);
	if (!newest)
		return next_fail(op, ERR_SIGN_IN, "the account is not signed in");
	azure_of(op)->is_tried = is_tried;
	return begin(op, newest->with, scope, then);
}

struct next azure_token(struct op *op, const char *scope, step_fn *then)
{
	return get(op, scope, false, then);
}

struct next azure_token_try(struct op *op, const char *scope, step_fn *then)
{
	g_clear_error(&azure_of(op)->refused);
	return get(op, scope, true, then);
}

struct next azure_token_failed(struct op *op, GError *error)
{
	struct azure *a = azure_of(op);

	if (!a->is_tried)
		return next_fail_error(op, error);
	a->refused = error;
	return a->then(op, NULL);
}

/* ---- the ends of all ways ---- */

static char *said_from(const struct azure *a)
{
	bool is_environment = !strcmp(args_text(a->with, "from", ""), "environment");

	for (size_t i = 0; i < G_N_ELEMENTS(sources); i++)
		if (!strcmp(sources[i].name, a->source) && sources[i].sentence)
			return g_strdup(sources[i].sentence);
	return is_environment ? g_strdup("the environment (AZURE_*)") : NULL;
}

struct next azure_token_took(struct op *op, struct token *t)
{
	struct azure *a = azure_of(op);
	g_autofree char *key = token_key(a->scope), *end = ends_key(a->scope);
	g_autofree char *ends = g_strdup_printf("%" G_GINT64_FORMAT, t->ends);
	struct access *access = access_new();

	args_put_secret(a->with, key, g_steal_pointer(&t->access));
	args_set(a->with, end, ends);
	token_done(t);
	access->from = said_from(a);
	access->ends = first_end(a->with);
	access->is_renewable = true;
	args_free(access->with);
	access->with = g_steal_pointer(&a->with);
	op_open(op, access);
	return a->then(op, NULL);
}

struct next azure_token_ask(struct op *op, struct request_out *r, bool is_near, step_fn *step)
{
	(void)op;
	r->is_unsigned = true;
	r->is_repeatable = true;
	r->max = AZURE_REPLY_MAX;
	if (is_near) {
		r->route = route_new();
		r->route->proxy = g_strdup("");
		r->timeout_ms = 10000;
	}
	return next_send(r, step);
}

static struct next read_token(struct op *op, const struct reply *r)
{
	struct token t = { 0 };
	GError *error = NULL;

	if (!azure_reply_token(r, op->now, &t, &error)) {
		if (!op->opened || azure_of(op)->then != signed_in)
			return azure_token_failed(op, error);
		g_error_free(error);	/* whoever wants it hears why when it is asked for */
		return signed_in(op, NULL);
	}
	return azure_token_took(op, &t);
}

/* ---- Entra ID ---- */

char *azure_token_url(struct op *op, GError **error)
{
	const struct azure *a = azure_of(op);
	const char *resource, *tenant;
	g_autofree char *part = NULL;

	if (!azure_cloud_resource(a->cloud, a->scope, &resource, &tenant, error))
		return NULL;
	if (!tenant)
		tenant = args_text(a->with, "tenant", "");
	if (!*tenant || !args_get(a->with, "client-id")) {
		g_set_error(error, ERR, ERR_USAGE, "the %s to sign in with is not known; %s",
			    *tenant ? "application" : "tenant",
			    !strcmp(args_text(a->with, "from", ""), "environment") ?
			    "set AZURE_TENANT_ID and AZURE_CLIENT_ID" : "add it to the account");
		return NULL;
	}
	part = g_uri_escape_string(tenant, NULL, false);
	return g_strdup_printf("%s/%s/oauth2/v2.0/token", a->cloud->authority, part);
}

struct next azure_token_post(struct op *op, const char *name, const struct secret *value)
{
	const struct azure *a = azure_of(op);
	bool is_assertion = !strcmp(name, "client_assertion");
	const char *resource, *tenant;
	g_autofree char *url = NULL, *scope = NULL;
	struct request_out *r;
	GError *error = NULL;

	url = azure_token_url(op, &error);
	if (!url || !azure_cloud_resource(a->cloud, a->scope, &resource, &tenant, &error))
		return next_fail_error(op, error);
	scope = g_strconcat(resource, "/.default", NULL);
	r = token_request(url, "client_id", args_get(a->with, "client-id"), "scope", scope,
			  "grant_type", "client_credentials", "client_assertion_type",
			  is_assertion ? "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" :
			  NULL, NULL);
	token_add_secret(r, name, value);
	return azure_token_ask(op, r, false, read_token);
}

static struct next by_secret(struct op *op, const struct reply *none)
{
	const struct secret *s = args_secret(azure_of(op)->with, "client-secret");

	(void)none;
	if (!s || !s->len)
		return next_fail(op, ERR_SIGN_IN, "there is no client secret for the account; enter it "
				 "anew by rotating it");
	return azure_token_post(op, "client_secret", s);
}

/* ---- requests ---- */

bool azure_token_sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	const char *scope = r->scope ? r->scope : AZURE_ARM;
	g_autofree char *key = token_key(scope);
	const struct secret *token = args_secret(a->with, key);
	g_autoptr(azure_cloud) cloud = azure_cloud_new(a->with, error);

	(void)now;
	if (!cloud)
		return false;
	if (!azure_cloud_owns(cloud, scope, r->url)) {
		g_set_error(error, ERR, ERR_REFUSED, "a token is not sent to an address that is not "
			    "its service's; check the cloud and the suffix of its vaults");
		return false;
	}
	if (!token) {
		g_set_error(error, ERR, ERR_SIGN_IN, "there is no token for this service yet");
		return false;
	}
	token_bearer(r, token);
	return true;
}

/* A token of another tenant or audience stays wrong however often it is got. */
bool azure_token_is_signed_out(const struct reply *r, const struct access *a)
{
	static const char *const wrong[] = { "AKV10022", "AKV10032",
					     "InvalidAuthenticationTokenTenant",
					     "InvalidAuthenticationTokenAudience" };
	size_t len = 0;
	const char *body = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	(void)a;
	if (r->error || r->status != 401)
		return false;
	for (size_t i = 0; body && i < G_N_ELEMENTS(wrong); i++)
		if (g_strstr_len(body, (gssize)len, wrong[i]))
			return false;
	return true;
}
