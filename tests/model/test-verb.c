/*
 * The table of verbs is complete and consistent, and answers are checked against it.
 */
#include <certty/model/account.h>
#include <certty/model/store.h>
#include <certty/model/verb.h>

#include <string.h>

#include <certty/model/x509.h>

static void test_table(void)
{
	for (int i = 0; i < VERB_COUNT; i++) {
		const struct verb *v = &verb_table[i];

		g_assert_cmpint(v->id, ==, i);
		g_assert_true(verb_find(v->name) == v);
		g_assert_true(*v->sentence && !g_str_has_suffix(v->sentence, "."));
		g_assert_true(v->many || v->no_target || v->id == VERB_SHOW ||
			      v->id == VERB_DEPLOY || v->id == VERB_SUPPLY ||
			      v->id == VERB_OBJECT_EDIT || v->id == VERB_OBJECT_SAVE ||
			      v->id == VERB_OBJECT_HISTORY || v->id == VERB_HISTORY || v->id == VERB_BACKUP ||
			      v->id == VERB_REISSUE || v->id == VERB_REQUEST_EDIT || v->on == KIND_STORES ||
			      v->on == KIND_ACCOUNTS);
		g_assert_false(v->dangerous && !v->changes);
	}
	g_assert_null(verb_find("polish"));
}

/* Labels and hints are there, keys differ, fallbacks pass their own check. */
static void test_fields(void)
{
	for (int i = 0; i < VERB_COUNT; i++) {
		g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

		for (const struct field *f = verb_table[i].fields; f && f->key; f++) {
			g_autoptr(GError) error = NULL;

			g_assert_true(*f->label && *f->hint);
			g_assert_false(g_str_has_suffix(f->hint, "."));
			g_assert_true(g_hash_table_add(seen, (char *)f->key));
			g_assert_true(f->kind == FIELD_STORE || f->kind == FIELD_STORES ||
				      (f->kind == FIELD_CHOICE) == (f->choices != NULL));
			g_assert_false(f->needed && f->fallback);
			if (f->kind == FIELD_BOOL)
				g_assert_cmpstr(f->fallback, ==, "no");
			if (f->fallback)
				field_check_one(f, f->fallback, &error);
			g_assert_no_error(error);
		}
	}
}

static const struct field *field_of(enum verb_id verb, const char *key)
{
	for (const struct field *f = verb_table[verb].fields; f && f->key; f++)
		if (!strcmp(f->key, key))
			return f;
	return NULL;
}

/* The choices are said here and where keys are made and certificates signed. */
static void test_choices(void)
{
	g_autofree char *kinds = g_strjoinv(" ", (char **)x509_key_kinds);
	g_autoptr(GString) profiles = g_string_new(NULL);

	for (const struct x509_profile *p = x509_profiles; p->name; p++)
		g_string_append_printf(profiles, "%s%s", profiles->len ? " " : "", p->name);
	g_assert_cmpstr(field_of(VERB_KEY, "kind")->choices, ==, kinds);
	g_assert_cmpstr(field_of(VERB_APPROVE, "profile")->choices, ==, profiles->str);
}

static const struct field fields[] = {
	{ "name",   FIELD_TEXT,    "Name",   true,  NULL,  NULL,  "a name" },
	{ "count",  FIELD_NUMBER,  "Count",  false, "3",   NULL,  "a number" },
	{ "on",     FIELD_BOOL,    "On",     false, "no",  NULL,  "yes or no" },
	{ "kind",   FIELD_CHOICE,  "Kind",   false, NULL,  "a b", "one of them" },
	{ "file",   FIELD_FILE_IN, "File",   false, NULL,  NULL,  "a path" },
	{ "secret", FIELD_SECRET,  "Secret", false, NULL,  NULL,  "hidden" },
	{ "span",   FIELD_SPAN,    "Span",   false, NULL,  NULL,  "a span" },
	{ "code",   FIELD_TEXT,    "Code",   false, NULL,  NULL,  "ab and digits", NULL, "ab[0-9]+|x" },
	{ NULL }
};

static void test_check(void)
{
	static const struct {
		const char *key, *value, *says;	/* says NULL: it is fine */
	} cases[] = {
		{ "count", "12", NULL },	{ "count", "-1", NULL },
		{ "count", "1x", "Count: '1x' is not a whole number" },
		{ "count", "99999999999999999999", "*not a whole number" },
		{ "on", "yes", NULL },		{ "on", "maybe", "On: *neither yes nor no" },
		{ "kind", "a", NULL },		{ "kind", "c", "Kind: 'c' *choices: a b" },
		{ "kind", "a b", "Kind: *" },	{ "kind", "", NULL },
		{ "file", "/tmp/\xff", NULL },
		{ "span", "90d", NULL },	{ "span", "soon", "Span: *" },
		{ "name", "two\nlines", "Name: 'two\\nlines' holds a control character" },
		{ "name", "\xff", "Name: *not UTF-8*" },
		{ "name", "", "Name is needed: a name" },
		{ "code", "ab12", NULL },	{ "code", "x", NULL },
		{ "code", "ab12/", "Code: 'ab12/' does not fit: ab and digits" },
		{ "code", "xab1", "Code: 'xab1' does not fit*" },
		{ "other", "x", "'other' is not asked for here" },
		{ "secret", "hunter2", "Secret is a secret and is not given as plain text" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(args) a = args_new();
		g_autoptr(GError) error = NULL;

		args_set(a, "name", "x");
		args_set(a, cases[i].key, cases[i].value);
		if (!cases[i].says) {
			field_check(fields, a, &error);
			g_assert_no_error(error);
			continue;
		}
		g_assert_false(field_check(fields, a, &error));
		g_assert_error(error, ERR, ERR_USAGE);
		if (!g_pattern_match_simple(cases[i].says, error->message))
			g_error("%s=%s: %s", cases[i].key, cases[i].value, error->message);
		g_assert_null(strstr(error->message, "hunter2"));
	}
}

static void test_fallbacks(void)
{
	g_autoptr(args) a = args_new();
	int64_t count;

	args_set(a, "name", "x");
	args_set(a, "kind", "");
	args_put_secret(a, "secret", secret_new("s", 1));
	g_assert_true(field_check(fields, a, NULL));
	g_assert_true(args_int(a, "count", &count) && count == 3);
	g_assert_cmpstr(args_get(a, "on"), ==, "no");
	g_assert_null(args_get(a, "kind"));
	g_assert_null(args_get(a, "file"));
	g_assert_nonnull(args_secret(a, "secret"));
}

static void test_unknown_secret(void)
{
	g_autoptr(args) a = args_new();
	g_autoptr(GError) error = NULL;

	args_set(a, "name", "x");
	args_put_secret(a, "other", secret_new("s", 1));
	g_assert_false(field_check(fields, a, &error));
	g_assert_error(error, ERR, ERR_USAGE);
	g_clear_error(&error);
	args_put_secret(a, "other", NULL);
	args_put_secret(a, "file", secret_new("s", 1));
	g_assert_false(field_check(fields, a, &error));
	g_assert_error(error, ERR, ERR_USAGE);
}

static void test_too_long(void)
{
	g_autofree char *large = g_strnfill(70000, 'x');
	g_autoptr(GError) error = NULL;

	g_assert_false(field_check_one(&fields[0], large, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
}

static void test_args(void)
{
	g_autoptr(args) a = args_new();
	g_auto(GStrv) list = NULL;
	g_auto(GStrv) none = NULL;
	g_auto(GStrv) ids = NULL;
	g_auto(GStrv) keys = NULL;
	g_auto(GStrv) secrets = NULL;
	int64_t n = 7;

	args_set(a, "b", " one, two,,three four\t");
	args_set(a, "a", "yes");
	args_set(a, "c", "12 ");
	args_set(a, "d", "gone");
	args_set(a, "d", NULL);
	args_put_secret(a, "p", secret_new("s", 1));
	list = args_list(a, "b");
	none = args_list(a, "none");
	ids = args_ids(a, "b");
	keys = args_keys(a);
	secrets = args_secret_keys(a);
	g_assert_cmpstrv(list, ((const char *const[]){ "one", "two", "three", "four", NULL }));
	g_assert_cmpuint(g_strv_length(none), ==, 0);
	g_assert_cmpstrv(ids, ((const char *const[]){ "one", "two", "three four", NULL }));
	g_assert_cmpstrv(keys, ((const char *const[]){ "a", "b", "c", NULL }));
	g_assert_cmpstrv(secrets, ((const char *const[]){ "p", NULL }));
	g_assert_true(args_bool(a, "a"));
	g_assert_false(args_bool(a, "b"));
	g_assert_false(args_bool(a, "none"));
	g_assert_false(args_int(a, "c", &n));
	g_assert_cmpint(n, ==, 7);
	g_assert_cmpstr(args_text(a, "none", "else"), ==, "else");
	g_assert_null(args_get(a, "p"));
}

static void test_command(void)
{
	g_autoptr(command) c = command_new(VERB_DENY, "local/ca:x");
	g_autoptr(command) none = command_new(VERB_REFRESH, NULL);

	g_assert_cmpstr(c->verb->name, ==, "deny");
	g_assert_cmpuint(c->targets->len, ==, 1);
	g_assert_cmpstr(c->targets->pdata[0], ==, "local/ca:x");
	g_assert_cmpuint(none->targets->len, ==, 0);
	g_assert_nonnull(none->args);
	g_assert_false(c->is_yes);
}

/* ---- what an account may do ---- */

static char *asked(const struct account *a, enum verb_id verb, const char *type, const char *key,
		   const char *value)
{
	g_autoptr(args) args = key ? args_new() : NULL;

	if (key)
		args_set(args, key, value);
	return account_why_not(a, &verb_table[verb], type, args, a->told + 60);
}

static void test_rights(void)
{
	static const struct {
		enum verb_id verb;
		const char *type, *key, *value;
		bool is_refused;
	} cases[] = {
		{ VERB_REVOKE, "", NULL, NULL, true },
		{ VERB_REVOKE, "anything", "reason", "x", true },
		{ VERB_RENEW, "", NULL, NULL, false },
		{ VERB_OBJECT_DROP, "domain", NULL, NULL, true },
		{ VERB_OBJECT_DROP, "anchor", NULL, NULL, false },
		{ VERB_OBJECT_ADD, "", NULL, NULL, false },
		{ VERB_OBJECT_ADD, "", "what", "domain", true },
		{ VERB_OBJECT_ADD, "", "what", "domains", false },
		{ VERB_OBJECT_EDIT, "domain", "approve", "502", true },
		{ VERB_OBJECT_EDIT, "domain", "approve", "", false },
		{ VERB_OBJECT_EDIT, "domain", "status", "active", false },
	};
	g_autoptr(GString) may_not = g_string_new(NULL);
	g_autoptr(account) a = account_new("prod");

	a->told = 1785580000;
	g_assert_null(asked(a, VERB_REVOKE, "", NULL, NULL));
	account_forbid(may_not, VERB_REVOKE, "", "", "revoke: no");
	account_forbid(may_not, VERB_OBJECT_DROP, "domain", "", "drop: no");
	account_forbid(may_not, VERB_OBJECT_ADD, "", "what=domain", "add: no");
	account_forbid(may_not, VERB_OBJECT_EDIT, "domain", "approve", "approve: no");
	store_set(&a->may_not, may_not->str);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *why = asked(a, cases[i].verb, cases[i].type, cases[i].key, cases[i].value);

		g_assert_cmpint(why != NULL, ==, cases[i].is_refused);
		g_assert_true(!why || g_str_has_prefix(why, "prod may not "));
		g_assert_true(!why || strstr(why, ": no (told "));
	}
	store_set(&a->may_not, "revoke|\n||||\nrevoke\n");	/* a database may hold anything */
	g_assert_null(asked(a, VERB_REVOKE, "", NULL, NULL));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/verb/table", test_table);
	g_test_add_func("/verb/fields", test_fields);
	g_test_add_func("/verb/choices", test_choices);
	g_test_add_func("/verb/check", test_check);
	g_test_add_func("/verb/fallbacks", test_fallbacks);
	g_test_add_func("/verb/unknown-secret", test_unknown_secret);
	g_test_add_func("/verb/too-long", test_too_long);
	g_test_add_func("/verb/args", test_args);
	g_test_add_func("/verb/command", test_command);
	g_test_add_func("/verb/rights", test_rights);
	return g_test_run();
}
