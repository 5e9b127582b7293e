/* A screen test as a text: what play.h says. */
#include "play.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/store.h>

#include "../view/fixture.h"
#include "ui/screen.h"
#include "ui/term.h"
#include "ui/term_grid.h"
#include "ui/twin.h"

#define AS_TYPED_MOST 1000

struct play {
	const char *name;
	bool is_update;
	guint line;		/* for messages */
	GString *out;
	struct intern *words;
	struct screen *screen;
	GString *submitted;
	uint64_t commands;
	char *tab;
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

static uint64_t submit(void *who, struct command *c)
{
	struct play *p = who;

	twin_say(p->submitted, c);
	g_string_append_c(p->submitted, '\n');
	command_free(c);
	return ++p->commands;
}

static void give_back(void *who, struct snapshot *s)
{
	snapshot_unref(s);
}

static void open_screen(struct play *p, struct snapshot *first)
{
	struct ui_config config = {
		.engine = { .submit = submit, .give_back = give_back, .fd = -1, .who = p },
		.first_page = first,
		.tab = p->tab,
	};

	if (!p->screen)
		p->screen = screen_new(&config);
}

static void read_all(struct play *p)
{
	struct input in;

	open_screen(p, NULL);
	p->done = UI_NONE;
	for (term_read(&in); in.kind != INPUT_NONE; term_read(&in))
		p->done |= screen_input(p->screen, &in);
	screen_settle(p->screen);
	screen_draw(p->screen);
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

static void do_job(struct play *p, const char *rest)
{
	unsigned number;
	char word[20], said[200] = "";
	struct job *job;

	if (sscanf(rest, "%u %19s %199[^\n]", &number, word, said) < 2)
		fail(p, "job NUMBER done|failed|locked TEXT");
	job = job_new(number);
	job->verb = "refresh";
	store_set(&job->target, "");
	store_set(&job->said, said);
	job->state = strcmp(word, "done") ? JOB_FAILED : JOB_DONE;
	job->code = strcmp(word, "locked") ? ERR_IO : ERR_PASSPHRASE;
	if (!strcmp(word, "locked"))
		store_set(&job->store, "local/folder:/etc/ssl");
	job->ended = p->now;
	screen_take(p->screen, fixture_with_job(p->screen->snap, job));
	read_all(p);
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
	{ "click", do_click },   { "job", do_job },
	{ "quits", do_quits },   { "colours", do_nothing },
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
	intern_free(p.words);
	clock_set(0);
	text_set_ascii(false);
	return g_string_free(p.out, FALSE);
}
