/*
 * Random keys, pastes, clicks, sizes and snapshots: nothing crashes, the cursor of every list
 * is always on a row, and what is not bound does nothing.
 */
#include <locale.h>
#include <string.h>

#include <glib.h>

#include <certty/base/clock.h>
#include <certty/model/account.h>
#include <certty/model/store.h>

#include "../view/fixture.h"
#include "providers.h"
#include "ui/action.h"
#include "ui/screen.h"
#include "ui/term.h"
#include "ui/term_grid.h"

#define STORM 100000
#define FIXTURES 10
#define NOW INT64_C(1795368060)

static struct intern *words;
static unsigned submitted;

static uint64_t submit(void *who, struct command *c)
{
	command_free(c);
	return ++submitted % 50 ? submitted : 0;	/* busy now and then */
}

static struct screen *open_screen(void)
{
	struct term_options options = { .theme = theme_default() };
	struct ui_config config = { .engine = { .submit = submit, .fd = -1 } };

	clock_set(NOW);
	words = intern_new();
	term_grid_resize(24, 80);
	term_open(&options, NULL);
	return screen_new(&config);
}

static void close_screen(struct screen *s)
{
	screen_free(s);
	term_close();
	intern_free(words);
	clock_set(0);
}

static void check_lists(const struct screen *s)
{
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		const struct list *l = &s->tab[kind].list;

		g_assert_true(l->n == 0 || l->at < l->n);
		g_assert_true(!l->rows || l->n == 0 || l->row == l->rows[l->at]);
		g_assert_cmpuint(l->n_marked, <=, l->n_bits);
		g_assert_cmpuint(l->n_marked_hidden, <=, l->n_marked);
	}
}

static uint32_t random_key(void)
{
	static const uint32_t special[] = {
		K_UP, K_DOWN, K_LEFT, K_RIGHT, K_HOME, K_END, K_PGUP, K_PGDN, K_INS, K_DEL, K_TAB,
		K_TAB | K_SHIFT, K_ENTER, K_ESC, K_BACKSPACE, K_F(1), K_F(5), K_F(10),
		K_LEFT | K_SHIFT, K_RIGHT | K_SHIFT, 0xe9, 0x65e5, 0x301,
	};
	int kind = g_test_rand_int_range(0, 10);

	if (kind < 6)
		return (uint32_t)g_test_rand_int_range(' ', 127);
	if (kind < 9)
		return special[g_test_rand_int_range(0, G_N_ELEMENTS(special))];
	return (uint32_t)g_test_rand_int_range('a', 'z' + 1) |
	       (g_test_rand_bit() ? K_CTRL : K_ALT);
}

static void other_things(struct screen *s, int i)
{
	static const char paste[] = "-----BEGIN X-----\nq\x1b[31m\xff\ty\n";
	struct input in = { .kind = INPUT_PASTE,
			    .paste = { .bytes = paste, .len = sizeof(paste) - 1 } };

	if (i % 97 == 0) {
		int n = g_test_rand_int_range(0, FIXTURES);

		screen_take(s, fixture_snapshot(fixture_names[n], NOW + i, words));
	}
	if (i % 61 == 0) {
		term_grid_resize(g_test_rand_int_range(1, 60), g_test_rand_int_range(1, 200));
		in.kind = INPUT_RESIZE;
		screen_input(s, &in);
	}
	if (i % 53 == 0)
		screen_input(s, &in);
	if (i % 47 == 0) {
		in = (struct input){ .kind = INPUT_MOUSE,
				     .mouse = { g_test_rand_int_range(0, 3),
						g_test_rand_int_range(0, 60),
						g_test_rand_int_range(0, 200) } };
		screen_input(s, &in);
	}
}

static void drain(void)
{
	struct input in;

	do
		term_read(&in);
	while (in.kind != INPUT_NONE);
}

static void test_storm(void)
{
	struct screen *s = open_screen();
	int n = g_test_quick() ? STORM / 10 : STORM;

	for (int i = 1; i <= n; i++) {
		struct input in = { .kind = INPUT_KEY, .key = random_key() };

		screen_input(s, &in);	/* that it wants to quit is nobody's business here */
		other_things(s, i);
		drain();
		if (i % 7 == 0) {
			screen_settle(s);
			screen_draw(s);
			check_lists(s);
		}
	}
	g_assert_cmpuint(submitted, >, 0);
	close_screen(s);
}

/* Keys without a binding leave the screen as it is. */
static void test_unbound(void)
{
	static const char *const unbound[] = { "é", "Z", "F7", "M-x", "Ins", "C-g", "%", "0" };
	struct screen *s = open_screen();
	g_autofree char *before = NULL;

	screen_take(s, fixture_snapshot("offline", NOW, words));
	screen_settle(s);
	screen_draw(s);
	before = term_grid_text();
	for (size_t i = 0; i < G_N_ELEMENTS(unbound); i++) {
		struct input in = { .kind = INPUT_KEY };
		g_autofree char *after = NULL;

		g_assert_true(key_parse(unbound[i], -1, &in.key, NULL));
		g_assert_null(keymap_find(s->keymap, screen_place(s), in.key));
		screen_input(s, &in);
		screen_settle(s);
		screen_draw(s);
		after = term_grid_text();
		g_assert_cmpstr(after, ==, before);
	}
	close_screen(s);
}

/* The cursor and the marks stay on their certificates when a snapshot brings others. */
static void test_carry(void)
{
	struct screen *s = open_screen();
	g_autoptr(GString) before = g_string_new(NULL), after = g_string_new(NULL);
	struct frame f;

	screen_take(s, fixture_snapshot("five-certs", NOW, words));
	for (const char *c = " j "; *c; c++) {
		struct input in = { .kind = INPUT_KEY, .key = (uint32_t)*c };

		screen_settle(s);
		screen_input(s, &in);
	}
	f = screen_frame(s);
	g_assert_true(tab_id(screen_tab(s), &f, before));
	g_assert_cmpuint(screen_list(s)->n_marked, ==, 2);
	screen_take(s, fixture_snapshot("working", NOW, words));
	screen_settle(s);
	f = screen_frame(s);
	g_assert_true(tab_id(screen_tab(s), &f, after));
	g_assert_cmpstr(before->str, ==, after->str);
	g_assert_cmpuint(screen_list(s)->n_marked, ==, 2);
	screen_take(s, fixture_snapshot("empty", NOW, words));
	screen_settle(s);
	g_assert_cmpuint(screen_list(s)->n_marked, ==, 0);
	close_screen(s);
}

/* ---- the wizard ---- */

#define CANARY "s3cr3t-c4nary"

static const struct provider_info *const *providers(void *who)
{
	(void)who;
	return test_providers;
}

static bool is_in_wizard(const struct screen *s)
{
	return s->top && !strcmp(s->top->type->title, "Account");
}

static void check_no_secret(void)
{
	g_autofree char *text = term_grid_text();

	g_assert_null(strstr(text, CANARY));
	g_assert_null(strstr(text, "s3cr3t"));
}

/* What an engine may answer to what was asked last. */
static struct snapshot *some_answer(const struct snapshot *s, uint64_t number)
{
	static const enum job_state states[] = { JOB_RUNNING, JOB_FAILED, JOB_FAILED, JOB_PARTLY,
						 JOB_DONE };
	struct job *job = job_new(number);

	job->verb = "account-add";
	job->state = states[g_test_rand_int_range(0, G_N_ELEMENTS(states))];
	job->code = ERR_SIGN_IN;
	job->wants = (enum want)g_test_rand_int_range(WANT_NOTHING, WANT_SIGN_IN + 1);
	store_set(&job->said, "something came back");
	store_set(&job->account, "prod");
	return fixture_with_job(s, job);
}

static void shake(struct screen *s, int i)
{
	static const char block[] = "key-id=AKIA1234\nsecret=" CANARY "\n";
	struct input in = { .kind = INPUT_PASTE,
			    .paste = { .bytes = block, .len = sizeof(block) - 1 } };

	if (!is_in_wizard(s))
		return;
	if (i % 5 == 0)
		screen_input(s, &in);
	if (i % 11 == 0)
		screen_take(s, some_answer(s->snap, submitted));
	if (i % 17 == 0)
		screen_take(s, fixture_with_rung(s->snap, g_test_rand_bit() ? RUNG_KEYRING : RUNG_FILE,
						 (enum rung_stand)g_test_rand_int_range(0, 6),
						 "as it stands"));
}

static void open_wizard(struct screen *s)
{
	while (s->top)
		layer_pop(s);
	screen_take(s, fixture_snapshot("accounts", NOW, words));
	screen_go(s, KIND_ACCOUNTS);
	list_go(screen_list(s), 4);
	action_do(action_find(g_test_rand_bit() ? "account-add" : g_test_rand_bit() ? "edit" :
								  "rotate"), s);
}

/* Whatever is pressed, no cell ever shows what was pasted as a secret. */
static void test_wizard(void)
{
	struct screen *s = open_screen();
	int n = g_test_quick() ? STORM / 10 : STORM;
	int seen = 0;

	s->engine.providers = providers;
	s->engine.why_not = test_why_not;
	for (int i = 1; i <= n; i++) {
		struct input in = { .kind = INPUT_KEY, .key = random_key() };

		if (!is_in_wizard(s) && i % 3 == 0)
			open_wizard(s);
		shake(s, i);
		seen += is_in_wizard(s);
		screen_input(s, &in);
		if (i % 61 == 0) {
			term_grid_resize(g_test_rand_int_range(1, 60),
					 g_test_rand_int_range(1, 200));
			in.kind = INPUT_RESIZE;
			screen_input(s, &in);
		}
		drain();
		screen_settle(s);
		screen_draw(s);
		check_no_secret();
	}
	g_assert_cmpint(seen, >, n / 4);
	close_screen(s);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ui/storm/keys", test_storm);
	g_test_add_func("/ui/storm/unbound", test_unbound);
	g_test_add_func("/ui/storm/carry", test_carry);
	g_test_add_func("/ui/storm/wizard", test_wizard);
	return g_test_run();
}
