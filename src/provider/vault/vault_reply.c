/*
 * vault_reply: what is asked of a Vault server, and what its answers mean.
 *
 * A refusal is a list of texts, and a Go program wraps a list of one in two lines.  Statuses have
 * meanings of their own here: 472 and 473 are nodes that only follow, 501 is a server without
 * any data, 503 one that is sealed or has lost its leader.
 */
#include "vault_kf.h"

#include <inttypes.h>
#include <string.h>

#include <certty/base/text.h>

/* Asked so that every state has status 200: what we want is in the body. */
#define HEALTH "sys/health?standbyok=true&perfstandbyok=true&activecode=200&standbycode=200" \
	       "&performancestandbycode=200&drsecondarycode=200&sealedcode=200&uninitcode=200"

struct meaning {
	int status;
	enum err code;		/* while signing in */
	enum err job;		/* of a verb on a mount */
	bool is_server;		/* its state is the reason: sys/health may know more */
	const char *words;
};

/* clang-format off */
static const struct meaning meanings[] = {
	{ 200, ERR_REPLY,   ERR_REPLY,     false, "that is no answer of Vault's; something on the way may have cut it" },
	{ 307, ERR_NETWORK, ERR_NETWORK,   false, "this node is a standby and points elsewhere; "
				   "give the address of the cluster or of its active node" },
	{ 400, ERR_SIGN_IN, ERR_REFUSED,   false, NULL },
	{ 403, ERR_SIGN_IN, ERR_REFUSED,   false, NULL },
	{ 404, ERR_SIGN_IN, ERR_NOT_FOUND, false, "there is nothing of that name; check the mount and the namespace" },
	{ 405, ERR_SIGN_IN, ERR_REFUSED,   false, "what is mounted there does not do this; check the mount" },
	{ 412, ERR_BUSY,    ERR_BUSY,      true,  "it has not yet caught up with its cluster; try again" },
	{ 429, ERR_BUSY,    ERR_BUSY,      true,  "it takes no more requests for now (a quota); try again later" },
	{ 472, ERR_REPLY,   ERR_REPLY,     true,  "it is the secondary of a disaster recovery pair, "
				   "which answers nothing until it is promoted" },
	{ 473, ERR_REPLY,   ERR_REPLY,     true,  "it is a performance standby" },
	{ 501, ERR_BUSY,    ERR_BUSY,      true,  "it is not initialised" },
	{ 502, ERR_NETWORK, ERR_NETWORK,   true,  "something before it could not reach it" },
	{ 503, ERR_BUSY,    ERR_BUSY,      true,  "it is sealed, in maintenance, or without an active node" },
	{ 504, ERR_TIMEOUT, ERR_TIMEOUT,   true,  "something before it waited in vain" },
	{ 0,   ERR_REPLY,   ERR_REPLY,     true,  NULL },
};
/* clang-format on */

/* ---- asking ---- */

bool vault_token_is_fit(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!g_ascii_isgraph(bytes[i]))
			return false;
	return len > 0 && len <= VAULT_TOKEN_MAX;
}

/* Every byte of a secret may take six in JSON. */
GString *vault_body_new(size_t secrets)
{
	return g_string_sized_new(secrets * 6 + 1024);
}

static void wipe_body(void *body)
{
	GString *s = body;

	secret_clear(s->str, s->allocated_len);
	g_string_free(s, TRUE);
}

struct request_out *vault_ask(struct op *op, const char *path, GString *body)
{
	const struct vault *v = op->scratch;
	g_autofree char *url = g_strconcat(v->at, "/v1/", path, NULL);
	struct request_out *r = exchange_get(url);

	r->max = VAULT_BODY_MAX;
	r->is_repeatable = !body;
	if (!body)
		return r;
	g_free(r->method);
	r->method = g_strdup("POST");
	r->body = g_bytes_new_with_free_func(body->str, body->len, wipe_body, body);
	exchange_header(r, "Content-Type", "application/json");
	return r;
}

struct request_out *vault_ask_as(struct op *op, const char *path, GString *body,
				 const struct secret *token)
{
	struct request_out *r = vault_ask(op, path, body);
	const char *space = args_text(op->login, VAULT_SPACE, "");

	r->is_unsigned = true;
	exchange_header(r, "X-Vault-Request", "true");
	if (*space)
		exchange_header(r, "X-Vault-Namespace", space);
	if (token)
		exchange_header(r, "X-Vault-Token", token->bytes);
	return r;
}

struct request_out *vault_ask_list(struct op *op, const char *path)
{
	g_autofree char *listing = g_strconcat(path, strchr(path, '?') ? "&" : "?", "list=true", NULL);
	struct request_out *r = vault_ask(op, listing, NULL);

	r->max = EXCHANGE_BODY_MAX;
	return r;
}

char *vault_escape(const char *path)
{
	return g_uri_escape_string(path, "/", FALSE);
}

struct request_out *vault_ask_server(struct op *op, const char *path)
{
	return vault_tell_server(op, path, NULL);
}

struct request_out *vault_tell_server(struct op *op, const char *path, GString *body)
{
	struct request_out *r = vault_ask(op, path, body);

	r->is_unsigned = true;
	exchange_header(r, "X-Vault-Request", "true");
	return r;
}

struct request_out *vault_ask_health(struct op *op)
{
	return vault_ask_server(op, HEALTH);
}

/* ---- reading ---- */

static struct json *json_of(const struct reply *r)
{
	gsize len;
	const char *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	return bytes ? json_parse(bytes, len, EXCHANGE_BODY_MAX, NULL) : NULL;
}

struct json *vault_json(const struct reply *r)
{
	return !r->error && r->status == 200 ? json_of(r) : NULL;
}

/* "1 error occurred:\n\t* TEXT\n\n" is TEXT; of several, each is a part of its own. */
static void add_words(GString *out, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", 16);

	for (char **line = lines; *line; line++) {
		const char *words = g_strstrip(*line);

		if (!*words || strstr(words, " occurred:"))
			continue;
		words += g_str_has_prefix(words, "* ") ? 2 : 0;
		g_string_append_printf(out, "%s%s", out->len ? "; " : "", words);
	}
}

char *vault_words(const struct reply *r)
{
	g_autoptr(json) j = json_of(r);
	const struct json *errors = json_get(j, "errors");
	g_autoptr(GString) out = g_string_new(NULL);

	for (size_t i = 0; i < MIN(json_count(errors), 8); i++)
		if (json_text(json_at(errors, i)))
			add_words(out, json_text(json_at(errors, i)));
	return text_harmless_dup(out->str, VAULT_SAID_MAX);
}

bool vault_is_empty(const struct reply *r)
{
	g_autoptr(json) j = r->error || r->status != 404 ? NULL : json_of(r);
	const struct json *errors = json_get(j, "errors");

	return errors && !json_count(errors);
}

char *vault_text(const char *text)
{
	return text_harmless_dup(text ? text : "", VAULT_SAID_MAX);
}

bool vault_is_dead(const struct reply *r)
{
	g_autoptr(json) j = r->status == 403 ? json_of(r) : NULL;
	const struct json *errors = json_get(j, "errors");

	for (size_t i = 0; i < json_count(errors); i++) {
		const char *text = json_text(json_at(errors, i));

		if (text && (!strcmp(text, "permission denied") || strstr(text, "bad token") ||
			     strstr(text, "invalid token") || strstr(text, "token expired")))
			return true;
	}
	return false;
}

/* ---- the server itself ---- */

char *vault_seal_trouble(const struct json *status)
{
	int64_t of = 0, done = 0;
	const char *mode = json_str(status, "replication_dr_mode");

	if (!json_bool(status, "initialized", true))
		return g_strdup("it is not initialised: init makes the keys that then unseal it");
	if (json_bool(status, "sealed", false)) {
		json_int(status, "t", &of);
		json_int(status, "progress", &done);
		if (of > 0)
			return g_strdup_printf("it is sealed, with %" PRId64 " of %" PRId64
					       " unseal keys given: unseal takes the next one",
					       done, of);
		return g_strdup("it is sealed: unseal takes the keys that it needs");
	}
	if (mode && !strcmp(mode, "secondary"))
		return g_strdup("it is the secondary of a disaster recovery pair, which answers "
				"nothing until it is promoted");
	if (json_bool(status, "standby", false))
		return g_strdup("this node is a standby, and there is no active node that it could "
				"ask; try another node of the cluster");
	return NULL;
}

/* OpenBao says when it was committed, Vault when it was built; older ones differ in numbers. */
char *vault_product(const struct json *status)
{
	const char *version = json_str(status, "version");
	bool is_bao = json_str(status, "commit_date") ||
		      (version && g_str_has_prefix(version, "2."));
	g_autofree char *text =
		g_strdup_printf("%s %s", is_bao ? "OpenBao" : "Vault", version ? version : "");

	return text_harmless_dup(g_strchomp(text), 80);
}

/* ---- failing ---- */

static void better(struct vault *v, char *trouble /* taken, or NULL */)
{
	if (!trouble)
		return;
	g_free(v->failed);
	v->failed = g_strdup_printf("Vault at %s: %s", v->at, trouble);
	v->code = ERR_BUSY;
	g_free(trouble);
}

/* Only this one tells how many keys were given. */
static struct next seal_heard(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);

	better(v, j ? vault_seal_trouble(j) : NULL);
	return v->then(op, NULL);
}

static struct next health_heard(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);
	bool is_sealed = json_bool(j, "initialized", true) && json_bool(j, "sealed", false);

	better(v, j ? vault_seal_trouble(j) : NULL);
	return is_sealed && !json_get(j, "t") ?
		       next_send(vault_ask_server(op, "sys/seal-status"), seal_heard) :
		       v->then(op, NULL);
}

struct next vault_look_at_server(struct op *op, step_fn *then)
{
	struct vault *v = op->scratch;

	v->then = then;
	return next_send(vault_ask_health(op), health_heard);
}

static const struct meaning *meaning_of(int status)
{
	const struct meaning *m = meanings;

	while (m->status && m->status != (status == 308 ? 307 : status))
		m++;
	return m;
}

/* A page where JSON should be: a proxy's, a login's, or another server's. */
static const char *strange(const struct reply *r)
{
	const char *type = reply_header(r, "Content-Type");

	return type && strstr(type, "html") ? ", with a web page that is not Vault's" : "";
}

/* What was tried, what came back, what to do; into v->failed.  Whether the server may be the reason. */
static bool put_failed(struct op *op, const struct reply *r, const char *tried, const char *advice,
		       bool is_job)
{
	struct vault *v = op->scratch;
	const struct meaning *m = meaning_of(r->status);
	g_autofree char *words = r->error ? NULL : vault_words(r);

	g_free(v->failed);
	v->code = r->error ? (enum err)r->error->code : is_job ? m->job : m->code;
	if (r->error)
		v->failed = g_strdup_printf("Vault at %s: %s: %s", v->at, tried, r->error->message);
	else if (words && *words)
		v->failed = g_strdup_printf("Vault at %s: %s: it says '%s' (%d); %s", v->at, tried,
					    words, r->status, m->words ? m->words : advice);
	else
		v->failed = g_strdup_printf("Vault at %s: %s: status %d%s; %s", v->at, tried,
					    r->status, strange(r), m->words ? m->words : advice);
	return !r->error && m->is_server;
}

static struct next fail_now(struct op *op, const struct reply *none)
{
	const struct vault *v = op->scratch;

	(void)none;
	return next_fail(op, v->code, "%s", v->failed);
}

struct next vault_fail(struct op *op, const struct reply *r, const char *tried,
		       const char *advice)
{
	return put_failed(op, r, tried, advice, false) ? vault_look_at_server(op, fail_now) :
							 fail_now(op, NULL);
}

bool vault_explain(struct op *op, const struct reply *r, const char *tried, const char *capability,
		   const char *path)
{
	struct vault *v = op->scratch;
	bool is_dead = vault_is_dead(r);
	g_autofree char *words = vault_kf_is(op->store) && !r->error ? vault_words(r) : NULL;
	const struct vault_kf_fault *fault = words ? vault_kf_fault_find(words) : NULL;
	g_autofree char *advice = fault ? g_strdup(fault->advice) :
		r->status != 403 ? g_strdup("check what was asked for") :
		is_dead ? g_strdup("the token is not known there any more: it was revoked, or has ended") :
		g_strdup_printf("the token's policies have to allow '%s' on %s", capability, path);
	bool is_server = put_failed(op, r, tried, advice, true);

	v->fault = fault;
	if (is_dead)
		v->code = ERR_SIGN_IN;
	else if (fault)
		v->code = fault->code;
	return is_server && !fault;
}

struct next vault_refuse(struct op *op, const struct reply *r, const char *tried,
			 const char *capability, const char *path)
{
	return vault_explain(op, r, tried, capability, path) ? vault_look_at_server(op, fail_now) :
							       fail_now(op, NULL);
}
