/* A screen test as a text: what play.h says. */
#include "play.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/plan.h>
#include <certty/model/store.h>
#include <certty/model/twin.h>
#include <certty/model/why.h>

#include "../view/fixture.h"
#include "providers.h"
#include "ui/screen.h"
#include "ui/term.h"
#include "ui/term_grid.h"

#define AS_TYPED_MOST 1000
#define DRY_NUMBERS 1000000	/* so that jobs count from 1 */

struct play {
	const char *name;
	bool is_update;
	guint line;		/* for messages */
	GString *out;
	struct intern *words;
	struct screen *screen;
	GString *submitted;
	uint64_t commands, plans;
	struct detail *plan;	/* that was asked for and not told yet */
	bool is_late;		/* nor will be */
	char *warning;		/* of plans, or NULL */
	char *tab;
	char *never;
	int64_t now;
	unsigned done;		/* reactions of the last order */
};

G_GNUC_PRINTF(2, 3)
static void fail(const struct play *p, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_error("%s:%u: %s", p->name, p->line, text);
}

/* ---- the engine that is not there ---- */

/* A plan as an engine would make it comes with the next turn. */
static uint64_t submit_dry(struct play *p, struct command *c)
{
	uint64_t number = DRY_NUMBERS + ++p->plans;
	g_autoptr(plan) plan = plan_new(c->verb);
	g_autofree char *id = plan_id(number);

	for (guint i = 0; i < c->targets->len; i++)
		plan_target(plan, "%s", (char *)c->targets->pdata[i]);
	plan_call(plan, PLAN_ASKS, "test:Look", "the test", NULL);
	plan_call(plan, PLAN_CHANGES, "test:Change", "the test", c->verb->name);
	if (p->warning)
		plan_warn(plan, "%s", p->warning);
	plan_not(plan, "nothing else is touched");
	plan_run(plan, "test change");
	plan_word(plan, c->verb->name);
	g_clear_pointer(&p->plan, detail_unref);
	p->plan = plan_detail(plan, id);
	command_free(c);
	return number;
}

static uint64_t submit(void *who, struct command *c)
{
	struct play *p = who;

	if (c->is_dry)
		return submit_dry(p, c);
	twin_say(p->submitted, c);
	g_string_append_c(p->submitted, '\n');
	command_free(c);
	return ++p->commands;
}

static const struct provider_info *const *providers(void *who)
{
	(void)who;
	return test_providers;
}

static void give_back(void *who, struct snapshot *s)
{
	snapshot_unref(s);
}

static void check_terminal(struct checkup *page)
{
	checkup_add(page, CHECKUP_NOTE, "terminal", NULL, "use a real one", "none but the test's");
}

static void open_screen(struct play *p, struct snapshot *first)
{
	struct ui_config config = {
		.engine = { .submit = submit, .give_back = give_back,
			    .providers = providers, .why_not = test_why_not, .fd = -1, .who = p },
		.first_page = first,
		.check_terminal = check_terminal,
		.tab = p->tab,
	};

	if (!p->screen)
		p->screen = screen_new(&config);
}

static void look_for_secret(const struct play *p)
{
	g_autofree char *shown = p->never ? term_grid_text() : NULL;

	if (shown && strstr(shown, p->never))
		fail(p, "the screen shows %s:\n%s", p->never, shown);
}

static void read_all(struct play *p)
{
	struct input in;

	open_screen(p, NULL);
	p->done = UI_NONE;
	for (term_read(&in); in.kind != INPUT_NONE; term_read(&in))
		p->done |= screen_input(p->screen, &in);
	if (p->plan && !p->is_late)
		screen_take(p->screen, fixture_with_detail(p->screen->snap,
							   g_steal_pointer(&p->plan)));
	screen_settle(p->screen);
	screen_draw(p->screen);
	look_for_secret(p);
}

/* ---- orders ---- */

typedef void play_fn(struct play *p, const char *rest);

static void do_size(struct play *p, const char *rest)
{
	int cols, rows;

	if (sscanf(rest, "%dx%d", &cols, &rows) != 2)
		fail(p, "size 80x24");
	term_grid_resize(rows, cols);
	if (p->screen)
		read_all(p);
}

static void do_now(struct play *p, const char *rest)
{
	if (!clock_read_date(rest, &p->now))
		fail(p, "no such time");
	clock_set(p->now);
}

static void do_ascii(struct play *p, const char *rest)
{
	text_set_ascii(true);
}

static void do_tab(struct play *p, const char *rest)
{
	p->tab = g_strdup(rest);
}

static struct snapshot *fixture(struct play *p, const char *name)
{
	struct snapshot *s = fixture_snapshot(name, p->now, p->words);

	if (!s)
		fail(p, "there is no snapshot %s", name);
	return s;
}

static void do_first(struct play *p, const char *rest)
{
	const struct view *v = view_table[KIND_CERTS];
	struct snapshot *s = fixture(p, rest);
	struct frame f = { .snap = s, .now = p->now };
	struct first_rows rows[KIND_COUNT] = { 0 };
	g_autofree uint32_t *certs = g_new(uint32_t, s->certs->n + 1);
	g_autoptr(query) all = query_parse("", NULL);
	g_autoptr(GBytes) page = NULL;

	rows[KIND_CERTS].row = certs;
	rows[KIND_CERTS].n = view_select(v, &f, all, v->default_order, v->default_descending,
					 NULL, NULL, certs);
	page = snapshot_pack_first_page(s, rows);
	snapshot_unref(s);
	s = snapshot_unpack_first_page(page, p->words, NULL);
	g_assert_nonnull(s);
	open_screen(p, s);
	read_all(p);
}

static void do_snapshot(struct play *p, const char *rest)
{
	open_screen(p, NULL);
	screen_take(p->screen, fixture(p, rest));
	read_all(p);
}

static void do_keys(struct play *p, const char *rest)
{
	term_grid_feed_keys(rest);
	read_all(p);
}

static void do_type(struct play *p, const char *rest)
{
	for (const char *c = rest; *c; c = g_utf8_next_char(c)) {
		struct input in = { .kind = INPUT_KEY, .key = g_utf8_get_char(c) };

		p->done = screen_input(p->screen, &in);
	}
	read_all(p);
}

static void do_paste(struct play *p, const char *rest)
{
	g_autofree char *text = g_strcompress(rest);

	term_grid_feed_paste(text, strlen(text));
	read_all(p);
}

static void do_click(struct play *p, const char *rest)
{
	int y, x;

	if (sscanf(rest, "%d %d", &y, &x) != 2)
		fail(p, "click LINE COLUMN");
	term_grid_feed_click(y, x);
	read_all(p);
}

/* How the job of a command ends, by the word that says so. */
static const struct end {
	const char *word;
	enum job_state state;
	enum err code;
	enum want wants;
} ends[] = {
	{ "done", JOB_DONE, ERR_FAILED, WANT_NOTHING },
	{ "failed", JOB_FAILED, ERR_IO, WANT_NOTHING },
	{ "wrong", JOB_FAILED, ERR_PASSPHRASE, WANT_NOTHING },
	{ "locked", JOB_FAILED, ERR_PASSPHRASE, WANT_NOTHING },
	{ "running", JOB_RUNNING, ERR_FAILED, WANT_NOTHING },
	{ "keyring", JOB_FAILED, ERR_SIGN_IN, WANT_KEYRING },
	{ "file", JOB_FAILED, ERR_SIGN_IN, WANT_FILE },
	{ "secret", JOB_FAILED, ERR_SIGN_IN, WANT_SECRET },
	{ "code", JOB_FAILED, ERR_SIGN_IN, WANT_CODE },
	{ "again", JOB_FAILED, ERR_SIGN_IN, WANT_SIGN_IN },
};

static const struct end *find_end(const struct play *p, const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
		if (!strcmp(ends[i].word, word))
			return &ends[i];
	fail(p, "no job ends as %s", word);
	return NULL;
}

static void do_job(struct play *p, const char *rest)
{
	unsigned number;
	char word[20], said[200] = "";
	const struct end *end;
	struct job *job;

	if (sscanf(rest, "%u %19s %199[^\n]", &number, word, said) < 2)
		fail(p, "job NUMBER done|failed|locked|… TEXT");
	end = find_end(p, word);
	job = job_new(number);
	job->verb = "refresh";
	store_set(&job->target, "");
	store_set(&job->said, said);
	job->state = end->state;
	job->code = end->code;
	job->wants = end->wants;
	if (!strcmp(word, "locked"))
		store_set(&job->store, "local/folder:/etc/ssl");
	if (end->wants != WANT_NOTHING)
		store_set(&job->account, "prod");
	job->ended = end->state == JOB_RUNNING ? 0 : p->now;
	screen_take(p->screen, fixture_with_job(p->screen->snap, job));
	read_all(p);
}

static void do_rung(struct play *p, const char *rest)
{
	static const char *const words[] = { "unasked", "open", "locked", "absent", "unusable",
					     "forbidden" };
	char place[20], word[20], said[200] = "";
	const char *none;
	enum rung rung;

	if (sscanf(rest, "%19s %19s %199[^\n]", place, word, said) < 2 ||
	    !rung_read(place, &rung, &none, NULL))
		fail(p, "rung PLACE STAND TEXT");
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (!strcmp(words[i], word))
			screen_take(p->screen,
				    fixture_with_rung(p->screen->snap, rung, (enum rung_stand)i,
						      *said ? said : NULL));
	read_all(p);
}

static void do_checked(struct play *p, const char *rest)
{
	char name[60], word[20], said[200] = "";
	g_autoptr(checkup) page = checkup_new();

	if (sscanf(rest, "%59s %19s %199[^\n]", name, word, said) != 3)
		fail(p, "checked NAME STATE TEXT");
	for (int i = 0; i < CHECKUP_STATE_COUNT; i++)
		if (!strcmp(checkup_state_word((enum checkup_state)i), word))
			checkup_add(page, (enum checkup_state)i, name, NULL, NULL, "%s", said);
	screen_take(p->screen, fixture_with_detail(p->screen->snap, checkup_detail(page)));
	read_all(p);
}

/* Findings for what an order was about; the worst of them is the culprit. */
static void do_stuck(struct play *p, const char *rest)
{
	g_auto(GStrv) words = g_strsplit(rest, "|", -1);
	guint n = g_strv_length(words);
	g_autoptr(why) page = n > 1 ? why_new(words[0], words[1]) : NULL;

	if (!page || n % 4 != 2)
		fail(p, "stuck ID|NAME|STATE|CHECK|TEXT|EVIDENCE…");
	for (char **w = words + 2; *w; w += 4) {
		enum why_state state = WHY_FINE;
		struct why_finding *f;

		if (!why_state_read(w[0], &state))
			fail(p, "'%s' is no state of a finding", w[0]);
		f = why_add(page, state, w[1], words[1], "%s", w[2]);
		why_evidence(f, "%s", w[3]);
		if (state == WHY_WRONG)
			why_record(f, "_a1.shop.example.net", "CNAME", "_b2.acm-validations.aws.");
	}
	screen_take(p->screen, fixture_with_detail(p->screen->snap, why_detail(page)));
	read_all(p);
}

static void do_file(struct play *p, const char *rest)
{
	g_auto(GStrv) words = g_strsplit(rest, " ", 2);
	g_autofree char *path = g_build_filename(g_getenv("HOME"), words[0], NULL);
	g_autofree char *text = g_strcompress(words[1] ? words[1] : "");

	if (!g_file_set_contents(path, text, -1, NULL))
		fail(p, "%s cannot be written", path);
}

static void do_late(struct play *p, const char *rest)
{
	p->is_late = true;
}

static void do_warned(struct play *p, const char *rest)
{
	g_free(p->warning);
	p->warning = g_strdup(rest);
}

static void do_never(struct play *p, const char *rest)
{
	g_free(p->never);
	p->never = g_strdup(rest);
}

static void do_quits(struct play *p, const char *rest)
{
	if (!p->is_update && !(p->done & UI_QUIT))
		fail(p, "it does not quit");
}

static void do_nothing(struct play *p, const char *rest)
{
}

static const struct {
	const char *word;
	play_fn *run;
} orders[] = {
	{ "size", do_size },     { "now", do_now },   { "ascii", do_ascii },
	{ "tab", do_tab },       { "first", do_first }, { "snapshot", do_snapshot },
	{ "keys", do_keys },     { "type", do_type }, { "paste", do_paste },
	{ "click", do_click },   { "job", do_job },   { "rung", do_rung },
	{ "checked", do_checked }, { "stuck", do_stuck }, { "file", do_file }, { "never", do_never },
	{ "quits", do_quits },   { "colours", do_nothing }, { "late", do_late },
	{ "warned", do_warned },
};

/* ---- what is compared ---- */

static char *shown_screen(struct play *p, const char *rest)
{
	return term_grid_text();
}

static char *shown_roles(struct play *p, const char *rest)
{
	return term_grid_roles();
}

static char *shown_line(struct play *p, const char *rest)
{
	return term_grid_text_line(atoi(rest));
}

static char *shown_submitted(struct play *p, const char *rest)
{
	return g_strdup(p->submitted->str);
}

static char *shown_copied(struct play *p, const char *rest)
{
	return g_strdup(term_grid_copied() ? term_grid_copied() : "");
}

static char *shown_cursor(struct play *p, const char *rest)
{
	int y, x;

	term_grid_cursor(&y, &x);
	return g_strdup_printf("%d %d", y, x);
}

static const struct {
	const char *word;
	char *(*shown)(struct play *p, const char *rest);
} blocks[] = {
	{ "screen", shown_screen },	    { "roles", shown_roles },
	{ "line", shown_line },		    { "submitted", shown_submitted },
	{ "copied", shown_copied },	    { "cursor", shown_cursor },
};

/* Blank lines at the end and blanks at the ends of lines do not count. */
static char *tidy(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	guint n = g_strv_length(lines);

	for (guint i = 0; i < n; i++)
		g_strchomp(lines[i]);
	while (n && !*lines[n - 1])
		g_clear_pointer(&lines[--n], g_free);
	return g_strjoinv("\n", lines);
}

static void compare(struct play *p, size_t block, const char *rest, const char *expected)
{
	g_autofree char *shown = blocks[block].shown(p, rest);
	g_autofree char *is = tidy(shown), *want = tidy(expected);

	if (*is)
		g_string_append_printf(p->out, "%s\n", is);
	if (p->is_update || !strcmp(is, want))
		return;
	fail(p, "%s is\n%s\nand should be\n%s\n(refresh with: tests/ui/test-screens --update)",
	     blocks[block].word, is, want);
}

/* ---- reading ---- */

static bool run_order(struct play *p, const char *word, const char *rest)
{
	for (size_t i = 0; i < G_N_ELEMENTS(orders); i++)
		if (!strcmp(orders[i].word, word)) {
			orders[i].run(p, rest);
			return true;
		}
	return false;
}

static gssize find_block(const char *word)
{
	for (size_t i = 0; i < G_N_ELEMENTS(blocks); i++)
		if (!strcmp(blocks[i].word, word))
			return (gssize)i;
	return -1;
}

/* Reads up to "end" and returns how many lines that were. */
static guint read_block(struct play *p, size_t block, const char *rest, char **lines)
{
	g_autoptr(GString) expected = g_string_new(NULL);
	guint n = 0;

	while (lines[n] && strcmp(lines[n], "end"))
		g_string_append_printf(expected, "%s\n", lines[n++]);
	if (!lines[n])
		fail(p, "a block without its end");
	compare(p, block, rest, expected->str);
	g_string_append(p->out, "end\n");
	return n + 1;
}

static void play_lines(struct play *p, char **lines)
{
	for (guint i = 0; lines[i]; i++) {
		g_auto(GStrv) words = g_strsplit(lines[i], " ", 2);
		const char *rest = words[0] && words[1] ? words[1] : "";
		gssize block;

		p->line = i + 1;
		if (!lines[i + 1] && !*lines[i])
			break;
		g_string_append_printf(p->out, "%s\n", lines[i]);
		if (!*lines[i] || *lines[i] == '#')
			continue;
		block = find_block(words[0]);
		if (block >= 0)
			i += read_block(p, (size_t)block, rest, lines + i + 1);
		else if (!run_order(p, words[0], rest))
			fail(p, "there is no order %s", words[0]);
	}
}

char *play_run(const char *name, const char *text, bool update)
{
	struct term_options options = { .theme = theme_default() };
	struct play p = { .name = name, .is_update = update, .out = g_string_new(NULL) };
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	p.words = intern_new();
	p.submitted = g_string_new(NULL);
	text_set_ascii(false);
	term_grid_resize(24, 80);
	term_open(&options, NULL);
	play_lines(&p, lines);
	screen_free(p.screen);
	term_close();
	g_string_free(p.submitted, TRUE);
	g_free(p.tab);
	g_free(p.never);
	g_free(p.warning);
	detail_unref(p.plan);
	intern_free(p.words);
	clock_set(0);
	text_set_ascii(false);
	return g_string_free(p.out, FALSE);
}
