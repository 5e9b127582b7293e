/*
 * answer: one question of a form, and its answer as it is typed.
 */
#include "answer.h"

#include <string.h>

#include <certty/base/text.h>

#include "complete.h"
#include "sign.h"
#include "term.h"

#define TEXT_MOST 4000
#define NOT_SAID "not said"
#define HELD_CELLS 8

/* ---- life ---- */

/* A value that is none of them, as somebody else has set it, is one more. */
static char **choices_of(const struct field *field, const char *value)
{
	g_autofree char *words = NULL;
	g_auto(GStrv) known = field->choices ? g_strsplit(field->choices, " ", -1) : NULL;
	bool is_odd = known && value && *value && !strchr(value, ' ') &&
		      !g_strv_contains((const char *const *)known, value);

	if (field->kind == FIELD_BOOL)
		return g_strsplit("no yes", " ", -1);
	words = g_strconcat(field->fallback ? "" : " ", field->choices,
			    is_odd ? " " : NULL, value, NULL);
	return g_strsplit(words, " ", -1);
}

void answer_init(struct answer *a, const struct field *field, const char *value)
{
	*a = (struct answer){ .field = field };
	if (field->kind == FIELD_SECRET) {
		g_autoptr(GError) error = NULL;

		if (!edit_init_masked(&a->edit, ANSWER_SECRET_MOST, &error))
			a->wrong = g_strdup(error->message);
		a->edit.takes_lines = field->takes_lines;
		edit_init(&a->command, TEXT_MOST, NULL);
	} else {
		edit_init(&a->edit, TEXT_MOST, NULL);
	}
	if (field->kind == FIELD_BOOL || field->kind == FIELD_CHOICE)
		a->choices = choices_of(field, value);
	answer_set(a, value ? value : "");
	a->first = g_strdup(answer_value(a));
}

void answer_done(struct answer *a)
{
	edit_done(&a->edit);
	edit_done(&a->command);
	g_strfreev(a->choices);
	g_strfreev(a->told);
	g_free(a->wrong);
	g_free(a->said);
	g_free(a->first);
	secret_free(a->held);
	g_free(a->kept);
	*a = (struct answer){ 0 };
}

/* ---- values ---- */

static struct edit *line_of(struct answer *a)
{
	return a->is_command ? &a->command : &a->edit;
}

bool answer_is_secret(const struct answer *a)
{
	return a->field->kind == FIELD_SECRET && !a->is_command;
}

bool answer_is_store(const struct answer *a)
{
	return a->field->kind == FIELD_STORE || a->field->kind == FIELD_STORES;
}

const char *answer_value(const struct answer *a)
{
	if (a->choices)
		return a->choices[a->choice];
	return edit_text(a->is_command ? &a->command : &a->edit);
}

void answer_set(struct answer *a, const char *value)
{
	if (!a->choices) {
		if (!answer_is_secret(a))
			edit_set(line_of(a), value);
		return;
	}
	for (size_t i = 0; a->choices[i]; i++)
		if (!strcmp(a->choices[i], value))
			a->choice = i;
}

void answer_hold(struct answer *a, struct secret *secret)
{
	secret_free(a->held);
	a->held = secret;
	a->is_command = a->is_refused = false;
	secret_free(edit_take_secret(&a->edit));
	g_clear_pointer(&a->wrong, g_free);
}

void answer_refuse(struct answer *a)
{
	a->is_refused = answer_is_secret(a);
}

void answer_by_command(struct answer *a, bool is_command)
{
	if (a->field->kind != FIELD_SECRET)
		return;
	a->is_command = is_command;
	g_clear_pointer(&a->wrong, g_free);
}

bool answer_is_changed(const struct answer *a)
{
	if (answer_is_secret(a))
		return a->held || !edit_is_empty(&a->edit) || *a->first;
	return strcmp(answer_value(a), a->first) != 0;
}

bool answer_is_there(const struct answer *a)
{
	if (!a->field->needed || a->field->fallback)
		return true;
	if (answer_is_secret(a))
		return a->held || a->kept || !edit_is_empty(&a->edit);
	return *answer_value(a);
}

static char *tell_missing(const struct answer *a)
{
	const char *hint = a->field->hint;

	if (a->is_command)
		return g_strdup_printf("%s: a command is needed", a->field->label);
	return g_strdup_printf("%s is needed%s%s", a->field->label, hint ? ": " : "",
			       hint ? hint : "");
}

bool answer_check(struct answer *a, bool missing)
{
	g_autoptr(GError) error = NULL;
	const char *value = answer_value(a);

	g_clear_pointer(&a->wrong, g_free);
	if (a->field->kind != FIELD_SECRET && !a->choices && *value &&
	    !field_check_one(a->field, value, &error))
		a->wrong = g_strdup(error->message);
	else if (missing && !answer_is_there(a))
		a->wrong = tell_missing(a);
	return !a->wrong;
}

bool answer_put(const struct answer *a, struct args *args)
{
	const char *value = *answer_value(a) ? answer_value(a) : NULL;
	g_autofree char *command = NULL;
	struct secret *copy;

	if (a->field->kind != FIELD_SECRET) {
		args_set(args, a->field->key, value);
		return true;
	}
	if (a->is_command) {
		command = field_command_key(a->field);
		args_set(args, command, value);
		return true;
	}
	if (!a->held && edit_is_empty(&a->edit))
		return true;
	copy = a->held ? secret_dup(a->held) : edit_dup_secret(&a->edit);
	args_put_secret(args, a->field->key, copy);
	return copy;
}

/* ---- keys ---- */

static unsigned choose(struct answer *a, int by)
{
	size_t n = g_strv_length(a->choices);

	a->choice = (a->choice + (by < 0 ? n - 1 : 1)) % n;
	answer_check(a, false);
	return UI_REDRAW;
}

static unsigned input_choice(struct answer *a, const struct input *in)
{
	if (in->kind != INPUT_KEY)
		return UI_PASS;
	if (in->key == ' ' || in->key == K_RIGHT)
		return choose(a, 1);
	if (in->key == K_LEFT)
		return choose(a, -1);
	return key_is_text(in->key) ? UI_NONE : UI_PASS;
}

/* What is held or was refused is replaced as a whole, since nobody sees where a cursor in it
 * would stand. */
static bool replaces_all(const struct input *in)
{
	return in->kind == INPUT_PASTE ||
	       (in->kind == INPUT_KEY && (key_is_text(in->key) || in->key == K_BACKSPACE ||
					  in->key == K_DEL || in->key == ('u' | K_CTRL)));
}

/* A key or certificate that is pasted has line breaks, which no line takes. */
static bool hold_paste(struct answer *a, const struct input *in)
{
	struct secret *s;

	if (in->kind != INPUT_PASTE || !answer_is_secret(a) || in->paste.cut ||
	    !memchr(in->paste.bytes, '\n', in->paste.len) ||
	    !g_utf8_validate(in->paste.bytes, (gssize)in->paste.len, NULL))
		return false;
	s = secret_new(in->paste.bytes, in->paste.len);
	if (s)
		answer_hold(a, s);
	return s;
}

unsigned answer_input(struct answer *a, const struct input *in)
{
	if (a->choices)
		return input_choice(a, in);
	if ((a->held || a->is_refused) && answer_is_secret(a) && replaces_all(in)) {
		g_clear_pointer(&a->held, secret_free);
		secret_free(edit_take_secret(&a->edit));
		a->is_refused = false;
	}
	switch (edit_input(line_of(a), in)) {
	case EDIT_IGNORED:
		return UI_PASS;
	case EDIT_CHANGED:
		answer_check(a, false);
		return UI_REDRAW;
	case EDIT_REFUSED:
		if (!hold_paste(a, in))
			term_bell();
		return UI_REDRAW;
	case EDIT_MOVED:
		break;
	}
	return UI_REDRAW;
}

bool answer_complete(struct answer *a)
{
	g_autofree char *path = NULL;

	if (a->field->kind != FIELD_FILE_IN && a->field->kind != FIELD_FILE_OUT)
		return false;
	path = complete_path(edit_text(&a->edit));
	if (!path || !strcmp(path, edit_text(&a->edit)))
		return false;
	edit_set(&a->edit, path);
	answer_check(a, false);
	return true;
}

/* ---- drawing ---- */

static const char *choice_said(const struct answer *a, size_t i)
{
	if (a->told && a->told[i])
		return a->told[i];
	return *a->choices[i] ? a->choices[i] : NOT_SAID;
}

static int choices_width(const struct answer *a)
{
	int cells = 0;

	for (size_t i = 0; a->choices[i]; i++)
		cells += text_width(choice_said(a, i), -1) + 3;
	return cells;
}

/* Where not all of them have room: the one that is chosen, and how many there are. */
static void draw_one_choice(const struct answer *a, int y, int x, int cells, bool has_cursor)
{
	g_autofree char *word = g_strdup_printf(" %s ", choice_said(a, a->choice));
	g_autofree char *rest = g_strdup_printf("%zu of %u", a->choice + 1,
						g_strv_length(a->choices));
	int width = MIN(text_width(word, -1), cells);

	term_text(y, x, width, has_cursor ? ROLE_selection : ROLE_notice, word);
	if (cells > width + 2)
		term_text(y, x + width + 2, cells - width - 2, ROLE_dim, rest);
	if (has_cursor)
		term_cursor(y, x);
}

static void draw_choice(const struct answer *a, int y, int x, int cells, bool has_cursor)
{
	if (choices_width(a) > cells) {
		draw_one_choice(a, y, x, cells, has_cursor);
		return;
	}
	for (size_t i = 0; a->choices[i]; i++) {
		g_autofree char *word = g_strdup_printf(" %s ", choice_said(a, i));
		int width = MIN(text_width(word, -1), cells);
		enum role role = i != a->choice ? ROLE_dim : has_cursor ? ROLE_selection :
									  ROLE_notice;

		term_text(y, x, width, role, word);
		if (i == a->choice && has_cursor)
			term_cursor(y, x);
		x += width + 1;
		cells -= width + 1;
		if (cells <= 0)
			return;
	}
}

/* A secret that is not being typed: that it is there, and not how long it is. */
static bool draw_unseen(const struct answer *a, int y, int x, int cells, bool has_cursor)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (!answer_is_secret(a) || (!a->held && !edit_is_empty(&a->edit)) ||
	    (!a->held && !a->kept))
		return false;
	for (int i = 0; a->held && i < HELD_CELLS; i++)
		g_string_append(text, sign_text(SIGN_secret));
	if (a->held)
		g_string_append(text, " as pasted");
	else
		g_string_append_printf(text, "kept: %s", a->kept);
	term_text(y, x, cells, a->held ? ROLE_text : ROLE_dim, text->str);
	if (has_cursor)
		term_cursor(y, x);
	return true;
}

static void draw_line(struct answer *a, int y, int x, int cells, bool has_cursor)
{
	static const char program[] = "printed by ";
	int before = MIN((int)strlen(program), cells / 2);

	if (draw_unseen(a, y, x, cells, has_cursor))
		return;
	if (a->is_command && cells >= 30) {
		term_text(y, x, before, ROLE_dim, program);
		x += before;
		cells -= before;
	}
	if (!has_cursor && a->said)
		term_text(y, x, cells, ROLE_text, a->said);
	else if (!has_cursor && edit_is_empty(line_of(a)))
		term_text(y, x, cells, ROLE_dim, sign_text(SIGN_none));
	else
		edit_draw(line_of(a), y, x, cells, ROLE_text, has_cursor);
}

void answer_draw(struct answer *a, struct rect line, int labels, bool has_cursor)
{
	g_autoptr(GString) label = g_string_new(NULL);
	int x = line.x + labels + ANSWER_BEFORE, cells = line.cols - labels - ANSWER_BEFORE;

	text_fit(label, a->field->label, labels, ALIGN_LEFT);
	term_text(line.y, line.x, 2, ROLE_row,
		  a->wrong ? sign_text(SIGN_attention) : has_cursor ? sign_text(SIGN_cursor) : " ");
	term_text(line.y, line.x + 2, labels, has_cursor ? ROLE_prompt : ROLE_text, label->str);
	term_text(line.y, line.x + 2 + labels, 3, ROLE_dim, a->field->needed ? " * " : "   ");
	if (a->choices)
		draw_choice(a, line.y, x - 1, cells, has_cursor);
	else
		draw_line(a, line.y, x, cells, has_cursor);
}

/* The hint, below all choices where they have no room side by side, and its label where that has none. */
static char **help_lines(const struct answer *a, int cells, int labels)
{
	g_autoptr(GString) all = g_string_new(NULL);
	g_auto(GStrv) choices = NULL, said = NULL, label = NULL;
	g_auto(GStrv) hint = text_wrap(a->field->hint ? a->field->hint : "", cells);
	g_autoptr(GStrvBuilder) lines = g_strv_builder_new();

	if (text_width(a->field->label, -1) > labels) {
		label = text_wrap(a->field->label, cells);
		g_strv_builder_addv(lines, (const char **)label);
	}
	if (a->choices && choices_width(a) > cells) {
		for (size_t i = 0; a->choices[i]; i++)
			g_string_append_printf(all, "%s%s", i ? ", " : "", choice_said(a, i));
		choices = text_wrap(all->str, cells);
		g_strv_builder_addv(lines, (const char **)choices);
	}
	if (a->said && strcmp(a->said, answer_value(a)))
		said = text_wrap(a->said, cells);
	if (said)
		g_strv_builder_addv(lines, (const char **)said);
	if (a->field->hint && *a->field->hint)
		g_strv_builder_addv(lines, (const char **)hint);
	return g_strv_builder_end(lines);
}

static char **lines_below(const struct answer *a, int cols, int labels, bool has_cursor)
{
	int cells = MAX(cols - labels - ANSWER_BEFORE, 10);

	if (a->wrong)
		return text_wrap(a->wrong, cells);
	return has_cursor ? help_lines(a, cells, labels) : g_new0(char *, 1);
}

int answer_lines_below(const struct answer *a, int cols, int labels, bool has_cursor)
{
	g_auto(GStrv) lines = lines_below(a, cols, labels, has_cursor);

	return (int)g_strv_length(lines);
}

int answer_draw_below(const struct answer *a, struct rect r, int labels, bool has_cursor)
{
	g_auto(GStrv) lines = lines_below(a, r.cols, labels, has_cursor);
	int n = 0, x = labels + ANSWER_BEFORE;

	for (; lines[n] && n < r.rows; n++)
		term_text(r.y + n, r.x + x, r.cols - x, a->wrong ? ROLE_warn : ROLE_hint,
			  lines[n]);
	return n;
}

void answer_draw_more(struct rect line, int labels, bool has_cursor, bool is_unfolded, unsigned n,
		      unsigned given)
{
	g_autoptr(GString) text = g_string_new(NULL), label = g_string_new(NULL);
	g_autoptr(GString) fit = g_string_new(NULL);
	int x = line.x + labels + ANSWER_BEFORE, cells = line.cols - labels - ANSWER_BEFORE;

	g_string_append_printf(text, n == 1 ? "%u question that seldom matters" :
					      "%u questions that seldom matter", n);
	if (given)
		g_string_append_printf(text, ", %u answered", given);
	text_fit(label, "More", labels, ALIGN_LEFT);
	text_fit(fit, text->str, MAX(cells - 2, 1), ALIGN_LEFT);
	term_text(line.y, line.x, 2, ROLE_row, has_cursor ? sign_text(SIGN_cursor) : " ");
	term_text(line.y, line.x + 2, labels, has_cursor ? ROLE_prompt : ROLE_text, label->str);
	term_text(line.y, x, 2, has_cursor ? ROLE_selection : ROLE_text, is_unfolded ? "-" : "+");
	term_text(line.y, x + 2, cells - 2, ROLE_dim, fit->str);
	if (has_cursor)
		term_cursor(line.y, x);
}
