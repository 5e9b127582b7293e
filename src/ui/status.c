/*
 * status: the lines round the body.
 *
 * Nothing here changes by itself: ages are said as the time of day, so an idle screen stays
 * true without being drawn again.
 */
#include "status.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/job.h>
#include <certty/model/request.h>
#include <certty/model/store.h>

#include "screen.h"
#include "sign.h"
#include "term.h"

/* ---- tabs ---- */

/* How much is said, from all to the least, until it fits. */
enum tab_form { TABS_ALL, TABS_NO_NAME, TABS_TIGHT, TABS_SHORT, TABS_ONE_COUNT, TABS_NARROW, TABS_NUMBERS };

#define PROGRAM_CELLS 9
#define NARROW 60		/* fewer columns hold but what matters most */

/* Of requests those are told that wait for somebody.  The first page has those before the others,
 * as far as it goes. */
static uint32_t count_waiting(const struct snapshot *snap)
{
	const struct items *all = snap->kind[KIND_REQUESTS];
	uint32_t n = 0;

	for (size_t i = 0; i < all->n; i++)
		n += request_is_waiting(all->item[i]);
	return snap->is_first_page && n == all->n ? snap->count[KIND_REQUESTS] : n;
}

static void say_tab(const struct screen *s, enum kind kind, enum tab_form form, GString *out)
{
	bool is_current = kind == s->current;
	const char *pad = form < TABS_TIGHT ? " " : "";

	g_string_append_printf(out, "%s%d", pad, (int)kind + 1);
	if (form < TABS_NUMBERS || is_current)
		g_string_append_printf(out, " %s", form < TABS_SHORT ? kind_title(kind) :
							      kind_short_title(kind));
	if (form < TABS_ONE_COUNT || is_current) {
		g_string_append_c(out, ' ');
		text_count(out, kind == KIND_REQUESTS ? count_waiting(s->snap) :
							s->snap->count[kind]);
	}
	if (s->tab[kind].has_news)
		g_string_append(out, sign_text(SIGN_news));
	g_string_append(out, pad);
}

static int gap_of(enum tab_form form)
{
	return form == TABS_NO_NAME ? 0 : form < TABS_ONE_COUNT || form == TABS_NARROW ? 1 : 2;
}

/* A kind without a place of its own, as it stands at the end while it is shown. */
static char *say_other(const struct screen *s)
{
	return g_strdup_printf("%d %s", (int)s->current + 1, kind_title(s->current));
}

static int other_width(const struct screen *s)
{
	g_autofree char *text = say_other(s);

	return text_width(text, -1);
}

static int tabs_width(const struct screen *s, enum tab_form form)
{
	g_autoptr(GString) text = g_string_new(NULL);
	int width = form == TABS_ALL ? PROGRAM_CELLS : 0;

	for (int kind = 0; kind < TABS_SHOWN; kind++) {
		g_string_truncate(text, 0);
		say_tab(s, (enum kind)kind, form, text);
		width += text_width(text->str, -1) + gap_of(form);
	}
	return s->current < TABS_SHOWN ? width - gap_of(form) :
	       width + other_width(s);
}

static void draw_other_tab(const struct screen *s, struct rect line, int x)
{
	g_autofree char *text = say_other(s);
	int cells = MIN(text_width(text, -1), line.x + line.cols - x);

	if (s->current >= TABS_SHOWN && cells > 0)
		term_text(line.y, x, cells, ROLE_tab_current, text);
}

void status_draw_tabs(struct screen *s, struct rect line)
{
	g_autoptr(GString) text = g_string_new(NULL);
	enum tab_form form = TABS_ALL;
	int x = line.x;

	while (form < TABS_NUMBERS && tabs_width(s, form) > line.cols)
		form++;
	if (form == TABS_ALL) {
		term_text(line.y, x, PROGRAM_CELLS, ROLE_title, "certty");
		x += PROGRAM_CELLS;
	}
	for (int kind = 0; kind < TABS_SHOWN; kind++) {
		enum role role = kind == (int)s->current ? ROLE_tab_current :
				 s->tab[kind].has_news ? ROLE_tab_news : ROLE_tab;
		int cells;

		g_string_truncate(text, 0);
		say_tab(s, (enum kind)kind, form, text);
		cells = MAX(0, MIN(text_width(text->str, -1), line.x + line.cols - x));
		s->tab_x[kind] = x;
		if (cells > 0)
			term_text(line.y, x, cells, role, text->str);
		x += cells + gap_of(form);
		if ((form == TABS_TIGHT || form == TABS_SHORT) && kind + 1 < TABS_SHOWN)
			term_text(line.y, x - 1, 1, ROLE_rule, sign_text(SIGN_rule_down));
	}
	s->tab_x[TABS_SHOWN] = x;
	draw_other_tab(s, line, x);
}

/* ---- status ---- */

static void add_part(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add_part(GString *out, const char *format, ...)
{
	va_list args;

	if (out->len)
		g_string_append_printf(out, " %s ", sign_text(SIGN_dot));
	va_start(args, format);
	g_string_append_vprintf(out, format, args);
	va_end(args);
}

/* From how many stores they are, of how many that there are, in the same part of the line. */
static void say_sources(const struct screen *s, GString *out)
{
	const struct items *stores = s->snap->kind[KIND_STORES];
	size_t read = 0;

	for (size_t i = 0; i < stores->n; i++)
		read += ((const struct store *)stores->item[i])->seen != 0;
	g_string_append_printf(out, " from %zu", read);
	if (read != stores->n)
		g_string_append_printf(out, " of %zu", stores->n);
	g_string_append(out, stores->n == 1 ? " store" : " stores");
}

/* Stores of which the last reading left something out. */
static unsigned count_partly(const struct snapshot *snap)
{
	const struct items *stores = snap->kind[KIND_STORES];
	unsigned n = 0;

	for (size_t i = 0; i < stores->n; i++)
		n += ((const struct store *)stores->item[i])->state == STORE_PARTLY;
	return n;
}

static void say_counts(struct screen *s, GString *out)
{
	const struct tab *t = screen_tab(s);
	const struct list *l = screen_list(s);
	g_autoptr(GString) shown = g_string_new(NULL), all = g_string_new(NULL);
	uint32_t total = s->snap->count[s->current];

	if (!s->is_loaded && !s->snap->is_first_page)
		return;
	text_count(all, total);
	text_count(shown, *t->filter ? l->n : total);
	if (s->crumbs->len) {
		const struct crumb *c = s->crumbs->pdata[s->crumbs->len - 1];

		add_part(out, "%s %s %s", kind_title(c->kind), sign_text(SIGN_then), c->title);
	} else if (*t->filter && !(s->top && s->top->type->place == IN_LINE)) {
		add_part(out, "/%s", t->filter);
	}
	add_part(out, "%s shown of %s", shown->str, all->str);
	if (s->current == KIND_DOMAINS && s->snap->domains_left_out) {
		g_autoptr(GString) left = g_string_new(NULL);

		text_count(left, s->snap->domains_left_out);
		add_part(out, "at most %s more left out", left->str);
	}
	if (l->n_marked_hidden)
		add_part(out, "%u marked, %u of them hidden", l->n_marked, l->n_marked_hidden);
	else if (l->n_marked)
		add_part(out, "%u marked", l->n_marked);
	if (l->anchor != CERTS_NONE)
		add_part(out, "range of %u", (l->at > l->anchor ? l->at - l->anchor :
						l->anchor - l->at) + 1);
}

/* By name, as far as the line goes; a first page has no stores yet. */
static void say_failed(const struct snapshot *snap, GString *out)
{
	const struct items *stores = snap->kind[KIND_STORES];
	bool is_one = snap->stores_failed == 1;
	unsigned n = 0;

	if (!snap->stores_failed)
		return;
	if (!is_one || !stores->n)
		add_part(out, "%u store%s failed", snap->stores_failed, is_one ? "" : "s");
	for (size_t i = 0; i < stores->n; i++) {
		const struct store *st = stores->item[i];

		if (st->state != STORE_FAILED)
			continue;
		if (is_one)
			add_part(out, "%s failed", st->title);
		else
			g_string_append_printf(out, "%s %s", n++ ? "," : ":", st->title);
	}
}

/* How long the longest takes; below a minute it is no news. */
static void say_reading(const struct screen *s, GString *out)
{
	const struct items *jobs = s->snap->kind[KIND_JOBS];
	unsigned n = s->snap->stores_reading;
	g_autoptr(GString) span = g_string_new(NULL);
	int64_t left = -1;

	if (!n)
		return;
	for (size_t i = 0; i < jobs->n; i++) {
		const struct job *j = jobs->item[i];

		if (!strcmp(j->verb, "refresh"))
			left = MAX(left, job_seconds_left(j, s->now));
	}
	if (left >= CLOCK_MINUTE) {
		clock_say_span(span, left);
		g_string_append(span, " left");
	}
	add_part(out, "reading %u store%s%s%s", n, n == 1 ? "" : "s", span->len ? ", " : "", span->str);
}

/* Where there is little room, what is wrong goes before how old the rest is. */
static void say_state(struct screen *s, GString *out, bool is_narrow)
{
	const struct snapshot *snap = s->snap;
	unsigned partly = count_partly(snap);

	if (is_narrow)
		say_failed(snap, out);
	if (snap->oldest) {
		g_autoptr(GString) when = g_string_new(NULL);

		clock_say_as_of(when, s->now, snap->oldest);
		add_part(out, "data as of %s", when->str);
		if (s->current == KIND_CERTS && s->is_loaded)
			say_sources(s, out);
	}
	if (!s->is_loaded)
		add_part(out, "loading the saved state");
	if (snap->is_offline)
		add_part(out, "offline: nobody is asked");
	say_reading(s, out);
	if (!is_narrow)
		say_failed(snap, out);
	if (partly)
		add_part(out, "%u in part", partly);
	if (snap->saying)
		add_part(out, "%s", snap->saying);
}

/* At the right edge, where only digits change. */
static int draw_place(struct screen *s, struct rect line)
{
	const struct list *l = screen_list(s);
	g_autoptr(GString) text = g_string_new(NULL);
	int cells;

	if (s->is_read_only)
		g_string_append(text, " read-only ");
	if (l->n && line.cols >= NARROW) {
		g_string_append_c(text, ' ');
		text_count(text, l->at + 1);
	}
	cells = text_width(text->str, -1);
	if (!cells || cells >= line.cols)
		return 0;
	term_text(line.y, line.x + line.cols - cells, cells,
		  s->is_read_only ? ROLE_notice : ROLE_dim, text->str);
	return cells;
}

void status_draw_status(struct screen *s, struct rect line)
{
	g_autoptr(GString) text = g_string_new(NULL), fit = g_string_new(NULL);
	enum role role = ROLE_status;

	if (s->notice.text) {
		role = s->notice.role;
		g_string_append(text, s->notice.text);
	} else {
		line.cols -= draw_place(s, line);
		if (!s->top || !s->top->type->covers)
			say_counts(s, text);
		say_state(s, text, line.cols < NARROW);
	}
	text_fit(fit, text->str, line.cols, ALIGN_LEFT);
	if (s->notice.text)	/* no coloured line: only as long as its words */
		term_text(line.y, line.x, MIN(text_width(text->str, -1), line.cols), role,
			  fit->str);
	else
		term_text(line.y, line.x, line.cols, role, fit->str);
}

/* ---- hints ---- */

static int draw_hint(struct rect *line, const char *key, const char *word, bool can)
{
	int keys = text_width(key, -1), cells = keys + 1 + text_width(word, -1);

	if (cells > line->cols)
		return 0;
	term_text(line->y, line->x, keys, can ? ROLE_hint_key : ROLE_dim, key);
	term_text(line->y, line->x + keys + 1, cells - keys - 1, ROLE_hint, word);
	rect_cut_left(line, cells + 2);
	return cells;
}

static void draw_layer_hints(const char *hints, struct rect line)
{
	g_auto(GStrv) words = g_strsplit(hints, "\t", -1);

	for (size_t i = 0; words[i] && words[i + 1]; i += 2)
		if (!draw_hint(&line, words[i], words[i + 1], true))
			return;
}

static bool is_hinted(const struct action *a, const struct screen *s)
{
	return action_is_here(a, s) && (!a->hinted || a->hinted & ON(s->current));
}

static void draw_action_hint(struct screen *s, const struct action *a, struct rect *line)
{
	g_autoptr(GString) key = g_string_new(NULL);
	g_autofree char *why = NULL;

	if (!a->hint || !is_hinted(a, s) ||
	    !keymap_say_first(s->keymap, a, key))
		return;
	why = action_why_not(a, s, ACTION_GLANCE);
	if (why && (a->needs & NEED_FITS))
		return;
	draw_hint(line, key->str, a->hint, !why);
}

/* Help has its place at the right end, however many others there are. */
static void draw_action_hints(struct screen *s, struct rect line)
{
	const struct action *help = action_find("help");
	g_autoptr(GString) key = g_string_new(NULL);
	struct rect right;

	if (keymap_say_first(s->keymap, help, key)) {
		right = rect_cut_right(&line, text_width(key->str, -1) + 1 +
						      text_width(help->hint, -1));
		draw_action_hint(s, help, &right);
		rect_cut_right(&line, 2);
	}
	for (size_t i = 0; i < action_count; i++)
		if (&action_table[i] != help)
			draw_action_hint(s, &action_table[i], &line);
}

void status_draw_hints(struct screen *s, struct rect line)
{
	if (s->top && s->top->type->hints)
		draw_layer_hints(s->top->type->hints, line);
	else
		draw_action_hints(s, line);
}

/* ---- nothing there ---- */

static bool comes_from_stores(enum kind kind)
{
	return kind == KIND_CERTS || kind == KIND_REQUESTS || kind == KIND_DOMAINS || kind == KIND_OBJECTS;
}

static char *why_empty(struct screen *s, const char **ret_next)
{
	const struct tab *t = screen_tab(s);
	const struct snapshot *snap = s->snap;
	uint32_t total = snap->count[s->current];

	*ret_next = NULL;
	if (!s->is_loaded && (!snap->is_first_page || total)) {
		*ret_next = "The rows appear as soon as they are read.";
		return g_strdup("The saved state is being loaded.");
	}
	if (*t->filter && total) {
		*ret_next = "Esc shows all of them again, / asks for something else.";
		return g_strdup_printf("No row of %s matches this filter.",
				       kind_title(s->current));
	}
	if (snap->stores_reading && comes_from_stores(s->current)) {
		*ret_next = "Rows appear as stores are read; the Jobs tab shows how far it is.";
		return g_strdup_printf("Reading %u store%s.", snap->stores_reading,
				       snap->stores_reading == 1 ? "" : "s");
	}
	if (snap->stores_failed && comes_from_stores(s->current)) {
		*ret_next = "The Stores tab says why; F5 there tries again.";
		return g_strdup_printf("%u store%s could not be read.", snap->stores_failed,
				       snap->stores_failed == 1 ? "" : "s");
	}
	if (snap->is_offline) {
		*ret_next = "Start certty without --offline to look.";
		return g_strdup("Offline: the saved state has none.");
	}
	return g_strdup(t->view->empty);
}

void status_draw_empty(struct screen *s, struct rect body)
{
	const char *next;
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	struct rect line;

	if (screen_list(s)->n)
		return;
	text = why_empty(s, &next);
	rect_cut_top(&body, body.rows > 8 ? 2 : 0);
	rect_cut_left(&body, 2);
	lines = text_wrap(text, MAX(MIN(body.cols, 72), 1));
	for (char **l = lines; *l && body.rows > 0; l++) {
		line = rect_cut_top(&body, 1);
		term_text(line.y, line.x, line.cols, ROLE_text, *l);
	}
	line = rect_cut_top(&body, 1);
	if (next && !rect_is_empty(&line))
		term_text(line.y, line.x, line.cols, ROLE_dim, next);
}
