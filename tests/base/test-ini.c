/* What other tools write, read as those tools read it; and everything that is refused, with the
 * line at which. */
#include "certty/base/err.h"
#include "certty/base/ini.h"

#include <string.h>

static struct ini *parse(const char *s, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new(s, strlen(s));

	return ini_read(bytes, error);
}

/* Sections and keys as "[a] x y | [b] z", for comparing at a glance. */
static char *names(const struct ini *i)
{
	GString *s = g_string_new(NULL);

	for (const char *const *section = ini_sections(i); *section; section++) {
		g_string_append_printf(s, "%s[%s]", s->len ? " | " : "", *section);
		for (const char *const *key = ini_keys(i, *section); *key; key++)
			g_string_append_printf(s, " %s", *key);
	}
	return g_string_free(s, FALSE);
}

struct row {
	const char *text, *names, *section, *key, *value;
};

/* clang-format off */
static const struct row rows[] = {
	{ "", "", "a", "b", NULL },
	{ "[a]\nb = c\n", "[a] b", "a", "b", "c" },
	{ "[a]\nb = c", "[a] b", "a", "b", "c" },
	{ "\xef\xbb\xbf[a]\r\nb=c\r\n", "[a] b", "a", "b", "c" },
	{ "\xef\xbb\xbf", "", "a", "b", NULL },
	{ "[a]\nb:c\n", "[a] b", "a", "b", "c" },
	{ "[a]\nb=c=d:e=\n", "[a] b", "a", "b", "c=d:e=" },
	{ "[a]\nb=\n", "[a] b", "a", "b", "" },
	{ "[a]\n\tb\t=\tc d \t\n", "[a] b", "a", "b", "c d" },
	{ "[a]\n# b=1\n; b=2\n   # b=3\nb=4\n", "[a] b", "a", "b", "4" },
	/* comments behind values are the tool's own business */
	{ "[a]\nb=c ; d\n", "[a] b", "a", "b", "c ; d" },
	{ "[a]\nb=\"c;d\" # e\n", "[a] b", "a", "b", "\"c;d\" # e" },
	{ "b=c\n[a]\nb=d\n", "[] b | [a] b", "", "b", "c" },
	{ "[a]\nb=1\nb=2\n", "[a] b", "a", "b", "2" },
	{ "[a]\nb=1\n[c]\n[a]\nb=2\nd=3\n", "[a] b d | [c]", "a", "b", "2" },
	{ "[a]\nB_C=1\n", "[a] B_C", "a", "b_c", "1" },
	{ "[a]\nb=1\n", "[a] b", "A", "b", NULL },
	{ "[a]\nb=1\n", "[a] b", "a", "c", NULL },
	{ "[ profile a b ] trailing\nb=1\n", "[profile a b] b", "profile a b", "b", "1" },
	{ "[]\nb=1\n", "[] b", "", "b", "1" },
	/* longer names than inih keeps */
	{ "[profile 123456789012-AdministratorAccess-in-a-large-organisation]\nb=1\n"
	  "[profile 123456789012-AdministratorAccess-in-a-large-organization]\nb=2\n",
	  "[profile 123456789012-AdministratorAccess-in-a-large-organisation] b | "
	  "[profile 123456789012-AdministratorAccess-in-a-large-organization] b",
	  "profile 123456789012-AdministratorAccess-in-a-large-organization", "b", "2" },
	{ "[a]\na_key_whose_name_is_longer_than_inih_remembers_it_for_later_lines =\n one = 1\n"
	  " two = 2\n",
	  "[a] a_key_whose_name_is_longer_than_inih_remembers_it_for_later_lines", "a",
	  "a_key_whose_name_is_longer_than_inih_remembers_it_for_later_lines",
	  "\none = 1\ntwo = 2" },
	/* what belongs to the value above, and what does not */
	{ "[a]\ns3 =\n  x = 1\n\n  # no\n  y = 2\nb = 3\n", "[a] s3 b", "a", "s3", "\nx = 1\ny = 2" },
	{ "[a]\ns3 =\n  x = 1\nb = 3\n", "[a] s3 b", "a", "b", "3" },
	{ "  [a]\n  b = 1\n  c = 2\n", "[a] b c", "a", "c", "2" },
	{ "  [a]\n  b = 1\n    c = 2\n", "[a] b", "a", "b", "1\nc = 2" },
	{ "[a]\n  b = 1\n c = 2\n", "[a] b c", "a", "c", "2" },
	{ "[a]\nb = 1\n [c]\n", "[a] b", "a", "b", "1\n[c]" },
	{ "[a]\n [c]\nb = 1\n", "[a] | [c] b", "c", "b", "1" },
	{ "[a]\nb = \xc3\xa4\n", "[a] b", "a", "b", "\xc3\xa4" },
	{ "# \xe4\n[a]\nb=1", "[a] b", "a", "b", "1" },
};
/* clang-format on */

static void reads(void)
{
	for (size_t n = 0; n < G_N_ELEMENTS(rows); n++) {
		const struct row *r = &rows[n];
		g_autoptr(GError) error = NULL;
		g_autoptr(ini) i = parse(r->text, &error);
		g_autofree char *found = NULL;

		g_test_message("row %zu", n);
		g_assert_no_error(error);
		found = names(i);
		g_assert_cmpstr(found, ==, r->names);
		g_assert_cmpstr(ini_get(i, r->section, r->key), ==, r->value);
	}
}

static void refuses_bytes(const char *bytes, size_t len, enum err code, const char *why)
{
	g_autoptr(GBytes) all = g_bytes_new(bytes, len);
	g_autoptr(GError) error = NULL;

	g_test_message("%s", why);
	g_assert_null(ini_read(all, &error));
	g_assert_error(error, ERR, (int)code);
	if (!strstr(error->message, why))
		g_error("\"%s\" has no \"%s\"", error->message, why);
}

static void refuses(void)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "[a\nb=1\n", "a section without its closing bracket at line 1" },
		{ "[a]\n\nb\nc=1\n", "neither [section] nor key=value at line 3" },
		{ "[a]\n=b\n", "a value without a name at line 2" },
		{ "[a]\nb=\xe4\n", "bytes that are not UTF-8 at line 2" },
		{ "[\xe4]\n", "bytes that are not UTF-8 at line 1" },
		{ "-----BEGIN CERTIFICATE-----\n", "neither [section] nor key=value at line 1" },
	};

	for (size_t n = 0; n < G_N_ELEMENTS(bad); n++)
		refuses_bytes(bad[n].text, strlen(bad[n].text), ERR_FORMAT, bad[n].why);
	refuses_bytes("[a]\nb=c\0d\n", 10, ERR_FORMAT, "a NUL at line 2");
}

static void bounds(void)
{
	g_autoptr(GString) large = g_string_new("[a]\n");
	g_autoptr(GError) error = NULL;
	g_autoptr(ini) i = NULL;

	g_string_append(large, "b=");
	while (large->len < 4 + INI_LINE)
		g_string_append_c(large, 'x');
	i = parse(large->str, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(strlen(ini_get(i, "a", "b")), ==, INI_LINE - 2);
	g_string_append_c(large, 'x');
	refuses_bytes(large->str, large->len, ERR_LIMIT, "a line longer than is read at line 2");
	g_string_assign(large, "[a]\n");
	for (unsigned n = 0; n < INI_KEYS; n++)
		g_string_append_printf(large, "k%u=\n", n);
	refuses_bytes(large->str, large->len, ERR_LIMIT, "more keys and sections than are read");
	while (large->len <= INI_BYTES)
		g_string_append(large, "# and so on, for as long as it takes\n");
	refuses_bytes(large->str, large->len, ERR_LIMIT, "more than the 1048576 that are read");
}

/* A value of very many lines takes no longer than its bytes. */
static void grows(void)
{
	g_autoptr(GString) large = g_string_new("[a]\nb=\n");
	g_autoptr(GError) error = NULL;
	g_autoptr(ini) i = NULL;

	while (large->len < INI_BYTES - 3)
		g_string_append(large, " x\n");
	i = parse(large->str, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(strlen(ini_get(i, "a", "b")), >, INI_BYTES / 3);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ini/reads", reads);
	g_test_add_func("/ini/refuses", refuses);
	g_test_add_func("/ini/bounds", bounds);
	g_test_add_func("/ini/grows", grows);
	return g_test_run();
}
