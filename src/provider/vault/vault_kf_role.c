/*
 * vault_kf_role: roles of Keyfactor's engine, which takes, keeps and tells all that a pki's roles have, and
 * heeds of it which domains are allowed, whether names below them are, and a key type of any.
 */
#include "vault_kf.h"
#include "vault_role.h"

#include <string.h>

#define ANY "*"

/* clang-format off */
const struct field vault_kf_role_fields[] = {
	{ "allowed-domains",  FIELD_LIST,   "Domains",     false, NULL, NULL,
	  "the domains that names may be of, separated by commas; * is any, and none allows no name" },
	{ "allow-subdomains", FIELD_CHOICE, "Names below", false, "no", VAULT_YES_NO,
	  "names below those domains are allowed; all else that roles have is kept and has no effect here" },
	{ NULL }
};
/* clang-format on */

static const char *const heeded[] = { "allowed_domains", "allow_subdomains", "key_type", NULL };

static bool is_any_domain(const struct json *domains)
{
	bool is_any = false;

	for (size_t i = 0; i < json_count(domains); i++)
		is_any = is_any || !g_strcmp0(json_text(json_at(domains, i)), ANY);
	return is_any;
}

char *vault_kf_role_say(const struct json *role)
{
	const struct json *domains = json_get(role, "allowed_domains");
	bool is_any = is_any_domain(domains), is_below = json_bool(role, "allow_subdomains", false);
	GString *s = g_string_new(NULL);

	if (!json_count(domains))
		g_string_append(s, "no name, for it has no domains");
	else if (is_any)
		g_string_append_printf(s, "any name%s", is_below ? "" : ", but before 1.5 none");
	else
		vault_role_add_domains(s, domains);
	if (json_count(domains) && is_below && !is_any)
		g_string_append(s, ", names below them");
	if (!g_strcmp0(json_str(role, "key_type"), "any"))
		g_string_append(s, ", only by a request file");
	return g_string_free(s, FALSE);
}

/* Whether it says something, of whatever kind it is. */
static bool is_said(const struct json *role, const char *key)
{
	const char *text = json_str(role, key);
	int64_t n = 0;

	if (text)
		return *text;
	return json_count(json_get(role, key)) || (json_int(role, key, &n) && n) ||
	       json_bool(role, key, false);
}

char *vault_kf_role_idle(const struct json *role)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < json_members(role) && s->len < VAULT_SAID_MAX; i++) {
		const char *key = json_key_at(role, i);
		g_autofree char *word = vault_text(key);

		if (!g_strv_contains(heeded, key) && is_said(role, key))
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", word);
	}
	return g_string_free(s, FALSE);
}

void vault_kf_role_warn(const struct op *op, struct plan *p)
{
	g_auto(GStrv) domains = args_list(op->args, "allowed-domains");

	if (g_strv_contains((const char *const *)domains, ANY))
		plan_warn(p, "whoever may use it gets certificates for any name; before 1.5 only where names "
			  "below are allowed too");
	if (args_bool(op->args, "allow-subdomains"))
		plan_warn(p, "an engine before 1.5 looks for no dot before the domain: with example.com it "
			  "allows evilexample.com");
}
