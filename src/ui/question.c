/*
 * question: yes or no, before something dangerous.
 *
 * Yes or no, with No as the answer of a careless Enter.
 */
#include "question.h"

#include <string.h>

#include <certty/base/text.h>
#include <certty/model/plan.h>
#include <certty/model/renewal.h>
#include <certty/model/request.h>
#include <certty/model/twin.h>
#include <certty/model/verb.h>
#include <certty/view/view.h>

#include "forecast.h"
#include "give.h"
#include "screen.h"
#include "term.h"

#define NAME_CELLS 40
#define NAMED_MOST 200		/* targets named one by one; more are counted */

struct question {
	struct layer layer;
	struct pager pager;
	struct command *command;	/* or NULL */
	char *warnings;			/* a line each, which are accepted by going on; or NULL */
	struct forecast forecast;	/* of the command */
	bool is_plain;			/* Enter is yes */
	unsigned yes;			/* the reaction without a command */
	char *word;			/* to be typed; NULL: y will do */
	char *prompt;
	struct edit edit;
};

static void free_question(struct layer *l)
{
	struct question *q = (struct question *)l;

	pager_done(&q->pager);
	forecast_done(&q->forecast);
	command_free(q->command);
	g_free(q->warnings);
	g_free(q->word);
	g_free(q->prompt);
	edit_done(&q->edit);
	g_free(q);
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	struct question *q = (struct question *)l;
	struct rect r = where->body;
	int height = pager_height(&q->pager, r.cols);
	struct rect panel = rect_cut_bottom(&r, height ? MIN(height + 2, r.rows) : 0);
	struct rect rule = rect_cut_top(&panel, 1);
	int cells = MIN(text_width(q->prompt, -1), where->status.cols - 4);

	term_fill(panel.y, panel.x, panel.rows, panel.cols, ROLE_text);
	if (!rect_is_empty(&rule))
		term_rule(rule.y, rule.x, rule.cols);
	pager_draw(&q->pager, panel, false);
	term_fill(where->status.y, where->status.x, 1, where->status.cols, ROLE_status);
	term_text(where->status.y, where->status.x, cells, ROLE_prompt, q->prompt);
	edit_draw(&q->edit, where->status.y, where->status.x + cells + 1,
		  where->status.cols - cells - 1, ROLE_text, true);
}

static void move(struct layer *l, struct screen *s, enum move how)
{
	pager_move(&((struct question *)l)->pager, how);
}

static void fill(struct question *q, struct screen *s);

static unsigned agree(struct screen *s, struct question *q)
{
	struct command *c = g_steal_pointer(&q->command);
	unsigned yes = q->yes;

	if (c && command_accepts(c) && q->forecast.plan) {
		g_autofree char *warnings = plan_warnings(q->forecast.plan);

		args_set(c->args, "accept", *warnings ? warnings : NULL);
	}
	layer_pop(s);
	if (c)
		give_agreed(s, c);
	return yes | UI_REDRAW;
}

static unsigned refuse(struct screen *s)
{
	layer_pop(s);
	screen_say(s, ROLE_status, "Nothing was done.");
	return UI_REDRAW;
}

/* Nothing is agreed to that was not seen, or would be refused. */
static bool can_agree(const struct question *q)
{
	return !forecast_is_due(&q->forecast) && !q->forecast.refusal;
}

static unsigned answer_key(struct screen *s, struct question *q, uint32_t key)
{
	bool is_yes = key == 'y' || key == 'Y' || (key == K_ENTER && q->is_plain);

	if (q->word)
		return UI_PASS;
	if (is_yes && can_agree(q))
		return agree(s, q);
	if (is_yes && !q->forecast.refusal)
		return UI_NONE;
	if (key == 'n' || key == 'N' || key == 'q')
		return refuse(s);
	return UI_PASS;
}

static bool scroll(struct question *q, uint32_t key)
{
	static const struct { uint32_t key; enum move how; } keys[] = {
		{ K_UP, MOVE_UP }, { K_DOWN, MOVE_DOWN },
		{ K_PGUP, MOVE_PAGE_UP }, { K_PGDN, MOVE_PAGE_DOWN },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (keys[i].key == key) {
			pager_move(&q->pager, keys[i].how);
			return true;
		}
	return false;
}

static unsigned input(struct layer *l, struct screen *s, const struct input *in)
{
	struct question *q = (struct question *)l;

	if (in->kind == INPUT_KEY) {
		unsigned answered = answer_key(s, q, in->key);

		if (in->key == FORECAST_COPY) {
			forecast_copy(&q->forecast, s);
			if (q->command)
				fill(q, s);
			return UI_REDRAW;
		}
		if (answered != UI_PASS)
			return answered;
		if (in->key == K_ESC)
			return refuse(s);
		if (scroll(q, in->key))
			return UI_REDRAW;
		if (in->key == K_ENTER && (!q->word || edit_is_empty(&q->edit)))
			return refuse(s);
		if (in->key == K_ENTER && can_agree(q) && !strcmp(edit_text(&q->edit), q->word))
			return agree(s, q);
		if (in->key == K_ENTER)
			return UI_NONE;
	}
	if (!q->word || edit_input(&q->edit, in) == EDIT_IGNORED)
		return in->kind == INPUT_KEY && key_is_text(in->key) ? UI_NONE : UI_PASS;
	return UI_REDRAW;
}

static void fresh(struct layer *l, struct screen *s);

static const struct layer_type yes_or_no = {
	.title = "Question", .place = IN_LINE, .has_status = true, .hints = "y\tyes\tEnter\tno\tEsc\tno",
	.draw = draw, .input = input, .move = move, .free = free_question,
};

static const struct layer_type dangerous = {
	.title = "Question", .place = IN_LINE, .has_status = true,
	.hints = "y\tyes\tEnter\tno\tEsc\tno\t" FORECAST_HINT,
	.draw = draw, .input = input, .move = move, .fresh = fresh, .free = free_question,
};

static const struct layer_type plain = {
	.title = "Question", .place = IN_LINE, .has_status = true,
	.hints = "Enter\tyes\tEsc\tno\t" FORECAST_HINT,
	.draw = draw, .input = input, .move = move, .fresh = fresh, .free = free_question,
};

static const struct layer_type typed_word = {
	.title = "Question", .place = IN_LINE, .has_status = true,
	.hints = "Enter\twhen typed\tEsc\tno\t" FORECAST_HINT,
	.draw = draw, .input = input, .move = move, .fresh = fresh, .free = free_question,
};

static struct question *new_question(const char *word)
{
	struct question *q = g_new0(struct question, 1);

	q->layer.type = word ? &typed_word : &yes_or_no;
	q->word = g_strdup(word);
	pager_init(&q->pager);
	edit_init(&q->edit, 64, NULL);
	return q;
}

static void name_targets(const struct screen *s, struct pager *p, const struct command *c)
{
	guint n = MIN(c->targets->len, (guint)NAMED_MOST);

	for (guint i = 0; i < n; i++) {
		g_autoptr(GString) name = g_string_new(NULL), line = g_string_new(NULL);
		const char *id = c->targets->pdata[i];

		give_say_target(s, c->verb, id, name);
		text_fit(line, name->str, MIN(NAME_CELLS, s->cols / 3), ALIGN_LEFT);
		if (strcmp(name->str, id))
			g_string_append_printf(line, "  %s", id);
		else
			g_string_assign(line, id);
		pager_add(p, i ? "" : give_noun(c->verb->on), ROLE_text, line->str);
	}
	if (n < c->targets->len) {
		g_autofree char *more = g_strdup_printf("and %u more", c->targets->len - n);

		pager_add(p, "", ROLE_text, more);
	}
}

/* What is asked, as it stands with the plan. */
static char *prompt_of(const struct screen *s, const struct question *q)
{
	g_autoptr(GString) said = g_string_new(NULL);

	give_say(s, q->command, said);
	if (q->forecast.refusal)
		return g_strdup_printf("%s would be refused; Esc", said->str);
	if (forecast_is_due(&q->forecast))
		return g_strdup_printf("%s? Waiting for its plan", said->str);
	if (q->word)
		return g_strdup_printf("%s? Type the word %s:", said->str, q->word);
	return g_strdup_printf("%s? %s", said->str, q->is_plain ? "Y/n" : "y/N");
}

static void fill(struct question *q, struct screen *s)
{
	g_autoptr(GString) twin = g_string_new(NULL);

	twin_say(twin, q->command);
	pager_clear(&q->pager);
	pager_add_plain(&q->pager, ROLE_title, q->command->verb->sentence);
	if (q->warnings)
		pager_add(&q->pager, "notice", ROLE_warn, q->warnings);
	if (!q->forecast.plan)
		name_targets(s, &q->pager, q->command);
	forecast_add(&q->forecast, &q->pager);
	pager_add(&q->pager, "same as", ROLE_dim, twin->str);
	g_free(q->prompt);
	q->prompt = prompt_of(s, q);
}

static bool wants_typing(const struct screen *s)
{
	return !s->settings || settings_bool(s->settings, "safety", "typed-confirm");
}

/* What its plan warns of takes a typed word as well. */
static void heed(struct question *q, const struct screen *s)
{
	if (q->word || !q->command->verb->dangerous || !forecast_warns(&q->forecast) || !wants_typing(s))
		return;
	q->word = g_strdup(q->command->verb->name);
	q->layer.type = &typed_word;
}

static void fresh(struct layer *l, struct screen *s)
{
	struct question *q = (struct question *)l;

	if (!forecast_look(&q->forecast, s))
		return;
	heed(q, s);
	fill(q, s);
}

/* What the proposal to renew the one certificate warns of is accepted with the verb's own word.  A new
 * string, or NULL. */
static char *accept_warnings(const struct screen *s, struct command *c)
{
	bool is_one = c->verb->id == VERB_RENEW && c->targets->len == 1;
	g_autofree char *id = is_one ? renewal_request_id(c->targets->pdata[0]) : NULL;
	gssize at = id ? items_find(s->snap->kind[KIND_REQUESTS], id) : -1;
	const struct request *r = at < 0 ? NULL : s->snap->kind[KIND_REQUESTS]->item[at];
	g_autofree char *warnings = r && request_is_waiting(r) ? request_warnings(r) : NULL;

	if (!warnings || !*warnings)
		return NULL;
	args_set(c->args, "accept", warnings);
	return g_strdup(r->oddities);
}

void question_open(struct screen *s, struct command *c)
{
	g_autofree char *warnings = accept_warnings(s, c);
	bool for_all = wants_typing(s);
	bool is_word = command_wants_word(c, for_all) && (for_all || command_wants_person(c));
	bool is_typed = is_word || warnings;
	struct question *q = new_question(is_typed ? c->verb->name : NULL);

	q->command = c;
	q->warnings = g_steal_pointer(&warnings);
	q->is_plain = verb_has_plan(c->verb) && !c->verb->dangerous;
	if (verb_has_plan(c->verb) && !is_typed)
		q->layer.type = q->is_plain ? &plain : &dangerous;
	forecast_ask(&q->forecast, s, c);
	forecast_look(&q->forecast, s);
	heed(q, s);
	fill(q, s);
	layer_push(s, &q->layer);
}

void question_ask(struct screen *s, const char *text, unsigned yes)
{
	struct question *q = new_question(NULL);

	q->prompt = g_strdup_printf("%s y/N", text);
	q->yes = yes;
	layer_push(s, &q->layer);
}
