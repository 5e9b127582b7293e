/*
 * vault_kf_config: how Keyfactor's engine reaches Command: what it tells of it, and what answers make of
 * that.
 *
 * A write changes what is in it and keeps the rest, so only what is to be changed is sent; what is told
 * hidden would be stored as such, so it is never sent back.  A password and a client beside each other
 * are the password alone, so another way to sign in takes the others away.
 */
#include "vault_kf.h"

#include <inttypes.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>

#define BASIC  "basic"
#define OAUTH  "oauth"
#define BEARER "token"
#define CLEAR  "-"	/* an answer that takes away what is there */
#define TEXT_MAX_ 1000

/* clang-format off */
const struct vault_kf_field vault_kf_fields[] = {
	{ "url",                "url",           VAULT_KF_TEXT,   VAULT_KF_BASIC, NULL },
	{ "api_path",           "api-path",      VAULT_KF_TEXT,   VAULT_KF_BASIC, NULL },
	{ "ca",                 "ca",            VAULT_KF_TEXT,   VAULT_KF_BASIC, NULL },
	{ "template",           "template",      VAULT_KF_TEXT,   VAULT_KF_BASIC, NULL },
	{ "username",           "user",          VAULT_KF_TEXT,   VAULT_KF_BASIC, BASIC },
	{ "password",           "password",      VAULT_KF_SECRET, VAULT_KF_BASIC, BASIC },
	{ "domain",             "domain",        VAULT_KF_TEXT,   VAULT_KF_BASIC, BASIC },
	{ "client_id",          "client-id",     VAULT_KF_TEXT,   VAULT_KF_OAUTH, OAUTH },
	{ "client_secret",      "client-secret", VAULT_KF_SECRET, VAULT_KF_OAUTH, OAUTH },
	{ "token_url",          "token-url",     VAULT_KF_TEXT,   VAULT_KF_OAUTH, OAUTH },
	{ "scopes",             "scopes",        VAULT_KF_LIST,   VAULT_KF_OAUTH, OAUTH },
	{ "audience",           "audience",      VAULT_KF_TEXT,   VAULT_KF_OAUTH, OAUTH },
	{ "access_token",       "access-token",  VAULT_KF_SECRET, VAULT_KF_OAUTH, BEARER },
	{ "command_cert_path",  "ca-path",       VAULT_KF_TEXT,   VAULT_KF_BASIC, NULL },
	{ "skip_verify",        "skip-verify",   VAULT_KF_BOOL,   VAULT_KF_BASIC, NULL },
	{ "tidy_enabled",       "tidy",          VAULT_KF_BOOL,   VAULT_KF_TIDY,  NULL },
	{ "tidy_interval",      "tidy-interval", VAULT_KF_SPAN,   VAULT_KF_TIDY,  NULL },
	{ "tidy_safety_buffer", "tidy-after",    VAULT_KF_SPAN,   VAULT_KF_TIDY,  NULL },
	{ NULL }
};

const struct field vault_kf_config_questions[] = {
	{ "url",           FIELD_TEXT,     "Command's URL",  false, NULL, NULL,
	  "as in https://command.example.com; here and below nothing said leaves it as it is",
	  NULL, "https?://[^/?#@\\s]+/?" },
	{ "api-path",      FIELD_TEXT,     "API path",       false, NULL, NULL,
	  "behind the host; KeyfactorAPI unless it was set",
	  NULL, "[^/?#\\s][^?#\\s]*", true },
	{ "ca",            FIELD_TEXT,     "Default CA",     false, NULL, NULL,
	  "as in host\\name, with one backslash; - takes it away" },
	{ "template",      FIELD_TEXT,     "Default template", false, NULL, NULL,
	  "its short name; - takes it away" },
	{ "auth",          FIELD_CHOICE,   "Signs in with",  false, "as-is", "as-is basic oauth token",
	  "how the engine signs in to Command; another way takes away what the others need, and a client "
	  "certificate is none of them" },
	{ "user",          FIELD_TEXT,     "User",           false, NULL, NULL,
	  "of Command", "auth=as-is basic" },
	{ "password",      FIELD_SECRET,   "Password",       false, NULL, NULL,
	  "of that user; the one that is there when nothing is said", "auth=as-is basic" },
	{ "domain",        FIELD_TEXT,     "Domain",         false, NULL, NULL,
	  "of that user in the directory; - takes it away", "auth=as-is basic" },
	{ "client-id",     FIELD_TEXT,     "Client ID",      false, NULL, NULL,
	  "of the OAuth client", "auth=as-is oauth" },
	{ "client-secret", FIELD_SECRET,   "Client secret",  false, NULL, NULL,
	  "of that client; the one that is there when nothing is said", "auth=as-is oauth" },
	{ "token-url",     FIELD_TEXT,     "Token URL",      false, NULL, NULL,
	  "where that client gets its tokens", "auth=as-is oauth", "https?://[^\\s]+" },
	{ "scopes",        FIELD_LIST,     "Scopes",         false, NULL, NULL,
	  "that it asks for; - takes them away", "auth=as-is oauth", NULL, true },
	{ "audience",      FIELD_TEXT,     "Audience",       false, NULL, NULL,
	  "that it asks for; - takes it away", "auth=as-is oauth", NULL, true },
	{ "access-token",  FIELD_SECRET,   "Ready token",    false, NULL, NULL,
	  "a bearer token, which nobody renews when it ends", "auth=as-is token" },
	{ "ca-path",       FIELD_TEXT,     "CA file there",  false, NULL, NULL,
	  "path on the Vault server of the PEM file of CAs that Command is trusted by; - takes it away",
	  NULL, "/[^\\s].*|-", true },
	{ "skip-verify",   FIELD_CHOICE,   "Skip verifying", false, "as-is", "as-is yes no",
	  "whether the engine talks to Command without looking at its certificate; no unless it was set",
	  NULL, NULL, true },
	{ "accept-risk",   FIELD_BOOL,     "Accept that",    false, "no", NULL,
	  "that the engine then gives its password or token to whoever answers in Command's place",
	  "skip-verify=yes", NULL, true },
	{ "tidy",          FIELD_CHOICE,   "Tidy",           false, "as-is", "as-is yes no",
	  "from 1.5 on: whether the engine forgets certificates some time after their end; no unless it was "
	  "set", NULL, NULL, true },
	{ "tidy-interval", FIELD_SPAN,     "Tidy every",     false, NULL, NULL,
	  "from 1.5 on; 1d unless it was set", NULL, NULL, true },
	{ "tidy-after",    FIELD_SPAN,     "Tidy after",     false, NULL, NULL,
	  "from 1.5 on: how long after their end; 3d unless it was set", NULL, NULL, true },
	{ "reveal-file",   FIELD_FILE_OUT, "Reveal into",    false, NULL, NULL,
	  "a new file of mode 0600 that the hidden values are written to as they are; then nothing is "
	  "changed", NULL, NULL, true },
	{ NULL }
};
/* clang-format on */

/* ---- what is there ---- */

static char *list_text(const struct json *list)
{
	g_autoptr(GString) s = g_string_new(json_text(list));

	for (size_t i = 0; i < json_count(list); i++)
		if (json_text(json_at(list, i)))
			g_string_append_printf(s, "%s%s", s->len ? "," : "", json_text(json_at(list, i)));
	return text_harmless_dup(s->str, TEXT_MAX_);
}

char *vault_kf_config_text(const struct vault_kf_field *f, const struct json *data)
{
	const char *text = json_str(data, f->key);
	int64_t n = 0;

	if (f->kind == VAULT_KF_SECRET)
		return g_strdup(text && *text ? VAULT_KF_HIDDEN : "");
	if (f->kind == VAULT_KF_BOOL)
		return g_strdup(json_bool(data, f->key, false) ? "yes" : "no");
	if (f->kind == VAULT_KF_LIST)
		return list_text(json_get(data, f->key));
	if (f->kind == VAULT_KF_SPAN)
		return json_int(data, f->key, &n) ? g_strdup_printf("%" PRId64, n) : g_strdup("");
	return text_harmless_dup(text ? text : "", TEXT_MAX_);
}

int vault_kf_config_version(const struct json *data)
{
	int version = VAULT_KF_BASIC;

	for (const struct vault_kf_field *f = vault_kf_fields; f->key; f++)
		if (json_get(data, f->key))
			version = MAX(version, f->since);
	return version;
}

void vault_kf_config_keep(GHashTable *facts, const struct json *data)
{
	for (const struct vault_kf_field *f = vault_kf_fields; f->key; f++)
		if (json_get(data, f->key))
			g_hash_table_replace(facts, g_strconcat("config/", f->key, NULL),
					     vault_kf_config_text(f, data));
}

const char *vault_kf_config_kept(GHashTable *facts, const char *key)
{
	g_autofree char *name = g_strconcat("config/", key, NULL);
	const char *text = g_hash_table_lookup(facts, name);

	return text ? text : "";
}

/* ---- as an object ---- */

/* The one that counts where there are several. */
static const char *way_of(GHashTable *facts)
{
	if (*vault_kf_config_kept(facts, "username") && *vault_kf_config_kept(facts, "password"))
		return BASIC;
	if (*vault_kf_config_kept(facts, "client_id") && *vault_kf_config_kept(facts, "client_secret"))
		return OAUTH;
	return *vault_kf_config_kept(facts, "access_token") ? BEARER : "as-is";
}

/* What is hidden is no answer. */
static void add_answer(struct object *o, const struct vault_kf_field *f, const char *text)
{
	g_autofree char *span = f->kind == VAULT_KF_SPAN && *text ? g_strconcat(text, "s", NULL) : NULL;

	if (f->kind != VAULT_KF_SECRET)
		object_add_answer(o, f->ask, span ? span : text);
}

struct object *vault_kf_config_row(const struct op *op, GHashTable *facts)
{
	g_autofree char *id = object_id(op->store->id, VAULT_KF_CONFIG_TYPE, VAULT_KF_CONFIG);
	const char *url = vault_kf_config_kept(facts, "url"), *way = way_of(facts);
	struct object *o = object_new(id);

	store_set(&o->account, op->store->account);
	store_set(&o->provider, op->store->provider);
	store_set(&o->store, op->store->id);
	store_set(&o->type, VAULT_KF_CONFIG_TYPE);
	store_set(&o->name, "configuration");
	store_set(&o->summary, *url ? url : "it was not told where Command is");
	store_set(&o->can, "object-edit object-drop");
	object_add_fact(o, "signs in with", strcmp(way, "as-is") ? way : "nothing");
	object_add_answer(o, "auth", way);
	for (const struct vault_kf_field *f = vault_kf_fields; f->key; f++) {
		const char *text = vault_kf_config_kept(facts, f->key);

		object_add_fact(o, f->key, text);
		add_answer(o, f, text);
	}
	return o;
}

/* ---- what answers make of it ---- */

static const char *said(const struct args *args, const struct vault_kf_field *f)
{
	const char *text = args_text(args, f->ask, "");

	return f->kind == VAULT_KF_BOOL && !strcmp(text, "as-is") ? "" : text;
}

static bool is_secret_answered(const struct args *args, const struct vault_kf_field *f)
{
	const struct secret *s = f->kind == VAULT_KF_SECRET ? args_secret(args, f->ask) : NULL;

	return s && s->len;
}

static bool is_answered(const struct args *args, const struct vault_kf_field *f)
{
	return is_secret_answered(args, f) || *said(args, f);
}

/* Of a way to sign in that is not the one that was chosen. */
static bool is_other_way(const struct args *args, const struct vault_kf_field *f)
{
	const char *auth = args_text(args, "auth", "as-is");

	return f->auth && strcmp(auth, "as-is") && strcmp(auth, f->auth);
}

static bool check_one(const struct args *args, const struct vault_kf_field *f, GError **error)
{
	const struct secret *s = args_secret(args, f->ask);

	if (!g_strcmp0(said(args, f), VAULT_KF_HIDDEN) || (s && !strcmp(s->bytes, VAULT_KF_HIDDEN)))
		g_set_error(error, ERR, ERR_USAGE, "%s: " VAULT_KF_HIDDEN " only stands for what is there, and "
			    "would be stored as it is; say nothing to leave it", f->ask);
	else if (is_other_way(args, f) && is_answered(args, f))
		g_set_error(error, ERR, ERR_USAGE, "%s has no use where the engine signs in with %s", f->ask,
			    args_text(args, "auth", ""));
	else
		return true;
	return false;
}

bool vault_kf_config_check(const struct args *args, GError **error)
{
	bool reveals = *args_text(args, "reveal-file", ""), is_any = false;

	for (const struct vault_kf_field *f = vault_kf_fields; f->key; f++) {
		if (!check_one(args, f, error))
			return false;
		is_any = is_any || is_answered(args, f);
	}
	is_any = is_any || strcmp(args_text(args, "auth", "as-is"), "as-is") != 0;
	if (!strcmp(args_text(args, "skip-verify", ""), "yes") && !args_bool(args, "accept-risk"))
		g_set_error(error, ERR, ERR_REFUSED, "without verifying, the engine gives its password or "
			    "token to whoever answers in Command's place: accept-risk says that this is "
			    "accepted");
	else if (reveals && is_any)
		g_set_error(error, ERR, ERR_USAGE, "reveal-file changes nothing: leave the others out");
	else if (!reveals && !is_any)
		g_set_error(error, ERR, ERR_USAGE, "say what is to be changed");
	else
		return true;
	return false;
}

void vault_kf_change_free(void *change)
{
	struct vault_kf_change *c = change;

	g_free(c->before);
	g_free(c->after);
	g_free(c);
}

static char *after_of(const struct args *args, const struct vault_kf_field *f)
{
	const char *text = said(args, f);
	size_t len = strlen(text);
	int64_t span = 0;

	if (f->kind == VAULT_KF_SECRET)
		return g_strdup(is_secret_answered(args, f) ? VAULT_KF_HIDDEN : "");
	if (!strcmp(text, CLEAR))
		return g_strdup("");
	if (f->kind == VAULT_KF_SPAN && clock_read_span(text, &span))
		return g_strdup_printf("%" PRId64, span);
	if (f->kind == VAULT_KF_LIST) {
		g_auto(GStrv) all = args_list(args, f->ask);

		return g_strjoinv(",", all);
	}
	while (!strcmp(f->key, "url") && len && text[len - 1] == '/')
		len--;
	return g_strndup(text, len);
}

static bool knows(const struct vault_kf_field *f, int version, GError **error)
{
	if (version == VAULT_KF_UNKNOWN || f->since <= version)
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "this engine knows nothing of %s, which came with 1.%d", f->ask,
		    f->since);
	return false;
}

bool vault_kf_config_changes(GHashTable *facts, const struct args *args, int version, GPtrArray *ret,
			     GError **error)
{
	for (const struct vault_kf_field *f = vault_kf_fields; f->key; f++) {
		const char *before = vault_kf_config_kept(facts, f->key);
		bool goes = is_other_way(args, f) && *before;
		struct vault_kf_change *c;

		if (!goes && !is_answered(args, f))
			continue;
		if (!knows(f, version, error))
			return false;
		c = g_new0(struct vault_kf_change, 1);
		c->field = f;
		c->before = g_strdup(before);
		c->secret = is_secret_answered(args, f) ? args_secret(args, f->ask) : NULL;
		c->after = goes ? g_strdup("") : after_of(args, f);
		if (c->secret || strcmp(c->before, c->after))
			g_ptr_array_add(ret, c);
		else
			vault_kf_change_free(c);
	}
	return true;
}
