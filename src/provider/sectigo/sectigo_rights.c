/*
 * sectigo_rights: what the administrator may do: the roles and privileges that Sectigo tells of it.  Who may
 * not ask that is told nothing, and may still do all the rest.
 */
#include "sectigo_anchor.h"
#include "sectigo_certs.h"
#include "sectigo_domains.h"

#include <string.h>

#include <certty/base/text.h>

#define ASKING	"asking who the administrator is (GET /admin/v1)"
#define EVERYTHING "MRAO"
#define ROLES_MAX 20

/* clang-format off */
static const struct { const char *privilege, *words; } rights[] = {
	{ "sslRequest",              "order" },
	{ "sslApprove",              "approve orders" },
	{ "sslManage",               "change orders" },
	{ "sslRenew",                "renew" },
	{ "sslReplace",              "reissue" },
	{ "sslRevoke",               "revoke" },
	{ "allowManageDomains",      "change domains" },
	{ "approveDomainDelegation", "approve delegations" },
	{ "allowDCV",                "validate domains" },
	{ "orgValidationManager",    "have organizations validated" },
};

/* What each is needed for, and nothing of which that is not known for sure: names of ACME accounts,
 * say, or whether a domain is active. */
static const struct { const char *privilege; enum verb_id verb; const char *type, *when; } uses[] = {
	{ "sslRequest",              VERB_ORDER,        "",               "" },
	{ "sslRequest",              VERB_ENROLL,       "",               "" },
	{ "sslApprove",              VERB_APPROVE,      SECTIGO_ORDER,    "" },
	{ "sslApprove",              VERB_DENY,         SECTIGO_ORDER,    "" },
	{ "sslManage",               VERB_REQUEST_EDIT, SECTIGO_ORDER,    "" },
	{ "sslRenew",                VERB_RENEW,        "",               "" },
	{ "sslReplace",              VERB_REISSUE,      "",               "" },
	{ "sslRevoke",               VERB_REVOKE,       "",               "" },
	{ "allowManageDomains",      VERB_OBJECT_ADD,   "",               "what=" SECTIGO_DOMAIN },
	{ "allowManageDomains",      VERB_OBJECT_DROP,  SECTIGO_DOMAIN,   "" },
	{ "allowManageDomains",      VERB_OBJECT_EDIT,  SECTIGO_DOMAIN,   "delegate" },
	{ "allowManageDomains",      VERB_OBJECT_EDIT,  SECTIGO_DOMAIN,   "undelegate" },
	{ "approveDomainDelegation", VERB_OBJECT_EDIT,  SECTIGO_DOMAIN,   "approve" },
	{ "approveDomainDelegation", VERB_OBJECT_EDIT,  SECTIGO_DOMAIN,   "reject" },
	{ "allowDCV",                VERB_VALIDATE,     SECTIGO_DOMAIN,   "" },
	{ "allowDCV",                VERB_RESEND,       SECTIGO_VALIDATE, "" },
	{ "allowDCV",                VERB_WITHDRAW,     SECTIGO_VALIDATE, "" },
	{ "orgValidationManager",    VERB_OBJECT_EDIT,  SECTIGO_ANCHOR,   "ask=revalidate" },
};
/* clang-format on */

static step_fn found, heard;

struct next sectigo_rights(struct op *op, step_fn *then)
{
	struct sectigo *s = sectigo_of(op);
	const char *login = args_text(op->access->with, "login", "");
	g_autofree char *escaped = g_uri_escape_string(login, NULL, FALSE);
	g_autofree char *path = g_strconcat("/admin/v1?login=", escaped, "&size=200&position=0", NULL);

	s->then = then;
	g_free(s->may);
	s->may = g_strdup(*login ? "; what the administrator may do there is not told" :
				   "; it may do what its administrator may, which an API key is not told");
	if (!*login)
		return then(op, NULL);
	return next_send(sectigo_get(op->access->with, path), found);
}

/* The filter may be for a part of a login. */
static struct next found(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = sectigo_refusal_or_json(r, ASKING, NULL, NULL);
	const char *login = args_text(op->access->with, "login", "");

	for (size_t i = 0; i < json_count(j); i++) {
		const char *its = json_str(json_at(j, i), "login");
		g_autofree char *number = sectigo_call_text(json_at(j, i), "id", 18), *path = NULL;

		if (!its || g_ascii_strcasecmp(its, login) || !*number ||
		    strspn(number, "0123456789") != strlen(number))
			continue;
		path = g_strconcat("/admin/v1/", number, NULL);
		return next_send(sectigo_get(op->access->with, path), heard);
	}
	return sectigo_of(op)->then(op, NULL);
}

static bool has(const struct json *privileges, const char *wanted)
{
	for (size_t i = 0; i < json_count(privileges); i++)
		if (!g_strcmp0(json_text(json_at(privileges, i)), wanted))
			return true;
	return false;
}

/* Each role once, whatever it is for. */
static char *roles_of(const struct json *j)
{
	const struct json *all = json_get(j, "credentials");
	g_autoptr(GPtrArray) roles = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < json_count(all) && roles->len < ROLES_MAX; i++) {
		char *role = sectigo_call_text(json_at(all, i), "role", 40);

		if (*role && !g_ptr_array_find_with_equal_func(roles, role, g_str_equal, NULL))
			g_ptr_array_add(roles, role);
		else
			g_free(role);
	}
	g_ptr_array_add(roles, NULL);
	return g_strjoinv(", ", (char **)roles->pdata);
}

static char *listed(const struct json *privileges, bool is_there)
{
	GString *s = g_string_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(rights); i++)
		if (has(privileges, rights[i].privilege) == is_there)
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", rights[i].words);
	return g_string_free(s, FALSE);
}

/* Each thing once that what is missing there is needed for. */
static void forbid(struct op *op, const struct json *privileges)
{
	for (size_t i = 0; i < G_N_ELEMENTS(uses); i++) {
		g_autofree char *words = NULL;
		size_t k = 0;

		if (has(privileges, uses[i].privilege))
			continue;
		while (strcmp(rights[k].privilege, uses[i].privilege))
			k++;
		words = g_strdup_printf("%s: it lacks %s, a privilege", rights[k].words,
					rights[k].privilege);
		op_forbid(op, uses[i].verb, uses[i].type, uses[i].when, words);
	}
}

static struct next heard(struct op *op, const struct reply *r)
{
	struct sectigo *s = sectigo_of(op);
	g_autoptr(json) j = sectigo_refusal_or_json(r, ASKING, NULL, NULL);
	const struct json *privileges = json_get(j, "privileges");
	g_autofree char *roles = roles_of(j), *may = listed(privileges, true);
	g_autofree char *may_not = listed(privileges, false);
	g_auto(GStrv) each = g_strsplit(roles, ", ", -1);

	if (!j || (!*roles && !privileges))
		return s->then(op, NULL);
	g_free(s->may);
	if (g_strv_contains((const char *const *)each, EVERYTHING)) {
		s->may = g_strdup("; as " EVERYTHING " it may do everything there");
	} else if (!privileges) {
		s->may = g_strdup_printf("; it is %s, and what it may do as that is not told", roles);
	} else {
		s->may = g_strdup_printf("; as %s it may %s%s%s", *roles ? roles : "administrator",
					 *may ? may : "only look", *may_not ? ", and may not " : "", may_not);
		forbid(op, privileges);
	}
	op_rights(op, "%s", s->may + strlen("; "));
	return s->then(op, NULL);
}
