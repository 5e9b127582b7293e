/*
 * vault_may: what a token may do, on the paths that matter here.
 *
 * Asked of the server itself, which knows all policies of a token.  What a policy allows for one role
 * alone is not found so: the paths stand for all roles.
 */
#include "vault_own.h"

#include <string.h>

#define MOUNTS_MAX 8	/* that are told */
#define PATH	   "sys/capabilities-self"

/* clang-format off */
static const struct right {
	const char *type;	/* of a store; NULL: of the account */
	const char *path;	/* below its mount */
	const char *needs;
	const char *word;
} rights[] = {
	{ VAULT_PKI,       "certs/",                      "list",   "list" },
	{ VAULT_PKI,       "issue/*",                     "update", "issue by any role" },
	{ VAULT_PKI,       "sign/*",                      "update", "sign by any role" },
	{ VAULT_PKI,       "sign-verbatim",               "update", "sign verbatim" },
	{ VAULT_PKI,       "revoke",                      "update", "revoke" },
	{ VAULT_KEYFACTOR, "certs/",                      "list",   "list" },
	{ VAULT_KEYFACTOR, "issue/*",                     "update", "issue by any role" },
	{ VAULT_KEYFACTOR, "sign/*",                      "update", "sign by any role" },
	{ VAULT_KEYFACTOR, "revoke",                      "update", "revoke" },
	{ VAULT_KV,        "metadata/",                   "list",   "list" },
	{ VAULT_KV,        "data/*",                      "read",   "read" },
	{ NULL,            "sys/mounts/*",                "update", "enable engines" },
	{ NULL,            "sys/plugins/catalog/secret/*", "update", "register plug-ins" },
};
/* clang-format on */

static char *path_of(const struct right *right, const struct store *s)
{
	return s ? g_strconcat(s->address, "/", right->path, NULL) : g_strdup(right->path);
}

static bool is_about(const struct right *right, const struct store *s)
{
	return !g_strcmp0(right->type, s ? s->type : NULL);
}

/* Its own, as far as they are told, and last NULL for the account itself. */
static GPtrArray *places(const struct op *op)
{
	GPtrArray *out = g_ptr_array_new();

	for (size_t i = 0; op->stores && i < op->stores->n && out->len < MOUNTS_MAX; i++) {
		const struct store *s = op->stores->item[i];

		if (!strcmp(s->account, op->account->id))
			g_ptr_array_add(out, (gpointer)s);
	}
	g_ptr_array_add(out, NULL);
	return out;
}

struct next vault_may_ask(struct op *op, step_fn *then)
{
	g_autoptr(GPtrArray) at = places(op);
	struct json_writer w = { .out = vault_body_new(0) };

	json_open(&w, NULL, '{');
	json_open(&w, "paths", '[');
	for (guint p = 0; p < at->len; p++)
		for (size_t i = 0; i < G_N_ELEMENTS(rights); i++) {
			g_autofree char *path = is_about(&rights[i], at->pdata[p]) ?
				path_of(&rights[i], at->pdata[p]) : NULL;

			if (path)
				json_put_str(&w, NULL, path);
		}
	json_close(&w, ']');
	json_close(&w, '}');
	return next_send(vault_ask(op, PATH, w.out), then);
}

static bool has(const struct json *list, const char *word)
{
	for (size_t i = 0; i < json_count(list); i++)
		if (!g_strcmp0(json_text(json_at(list, i)), word))
			return true;
	return false;
}

static void say_place(GString *out, const struct json *data, const struct store *s)
{
	g_autoptr(GString) words = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(rights); i++) {
		g_autofree char *path = path_of(&rights[i], s);
		const struct json *list = json_get(data, path);

		if (is_about(&rights[i], s) && (has(list, rights[i].needs) || has(list, "root")))
			g_string_append_printf(words, "%s%s", words->len ? ", " : "", rights[i].word);
	}
	if (!words->len && !s)
		return;
	g_string_append_printf(out, "%s%s%s%s", out->len ? "; " : "", s ? s->address : "", s ? ": " : "",
			       words->len ? words->str : "nothing that is asked of it here");
}

char *vault_may_say(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);
	const struct json *data = json_get(j, "data");
	g_autoptr(GPtrArray) at = places(op);
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; data && i < at->len; i++)
		say_place(out, data, at->pdata[i]);
	return vault_text(out->str);
}
