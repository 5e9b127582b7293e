/*
 * vault_role: what the roles of an engine allow, said before somebody asks them for something else.
 */
#include "vault_role.h"
#include "vault_kf.h"

#include <string.h>

#include <certty/base/clock.h>

#define NAMES_MAX 8

/* clang-format off */
static const struct {
	const char *key;
	bool fallback;		/* what it is when the role does not say */
	bool says_when;		/* the value that is worth saying */
	const char *words;
} rules[] = {
	{ "allow_any_name",              false, true,  "any name" },
	{ "allow_bare_domains",          false, true,  "the domains themselves" },
	{ "allow_subdomains",            false, true,  "names below them" },
	{ "allow_glob_domains",          false, true,  "patterns" },
	{ "allow_localhost",             true,  true,  "localhost" },
	{ "allow_wildcard_certificates", true,  false, "no wildcards" },
	{ "allow_ip_sans",               true,  false, "no addresses" },
};
/* clang-format on */

static void add(GString *s, const char *words)
{
	g_string_append_printf(s, "%s%s", s->len ? ", " : "", words);
}

void vault_role_add_domains(GString *s, const struct json *domains)
{
	size_t n = json_count(domains);
	g_autoptr(GString) list = g_string_new(NULL);

	for (size_t i = 0; i < MIN(n, NAMES_MAX); i++) {
		g_autofree char *name = vault_text(json_text(json_at(domains, i)));

		g_string_append_printf(list, "%s%s", i ? " " : "", name);
	}
	if (n)
		g_string_append_printf(s, "domains %s%s", list->str, n > NAMES_MAX ? " and more" : "");
}

static void add_span(GString *s, const struct json *role, const char *key, const char *words)
{
	g_autoptr(GString) span = g_string_new(words);
	int64_t seconds = 0;

	if (!json_int(role, key, &seconds) || seconds <= 0)
		return;
	clock_say_span(span, seconds);
	add(s, span->str);
}

static char *say_pki(const struct json *role)
{
	GString *s = g_string_new(NULL);
	g_autofree char *key = vault_text(json_str(role, "key_type"));

	vault_role_add_domains(s, json_get(role, "allowed_domains"));
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		if (json_bool(role, rules[i].key, rules[i].fallback) == rules[i].says_when)
			add(s, rules[i].words);
	add_span(s, role, "ttl", "for ");
	add_span(s, role, "max_ttl", "at most ");
	if (*key && strcmp(key, "any")) {
		g_autofree char *words = g_strconcat("keys of ", key, NULL);

		add(s, words);
	}
	return g_string_free(s, FALSE);
}

char *vault_role_say(const struct store *s, const struct json *role)
{
	return vault_kf_is(s) ? vault_kf_role_say(role) : say_pki(role);
}

/* ---- all of a mount's ---- */

static struct ask ask_role(struct op *op, size_t i)
{
	const struct vault *v = op->scratch;
	g_autofree char *name = g_uri_escape_string(v->names->pdata[i], NULL, FALSE);
	g_autofree char *rest = g_strconcat("roles/", name, NULL), *path = vault_below(op, rest);

	return (struct ask){ .send = vault_ask(op, path, NULL) };
}

/* What to do about it comes first, for a row has little room.  "": all of them may not be listed. */
static void put_unread(struct op *op, const struct reply *r, const char *name)
{
	const struct vault *v = op->scratch;
	g_autofree char *rest = g_strconcat("roles/", name, NULL), *path = vault_below(op, rest);
	const char *capability = *name ? "read" : "list";
	g_autofree char *why = NULL;

	vault_explain(op, r, "looking at the roles", capability, path);
	if (r->status == 403 && !vault_is_dead(r))
		why = g_strdup_printf("the token's policies have to allow '%s' on %s", capability, path);
	op_put_object(op, vault_role_unread(op, name, why ? why : v->failed));
}

static void hear_role(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	const struct vault *v = op->scratch;
	const char *name = v->names->pdata[i];
	g_autoptr(json) j = vault_json(r);
	const struct json *role = json_get(j, "data");

	(void)none;
	g_hash_table_replace(v->roles, g_strdup(name), role ? vault_role_say(op->store, role) :
							    g_strdup(""));
	if (role)
		op_put_object(op, vault_role_row(op, name, role));
	else if (!vault_is_empty(r))
		put_unread(op, r, name);
}

static void add_names(struct op *op, const struct json *keys)
{
	const struct vault *v = op->scratch;

	for (size_t i = 0; i < MIN(json_count(keys), VAULT_ROLES_MAX); i++) {
		const char *text = json_text(json_at(keys, i));
		g_autofree char *name = vault_text(text);

		if (*name && !strcmp(name, text) && !strchr(name, '/'))
			g_ptr_array_add(v->names, g_steal_pointer(&name));
	}
	if (json_count(keys) > VAULT_ROLES_MAX)
		op_trouble(op, "%zu roles are left out: %d is the most that is read",
			   json_count(keys) - VAULT_ROLES_MAX, VAULT_ROLES_MAX);
}

/* Who may not list them may still use one, so that is no trouble; a row says it instead of theirs. */
static void say_unlisted(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autofree char *path = vault_below(op, "roles/");

	if (vault_is_empty(r) || r->status == 404 || r->status == 405)
		return;
	if (r->error || r->status >= 500) {
		vault_explain(op, r, "listing the roles", "list", path);
		op_keep_objects(op, vault_role_type(op->store));
		op_trouble(op, "%s", v->failed);
	} else {
		put_unread(op, r, "");
	}
}

static struct next roles_listed(struct op *op, const struct reply *r)
{
	struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);

	g_hash_table_remove_all(v->roles);
	if (j)
		add_names(op, json_get(json_get(j, "data"), "keys"));
	else
		say_unlisted(op, r);
	return next_each(v->names->len, ask_role, hear_role, v->then);
}

struct next vault_role_read(struct op *op, GHashTable *ret, step_fn *then)
{
	struct vault *v = op->scratch;
	g_autofree char *path = vault_below(op, "roles");

	v->roles = ret;
	v->then = then;
	v->names = g_ptr_array_new_with_free_func(g_free);
	return next_send(vault_ask_list(op, path), roles_listed);
}
