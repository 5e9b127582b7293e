/* test-approval: what a rule about approving covers, and at which text it stops. */
#include <string.h>
#include <glib.h>
#include <certty/model/approval.h>

#define WARNING "a.internal is a name for inside a network only"

static struct args *answers_of(const char *names, const char *warnings)
{
	struct args *a = args_new();

	args_set(a, "approve", "by-rule");
	args_set(a, "approve-names", names);
	args_set(a, "approve-warnings", warnings);
	return a;
}

static struct approval *rule_of(const char *names, const char *warnings)
{
	g_autoptr(args) a = answers_of(names, warnings);
	g_autoptr(GError) error = NULL;
	struct approval *rule = approval_read(a, &error);

	g_assert_no_error(error);
	g_assert_nonnull(rule);
	return rule;
}

static struct request *request_of(const char *names, const char *oddities)
{
	struct request *r = request_new("q");

	g_free(r->type);
	r->type = g_strdup("sign");
	g_free(r->store);
	r->store = g_strdup("ca");
	g_free(r->digest);
	r->digest = g_strdup("d1");
	g_free(r->oddities);
	r->oddities = g_strdup(oddities);
	g_strfreev(r->names);
	r->names = *names ? g_strsplit(names, " ", -1) : g_new0(char *, 1);
	return r;
}

/* ---- reading ---- */

static void off(void)
{
	static const char *const words[] = { NULL, "", "off", "yes", "automatic", "BY-RULE" };

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autoptr(args) a = answers_of("example.org", NULL);

		args_set(a, "approve", words[i]);
		g_assert_null(approval_read(a, NULL));
	}
}

static void defaults(void)
{
	g_autoptr(approval) a = rule_of("example.org, example.net", " one, two ;three|  four | |");
	g_autofree char *said = approval_say(a);

	g_assert_cmpstr(a->types[0], ==, "sign");
	g_assert_null(a->types[1]);
	g_assert_null(a->stores[0]);
	g_assert_cmpstr(a->names[1], ==, "example.net");
	g_assert_cmpstr(a->warnings[0], ==, "one, two ;three");
	g_assert_cmpstr(a->warnings[1], ==, "four");
	g_assert_null(a->warnings[2]);
	g_assert_cmpstr(said, ==, "requests of the type sign, all of whose names are example.org, "
			"example.net or below, as server for 90d, with no warning but \"one, two ;three\" "
			"and \"four\"");
}

/* A rule that cannot be obeyed to the word is none. */
static void wrong(void)
{
	static const struct {
		const char *key, *value;
	} table[] = {
		{ "approve-names", NULL },	     { "approve-names", "" },
		{ "approve-names", "org" },	     { "approve-names", ".org" },
		{ "approve-names", "org." },	     { "approve-names", "a.test, *" },
		{ "approve-names", "a..test" },	     { "approve-validity", "ever" },
		{ "approve-validity", "-3d" },	     { "approve-profile", "sub-ca" },
		{ "approve-warnings", "a\nb" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(args) a = answers_of("example.org", NULL);
		g_autoptr(GError) error = NULL;

		args_set(a, table[i].key, table[i].value);
		g_assert_null(approval_read(a, &error));
		g_assert_error(error, ERR, ERR_USAGE);
	}
}

/* ---- judging ---- */

static void judged(void)
{
	static const struct {
		const char *rule, *accepted, *names, *oddities, *stop;
	} table[] = {
		{ "example.org", "", "example.org", "", NULL },
		{ "example.org", "", "www.example.org a.b.example.org", "", NULL },
		{ "Example.ORG", "", "WWW.example.org", "", NULL },
		{ "example.org", "", "example.org.evil.test", "", "the name example.org.evil.test" },
		{ "example.org", "", "badexample.org", "", "the name badexample.org" },
		{ "example.org", "", ".example.org", "", "the name .example.org" },
		{ "example.org", "", "www.example.org example.net", "", "the name example.net" },
		{ "example.org", "", "*.example.org", "", "the name *.example.org" },
		{ "example.org, *.example.org", "", "*.example.org", "", NULL },
		{ "example.org, *.example.org", "", "*.a.example.org", "", "the name *.a.example.org" },
		{ "example.org", "", "me@mail.example.org", "", "the name me@mail.example.org" },
		{ "example.org", "", "https://a.example.org", "", "the name https://a.example.org" },
		{ "example.org", "", "", "", "it does not say for which names it is" },
		{ "example.org", "", "example.org", WARNING, "\"" WARNING "\"" },
		{ "example.org", WARNING, "example.org", WARNING, NULL },
		{ "example.org", WARNING " ", "example.org", WARNING "\n", NULL },
		{ "example.org", WARNING, "example.org", WARNING ".", "\"" WARNING ".\"" },
		{ "example.org", WARNING ".", "example.org", WARNING, "\"" WARNING "\"" },
		{ "example.org", WARNING, "example.org", WARNING "\nits key is weak", "\"its key is weak\"" },
		{ "example.org", "its key is weak|" WARNING, "example.org", WARNING "\nits key is weak", NULL },
		{ "example.org", "one|two", "example.org", "one|two", "\"one|two\"" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		g_autoptr(approval) a = rule_of(table[i].rule, table[i].accepted);
		g_autoptr(request) r = request_of(table[i].names, table[i].oddities);
		g_autofree char *stop = NULL;
		enum approval_verdict verdict = approval_judge(a, r, &stop);

		g_assert_cmpstr(stop, ==, table[i].stop);
		g_assert_cmpint(verdict, ==, table[i].stop ? APPROVAL_STOPS : APPROVAL_HOLDS);
	}
}

static void others(void)
{
	g_autoptr(args) answers = answers_of("example.org", NULL);
	g_autoptr(approval) a = NULL;
	g_autoptr(request) r = request_of("example.net", "odd");
	char *stop = NULL;

	args_set(answers, "approve-types", "order, sign");
	args_set(answers, "approve-stores", "other, ca");
	a = approval_read(answers, NULL);
	g_assert_cmpint(approval_judge(a, r, &stop), ==, APPROVAL_STOPS);
	g_clear_pointer(&stop, g_free);
	g_free(r->type);
	r->type = g_strdup("renewal");
	g_assert_cmpint(approval_judge(a, r, &stop), ==, APPROVAL_IS_OTHERS);
	g_assert_null(stop);
	g_free(r->type);
	r->type = g_strdup("order");
	g_free(r->store);
	r->store = g_strdup("third");
	g_assert_cmpint(approval_judge(a, r, &stop), ==, APPROVAL_IS_OTHERS);
}

/* What nobody could tell from another request is no request to say yes to. */
static void without_digest(void)
{
	g_autoptr(approval) a = rule_of("example.org", NULL);
	g_autoptr(request) r = request_of("example.org", "");
	g_autofree char *stop = NULL;

	*r->digest = '\0';
	g_assert_cmpint(approval_judge(a, r, &stop), ==, APPROVAL_STOPS);
	g_assert_nonnull(stop);
}

int main(int argc, char *argv[])
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/approval/off", off);
	g_test_add_func("/model/approval/defaults", defaults);
	g_test_add_func("/model/approval/wrong", wrong);
	g_test_add_func("/model/approval/judged", judged);
	g_test_add_func("/model/approval/others", others);
	g_test_add_func("/model/approval/without-digest", without_digest);
	return g_test_run();
}
