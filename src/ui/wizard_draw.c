/*
 * wizard_draw: the wizard's pages.
 *
 * The form scrolls by whole rows, so that the one with the cursor and what stands below it are
 * always seen; what the last test said has its own lines at the bottom, whatever is scrolled.
 */
#include "wizard_own.h"

#include <string.h>

#include <certty/base/settings.h>
#include <certty/base/text.h>

#include "sign.h"
#include "term.h"

#define SAID_LINES_MOST 4
#define ROOMY_ROWS 18		/* from here on there are blank lines between parts */

static void draw_text(struct rect *r, enum role role, const char *text, int most)
{
	g_auto(GStrv) lines = text_wrap(text, MAX(r->cols - 2, 10));

	for (int i = 0; lines[i] && i < most && r->rows > 0; i++) {
		struct rect line = rect_cut_top(r, 1);

		term_text(line.y, line.x + 2, MIN(text_width(lines[i], -1), line.cols - 2), role,
			  lines[i]);
	}
}

static void draw_head(const struct wizard *w, struct rect *r, const char *title, const char *below)
{
	struct rect line = rect_cut_top(r, 1);

	term_text(line.y, line.x, line.cols, ROLE_title, title);
	if (below && *below)
		draw_text(r, w->why ? ROLE_notice : ROLE_dim, below, r->rows >= ROOMY_ROWS ? 3 : 1);
	if (r->rows >= ROOMY_ROWS - 4)
		rect_cut_top(r, 1);
}

/* ---- what came of it, at the bottom ---- */

static enum sign sign_of(enum role role)
{
	return role == ROLE_good ? SIGN_good : role == ROLE_bad ? SIGN_bad :
	       role == ROLE_warn ? SIGN_attention : SIGN_dot;
}

static void draw_said(const struct wizard *w, struct rect *r)
{
	g_auto(GStrv) lines = w->said ? text_wrap(w->said, MAX(r->cols - 2, 10)) : NULL;
	int n = lines ? (int)MIN(g_strv_length(lines), SAID_LINES_MOST) : 0;
	struct rect part = rect_cut_bottom(r, MIN(n, MAX(r->rows / 2, 1)));

	for (int i = 0; i < part.rows; i++) {
		term_text(part.y + i, part.x, 2, w->said_role, i ? " " :
			  sign_text(sign_of(w->said_role)));
		term_text(part.y + i, part.x + 2,
			  MIN(text_width(lines[i], -1), part.cols - 2), w->said_role, lines[i]);
	}
}

/* ---- which provider ---- */

static void draw_pick_line(struct rect line, size_t number, const char *title,
			   const char *sentence, int labels, bool has_cursor)
{
	g_autofree char *digit = g_strdup_printf("%zu", number);
	g_autoptr(GString) label = g_string_new(NULL), rest = g_string_new(NULL);
	int cells = line.cols - 4 - labels - 2;

	text_fit(label, title, labels, ALIGN_LEFT);
	term_text(line.y, line.x, 2, ROLE_text, has_cursor ? sign_text(SIGN_cursor) : " ");
	term_text(line.y, line.x + 2, 2, ROLE_hint_key, number <= 9 ? digit : " ");
	term_text(line.y, line.x + 4, labels, has_cursor ? ROLE_selection : ROLE_text, label->str);
	if (cells >= 10) {
		text_fit(rest, sentence, cells, ALIGN_LEFT);
		term_text(line.y, line.x + 4 + labels + 2, cells, ROLE_dim, rest->str);
	}
	if (has_cursor)
		term_cursor(line.y, line.x);
}

static const char *const pick_titles[PICK_MORE] = {
	[PICK_FILE] = "From a file", [PICK_PASTE] = "Paste a block",
};
static const char *const pick_sentences[PICK_MORE] = {
	[PICK_FILE] = "of another tool's credentials; it fills the answers in",
	[PICK_PASTE] = "typed blindly, for a terminal that does not mark pastes",
};

static const char *pick_title(const struct screen *s, size_t i, const char **ret_sentence)
{
	const struct provider_info *info = wizard_provider_at(s, i);
	size_t n = wizard_picks(s) - PICK_MORE;

	*ret_sentence = info ? info->sentence : pick_sentences[i - n];
	return info ? info->title : pick_titles[i - n];
}

static void draw_pick(const struct wizard *w, struct screen *s, struct rect r)
{
	size_t n = wizard_picks(s), from;
	const char *sentence;
	int labels = 0;

	draw_head(w, &r, "Add an account",
		  r.rows >= ROOMY_ROWS ?
		  "Choose one, or paste a block you have: a section of a credentials file, a CSV, "
		  "JSON, a token. It is not shown, and fills the answers in." :
		  "Choose one, or paste a block you have.");
	draw_said(w, &r);
	for (size_t i = 0; i < n; i++)
		labels = MAX(labels, text_width(pick_title(s, i, &sentence), -1));
	labels = MIN(labels, MAX(r.cols - 6, 1));
	from = w->pick >= (size_t)r.rows ? w->pick - (size_t)r.rows + 1 : 0;
	for (size_t i = from; i < n && r.rows > 0; i++) {
		const char *title = pick_title(s, i, &sentence);

		if (i == n - PICK_MORE && r.rows > PICK_MORE)
			rect_cut_top(&r, 1);
		draw_pick_line(rect_cut_top(&r, 1), i + 1, title, sentence, labels, i == w->pick);
	}
}

/* ---- a block typed in, a file ---- */

static void draw_paste(const struct wizard *w, struct screen *s, struct rect r)
{
	g_autoptr(GString) so_far = g_string_new(NULL);

	(void)s;
	draw_head(w, &r, "Paste a block", "Nothing of it is shown. Ctrl-D reads it.");
	draw_said(w, &r);
	text_count(so_far, w->block_len);
	g_string_append(so_far, w->block_len == 1 ? " byte so far" : " bytes so far");
	term_text(r.y, r.x + 2, r.cols - 2, ROLE_text, so_far->str);
	term_cursor(r.y, r.x + 2);
}

static void draw_file(struct wizard *w, struct screen *s, struct rect r)
{
	int labels = text_width(w->path.field->label, -1);

	(void)s;
	draw_head(w, &r, "Read a file of another tool's",
		  "Its answers are filled in here; the file itself stays as it is.");
	draw_said(w, &r);
	answer_draw(&w->path, rect_cut_top(&r, 1), labels, true);
	answer_draw_below(&w->path, r, labels, true);
}

/* ---- the form: rows ---- */

static const char *button_of(const struct wizard *w, enum row_kind kind)
{
	if (kind == ROW_UNLOCK)
		return wizard_stand(w, wizard_shut(w)) == RUNG_ABSENT ? "Make it" : "Unlock it";
	if (kind == ROW_TEST)
		return "Test";
	return w->verb == VERB_ACCOUNT_ROTATE ? "Replace" : "Save";
}

static const char *const keeping[RUNG_COUNT] = {
	[RUNG_FOUND] = "Its secrets stay where they are",
	[RUNG_KEYRING] = "Its secrets go to the keyring",
	[RUNG_FILE] = "Its secrets go to certty's encrypted file",
	[RUNG_COMMAND] = "None of its secrets is kept: programs print them",
	[RUNG_MEMORY] = "Its secrets are kept until certty ends",
};

/* The plan of the order: who is asked, and what is written where. */
static char *plan_of(const struct wizard *w)
{
	const struct screen *s = w->screen;
	const struct wizard_answer *untested = wizard_find(w, "untested");
	const char *file = s->settings ? settings_own_file(s->settings) : NULL;
	const struct answer *named = wizard_part(w, PART_NAME);
	const char *name = w->account ? w->account->id : named ? answer_value(named) : "";
	bool is_tested = !untested || strcmp(answer_value(&untested->answer), "yes") != 0;

	const char *first = is_tested ? "First the server is asked who we are, and nothing is kept when "
					"that fails." : "The server is not asked.";

	return g_strdup_printf("%s %s; [account %s] is written to %s. Nothing is changed at %s.", first,
			       keeping[wizard_rung(w)], name ? name : "", file ? file : "the configuration",
			       w->info->title);
}

/* What stands below a row, beside what is wrong with an answer; new, or NULL. */
static char *note_of(const struct wizard *w, const struct row *row, bool has_cursor)
{
	enum rung rung = wizard_rung(w);
	const char *said = w->learnt[rung] == RUNG_OPEN ? NULL : w->screen->snap->rung[rung].said;

	if (row->kind == ROW_TEST && has_cursor && w->info->test_sentence)
		return g_strdup(w->info->test_sentence);
	if (row->kind == ROW_SAVE && has_cursor)
		return plan_of(w);
	if (row->kind != ROW_ANSWER || row->of->answer.wrong)
		return NULL;
	if (row->of->part == PART_KEEP && rung != RUNG_FOUND)
		return has_cursor ? g_strdup_printf("%s%s%s", rung_sentence(rung),
						    said ? ". " : "", said ? said : "") :
				    g_strdup(said);
	if (row->of->part == PART_REMOVE)
		return g_strdup_printf("%s has secrets in plain text. It is removed as a whole, once "
				       "the account is kept. Others that may read it: %s", w->file,
				       w->info->file_users ? w->info->file_users : "not known");
	return NULL;
}

static bool has_note_instead(const struct row *row)
{
	return row->of && (row->of->part == PART_KEEP || row->of->part == PART_REMOVE);
}

static char **note_lines(const struct wizard *w, const struct row *row, int cols, int labels,
			 bool has_cursor)
{
	g_autofree char *note = note_of(w, row, has_cursor);

	return note ? text_wrap(note, MAX(cols - labels - ANSWER_BEFORE, 10)) : g_new0(char *, 1);
}

static int height_of(const struct wizard *w, size_t i, int cols, int labels)
{
	const struct row *row = &g_array_index(w->rows, struct row, i);
	g_auto(GStrv) note = note_lines(w, row, cols, labels, i == w->at);
	int below = (int)g_strv_length(note);

	if (row->kind == ROW_ANSWER && !below)
		below = has_note_instead(row) && !row->of->answer.wrong ? 0 :
			answer_lines_below(&row->of->answer, cols, labels, i == w->at);
	return 1 + below;
}

static void draw_button(const struct wizard *w, enum row_kind kind, struct rect line, int labels,
			bool has_cursor)
{
	g_autofree char *word = g_strdup_printf(" %s ", button_of(w, kind));
	int x = line.x + labels + ANSWER_BEFORE - 1;

	term_text(line.y, line.x, 2, ROLE_row, has_cursor ? sign_text(SIGN_cursor) : " ");
	term_text(line.y, x, MIN(text_width(word, -1), line.cols - (x - line.x)),
		  has_cursor ? ROLE_selection : ROLE_prompt, word);
	if (has_cursor)
		term_cursor(line.y, x);
}

static void draw_more(const struct wizard *w, struct rect line, int labels, bool has_cursor)
{
	unsigned n, given;

	wizard_count_folded(w, &n, &given);
	answer_draw_more(line, labels, has_cursor, w->is_unfolded, n, given);
}

static void draw_row(struct wizard *w, size_t i, struct rect *r, int labels)
{
	struct row *row = &g_array_index(w->rows, struct row, i);
	g_auto(GStrv) note = note_lines(w, row, r->cols, labels, i == w->at);
	struct rect line = rect_cut_top(r, 1);

	if (row->kind == ROW_ANSWER)
		answer_draw(&row->of->answer, line, labels, i == w->at);
	else if (row->kind == ROW_MORE)
		draw_more(w, line, labels, i == w->at);
	else
		draw_button(w, row->kind, line, labels, i == w->at);
	for (int n = 0; note[n] && r->rows > 0; n++) {
		line = rect_cut_top(r, 1);
		term_text(line.y, line.x + labels + ANSWER_BEFORE,
			  line.cols - labels - ANSWER_BEFORE, ROLE_hint, note[n]);
	}
	if (row->kind == ROW_ANSWER && !*note &&
	    (row->of->answer.wrong || !has_note_instead(row)))
		rect_cut_top(r, answer_draw_below(&row->of->answer, *r, labels, i == w->at));
}

/* ---- the form ---- */

static int label_cells(const struct wizard *w, int cols)
{
	int cells = 0;

	for (guint i = 0; i < w->rows->len; i++) {
		const struct row *row = &g_array_index(w->rows, struct row, i);

		if (row->kind == ROW_ANSWER)
			cells = MAX(cells, text_width(row->of->answer.field->label, -1));
	}
	return MIN(cells, MAX(cols / 3, 8));
}

/* The first row from which on all up to that one have room. */
static size_t top_for(const struct wizard *w, size_t last, int rows, int cols, int labels)
{
	int used = height_of(w, last, cols, labels);
	size_t top = last;

	while (top && (used += height_of(w, top - 1, cols, labels)) <= rows)
		top--;
	return top;
}

/* Scrolls so that the row with the cursor is seen with all that stands below it, and nothing is
 * out of sight while there are empty lines. */
static void scroll(struct wizard *w, int rows, int cols, int labels)
{
	size_t least = top_for(w, w->at, rows, cols, labels);
	size_t most = top_for(w, w->rows->len - 1, rows, cols, labels);

	w->top = MAX(MIN(w->top, MIN(most, w->at)), least);
}

/* In the line of the title: what is out of sight, and what the mark means. */
static void draw_key(const struct wizard *w, struct rect line, int used, size_t end)
{
	g_autoptr(GString) text = g_string_new(NULL);
	int cells;

	if (w->top)
		g_string_append_printf(text, "%zu above", w->top);
	if (end < w->rows->len)
		g_string_append_printf(text, "%s%zu below", text->len ? ", " : "",
				       (size_t)w->rows->len - end);
	g_string_append(text, text->len ? "   * needed" : "* needed");
	cells = text_width(text->str, -1);
	if (used + 2 + cells <= line.cols)
		term_text(line.y, line.x + line.cols - cells, cells, ROLE_dim, text->str);
}

static void draw_form(struct wizard *w, struct screen *s, struct rect r)
{
	static const char *const titles[] = {
		[VERB_ACCOUNT_ADD] = "Add an account", [VERB_ACCOUNT_EDIT] = "Change",
		[VERB_ACCOUNT_ROTATE] = "New secrets for",
	};
	g_autofree char *title = g_strdup_printf("%s%s%s %s %s", titles[w->verb],
						 w->account ? " " : "",
						 w->account ? w->account->id : "",
						 sign_text(SIGN_then), w->info->title);
	int labels = label_cells(w, r.cols);
	bool is_parted;

	struct rect head = r;
	size_t i;

	(void)s;
	draw_head(w, &r, title, w->why ? w->why : w->info->sentence);
	draw_said(w, &r);
	is_parted = r.rows > (int)w->rows->len + 8;
	scroll(w, r.rows, r.cols, labels);
	for (i = w->top; i < w->rows->len && r.rows > 0; i++) {
		enum row_kind kind = g_array_index(w->rows, struct row, i).kind;

		if (is_parted && (kind == ROW_TEST || (kind == ROW_SAVE && w->account)))
			rect_cut_top(&r, 1);
		draw_row(w, i, &r, labels);
	}
	draw_key(w, head, text_width(title, -1), i);
}

void wizard_draw(struct layer *l, struct screen *s, const struct layout *where)
{
	struct wizard *w = (struct wizard *)l;

	if (w->page == PAGE_PICK)
		draw_pick(w, s, where->body);
	else if (w->page == PAGE_PASTE)
		draw_paste(w, s, where->body);
	else if (w->page == PAGE_FILE)
		draw_file(w, s, where->body);
	else
		draw_form(w, s, where->body);
}
