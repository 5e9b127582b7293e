/*
 * A plan is said line by line and as JSON, each sentence once; its script gives a shell exactly the
 * words that were meant, and nothing of them is obeyed by a shell or a terminal.
 */
#include <certty/model/plan.h>

#include <string.h>

#include <certty/base/json.h>
#include <certty/base/text.h>

/* What a shell makes of a script. */
static char *shell(const char *script, int *ret_status)
{
	char *argv[] = { (char *)"/bin/sh", (char *)"-c", (char *)(uintptr_t)script, NULL };
	char *out = NULL;
	GError *error = NULL;

	g_spawn_sync(NULL, argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL, ret_status,
		     &error);
	g_assert_no_error(error);
	return out;
}

static void test_quote(void)
{
	static const char *const words[] = {
		"plain", "two words", "it's", "$HOME `id` $(id)", "*.example.org", "a;b&c|d>e<f",
		"~root", "#no", "-x", "", "\\", "\"", "new\nline", "\033]52;c;eA==\a", "bad \xff byte",
		"!history", "ü", "\xe2\x80\xaegro.elpmax",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		g_autoptr(GString) line = g_string_new("printf '%s.' ");
		g_autofree char *out = NULL, *shown = NULL, *wanted = NULL;
		int status;

		plan_quote(line, words[i]);
		shown = text_harmless_dup(line->str, 4096);
		g_assert_cmpstr(shown, ==, line->str);
		out = shell(line->str, &status);
		wanted = g_strconcat(words[i], ".", NULL);
		g_assert_cmpint(status, ==, 0);
		g_assert_cmpstr(out, ==, wanted);
	}
}

static struct plan *some(void)
{
	struct plan *p = plan_new(&verb_table[VERB_REMOVE]);

	plan_target(p, "www.example.org");
	plan_call(p, PLAN_ASKS, "acm:DescribeCertificate", "https://acm.example", "arn");
	plan_call(p, PLAN_CHANGES | PLAN_MAYBE, "acm:DeleteCertificate", "https://acm.example", NULL);
	plan_not(p, "it is not %s", "revoked");
	plan_not(p, "it is not revoked");
	plan_run(p, "printf '%s %s\\n'");
	plan_option(p, "--arn", "a b");
	plan_option(p, "--left-out", NULL);
	plan_variable(p, "file:", "KEY_FILE", "a file");
	plan_environment(p, "-passout env:", "SECRET", "what encrypts it");
	plan_remark(p, "a remark with a line\nbreak");
	return p;
}

static void test_detail(void)
{
	g_autoptr(plan) p = some();
	g_autofree char *id = plan_id(7);
	g_autoptr(detail) d = plan_detail(p, id);
	g_autoptr(json) j = json_parse(d->json, strlen(d->json), 1 << 20, NULL);
	const struct json *calls = json_get(j, "calls");

	g_assert_cmpstr(d->id, ==, "plans/7");
	g_assert_cmpstr(d->line[0].label, ==, "target");
	g_assert_cmpstr(d->line[1].text, ==, "asks acm:DescribeCertificate at https://acm.example: arn");
	g_assert_cmpstr(d->line[2].text, ==,
			"perhaps changes acm:DeleteCertificate at https://acm.example");
	g_assert_cmpstr(d->line[3].label, ==, "costs");
	g_assert_cmpuint(d->n, ==, 5);
	g_assert_nonnull(j);
	g_assert_cmpuint(json_count(calls), ==, 2);
	g_assert_cmpstr(json_str(json_at(calls, 1), "operation"), ==, "acm:DeleteCertificate");
	g_assert_cmpuint(json_count(json_get(j, "will_not")), ==, 1);
	g_assert_cmpuint(json_count(json_get(j, "variables")), ==, 2);
}

/* In one line, since they are the answer to a question of one. */
static void test_warnings(void)
{
	g_autoptr(plan) p = some(), warns = some();
	g_autoptr(detail) none = plan_detail(p, "plans/1"), d = NULL;
	g_autofree char *nothing = plan_warnings(none), *all = NULL;

	plan_warn(warns, "one");
	plan_warn(warns, "two: three");
	d = plan_detail(warns, "plans/2");
	all = plan_warnings(d);
	g_assert_cmpstr(nothing, ==, "");
	g_assert_cmpstr(all, ==, "one; two: three");
}

/* It refuses to do without a variable, and says which. */
static void test_script(void)
{
	g_autoptr(plan) p = some();
	g_autoptr(detail) d = plan_detail(p, "plans/1");
	g_autofree char *with = g_strconcat("KEY_FILE='x y' SECRET=s\n", d->text, NULL);
	g_autofree char *out = NULL, *none = NULL;
	int status;

	none = shell(d->text, &status);
	g_assert_cmpint(status, !=, 0);
	g_assert_cmpstr(none, ==, "");
	out = shell(with, &status);
	g_assert_cmpint(status, ==, 0);
	g_assert_cmpstr(out, ==, "--arn a b\nfile:x y -passout\nenv:SECRET \n");
	g_assert_nonnull(strstr(d->text, "\nexport SECRET\n"));
	g_assert_null(strstr(d->text, "export KEY_FILE"));
}

static void test_bound(void)
{
	g_autoptr(plan) p = plan_new(&verb_table[VERB_REMOVE]);
	g_autoptr(detail) d = NULL;

	for (int i = 0; i < PLAN_LINES_MAX + 5; i++) {
		plan_call(p, PLAN_ASKS, "ask", "there", NULL);
		plan_target(p, "%d", i);
	}
	d = plan_detail(p, "plans/1");
	g_assert_cmpstr(d->line[d->n - 1].label, ==, "left out");
	g_assert_cmpuint(p->left_out, ==, 10);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/plan/quote", test_quote);
	g_test_add_func("/plan/detail", test_detail);
	g_test_add_func("/plan/warnings", test_warnings);
	g_test_add_func("/plan/script", test_script);
	g_test_add_func("/plan/bound", test_bound);
	return g_test_run();
}
