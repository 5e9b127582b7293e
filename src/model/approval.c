/*
 * approval: the rule by which an account approves what waits, read and judged.
 */
#include <certty/model/approval.h>

#include <string.h>

#include <certty/base/text.h>

#define ON "by-rule"
#define ONLY_ON "approve=" ON
#define BETWEEN "|"		/* warnings hold commas and semicolons */

/* clang-format off */
const struct field approval_fields[] = {
	{ "approve",          FIELD_CHOICE, "By itself",  false, "off", "off " ON,
	  "whether requests to this account that fit the rule are approved without a person" },
	{ "approve-types",    FIELD_LIST,   "Requests",   false, "sign", NULL,
	  "of which types, as the list of requests has them", .when = ONLY_ON },
	{ "approve-stores",   FIELD_STORES, "Asked of",   false, NULL, NULL,
	  "which of its stores, such as one CA; any of the account when nothing is said",
	  .when = ONLY_ON },
	{ "approve-names",    FIELD_LIST,   "Domains",    true,  NULL, NULL,
	  "every name must be one of these or below one; a wildcard only where it is named as it is",
	  .when = ONLY_ON },
	{ "approve-profile",  FIELD_CHOICE, "Profile",    false, "server", "server client server+client",
	  "what the certificates may be used for", .when = ONLY_ON },
	{ "approve-validity", FIELD_SPAN,   "Validity",   false, "90d", NULL,
	  "how long they are valid, as in 90d", .when = ONLY_ON },
	{ "approve-warnings", FIELD_TEXT,   "Accepted",   false, NULL, NULL,
	  "warnings that are accepted, each word for word, with " BETWEEN " between them; at any other "
	  "it stops", .when = ONLY_ON },
	{ NULL }
};
/* clang-format on */

/* ---- reading ---- */

void approval_free(struct approval *a)
{
	if (!a)
		return;
	g_strfreev(a->types);
	g_strfreev(a->stores);
	g_strfreev(a->names);
	g_strfreev(a->warnings);
	g_free(a->profile);
	g_free(a->validity);
	g_free(a);
}

static const char *answer(const struct args *answers, const char *key)
{
	const char *given = args_text(answers, key, ""), *fallback;

	fallback = field_find(approval_fields, key)->fallback;
	return *given || !fallback ? given : fallback;
}

/* Without what is empty between two. */
static char **parts(const char *text, const char *between)
{
	g_auto(GStrv) all = g_strsplit(text, between, -1);
	g_autoptr(GStrvBuilder) some = g_strv_builder_new();

	for (char **part = all; *part; part++)
		if (*g_strstrip(*part))
			g_strv_builder_add(some, *part);
	return g_strv_builder_end(some);
}

/* One that stands for all the world is none. */
static bool is_domain(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot && dot != name && dot[1] && !strstr(name, "..");
}

static bool check_names(char *const *names, GError **error)
{
	if (!*names) {
		g_set_error(error, ERR, ERR_USAGE, "a rule for approving needs the domains that it is for");
		return false;
	}
	for (; *names; names++)
		if (!is_domain(*names)) {
			g_set_error(error, ERR, ERR_USAGE, "'%s' is no domain of two labels or more", *names);
			return false;
		}
	return true;
}

static bool check(const struct args *answers, GError **error)
{
	for (const struct field *f = approval_fields; f->key; f++) {
		const char *given = args_text(answers, f->key, "");

		if (*given && !field_check_one(f, given, error))
			return false;
	}
	return true;
}

struct approval *approval_read(const struct args *answers, GError **error)
{
	g_autoptr(approval) a = NULL;
	g_auto(GStrv) names = args_list(answers, "approve-names");

	if (strcmp(answer(answers, "approve"), ON) || !check(answers, error) || !check_names(names, error))
		return NULL;
	a = g_new0(struct approval, 1);
	a->types = parts(answer(answers, "approve-types"), ",");
	a->stores = args_ids(answers, "approve-stores");
	a->names = g_steal_pointer(&names);
	a->warnings = parts(answer(answers, "approve-warnings"), BETWEEN);
	a->profile = g_strdup(answer(answers, "approve-profile"));
	a->validity = g_strdup(answer(answers, "approve-validity"));
	return g_steal_pointer(&a);
}

/* ---- saying ---- */

char *approval_say(const struct approval *a)
{
	g_autofree char *types = g_strjoinv(", ", a->types), *names = g_strjoinv(", ", a->names);
	g_autofree char *stores = g_strjoinv(", ", a->stores);
	GString *all = g_string_new(NULL);

	g_string_printf(all, "requests of the type %s", types);
	if (*stores)
		g_string_append_printf(all, " to %s", stores);
	g_string_append_printf(all, ", all of whose names are %s or below, as %s for %s, with ", names,
			       a->profile, a->validity);
	if (!*a->warnings)
		g_string_append(all, "no warning");
	for (char **w = a->warnings; *w; w++)
		g_string_append_printf(all, "%s\"%s\"", w == a->warnings ? "no warning but " : " and ", *w);
	return g_string_free(all, FALSE);
}

/* ---- judging ---- */

static char *folded(const char *name)
{
	GString *all = g_string_new(NULL);

	text_fold(all, name, -1);
	return g_string_free(all, FALSE);
}

/* An address of mail and a URI may end like a host, and are none. */
static bool is_host(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == strlen(name);
}

static bool is_covered(const char *name, const char *domain)
{
	g_autofree char *it = folded(name), *by = folded(domain);
	size_t len = strlen(it), tail = strlen(by);

	if (!strcmp(it, by))
		return true;
	return is_host(it) && is_host(by) && len > tail + 1 && it[len - tail - 1] == '.' &&
	       !strcmp(it + len - tail, by);
}

static bool is_one_of(const char *name, char *const *domains)
{
	for (; *domains; domains++)
		if (is_covered(name, *domains))
			return true;
	return false;
}

static bool has(char *const *all, const char *text)
{
	return g_strv_contains((const char *const *)all, text);
}

static char *stop_at_name(const struct approval *a, const struct request *r)
{
	if (!r->names[0])
		return g_strdup("it does not say for which names it is");
	for (char **name = r->names; *name; name++)
		if (!is_one_of(*name, a->names))
			return g_strdup_printf("the name %s", *name);
	return NULL;
}

static char *stop_at_warning(const struct approval *a, const struct request *r)
{
	g_auto(GStrv) lines = parts(r->oddities, "\n");

	for (char **line = lines; *line; line++)
		if (!has(a->warnings, *line))
			return g_strdup_printf("\"%s\"", *line);
	return NULL;
}

enum approval_verdict approval_judge(const struct approval *a, const struct request *r,
				     char **ret_stop)
{
	char *stop = NULL;

	*ret_stop = NULL;
	if (!has(a->types, r->type) || (*a->stores && !has(a->stores, r->store)))
		return APPROVAL_IS_OTHERS;
	if (!*r->digest)
		stop = g_strdup("nothing tells this request from another one");
	if (!stop)
		stop = stop_at_name(a, r);
	if (!stop)
		stop = stop_at_warning(a, r);
	*ret_stop = stop;
	return stop ? APPROVAL_STOPS : APPROVAL_HOLDS;
}
