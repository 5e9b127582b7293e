/* Layers and where each value came from, sentences for every mistake, a policy that cannot be
 * loosened, and a file that stays its owner's when one value in it changes. */
#define _GNU_SOURCE
#include "certty/base/err.h"
#include "certty/base/file.h"
#include "certty/base/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/settings_file.h"
#include "base/settings_own.h"

static char *folder, *site, *policy, *own;

static void put(const char *path, const char *text)
{
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void start_afresh(void)
{
	remove(site);
	remove(policy);
	remove(own);
	rmdir(policy);
}

static struct settings *load(void)
{
	struct settings_places places = { .site = site, .policy = policy };

	return settings_load_from(&places, NULL);
}

static char *warnings_of(const struct settings *s)
{
	return g_strjoinv("\n", (char **)settings_warnings(s));
}

static void assert_warns(const struct settings *s, const char *words)
{
	g_autofree char *all = warnings_of(s);

	if (!strstr(all, words))
		g_error("no warning \"%s\" in:\n%s", words, all);
}

static void assert_quiet(const struct settings *s)
{
	g_autofree char *all = warnings_of(s);

	g_assert_cmpstr(all, ==, "");
}

static void assert_list(const struct settings *s, const char *group, const char *key,
			const char *want)
{
	g_autofree char *got = g_strjoinv("|", (char **)settings_list(s, group, key));

	g_assert_cmpstr(got, ==, want);
}

static void the_table_is_sound(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (const struct setting *row = settings_table; row->group; row++) {
		g_assert_true(g_hash_table_add(seen, g_strconcat(row->group, " ", row->key,
								 NULL)));
		g_assert_true(g_str_has_suffix(row->sentence, "."));
		g_assert_true((row->kind == SETTING_CHOICE) == (row->choices != NULL));
		g_assert_true((row->kind == SETTING_INT) == (row->min < row->max));
		for (const char *p = row->key; *p; p++)
			g_assert_true(g_ascii_islower(*p) || *p == '-');
	}
}

static void defaults(void)
{
	g_autoptr(settings) s = NULL;

	start_afresh();
	s = load();
	assert_quiet(s);
	for (const struct setting *row = settings_table; row->group; row++) {
		g_assert_cmpstr(settings_text(s, row->group, row->key), ==, row->fallback);
		g_assert_cmpstr(settings_origin(s, row->group, row->key), ==, "default");
	}
	g_assert_false(settings_bool(s, "safety", "read-only"));
	g_assert_cmpint(settings_int(s, "refresh", "parallel"), ==, 16);
	assert_list(s, "discovery", "networks", "127.0.0.1/32|::1/128");
	assert_list(s, "local", "files", "");
	g_assert_cmpstr(settings_list(s, "local", "folders")[0], ==, "/etc/ssl/certs");
	g_assert_null(settings_groups(s, "notice ")[0]);
	g_assert_null(settings_groups(s, "nonsense")[0]);
	g_assert_null(settings_keys(s, "keys")[0]);
	g_assert_null(settings_raw(s, "keys", "quit"));
}

static void layers(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) s = NULL;

	start_afresh();
	put(site, "# the machine\n[screen]\ntheme = mono\ncolor=never\nmouse=yes\nbell = On\n");
	put(own, "\n\n[screen]\ntheme = light\ncolor = always\n");
	g_setenv("CERTTY_SCREEN_THEME", "dark", TRUE);
	g_setenv("CERTTY_SCREEN_ESCAPE_DELAY", "50", TRUE);
	s = load();
	g_unsetenv("CERTTY_SCREEN_THEME");
	g_unsetenv("CERTTY_SCREEN_ESCAPE_DELAY");
	assert_quiet(s);
	g_assert_cmpstr(settings_text(s, "screen", "theme"), ==, "dark");
	g_assert_cmpstr(settings_origin(s, "screen", "theme"), ==, "CERTTY_SCREEN_THEME");
	g_assert_cmpint(settings_int(s, "screen", "escape-delay"), ==, 50);
	g_assert_cmpstr(settings_text(s, "screen", "color"), ==, "always");
	g_assert_cmpstr(settings_origin(s, "screen", "color"), ==, "certty.conf:5");
	g_assert_true(settings_bool(s, "screen", "mouse"));
	g_assert_true(settings_bool(s, "screen", "bell"));
	g_assert_true(g_str_has_suffix(settings_origin(s, "screen", "mouse"), "site.conf:5"));
	g_assert_true(settings_override(s, "screen", "theme", "mono", &error));
	g_assert_no_error(error);
	g_assert_cmpstr(settings_text(s, "screen", "theme"), ==, "mono");
	g_assert_cmpstr(settings_origin(s, "screen", "theme"), ==, "command line");
}

static void another_file(void)
{
	struct settings_places places = { .site = site, .policy = policy };
	g_autofree char *other = g_build_filename(folder, "other.conf", NULL);
	g_autoptr(settings) s = NULL, none = NULL;

	start_afresh();
	put(own, "[screen]\nascii=true\n");
	put(other, "[screen]\nbell=true\n");
	s = settings_load_from(&places, other);
	assert_quiet(s);
	g_assert_false(settings_bool(s, "screen", "ascii"));
	g_assert_true(settings_bool(s, "screen", "bell"));
	remove(other);
	none = settings_load_from(&places, other);
	assert_warns(none, "other.conf: cannot be looked at");
}

static void lists(void)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "" },
		{ "/a", "/a" },
		{ "/a, /b ,,/c,", "/a|/b|/c" },
		{ "/a,b; /c;", "/a,b|/c" },
		{ "+; /more", "/site|/more" },
		{ "+", "/site" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf("[local]\nfolders = %s\n", rows[i].text);
		g_autoptr(settings) s = NULL;

		start_afresh();
		put(site, "[local]\nfolders=/site\n");
		put(own, text);
		s = load();
		assert_quiet(s);
		assert_list(s, "local", "folders", rows[i].want);
	}
}

static void mistakes(void)
{
	static const struct {
		const char *text, *warning;
	} rows[] = {
		{ "[screen]\nthem = x\n",
		  "certty.conf:2: unknown key them in [screen]; did you mean theme?" },
		{ "[screen]\nsyslog = x\n", "; syslog stands in [journal]" },
		{ "[screen]\nxyzzy = x\n", "unknown key xyzzy in [screen]:" },
		{ "\n[scren]\ntheme = x\ncolor = y\n",
		  "certty.conf:3: unknown group [scren]; did you mean [screen]?" },
		{ "[screen]\ncolor = blue\n",
		  "certty.conf:2: color: \"blue\" is none of auto always never" },
		{ "[screen]\nascii = perhaps\n", "\"perhaps\" is neither true nor false" },
		{ "[screen]\nescape-delay = 1001\n", "is no number from 0 to 1000" },
		{ "[screen]\nescape-delay = 0x10\n", "is no number from 0 to 1000" },
		{ "[screen]\nescape-delay =\n", "is no number from 0 to 1000" },
		{ "[screen]\nescape-delay = 99999999999999999999\n", "is no number" },
		{ "[screen]\njust words\n", "certty.conf:2: this is neither key=value nor" },
		{ "[screen\n", "certty.conf:1: this is no [group]: [screen" },
		{ "[no\tgroup]\nx = y\n", "this is no [group]: [no\\tgroup]" },
		{ "[]\n", "this is no [group]" },
		{ "[screen]\na\tb = c\n", "the name before = is none" },
		{ "[screen]\n = x\n", "the name before = is none" },
		{ "theme = x\n", "certty.conf:1: this stands before the first [group]" },
		{ "[screen]\ntheme = a\033[2Jb\n", "not plain text: theme = a\\x1b[2Jb" },
		{ "[screen]\ntheme = a\\nb\n", "certty.conf:2: the value cannot be read" },
		{ "[screen]\ntheme = a\\qb\n", "certty.conf:2: the value cannot be read" },
		{ "[screen]\ntheme = \xff\n", "not plain text: theme = \\xff" },
		{ "[screen]\ntheme = a\n[local]\n[screen]\ntheme = b\n",
		  "certty.conf:2: line 5 says it again and wins: theme" },
		{ "[policy]\nread-only = true\n", "unknown group [policy]" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strconcat(rows[i].text, "[journal]\nsyslog=true\n", NULL);
		g_autoptr(settings) s = NULL;

		start_afresh();
		put(own, text);
		s = load();
		if (!strstr(rows[i].warning, "xyzzy"))
			assert_warns(s, rows[i].warning);
		else
			assert_warns(s, "unknown key xyzzy in [screen]");
		g_assert_null(settings_warnings(s)[1]);
		/* the rest of the file counts all the same */
		g_assert_true(settings_bool(s, "journal", "syslog"));
	}
}

static void odd_files(void)
{
	g_autoptr(settings) s = NULL;

	start_afresh();
	g_assert_cmpint(mkfifo(own, 0600), ==, 0);
	s = load();
	assert_warns(s, "is a pipe, not a file");
	g_clear_pointer(&s, settings_free);
	remove(own);
	put(own, "\t[screen]\r\n\ttheme\t=\tlight \r\n\r\n#end");
	s = load();
	assert_quiet(s);
	g_assert_cmpstr(settings_text(s, "screen", "theme"), ==, "light");
	g_assert_cmpstr(settings_origin(s, "screen", "theme"), ==, "certty.conf:2");
}

static void environment(void)
{
	g_autoptr(settings) s = NULL;

	start_afresh();
	g_setenv("CERTTY_SCREEN_ASCII", "maybe", TRUE);
	g_setenv("CERTTY_SCREEN_THEMES", "x", TRUE);
	g_setenv("CERTTY_PYTHON_OF_THE_TESTS", "x", TRUE);
	s = load();
	g_unsetenv("CERTTY_SCREEN_ASCII");
	g_unsetenv("CERTTY_SCREEN_THEMES");
	g_unsetenv("CERTTY_PYTHON_OF_THE_TESTS");
	assert_warns(s, "CERTTY_SCREEN_ASCII: ascii: \"maybe\" is neither true nor false");
	assert_warns(s, "CERTTY_SCREEN_THEMES: there is no such setting in [screen]");
	g_assert_null(settings_warnings(s)[2]);
}

static void free_groups(void)
{
	g_autoptr(settings) s = NULL;

	start_afresh();
	put(site, "[notice ops]\nto = ops@example.com\ndays = 30\n[keys]\nquit = q\n");
	put(own, "[keys]\nquit = Q\nfind = / C-f\n[notice me]\nhook = a\\\\b\n[notice ops]\n"
		 "days=7\n[view soon]\nfilter=exp<30d\n[store x]\nlabel=y\n[theme t]\ntext=red\n");
	s = load();
	assert_quiet(s);
	{
		g_autofree char *names =
			g_strjoinv("|", (char **)settings_groups(s, "notice "));
		g_autofree char *keys = g_strjoinv("|", (char **)settings_keys(s, "notice ops"));

		g_assert_cmpstr(names, ==, "notice ops|notice me");
		g_assert_cmpstr(keys, ==, "to|days");
	}
	g_assert_cmpstr(settings_groups(s, "view")[0], ==, "view soon");
	g_assert_cmpstr(settings_groups(s, "keys")[0], ==, "keys");
	g_assert_cmpstr(settings_raw(s, "keys", "quit"), ==, "Q");
	g_assert_cmpstr(settings_raw(s, "keys", "find"), ==, "/ C-f");
	g_assert_cmpstr(settings_raw(s, "notice ops", "days"), ==, "7");
	g_assert_cmpstr(settings_raw(s, "notice ops", "to"), ==, "ops@example.com");
	g_assert_cmpstr(settings_raw(s, "notice me", "hook"), ==, "a\\b");
	g_assert_null(settings_raw(s, "notice me", "days"));
	/* [notice] itself is an ordinary group */
	g_assert_null(settings_keys(s, "notice")[0]);
}

static void overrides_are_checked(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) s = NULL;

	start_afresh();
	s = load();
	g_assert_false(settings_override(s, "screen", "themes", "x", &error));
	g_assert_error(error, ERR, ERR_USAGE);
	g_assert_nonnull(strstr(error->message, "[screen] themes; did you mean theme?"));
	g_clear_error(&error);
	g_assert_false(settings_override(s, "screen", "color", "blue\033", &error));
	g_assert_error(error, ERR, ERR_USAGE);
	g_assert_nonnull(strstr(error->message, "\"blue\\x1b\" is none of auto"));
	g_assert_cmpstr(settings_text(s, "screen", "color"), ==, "auto");
	g_assert_cmpstr(settings_origin(s, "screen", "color"), ==, "default");
}

static void the_policy_wins(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) s = NULL;

	start_afresh();
	put(policy, "[policy]\nread-only = true\nhosts = *.example.com\n[refresh]\nparallel=2\n");
	put(own, "[safety]\nread-only=false\n[refresh]\nparallel=9\n");
	g_setenv("CERTTY_SAFETY_READ_ONLY", "no", TRUE);
	s = load();
	g_unsetenv("CERTTY_SAFETY_READ_ONLY");
	assert_quiet(s);
	g_assert_true(settings_bool(s, "safety", "read-only"));
	g_assert_true(g_str_has_suffix(settings_origin(s, "safety", "read-only"),
				       "policy.conf:2"));
	assert_list(s, "safety", "hosts", "*.example.com");
	g_assert_cmpint(settings_int(s, "refresh", "parallel"), ==, 2);

	g_assert_false(settings_override(s, "safety", "read-only", "false", &error));
	g_assert_error(error, ERR, ERR_REFUSED);
	g_assert_nonnull(strstr(error->message, "policy.conf:2"));
	g_clear_error(&error);
	g_assert_true(settings_override(s, "safety", "read-only", "yes", &error));
	g_assert_false(settings_override(s, "refresh", "parallel", "3", &error));
	g_clear_error(&error);
	g_assert_true(settings_override(s, "refresh", "parallel", "2", &error));
	g_assert_false(settings_save(s, "safety", "read-only", "false", &error));
	g_assert_error(error, ERR, ERR_REFUSED);
	g_assert_true(settings_bool(s, "safety", "read-only"));
}

/* A policy cannot take away somebody's wish to be careful. */
static void the_policy_only_tightens(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) s = NULL;

	start_afresh();
	put(policy, "[policy]\nread-only = false\n");
	put(own, "[safety]\nread-only = true\n");
	s = load();
	assert_quiet(s);
	g_assert_true(settings_bool(s, "safety", "read-only"));
	g_clear_pointer(&s, settings_free);
	remove(own);
	s = load();
	g_assert_false(settings_bool(s, "safety", "read-only"));
	g_assert_true(settings_override(s, "safety", "read-only", "true", &error));
	g_assert_no_error(error);
	g_assert_true(settings_bool(s, "safety", "read-only"));
}

static void assert_limits(const struct settings *s, const char *key, const char *want)
{
	struct settings_limit limits[SETTINGS_LIMITS];
	g_autoptr(GString) got = g_string_new(NULL);
	unsigned n = settings_limits(s, key, limits);

	for (unsigned i = 0; i < n; i++) {
		g_autofree char *list = g_strjoinv("|", (char **)limits[i].list);

		g_string_append_printf(got, "%s%s", i ? " & " : "", list);
	}
	g_assert_cmpstr(got->str, ==, want);
}

/* Both hold: what is configured beside a policy can take away and never add. */
static void limits_hold_together(void)
{
	static const struct {
		const char *policy, *own, *variable, *option, *want;
	} rows[] = {
		{ NULL, NULL, NULL, NULL, "" },
		{ NULL, "a, b", NULL, NULL, "a|b" },
		{ NULL, "a", "b", NULL, "b" },
		{ NULL, "a", "+, b", NULL, "a|b" },
		{ "a, b", NULL, NULL, NULL, "a|b" },
		{ "a, b", "a", NULL, NULL, "a|b & a" },
		{ "a, b", "a, c", NULL, NULL, "a|b & a|c" },
		{ "a, b", "a", "*", NULL, "a|b & *" },
		{ "a, b", "a", "b", "+, c", "a|b & b|c" },
		{ "a, b", NULL, NULL, "", "a|b & " },
		{ "a, b", NULL, NULL, "c", "a|b & c" },
		{ "+, a", "b", NULL, NULL, "a & b" },
		{ "", "b", NULL, NULL, " & b" },
	};
	static const char *const keys[] = { "hosts", "rungs", "skus", "regions", "plain-http" };

	for (size_t i = 0; i < G_N_ELEMENTS(rows) * G_N_ELEMENTS(keys); i++) {
		const char *key = keys[i / G_N_ELEMENTS(rows)];
		size_t row = i % G_N_ELEMENTS(rows);
		g_autofree char *upper = g_ascii_strup(key, -1);
		g_autofree char *variable = g_strconcat("CERTTY_SAFETY_", upper, NULL);
		g_autofree char *ours = g_strdup_printf("[%s]\n%s = %s\n", row & 1 ? "policy" :
							"safety", key, rows[row].policy);
		g_autofree char *theirs = g_strdup_printf("[safety]\n%s = %s\n", key,
							  rows[row].own);
		g_autoptr(settings) s = NULL;

		g_strdelimit(variable, "-", '_');
		start_afresh();
		if (rows[row].policy)
			put(policy, ours);
		if (rows[row].own)
			put(own, theirs);
		if (rows[row].variable)
			g_setenv(variable, rows[row].variable, TRUE);
		s = load();
		g_unsetenv(variable);
		assert_quiet(s);
		g_assert_true(!rows[row].option ||
			      settings_override(s, "safety", key, rows[row].option, NULL));
		assert_limits(s, key, rows[row].want);
	}
}

static void the_policy_is_told_apart(void)
{
	g_autoptr(settings) s = NULL;

	start_afresh();
	put(policy, "[policy]\nfour-eyes = approve\n[countersign]\nsigners = /etc/signers\n");
	put(own, "[safety]\nfour-eyes = revoke\n[countersign]\nsigners = /mine\nfolder = /f\n");
	s = load();
	assert_quiet(s);
	assert_limits(s, "four-eyes", "approve & revoke");
	g_assert_cmpstr(settings_text(s, "countersign", "signers"), ==, "/etc/signers");
	g_assert_true(settings_is_forced(s, "countersign", "signers"));
	g_assert_true(settings_is_forced(s, "safety", "four-eyes"));
	g_assert_false(settings_is_forced(s, "countersign", "folder"));
	g_assert_false(settings_is_forced(s, "countersign", "key"));
}

static void limits_say_who_forbids(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) s = NULL;

	start_afresh();
	put(policy, "[policy]\nrungs = keyring, file\nregions = eu-north-1\n"
		    "[safety]\nregions = +, eu-west-1\n");
	put(own, "[safety]\nrungs = file, command\nregions=eu-north-1\n");
	s = load();
	assert_quiet(s);
	g_assert_true(settings_allows(s, "rungs", "file", &error));
	g_assert_true(settings_allows(s, "skus", "anything", &error));
	g_assert_no_error(error);
	g_assert_false(settings_allows(s, "rungs", "command", &error));
	g_assert_error(error, ERR, ERR_REFUSED);
	g_assert_nonnull(strstr(error->message, "policy.conf:2) allows keyring, file"));
	g_clear_error(&error);
	g_assert_false(settings_allows(s, "rungs", "keyring", &error));
	g_assert_nonnull(strstr(error->message, "(certty.conf:2) allows file, command"));
	g_clear_error(&error);
	/* The later line of one policy is what it says; a "+" in it adds to nobody's list. */
	g_assert_false(settings_allows(s, "regions", "eu-north-1", NULL));
	g_assert_false(settings_allows(s, "regions", "EU-West-1", &error));
	g_assert_nonnull(strstr(error->message, "(certty.conf:3)"));
	/* A list of one's own may be saved: it loosens nothing. */
	g_assert_true(settings_save(s, "safety", "rungs", "keyring", NULL));
	g_clear_pointer(&s, settings_free);
	s = load();
	g_assert_true(settings_allows(s, "rungs", "keyring", NULL));
	g_assert_false(settings_allows(s, "rungs", "file", NULL));
	g_assert_false(settings_allows(s, "rungs", "command", NULL));
}

/* Whatever keeps the policy from being understood makes it the strictest. */
static void a_broken_policy_is_strict(void)
{
	static const char *const texts[] = {
		"[policy]\nread-only = treu\n", "[policy]\nread-onyl = true\n", "nonsense\n",
		"[keys]\nquit = Q\n",		"[policy]\nhosts = a\033b\n",	NULL,
	};

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(settings) s = NULL;

		start_afresh();
		if (texts[i])
			put(policy, texts[i]);
		else
			g_assert_cmpint(mkdir(policy, 0700), ==, 0);
		s = load();
		g_assert_true(settings_bool(s, "safety", "read-only"));
		g_assert_false(settings_override(s, "safety", "read-only", "false", &error));
		assert_warns(s, "nothing may be changed until it is mended");
	}
	start_afresh();
	{
		g_autoptr(settings) s = NULL;

		g_assert_cmpint(symlink("nowhere", policy), ==, 0);
		s = load();
		g_assert_true(settings_bool(s, "safety", "read-only"));
	}
}

static void assert_file(const char *text)
{
	g_autofree char *got = NULL;

	g_assert_true(g_file_get_contents(own, &got, NULL, NULL));
	g_assert_cmpstr(got, ==, text);
}

static void saves(void)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) s = NULL;
	struct stat st;

	start_afresh();
	s = load();
	g_assert_true(settings_save(s, "screen", "theme", "light", &error));
	g_assert_no_error(error);
	assert_file("[screen]\ntheme = light\n");
	g_assert_cmpint(stat(own, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0600);
	/* what is known stays as it was read: other threads may be looking at it */
	g_assert_cmpstr(settings_text(s, "screen", "theme"), ==, "default");

	put(own, "# mine\n\n[keys]\nquit = Q  # no comment\n\n# of the screen\n[screen]\n"
		 "  theme=mono\nnonsense\n\n# end\n");
	g_assert_cmpint(chmod(own, 0644), ==, 0);
	g_assert_true(settings_save(s, "screen", "theme", "dark", NULL));
	g_assert_true(settings_save(s, "screen", "color", "never", NULL));
	g_assert_true(settings_save(s, "keys", "find", " a\\b", NULL));
	g_assert_true(settings_save(s, "local", "folders", "/a; /b", NULL));
	assert_file("# mine\n\n[keys]\nquit = Q  # no comment\nfind = \\sa\\\\b\n\n"
		    "# of the screen\n[screen]\n"
		    "theme = dark\nnonsense\ncolor = never\n\n# end\n\n[local]\nfolders = /a; /b\n");
	g_assert_cmpint(stat(own, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0644);
	g_assert_true(settings_save(s, "screen", "theme", NULL, NULL));
	g_assert_true(settings_save(s, "screen", "mouse", NULL, NULL));
	assert_file("# mine\n\n[keys]\nquit = Q  # no comment\nfind = \\sa\\\\b\n\n"
		    "# of the screen\n[screen]\n"
		    "nonsense\ncolor = never\n\n# end\n\n[local]\nfolders = /a; /b\n");

	g_assert_false(settings_save(s, "screen", "color", "blue", &error));
	g_assert_error(error, ERR, ERR_USAGE);
	g_clear_error(&error);
	g_assert_false(settings_save(s, "screen", "nope", "x", &error));
	g_assert_error(error, ERR, ERR_USAGE);
	g_clear_error(&error);
	g_assert_false(settings_save(s, "keys", "quit", "a\nb", &error));
	g_assert_error(error, ERR, ERR_USAGE);
}

/* Several edits are one change: all or nothing. */
static void edits_groups(void)
{
	static const struct settings_edit add[] = {
		{ SETTINGS_ADD_GROUP, "account new", NULL, NULL },
		{ SETTINGS_SET, "account new", "provider", "vault" },
		{ SETTINGS_SET, "account new", "token", "keyring" },
	};
	static const struct settings_edit rename[] = {
		{ SETTINGS_RENAME_GROUP, "account new", NULL, "account other" },
	};
	static const struct settings_edit late[] = {
		{ SETTINGS_SET, "account other", "token", "file" },
		{ SETTINGS_ADD_GROUP, "account other", NULL, NULL },
	};
	static const struct settings_edit drop[] = {
		{ SETTINGS_DROP_GROUP, "account other", NULL, NULL },
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(settings) s = NULL, again = NULL;

	start_afresh();
	put(own, "# mine\n[account new2]\nprovider=x\n# about the screen\n[screen]\nbell=true\n");
	s = load();
	g_assert_false(settings_is_stale(s));
	g_assert_true(settings_may_edit(s, add, G_N_ELEMENTS(add), NULL));
	g_assert_true(settings_edit_file(own, add, G_N_ELEMENTS(add), NULL));
	g_assert_true(settings_is_stale(s));
	g_assert_false(settings_edit_file(own, add, G_N_ELEMENTS(add), &error));
	g_assert_error(error, ERR, ERR_EXISTS);
	g_clear_error(&error);
	g_assert_true(settings_edit_file(own, rename, 1, NULL));
	g_assert_false(settings_edit_file(own, rename, 1, &error));
	g_assert_error(error, ERR, ERR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_false(settings_edit_file(own, late, G_N_ELEMENTS(late), &error));
	g_assert_error(error, ERR, ERR_EXISTS);
	assert_file("# mine\n[account new2]\nprovider=x\n# about the screen\n[screen]\nbell=true\n"
		    "\n[account other]\nprovider = vault\ntoken = keyring\n");
	again = settings_load_again(s);
	g_assert_cmpstr(settings_raw(again, "account other", "token"), ==, "keyring");
	g_assert_cmpstr(settings_raw_origin(again, "account other", "token"), ==, "certty.conf:10");
	g_assert_true(settings_is_own(again, "account other"));
	g_assert_null(settings_raw_origin(again, "account other", "nope"));
	g_assert_true(settings_edit_file(own, drop, 1, NULL));
	g_assert_true(settings_edit_file(own, (const struct settings_edit[]){
		{ SETTINGS_DROP_GROUP, "account new2", NULL, NULL } }, 1, NULL));
	assert_file("# mine\n# about the screen\n[screen]\nbell=true\n\n");
}

/* Who changes it at the same moment waits, and nobody's change is lost. */
static void edits_take_turns(void)
{
	enum { CHILDREN = 8 };
	pid_t child[CHILDREN];
	g_autoptr(settings) s = NULL;

	start_afresh();
	for (int i = 0; i < CHILDREN; i++) {
		child[i] = fork();
		g_assert_cmpint(child[i], >=, 0);
		if (!child[i]) {
			g_autofree char *group = g_strdup_printf("account a%d", i);
			struct settings_edit edits[] = {
				{ SETTINGS_ADD_GROUP, group, NULL, NULL },
				{ SETTINGS_SET, group, "provider", "x" },
			};

			_exit(!settings_edit_file(own, edits, G_N_ELEMENTS(edits), NULL));
		}
	}
	for (int i = 0; i < CHILDREN; i++) {
		int status;

		g_assert_cmpint(waitpid(child[i], &status, 0), ==, child[i]);
		g_assert_cmpint(status, ==, 0);
	}
	s = load();
	g_assert_cmpuint(g_strv_length((char **)settings_groups(s, "account ")), ==, CHILDREN);
}

/* Of one account the policy says read-only; what it says else is a mistake and the strictest. */
static void forbids(void)
{
	g_autoptr(settings) s = NULL, odd = NULL;
	g_autofree char *where = g_strdup_printf("%s:2", policy);

	start_afresh();
	put(own, "[account aws:prod]\nread-only=false\n[account b]\nprovider=x\n");
	put(policy, "[account aws:prod]\nread-only=true\n[account b]\nread-only=false\n");
	s = load();
	assert_quiet(s);
	g_assert_cmpstr(settings_forbids(s, "account aws:prod"), ==, where);
	g_assert_null(settings_forbids(s, "account b"));
	g_assert_false(settings_bool(s, "safety", "read-only"));
	put(policy, "[account aws:prod]\nreadonly=true\n");
	odd = load();
	assert_warns(odd, ":2: unknown key readonly in [account aws:prod]");
	g_assert_true(settings_bool(odd, "safety", "read-only"));
}

static void guesses_the_nearest(void)
{
	static const char *const keys[] = { "region", "profile", NULL };
	g_autofree char *near = settings_nearest("regoin", keys);
	g_autofree char *far = settings_nearest("colour", keys);

	g_assert_cmpstr(near, ==, "; did you mean region?");
	g_assert_cmpstr(far, ==, "");
}

struct found {
	const char *group, *key;
	char *value;
};

static void note(void *data, const char *group, const char *key, const char *value,
		 unsigned line)
{
	struct found *f = data;

	if (strcmp(group, f->group) != 0 || strcmp(key, f->key) != 0)
		return;
	g_free(f->value);
	f->value = g_strdup(value);
}

static void ignore(void *data, unsigned line, const char *message)
{
}

/* Any text, any value: what was put in is read back, and other lines are still there. */
static void edits_come_back(void)
{
	static const char *const lines[] = { "[screen]",   "[a]",  "theme = x", "theme=y\r", "# c",
					     "",	   "junk", "[",		"\xff=1",    "b=2",
					     "  [screen] " };
	static const char *const values[] = { "v", "", "a b", "a\\b\\s", "x=y", "[screen]", "#" };

	for (int i = 0; i < 5000; i++) {
		g_autoptr(GString) text = g_string_new(NULL), edited = NULL, gone = NULL;
		const char *value = values[g_test_rand_int_range(0, G_N_ELEMENTS(values))];
		struct found f = { "screen", "theme", NULL };
		struct settings_reader to = { note, ignore, &f };

		for (int n = g_test_rand_int_range(0, 10); n > 0; n--)
			g_string_append_printf(text, "%s%s",
					       lines[g_test_rand_int_range(
						       0, G_N_ELEMENTS(lines))],
					       n > 1 || g_test_rand_bit() ? "\n" : "");
		edited = settings_file_edit(text->str, text->len, "screen", "theme", value);
		settings_file_read(edited->str, edited->len, &to);
		g_assert_cmpstr(f.value, ==, value);
		g_clear_pointer(&f.value, g_free);
		gone = settings_file_edit(edited->str, edited->len, "screen", "theme", NULL);
		settings_file_read(gone->str, gone->len, &to);
		g_assert_null(f.value);
		g_assert_cmpint(strstr(text->str, "junk") != NULL, ==,
				strstr(gone->str, "junk") != NULL);
	}
}

int main(int argc, char **argv)
{
	g_autofree char *config = NULL;
	int rc;

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("certty-settings-XXXXXX", NULL);
	site = g_build_filename(folder, "site.conf", NULL);
	policy = g_build_filename(folder, "policy.conf", NULL);
	g_setenv("XDG_CONFIG_HOME", folder, TRUE);
	config = file_config_folder();
	g_assert_true(file_make_folder(config, NULL));
	own = g_build_filename(config, "certty.conf", NULL);
	g_test_add_func("/base/settings/the-table-is-sound", the_table_is_sound);
	g_test_add_func("/base/settings/defaults", defaults);
	g_test_add_func("/base/settings/layers", layers);
	g_test_add_func("/base/settings/another-file", another_file);
	g_test_add_func("/base/settings/lists", lists);
	g_test_add_func("/base/settings/mistakes", mistakes);
	g_test_add_func("/base/settings/odd-files", odd_files);
	g_test_add_func("/base/settings/environment", environment);
	g_test_add_func("/base/settings/free-groups", free_groups);
	g_test_add_func("/base/settings/overrides-are-checked", overrides_are_checked);
	g_test_add_func("/base/settings/the-policy-wins", the_policy_wins);
	g_test_add_func("/base/settings/the-policy-only-tightens", the_policy_only_tightens);
	g_test_add_func("/base/settings/limits-hold-together", limits_hold_together);
	g_test_add_func("/base/settings/the-policy-is-told-apart", the_policy_is_told_apart);
	g_test_add_func("/base/settings/limits-say-who-forbids", limits_say_who_forbids);
	g_test_add_func("/base/settings/a-broken-policy-is-strict", a_broken_policy_is_strict);
	g_test_add_func("/base/settings/saves", saves);
	g_test_add_func("/base/settings/edits-groups", edits_groups);
	g_test_add_func("/base/settings/edits-take-turns", edits_take_turns);
	g_test_add_func("/base/settings/forbids", forbids);
	g_test_add_func("/base/settings/guesses-the-nearest", guesses_the_nearest);
	g_test_add_func("/base/settings/edits-come-back", edits_come_back);
	rc = g_test_run();
	start_afresh();
	rmdir(config);
	rmdir(folder);
	g_free(folder);
	g_free(site);
	g_free(policy);
	g_free(own);
	return rc;
}
