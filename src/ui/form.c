/*
 * form: the questions of a verb.
 *
 * A row for each field: label, value, and below it the hint of the one with the cursor or what
 * is wrong with it.  The last row is the order itself.
 */
#include "form.h"

#include <string.h>

#include <certty/model/verb.h>

#include "complete.h"
#include "give.h"
#include "sign.h"
#include "screen.h"
#include "term.h"

#define TEXT_MOST 4000
#define SECRET_MOST 1000
#define NOT_SAID "not said"
#define FILLED_BY_REVIEW "digest"

struct form_field {
	const struct field *field;
	struct edit edit;
	char **choices;			/* FIELD_CHOICE and FIELD_BOOL; "" for no answer */
	size_t choice;
	char *wrong;			/* a sentence, or NULL */
};

struct form {
	struct layer layer;
	struct command *command;
	struct form_field *fields;
	size_t n;
	size_t at;			/* n: the order row */
	char *why;			/* or NULL */
};

static void free_form(struct layer *l)
{
	struct form *f = (struct form *)l;

	for (size_t i = 0; i < f->n; i++) {
		edit_done(&f->fields[i].edit);
		g_strfreev(f->fields[i].choices);
		g_free(f->fields[i].wrong);
	}
	g_free(f->fields);
	command_free(f->command);
	g_free(f->why);
	g_free(f);
}

/* ---- values ---- */

static bool is_chosen(const struct form_field *f)
{
	return f->choices != NULL;
}

static const char *value_of(const struct form_field *f)
{
	return is_chosen(f) ? f->choices[f->choice] : edit_text(&f->edit);
}

static void check(struct form_field *f)
{
	g_autoptr(GError) error = NULL;
	const char *value = value_of(f);

	g_clear_pointer(&f->wrong, g_free);
	if (f->field->kind == FIELD_SECRET || !*value)
		return;
	if (!field_check_one(f->field, value, &error))
		f->wrong = g_strdup(error->message);
}

static bool is_missing(const struct form_field *f)
{
	if (!f->field->needed || f->field->fallback)
		return false;
	return f->field->kind == FIELD_SECRET ? edit_is_empty(&f->edit) : !*value_of(f);
}

static bool check_all(struct form *f)
{
	for (size_t i = f->n; i-- > 0;) {
		struct form_field *field = &f->fields[i];

		check(field);
		if (!field->wrong && is_missing(field))
			field->wrong = g_strdup_printf("%s is needed", field->field->label);
		if (field->wrong)
			f->at = i;
	}
	return f->at >= f->n || !f->fields[f->at].wrong;
}

static void put_answers(struct form *f)
{
	struct args *args = f->command->args;

	for (size_t i = 0; i < f->n; i++) {
		struct form_field *field = &f->fields[i];
		const char *key = field->field->key;

		if (field->field->kind != FIELD_SECRET)
			args_set(args, key, *value_of(field) ? value_of(field) : NULL);
		else if (!edit_is_empty(&field->edit))
			args_put_secret(args, key, edit_take_secret(&field->edit));
	}
}

static unsigned give(struct screen *s, struct form *f)
{
	g_autoptr(GError) error = NULL;
	struct command *c;

	if (!check_all(f))
		return UI_REDRAW;
	put_answers(f);
	if (!field_check(f->command->verb->fields, f->command->args, &error)) {
		screen_say_failure(s, "%s", error->message);
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
	size_t places = f->n + 1;

	f->at = (f->at + places + (size_t)(by < 0 ? places - 1 : 1)) % places;
}

static void choose(struct form_field *f, int by)
{
	size_t n = g_strv_length(f->choices);

	f->choice = (f->choice + (by < 0 ? n - 1 : 1)) % n;
	check(f);
}

static bool complete(struct form_field *f)
{
	g_autofree char *path = NULL;

	if (f->field->kind != FIELD_FILE_IN && f->field->kind != FIELD_FILE_OUT)
		return false;
	path = complete_path(edit_text(&f->edit));
	if (!path || !strcmp(path, edit_text(&f->edit)))
		return false;
	edit_set(&f->edit, path);
	check(f);
	return true;
}

static unsigned input_choice(struct form_field *f, const struct input *in)
{
	if (in->kind != INPUT_KEY)
		return UI_PASS;
	if (in->key == ' ' || in->key == K_RIGHT)
		choose(f, 1);
	else if (in->key == K_LEFT)
		choose(f, -1);
	else
		return key_is_text(in->key) ? UI_NONE : UI_PASS;
	return UI_REDRAW;
}

static unsigned input_field(struct form_field *f, const struct input *in)
{
	if (is_chosen(f))
		return input_choice(f, in);
	switch (edit_input(&f->edit, in)) {
	case EDIT_IGNORED:
		return UI_PASS;
	case EDIT_CHANGED:
		check(f);
		return UI_REDRAW;
	case EDIT_REFUSED:
		term_bell();
		return UI_REDRAW;
	case EDIT_MOVED:
		break;
	}
	return UI_REDRAW;
}

static unsigned leave(struct screen *s, struct form *f)
{
	if (f->command->verb->id == VERB_PASSPHRASE)
		g_clear_pointer(&s->follow.again, command_free);
	layer_pop(s);
	screen_say(s, ROLE_status, "Nothing was done.");
	return UI_REDRAW;
}

static unsigned input_key(struct form *f, struct screen *s, uint32_t key)
{
	bool is_last = f->at + 1 >= f->n;

	if (key == K_ESC)
		return leave(s, f);
	if (key == K_ENTER && (f->at == f->n || (f->n == 1 && is_last)))
		return give(s, f);
	if (key == K_TAB && f->at < f->n && complete(&f->fields[f->at]))
		return UI_REDRAW;
	if (key == K_TAB || key == K_DOWN || key == K_ENTER)
		step(f, 1);
	else if (key == (K_TAB | K_SHIFT) || key == K_UP)
		step(f, -1);
	else
		return UI_PASS;
	return UI_REDRAW;
}

static unsigned input(struct layer *l, struct screen *s, const struct input *in)
{
	struct form *f = (struct form *)l;
	unsigned done = UI_PASS;

	if (f->at < f->n)
		done = input_field(&f->fields[f->at], in);
	if (done == UI_PASS && in->kind == INPUT_KEY)
		done = input_key(f, s, in->key);
	return done;
}

/* ---- drawing ---- */

static int label_cells(const struct form *f)
{
	int cells = 0;

	for (size_t i = 0; i < f->n; i++)
		cells = MAX(cells, text_width(f->fields[i].field->label, -1));
	return cells;
}

static int choices_width(const struct form_field *f)
{
	int cells = 0;

	for (size_t i = 0; f->choices[i]; i++)
		cells += text_width(*f->choices[i] ? f->choices[i] : NOT_SAID, -1) + 3;
	return cells;
}

/* Where not all of them have room: the one that is chosen, and how many there are. */
static void draw_one_choice(const struct form_field *f, int y, int x, int cells,
			    bool has_cursor)
{
	const char *value = *f->choices[f->choice] ? f->choices[f->choice] : NOT_SAID;
	g_autofree char *word = g_strdup_printf(" %s ", value);
	g_autofree char *rest = g_strdup_printf("%zu of %u", f->choice + 1,
						g_strv_length(f->choices));
	int width = MIN(text_width(word, -1), cells);

	term_text(y, x, width, has_cursor ? ROLE_selection : ROLE_notice, word);
	if (cells > width + 2)
		term_text(y, x + width + 2, cells - width - 2, ROLE_dim, rest);
	if (has_cursor)
		term_cursor(y, x);
}

static void draw_choice(const struct form_field *f, int y, int x, int cells, bool has_cursor)
{
	if (choices_width(f) > cells) {
		draw_one_choice(f, y, x, cells, has_cursor);
		return;
	}
	for (size_t i = 0; f->choices[i]; i++) {
		g_autofree char *word = g_strdup_printf(" %s ", *f->choices[i] ? f->choices[i] :
									       NOT_SAID);
		int width = MIN(text_width(word, -1), cells);
		enum role role = i != f->choice ? ROLE_dim : has_cursor ? ROLE_selection :
									  ROLE_notice;

		term_text(y, x, width, role, word);
		if (i == f->choice && has_cursor)
			term_cursor(y, x);
		x += width + 1;
		cells -= width + 1;
		if (cells <= 0)
			return;
	}
}

static void draw_field(struct form_field *f, struct rect line, int labels, bool has_cursor)
{
	g_autoptr(GString) label = g_string_new(NULL);
	int x = line.x + 2 + labels + 3, cells = line.cols - 2 - labels - 3;

	text_fit(label, f->field->label, labels, ALIGN_LEFT);
	term_text(line.y, line.x, 2, ROLE_row,
		  f->wrong ? sign_text(SIGN_attention) : has_cursor ? sign_text(SIGN_cursor) : " ");
	term_text(line.y, line.x + 2, labels, has_cursor ? ROLE_prompt : ROLE_text, label->str);
	term_text(line.y, line.x + 2 + labels, 3, ROLE_dim, f->field->needed ? " * " : "   ");
	if (is_chosen(f)) {
		draw_choice(f, line.y, x - 1, cells, has_cursor);
		return;
	}
	if (!has_cursor && edit_is_empty(&f->edit))
		term_text(line.y, x, cells, ROLE_dim, sign_text(SIGN_none));
	else
		edit_draw(&f->edit, line.y, x, cells, ROLE_text, has_cursor);
}

/* The hint of the field with the cursor, or what is wrong; returns how many lines. */
static int draw_below(const struct form_field *f, struct rect r, int labels, bool has_cursor)
{
	const char *text = f->wrong ? f->wrong : has_cursor ? f->field->hint : NULL;
	g_auto(GStrv) lines = NULL;
	int n = 0, x = 2 + labels + 3;

	if (!text || !*text)
		return 0;
	lines = text_wrap(text, MAX(r.cols - x, 10));
	for (; lines[n] && n < r.rows; n++)
		term_text(r.y + n, r.x + x, r.cols - x, f->wrong ? ROLE_warn : ROLE_hint,
			  lines[n]);
	return n;
}

static void draw_targets(struct form *f, struct screen *s, struct rect line)
{
	g_autoptr(GString) said = g_string_new(NULL), fit = g_string_new(NULL);

	if (f->why) {
		text_fit(fit, f->why, line.cols, ALIGN_LEFT);
		term_text(line.y, line.x, line.cols, ROLE_notice, fit->str);
		return;
	}
	if (!f->command->targets->len)
		return;
	give_say(s, f->command, said);
	text_fit(fit, said->str, line.cols, ALIGN_LEFT);
	term_text(line.y, line.x, line.cols, ROLE_dim, fit->str);
}

static void draw_order(struct form *f, struct rect r, int labels)
{
	bool has_cursor = f->at == f->n;
	g_autofree char *word = g_strdup_printf(" %s ", f->command->verb->name);
	int x = r.x + 2 + labels + 2;

	if (r.rows < 1)
		return;
	term_text(r.y, x, -1, has_cursor ? ROLE_selection : ROLE_prompt, word);
	if (has_cursor)
		term_cursor(r.y, x);
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	struct form *f = (struct form *)l;
	struct rect r = where->body, line = rect_cut_top(&r, 1);
	int labels = MIN(label_cells(f), MAX(r.cols / 3, 8));
	bool is_dense = r.rows < (int)f->n + 6;
	size_t first = 0;

	term_text(line.y, line.x, line.cols, ROLE_title, f->command->verb->sentence);
	draw_targets(f, s, rect_cut_top(&r, 1));
	if (!is_dense)
		rect_cut_top(&r, 1);
	else if (f->at + 4 > (size_t)r.rows)
		first = MIN(f->at + 4 - (size_t)r.rows, f->n);
	for (size_t i = first; i < f->n && r.rows > 0; i++) {
		draw_field(&f->fields[i], rect_cut_top(&r, 1), labels, i == f->at);
		rect_cut_top(&r, draw_below(&f->fields[i], r, labels, i == f->at));
	}
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

static char **choices_of(const struct field *field)
{
	g_autofree char *words = NULL;

	if (field->kind == FIELD_BOOL)
		return g_strsplit("no yes", " ", -1);
	words = g_strconcat(field->fallback ? "" : " ", field->choices, NULL);
	return g_strsplit(words, " ", -1);
}

static void init_field(struct form_field *f, const struct field *field, const char *value)
{
	f->field = field;
	if (field->kind == FIELD_SECRET) {
		g_autoptr(GError) error = NULL;

		if (!edit_init_masked(&f->edit, SECRET_MOST, &error))
			f->wrong = g_strdup(error->message);
		return;
	}
	edit_init(&f->edit, TEXT_MOST, NULL);
	if (field->kind != FIELD_BOOL && field->kind != FIELD_CHOICE) {
		edit_set(&f->edit, value ? value : "");
		return;
	}
	f->choices = choices_of(field);
	for (size_t i = 0; value && f->choices[i]; i++)
		if (!strcmp(f->choices[i], value))
			f->choice = i;
}

void form_open_for(struct screen *s, struct command *c, const char *why)
{
	struct form *f = g_new0(struct form, 1);
	size_t n = 0;

	f->layer.type = &form_type;
	f->command = c;
	f->why = g_strdup(why);
	while (c->verb->fields && c->verb->fields[n].key)
		n++;
	f->fields = g_new0(struct form_field, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct field *field = &c->verb->fields[i];

		if (!strcmp(field->key, FILLED_BY_REVIEW))
			continue;
		init_field(&f->fields[f->n++], field,
			   args_text(c->args, field->key, field->fallback));
	}
	layer_push(s, &f->layer);
}

void form_open(struct screen *s, struct command *c)
{
	form_open_for(s, c, NULL);
}
