/*
 * pick: stores chosen out of those that a question takes, grouped by account.
 *
 * Marks are ids, so they outlive snapshots and rows that are hidden by what was typed.
 */
#include "pick.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/store.h>

#include "answer.h"
#include "places.h"
#include "screen.h"
#include "sign.h"
#include "term.h"

#define NARROW_MOST 200
#define STATE_CELLS 14
#define COUNT_CELLS 15

struct pick {
	struct layer layer;
	const struct command *command;	/* the form's */
	struct answer *answer;		/* the form's */
	GPtrArray *shown;		/* const struct store *, of the screen's snapshot */
	guint all;			/* how many there are without what was typed */
	GHashTable *marked;		/* ids */
	struct edit narrow;
	int at, top, rows;
};

static void free_pick(struct layer *l)
{
	struct pick *p = (struct pick *)l;

	g_ptr_array_unref(p->shown);
	g_hash_table_unref(p->marked);
	edit_done(&p->narrow);
	g_free(p);
}

static bool is_many(const struct pick *p)
{
	return p->answer->field->kind == FIELD_STORES;
}

/* ---- what is shown ---- */

static bool matches(const struct store *store, const char *typed)
{
	g_autofree char *all = g_strdup_printf("%s\n%s\n%s\n%s", store->title, store->id,
					       store->type, store->provider);
	g_autoptr(GString) hay = g_string_new(NULL), needle = g_string_new(NULL);

	text_fold(hay, all, -1);
	text_fold(needle, typed, -1);
	return strstr(hay->str, needle->str) != NULL;
}

static void look(struct pick *p, struct screen *s)
{
	g_autoptr(GPtrArray) able = places_for(s, p->command, p->answer->field);

	g_ptr_array_set_size(p->shown, 0);
	p->all = able->len;
	for (guint i = 0; i < able->len; i++)
		if (matches(able->pdata[i], edit_text(&p->narrow)))
			g_ptr_array_add(p->shown, able->pdata[i]);
	p->at = CLAMP(p->at, 0, MAX((int)p->shown->len - 1, 0));
}

static void fresh(struct layer *l, struct screen *s)
{
	look((struct pick *)l, s);
}

/* ---- taking ---- */

static void take(struct pick *p, struct screen *s)
{
	g_autoptr(GPtrArray) able = places_for(s, p->command, p->answer->field);
	g_autoptr(GString) ids = g_string_new(NULL);

	if (!g_hash_table_size(p->marked) && p->shown->len)
		g_hash_table_add(p->marked, g_strdup(((const struct store *)
						      p->shown->pdata[p->at])->id));
	for (guint i = 0; i < able->len; i++) {
		const struct store *store = able->pdata[i];

		if (g_hash_table_contains(p->marked, store->id))
			g_string_append_printf(ids, "%s%s", ids->len ? "," : "", store->id);
	}
	answer_set(p->answer, ids->str);
	answer_check(p->answer, false);
	layer_pop(s);
}

static void toggle(struct pick *p, const struct store *store)
{
	if (!g_hash_table_remove(p->marked, store->id))
		g_hash_table_add(p->marked, g_strdup(store->id));
}

/* All that are shown; and none of them when all of them were marked. */
static void toggle_all(struct pick *p)
{
	bool had_all = true;

	for (guint i = 0; i < p->shown->len; i++)
		had_all &= g_hash_table_contains(p->marked,
						 ((const struct store *)p->shown->pdata[i])->id);
	for (guint i = 0; i < p->shown->len; i++) {
		const struct store *store = p->shown->pdata[i];

		if (had_all == g_hash_table_contains(p->marked, store->id))
			toggle(p, store);
	}
}

/* ---- keys ---- */

static bool move_by_key(struct pick *p, uint32_t key)
{
	static const struct { uint32_t key; enum move how; } keys[] = {
		{ K_UP, MOVE_UP },		{ K_DOWN, MOVE_DOWN },
		{ K_PGUP, MOVE_PAGE_UP },	{ K_PGDN, MOVE_PAGE_DOWN },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (keys[i].key == key) {
			p->at = move_from(keys[i].how, p->at, (int)p->shown->len, p->rows);
			return true;
		}
	return false;
}

static unsigned input_key(struct pick *p, struct screen *s, uint32_t key)
{
	if (key == K_ESC)
		layer_pop(s);
	else if (key == K_ENTER && (p->shown->len || g_hash_table_size(p->marked)))
		take(p, s);
	else if (key == ' ' && is_many(p) && p->shown->len) {
		toggle(p, p->shown->pdata[p->at]);
		move_by_key(p, K_DOWN);
	} else if (key == ' ' && p->shown->len)
		take(p, s);
	else if (key == '*' && is_many(p))
		toggle_all(p);
	else if (key != K_ENTER && key != ' ' && !move_by_key(p, key))
		return UI_PASS;
	return UI_REDRAW;
}

static unsigned input(struct layer *l, struct screen *s, const struct input *in)
{
	struct pick *p = (struct pick *)l;
	unsigned done = in->kind == INPUT_KEY ? input_key(p, s, in->key) : UI_PASS;
	enum edit_result result;

	if (done != UI_PASS)
		return done;
	result = edit_input(&p->narrow, in);
	if (result == EDIT_IGNORED)
		return UI_PASS;
	if (result == EDIT_CHANGED) {
		p->at = 0;
		look(p, s);
	}
	return UI_REDRAW;
}

/* ---- drawing ---- */

static void draw_head(struct pick *p, struct rect *r)
{
	struct rect line = rect_cut_top(r, 1), right = line;
	g_autofree char *title = g_strdup_printf("%s: %s", p->answer->field->label,
						 p->answer->field->hint ?: "");
	g_autofree char *count = is_many(p) ?
		g_strdup_printf("%u of %u marked", g_hash_table_size(p->marked), p->all) :
		g_strdup_printf(p->all == 1 ? "%u store" : "%u stores", p->all);
	g_autoptr(GString) fit = g_string_new(NULL);
	int cells = text_width(count, -1);

	right = rect_cut_right(&line, cells);
	text_fit(fit, title, MAX(line.cols - 2, 0), ALIGN_LEFT);
	term_text(line.y, line.x, MAX(line.cols - 2, 0), ROLE_title, fit->str);
	term_text(right.y, right.x, right.cols, ROLE_dim, count);
	line = rect_cut_top(r, 1);
	term_text(line.y, line.x, 8, ROLE_prompt, "Narrow: ");
	edit_draw(&p->narrow, line.y, line.x + 8, line.cols - 8, ROLE_text, true);
}

static const char *account_at(const struct pick *p, int i)
{
	return i >= 0 && i < (int)p->shown->len ? ((const struct store *)p->shown->pdata[i])->account :
						  "";
}

/* Whether a line with the account stands before that row. */
static bool begins_group(const struct pick *p, int i)
{
	return i == p->top || strcmp(account_at(p, i), account_at(p, i - 1));
}

static void draw_group(const struct pick *p, struct rect line, int i)
{
	const struct store *store = p->shown->pdata[i];
	g_autofree char *text = g_strdup_printf("%s %s %s", store->account, sign_text(SIGN_dot),
						store->provider);

	term_text(line.y, line.x, line.cols,
		  ROLE_header, strcmp(store->account, store->provider) ? text : store->account);
}

static void say_count(const struct store *store, GString *out)
{
	if (!store->seen)
		g_string_append(out, "not read yet");
	else if (!store->certs)
		g_string_append(out, "empty");
	else {
		text_count(out, store->certs);
		g_string_append(out, store->certs == 1 ? " certificate" : " certs");
	}
}

static void draw_store(const struct pick *p, struct rect line, int i)
{
	const struct store *store = p->shown->pdata[i];
	bool has_cursor = i == p->at;
	bool is_marked = g_hash_table_contains(p->marked, store->id);
	bool has_state = line.cols >= 60;
	int name = line.cols - 4 - COUNT_CELLS - 1 - (has_state ? STATE_CELLS + 2 : 0);
	g_autoptr(GString) fit = g_string_new(NULL), count = g_string_new(NULL);

	text_fit(fit, store->title, MAX(name, 1), ALIGN_ENDS);
	say_count(store, count);
	term_text(line.y, line.x, 2, ROLE_text, has_cursor ? sign_text(SIGN_cursor) : " ");
	term_text(line.y, line.x + 2, 2, ROLE_notice, is_marked ? sign_text(SIGN_marked) : " ");
	term_text(line.y, line.x + 4, MAX(name, 1),
		  has_cursor ? ROLE_selection : is_marked ? ROLE_row_marked : ROLE_text, fit->str);
	if (has_state)
		term_text(line.y, line.x + 4 + name + 1, STATE_CELLS,
			  theme_role_of(store_state_tone(store->state)),
			  store_state_word(store->state));
	term_text(line.y, line.x + line.cols - COUNT_CELLS, COUNT_CELLS, ROLE_dim, count->str);
}

/* The first row from which the one with the cursor can be seen in so many lines. */
static void scroll(struct pick *p, int lines)
{
	if (p->at < p->top)
		p->top = p->at;
	for (; p->top < p->at; p->top++) {
		int used = 0;

		for (int i = p->top; i <= p->at; i++)
			used += 1 + begins_group(p, i);
		if (used <= lines)
			return;
	}
}

static void draw_nothing(const struct pick *p, struct rect r)
{
	const char *text = p->all ? "None of them has that in its name." :
				    "There is no store that this could be.";

	if (r.rows > 0)
		term_text(r.y, r.x + 2, r.cols - 2, ROLE_dim, text);
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	struct pick *p = (struct pick *)l;
	struct rect r = where->body;

	draw_head(p, &r);
	p->rows = MAX(r.rows - 1, 1);
	scroll(p, r.rows);
	if (!p->shown->len)
		draw_nothing(p, r);
	for (int i = p->top; i < (int)p->shown->len && r.rows > 0; i++) {
		if (begins_group(p, i))
			draw_group(p, rect_cut_top(&r, 1), i);
		if (r.rows > 0)
			draw_store(p, rect_cut_top(&r, 1), i);
	}
}

static const struct layer_type of_one = {
	.title = "Store", .place = IN_LINE, .covers = true,
	.hints = "Enter\ttake it\tletters\tnarrow\tEsc\tback",
	.draw = draw, .input = input, .fresh = fresh, .free = free_pick,
};

static const struct layer_type of_several = {
	.title = "Stores", .place = IN_LINE, .covers = true,
	.hints = "Space\tmark\t*\tall of them\tEnter\ttake them\tletters\tnarrow\tEsc\tback",
	.draw = draw, .input = input, .fresh = fresh, .free = free_pick,
};

void pick_open(struct screen *s, const struct command *c, struct answer *a)
{
	struct pick *p = g_new0(struct pick, 1);
	g_autofree char *ids = places_read(s, c, a->field, answer_value(a), NULL);
	g_auto(GStrv) marked = g_strsplit(ids ? ids : "", ",", -1);

	p->command = c;
	p->answer = a;
	p->layer.type = is_many(p) ? &of_several : &of_one;
	p->shown = g_ptr_array_new();
	p->marked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	edit_init(&p->narrow, NARROW_MOST, NULL);
	look(p, s);
	for (char **id = marked; is_many(p) && *id; id++)
		if (**id)
			g_hash_table_add(p->marked, g_strdup(*id));
	for (guint i = 0; marked[0] && i < p->shown->len; i++)
		if (!strcmp(((const struct store *)p->shown->pdata[i])->id, marked[0]))
			p->at = (int)i;
	layer_push(s, &p->layer);
}
