/*
 * Managed identities: a machine or service in Azure has a token given to it by an endpoint that
 * only it can reach.  Which endpoint, the environment tells, in the order that Microsoft's own
 * libraries look; the metadata service of virtual machines is what remains.
 */
#include "own.h"

#include <string.h>


#define METADATA   "http://169.254.169.254"
#define ARC	   "http://localhost:40342/metadata/identity/oauth2/token"
#define ARC_AGENT  "/opt/azcmagent/bin/himds"
#define ARC_KEYS   "/var/opt/azcmagent/tokens"
#define ARC_KEY_MAX 4096u
#define TRIES	   5
/* What Azure writes into the asset tag of each of its virtual machines. */
#define AZURE_TAG  "7783-7084-3265-9085-8269-3286-77"

static step_fn ask_metadata, read_metadata, read_service, read_arc_challenge, ask_arc, read_arc;

static const char *variable(const char *name)
{
	const char *value = g_getenv(name);

	return value && *value ? value : NULL;
}

static bool is_service(void)
{
	return variable("IDENTITY_ENDPOINT") && variable("IDENTITY_HEADER");
}

static bool is_arc(void)
{
	return (variable("IDENTITY_ENDPOINT") && variable("IMDS_ENDPOINT")) ||
	       g_file_test(ARC_AGENT, G_FILE_TEST_EXISTS);
}

static bool has_tag(const char *dmi)
{
	g_autofree char *path = g_build_filename(dmi, "chassis_asset_tag", NULL);
	g_autofree char *tag = NULL;

	/* The kernel's files are of another size than they say, so not by file_read. */
	return g_file_get_contents(path, &tag, NULL, NULL) && g_str_has_prefix(tag, AZURE_TAG);
}

const char *azure_identity_here(const char *dmi)
{
	if (is_service())
		return "IDENTITY_ENDPOINT";
	if (is_arc())
		return "Azure Arc's agent";
	return has_tag(dmi) ? "Azure's metadata service" : NULL;
}

/* ---- the question ---- */

/* Which identity: by what kind of id, the endpoints have names of their own for one of them. */
static void add_identity(GString *url, const char *identity, const char *by_resource)
{
	const char *kind = !*identity ? NULL : *identity == '/' ? by_resource :
			   g_str_has_prefix(identity, "object:") ? "object_id" : "client_id";
	const char *id = g_str_has_prefix(identity, "object:") ? identity + strlen("object:") :
								 identity;

	if (!kind)
		return;
	g_string_append_printf(url, "&%s=", kind);
	g_string_append_uri_escaped(url, id, NULL, false);
}

static struct request_out *question(struct op *op, const char *endpoint, const char *version,
				    const char *by_resource, GError **error)
{
	const struct azure *a = azure_of(op);
	g_autoptr(GString) url = g_string_new(endpoint);
	const char *resource, *tenant;

	if (!azure_cloud_resource(a->cloud, a->scope, &resource, &tenant, error))
		return NULL;
	if (tenant) {
		g_set_error(error, ERR, ERR_REFUSED, "a managed identity has tokens of its own tenant "
			    "only, and this belongs to tenant %s", tenant);
		return NULL;
	}
	g_string_append_printf(url, "%capi-version=%s&resource=", strchr(endpoint, '?') ? '&' : '?',
			       version);
	g_string_append_uri_escaped(url, resource, NULL, false);
	add_identity(url, args_text(a->with, "identity", ""), by_resource);
	return exchange_get(url->str);
}

struct next azure_identity_begin(struct op *op, const struct reply *none)
{
	const struct args *with = azure_of(op)->with;
	struct request_out *r;
	GError *error = NULL;

	if (args_get(with, "identity-endpoint"))
		return ask_metadata(op, none);
	if (is_service() && variable("IDENTITY_SERVER_THUMBPRINT"))
		return next_fail(op, ERR_SIGN_IN, "the identity of a Service Fabric application cannot "
				 "be used; give the account a secret or a certificate");
	if (is_service()) {
		r = question(op, variable("IDENTITY_ENDPOINT"), "2019-08-01", "mi_res_id", &error);
		if (!r)
			return next_fail_error(op, error);
		exchange_header(r, "X-IDENTITY-HEADER", variable("IDENTITY_HEADER"));
		return azure_token_ask(op, r, true, read_service);
	}
	return is_arc() ? ask_arc(op, none) : ask_metadata(op, none);
}

static struct next took(struct op *op, const struct reply *r)
{
	struct token t = { 0 };
	GError *error = NULL;

	if (!azure_reply_token(r, op->now, &t, &error))
		return next_fail_error(op, error);
	return azure_token_took(op, &t);
}

static struct next read_service(struct op *op, const struct reply *r)
{
	return took(op, r);
}

/* ---- the metadata service ---- */

static struct next ask_metadata(struct op *op, const struct reply *none)
{
	const char *host = args_get(azure_of(op)->with, "identity-endpoint");
	g_autofree char *endpoint = NULL;
	struct request_out *r;
	GError *error = NULL;

	(void)none;
	if (!host)
		host = variable("AZURE_POD_IDENTITY_AUTHORITY_HOST");
	endpoint = g_strdup_printf("%s/metadata/identity/oauth2/token", host ? host : METADATA);
	r = question(op, endpoint, "2018-02-01", "msi_res_id", &error);
	if (!r)
		return next_fail_error(op, error);
	exchange_header(r, "Metadata", "true");
	return azure_token_ask(op, r, true, read_metadata);
}

/* It is out for a minute when it is updated, and says 404 or 410 then. */
static struct next read_metadata(struct op *op, const struct reply *r)
{
	struct azure *a = azure_of(op);

	if (r->error)
		return next_fail(op, ERR_SIGN_IN, "Azure's metadata service does not answer (%s); this "
				 "machine may not be in Azure", r->error->message);
	if (azure_reply_is_passing(r) && ++a->tries < TRIES)
		return next_wait(INT64_C(1000) << a->tries, ask_metadata);
	return took(op, r);
}

/* ---- Azure Arc: a machine elsewhere, whose agent wants to see that we may read a file ---- */

static struct request_out *arc_question(struct op *op, GError **error)
{
	const char *endpoint = variable("IDENTITY_ENDPOINT");
	struct request_out *r;

	if (*args_text(azure_of(op)->with, "identity", "")) {
		g_set_error(error, ERR, ERR_USAGE, "a machine with Azure Arc's agent has its own "
			    "identity only; leave the answer Identity empty");
		return NULL;
	}
	r = question(op, endpoint ? endpoint : ARC, "2020-06-01", "msi_res_id", error);
	if (r)
		exchange_header(r, "Metadata", "true");
	return r;
}

static struct next ask_arc(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	struct request_out *r = arc_question(op, &error);

	(void)none;
	return r ? azure_token_ask(op, r, true, read_arc_challenge) : next_fail_error(op, error);
}

static const char *arc_file(const char *folder, const char *challenge)
{
	const char *realm = challenge ? strstr(challenge, "realm=") : NULL;
	const char *path = realm ? realm + strlen("realm=") : "";
	const char *name = g_str_has_prefix(path, folder) ? path + strlen(folder) : "";
	size_t n = strspn(name + (*name == '/'), "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	return *name == '/' && n && !strcmp(name + 1 + n, ".key") ? path : NULL;
}

/* It could name any file, and whoever speaks there would be told its content: so it is one of the
 * agent's own folder, or none. */
struct secret *azure_identity_arc_key(const char *folder, const char *challenge, GError **error)
{
	const char *path = arc_file(folder, challenge);
	g_autoptr(secret) s = NULL;

	if (!path) {
		g_set_error(error, ERR, ERR_REPLY, "Azure Arc's agent names no key file in %s", folder);
		return NULL;
	}
	s = azure_assertion_file(path, ARC_KEY_MAX, error);
	if (!s)
		g_prefix_error(error, "the key of Azure Arc's agent (its users are in the group "
			       "himds): ");
	else if (!s->len || strcspn(s->bytes, "\r\n") != s->len)
		g_set_error(error, ERR, ERR_FORMAT, "the key of Azure Arc's agent is not one line");
	else
		return g_steal_pointer(&s);
	return NULL;
}

static void free_secret(void *secret)
{
	secret_free(secret);
}

static void read_arc_key(struct work *w)
{
	w->out = azure_identity_arc_key(ARC_KEYS, w->in, &w->error);
}

static struct next read_arc_challenge(struct op *op, const struct reply *r)
{
	const char *challenge = reply_header(r, "WWW-Authenticate");

	if (r->error || r->status != 401)
		return took(op, r);
	return next_work(work_new(read_arc_key, g_strdup(challenge), g_free, free_secret), read_arc);
}

static struct next read_arc(struct op *op, const struct reply *none)
{
	const struct secret *key = op->work->out;
	struct request_out *r;
	GError *error = NULL;
	char *value;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	r = arc_question(op, &error);
	if (!r)
		return next_fail_error(op, error);
	value = g_strconcat("Basic ", key->bytes, NULL);
	exchange_header(r, "Authorization", value);
	secret_wipe(value, strlen(value));
	return azure_token_ask(op, r, true, read_service);
}
