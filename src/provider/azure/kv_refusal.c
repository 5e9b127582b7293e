/*
 * kv_refusal: why a vault said no, and what to do about it.
 *
 * A vault goes by roles or by access policies, never by both, and its answer tells which: so a person is
 * told the role or the permission that is missing, whichever would help.  What the network forbids has
 * the same status, and is another matter.
 */
#include "kv.h"

#include <string.h>

#include <certty/base/text.h>

#define SAID_MAX 400

/* clang-format off */
const struct kv_deed kv_deeds[] = {
	{ "list",     "listing its certificates",         "certificate permission list",           "Key "
		"Vault Reader" },
	{ "get",      "reading a certificate",            "certificate permission get",            "Key "
		"Vault Reader" },
	{ "versions", "listing a certificate's versions", "certificate permission list",           "Key "
		"Vault Reader" },
	{ "pending",  "reading an operation",             "certificate permission get",            "Key "
		"Vault Reader" },
	{ "deleted",  "listing deleted certificates",     "certificate permission list",           "Key "
		"Vault Reader" },
	{ "issuers",  "listing its issuers",              "certificate permission listissuers",    "Key "
		"Vault Reader" },
	{ "contacts", "reading its contacts",             "certificate permission managecontacts",
	  "Key Vault Certificates Officer" },
	{ "secret",   "taking out a certificate's key",   "secret permission get",
	  "Key Vault Certificate User" },
	{ "import",   "importing a certificate",          "certificate permission import",
	  "Key Vault Certificates Officer" },
	{ "delete",   "deleting a certificate",           "certificate permission delete",
	  "Key Vault Certificates Officer" },
	{ "create",   "creating a certificate",           "certificate permission create",
	  "Key Vault Certificates Officer" },
	{ "merge",    "merging a certificate",            "certificate permission create",
	  "Key Vault Certificates Officer" },
	{ "cancel",   "cancelling an operation",          "certificate permission update",
	  "Key Vault Certificates Officer" },
	{ "update",   "changing a certificate",           "certificate permission update",
	  "Key Vault Certificates Officer" },
	{ "drop",     "dropping an operation",            "certificate permission update",
	  "Key Vault Certificates Officer" },
	{ "backup",   "backing up a certificate",         "certificate permission backup",
	  "Key Vault Certificates Officer" },
	{ "restore",  "restoring a certificate",          "certificate permission restore",
	  "Key Vault Certificates Officer" },
	{ "recover",  "bringing back a certificate",      "certificate permission recover",
	  "Key Vault Certificates Officer" },
	{ "purge",    "purging a certificate",            "certificate permission purge",
	  "Key Vault Certificates Officer" },
	{ NULL }
};

/* Why: by the innermost code, or by a part of the sentence where older services have no code. */
enum cause { NO_ROLE, NO_PERMISSION, FIREWALL, NO_CONNECTION, DISABLED, PROTECTED, OTHER };
static const struct {
	const char *code, *part;
	enum cause cause;
} causes[] = {
	{ "ForbiddenByRbac",       "is not authorized to perform action",       NO_ROLE },
	{ "ForbiddenByPolicy",     "permission on key vault",                   NO_PERMISSION },
	{ "AccessDenied",          "does not have certificates",                NO_PERMISSION },
	{ "ForbiddenByFirewall",   "is not authorized and caller is not a trusted service", FIREWALL },
	{ "ForbiddenByConnection", "Public network access is disabled",         NO_CONNECTION },
	{ "SecretDisabled",        "is not allowed on a disabled secret",       DISABLED },
	{ "PurgeProtection",       "because purge protection is enabled",       PROTECTED },
};

/* Of tokens; an account's own sign-in has been tried anew before one of these is shown. */
static const struct {
	const char *prefix, *words;
} tokens[] = {
	{ "AKV10000", "it saw no token; a proxy may take it away" },
	{ "AKV10022", "the token is for another service; check the cloud and its addresses" },
	{ "AKV10032", "the token is of another tenant than the vault's; check the tenant" },
};
/* clang-format on */

static const struct kv_deed *deed_of(const char *name)
{
	const struct kv_deed *d = kv_deeds;

	while (d[1].name && strcmp(d->name, name))
		d++;
	return d;
}

/* ---- what came back ---- */

static struct json *body_of(const struct reply *r)
{
	gsize len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;

	return bytes ? json_parse(bytes, len, AZURE_REPLY_MAX, NULL) : NULL;
}

/* Some answers have it at their top. */
static const struct json *error_in(const struct json *j)
{
	const struct json *inner = json_get(j, "error");

	return json_key_at(inner, 0) ? inner : j;
}

static char *innermost_code(const struct json *e)
{
	const char *code = json_str(e, "code");
	const struct json *inner;

	while ((inner = json_get(e, "innererror")) != NULL) {
		if (json_str(inner, "code"))
			code = json_str(inner, "code");
		e = inner;
	}
	return text_harmless_dup(code ? code : "", 80);
}

char *kv_refusal_code(const struct reply *r)
{
	g_autoptr(json) j = r->error ? NULL : body_of(r);

	return innermost_code(error_in(j));
}

bool kv_refusal_is_denied(const struct reply *r)
{
	return !r->error && r->status == 403;
}

bool kv_refusal_is_unknown_host(const struct reply *r)
{
	return r->error && r->error->code == ERR_NETWORK && strstr(r->error->message, "the name is not known");
}

/* The first line of a server's sentence. */
static char *first_line(const char *said)
{
	g_autofree char *line = g_strndup(said, strcspn(said, "\r\n"));

	return text_harmless_dup(line, SAID_MAX);
}

/* "Action: 'Microsoft.KeyVault/vaults/certificates/read'": what a role must allow. */
static char *action_in(const char *said)
{
	const char *at = strstr(said, "Action: '");
	g_autofree char *action = NULL;

	at = at ? at + strlen("Action: '") : "";
	action = g_strndup(at, strcspn(at, "'\r\n"));
	return text_harmless_dup(action, 200);
}

static enum cause cause_of(const char *code, const char *said)
{
	for (size_t i = 0; i < G_N_ELEMENTS(causes); i++)
		if (!strcmp(code, causes[i].code))
			return causes[i].cause;
	for (size_t i = 0; i < G_N_ELEMENTS(causes); i++)
		if (strstr(said, causes[i].part))
			return causes[i].cause;
	return OTHER;
}

/* ---- in words ---- */

static char *say_forbidden(const struct kv_deed *d, const char *code, const char *said)
{
	g_autofree char *action = action_in(said), *line = first_line(said);

	switch (cause_of(code, said)) {
	case NO_ROLE:
		return g_strdup_printf("this account has no role for that there; assign it %s on the vault, or "
				       "Key Vault Certificates Officer to change certificates too, and wait up "
				       "to ten minutes until it counts%s%s", d->role,
				       *action ? "; what must be allowed is " : "", action);
	case NO_PERMISSION:
		return g_strdup_printf("the vault goes by access policies, and none of them gives this account "
				       "the %s; add it to the account's policy",
				       d->permission);
	case FIREWALL:
		return g_strdup_printf("the vault's firewall lets this machine's address not through; roles do "
				       "not help: add the address to the vault's networks, or ask from one of "
				       "them (%s)", line);
	case NO_CONNECTION:
		return g_strdup("the vault has no public access: it is reached by a private endpoint alone, so "
				"ask from a network that has one");
	case DISABLED:
		return g_strdup("it is disabled in the vault; enable it there first");
	case PROTECTED:
		return g_strdup("the vault has purge protection: nobody can delete there for good what was "
				"deleted before its time is over, and nobody can take the protection away");
	case OTHER:
		break;
	}
	return g_strdup_printf("it was refused: %s", *line ? line : "no reason was told");
}

static char *say_unauthorized(const char *said)
{
	g_autofree char *line = first_line(said);

	for (size_t i = 0; i < G_N_ELEMENTS(tokens); i++)
		if (g_str_has_prefix(said, tokens[i].prefix))
			return g_strdup_printf("%s (%s)", tokens[i].words, line);
	return g_strdup_printf("the token is not taken: %s", *line ? line : "no reason was told");
}

static char *say(const struct reply *r, const struct kv_deed *d, const char *code, const char *said)
{
	g_autofree char *line = first_line(said);

	switch (r->status) {
	case 401:
		return say_unauthorized(said);
	case 403:
		return say_forbidden(d, code, said);
	case 429:
		return g_strdup("it turns requests away, since too many came in ten seconds, also from others; "
				"try again in a minute");
	}
	return g_strdup_printf("status %d%s%s%s%s", r->status, *code ? " " : "", code, *line ? ": " : "", line);
}

static enum err err_of(int status)
{
	static const struct {
		int status;
		enum err err;
	} errs[] = { { 401, ERR_SIGN_IN }, { 403, ERR_REFUSED }, { 404, ERR_NOT_FOUND }, { 409, ERR_EXISTS },
		     { 429, ERR_BUSY } };

	for (size_t i = 0; i < G_N_ELEMENTS(errs); i++)
		if (errs[i].status == status)
			return errs[i].err;
	return status >= 500 ? ERR_BUSY : ERR_REPLY;
}

static char *how_to_make(const struct kv_place *p)
{
	GString *s = g_string_new("certty vault-create --name ");

	g_string_append(s, p->name);
	if (*p->group)
		g_string_append_printf(s, " --group %s", p->group);
	if (*p->subscription)
		g_string_append_printf(s, " --subscription %s", p->subscription);
	return g_string_free(s, FALSE);
}

void kv_refusal_set(const struct kv_place *p, const struct reply *r, const char *deed, const char *about,
		    GError **error)
{
	const struct kv_deed *d = deed_of(deed);
	g_autoptr(json) j = r->error ? NULL : body_of(r);
	const char *said = json_str(error_in(j), "message");
	g_autofree char *code = innermost_code(error_in(j)), *words = NULL;
	g_autofree char *what = about ? g_strdup_printf("%s (%s)", d->words, about) : g_strdup(d->words);

	if (kv_refusal_is_unknown_host(r)) {
		g_autofree char *make = how_to_make(p);

		g_set_error(error, ERR, ERR_NETWORK, "the vault %s: its name does not resolve here: the "
			    "vault may be gone, or never was there, or is reached by a private endpoint "
			    "whose DNS zone this machine does not ask; one that is not there is made by %s, "
			    "or by :vault-create on its row (%s)", p->name, make, r->error->message);
		return;
	}
	if (r->error) {
		g_propagate_prefixed_error(error, g_error_copy(r->error), "the vault %s: %s: ", p->name, what);
		return;
	}
	words = say(r, d, code, said ? said : "");
	g_set_error(error, ERR, (int)err_of(r->status), "the vault %s: %s: %s", p->name, what, words);
}
