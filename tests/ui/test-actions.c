/*
 * The table of actions holds together: no key twice in one place, every name and verb once
 * told, the person's own keys obeyed and their mistakes said.
 */
#include <locale.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include <certty/ui/ui.h>

#include "ui/act.h"
#include "ui/keymap.h"

static void test_no_key_twice(void)
{
	g_auto(GStrv) problems = ui_check_keys(NULL);

	for (char **p = problems; *p; p++)
		g_test_message("%s", *p);
	g_assert_null(problems[0]);
}

static void test_names_once(void)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);

	for (size_t i = 0; i < action_count; i++) {
		g_assert_true(g_hash_table_add(names, (char *)action_table[i].name));
		g_assert_nonnull(action_table[i].act);
		g_assert_cmpuint(strlen(action_table[i].sentence), >, 1);
		g_assert_false(g_str_has_suffix(action_table[i].sentence, "."));
	}
}

/* Every verb can be reached from the screen, and every action with an effect has one. */
static void test_every_verb(void)
{
	for (int v = 0; v < VERB_COUNT; v++) {
		g_test_message("%s", verb_table[v].name);
		g_assert_nonnull(action_of_verb((enum verb_id)v));
	}
	for (size_t i = 0; i < action_count; i++)
		if (action_table[i].act == act_verb)
			g_assert_cmpint(action_table[i].verb, !=, NO_VERB);
}

/* Keys of the conventions, where they are meant to work. */
static void test_known_keys(void)
{
	static const struct {
		const char *key, *action;
		unsigned place;
	} known[] = {
		{ "j", "down", ON(KIND_CERTS) },      { "Down", "down", IN_TEXT },
		{ "C-d", "half-down", ON(KIND_JOBS) }, { "G", "last", IN_PANE },
		{ "Space", "mark", ON(KIND_STORES) }, { "a", "approve", ON(KIND_REQUESTS) },
		{ "a", "accept", ON(KIND_DISCOVERY) }, { "X", "remove", ON(KIND_CERTS) },
		{ "X", "drop", ON(KIND_STORES) },     { "F5", "refresh", ON(KIND_CERTS) },
		{ "C-c", "cancel", IN_LINE },         { "?", "help", IN_REVIEW },
		{ "F10", "quit", IN_MENU },	      { "q", "leave", ON(KIND_DOMAINS) },
	};
	struct keymap *k = keymap_new(NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		const struct action *a;
		uint32_t key;

		g_assert_true(key_parse(known[i].key, -1, &key, NULL));
		a = keymap_find(k, known[i].place, key);
		g_assert_nonnull(a);
		g_assert_cmpstr(a->name, ==, known[i].action);
	}
	keymap_free(k);
}

/* Nothing that destroys hangs on a Ctrl key, and typing lines keep their letters. */
static void test_safe_keys(void)
{
	struct keymap *k = keymap_new(NULL);

	for (uint32_t c = 'a'; c <= 'z'; c++)
		for (unsigned place = 1; place <= IN_LINE; place <<= 1) {
			const struct action *a = keymap_find(k, place, c | K_CTRL);

			g_assert_true(!a || a->verb == NO_VERB || a->verb == VERB_REFRESH);
		}
	for (uint32_t c = ' '; c < 127; c++)
		g_assert_null(keymap_find(k, IN_LINE, c));
	keymap_free(k);
}

static struct settings *settings_from(const char *text)
{
	g_autofree char *path = NULL;
	struct settings *s;
	int fd = g_file_open_tmp("certty-XXXXXX.conf", &path, NULL);

	g_assert_cmpint(fd, >=, 0);
	g_close(fd, NULL);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	s = settings_load(path);
	g_unlink(path);
	return s;
}

static void test_users_keys(void)
{
	struct settings *s = settings_from("[keys]\nquit=Q\nmark=x\nnotify=\nfly=z\nhelp=Fnord\n");
	struct keymap *k = keymap_new(s);
	const char *const *problems = keymap_problems(k);
	g_autoptr(GString) said = g_string_new(NULL);

	g_assert_cmpstr(keymap_find(k, ON(KIND_CERTS), 'Q')->name, ==, "quit");
	g_assert_null(keymap_find(k, ON(KIND_CERTS), K_F(10)));
	/* x was export's on Certificates and save's on Objects: the person's wish wins and that is said. */
	g_assert_cmpstr(keymap_find(k, ON(KIND_CERTS), 'x')->name, ==, "mark");
	g_assert_cmpuint(g_strv_length((char **)problems), ==, 4);
	for (const char *const *p = problems; *p; p++)
		g_string_append_printf(said, "%s\n", *p);
	g_assert_nonnull(strstr(said->str, "fly"));
	g_assert_nonnull(strstr(said->str, "Fnord"));
	g_assert_nonnull(strstr(said->str, "export"));
	g_assert_nonnull(strstr(said->str, "object-save"));
	keymap_free(k);
	settings_free(s);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ui/actions/no-key-twice", test_no_key_twice);
	g_test_add_func("/ui/actions/names-once", test_names_once);
	g_test_add_func("/ui/actions/every-verb", test_every_verb);
	g_test_add_func("/ui/actions/known-keys", test_known_keys);
	g_test_add_func("/ui/actions/safe-keys", test_safe_keys);
	g_test_add_func("/ui/actions/users-keys", test_users_keys);
	return g_test_run();
}
