/*
 * form: the questions of a verb.
 *
 * A row for each field: label, value, and below it the hint of the one with the cursor or what
 * is wrong with it.  The last row is the order itself.  A question that the others' answers make
 * pointless is left out, and what seldom matters is folded into one row.
 */
#include "form.h"

#include <string.h>

#include <certty/model/store.h>
#include <certty/model/verb.h>

#include "follow.h"
#include "form_own.h"
#include "give.h"
#include "pick.h"
#include "places.h"
#include "screen.h"
#include "term.h"

/* By the review or the question, of what was seen. */
static const char *const filled_by_review[] = { "digest", "accept", NULL };

static void free_form(struct layer *l)
{
	struct form *f = (struct form *)l;

	form_parts_done(f);
	for (size_t i = 0; i < f->n; i++)
		answer_done(&f->answers[i]);
	g_free(f->answers);
	g_free(f->tables);
	g_free(f->is_asked);
	command_free(f->command);
	g_free(f->why);
	g_free(f);
}

/* ---- answers ---- */

/* Stores are looked for among those that are known now; what is wrong with them or how they are
 * called is said at the answer. */
static char *read_stores(struct form *f, struct screen *s, struct answer *a)
{
	g_autoptr(GError) error = NULL;
	char *ids;

	g_clear_pointer(&a->said, g_free);
	if (!answer_is_store(a) || !*answer_value(a))
		return NULL;
	ids = places_read(s, f->command, a->field, answer_value(a), &error);
	if (ids)
		a->said = places_say(s, ids);
	else if (!a->wrong)
		a->wrong = g_strdup(error->message);
	return ids;
}

/* Whether it is one of those whom the command asks: of all that can be meant by an answer, only that one's
 * provider is. */
static bool is_meant(const struct form *f, size_t i)
{
	const struct command *c = f->command;

	return !c->verb->asks_by || f->tables[i] == c->verb->fields || f->tables[i] == c->more;
}

static bool is_row(const struct form *f, size_t i);
static void step(struct form *f, int by);

/* Which questions are asked, as the answers stand. */
static void settle(struct form *f, struct screen *s)
{
	const char *by = f->command->verb->asks_by;
	g_autoptr(args) now = args_new();

	for (size_t i = 0; i < f->n; i++) {
		struct answer *a = &f->answers[i];
		g_autofree char *ids = f->tables[i] ? read_stores(f, s, a) : NULL;

		if (!f->tables[i])
			continue;
		if (by && !strcmp(a->field->key, by))
			f->command->more = places_questions(s, f->command->verb, ids);
		if (a->field->kind != FIELD_SECRET && *answer_value(a))
			args_set(now, a->field->key, answer_value(a));
	}
	for (size_t i = 0; i < f->n; i++)
		f->is_asked[i] = f->tables[i] && is_meant(f, i) &&
				 field_is_asked(f->answers[i].field, f->tables[i], now);
	form_parts_settle(f, s, now);
	if (f->at < f->n && !is_row(f, f->at))	/* what it was about is gone */
		step(f, 1);
}

/* ---- rows ---- */

static bool is_seldom(const struct form *f, size_t i)
{
	return f->is_asked[i] && f->answers[i].field->is_seldom;
}

static unsigned count_seldom(const struct form *f, unsigned *ret_given)
{
	unsigned n = 0, given = 0;

	for (size_t i = 0; i < f->n; i++) {
		n += is_seldom(f, i);
		given += is_seldom(f, i) && answer_is_changed(&f->answers[i]);
	}
	if (ret_given)
		*ret_given = given;
	return n;
}

static bool is_row(const struct form *f, size_t i)
{
	if (i < f->n)
		return f->is_asked[i] && (f->is_unfolded || !is_seldom(f, i));
	return i > f->n || count_seldom(f, NULL);
}

static size_t count_rows(const struct form *f)
{
	size_t rows = 0;

	for (size_t i = 0; i <= f->n; i++)
		rows += is_row(f, i);
	return rows;
}

static bool check_all(struct form *f, struct screen *s)
{
	size_t bad = f->n;

	for (size_t i = f->n; i-- > 0;) {
		struct answer *a = &f->answers[i];
		g_autofree char *ids = NULL;

		if (!f->is_asked[i])
			continue;
		answer_check(a, true);
		ids = read_stores(f, s, a);
		if (a->wrong)
			bad = i;
	}
	if (bad == f->n)
		return true;
	f->is_unfolded |= is_seldom(f, bad);
	f->at = bad;
	return false;
}

static bool put_all(struct form *f, struct screen *s)
{
	for (size_t i = 0; i < f->n; i++) {
		struct answer *a = &f->answers[i];
		bool is_put = f->is_asked[i] && f->tables[i];
		g_autofree char *ids = is_put ? read_stores(f, s, a) : NULL;

		if (ids)
			args_set(f->command->args, a->field->key, ids);
		else if (is_put && !answer_put(a, f->command->args))
			return false;
	}
	return true;
}

/* What somebody else has changed meanwhile stays, where nothing was changed here. */
static void leave_unchanged_out(struct form *f)
{
	for (size_t i = 0; f->command->verb->edits && i < f->n; i++) {
		const char *key = f->tables[i] ? f->answers[i].field->key : NULL;

		if (!key)
			continue;
		if (!answer_is_changed(&f->answers[i]))
			args_set(f->command->args, key, NULL);
		else if (!answer_is_secret(&f->answers[i]) && !*answer_value(&f->answers[i]))
			args_set(f->command->args, key, VERB_NONE_WORD);
	}
}

static bool has_answers(const struct command *c)
{
	g_auto(GStrv) keys = args_keys(c->args), secrets = args_secret_keys(c->args);

	return *keys || *secrets;
}

static unsigned give(struct screen *s, struct form *f)
{
	g_autoptr(GError) error = NULL;
	struct command *c;
	bool is_put;

	if (!check_all(f, s))
		return UI_REDRAW;
	is_put = put_all(f, s);
	leave_unchanged_out(f);
	if (!is_put || !form_parts_put(f)) {
		screen_say_failure(s, "There is no protected memory left for that.");
		return UI_REDRAW;
	}
	if (!command_check(f->command, s->is_read_only, &error)) {
		screen_say_failure(s, "%s", error->message);
		return UI_REDRAW;
	}
	if (f->command->verb->edits && !has_answers(f->command)) {
		screen_say(s, ROLE_warn, "Nothing is changed yet.");
		return UI_REDRAW;
	}
	c = g_steal_pointer(&f->command);
	layer_pop(s);
	give_answered(s, c);
	return UI_REDRAW;
}

/* ---- keys ---- */

static void step(struct form *f, int by)
{
	size_t places = f->n + 2;

	do
		f->at = (f->at + places + (size_t)(by < 0 ? places - 1 : 1)) % places;
	while (!is_row(f, f->at));
}

static unsigned leave(struct screen *s, struct form *f)
{
	if (follow_is_remedy(f->command->verb))
		follow_give_up(s);
	layer_pop(s);
	screen_say(s, ROLE_status, "Nothing was done.");
	return UI_REDRAW;
}

/* A path, or a store's name, as far as it is the only one. */
static bool complete(struct form *f, struct screen *s)
{
	struct answer *a = &f->answers[f->at];
	g_autofree char *whole = answer_is_store(a) ?
		places_complete(s, f->command, a->field, answer_value(a)) : NULL;

	if (!answer_is_store(a))
		return answer_complete(a) || form_parts_complete(f, s);
	if (whole)
		answer_set(a, whole);
	if (whole)
		answer_check(a, false);
	return whole;
}

/* What was folded stands above the row that folds it again, and is gone to. */
static void fold(struct form *f)
{
	f->is_unfolded = !f->is_unfolded;
	for (size_t i = f->n; f->is_unfolded && i-- > 0;)
		if (is_seldom(f, i))
			f->at = i;
}

static unsigned input_key(struct form *f, struct screen *s, uint32_t key)
{
	bool is_order = f->at > f->n, is_more = f->at == f->n;

	if (key == K_ESC)
		return leave(s, f);
	if (is_more && (key == K_ENTER || key == ' '))
		fold(f);
	else if (key == K_ENTER && (is_order || count_rows(f) == 1))
		return give(s, f);
	else if (key == K_TAB && f->at < f->n && complete(f, s))
		return UI_REDRAW;
	else if (key == K_TAB || key == K_DOWN || key == K_ENTER)
		step(f, 1);
	else if (key == (K_TAB | K_SHIFT) || key == K_UP)
		step(f, -1);
	else
		return UI_PASS;
	return UI_REDRAW;
}

/* Space shows the stores, unless it goes on with the name of one that is being typed. */
static bool wants_pick(struct form *f, struct screen *s, const struct input *in)
{
	struct answer *a = f->at < f->n ? &f->answers[f->at] : NULL;

	return a && answer_is_store(a) && in->kind == INPUT_KEY && in->key == ' ' &&
	       !places_goes_on(s, f->command, a->field, answer_value(a));
}

static const struct layer_type form_type;

static unsigned input(struct layer *l, struct screen *s, const struct input *in)
{
	struct form *f = (struct form *)l;
	unsigned done = UI_PASS;

	if (wants_pick(f, s, in)) {
		pick_open(s, f->command, &f->answers[f->at]);
		return UI_REDRAW;
	}
	if (f->at < f->n)
		done = answer_input(&f->answers[f->at], in);
	if (done == UI_PASS && in->kind == INPUT_KEY)
		done = input_key(f, s, in->key);
	if (s->top == l && s->top->type == &form_type)	/* another layer may lie where this one was */
		settle(f, s);
	return done;
}

/* ---- drawing ---- */

static int label_cells(const struct form *f)
{
	int cells = 0;

	for (size_t i = 0; i < f->n; i++)
		if ((f->tables[i] ? is_meant(f, i) : f->is_asked[i]) &&
		    (f->is_unfolded || !f->answers[i].field->is_seldom))
			cells = MAX(cells, text_width(f->answers[i].field->label, -1));
	return cells;
}

static void draw_fit(struct rect line, enum role role, const char *text)
{
	g_autoptr(GString) fit = g_string_new(NULL);

	text_fit(fit, text, line.cols, ALIGN_LEFT);
	term_text(line.y, line.x, line.cols, role, fit->str);
}

#define ROOM 4			/* rows of an answer that has little to say */

/* Why it is asked for once more, as a whole where that leaves room to answer; else what it is about. */
static void draw_targets(struct form *f, struct screen *s, struct rect *r)
{
	g_autoptr(GString) said = g_string_new(NULL);
	g_auto(GStrv) why = f->why ? text_wrap(f->why, r->cols) : NULL;

	if (!f->why && f->command->targets->len)
		give_say(s, f->command, said);
	if (!f->why)
		draw_fit(rect_cut_top(r, 1), ROLE_dim, said->str);
	for (size_t i = 0; why && why[i] && (!i || r->rows > ROOM); i++) {
		g_autofree char *rest = r->rows <= ROOM + 1 ? g_strjoinv(" ", why + i) : NULL;

		draw_fit(rect_cut_top(r, 1), ROLE_notice, rest ? rest : why[i]);
	}
}

static void draw_more(const struct form *f, struct rect line, int labels)
{
	unsigned given, n = count_seldom(f, &given);

	answer_draw_more(line, labels, f->at == f->n, f->is_unfolded, n, given);
}

static void draw_order(struct form *f, struct rect r, int labels)
{
	bool has_cursor = f->at > f->n;
	g_autofree char *word = g_strdup_printf(" %s ", f->command->verb->name);
	int x = r.x + 2 + labels + 2;

	if (r.rows < 1)
		return;
	term_text(r.y, x, -1, has_cursor ? ROLE_selection : ROLE_prompt, word);
	if (has_cursor)
		term_cursor(r.y, x);
}

/* So that the one with the cursor and what is said below it have room. */
static size_t first_shown(const struct form *f, struct rect r, int labels)
{
	size_t before = 0, first = 0, rows = (size_t)MAX(r.rows, 0), room = ROOM;

	if (f->at < f->n)
		room = MAX(room, 1 + (size_t)answer_lines_below(&f->answers[f->at], r.cols, labels, true));
	for (size_t i = 0; i < f->at; i++)
		before += is_row(f, i);
	for (; before + room > rows && first < MIN(f->at, f->n); first++)
		before -= is_row(f, first);
	return first;
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	struct form *f = (struct form *)l;
	struct rect r = where->body, line = rect_cut_top(&r, 1);
	int labels = MIN(label_cells(f), MAX(r.cols / 3, 8));
	size_t first = 0;
	bool is_dense;

	settle(f, s);

	draw_fit(line, ROLE_title, f->command->verb->sentence);
	draw_targets(f, s, &r);
	is_dense = r.rows < (int)count_rows(f) + 5;
	if (!is_dense)
		rect_cut_top(&r, 1);
	else
		first = first_shown(f, r, labels);
	for (size_t i = first; i < f->n && r.rows > 0; i++) {
		if (!is_row(f, i))
			continue;
		answer_draw(&f->answers[i], rect_cut_top(&r, 1), labels, i == f->at);
		rect_cut_top(&r, answer_draw_below(&f->answers[i], r, labels, i == f->at));
	}
	if (is_row(f, f->n) && r.rows > 0)
		draw_more(f, rect_cut_top(&r, 1), labels);
	if (!is_dense)
		rect_cut_top(&r, 1);
	draw_order(f, r, labels);
}

static const struct layer_type form_type = {
	.title = "Form", .place = IN_LINE, .covers = true,
	.hints = "Enter\tnext, at the end: do it\tSpace\tchoose\tTab\tcomplete\tEsc\tleave it",
	.draw = draw, .input = input, .free = free_form,
};

/* ---- opening ---- */

/* Which of its places is meant is no question where there is but one that can be; for several
 * certificates one answer must then do for all that lie in more. */
static bool is_settled(struct screen *s, struct command *c, const struct field *field)
{
	const struct store *only = NULL;
	bool is_needed = false, agree = true;

	if (!places_is_where(c, field))
		return false;
	for (guint i = 0; i < c->targets->len; i++) {
		g_autoptr(GPtrArray) able = places_of(s, c->verb, c->targets->pdata[i]);
		uint32_t row = certs_find_id(s->snap->certs, c->targets->pdata[i]);

		if (able->len > 1)
			return false;
		is_needed |= row != CERTS_NONE && certs_count_places(s->snap->certs, row) > 1;
		agree &= !only || !able->len || able->pdata[0] == only;
		only = able->len ? able->pdata[0] : only;
	}
	if (is_needed && !agree)
		return false;
	if (is_needed && only)
		args_set(c->args, field->key, only->id);
	return true;
}

/* So that an issuer has to be named who signs for the next one. */
static bool keeps_keys(const struct screen *s, const struct store *store)
{
	const struct provider_info *p = places_provider(s, store->provider);

	return p && p->keeps_keys;
}

/* What opens a CA on this machine is no question where none of the certificates lies on it, nor a
 * charge where all do, nor an issuer where keys can be had. */
static bool is_for_others(struct screen *s, const struct command *c, const struct field *field)
{
	bool is_of_here = field->kind == FIELD_SECRET, is_issuers = g_str_has_prefix(field->key, "issuer");
	bool is_for_some = false;

	if (c->verb->id != VERB_RENEW || (!is_of_here && !is_issuers && field->kind != FIELD_BOOL))
		return false;
	for (guint i = 0; i < c->targets->len && !is_for_some; i++) {
		g_autoptr(GPtrArray) able = places_of(s, c->verb, c->targets->pdata[i]);

		for (guint k = 0; k < able->len; k++) {
			const struct store *store = able->pdata[k];

			is_for_some |= is_issuers ? keeps_keys(s, store) :
						    !strcmp(store->provider, "local") == is_of_here;
		}
	}
	return !is_for_some;
}

static void add(struct form *f, struct screen *s, const struct field *table, const struct field *field,
		bool is_folded)
{
	struct command *c = f->command;
	bool is_known = f->why && args_get(c->args, field->key);

	if (field->is_seldom != is_folded || is_known ||
	    g_strv_contains(filled_by_review, field->key) || is_settled(s, c, field) ||
	    is_for_others(s, c, field))
		return;
	f->tables[f->n] = table;
	answer_init(&f->answers[f->n++], field,
		    args_text(c->args, field->key, c->verb->edits ? "" : field->fallback));
	form_parts_reserve(f);
}

static void add_more(struct form *f, struct screen *s, const GPtrArray *more, bool is_folded)
{
	for (guint i = 0; i < more->len; i++)
		for (const struct field *field = more->pdata[i]; field->key; field++)
			add(f, s, more->pdata[i], field, is_folded);
}

/* What providers ask beside it stands behind the answer that says which of them is asked, else at the
 * end. */
static void add_all(struct form *f, struct screen *s, const GPtrArray *more, bool is_folded)
{
	const struct verb *v = f->command->verb;

	for (const struct field *field = v->fields; field && field->key; field++) {
		add(f, s, v->fields, field, is_folded);
		if (v->asks_by && !strcmp(field->key, v->asks_by))
			add_more(f, s, more, is_folded);
	}
	if (!v->asks_by)
		add_more(f, s, more, is_folded);
}

static size_t count(const struct field *fields)
{
	size_t n = 0;

	for (; fields && fields->key; fields++)
		n += 1 + (fields->parts ? PARTS_MAX : 0);
	return n;
}

/* What may be asked beside the verb's own questions: const struct field *, each a table; new. */
static GPtrArray *tables_of(const struct screen *s, const struct command *c)
{
	const struct provider_info *const *p = c->verb->asks_by && s->engine.providers ?
		s->engine.providers(s->engine.who) : NULL;
	GPtrArray *all = g_ptr_array_new();

	if (c->verb->asks_provider && !c->verb->asks_by && c->more)
		g_ptr_array_add(all, (void *)(uintptr_t)c->more);
	for (; p && *p; p++)
		for (const struct verb_questions *q = (*p)->questions; q && q->fields; q++)
			if (q->verb == c->verb->id && !g_ptr_array_find(all, q->fields, NULL))
				g_ptr_array_add(all, (void *)(uintptr_t)q->fields);
	return all;
}

static struct form *form_new(struct screen *s, struct command *c, const char *why)
{
	g_autoptr(GPtrArray) tables = tables_of(s, c);
	size_t most = count(c->verb->fields) + 1;
	struct form *f = g_new0(struct form, 1);

	f->layer.type = &form_type;
	f->command = c;
	f->why = g_strdup(why);
	for (guint i = 0; i < tables->len; i++)
		most += count(tables->pdata[i]);
	f->answers = g_new0(struct answer, most);
	f->tables = g_new0(const struct field *, most);
	f->is_asked = g_new0(bool, most);
	for (int is_folded = 0; is_folded < 2; is_folded++)
		add_all(f, s, tables, is_folded);
	settle(f, s);
	return f;
}

void form_open_for(struct screen *s, struct command *c, const char *why)
{
	struct form *f = form_new(s, c, why);

	for (size_t i = f->n; why && i-- > 0;)	/* what is wanted is a secret */
		if (f->tables[i] && f->answers[i].field->kind == FIELD_SECRET)
			f->at = i;
	if (f->n) {
		layer_push(s, &f->layer);
		return;
	}
	f->command = NULL;
	free_form(&f->layer);
	give_answered(s, c);
}

void form_open(struct screen *s, struct command *c)
{
	form_open_for(s, c, NULL);
}
