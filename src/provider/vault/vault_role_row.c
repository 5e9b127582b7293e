/*
 * vault_role_row: a role as a row of its own: what it allows, all that the engine says of it, and what
 * the questions for changing it are answered with as it stands.
 */
#include "vault_role.h"
#include "vault_kf.h"

#include <inttypes.h>
#include <string.h>

#include <certty/base/clock.h>

#define VALUE_MAX 2000		/* bytes of one value */

/* No flags: each can be said either way. */
#define YES_NO(key, label, fallback, hint) \
	{ key, FIELD_CHOICE, label, false, fallback, VAULT_YES_NO, hint }
#define SELDOM(key, label, fallback, hint) \
	{ key, FIELD_CHOICE, label, false, fallback, VAULT_YES_NO, hint, NULL, NULL, true }
#define LISTED(key, label, hint) \
	{ key, FIELD_LIST, label, false, NULL, NULL, hint, NULL, NULL, true }

/* A question is called like the engine's field, with hyphens. */
/* clang-format off */
const struct field vault_role_fields[] = {
	{ "allowed-domains", FIELD_LIST,   "Domains",      false, NULL, NULL,
	  "the domains that names may be of, separated by commas" },
	YES_NO("allow-subdomains",   "Names below",      "no",  "names below those domains are allowed"),
	YES_NO("allow-bare-domains", "Bare domains",     "no",  "those domains themselves are allowed"),
	YES_NO("allow-glob-domains", "Patterns",         "no",  "the domains may hold stars, as in ftp*.example.org"),
	YES_NO("allow-any-name",     "Any name",         "no",  "any name is allowed, whatever the domains say"),
	YES_NO("allow-ip-sans",      "Addresses",        "yes", "IP addresses are allowed as names"),
	{ "ttl",             FIELD_SPAN,   "Validity",     false, NULL, NULL,
	  "how long certificates are valid when nobody says, as in 72h; as the mount says when empty" },
	{ "max-ttl",         FIELD_SPAN,   "At most",      false, NULL, NULL,
	  "the longest that anybody may ask for, as in 90d; as the mount says when empty" },
	{ "key-type",        FIELD_CHOICE, "Key type",     false, "rsa", "rsa ec ed25519 any",
	  "of the keys; with any the engine signs requests and makes no keys" },
	{ "key-bits",        FIELD_CHOICE, "Key bits",     false, "0", "0 224 256 384 521 2048 3072 4096",
	  "0: 2048 for rsa, 256 for ec" },
	YES_NO("server-flag",        "For servers",      "yes", "certificates are good for TLS servers"),
	YES_NO("client-flag",        "For clients",      "yes", "certificates are good for TLS clients"),
	{ "issuer-ref",      FIELD_TEXT,   "Issuer",       false, "default", NULL,
	  "the issuer of the mount that signs: its name, its id, or default", NULL, "[^/?#\\s]+" },
	SELDOM("require-cn",         "Common name",      "yes", "a common name is needed"),
	SELDOM("no-store",           "Not kept",         "no",
	       "the engine keeps nothing of what it issues: it is in no list, nor revoked by its serial"),
	SELDOM("generate-lease",     "Leases",           "no",  "a lease for each certificate, which is revoked at its end"),
	SELDOM("allow-localhost",    "localhost",        "yes", "localhost is allowed as a name"),
	SELDOM("allow-wildcard-certificates", "Wildcards", "yes", "wildcards are allowed where names are"),
	SELDOM("enforce-hostnames",  "Host names only",  "yes", "names must be host names"),
	LISTED("allowed-uri-sans",   "URIs",             "URIs that are allowed as names; they may hold stars"),
	LISTED("key-usage",          "Key usage",        "as in DigitalSignature,KeyAgreement,KeyEncipherment"),
	LISTED("ext-key-usage",      "Extended usage",   "beside servers and clients, as in TimeStamping"),
	SELDOM("code-signing-flag",  "For code",         "no",  "certificates are good for signing code"),
	SELDOM("email-protection-flag", "For mail",      "no",  "certificates are good for S/MIME"),
	SELDOM("use-csr-common-name", "Name of request", "yes", "the common name of a request counts, not the one said"),
	SELDOM("use-csr-sans",       "Names of request", "yes", "the other names of a request count, not those said"),
	LISTED("organization",       "Organisation",     "of the subject"),
	LISTED("ou",                 "Unit",             "organisational units of the subject"),
	LISTED("country",            "Country",          "of the subject"),
	{ NULL }
};
/* clang-format on */

/* Seconds, as the engine says them. */
static const char *const spans[] = { "ttl", "max_ttl", "not_before_duration", "not_before_bound",
				     "not_after_bound", NULL };

const char *vault_role_type(const struct store *s)
{
	return vault_kf_is(s) ? VAULT_KF_ROLE_TYPE : VAULT_ROLE_TYPE;
}

const struct field *vault_role_asks(const struct store *s)
{
	return vault_kf_is(s) ? vault_kf_role_fields : vault_role_fields;
}

char *vault_role_key(const struct field *f)
{
	return g_strdelimit(g_strdup(f->key), "-", '_');
}

/* ---- values ---- */

static bool is_bool(const struct json *of, const char *key)
{
	return json_get(of, key) && json_bool(of, key, true) == json_bool(of, key, false);
}

/* What can be read again as the same span: "72h" is 3d. */
static char *span_text(int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *unit;
	} units[] = { { CLOCK_DAY, "d" }, { CLOCK_HOUR, "h" }, { CLOCK_MINUTE, "m" }, { 1, "s" } };
	size_t i = 0;

	if (seconds <= 0)
		return g_strdup("");
	while (seconds % units[i].seconds)
		i++;
	return g_strdup_printf("%" PRId64 "%s", seconds / units[i].seconds, units[i].unit);
}

static char *list_text(const struct json *list)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (size_t i = 0; i < json_count(list) && all->len < VALUE_MAX; i++)
		if (json_text(json_at(list, i))) {
			g_autofree char *one = vault_text(json_text(json_at(list, i)));

			g_string_append_printf(all, "%s%s", all->len ? "," : "", one);
		}
	return g_string_free(g_steal_pointer(&all), FALSE);
}

/* As an answer to a question has it; "" for what is empty. */
static char *value_text(const struct json *role, const char *key)
{
	const struct json *value = json_get(role, key);
	int64_t n = 0;

	if (is_bool(role, key))
		return g_strdup(json_bool(role, key, false) ? "yes" : "no");
	if (json_int(role, key, &n))
		return g_strv_contains(spans, key) ? span_text(n) : g_strdup_printf("%" PRId64, n);
	return json_text(value) ? vault_text(json_text(value)) : list_text(value);
}

/* ---- the row ---- */

static void add_answers(const struct op *op, struct object *o, const struct json *role)
{
	for (const struct field *f = vault_role_asks(op->store); f->key; f++) {
		g_autofree char *key = vault_role_key(f), *value = value_text(role, key);

		object_add_answer(o, f->key, value);
	}
}

/* In the engine's own words, which its documentation explains; what was asked for first. */
static void add_facts(const struct op *op, struct object *o, const struct json *role)
{
	g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *idle = vault_kf_is(op->store) ? vault_kf_role_idle(role) : g_strdup("");

	for (const struct field *f = vault_role_asks(op->store); f->key; f++) {
		char *key = vault_role_key(f);
		g_autofree char *value = value_text(role, key);

		object_add_fact(o, key, value);
		g_hash_table_add(told, key);
	}
	object_add_fact(o, "without effect", idle);
	for (size_t i = 0; i < json_members(role); i++) {
		g_autofree char *key = vault_text(json_key_at(role, i)), *value = NULL;

		if (g_hash_table_contains(told, key))
			continue;
		value = value_text(role, json_key_at(role, i));
		object_add_fact(o, key, value);
	}
}

static struct object *new_row(const struct op *op, const char *name)
{
	const char *type = vault_role_type(op->store);
	g_autofree char *id = object_id(op->store->id, type, name);
	struct object *o = object_new(id);

	store_set(&o->account, op->store->account);
	store_set(&o->provider, op->store->provider);
	store_set(&o->store, op->store->id);
	store_set(&o->type, type);
	store_set(&o->name, name);
	return o;
}

struct object *vault_role_row(const struct op *op, const char *name, const struct json *role)
{
	struct object *o = new_row(op, name);
	g_autofree char *limits = vault_role_say(op->store, role);

	store_set(&o->summary, limits);
	store_set(&o->can, "object-edit object-drop");
	add_facts(op, o, role);
	add_answers(op, o, role);
	return o;
}

struct object *vault_role_unread(const struct op *op, const char *name, const char *why)
{
	struct object *o = new_row(op, name);

	store_set(&o->summary, why);
	store_set(&o->state, "not seen");
	o->tone = TONE_WARN;
	if (!*name)
		store_set(&o->name, "(all)");
	return o;
}
