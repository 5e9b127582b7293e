/* Providers as the wizard sees them, made up. */
#define _GNU_SOURCE
#include "providers.h"

#include <string.h>

#include <certty/model/store.h>

/* clang-format off */
static const struct field cloud_fields[] = {
	{ "from",    FIELD_CHOICE, "Sign in with",  true,  "keys", "keys token profile",
	  "what you have: an access key, a token, or a profile of the cloud's own tool", NULL, NULL },
	{ "key-id",  FIELD_TEXT,   "Access key",    true,  NULL, NULL,
	  "as in AKIA followed by letters and digits", "from=keys", "AKIA[A-Z0-9]+" },
	{ "secret",  FIELD_SECRET, "Secret key",    true,  NULL, NULL,
	  "shown once, when the key was made", "from=keys", NULL },
	{ "token",   FIELD_SECRET, "Token",         true,  NULL, NULL,
	  "with leave to read certificates", "from=token", NULL },
	{ "profile", FIELD_TEXT,   "Profile",       true,  "default", NULL,
	  "a section of ~/.cloud/credentials", "from=profile", NULL },
	{ "region",  FIELD_LIST,   "Regions",       false, NULL, NULL,
	  "those to look at, separated by commas; all when empty", NULL, NULL },
	{ NULL }
};

static const struct field every_fields[] = {
	{ "address", FIELD_TEXT,    "Address",  true,  "https://every.example", NULL,
	  "of the server, as in https://every.example:8443", NULL, "https?://.+" },
	{ "number",  FIELD_NUMBER,  "Rows",     false, "100", NULL, "how many at once", NULL, NULL },
	{ "deep",    FIELD_BOOL,    "Go deep",  false, "no", NULL, "look into folders as well", NULL, NULL },
	{ "kind",    FIELD_CHOICE,  "Kind",     false, NULL, "one two three", "one of three", NULL, NULL },
	{ "names",   FIELD_LIST,    "Names",    false, NULL, NULL, "several, separated by commas", NULL, NULL },
	{ "ca",      FIELD_FILE_IN, "CA file",  false, NULL, NULL, "a PEM file", NULL, NULL },
	{ "pace",    FIELD_CHOICE,  "Pace",     false, "slow", "slow fast", "of its requests", NULL, NULL, true },
	{ "span",    FIELD_SPAN,    "Keep for", false, "90d", NULL, "as in 90d", NULL, NULL },
	{ "token",   FIELD_SECRET,  "Token",    true,  NULL, NULL, "from the server's own page", NULL, NULL },
	{ NULL }
};
/* clang-format on */

/* clang-format off */
static const struct field order_fields[] = {
	{ "ca",         FIELD_STORE,  "Private CA", false, NULL, "private-ca",
	  "which authority issues it; the public one when empty", NULL, NULL },
	{ "validation", FIELD_CHOICE, "Validation", false, "dns", "dns email",
	  "how control of the names is proved", NULL, NULL },
	{ "domain",     FIELD_TEXT,   "Mail domain", false, NULL, NULL,
	  "whose mailboxes are written to; each name's own when empty", "validation=email", NULL },
	{ "algorithm",  FIELD_CHOICE, "Key",        false, "rsa-2048", "rsa-2048 ec-p256 ec-p384",
	  "algorithm and size", NULL, NULL },
	{ "exportable", FIELD_BOOL,   "Exportable", false, "no", NULL,
	  "its key can be taken out; that costs extra", NULL, NULL },
	{ "tags",       FIELD_LIST,   "Tags",       false, NULL, NULL,
	  "as in team=web", NULL, NULL, true },
	{ NULL }
};

static const struct field issue_fields[] = {
	{ "validity", FIELD_SPAN, "Validity", false, "90d", NULL, "how long it is valid", NULL, NULL },
	{ NULL }
};

static const struct field role_fields[] = {
	{ "domains", FIELD_LIST,   "Domains",  false, NULL,  NULL, "those that names may be of", NULL, NULL },
	{ "any",     FIELD_CHOICE, "Any name", false, "no",  "no yes", "whatever the domains say", NULL, NULL },
	{ "type",    FIELD_CHOICE, "Key type", false, "rsa", "rsa ec", "of the keys", NULL, NULL },
	{ "ttl",     FIELD_SPAN,   "At most",  false, NULL,  NULL, "as in 90d", NULL, NULL },
	{ "note",    FIELD_TEXT,   "Note",     false, NULL,  NULL, "for people", NULL, NULL, true },
	{ NULL }
};

static const struct verb_questions cloud_questions[] = {
	{ VERB_OBJECT_ADD, "pki", role_fields },
	{ VERB_OBJECT_EDIT, "role", role_fields },
	{ VERB_ORDER, "acm", order_fields },
	{ VERB_ORDER, "private-ca", issue_fields },
	{ VERB_ENROLL, "private-ca", issue_fields },
	{ VERB_COUNT, NULL, NULL },
};
/* clang-format on */

static void take_line(const char *line, const char *end, struct args *ret)
{
	const char *equals = memchr(line, '=', (size_t)(end - line));
	g_autofree char *key = equals ? g_strndup(line, (size_t)(equals - line)) : NULL;
	char *value;

	if (!equals)
		return;
	if (!strcmp(key, "secret")) {
		args_put_secret(ret, key, secret_new(equals + 1, (size_t)(end - equals - 1)));
		return;
	}
	value = g_strndup(equals + 1, (size_t)(end - equals - 1));
	args_set(ret, key, value);
	secret_wipe(value, strlen(value));
}

static bool read_lines(const struct secret *block, struct args *ret, GError **error)
{
	const char *end = block->bytes + block->len;

	if (block->len < 7 || memcmp(block->bytes, "key-id=", 7))
		return false;
	if (!memmem(block->bytes, block->len, "secret=", 7)) {
		g_set_error(error, ERR, ERR_FORMAT,
			    "that is an access key of the cloud without its secret");
		return false;
	}
	for (const char *line = block->bytes; line < end;) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		take_line(line, stop ? stop : end, ret);
		line = stop ? stop + 1 : end;
	}
	args_set(ret, "from", "keys");
	return true;
}

static const struct provider_info cloud = {
	.name = "cloud", .title = "Cloud certificates",
	.sentence = "Certificates of a cloud, in all its regions",
	.account_fields = cloud_fields,
	.test_sentence = "Asks GetCallerIdentity; that does not show that certificates may be "
			 "changed",
	.read_block = read_lines, .block_hint = "an access key as the cloud's console gives it",
	.file_users = "the cloud's own command line",
	.questions = cloud_questions,
};

static const struct provider_info every = {
	.name = "every", .title = "Every kind", .sentence = "A server that asks everything",
	.account_fields = every_fields,
	.test_sentence = "Asks /whoami",
};

static const struct provider_info here = {
	.name = "local", .title = "This machine", .sentence = "Needs no account",
};

const struct provider_info *const test_providers[] = { &cloud, &every, &here, NULL };

/* ---- what they can do ---- */

/* By provider and sort of store; NULL: of any. */
static const struct {
	const char *provider, *type;
	enum verb_id verbs[12];		/* ends with VERB_COUNT */
} skills[] = {
	{ "local", NULL, { VERB_REFRESH, VERB_IMPORT, VERB_EXPORT, VERB_REMOVE, VERB_APPROVE,
			   VERB_DENY, VERB_RENEW, VERB_COUNT } },
	{ "cloud", NULL, { VERB_REFRESH, VERB_ACCOUNT_STORES, VERB_COUNT } },
	{ "every", NULL, { VERB_UNSEAL, VERB_INIT, VERB_MOUNT, VERB_PLUGIN, VERB_TUNE, VERB_VAULT_CREATE,
			   VERB_BACKUP, VERB_RESTORE, VERB_CERT_ENABLE, VERB_CERT_DISABLE, VERB_COUNT } },
	{ "cloud", "acm", { VERB_IMPORT, VERB_EXPORT, VERB_REMOVE, VERB_ORDER, VERB_RENEW,
			    VERB_REVOKE, VERB_TAG, VERB_COUNT } },
	{ "cloud", "iam", { VERB_IMPORT, VERB_REMOVE, VERB_COUNT } },
	{ "cloud", "private-ca", { VERB_ORDER, VERB_REVOKE, VERB_COUNT } },
};

/* Of what a provider does at all; the rest is the engine's. */
static bool is_providers(enum verb_id verb)
{
	for (size_t i = 0; i < G_N_ELEMENTS(skills); i++)
		for (const enum verb_id *v = skills[i].verbs; *v != VERB_COUNT; v++)
			if (*v == verb)
				return true;
	return false;
}

char *test_why_not(void *who, const struct verb *v, const char *provider, const struct store *s)
{
	(void)who;
	if (s && !s->is_writable && (v->id == VERB_IMPORT || v->id == VERB_REMOVE))
		return g_strdup_printf("%s (%s) can only be read", s->title, s->type);
	for (size_t i = 0; i < G_N_ELEMENTS(skills); i++) {
		if (strcmp(skills[i].provider, provider) ||
		    (skills[i].type && g_strcmp0(skills[i].type, s ? s->type : NULL)))
			continue;
		for (const enum verb_id *can = skills[i].verbs; *can != VERB_COUNT; can++)
			if (*can == v->id)
				return NULL;
	}
	return is_providers(v->id) ? g_strdup_printf("%s cannot do this: %s", provider, v->name) :
				     NULL;
}
