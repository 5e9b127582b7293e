/*
 * sectigo: accounts of Sectigo Certificate Manager: the ways to sign in, and where to.
 *
 * A login's headers go with every request; there is nothing to sign in to, and nothing is sent
 * twice when they are refused: a few refusals lock an administrator out.
 */
#include "sectigo_acme.h"
#include "sectigo_anchor.h"
#include "sectigo_domains.h"
#include "sectigo_orders.h"
#include "sectigo_state.h"

#include <string.h>

#include <certty/base/text.h>

#define BY_LOGIN "sign-in=password certificate"
#define BY_KEY	 "sign-in=api-key"
#define TOKEN_LIFE 300	/* seconds, where the server does not say */

/* clang-format off */
static const struct field account_fields[] = {
	{ "sign-in", FIELD_CHOICE, "Sign in with", false, "password", "password certificate api-key",
	  "an administrator's password or client certificate, or an API key of one (OAuth)",
	  NULL, NULL },
	{ "login", FIELD_TEXT, "Login", true, NULL, NULL,
	  "the administrator's login; one of type API is best", BY_LOGIN,
	  "[A-Za-z0-9!@_.+'-]{3,128}" },
	{ "password", FIELD_SECRET, "Password", true, NULL, NULL,
	  "the administrator's; a new one has to be changed in the portal once before it works here",
	  "sign-in=password", NULL },
	{ "customer-uri", FIELD_TEXT, "Customer URI", true, NULL, NULL,
	  "what stands after /customer/ in the portal's address", BY_LOGIN, "[A-Za-z0-9._~-]{1,128}" },
	{ "client-id", FIELD_TEXT, "Client ID", true, NULL, NULL,
	  "of the API key, from Settings, Admins, API keys", BY_KEY, "[!-~]{1,256}" },
	{ "client-secret", FIELD_SECRET, "Client secret", true, NULL, NULL,
	  "of the API key; the portal shows it once", BY_KEY, NULL },
	{ "instance", FIELD_CHOICE, "Instance", false, "enterprise", "enterprise hard other",
	  "where the portal is: enterprise is cert-manager.com, hard is hard.cert-manager.com",
	  NULL, NULL },
	{ "url", FIELD_TEXT, "Address", true, NULL, NULL,
	  "where the API begins, as in https://cert-manager.example/api", "instance=other",
	  "https?://.+" },
	{ "token-url", FIELD_TEXT, "Token URL", false, SECTIGO_TOKEN_URL, NULL,
	  "where the API key is exchanged for tokens", BY_KEY, "https?://.+", true },
	{ NULL }
};

static const struct instance {
	const char *name, *by_login, *by_key;
} instances[] = {
	{ "enterprise", "https://cert-manager.com/api", "https://admin.enterprise.sectigo.com/api" },
	{ "hard", "https://hard.cert-manager.com/api", "https://admin.hard.sectigo.com/api" },
};
/* clang-format on */

static step_fn sign_in, read_token;
static sign_fn sign;
static is_signed_out_fn is_signed_out;

static const char *const store_types[] = { SECTIGO_STORE, NULL };

/* clang-format off */
static const struct verb_questions questions[] = {
	{ VERB_ORDER,       SECTIGO_STORE,  sectigo_order_questions },
	{ VERB_ENROLL,      SECTIGO_STORE,  sectigo_enrol_questions },
	{ VERB_OBJECT_ADD,  SECTIGO_STORE,  sectigo_object_questions },
	{ VERB_OBJECT_STATE, SECTIGO_STORE, sectigo_state_questions },
	{ VERB_OBJECT_EDIT, SECTIGO_DOMAIN, sectigo_domain_questions },
	{ VERB_OBJECT_EDIT, SECTIGO_ACME_ACCOUNT, sectigo_acme_questions },
	{ VERB_OBJECT_EDIT, SECTIGO_ANCHOR, sectigo_anchor_questions },
	{ VERB_VALIDATE,    SECTIGO_DOMAIN, sectigo_dcv_questions },
	{ VERB_REFRESH, NULL, NULL }
};
/* clang-format on */

static const struct provider_info sectigo_info = {
	.name = "sectigo",
	.title = "Sectigo",
	.sentence = "Certificate Manager, by its administrators' API",
	.account_fields = account_fields,
	.test_sentence = "lists the organizations (GET /organization/v1) and asks how long the password "
			 "lasts and what the administrator may do (GET /admin/v1); that proves the sign-in, "
			 "and where Sectigo tells no rights not that it may order, approve or revoke",
	.read_block = sectigo_block,
	.block_hint = "login, password and customerUri as name=value, as headers or as JSON",
	.file_users = "scripts that call the API may use it",
	.store_types = store_types,
	.questions = questions,
	.ca = "sectigo",
};

static void scratch_done(void *scratch)
{
	sectigo_call_done(scratch);
}

static struct next ask_again(struct op *op, const struct reply *none)
{
	return strcmp(op->request->type, SECTIGO_ORDER) ? sectigo_dcv_sync(op, none) :
							  sectigo_order_sync(op, none);
}

const struct provider provider_sectigo = {
	.info = &sectigo_info,
	.scratch = sizeof(struct sectigo),
	.scratch_done = scratch_done,
	.at_once_store = 4,
	.at_once_account = 4,
	.sign_in = sign_in,
	.sign = sign,
	.is_signed_out = is_signed_out,
	.judge = sectigo_refusal_judge,
	.issuer = &sectigo_issuer,
	.describe = sectigo_cert_describe,
	.find_renewable = sectigo_find_renewable,
	.verb = {
		[VERB_ACCOUNT_TEST] = sectigo_test,
		[VERB_ACCOUNT_STORES] = sectigo_stores,
		[VERB_REFRESH] = sectigo_refresh,
		[VERB_SHOW] = sectigo_request_show,
		[VERB_SYNC] = ask_again,
		[VERB_ORDER] = sectigo_order,
		[VERB_APPROVE] = sectigo_approve,
		[VERB_DENY] = sectigo_deny,
		[VERB_EXPORT] = sectigo_export,
		[VERB_REVOKE] = sectigo_revoke,
		[VERB_RENEW] = sectigo_renew,
		[VERB_REISSUE] = sectigo_reissue,
		[VERB_REMOVE] = sectigo_remove,
		[VERB_REQUEST_EDIT] = sectigo_request_edit,
		[VERB_RESEND] = sectigo_dcv_resend,
		[VERB_WITHDRAW] = sectigo_dcv_withdraw,
		[VERB_OBJECT_ADD] = sectigo_object_add,
		[VERB_OBJECT_EDIT] = sectigo_object_edit,
		[VERB_OBJECT_DROP] = sectigo_object_drop,
		[VERB_OBJECT_STATE] = sectigo_state,
		[VERB_VALIDATE] = sectigo_dcv_start,
	},
	.plan = {
		[VERB_ORDER] = sectigo_planned_order,
		[VERB_APPROVE] = sectigo_planned_approve,
		[VERB_DENY] = sectigo_planned_deny,
		[VERB_EXPORT] = sectigo_planned_export,
		[VERB_REVOKE] = sectigo_planned_revoke,
		[VERB_RENEW] = sectigo_planned_renew,
		[VERB_REISSUE] = sectigo_planned_reissue,
		[VERB_REMOVE] = sectigo_planned_remove,
		[VERB_REQUEST_EDIT] = sectigo_planned_request_edit,
		[VERB_RESEND] = sectigo_dcv_planned_resend,
		[VERB_WITHDRAW] = sectigo_dcv_planned_withdraw,
		[VERB_OBJECT_ADD] = sectigo_object_planned_add,
		[VERB_OBJECT_EDIT] = sectigo_object_planned_edit,
		[VERB_OBJECT_DROP] = sectigo_object_planned_drop,
		[VERB_OBJECT_STATE] = sectigo_state_planned,
		[VERB_VALIDATE] = sectigo_dcv_planned_start,
	},
};

/* ---- where ---- */

static bool is_way(const struct args *answers, const char *way)
{
	return !strcmp(args_text(answers, "sign-in", "password"), way);
}

static const char *start_of(const struct args *answers)
{
	const char *name = args_text(answers, "instance", "enterprise");

	for (size_t i = 0; i < G_N_ELEMENTS(instances); i++)
		if (!strcmp(instances[i].name, name))
			return is_way(answers, "api-key") ? instances[i].by_key :
							    instances[i].by_login;
	return args_text(answers, "url", "");
}

/* A client certificate is asked for at a path of its own only. */
char *sectigo_base(const struct args *answers)
{
	const char *start = start_of(answers);
	size_t len = strlen(start);
	g_autofree char *url = NULL;

	while (len && start[len - 1] == '/')
		len--;
	url = g_strndup(start, len);
	if (!is_way(answers, "certificate") || g_str_has_suffix(url, "/private/api") ||
	    !g_str_has_suffix(url, "/api"))
		return g_steal_pointer(&url);
	return g_strdup_printf("%.*s/private/api", (int)(len - strlen("/api")), url);
}

struct request_out *sectigo_get(const struct args *answers, const char *path)
{
	g_autofree char *base = sectigo_base(answers), *url = g_strconcat(base, path, NULL);
	struct request_out *r = exchange_get(url);

	exchange_header(r, "Accept", "application/json");
	r->is_repeatable = true;
	r->timeout_ms = 60000;
	return r;
}

/* ---- signing in ---- */

static struct next opened(struct op *op, struct access *access)
{
	static const char *const keys[] = { "sign-in", "login", "customer-uri", "client-id", "instance",
					    "url", NULL };

	for (const char *const *key = keys; *key; key++)
		args_set(access->with, *key, args_get(op->login, *key));
	access->is_renewable = true;
	op_open(op, access);
	return next_done();
}

static struct next missing(struct op *op, const char *what)
{
	return next_fail(op, ERR_SIGN_IN, "there is no %s for the account; enter it anew by rotating it",
			 what);
}

static struct next by_login(struct op *op)
{
	const struct secret *password = args_secret(op->login, "password");
	const char *cert = args_get(op->login, "cert-file");
	struct access *access;

	if (is_way(op->login, "certificate") && (!cert || !*cert))
		return next_fail(op, ERR_USAGE, "to sign in with a client certificate, name its file in "
				 "the answer Own certificate (cert-file)");
	if (is_way(op->login, "password") && (!password || !password->len))
		return missing(op, "password");
	access = access_new();
	if (is_way(op->login, "password"))
		args_put_secret(access->with, "password", secret_dup(password));
	return opened(op, access);
}

static struct next sign_in(struct op *op, const struct reply *none)
{
	const struct secret *s = args_secret(op->login, "client-secret");
	struct request_out *r;

	(void)none;
	if (!is_way(op->login, "api-key"))
		return by_login(op);
	if (!s || !s->len)
		return missing(op, "client secret");
	r = token_request(args_text(op->login, "token-url", SECTIGO_TOKEN_URL), "grant_type",
			  "client_credentials", "client_id", args_text(op->login, "client-id", ""),
			  NULL);
	token_add_secret(r, "client_secret", s);
	r->is_unsigned = true;
	r->is_repeatable = true;
	return next_send(r, read_token);
}

static struct next read_token(struct op *op, const struct reply *r)
{
	g_autofree char *authority = sectigo_refusal_authority(r);
	struct token t = { 0 };
	struct access *access;
	GError *error = NULL;

	if (!token_read(r, op->now, &t, &error)) {
		g_prefix_error(&error, "signing in with the API key: ");
		if (authority) {
			g_autofree char *more = g_strdup_printf("%s; tokens are given at %s, it says",
								error->message, authority);

			g_free(error->message);
			error->message = g_steal_pointer(&more);
		}
		return next_fail_error(op, error);
	}
	access = access_new();
	args_put_secret(access->with, "token", g_steal_pointer(&t.access));
	access->ends = t.ends ? t.ends : op->now + TOKEN_LIFE;
	token_done(&t);
	return opened(op, access);
}

/* ---- requests ---- */

static bool is_below(const char *url, const char *base)
{
	return *base && g_str_has_prefix(url, base) && url[strlen(base)] == '/';
}

static void add_secret_header(struct request_out *r, const char *name, const struct secret *s)
{
	char *value = g_strndup(s->bytes, s->len);

	exchange_set_header(r, name, value);
	secret_wipe(value, s->len);
}

static bool lacks(GError **error, const char *what)
{
	g_set_error(error, ERR, ERR_SIGN_IN, "the account is open without a %s", what);
	return false;
}

static bool sign(struct request_out *r, const struct access *a, int64_t now, GError **error)
{
	g_autofree char *base = sectigo_base(a->with), *customer = NULL;
	const struct secret *password = args_secret(a->with, "password");
	const struct secret *token = args_secret(a->with, "token");

	(void)now;
	if (!is_below(r->url, base)) {
		g_set_error(error, ERR, ERR_REFUSED, "the login is not sent to an address that is not "
			    "below %s", base);
		return false;
	}
	if (is_way(a->with, "api-key")) {
		if (!token)
			return lacks(error, "token");
		token_bearer(r, token);
		return true;
	}
	customer = g_ascii_strdown(args_text(a->with, "customer-uri", ""), -1);
	exchange_set_header(r, "login", args_text(a->with, "login", ""));
	exchange_set_header(r, "customerUri", customer);
	if (is_way(a->with, "certificate"))
		return true;
	if (!password)
		return lacks(error, "password");
	add_secret_header(r, "password", password);
	return true;
}

/* Only tokens can be had anew, and only their refusals name who gives them. */
static bool is_signed_out(const struct reply *r, const struct access *a)
{
	(void)a;
	return !r->error && r->status == 401 && reply_header(r, "WWW-Authenticate");
}
